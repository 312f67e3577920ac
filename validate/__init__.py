"""From figures to decisions: controls, findings with their cause, and what a person must look at."""
