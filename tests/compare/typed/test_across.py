"""One form a row: headings that name a line and a column of the form, in one row or several."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.compare.typed.tables import CODES, only, refused, typed, values, write_csv, write_xlsx
from tests.factories import BIN, IIN, layout

TWO = [(line.code, column.number) for line in layout().table(2).lines for column in layout().table(2).columns]
FEW = [("1", "1"), ("1", "3"), ("1.1", "1"), ("1.10", "3"), ("1.16.1", "6")]
FIRST = {"s2/1/1": "300", "s2/1.1/1": "100", "s2/1.10/3": "200"}
SECOND = {"s2/1/1": "7", "s2/1.16.1/6": "7"}


def row_of(cells, at=TWO, section=2):
    return [cells.get(f"s{section}/{line}/{column}") for line, column in at]


def told(path):
    """Identifier → figures, of each form."""
    forms, _ = typed(path)
    return {form.value("bin") or form.value("iin"): values(form) for form in forms}


BOTH = {BIN: FIRST, IIN: SECOND}


@pytest.mark.parametrize("name", [
    lambda line, column: f"{line} гр. {column}",
    lambda line, column: f"стр.{line} гр{column}",
    lambda line, column: f"строка {line}, графа {column}",
    lambda line, column: f"l{line.replace('.', '_')}_c{column}",
    lambda line, column: f"s2_l{line.replace('.', '_')}_c{column}",
    lambda line, column: f"2_{line.replace('.', '_')}_{column}",
    lambda line, column: f"{line}/{column}",
    lambda line, column: f"s2/{line}/{column}",
    lambda line, column: f"{line}.{column}",
    lambda line, column: f"{line}-жол {column}-баған",
    lambda line, column: f"Section 2, line {line}, column {column}",
    lambda line, column: f"Раздел 2 стр. {line} (ОКЭД 62.01.1) гр. {column}, тыс. тенге",
])  # fmt: skip
def test_headings_in_one_row(tmp_path, name):
    """Line and column in one cell, however they are named; with the columns of keys in between."""
    head = ["№", "БИН", *(name(*at) for at in TWO), "ИИН", "Примечание"]
    rows = [head, [1, BIN, *row_of(FIRST), "", "проверено"], [2, "", *row_of(SECOND), IIN, ""]]
    encoding = "utf-8-sig" if "ғ" in head[2] else "cp1251"
    assert told(write_csv(tmp_path / "a.csv", rows, delimiter=";", encoding=encoding)) == BOTH
    assert told(write_xlsx(tmp_path / "a.xlsx", {"Лист1": rows})) == BOTH


@pytest.mark.parametrize("text", [str, "стр. {}".format, "{}-жол".format])
def test_headings_in_two_rows(tmp_path, text):
    """The line's code stands over its columns: merged in a workbook, once and then blank in a CSV file."""
    numbers = [column.number for column in layout().table(2).columns]
    upper = ["БИН", "ИИН", *(text(code) if number == "1" else None for code in CODES for number in numbers)]
    lower = [None, None, *(int(number) for _ in CODES for number in numbers)]
    rows = [upper, lower, [BIN, None, *row_of(FIRST)], [None, IIN, *row_of(SECOND)]]
    assert told(write_csv(tmp_path / "a.csv", rows)) == BOTH
    assert told(write_xlsx(tmp_path / "a.xlsx", {"Лист1": rows}, merge=("A1:A2", "C1:H1", "I1:N1"))) == BOTH
    swapped = [upper[:2] + [f"гр. {n}" for n in lower[2:]], [None, None, *(text(code) for code, _ in TWO)], *rows[2:]]
    assert told(write_csv(tmp_path / "b.csv", swapped)) == BOTH


def test_codes_in_two_rows_as_excel_spoils_them(tmp_path):
    """1.10 is the number 1.1 there: the order of lines from left to right tells."""
    upper = [None, *(float(line) if line.count(".") == 1 else line for line, _ in TWO)]
    rows = [upper, ["БИН", *(int(column) for _, column in TWO)], [BIN, *row_of(FIRST)]]
    assert told(write_xlsx(tmp_path / "a.xlsx", {"Лист1": rows})) == {BIN: FIRST}


def test_two_lines_that_nothing_tells_apart_are_asked_about(tmp_path):
    """By the heading's own place."""
    rows = [["БИН", 1, 1.1, 1.1, 1], [None, 1, 1, 2, 2], [BIN, 5, 5, 5, 5]]
    found = refused(write_xlsx(tmp_path / "a.xlsx", {"Лист1": rows}))
    assert ("typed-line-open", "2", "D") in found


def test_headings_in_three_rows_with_the_names_of_sections(tmp_path):
    """Both sections side by side; without their names the columns still tell which is which."""
    third = [(line.code, "1") for line in layout().table(3).lines]
    cells = FIRST | {"s3/1.5/1": "9"}
    top = ["", "Раздел 2. Объём услуг, тысяч тенге", *[None] * (len(TWO) - 1), "3-бөлім", *[None] * (len(third) - 1)]
    middle = ["", *(line for line, _ in [*TWO, *third])]
    low = ["БИН", *(column for _, column in [*TWO, *third])]
    data = [BIN, *row_of(cells), *row_of(cells, third, 3)]
    assert told(write_csv(tmp_path / "a.csv", [top, middle, low, data])) == {BIN: cells}
    assert told(write_csv(tmp_path / "b.csv", [middle, low, data])) == {BIN: cells}


