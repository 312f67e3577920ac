"""Dust: what lies about a whole page is dust in a cell, too; marks that somebody made are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extract.ink.page import PageInk
from extract.read import BLANK_SURE
from extract.records import Box

DPI = 300
DIGIT = 27  # pixels
SIZE = (1600, 1200)
TABLE = Box(100, 800, 1100, 1400)
CELL = Box(500, 1000, 700, 1100)
MIDDLE = (600, 1050)
WORDS = [Box(100.0 + 90 * x, 60.0 + 50 * y, 170.0 + 90 * x, 90.0 + 50 * y) for x in range(10) for y in range(4)]


def page_with(dust, marks=(), *, dust_in_table=True, seed=1):
    """Words above a table, so many specks of 5 pixels at random, and `marks` (x, y, width, height) in the table."""
    rng = np.random.default_rng(seed)
    page = np.full(SIZE, 255, np.uint8)
    for word in WORDS:
        page[int(word.y0) : int(word.y1), int(word.x0) : int(word.x1) : 6] = 0
        page[int(word.y0) : int(word.y1), int(word.x0) + 1 : int(word.x1) : 6] = 0
    left = dust
    while left:
        x, y = int(rng.integers(10, 1190)), int(rng.integers(300, 1590))
        within = TABLE.grown(10).holds(x, y)
        if CELL.grown(40).holds(x, y) or (within and not dust_in_table):
            continue
        cv2.circle(page, (x, y), 2, 0, -1)
        left -= 1
    for x, y, width, height in marks:
        page[y : y + height, x : x + width] = 0
    return page


def seen(page, *, tables=(TABLE,), box=CELL):
    ink = PageInk(page, np.zeros_like(page), resolution=DPI, words=WORDS, tables=tables)
    assert ink.digit == pytest.approx(DIGIT)
    return ink.cut(box)


SPECK = (*MIDDLE, 5, 5)
LARGE = (*MIDDLE, 8, 8)


def test_a_speck_like_the_pages_dust_leaves_its_cell_bare():
    dusty, clean = seen(page_with(40, [SPECK])), seen(page_with(0, [SPECK]))
    assert dusty.ink <= BLANK_SURE < clean.ink
    assert dusty.crop is None


def test_dust_within_a_frame_is_dust():
    """As around a photographed sheet, or in the ring of a seal."""
    page = page_with(40, [SPECK])
    cv2.rectangle(page, (2, 2), (SIZE[1] - 3, SIZE[0] - 3), 0, 2)
    assert seen(page).ink <= BLANK_SURE


def test_on_a_clean_page_the_same_speck_is_doubted():
    """Nor does it count where nobody says which part of the page is a table."""
    assert seen(page_with(0, [LARGE])).ink > BLANK_SURE
    assert seen(page_with(40, [LARGE]), tables=()).ink > BLANK_SURE


@pytest.mark.parametrize(
    "mark",
    [
        (*MIDDLE, 9, 3),  # a short dash
        (*MIDDLE, 8, 5),  # a blotted one
        (*MIDDLE, 11, 2),
        LARGE,  # larger than the dust
        (*MIDDLE, 4, 20),  # a one
    ],
)
def test_marks_are_no_dust(mark):
    """However dusty the page is, a cell is judged as on a clean one."""
    assert seen(page_with(60, [mark])).ink == pytest.approx(seen(page_with(0, [mark])).ink)


@pytest.mark.parametrize("step", [8, 12, 20])
def test_specks_in_a_row_are_no_dust(step):
    """A dash of dots, as a dot-matrix printer or a bad line leaves it."""
    row = [(MIDDLE[0] + step * n, MIDDLE[1], 5, 5) for n in range(4)]
    assert seen(page_with(60, row)).ink == pytest.approx(seen(page_with(0, row)).ink)


def test_dots_that_somebody_set_into_cells_are_no_dust():
    """They stand closer in the table than specks do elsewhere."""
    dots = [(x, y, 5, 5) for x in range(140, 1100, 60) for y in range(830, 1400, 60)]
    page = page_with(6, [*dots, SPECK], dust_in_table=False)
    assert seen(page).ink == pytest.approx(seen(page, tables=()).ink)


def test_a_few_specks_make_no_dusty_page():
    page = page_with(5, [LARGE])
    assert seen(page).ink == pytest.approx(seen(page_with(0, [LARGE])).ink)
