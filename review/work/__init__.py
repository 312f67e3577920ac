"""The rules of the work at the queue: who may do what, one form one person, nothing overwritten, all of it recorded."""
