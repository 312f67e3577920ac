"""Whether two scanned pages are one sheet of paper, scanned twice: their cells hold the same ink, stroke by stroke."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.records import Picture

HIGH = 32  # pixels that a cell's ink is brought to: strokes are 2 to 4 pixels wide then
SHIFT = 4  # pixels of that picture by which two scans of one cell may be apart
BLUR = 1.0  # pixels: a scanner's grain and half a pixel's shift are not seen
SAME_INK = 0.82  # correlation of a stretch one figure wide: two scans of one sheet stay above it, other digits seldom
SAME_SHAPE = 1.2  # ratio of two crops' proportions up to which they may be of the same ink
BARE = 12.0  # grey levels: a stretch that varies less holds no ink to compare

Levels = npt.NDArray[np.float32]


def same_ink(first: Picture, second: Picture) -> bool:
    """Whether two grey pictures of a cell's ink show the same strokes.

    Digits that resemble each other (6 and 0) may pass for the same: of a whole page it is strong evidence, no proof.
    """
    shapes = (first.shape[1] / first.shape[0], second.shape[1] / second.shape[0])
    if max(shapes) > SAME_SHAPE * min(shapes):
        return False
    size = (max(HIGH // 2, round(HIGH * max(shapes))), HIGH)
    left = np.pad(_levels(first, size), SHIFT)
    right = _levels(second, size)
    score = cv2.matchTemplate(left, right, cv2.TM_CCOEFF_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(score)
    return _alike(left[y : y + size[1], x : x + size[0]], right)


def _levels(picture: Picture, size: tuple[int, int]) -> Levels:
    """Darkness of a picture brought to one size, blurred."""
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.asarray(255 - cv2.GaussianBlur(scaled, (0, 0), BLUR), np.float32)


def _alike(left: Levels, right: Levels) -> bool:
    """Whether every stretch one figure wide is the same in both."""
    width = left.shape[1]
    for start in range(0, max(1, width - HIGH // 4), HIGH // 4):
        a, b = left[:, start : start + HIGH // 2], right[:, start : start + HIGH // 2]
        if max(float(a.std()), float(b.std())) < BARE:
            continue
        if _correlation(a, b) < SAME_INK:
            return False
    return True


def _correlation(a: Levels, b: Levels) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / max(1e-6, float(np.sqrt((a * a).sum() * (b * b).sum()))))
