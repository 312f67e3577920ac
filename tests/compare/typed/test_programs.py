"""Workbooks as programs write them. Those of LibreOffice 7.4 lie in `data`, made by it alone:

    soffice --headless --convert-to xlsx --infilter="CSV:59,34,76,1,,1049,false,true" form.csv   # 1033 for -en

a form typed in its own layout, as CSV, opened in a Russian (English) locale that looks for numbers and days; and a
workbook with one form a row, two rows of merged headings, a hidden row and a row of sums, saved as .xlsx, .ods, .xls.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from compare.typed.files import open_sheets
from tests.compare.typed.tables import CODES, FILLED, only, refused, typed, values, wide_rows
from tests.factories import BIN, layout

DATA = Path(__file__).parent / "data"
TYPED = {
    "s2/1/1": "12345.6", "s2/1/2": "12345.6", "s2/1.1/1": "100", "s2/1.10/1": "1234", "s2/1.10/2": "0",
    "s2/1.16.1/6": "0.5",
}  # fmt: skip


@pytest.mark.parametrize("name", ["libreoffice-ru.xlsx", "libreoffice-en.xlsx"])
def test_a_form_that_libreoffice_saved(name):
    """Codes of three parts became days of 2001, in English 1.10 the number 1.1; the identifier lost its nought."""
    entries = [entry for (sheet,) in [open_sheets(DATA / name)] for row in sheet.rows for entry in row[:1] if entry]
    assert sum(isinstance(entry.content, date) for entry in entries) + ("en" in name) > 0
    (form,), _ = typed(DATA / name)
    assert values(form) == TYPED
    assert (form.value("bin"), form.value("year")) == (BIN, "2025")


def test_one_form_a_row_that_libreoffice_saved():
    """Merged headings hold for their columns; the hidden row is read and told of, the sums are passed over."""
    forms, notes = typed(DATA / "libreoffice-across.xlsx")
    assert [(form.reading.source.file, values(form)) for form in forms] == [
        ("a.pdf", TYPED), ("b.pdf", {"s2/1/1": "7", "s2/1.16.1/6": "7"}),
    ]  # fmt: skip
    told = {note.message_id: note.told for note in notes}
    assert told["told.typed-rows-hidden"]["rows"] == "4"
    assert told["told.typed-total-passed"]["row"] == "5"


@pytest.mark.parametrize(("name", "code"), [("ods", "typed-open-document"), ("xls", "typed-old-workbook")])
def test_other_formats_are_told_apart(name, code):
    """Each with its own remedy."""
    assert refused(DATA / f"libreoffice.{name}") == [(code, None, None)]


@pytest.mark.parametrize("texts", [True, False])
def test_a_form_as_excel_saves_it(tmp_path, texts):
    """XlsxWriter's files are as Excel's: shared strings, numbers as texts or as numbers, days with a format."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mmm"}) as book:
        sheet = book.add_worksheet("Раздел 2")
        for number, row in enumerate(wide_rows(kind=str if texts else int)):
            for column, value in enumerate(row):
                if value == "1.10" and not texts:
                    sheet.write_datetime(number, column, date(2026, 10, 1))
                elif isinstance(value, str) and texts:
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(10, 12, None, None, {"hidden": True})
    assert only(path) == FILLED


def test_a_form_as_a_person_dresses_it_up(tmp_path):
    """openpyxl's files, with empty rows and columns, thousands as texts with spaces, a row of sums and notes below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append([None, f"БИН {BIN}", None, None, "за 2025 год"])
    sheet.append([])
    numbers = [column.number for column in layout().table(2).columns]
    sheet.append([None, "Код строки", None, *numbers])
    amounts = {"1": ["12\u00a0345,6", "12 345,6"], "1.1": ["100"], "1.10": ["1\u202f234", "-"]}
    for code in CODES:
        sheet.append([None, code, None, *amounts.get(code, [])])
    sheet.append([None, "Итого", None, 13_679.6])
    sheet.append([])
    sheet.append([None, "Примечание: 12 строк проверены 3 раза"])
    sheet.sheet_view.showGridLines = False
    book.save(tmp_path / "a.xlsx")
    (form,), notes = typed(tmp_path / "a.xlsx")
    assert values(form) == {at: text for at, text in TYPED.items() if "16" not in at}
    assert (form.value("bin"), form.value("year")) == (BIN, "2025")
    assert [n.told["text"] for n in notes if n.message_id == "told.typed-row-passed"] == ["Итого"]
