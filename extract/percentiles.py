"""Percentiles of a picture's grey values, counted."""

from __future__ import annotations

import math

import cv2
import numpy as np

from extract.records import Picture


def percentiles(picture: Picture, *shares: float) -> tuple[float, ...]:
    """Percentiles of all grey values of a picture, as NumPy's, by counting: a small part of the time of sorting.

    >>> percentiles(np.array([[1, 2], [3, 10]], np.uint8), 0, 50, 75)
    (1.0, 2.5, 4.75)
    """
    counts = np.asarray(cv2.calcHist([np.ascontiguousarray(picture)], [0], None, [256], [0, 256]))
    below = np.cumsum(counts.ravel().astype(np.int64))
    found = []
    for share in shares:
        place = (int(below[-1]) - 1) * (share / 100)
        at = math.floor(place)
        low, high = (float(np.searchsorted(below, rank, side="right")) for rank in (at, min(at + 1, below[-1] - 1)))
        part = place - at
        found.append(low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part))
    return tuple(found)
