"""Crops that were read alike, looked at side by side across forms, with planted ones among them."""
