"""What cannot be told is refused, with its place; no file breaks it."""

from __future__ import annotations

import contextlib

import pytest

from compare.typed.records import BadTable
from layouts.load import shipped_layouts
from tests.compare.typed.tables import (
    FILLED,
    LONG,
    OTHER,
    day,
    long_rows,
    only,
    refused,
    typed,
    wide_rows,
    write_csv,
    write_xlsx,
)


@pytest.mark.parametrize(("rows", "problem"), [
    ([LONG, (2, "1.17", 1, 5)], ("typed-line", "2", "B")),
    ([LONG, (2, "1.14.1", 1, 5)], ("typed-line", "2", "B")),
    ([LONG, (2, "", 1, 5)], ("typed-line-missing", "2", "B")),
    ([LONG, (4, "1.1", 1, 5)], ("typed-section", "2", "A")),
    ([LONG, ("", "1.1", 1, 5)], ("typed-section-missing", "2", "A")),
    ([LONG, (2, "1.1", 7, 5)], ("typed-column", "2", "C")),
    ([LONG, (2, "1.1", "", 5)], ("typed-column-missing", "2", "C")),
    ([("form", *LONG), ("один", 2, "1.1", 1, 5)], ("typed-form", "2", "A")),
    ([LONG, (2, "1.2", 1, 5), (2, "1.2", 1, 6)], ("typed-twice", "3", "D")),
    ([LONG, (2, "1.2", 1, "#REF!")], ("typed-broken", "2", "D")),
    ([LONG, (2, "1.2", 1, "#####")], ("typed-broken", "2", "D")),
    ([LONG, (2, "1.2", 1, "1,23E+05")], ("typed-scientific", "2", "D")),
    ([LONG, (2, "1.2", 1, "01.май")], ("typed-date", "2", "D")),
    ([LONG, (2, "1.2", 1, "01.05.2026")], ("typed-date", "2", "D")),
    ([LONG, (2, "1.2", 1, day(2026, 5, 1))], ("typed-date", "2", "D")),
    ([LONG, (2, "1.2", 1, True)], ("typed-date", "2", "D")),
    ([LONG, (2, "1.2", 1, "=1+1")], ("typed-formula", "2", "D")),
    ([("a", "b"), (1, 2)], ("typed-no-table", None, None)),
    ([["1", "Всего", 9, 9], ["1.1", "x", 1, 2, 3], ["1.2", "x", 4, 5]], ("typed-no-table", None, None)),
    ([["А", "Б", 1, 2, 3], ["1", "Всего", 5, 5, None], ["1.17", "x", 5, 5, None]], ("typed-line", "3", "A")),
    ([["А", "Б", 1, 2, 3], ["1", "Всего", 5, 5, None], [None, "x", 5, 5, None]], ("typed-line-missing", "3", "A")),
    ([["А", "Б", 1, 2, 3], ["1", "Всего", 5, 5, None], ["итого", "x", 5, 5, None], [1.2]],
     ("typed-line", "3", "A")),
    ([("section", "line", "column", "Мәні, теңге"), (2, "1.2", 1, 5)], ("typed-unit", "1", "D")),
    ([("section", "line", "column", "Сумма (млн тенге)"), (2, "1.2", 1, 5)], ("typed-unit", "1", "D")),
])  # fmt: skip
def test_what_cannot_be_told_is_refused_with_its_place(tmp_path, rows, problem):
    """Row and column as a spreadsheet shows them."""
    assert refused(write_xlsx(tmp_path / "a.xlsx", {"Лист 9": rows})) == [problem]


@pytest.mark.parametrize(("name", "content", "code"), [
    ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "typed-old-workbook"),
    ("a.xlsx", b"PK\x03\x04" + bytes(600), "typed-no-table-file"),
    ("a.csv", b"", "empty-file"),
    ("a.csv", b"  \n", "empty-file"),
    ("a.csv", b"a\x00b", "typed-no-table-file"),
    ("a.csv", b"%PDF-1.7\n", "typed-no-table"),
])  # fmt: skip
def test_what_is_no_table_file_is_refused(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == [(code, None, None)]


def test_decimal_commas_that_nothing_sets_off_are_refused(tmp_path):
    """A comma that parts cells as well as decimals would move figures into other columns."""
    path = tmp_path / "a.csv"
    path.write_text("section,line,column,value,note\n2,1.1,1,12,5,\n2,1.2,1,12,\n", encoding="utf-8")
    assert refused(path) == [("typed-row-long", "2", "F")]
    path.write_text("А,Б,1,2,3\n1,Всего,5,5,\n1.1,Игры,2,5,2,5,\n", encoding="utf-8")
    assert refused(path) == [("typed-row-long", "3", "F")]


def test_a_table_in_another_unit_than_the_form_is_refused(tmp_path):
    """Its heading says so; the form's own heading says thousands."""
    rows = wide_rows()
    said = "Объем оказанных услуг – всего, {} тенге"
    assert only(write_xlsx(tmp_path / "a.xlsx", {"2": [[said.format("тысяч")], *rows]})) == FILLED
    path = write_xlsx(tmp_path / "b.xlsx", {"2": [[said.format("")], *rows]})
    assert refused(path) == [("typed-unit", "1", "A")]


def test_a_workbook_spoilt_at_any_byte_is_read_or_refused(tmp_path):
    """Whatever the library meets, the message is ours."""
    whole = write_xlsx(tmp_path / "a.xlsx", {"x": long_rows(FILLED)}).read_bytes()
    for at in range(0, len(whole), len(whole) // 40):
        path = tmp_path / "b.xlsx"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with contextlib.suppress(BadTable):
            typed(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "a.csv") == [("unreadable", None, None)]


def test_the_layout_is_the_one_that_fits(tmp_path):
    """Two that fit are asked about."""
    path = write_csv(tmp_path / "a.csv", [LONG, (5, "Б", 11, 5)])
    assert only(path, shipped_layouts() | {OTHER.id: OTHER}) == {"s5/Б/11": "5"}
    assert refused(path, {"one": OTHER, "two": OTHER}) == [("typed-several-layouts", None, None)]
