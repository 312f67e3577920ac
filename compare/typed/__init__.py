"""Figures that somebody typed, from CSV and Excel files: what damage spreadsheets do, and where each figure belongs."""
