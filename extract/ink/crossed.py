"""A mark that its maker took back: a ring around an option, and strokes through both."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from extract.ink.components import components
from extract.ink.marks import Mask, ink_of, part_of, pieces_of, text_height, without_rulings
from extract.records import Box, Picture

DARK = 0.5  # share of the darkest ink that a pen's stroke has, and the blur between letters has not
HIGH = 1.5  # heights of the print: what is lower is print
FLATTEST = 0.2  # of its width: no ring is lower
AROUND = 0.5  # of the option's height: how far outside it its mark may reach
SECTORS = 16  # directions from a ring's middle
RINGED = 13  # of them in which a ring is met: one drawn by hand may be open
OUTER = 0.55  # of the way from the middle to the mark's edge, beyond which what is met is the ring
THROUGH = 0.7  # of a mark's width over which a stroke through its middle runs on
MIDDLE = (0.14, 0.86)  # of its height, between which such a stroke begins and ends
LEANS = 13  # heights at either end at which strokes are looked for
BROKEN = 1  # pixels of paper that a stroke's run may have


def crossed_out(picture: Picture, boxes: Sequence[Box], at: int) -> bool:
    """Whether the ring around one of the printed options is struck through; `boxes` are their cells or words, pixels.

    Print has gaps between its letters, and a ring meets a line through its middle twice: only a stroke runs on.
    """
    height = float(np.median([box.height for box in boxes]))
    part, left, top = part_of(picture, Box.around(boxes).grown(AROUND * height))
    ink = ink_of(part, DARK)
    if ink is None:
        return False
    local = [Box(b.x0 - left, b.y0 - top, b.x1 - left, b.y1 - top) for b in boxes]
    bare = without_rulings(ink, local)
    mark = _largest(bare, local[at], HIGH * text_height(pieces_of(bare), local, height))
    return mark is not None and _is_ring(mark) and _longest_run(mark) >= THROUGH


def _largest(ink: Mask, box: Box, least: float) -> Mask | None:
    """The piece of ink, at least so high, that reaches farthest about a box's middle, cut out."""
    labels, stats = components(ink)
    widest = box.width + 2 * AROUND * box.height
    fitting = [
        (width * height, label)
        for label, (x, y, width, height, _area) in enumerate(stats.tolist())
        if label and height >= least and width < widest and box.holds(x + width / 2, y + height / 2)
    ]
    if not fitting:
        return None
    best = max(fitting)[1]
    x, y, width, height = stats[best, :4].tolist()
    return np.asarray(labels[y : y + height, x : x + width] == best, np.uint8)


def _is_ring(mark: Mask) -> bool:
    height, width = mark.shape
    if height < FLATTEST * width:
        return False
    rows, columns = np.nonzero(mark)
    across, down = (columns - (width - 1) / 2) / (width / 2), (rows - (height - 1) / 2) / (height / 2)
    outside = np.hypot(across, down) > OUTER
    turn = np.mod(np.arctan2(down[outside], across[outside]) / (2 * np.pi), 1.0)
    return len(np.unique((turn * SECTORS).astype(int) % SECTORS)) >= RINGED


def _longest_run(mark: Mask) -> float:
    """The longest unbroken run of ink on any line through the middle, as a share of the mark's width."""
    closed = cv2.morphologyEx(mark, cv2.MORPH_CLOSE, np.ones((1, BROKEN + 2), np.uint8))
    height, width = mark.shape
    ends = np.linspace(MIDDLE[0] * (height - 1), MIDDLE[1] * (height - 1), LEANS)
    start, end = (side.ravel() for side in np.meshgrid(ends, ends))
    columns = np.arange(width)
    rows = np.rint(start[:, None] + (end - start)[:, None] * columns / max(width - 1, 1)).astype(np.intp)
    return float(max(_run(line) for line in closed[rows, columns] > 0) / width)


def _run(line: npt.NDArray[np.bool_]) -> int:
    """The longest run of truths."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
