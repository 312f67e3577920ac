"""Cells in their places: exchanged columns, cut rows, missing rows and pages, pages out of order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from extract.place import place_on_layout
from extract.recognise import recognise, recognise_as
from extract.records import Box, Picture, TextLine
from extract.split import Bundle, split_forms
from layouts.model import ColumnKind, Place
from tests.extract.paper import BODY, HEADINGS, NUMBER_ROW, grid, sheet, small_layout, unread

LAYOUT = small_layout()


class Silent:
    """A text reader that must not be asked."""

    name = "silent"

    def read(self, pictures: Sequence[Picture]) -> list[str]:
        raise AssertionError(f"asked to read {len(pictures)} pictures")

    def read_lines(self, pictures: Sequence[Picture]) -> list[list[TextLine]]:
        raise AssertionError(f"asked to read {len(pictures)} pages")


class Knows(Silent):
    """A text reader that gives the same text for every picture and counts."""

    def __init__(self, text: str) -> None:
        self.text, self.asked = text, 0

    def read(self, pictures: Sequence[Picture]) -> list[str]:
        self.asked += len(pictures)
        return [self.text] * len(pictures)


def bundle(*pages) -> Bundle:
    return Bundle(1, LAYOUT, tuple(recognise_as(page, LAYOUT) for page in pages))


def texts(placed, line):
    return [" ".join(c.text or "" for _, c in placed.cells[Place(1, line, n)].pieces) for n in "123"]


def test_columns_go_by_their_numbers_on_every_page():
    exchanged = ["А", "Б", "В", "2", "1", "3"]
    placed = place_on_layout(bundle(sheet(1, grid([exchanged, *BODY[:4]])), sheet(2, grid(BODY[4:]))), Silent())
    assert texts(placed, "1") == ["30", "60", "30"]
    assert texts(placed, "1.3.1") == ["2", "3", "1"]


def test_the_figures_of_a_cut_row_are_taken_from_the_piece_that_has_them():
    code, _, oked, *figures = BODY[3]
    upper, lower = [code, "Деректерді өңдеу", oked, "", "", ""], ["", "Обработка данных", "", *figures]
    placed = place_on_layout(
        bundle(sheet(1, grid([NUMBER_ROW, *BODY[:3], upper])), sheet(2, grid([lower, *BODY[4:]]))), Silent()
    )
    assert texts(placed, "1.2") == ["20", "10", "10"]
    assert placed.cells[Place(1, "1.2", "1")].pieces[0][0].number == 2


def test_a_row_that_is_not_printed_is_said_to_be_missing():
    placed = place_on_layout(bundle(sheet(1, grid([NUMBER_ROW, *[r for r in BODY if r[0] != "1.1"]]))), Silent())
    cell = placed.cells[Place(1, "1.1", "2")]
    assert cell.pieces == ()
    assert cell.reasons == ("row-missing",)


def test_a_run_of_missing_lines_is_a_missing_page():
    placed = place_on_layout(bundle(sheet(1, grid([NUMBER_ROW, *BODY[:3]]))), Silent())
    assert {placed.cells[Place(1, line, "1")].reasons for line in ("1.2", "1.2.1", "1.3", "1.3.1")} == {
        ("page-missing",)
    }


def test_labels_of_a_scan_are_read_only_where_codes_leave_a_doubt():
    whole = unread(sheet(1, grid([NUMBER_ROW, *BODY])))
    place_on_layout(bundle(whole), Silent())
    coded = [["" if c in (0, 2) and row[0] == "1.3" else t for c, t in enumerate(row)] for row in BODY]
    body = [row for row in coded if row[0] not in ("1.2.1", "1.3.1")]
    reader = Knows("Деятельность веб-порталов")
    placed = place_on_layout(bundle(unread(sheet(1, grid([NUMBER_ROW, *body])))), reader)
    assert 0 < reader.asked <= 3
    assert placed.cells[Place(1, "1.3", "1")].reasons == ()


def test_headings_against_numbers_send_the_table_to_review():
    exchanged = [*HEADINGS[:4], HEADINGS[5], HEADINGS[4]]
    placed = place_on_layout(bundle(sheet(1, grid([exchanged, NUMBER_ROW, *BODY]))), Silent())
    assert all("columns-conflict" in placed.cells[place].reasons for place in LAYOUT.places)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_pages_are_put_in_the_order_of_the_form(order):
    pages = {1: sheet(1, grid([NUMBER_ROW, *BODY[:4]])), 2: sheet(2, grid(BODY[4:]))}
    known = [recognise_as(pages[n], LAYOUT) for n in order]
    (form,) = split_forms(known)
    assert [p.sheet.number for p in form.pages] == [1, 2]
    assert ("pages-shuffled" in [d.code for d in form.doubts]) is (order == (2, 1))


def test_two_forms_in_one_file_are_two():
    other = [[*row[:3], *("7" if t else "" for t in row[3:])] for row in BODY]
    pages = [
        sheet(n + 1, grid(rows))
        for n, rows in enumerate(([NUMBER_ROW, *BODY[:4]], BODY[4:], [NUMBER_ROW, *other[:4]], other[4:]))
    ]
    forms = list(split_forms(recognise_as(page, LAYOUT) for page in pages))
    assert [[p.sheet.number for p in form.pages] for form in forms] == [[1, 2], [3, 4]]


def test_a_page_scanned_twice_counts_once():
    pages = [sheet(1, grid([NUMBER_ROW, *BODY[:4]])), sheet(2, grid([NUMBER_ROW, *BODY[:4]])), sheet(3, grid(BODY[4:]))]
    (form,) = split_forms(recognise_as(page, LAYOUT) for page in pages)
    assert [p.sheet.number for p in form.pages] == [1, 3]
    assert [d.code for d in form.doubts] == ["page-doubled"]


def test_foreign_pages_fall_away():
    foreign = [sheet(n, lines=["Письмо"]) for n in range(1, 8)]
    form = sheet(8, grid([NUMBER_ROW, *BODY]))
    after = [sheet(n, lines=["Письмо"]) for n in range(9, 20)]
    (found,) = split_forms(recognise_as(page, LAYOUT) for page in [*foreign, form, *after])
    assert [p.sheet.number for p in found.pages] == [8]
    assert [(d.code, dict(d.parameters)["pages"]) for d in found.doubts] == [("pages-left-out", "1-7, 9-19")]


def test_a_table_that_belongs_to_no_form_is_a_doubt_of_its_own():
    other = [
        ["9", "Другое", "77.77.7", "1", "2", ""],
        ["8", "Иное", "66.66.6", "3", "4", ""],
        ["7", "Ещё", "", "", "", ""],
    ]
    letters = [sheet(n, lines=["Письмо"]) for n in range(2, 5)]
    pages = [sheet(1, grid([NUMBER_ROW, *BODY])), *letters, sheet(5, grid(other)), sheet(6, grid(other))]
    (found,) = split_forms(recognise_as(page, LAYOUT) for page in [*pages, *(sheet(n, grid(other)) for n in (7, 8))])
    assert "tables-left-out" in [d.code for d in found.doubts]


def test_blank_backs_stay_where_they_lie():
    pages = [sheet(1, grid([NUMBER_ROW, *BODY[:4]])), sheet(2), sheet(3, grid(BODY[4:])), sheet(4)]
    (found,) = split_forms(recognise_as(page, LAYOUT) for page in pages)
    assert [p.sheet.number for p in found.pages] in ([1, 3], [1, 2, 3, 4])
    assert found.doubts == ()


def test_figures_in_a_row_that_fits_no_line_are_never_lost_silently():
    stray = ["9.9", "Прочее", "99.99.9", "5", "5", ""]
    placed = place_on_layout(bundle(sheet(1, grid([NUMBER_ROW, *BODY[:4], stray, *BODY[4:]]))), Silent())
    assert "row-unplaced" in [doubt.code for doubt in placed.doubts]
    assert "row-doubtful" in placed.cells[Place(1, "1.2", "1")].reasons
    assert "row-doubtful" in placed.cells[Place(1, "1.2.1", "1")].reasons
    assert placed.cells[Place(1, "1.3", "1")].reasons == ()


def test_a_form_without_boxes_ends_where_its_lines_begin_again():
    """Neither page has boxes or a title: only the lines tell that the second form begins."""
    other = [[*row[:3], *("7" if t else "" for t in row[3:])] for row in BODY]
    parts = ([NUMBER_ROW, *BODY[:4]], BODY[4:], [NUMBER_ROW, *other[:2]], other[2:])
    pages = [sheet(n + 1, grid(rows)) for n, rows in enumerate(parts)]
    forms = list(split_forms(recognise_as(page, LAYOUT) for page in pages))
    assert [[p.sheet.number for p in form.pages] for form in forms] == [[1, 2], [3, 4]]


def test_the_line_beside_a_missing_page_may_go_on_there():
    """A row that the page break cut may have its figures on the page that is not there."""
    placed = place_on_layout(bundle(sheet(1, grid([NUMBER_ROW, *BODY[:3]]))), Silent())
    assert placed.cells[Place(1, "1.1", "1")].reasons == ("row-doubtful",)
    assert placed.cells[Place(1, "1", "1")].reasons == ()


def test_words_across_a_merged_row_are_no_figures():
    """«оның ішінде:» in one cell from the label to the last column fits no line, and nothing is lost with it."""
    whole = grid([NUMBER_ROW, *BODY])
    words = next(cell for cell in whole.cells if (cell.row, cell.column) == (2, 1))
    others = tuple(cell for cell in whole.cells if cell.row != 2)
    merged = replace(words, column_span=5, box=Box(words.box.x0, words.box.y0, words.box.x0 + 250, words.box.y1))
    placed = place_on_layout(bundle(sheet(1, replace(whole, cells=(*others, merged)))), Silent())
    assert placed.doubts == ()
    assert all(not cell.reasons for cell in placed.cells.values())


def test_figures_among_the_words_of_a_row_leave_its_columns_in_doubt():
    """Where columns were told by their texts alone, the figure of one may have been taken for a word of the next."""
    columns = (*LAYOUT.tables[0].columns[:2], replace(LAYOUT.tables[0].columns[2], kind=ColumnKind.COUNTRY))
    layout = replace(LAYOUT, tables=(replace(LAYOUT.tables[0], columns=columns),))
    body = [[*row[:4], *texts] for row, texts in zip(BODY[:3], (("", "30 Х"), ("", ""), ("5", "США")), strict=True)]
    read = recognise_as(sheet(1, grid([NUMBER_ROW, *body])), layout)
    placed = place_on_layout(Bundle(1, layout, (read,)), Silent())
    assert "column-edge-unsure" in placed.cells[Place(1, "1", "2")].reasons
    assert "column-edge-unsure" not in placed.cells[Place(1, "1.1", "2")].reasons


def test_a_table_of_other_columns_goes_on_without_headings():
    """A column of running numbers before the codes: where columns stand is told on the first page only."""
    numbered = [[str(n), *row] for n, row in enumerate(BODY)]
    first, second = sheet(1, grid([["№", *NUMBER_ROW], *numbered[:4]])), sheet(2, grid(numbered[4:]))
    told = recognise(first, [LAYOUT], ())
    assert recognise(second, [LAYOUT], ()).rows == ()
    going_on = recognise(second, [LAYOUT], (), told)
    placed = place_on_layout(Bundle(1, LAYOUT, (told, going_on)), Silent())
    assert texts(placed, "1.3.1") == ["3", "2", "1"]
    assert placed.doubts == ()
