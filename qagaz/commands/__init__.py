"""One module a command: its arguments, its examples, what it does."""
