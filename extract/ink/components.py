"""Connected pieces of ink, counted the quick way."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.records import Picture

Labels = npt.NDArray[np.int32]

MOST_SHORT = 65_000  # names that fit in 16 bits, which OpenCV counts with three times as fast as with 32


def components(ink: Picture) -> tuple[Labels, Labels]:
    """Each pixel's piece (0 is paper), touching at corners included, and each piece's x, y, width, height and area."""
    short = cv2.countNonZero(ink) < MOST_SHORT  # no more pieces than pixels, whatever they look like
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        ink, connectivity=8, ltype=cv2.CV_16U if short else cv2.CV_32S
    )
    return np.asarray(labels, dtype=np.int32), np.asarray(stats, dtype=np.int32)
