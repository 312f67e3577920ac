"""Which of a form's tables a page goes on with: spreadsheets repeat the first one's number row over all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.place import place_on_layout
from extract.recognise import recognise_as
from extract.records import Crop
from extract.split import split_forms
from layouts.load import shipped_layouts
from layouts.model import Place
from tests.extract.paper import grid, sheet

LAYOUT = next(iter(shipped_layouts().values()))
NUMBERS = ["А", "Б", "В", "1", "2", "3", "4", "5", "6"]


def rows(section, figures, *, first=0, last=None, width=9):
    """Printed rows of a section; `figures` are what is filled in by line, in all columns; «Х» where the form has it."""
    table = LAYOUT.table(section)
    crossed = {c: table.columns[c].crossed for c in range(len(table.columns))}
    printed = []
    for line in table.lines[first:last]:
        told = figures.get(line.code, {})
        cells = [told.get(c, "Х" if line.code in crossed[c] else "") for c in range(len(table.columns))]
        printed.append([line.code, line.label.ru, line.oked or "", *cells, *[""] * (width - 3 - len(cells))])
    return printed


def ruled(table, columns):
    """The grid without the cells below its number row that lie beyond so many columns."""
    return replace(table, cells=tuple(c for c in table.cells if c.row == 0 or c.column < columns))


def placed(*pages):
    (form,) = split_forms(recognise_as(page, LAYOUT) for page in pages)
    return place_on_layout(form, None)


def text(form, section, line, column):
    return " ".join(cell.text or "" for _, cell in form.cells[Place(section, line, column)].pieces)


SECOND = {"1": {0: "10", 1: "10"}, "1.6": {0: "4", 1: "4"}, "1.9": {0: "6", 1: "6"}}
THIRD = {"1": {0: "7"}, "1.6": {0: "5", 1: "Қытай"}, "1.9": {0: "2"}}


def pages(narrow):
    """A form of three pages; the last repeats section 2's number row over what is left of section 3."""
    last = grid([NUMBERS, *rows(3, THIRD, first=5)])
    return [
        sheet(1, grid([NUMBERS, *rows(2, SECOND, last=9)])),
        sheet(
            2,
            grid([NUMBERS, *rows(2, SECOND, first=9)], top=50.0),
            grid([NUMBERS[:5], *rows(3, THIRD, last=5, width=5)], top=400.0),
        ),
        sheet(3, ruled(last, 5) if narrow else last),
    ]


@pytest.mark.parametrize("narrow", [True, False])
def test_a_repeated_number_row_does_not_make_a_page_another_table(narrow):
    """Told by columns without cells, or by what stands in them over all pages."""
    form = placed(*pages(narrow))
    assert [s.number for s in form.sheets] == [1, 2, 3]
    assert form.doubts == ()
    assert [text(form, 2, "1.6", "1"), text(form, 2, "1.9", "1")] == ["4", "6"]
    assert [text(form, 3, "1.6", c) for c in "12"] + [text(form, 3, "1.9", "1")] == ["5", "Қытай", "2"]
    assert not any(cell.reasons for cell in form.cells.values())


def test_a_page_of_another_width_without_such_contents_stays_what_its_number_row_says():
    """Blank columns alone are no reason: a respondent may fill in only two."""
    page = recognise_as(sheet(1, grid([NUMBERS, *rows(2, SECOND)])), LAYOUT)
    assert {section for row in page.rows for section in row.maps} == {2}


def test_pages_out_of_order_are_put_in_order():
    first, second, third = pages(narrow=True)
    moved = placed(replace(second, number=1), replace(first, number=2), replace(third, number=3))
    assert [d.code for d in moved.doubts] == ["pages-shuffled"]
    assert [s.number for s in moved.sheets] == [2, 1, 3]


def test_a_page_is_not_moved_for_a_line_that_stands_elsewhere_already():
    """Moving it would place no row more."""
    scrap = sheet(4, grid([NUMBERS, *rows(2, {}, first=4, last=5)]))
    form = placed(*pages(narrow=True), scrap)
    assert [s.number for s in form.sheets] == [1, 2, 3, 4]
    assert form.doubts == ()


def test_figures_in_a_table_that_was_not_made_out_are_told():
    """Rows with a line's activity code that no table took up do not vanish."""
    odd = grid([["1.9", LAYOUT.table(2).line("1.9").label.ru, "62.03.2", "5"]], top=700.0)
    first, second, third = pages(narrow=True)
    form = placed(first, second, replace(third, grids=(*third.grids, odd)))
    assert [(d.code, d.page) for d in form.doubts] == [("row-unplaced", 3)]


def test_headings_alone_hold_no_figures():
    """A page may end between a table's heading rows; those of several columns are read as one."""
    words = LAYOUT.table(2).groups[0].words
    alone = grid([["", "", "", "", f"{words.kk} {words.ru}"]], top=700.0)
    first, second, third = pages(narrow=True)
    form = placed(replace(first, grids=(alone,)), second, third)
    assert "row-unplaced" not in [doubt.code for doubt in form.doubts]


def test_a_number_row_into_which_print_runs_over_is_one():
    """With the letters of the label columns it can be nothing else."""
    page = sheet(1, grid([[*NUMBERS[:6], "участием 4", *NUMBERS[7:]], *rows(2, SECOND)]))
    maps = recognise_as(page, LAYOUT).rows[-1].maps
    assert (maps[2].witness, dict(maps[2].columns)) == ("numbers", {2 + n: str(n) for n in range(1, 7)})


def test_one_number_that_was_not_legible_does_not_hide_the_number_row():
    page = sheet(1, grid([["А", "Б", "В", "", "2"], *rows(3, THIRD, width=5)]))
    assert recognise_as(page, LAYOUT).rows[-1].maps[3].witness == "numbers"


def test_a_row_under_ink_is_no_heading():
    """Unread ink may be a figure."""
    crop = Crop(sheet(1).picture[:5, :5], sheet(1).picture[:5, :5])
    words = LAYOUT.table(2).columns[0].heading.ru
    table = grid([[words, "", "", "", ""], *rows(3, THIRD, width=5)])
    cells = tuple(replace(c, text=None, crop=crop) if (c.row, c.column) == (0, 3) else c for c in table.cells)
    (first, *_) = recognise_as(sheet(1, replace(table, cells=cells)), LAYOUT).rows
    assert not first.heading
