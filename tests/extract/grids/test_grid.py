"""Rulings → frames: what any drawing program or scanner makes of a table must come out as the same cells."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.grids.grid import GridFrame, Span, cells_between, grids_from_rulings
from extract.records import Segment

SNAP = 1.5


def ruled(xs, ys):
    """Whole rulings through every edge."""
    lines = [Segment(xs[0], y, xs[-1], y) for y in ys]
    posts = [Segment(x, ys[0], x, ys[-1]) for x in xs]
    return lines, posts


def only(frames: list[GridFrame]) -> GridFrame:
    assert len(frames) == 1, frames
    return frames[0]


def test_plain_table():
    """Every edge ruled: rows, columns and one cell a position, closed on all sides."""
    frame = only(grids_from_rulings(*ruled([10, 50, 90, 200], [5, 25, 60]), snap=SNAP))
    assert (frame.rows, frame.columns, len(frame.spans)) == (2, 3, 6)
    assert np.allclose(frame.x_edges, (10, 50, 90, 200))
    assert not any((frame.open_top, frame.open_bottom, frame.open_left, frame.open_right))
    assert round(frame.box_of(Span(1, 2)).x0) == 90


def test_rulings_in_pieces():
    """Some programs draw each cell's sides apart, twice, and a hair off; the table is the same."""
    xs, ys = [0, 40, 100], [0, 20, 45, 70]
    lines = [Segment(a, y + d, b, y + d) for y in ys for a, b in itertools.pairwise(xs) for d in (0.0, 0.4)]
    posts = [Segment(x + d, b, x + d, a) for x in xs for a, b in itertools.pairwise(ys) for d in (0.0, -0.4)]
    frame = only(grids_from_rulings(lines, posts, snap=SNAP))
    assert (frame.rows, frame.columns, len(frame.spans)) == (3, 2, 6)


def test_cut_at_page_breaks():
    """Uprights that run on over the first and last line are rows without closing rulings."""
    lines = [Segment(0, y, 100, y) for y in (50, 80)]
    posts = [Segment(x, 20, x, 120) for x in (0, 40, 100)]
    frame = only(grids_from_rulings(lines, posts, snap=SNAP))
    assert frame.open_top
    assert frame.open_bottom
    assert frame.y_edges == (20, 50, 80, 120)
    tops = [cell.open_top for cell in frame.grid().cells]
    assert tops == [True, True, False, False, False, False]
    assert frame.grid().cells[-1].open_bottom


def test_one_ruling_on_the_page():
    """A page may hold the end of one row and the start of the next, parted by the only line on it."""
    frame = only(grids_from_rulings([Segment(0, 50, 90, 50)], [Segment(x, 10, x, 95) for x in (0, 30, 60, 90)], snap=1))
    assert (frame.rows, frame.columns) == (2, 3)


def test_border_cut_off_at_the_right():
    """Lines that run on over the last upright make a last column without a closing line."""
    lines = [Segment(0, y, 100, y) for y in (0, 20, 40)]
    posts = [Segment(x, 0, x, 40) for x in (0, 40, 70)]
    frame = only(grids_from_rulings(lines, posts, snap=SNAP))
    assert frame.open_right
    assert frame.columns == 3
    assert len(frame.spans) == 6


def test_spanned_heading():
    """A heading over several columns is one cell with its column span; beside it one over several rows."""
    lines, posts = ruled([0, 30, 60, 90], [0, 20, 40, 60])
    lines = [lines[0], Segment(30, 20, 90, 20), lines[2], lines[3]]
    posts = [posts[0], posts[1], Segment(60, 20, 60, 60), posts[3]]
    frame = only(grids_from_rulings(lines, posts, snap=SNAP))
    assert frame.spans[:2] == (Span(0, 0, row_span=2), Span(0, 1, column_span=2))
    assert len(frame.spans) == 2 + 2 + 3


def test_tables_apart():
    """Tables of equal width with text between, and boxes inside a cell, are frames of their own."""
    first, second = ruled([0, 50, 100], [0, 20]), ruled([0, 50, 100], [60, 80, 100])
    box = ruled([60, 70], [5, 15])
    frames = grids_from_rulings(first[0] + second[0] + box[0], first[1] + second[1] + box[1], snap=SNAP)
    assert [(f.rows, f.columns) for f in frames] == [(1, 2), (1, 1), (2, 2)]


def test_stacked_tables_that_share_a_ruling():
    """Two tables set on one another with other columns are two frames, each with its own edges."""
    lines = [Segment(0, y, 100, y) for y in (0, 20, 40, 60)]
    posts = [Segment(x, 0, x, 60) for x in (0, 100)]
    posts += [Segment(50, 0, 50, 20), *(Segment(x, 20, x, 60) for x in (30, 70))]
    frames = grids_from_rulings(lines, posts, snap=SNAP)
    assert [(f.rows, f.columns) for f in frames] == [(1, 2), (2, 3)]


def test_row_over_the_whole_width_keeps_the_table_whole():
    """An undivided row between divided ones does not part a table."""
    lines = [Segment(0, y, 100, y) for y in (0, 20, 40, 60)]
    posts = [Segment(0, 0, 0, 60), Segment(100, 0, 100, 60), Segment(50, 0, 50, 20), Segment(50, 40, 50, 60)]
    frame = only(grids_from_rulings(lines, posts, snap=SNAP))
    assert frame.spans == (Span(0, 0), Span(0, 1), Span(1, 0, 1, 2), Span(2, 0), Span(2, 1))


def test_missing_corner_is_no_cell():
    """Where an L-shaped table has no rulings it has no cell."""
    lines = [Segment(0, 0, 50, 0), Segment(0, 20, 100, 20), Segment(0, 40, 100, 40)]
    posts = [Segment(0, 0, 0, 40), Segment(50, 0, 50, 40), Segment(100, 20, 100, 40)]
    frame = only(grids_from_rulings(lines, posts, snap=SNAP))
    assert frame.spans == (Span(0, 0), Span(1, 0), Span(1, 1))


def test_double_rulings_are_one_edge():
    """A double border gives no row of a hair's height."""
    lines, posts = ruled([0, 40, 80], [0, 3, 30, 60])
    assert only(grids_from_rulings(lines, posts, snap=SNAP)).rows == 2


def test_nothing_from_nothing():
    """No rulings, a lone line, parallel lines: no frames."""
    assert grids_from_rulings([], [], snap=SNAP) == []
    assert grids_from_rulings([Segment(0, 0, 90, 0), Segment(0, 9, 90, 9)], [], snap=SNAP) == []
    assert grids_from_rulings([], [Segment(0, 0, 0, 9)], snap=SNAP) == []


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_cells_cover_every_position_once(data):
    """Whatever walls are missing, the cells tile the frame."""
    rows, columns = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    bits = st.lists(st.booleans(), min_size=(rows + 1) * (columns + 1) * 2, max_size=(rows + 1) * (columns + 1) * 2)
    flags = np.array(data.draw(bits))
    lying = flags[: (rows + 1) * columns].reshape(rows + 1, columns)
    standing = flags[-rows * (columns + 1) :].reshape(rows, columns + 1)
    cover = np.zeros((rows, columns), int)
    for s in cells_between(list(range(columns + 1)), list(range(rows + 1)), lying, standing):
        cover[s.row : s.row + s.row_span, s.column : s.column + s.column_span] += 1
    assert (cover == 1).all()
