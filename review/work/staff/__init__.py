"""The people at the queue: accounts, roles, departments, passwords."""
