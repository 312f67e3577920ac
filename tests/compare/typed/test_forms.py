"""Several forms in one file: under one another, a sheet each, told apart by who handed them in."""

from __future__ import annotations

import pytest

from tests.compare.typed.tables import FILLED, LONG, only, typed, values, wide_rows, write_csv, write_xlsx
from tests.factories import BIN, IIN

OTHER = {"s2/1/1": "7", "s2/1.1/1": "7"}
THIRD = {"s3/1/1": "9", "s3/1.5/1": "9"}
HEADS = [[["БИН", BIN], ["Отчётный год", 2025]], [["ИИН", IIN], ["Отчётный год", 2025]]]


def told(path):
    """(file, form) → identifier and figures."""
    forms, _ = typed(path)
    return {
        (form.reading.source.file, form.reading.form): (form.value("bin") or form.value("iin"), values(form))
        for form in forms
    }


def test_forms_under_one_another(tmp_path):
    """Each with its head and its sections; a section that comes again begins the next form."""
    rows = [
        *HEADS[0], [], *wide_rows(cells=FILLED), [], *wide_rows(3, cells=THIRD), ["Подпись"], [],
        *HEADS[1], [], *wide_rows(cells=OTHER),
    ]  # fmt: skip
    expected = {("a.csv", 1): (BIN, FILLED | THIRD), ("a.csv", 2): (IIN, OTHER)}
    assert told(write_csv(tmp_path / "a.csv", rows)) == expected


def test_another_head_begins_another_form(tmp_path):
    """Also where its section did not come before."""
    rows = [*HEADS[0], *wide_rows(cells=FILLED), [], *HEADS[1], *wide_rows(3, cells=THIRD)]
    assert told(write_csv(tmp_path / "a.csv", rows)) == {("a.csv", 1): (BIN, FILLED), ("a.csv", 2): (IIN, THIRD)}


def test_papers_named_above_their_forms(tmp_path):
    rows = [["Файл:", "scan-1.pdf"], *wide_rows(cells=FILLED), *wide_rows(3, cells=THIRD), [], ["Файл: scan-2.pdf"]]
    rows += wide_rows(cells=OTHER)
    assert told(write_csv(tmp_path / "a.csv", rows)) == {
        ("scan-1.pdf", 1): ("", FILLED | THIRD), ("scan-2.pdf", 1): ("", OTHER),
    }  # fmt: skip


def test_a_sheet_a_form(tmp_path):
    """Called like the papers, or whatever; digits of an identifier in boxes of their own."""
    boxes = [["БСН / БИН", None, *BIN], ["Отчётный год", 2025]]
    sheets = {
        "scan-1": [*boxes, *wide_rows(cells=FILLED), [], *wide_rows(3, cells=THIRD)],
        "scan-2": [*HEADS[1], *wide_rows(cells=OTHER)],
    }
    path = write_xlsx(tmp_path / "a.xlsx", sheets)
    assert told(path) == {("scan-1", 1): (BIN, FILLED | THIRD), ("scan-2", 1): (IIN, OTHER)}


def test_a_sheet_a_section_is_one_form(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"2": wide_rows(cells=FILLED), "3": wide_rows(3, cells=THIRD)})
    assert told(path) == {("a.xlsx", 1): ("", FILLED | THIRD)}


@pytest.mark.parametrize("order", [1, -1])
def test_long_tables_of_several_respondents(tmp_path, order):
    """Without papers a form is known by identifier, year and place, in whatever order the rows stand."""
    head = ("БИН", "ИИН", "год", "КАТО", *LONG)
    rows = [
        (BIN, "", 2025, "711210000", 2, "1", 1, 5), (BIN, "", 2025, "711210000", 2, "1.1", 1, 5),
        (BIN, "", 2025, "751210000", 2, "1", 1, 6), (BIN, "", 2024, "711210000", 2, "1", 1, 4),
        ("", IIN, 2025, "711210000", 2, "1", 1, 7),
    ]  # fmt: skip
    forms, _ = typed(write_csv(tmp_path / "a.csv", [head, *rows[::order]]))
    assert sorted(sum(map(int, values(form).values())) for form in forms) == [4, 6, 7, 10]
    assert len({form.reading.form for form in forms}) == 4


def test_a_key_that_is_typed_once_holds_until_the_next(tmp_path):
    """As people type lists: the identifier in the first row of a form only."""
    rows = [("БИН", "ИИН", *LONG), (BIN, "", 2, "1", 1, 5), ("", "", 2, "1.1", 1, 5), ("", IIN, 2, "1", 1, 7)]
    assert told(write_csv(tmp_path / "a.csv", rows)) == {
        ("a.csv", 1): (BIN, {"s2/1/1": "5", "s2/1.1/1": "5"}), ("a.csv", 2): (IIN, {"s2/1/1": "7"}),
    }  # fmt: skip


def test_wide_tables_with_the_identifier_beside_every_line(tmp_path):
    head = ("БИН", "ИИН", "раздел", "код строки", 1, 2, 3)
    rows = [head, (BIN, "", 2, "1", 5, 5, None), (BIN, "", 2, "1.1", 5, 5, None), ("", IIN, 2, "1", 7, None, 7)]
    assert told(write_csv(tmp_path / "a.csv", rows)) == {
        ("a.csv", 1): (BIN, {"s2/1/1": "5", "s2/1/2": "5", "s2/1.1/1": "5", "s2/1.1/2": "5"}),
        ("a.csv", 2): (IIN, {"s2/1/1": "7", "s2/1/3": "7"}),
    }  # fmt: skip


def test_one_form_stays_one_form(tmp_path):
    """Columns of keys that say the same in every row."""
    rows = [("БИН", "форма", *LONG), (BIN, 1, 2, "1", 1, 5), (BIN, 1, 2, "1.1", 1, 5)]
    assert only(write_csv(tmp_path / "a.csv", rows)) == {"s2/1/1": "5", "s2/1.1/1": "5"}
