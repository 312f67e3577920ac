"""A page with a text layer → its sheet."""
