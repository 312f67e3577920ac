"""The option that is printed bolder than the others: how a text processor marks one."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from extract.records import Box, Picture

BOLDER = (
    1.12  # times the middle thickness of all options' print; bold ones measured 1.15 to 1.3, plain ones 0.9 to 1.08
)
APART = 1.06  # times the next thickest print, which figures alone («1-2») hardly surpass by less
EVEN = 1.08  # most by which the next one may surpass the middle of all: else prints differ anyway
INNER = (0.06, 0.12)  # of an option's sides: rulings and their shadows lie within
FAINT = 0.15  # share of full ink; less is grain
LEAST_INK = 40.0  # grey values between paper and ink; fainter print is not measured
FEWEST = 3  # options; of fewer none can stand out


def bold_option(picture: Picture, boxes: Sequence[Box]) -> int:
    """Which of the boxes, in pixels of a grey page, holds print clearly bolder than all others; -1 if none does."""
    thick = [_thickness(_inner(picture, box)) for box in boxes]
    if len(boxes) < FEWEST or min(thick) <= 0:
        return -1
    best, second = sorted(thick, reverse=True)[:2]
    usual = float(np.median(thick))
    stands_out = best >= max(BOLDER * usual, APART * second) and second <= EVEN * usual
    return thick.index(best) if stands_out else -1


def _inner(picture: Picture, box: Box) -> Picture:
    dx, dy = INNER[0] * box.width, INNER[1] * box.height
    x0, y0, x1, y1 = (max(0, round(v)) for v in (box.x0 + dx, box.y0 + dy, box.x1 - dx, box.y1 - dy))
    return picture[y0:y1, x0:x1]


def _thickness(part: Picture) -> float:
    """The mean thickness of strokes in pixels, grey edges counted in part: twice the ink a length of outline; 0 for
    bare paper.
    """
    if part.size == 0:
        return 0.0
    paper, dark = (float(v) for v in np.percentile(part, (80, 0.5)))
    if paper - dark < LEAST_INK:
        return 0.0
    ink = ((paper - part.astype(np.float32)) / (paper - dark)).clip(0, 1)
    ink[ink < FAINT] = 0
    outline = float(np.hypot(cv2.Sobel(ink, cv2.CV_32F, 1, 0), cv2.Sobel(ink, cv2.CV_32F, 0, 1)).sum()) / 8
    return 2 * float(ink.sum()) / outline if outline else 0.0
