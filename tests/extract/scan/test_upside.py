"""Up is told from down by the look of a page, by readers where the look leaves a doubt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extract.records import Box, Cell, Crop, Grid
from extract.scan.upside import flush_left, headings_above, labels_left, reads_upright, upside_down
from tests.extract.drawn_pages import blank, text

WORDS = ("services of every kind that were rendered", "to residents", "in thousands of tenge", "and to others abroad")
DPI = 200


def running_text():
    """A page of lines that begin level and end ragged, without any table."""
    page = blank(DPI)
    for i in range(24):
        text(page, WORDS[i % len(WORDS)], 150, 200 + 50 * i, size=0.8)
    return page


def over(page):
    return np.ascontiguousarray(page[::-1, ::-1])


def never(crops):
    raise AssertionError("no reader is needed")


def silent(crops):
    return -1.0


def crop(width, height=24):
    return Crop(np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8))


def table(columns=9, rows=5, labels=1, headings=0):
    """Cells with a crop, the widest in column `labels`; the first `headings` rows hold cells that span two columns."""
    cells = [
        Cell(
            Box(0, 0, 1, 1),
            row,
            column,
            column_span=2 if row < headings and column % 2 == 0 else 1,
            crop=crop(200 if column == labels else 60),
        )
        for row in range(rows)
        for column in range(columns)
        if not (row < headings and column % 2)
    ]
    edges = tuple(map(float, range(columns + 1)))
    return Grid(Box(0, 0, 1, 1), rows, columns, edges, tuple(map(float, range(rows + 1))), tuple(cells))


def test_running_text_tells_without_a_reader():
    """A page without tables is turned by its margins alone, and an upright one costs no reading."""
    page = running_text()
    assert flush_left(page, DPI) > 1
    assert flush_left(over(page), DPI) < -1
    assert not upside_down(page, DPI, (), never)
    assert upside_down(over(page), DPI, (), silent)


def test_nothing_to_see_keeps_the_page():
    """A bare page stays as it was stored."""
    assert not upside_down(blank(DPI), DPI, (), silent)


@pytest.mark.parametrize(("labels", "word"), [(1, 1.0), (7, -1.0), (4, 0.0)])
def test_labels_stand_left(labels, word):
    """The column with most ink in most rows says which side is left."""
    assert labels_left([table(labels=labels)]) == word


def test_headings_stand_above():
    """Spanning cells above the others speak for upright; one of them says nothing."""
    assert headings_above([table(rows=6, headings=2)]) == 1.0
    assert headings_above([table()]) == 0.0


def test_readers_are_shown_no_single_signs():
    """Only texts of several signs are read both ways: «0» and «8» look alike."""
    shown = []

    def reader(crops):
        shown.extend(c.clean.shape[1] for c in crops)
        return -0.5

    grid = table(labels=0)
    single = Cell(Box(0, 0, 1, 1), 0, 0, crop=crop(20))
    narrow = replace(grid, cells=(*grid.cells, single))
    assert reads_upright([narrow], DPI, reader) == 0.0
    assert shown
    assert 20 not in shown


def test_readers_outweigh_a_doubtful_look():
    """Where the look says little, crops that read much better turned over turn the page."""
    answers = iter([-3.0, -0.2])
    assert upside_down(blank(DPI), DPI, [table(labels=4)], lambda _: next(answers))
