"""Rulings → the frames of tables, for pictures and text layers alike."""
