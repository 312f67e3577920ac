"""How dark the text of a page is, and how uneven its paper: what ink is held against."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from extract.records import Box, Picture

DEFAULT_INK = 170.0  # darkness of text on a page that has too little of it to tell
FAINTEST_TEXT = 60.0  # darkness; what is lighter is no page's text ink


def word_level(grey: Picture, word: Box) -> float:
    """How dark the ink of one word is, 0 … 255: its strokes without their soft edges."""
    part = grey[max(0, round(word.y0)) : round(word.y1), max(0, round(word.x0)) : round(word.x1)]
    if part.size == 0:
        return DEFAULT_INK
    counts = np.bincount(part.ravel(), minlength=256).astype(np.float64)
    darkest = 255.0 - _percentile(counts, 3)
    ink = counts[: math.ceil(255 - darkest / 2)]
    return 255.0 - _percentile(ink, 35) if ink.any() else darkest


def text_level(grey: Picture, erased: Picture) -> float:
    """How dark the text of a page is, 0 … 255, rulings apart."""
    counts = _histogram(grey[::2, ::2], erased[::2, ::2])
    split = _otsu(counts)
    ink = counts[: split + 1]
    if ink.sum() < counts.sum() * 2e-4 or ink.sum() == counts.sum():
        return DEFAULT_INK
    level = 255.0 - _percentile(ink, 35)
    return level if level >= FAINTEST_TEXT else DEFAULT_INK


def paper_noise(grey: Picture, erased: Picture, level: float) -> float:
    """Deviation of bare paper from white, in grey values."""
    paper = _histogram(grey[1::4, 1::4], erased[1::4, 1::4])
    paper[: max(0, math.floor(255 - 0.4 * level) + 1)] = 0
    if paper.sum() < 100:
        return 0.0
    return 255.0 - _percentile(paper, 100 - 68)


def _histogram(grey: Picture, erased: Picture) -> npt.NDArray[np.float64]:
    """How many pixels have each grey value, erased ones apart."""
    kept = (erased == 0).view(np.uint8)
    counts = cv2.calcHist([np.ascontiguousarray(grey)], [0], kept, [256], [0, 256])
    return np.asarray(counts, dtype=np.float64).ravel()


def _otsu(counts: npt.NDArray[np.float64]) -> int:
    """The last grey value of the darker of two classes, parted so that they differ most (Otsu)."""
    values = np.arange(256)
    dark = np.cumsum(counts)
    light = dark[-1] - dark
    sums = np.cumsum(counts * values)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = dark * light * (sums / dark - (sums[-1] - sums) / light) ** 2
    return int(np.argmax(np.where((dark > 0) & (light > 0), apart, 0.0)))


def _percentile(counts: npt.NDArray[np.float64], share: float) -> float:
    """A percentile of the grey values counted, between two neighbours in proportion."""
    below = np.cumsum(counts)
    place = (below[-1] - 1) * share / 100
    low, high = (float(np.searchsorted(below, at, side="right")) for at in (math.floor(place), math.ceil(place)))
    return low + (high - low) * float(place - math.floor(place))
