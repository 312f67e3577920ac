"""How large the picture of a single cell is on paper: as told, or guessed from its ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from extract.ink.components import Labels, components
from extract.records import Picture
from extract.scan.flatten import PAPER, even_light, picture_of, reduced

ROW = 0.25  # inch; height of a cell, by which the scale is guessed where there is no ink to go by
ROW_GUESS = (100.0, 400.0)  # dpi; limits of that guess
FIGURE = 0.11  # inch; height of a figure: print has 0.09, handwriting mostly 0.1–0.2
DASH = (0.028, 0.15)  # inch; width of the smallest and the largest dash
LINE = 14.0  # widths a height; ink as flat is no dash but the rest of a ruling
HIGHEST, WIDEST = 1.6, 2.6  # inch; a cell is no larger, and what would be figures in a larger one are specks
BELIEVED = (100.0, 2400.0)  # dpi; programs that know no resolution write that of a screen, 72 or 96
LONGEST_SIDE = 800  # pixels of the copy on which ink is measured
DARK = 40  # grey levels below the paper from which ink is measured
SMALLEST = 5  # pixels of the copy; what is lower is a speck
SLIM, FLAT = 0.2, 1.7  # widths a height: slimmer ink is a stroke or the rest of a ruling, flatter ink a dash
RULING = 0.6  # of the picture's width or height; straight ink as long is a ruling
RIM = 0.2  # of the picture's width or height, from its edge: where rulings lie around a cell
THIN, REST = 0.15, 0.15  # breadth a length, and length a width or height of the picture, of what is left of a ruling
HOLLOW = 0.15  # share of its rectangle that a corner of two rulings fills at most
TALL = 0.6  # of the tallest figure's height; lower ones are points and letters

Known = Literal["given", "file", "ink", "size"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Pixels per inch of a picture, and who says so: the caller, the file, the ink's height, the picture's size."""

    dpi: float
    known: Known


def scale_of(picture: Picture, given: float = 0.0, said: float = 0.0) -> Scale:
    """The scale of a cell's picture: as given, else as the file says if that can be meant, else guessed."""
    if given > 0:
        return Scale(given, "given")
    if BELIEVED[0] <= said <= BELIEVED[1]:
        return Scale(said, "file")
    return _guessed(picture)


def _guessed(picture: Picture) -> Scale:
    """The scale at which figures are as high as usual; without figures, at which the picture is as high as a row."""
    grey = picture if picture.ndim == 2 else picture_of(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    small = reduced(grey, min(1.0, LONGEST_SIDE / max(grey.shape)))
    stats = _pieces(small).astype(np.float64)
    enlarged = grey.shape[0] / small.shape[0]
    wide, high = stats[:, 2], stats[:, 3]
    shape = wide / np.maximum(high, 1)
    least = max(small.shape[0] / HIGHEST, small.shape[1] / WIDEST)  # dpi of the copy
    strip = small.shape[1] < small.shape[0]
    for figures in (shape >= SLIM, (shape < SLIM) & (strip | (high < small.shape[0] / 2))):  # a lone «1» is slim, too
        heights = high[figures & (shape < FLAT) & (high >= least * FIGURE)]
        if heights.size:
            return Scale(float(np.median(heights[heights >= TALL * heights.max()])) * enlarged / FIGURE, "ink")
    guess = min(max(grey.shape[0] / ROW, ROW_GUESS[0]), ROW_GUESS[1])
    dashes = wide[(shape >= FLAT) & (shape < LINE) & (wide >= least * DASH[0])] * enlarged
    if not dashes.size:
        return Scale(guess, "size")
    return Scale(float(np.clip(guess, dashes.max() / DASH[1], dashes.max() / DASH[0])), "size")


def _pieces(small: Picture) -> Labels:
    """Position, size and area of each piece of ink that is no ruling; those cut by the edge only if all are."""
    height, width = small.shape
    even = even_light(small, height / ROW)
    split, ink = cv2.threshold(even, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    if split > PAPER - DARK / 2 or float(even.min()) > PAPER - DARK:
        return np.zeros((0, 5), np.int32)
    for shape in ((1, max(3, round(RULING * width))), (max(3, round(RULING * height)), 1)):
        straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        if cv2.countNonZero(straight) < cv2.countNonZero(ink) / 2:  # else a dash or a «1» may be all there is
            ink = cv2.subtract(ink, cv2.dilate(straight, np.ones((3, 3), np.uint8)))
    stats = components(picture_of(ink))[1][1:]
    stats = stats[~_rests(stats, width, height)]
    left, top = stats[:, 0], stats[:, 1]
    inside = (left > 0) & (top > 0) & (left + stats[:, 2] < width) & (top + stats[:, 3] < height)
    large = np.maximum(stats[:, 2], stats[:, 3]) >= SMALLEST
    return stats[inside] if (inside & large).any() else stats


def _rests(stats: Labels, width: int, height: int) -> npt.NDArray[np.bool_]:
    """Which pieces of ink are what is left of rulings: lines along the picture's edge, and corners of a frame."""
    left, top, wide, high, area = stats.T
    right, bottom = left + wide, top + high
    beside = (right < RIM * width) | (left > (1 - RIM) * width)
    above = (bottom < RIM * height) | (top > (1 - RIM) * height)
    upright = beside & (wide < THIN * high) & (high > REST * height)
    level = above & (high < THIN * wide) & (wide > REST * width)
    at_rim = (left < RIM * width) | (top < RIM * height) | (right > (1 - RIM) * width) | (bottom > (1 - RIM) * height)
    large = (at_rim & (wide > REST * width) & (high > REST * height)) | ((wide > width / 2) & (high > height / 2))
    corner = large & (area < HOLLOW * wide * high)
    return np.asarray(upright | level | corner)
