"""Which print of a scan is read: outside the tables, and not above the form's first field."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extract.fields.bands import bands, gap_above
from extract.records import Box, BoxRun, Cell, Grid, Sheet, Source
from layouts.load import shipped_layouts

LAYOUT = next(iter(shipped_layouts().values()))  # its first field is the year, a code of four boxes


def run(count, y, x=300.0):
    return BoxRun(tuple(Cell(Box(x + 40 * i, y, x + 40 * i + 40, y + 40), 0, i) for i in range(count)))


def grid(rows, top, bottom):
    edges = (
        tuple(float(v) for v in np.linspace(100, 900, 5)),
        tuple(float(v) for v in np.linspace(top, bottom, rows + 1)),
    )
    return Grid(Box(100, top, 900, bottom), rows, 4, *edges, ())


def sheet(number, *, boxes=(), grids=()):
    picture = np.full((1400, 1000), 250, np.uint8)
    picture[100:130, 200:800] = 0  # a title
    picture[180:200, 200:800] = 0  # another, close above the boxes
    return Sheet(
        Source("0" * 64, "scan", None), number, "scan", "px", 1000.0, 1400.0, 100.0, np.eye(3),
        tuple(grids), tuple(boxes), (), picture,
    )  # fmt: skip


def asked(*sheets):
    return [(band.sheet.number, band.top, band.bottom) for band in bands(sheets, LAYOUT)]


HEAD = (run(4, 260), run(12, 340), run(12, 420), run(9, 500))


def test_print_above_the_first_field_is_not_read():
    """The cut lies between two lines, not through one."""
    ((_, top, bottom),) = asked(sheet(1, boxes=HEAD, grids=[grid(6, 700, 1400)]))
    assert 200 <= top <= 240
    assert bottom == 700


def test_where_the_first_field_is_not_sure_all_is_read():
    table = [grid(6, 700, 1400)]
    assert asked(sheet(1, boxes=HEAD[1:], grids=table)) == [(1, 0.0, 700.0)]
    assert asked(sheet(1, boxes=(run(5, 200), *HEAD), grids=table)) == [(1, 0.0, 700.0)]
    assert asked(sheet(1, grids=table)) == [(1, 0.0, 700.0)]


def test_the_tail_is_read_whole():
    pages = [sheet(1, boxes=HEAD, grids=[grid(6, 700, 1400)]), sheet(2, grids=[grid(6, 0, 500)]), sheet(3)]
    assert asked(*pages)[1:] == [(2, 500.0, 1400.0), (3, 0.0, 1400.0)]


def test_pages_with_a_text_layer_are_not_read():
    page = sheet(1, boxes=HEAD, grids=[grid(6, 700, 1400)])
    assert bands([replace(page, kind="text")], LAYOUT) == []


def test_a_gap_is_the_barest_line_nearest_to_the_box():
    page = sheet(1)
    assert gap_above(page, Box(300, 260, 460, 300)) == pytest.approx(239, abs=1)
    assert gap_above(page, Box(300, 0, 460, 40)) == 0.0