def test_headings_that_leave_the_section_open_are_asked_about(tmp_path):
    """Column 1 alone is a whole section; 2 before 1 is none."""
    rows = [["БИН", "1 гр. 1", "1.1 гр. 1", "1.2 гр. 1", "1.3 гр. 1"], [BIN, 5, 5, None, None]]
    assert only(write_csv(tmp_path / "b.csv", rows)) == {"s3/1/1": "5", "s3/1.1/1": "5"}
    rows[0][1] = "1 гр. 2"
    assert [code for code, *_ in refused(write_csv(tmp_path / "a.csv", rows))] == ["typed-block"]


def test_numbered_positions_over_a_row_of_codes(tmp_path):
    """What the positions count is in the row below them."""
    rows = [
        [*range(1, len(FEW) + 2)],
        ["БИН", *(f"2.{line}.{column}" for line, column in FEW)],
        [BIN, *row_of(FIRST, FEW)],
    ]
    assert told(write_csv(tmp_path / "a.csv", rows)) == {BIN: FIRST}
    assert told(write_xlsx(tmp_path / "a.xlsx", {"ввод": rows})) == {BIN: FIRST}


def test_one_form_a_column(tmp_path):
    """The same turned: cells down, forms across."""
    rows = [["", "БИН", *(f"стр. {line} гр. {column}" for line, column in FEW)], ["", BIN, *row_of(FIRST, FEW)]]
    rows.append(["", "871011480473", *row_of(SECOND, FEW)])
    down = [list(column) for column in zip(*rows, strict=True)]
    assert sorted(map(str, told(write_xlsx(tmp_path / "a.xlsx", {"x": down})).values())) == sorted(
        map(str, (FIRST, SECOND))
    )


def test_totals_notes_and_empty_columns_are_passed_over(tmp_path):
    """A sum over all forms is no form, and it is told of; nor is a note below."""
    head = ["Файл", None, *(f"{line} гр. {column}" for line, column in FEW), None]
    rows = [
        ["Свод по форме 2-услуги (IT)"], [], head, ["a.pdf", None, *row_of(FIRST, FEW)], ["b.pdf"],
        ["ИТОГО", None, *row_of(FIRST, FEW)], [], ["Исполнитель: Иванова", None, None]
    ]  # fmt: skip
    forms, notes = typed(write_xlsx(tmp_path / "a.xlsx", {"x": rows}))
    assert [(form.reading.source.file, values(form)) for form in forms] == [("a.pdf", FIRST), ("b.pdf", {})]
    assert [(n.told["row"], n.told["text"]) for n in notes if n.message_id == "told.typed-total-passed"] == [
        ("6", "ИТОГО")
    ]


def test_another_unit_in_a_heading_is_refused(tmp_path):
    """Nobody divides by a thousand on a guess."""
    head = ["БИН", *(f"стр. {line} гр. {column}, тенге" for line, column in FEW)]
    assert refused(write_csv(tmp_path / "a.csv", [head, [BIN, *row_of(FIRST, FEW)]])) == [("typed-unit", "1", "B")]
    title = [["Единица измерения: тенге"], [text.removesuffix(", тенге") for text in head], [BIN, *row_of(FIRST, FEW)]]
    assert refused(write_csv(tmp_path / "b.csv", title)) == [("typed-unit", "1", "A")]


def test_numbers_as_people_type_them(tmp_path):
    """Texts with spaces of three kinds, decimal commas."""
    rows = [
        ["БИН", *(f"{line} гр. {column}" for line, column in FEW)],
        [BIN, "12\u00a0345,6", "1\u202f234", "12 345", "-", "0,5"],
    ]
    forms, _ = typed(write_xlsx(tmp_path / "a.xlsx", {"x": rows}))
    assert {at: Decimal(text) for at, text in values(forms[0]).items()} == {
        "s2/1/1": Decimal("12345.6"), "s2/1/3": 1234, "s2/1.1/1": 12345, "s2/1.10/3": 0, "s2/1.16.1/6": Decimal("0.5"),
    }  # fmt: skip


def test_a_form_in_its_own_layout_is_no_table_of_this_kind(tmp_path):
    """Also where the figures of its total could be line codes."""
    rows = [["А", "Б", 1, 2, 3], ["1", "Всего", 1, "1.1", "1.10"], ["1.1", "x", 1, 1, 1]]
    assert only(write_csv(tmp_path / "a.csv", rows)) == {
        "s2/1/1": "1", "s2/1/2": "1.1", "s2/1/3": "1.1", "s2/1.1/1": "1", "s2/1.1/2": "1", "s2/1.1/3": "1",
    }  # fmt: skip
