"""The report on a comparison: a page for management, the detail for experts, in one file that opens anywhere."""
