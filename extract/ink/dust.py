"""Dust: specks that lie about a page, where nobody writes as well as in cells.

How large they are, the page itself says. A compact speck in a cell that is no larger, with nothing near it, is one of
them: a dash is wide, and a figure is neither so small nor so alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2
import numpy as np
import numpy.typing as npt

from extract.records import Box, Picture

FEWEST = 8  # specks that make a page a dusty one
MOST = 20_000  # outlines outside the print; a page of more is grainy all over, and nothing on it is a speck
OUTSIDE = 3  # of them at least lie outside the tables
DENSER = 3.0  # times as close together in tables as elsewhere: more than that, and they are marks somebody made
LARGEST = 0.45  # digits; nothing larger is taken for dust
LEAST_SIDE = 2  # pixels; of a smaller speck nobody can say how it is shaped
WIDE, HIGH = 1.25, 2.0  # times as wide as high, and as high as wide, that a speck is at most
PIXEL = 0.5  # by so much a speck may seem wider than it is
FILLED = 0.5  # share of its box that a speck fills at least
APART = 1.0  # digits between a speck and anything else that is dark
COARSE = 8  # pixels a side of the squares by which room is counted
PRINT = 0.5  # digits; words lower than that may be specks themselves
LEFT = 0.02  # of the probability that what is like the page's dust is ink
ELSEWHERE, TABLE, WRITTEN = range(3)  # parts of a page

Stats = npt.NDArray[np.floating]  # x, y, width, height, area of each piece, pixels


def dust_size(inked: Picture, words: Iterable[Box], tables: Iterable[Box], digit: float) -> float:
    """The size in pixels up to which a speck on this page is dust; 0.0 where next to none lies about.

    `inked` is not 0 where ink lies and no ruling; `digit` is the height of a printed digit. All in page pixels.
    """
    printed = [w.grown(APART * digit) for w in words if w.height > PRINT * digit or w.width > 2 * PRINT * digit]
    free = inked.copy()
    for box in printed:
        free[_part(box)] = 0
    # Outlines are found ten times as fast as every pixel is given its piece.
    outlines, within = cv2.findContours(free, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not FEWEST <= len(outlines) <= MOST:
        return 0.0
    pieces = [each for each, (*_, hole_of) in zip(outlines, within[0], strict=True) if hole_of < 0]
    boxes = [box for box in map(cv2.boundingRect, pieces) if max(box[2:]) <= LARGEST * digit]
    inks = [cv2.countNonZero(free[y : y + height, x : x + width]) for x, y, width, height in boxes]
    stats = np.array([(*box, ink) for box, ink in zip(boxes, inks, strict=True)], np.float64).reshape(-1, 5)
    specks = stats[compact(stats, LARGEST * digit)]
    ground = _ground(inked.shape, tables, printed)
    where = ground[specks[:, 1].astype(int) // COARSE, specks[:, 0].astype(int) // COARSE]
    inside, outside = np.count_nonzero(where == TABLE), np.count_nonzero(where == ELSEWHERE)
    if inside + outside < FEWEST or outside < OUTSIDE:
        return 0.0
    room, elsewhere = np.count_nonzero(ground == TABLE), np.count_nonzero(ground == ELSEWHERE)
    if inside * elsewhere > DENSER * (outside + 1) * room:
        return 0.0
    return float(np.sort(specks[:, 2:4].max(axis=1))[-2])  # one of them may be something else


def _ground(shape: tuple[int, ...], tables: Iterable[Box], printed: Iterable[Box]) -> npt.NDArray[np.uint8]:
    """What each part of the page is, in squares of COARSE pixels: where specks lie, and how much room there is."""
    ground = np.full((shape[0] // COARSE + 1, shape[1] // COARSE + 1), ELSEWHERE, np.uint8)
    for kind, boxes in ((TABLE, tables), (WRITTEN, printed)):
        for box in boxes:
            ground[_part(box, COARSE)] = kind
    return ground


def _part(box: Box, unit: int = 1) -> tuple[slice, slice]:
    """The rows and columns of a box, in squares of so many pixels."""
    x0, y0, x1, y1 = (max(0, int(edge) // unit) for edge in (box.x0, box.y0, box.x1, box.y1))
    return slice(y0, y1 + 1), slice(x0, x1 + 1)


def compact(stats: Stats, size: float) -> npt.NDArray[np.bool_]:
    """Which pieces are specks no larger than `size`: neither wide, as dashes are, nor mere traces of something."""
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    shaped = (width <= WIDE * height + PIXEL) & (height <= HIGH * width) & (area >= FILLED * width * height)
    return np.asarray(shaped & (np.minimum(width, height - 1) >= LEAST_SIDE) & (np.maximum(width, height) <= size))


def dust_among(
    stats: npt.NDArray[np.int32], own: npt.NDArray[np.intp], size: Callable[[], float], digit: float
) -> npt.NDArray[np.float64]:
    """By what the probability that a cell's `own` pieces are ink is to be multiplied: 1.0, of dust next to nothing.

    `stats` are of all pieces in and around the cell, piece 0 being the paper; `size` is that of the page's dust:
    it is asked for only where something may be dust.
    """
    pieces = stats[1:].astype(np.float64)
    left = np.ones(len(own))
    specks = np.flatnonzero(compact(pieces, LARGEST * digit)[own - 1])
    if len(specks):
        small = pieces[own[specks] - 1, 2:4].max(axis=1) <= size()
        left[specks[small & alone(pieces, own[specks] - 1, digit)]] = LEFT
    return left


def alone(stats: Stats, others: npt.NDArray[np.intp], digit: float) -> npt.NDArray[np.bool_]:
    """Which of the pieces `others` have no other one of `stats` within the height of a digit: marks come in rows."""
    x, y, width, height = stats[:, :4].T
    found = []
    for at in others:
        across = np.maximum(x - (x[at] + width[at]), x[at] - (x + width))
        down = np.maximum(y - (y[at] + height[at]), y[at] - (y + height))
        near = (np.maximum(across, down) < APART * digit).sum()
        found.append(near == 1)  # itself
    return np.array(found, np.bool_)
