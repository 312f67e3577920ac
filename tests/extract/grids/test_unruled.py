"""Tables without rulings: rows and columns as text tells them, and doubt where it does not."""

from __future__ import annotations

import pytest

from extract.grids.grid import EDGE_UNSURE, grids_from_rulings
from extract.grids.text_table import Remains
from extract.grids.unruled import completed_frames
from extract.grids.walls import Stroke
from extract.records import Box, Columns, Segment

INCH = 72.0
HEIGHT = 8.0
EDGES = (40, 80, 240, 300, 350, 400, 450)  # code, label, activity, three columns of figures
SIGNS = ("А", "Б", "В", "1", "2", "3")
ROWS = (("1", "Total"), ("1.1", "Games"), ("1.2", "Programs"), ("1.3", "Sites"))


def word(text, x, y):
    return Box(x, y, x + 4.4 * len(text), y + HEIGHT)


def centred(text, column, y):
    middle = (EDGES[column] + EDGES[column + 1]) / 2
    return word(text, middle - 2.2 * len(text), y)


def right(text, column, y):
    return word(text, EDGES[column + 1] - 4 - 4.4 * len(text), y)


def left(text, column, y):
    return word(text, EDGES[column] + 4, y)


def page(figures, place=right, *, signs=True, top=100.0, pitch=24.0):
    """The words of a table: number row, codes, labels, and figures by (row, column of figures)."""
    words = [centred(sign, i, top) for i, sign in enumerate(SIGNS)] if signs else []
    for i, (code, label) in enumerate(ROWS):
        y = top + (i + 1) * pitch
        words += [centred(code, 0, y), left(label, 1, y), centred("62.01.1", 2, y)]
        words += [place(text, 3 + c, y) for (row, c), text in figures.items() if row == i]
    return words


def tables(words, frames=(), remains=None, before=None):
    return completed_frames(words, list(frames), remains or Remains(), before, INCH)


def column_of(frame, box):
    x = box.centre[0]
    return next(i for i in range(frame.columns) if frame.x_edges[i] <= x < frame.x_edges[i + 1])


FIGURES = {(0, 0): "12345", (0, 1): "99", (0, 2): "7", (1, 0): "5", (2, 1): "1234", (3, 2): "4321"}


@pytest.mark.parametrize("place", [right, centred, left])
def test_every_figure_stands_in_its_column_and_row(place):
    """However figures are aligned, a column's are told from its neighbour's."""
    words = page(FIGURES, place)
    (frame,), _ = tables(words)
    assert (frame.rows, frame.columns, frame.ruled) == (5, 6, False)
    for (row, column), text in FIGURES.items():
        box = place(text, 3 + column, 100 + (row + 1) * 24.0)
        assert column_of(frame, box) == 3 + column
        assert frame.y_edges[row + 1] <= box.y0 < box.y1 <= frame.y_edges[row + 2]


def test_labels_of_several_lines_belong_to_the_code_beside_their_last_line():
    """Codes at the foot of their rows: the lines above a code are its row's, not the one's before."""
    words = page(FIGURES, pitch=40.0)
    words += [left("upper part", 1, 100 + (i + 1) * 40.0 - 11) for i in range(len(ROWS))]
    (frame,), _ = tables(words)
    assert frame.rows == 5
    for i in range(len(ROWS)):
        foot = 100 + (i + 1) * 40.0
        assert frame.y_edges[i + 1] <= foot - 11 < foot + HEIGHT <= frame.y_edges[i + 2]


def test_remains_of_rulings_say_where_edges_lie():
    """A column that is bare has no text to part it: what is left of its rulings does."""
    standing = [Stroke(x, 95, 125) for x in EDGES]
    (frame,), _ = tables(page({}), remains=Remains(standing=standing))
    assert frame.x_edges[2:6] == pytest.approx(EDGES[2:6])


def test_an_edge_that_may_lie_elsewhere_makes_its_cells_doubtful():
    """A lone text in the middle between two signs may be either column's: those two cells are told, no others."""
    words = page({(0, 0): "12345"})
    words.append(Box(398, 148, 404, 156))  # row 1.1, on the border of the second and third column of figures
    (frame,), _ = tables(words)
    doubtful = {(s.row, s.column) for s in frame.spans if EDGE_UNSURE in frame.cell(s).marks}
    assert doubtful == {(2, 4), (2, 5)}


def test_a_ruled_table_is_left_alone():
    """Rulings win: no second table is made of one that has them."""
    ys = [95, 115, 139, 163, 187, 211]
    frames = grids_from_rulings(
        [Segment(EDGES[0], y, EDGES[-1], y) for y in ys], [Segment(x, ys[0], x, ys[-1]) for x in EDGES], snap=1.5
    )
    found, _ = tables(page(FIGURES), frames)
    assert found == frames


def test_a_number_row_is_parted_from_headings_that_lost_their_ruling():
    """Where the ruling above one sign is lost, its cell is not its heading's."""
    ys = [60, 95, 115, 139]
    lines = [Segment(EDGES[0], y, EDGES[-1], y) for y in ys if y != 95] + [Segment(EDGES[0], 95, EDGES[-2], 95)]
    frames = grids_from_rulings(lines, [Segment(x, ys[0], x, ys[-1]) for x in EDGES], snap=1.5)
    found, _ = tables(page(FIGURES), frames)
    rows = {s.row for s in found[0].spans if found[0].box_of(s).holds(*centred("3", 5, 100).centre)}
    assert rows == {1}


def test_columns_go_on_on_a_page_without_number_row():
    """The next page lies a little aside and says nothing of its columns: they are those of the page before."""
    _, columns = tables(page(FIGURES))
    moved = [Box(b.x0 + 6, b.y0, b.x1 + 6, b.y1) for b in page({(2, 2): "77"}, signs=False)]
    (frame,), none = tables(moved, before=columns)
    assert none is None
    assert frame.columns == 6
    assert column_of(frame, Box(440, 0, 454, 8)) == 5


def test_a_page_of_prose_is_no_table():
    """Neither lines of text nor contact lines are taken for rows, with or without columns before."""
    prose = [Box(40, 100 + 12 * i, 500, 108 + 12 * i) for i in range(20)]
    before = Columns((Box(0, 0, 0.1, 0.1),) * 6, (0.5, 1, 3, 4, 5, 6, 7), 1.1)
    assert tables(prose, before=before) == ([], None)
