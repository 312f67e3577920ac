"""The command line: runs, results, pictures."""
