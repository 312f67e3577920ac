"""Dashes as witnesses: what is left of one where dashes lie makes a cell doubtful, dust elsewhere does not."""

from __future__ import annotations

import numpy as np
import pytest

from extract.ink.dashes import doubted
from extract.ink.page import PageInk
from extract.read import BLANK_SURE
from extract.records import Box

DPI = 204
CELL = (90, 40)  # pixels
DASH = (9, 2)


def table(rng, dashes, remains, *, right=12):
    """A row of cells with so many full dashes, then one with `remains`: (x, y, width, height, grey) in the cell."""
    page = np.full((CELL[1] + 20, CELL[0] * (dashes + 1) + 20), 255, np.uint8)
    boxes = [Box(10 + i * CELL[0], 10, 10 + (i + 1) * CELL[0], 10 + CELL[1]) for i in range(dashes + 1)]
    for box in boxes[:-1]:
        x, y = int(box.x1) - right - DASH[0], int(box.y0) + 19 + int(rng.integers(0, 2))
        page[y : y + DASH[1], x : x + DASH[0]] = 0
    for x, y, width, height, grey in remains:
        left, top = int(boxes[-1].x0) + x, int(boxes[-1].y0) + y
        page[top : top + height, left : left + width] = grey
    return PageInk(page, np.zeros_like(page), resolution=DPI), boxes


PLACE = CELL[0] - 12 - DASH[0]  # where the cell's dash begins
BROKEN = [(PLACE, 19, 2, 1, 0), (PLACE + 4, 20, 3, 1, 0)]
PALE = [(PLACE, 19, 8, 1, 200)]


@pytest.mark.parametrize("remains", [BROKEN, PALE, [(PLACE + 1, 19, 5, 1, 150)]])
def test_what_is_left_of_a_dash_makes_its_cell_doubtful(remains):
    ink, boxes = table(np.random.default_rng(1), 5, remains)
    seen = [ink.cut(box) for box in boxes]
    assert seen[-1].crop is None
    assert seen[-1].ink <= BLANK_SURE
    found = doubted(seen, boxes, ink.digit)
    assert found[-1].ink > BLANK_SURE
    assert found[:-1] == seen[:-1]


@pytest.mark.parametrize(
    "remains",
    [
        [],
        [(20, 19, 4, 1, 0)],
        [(PLACE, 6, 5, 1, 0)],
        [(PLACE + 3, 19, 2, 2, 0)],
    ],
)
def test_dust_where_no_dash_would_lie_is_dust(remains):
    """Elsewhere in the cell, in another height, or too short."""
    ink, boxes = table(np.random.default_rng(2), 5, remains)
    seen = [ink.cut(box) for box in boxes]
    assert doubted(seen, boxes, ink.digit) == seen


def test_without_other_dashes_nothing_is_one():
    ink, boxes = table(np.random.default_rng(3), 2, BROKEN)
    seen = [ink.cut(box) for box in boxes]
    assert doubted(seen, boxes, ink.digit) == seen
