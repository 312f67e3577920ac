"""One alignment of all rows against the layout: lost codes, cut rows, missing rows, missing pages."""

from __future__ import annotations

import pytest

from extract.rows.align import ROW_MARGIN, align
from extract.rows.rows import page_rows
from tests.extract.paper import BODY, HEADINGS, NUMBER_ROW, grid, sheet, small_layout, unread

LAYOUT = small_layout()


def lines_of(*pages, whole=True):
    rows, before = [], {}
    for page in pages:
        found = page_rows(page, LAYOUT, before)
        for row in found:
            before |= row.maps
        rows += found
    return align(rows, LAYOUT, whole=whole)


def codes(alignment):
    return [match.key.line.code for match in alignment.matches]


ALL = ["1", "1.1", "1.2", "1.2.1", "1.3", "1.3.1"]


def test_every_row_finds_its_line_and_the_interlude_none():
    found = lines_of(sheet(1, grid([NUMBER_ROW, *BODY])))
    assert codes(found) == ALL
    assert [row.cells[1].text for row in found.skipped if not row.heading] == ["оның ішінде: в том числе:"]


@pytest.mark.parametrize("kept", [(1, 2), (0, 1), (1,)], ids=["no codes", "no activity codes", "labels only"])
def test_any_one_witness_that_is_left_is_enough(kept):
    body = [[text if c in kept or c > 2 else "" for c, text in enumerate(row)] for row in BODY]
    found = lines_of(sheet(1, grid([NUMBER_ROW, *body])))
    assert codes(found) == ALL
    assert all(match.margin >= ROW_MARGIN for match in found.matches)


def test_codes_without_points_and_with_commas_are_understood():
    written = {"1.1": "1,1", "1.2": "1 2", "1.2.1": "121", "1.3": "1.З", "1.3.1": "l.3.1"}
    body = [[written.get(row[0], row[0]), *row[1:]] for row in BODY]
    assert codes(lines_of(sheet(1, grid([NUMBER_ROW, *body])))) == ALL


def test_of_which_lines_are_told_apart_by_order_alone():
    body = [["" if c in (0, 2) and row[0].count(".") == 2 else t for c, t in enumerate(row)] for row in BODY]
    found = lines_of(sheet(1, grid([NUMBER_ROW, *body])))
    assert codes(found) == ALL


def test_a_missing_of_which_line_does_not_shift_the_rest():
    body = [row for row in BODY if row[0] != "1.2.1"]
    body = [["" if row[0] == "1.3.1" and c == 0 else t for c, t in enumerate(row)] for row in body]
    assert codes(lines_of(sheet(1, grid([NUMBER_ROW, *body])))) == ["1", "1.1", "1.2", "1.3", "1.3.1"]


@pytest.mark.parametrize("code_first", [True, False], ids=["code before the break", "code after the break"])
@pytest.mark.parametrize("ruled", [True, False], ids=["break ruled off", "break open"])
def test_a_row_cut_by_a_page_break_is_one_row(code_first, ruled):
    code, label, oked, *figures = BODY[3]
    head, rest = label.split(" Обработка")[0], "Обработка данных"
    upper = [code if code_first else "", head, oked, *(figures if code_first else ["", "", ""])]
    lower = ["" if code_first else code, rest, "", *(["", "", ""] if code_first else figures)]
    first = sheet(1, grid([NUMBER_ROW, *BODY[:3], upper], open_bottom=not ruled))
    second = sheet(2, grid([lower, *BODY[4:]], open_top=not ruled))
    found = lines_of(first, second)
    assert codes(found) == ALL
    assert [len(match.rows) for match in found.matches] == [1, 1, 2, 1, 1, 1]


def test_two_whole_rows_at_a_page_break_stay_two():
    found = lines_of(sheet(1, grid([NUMBER_ROW, *BODY[:4]])), sheet(2, grid(BODY[4:])))
    assert [len(match.rows) for match in found.matches] == [1] * 6


def test_rows_of_a_page_alone_show_where_it_belongs():
    found = lines_of(sheet(2, grid(BODY[4:])), whole=False)
    assert codes(found) == ["1.2.1", "1.3", "1.3.1"]


def test_labels_of_scans_need_no_reading_while_codes_tell():
    found = lines_of(unread(sheet(1, grid([NUMBER_ROW, *BODY])), keep=(0, 2)))
    assert codes(found) == ALL


def test_a_row_that_could_be_either_of_two_lines_is_doubtful():
    """A lone "of which" row without code, its parents lost, may be either."""
    row = ["", BODY[4][1], "", "2", "1", "1"]
    found = lines_of(sheet(1, grid([NUMBER_ROW, row])))
    assert found.matches
    assert found.matches[0].margin < ROW_MARGIN


def test_a_row_cut_by_a_page_break_is_one_row_though_headings_stand_between():
    code, _, oked, *figures = BODY[3]
    upper, lower = [code, "Деректерді өңдеу", oked, "", "", ""], ["", "Обработка данных", "", *figures]
    first = sheet(1, grid([HEADINGS, NUMBER_ROW, *BODY[:3], upper], open_bottom=True))
    for repeated in ([HEADINGS, NUMBER_ROW], [HEADINGS], [NUMBER_ROW]):
        found = lines_of(first, sheet(2, grid([*repeated, lower, *BODY[4:]])))
        assert codes(found) == ALL
        assert [len(match.rows) for match in found.matches] == [1, 1, 2, 1, 1, 1]
