"""Runs of boxes: what wraps at the margin, and what only looks so."""

from __future__ import annotations

import pytest

from extract.grids.grid import grids_from_rulings
from extract.records import Box, Segment
from extract.scan.boxes import part_boxes

DPI = 200.0


def ruled(xs, ys):
    """The frame of a table."""
    lying = [Segment(xs[0], y, xs[-1], y) for y in ys]
    standing = [Segment(x, ys[0], x, ys[-1]) for x in xs]
    return grids_from_rulings(lying, standing, snap=2.0)


@pytest.mark.parametrize(("count", "runs"), [(2, [2]), (8, [9])])
def test_only_a_code_s_boxes_go_on_a_line_below(count, runs):
    """The small cells that end the index table do not, though dense print below its other end looks like a box."""
    wide = ruled([100, 400, 700, 1550], [600, 700, 800, 900, 1000])
    seen = [Box(1550.0 - 60 * (i + 1), 150, 1550.0 - 60 * i, 208) for i in range(count)]
    below = Box(100, 215, 160, 273)

    def drawn(boxes):
        return [1.0 if any(close(box, other) for other in [*seen, below]) else 0.0 for box in boxes]

    def close(box, other):
        return abs(box.x0 - other.x0) <= 2 and abs(box.y0 - other.y0) <= 2

    assert [len(run) for run in part_boxes(wide, DPI, seen, drawn).runs] == runs


@pytest.mark.parametrize(("frame", "tables"), [([300, 580], 0), ([100, 700], 1)])
def test_print_close_above_a_code_makes_no_table_of_it(frame, tables):
    """A frame hardly larger than a run is its own; a wider one is a table in whose cell the run stands."""
    around = ruled([frame[0], 400, frame[1]], [290, 300, 340])
    places = [Box(304.0 + 30 * i, 304, 334.0 + 30 * i, 334) for i in range(9)]
    parted = part_boxes(around, DPI, (), None, [places])
    assert [len(run) for run in parted.runs] == [9]
    assert len(parted.tables) == tables
