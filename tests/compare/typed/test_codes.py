"""Line codes as spreadsheets leave them: noughts lost, days made of them; the order of rows tells."""

from __future__ import annotations

import pytest

from tests.compare.typed.tables import (
    CODES,
    FILLED,
    LONG,
    OTHER,
    as_excel,
    as_number,
    only,
    refused,
    typed,
    values,
    wide_rows,
    write_csv,
    write_xlsx,
)


@pytest.mark.parametrize("spoil", [
    str, as_number, as_excel,
    lambda c: c.replace(".", ","), lambda c: f"строка {c}",
])  # fmt: skip
def test_a_wide_table_is_read_whatever_excel_made_of_its_codes(tmp_path, spoil):
    """1.10 as the number 1.1, 1.2 as the 1st of February, 1.3.1 as the 1st of March 2001: the order of rows tells."""
    sheet = wide_rows(codes=[spoil(code) for code in CODES])
    assert only(write_xlsx(tmp_path / "a.xlsx", {"Лист1": sheet})) == FILLED


def test_a_total_at_the_foot_does_not_hide_the_order(tmp_path):
    """Line 1 below its parts: 1.1 and 1.10 are still told apart."""
    head, total, *parts = wide_rows(codes=[as_number(code) for code in CODES])
    assert only(write_xlsx(tmp_path / "a.xlsx", {"Лист1": [head, *parts, total]})) == FILLED


def test_rows_in_no_order_leave_a_lost_nought_open(tmp_path):
    """Sorted as numbers or as texts, nothing tells 1.1 from 1.10."""
    head, *rows = [row for row in wide_rows(codes=[as_number(code) for code in CODES]) if row[0]]
    rows.sort(key=lambda row: str(row[0]))
    assert {code for code, *_ in refused(write_xlsx(tmp_path / "a.xlsx", {"Лист1": [head, *rows]}))} == {
        "typed-line-open"
    }


def test_codes_that_a_csv_file_lost_to_excel_are_found_again(tmp_path):
    """Saved as CSV after Excel opened it: numbers lose noughts, days are texts."""
    spoilt = {"1.2": "01.фев", "1.10": "1,1", "1.1": "1,1", "1.3.1": "01.03.2001", "1.4": "Jan-04", "1.5": "01.05"}
    rows = [[spoilt.get(row[0], row[0]), *row[1:]] for row in wide_rows()]
    assert only(write_csv(tmp_path / "a.csv", rows, delimiter=";")) == FILLED


def test_a_number_that_may_be_two_lines_is_asked_about(tmp_path):
    """Where the rows around leave it open; a text counts as written and is told of, unless noughts were kept."""
    head = [LONG, (2, "1", 1, 5)]
    assert refused(write_xlsx(tmp_path / "a.xlsx", {"x": [*head, (2, 1.1, 1, 5)]})) == [("typed-line-open", "3", "B")]
    forms, notes = typed(write_csv(tmp_path / "b.csv", [*head, (2, "1.1", 1, 5)]))
    assert values(forms[0]) == {"s2/1/1": "5", "s2/1.1/1": "5"}
    assert [n.spot.row for n in notes if n.message_id == "told.typed-line-as-written"] == [2]
    _, notes = typed(write_csv(tmp_path / "c.csv", [*head, (2, "1.1", 1, 5), (2, "1.10", 2, 5)]))
    assert not [n for n in notes if n.message_id == "told.typed-line-as-written"]


def test_a_nought_at_the_head_of_a_code_is_found_again(tmp_path):
    """Line 030 of another form is the number 30 in Excel."""
    code = next(line.code for line in OTHER.table(8).lines if line.code.startswith("0"))
    column = OTHER.table(8).amount_columns[0].number
    path = write_xlsx(tmp_path / "a.xlsx", {"x": [LONG, (8, int(code), column, 5)]})
    assert only(path, {OTHER.id: OTHER}) == {f"s8/{code}/{column}": "5"}


def test_texts_that_kept_their_noughts_are_what_is_written(tmp_path):
    """Whatever order the rows are in: 1.1 below 1.2 is not 1.10."""
    rows = [LONG, (2, "1.2", 1, 5), (2, "1.1", 1, 6), (2, "1.10", 2, 7)]
    assert only(write_csv(tmp_path / "a.csv", rows)) == {"s2/1.2/1": "5", "s2/1.1/1": "6", "s2/1.10/2": "7"}
