"""Numbers for those who answer for the work: how it stands, how it is measured, how people compare."""
