"""Why controls fail: slips that account for all failures of a form together, and what they say of each."""
