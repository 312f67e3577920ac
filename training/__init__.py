"""Trains the project's own figure net: makes cells, trains, measures. Nothing but tests imports it."""
