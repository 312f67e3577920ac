"""Readers of figures and text behind one small interface."""
