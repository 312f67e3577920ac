"""The hot folder: what a scanner drops is read, and put away once its results are kept."""
