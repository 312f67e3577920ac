"""Rows and columns of tables → lines and columns of a layout."""
