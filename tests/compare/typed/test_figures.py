"""What stands in a figure's cell: amounts as on paper, numbers as workbooks hold them."""

from __future__ import annotations

from decimal import Decimal

import openpyxl
import pytest

from tests.compare.typed.tables import LONG, typed, values, write_csv, write_xlsx
from tests.factories import place


@pytest.mark.parametrize(("text", "value"), [
    ("12 345,6", "12345.6"), ("12\u00a0345", "12345"), ("12\u202f345,50", "12345.50"),
    ("-", "0"), ("–", "0"), ("0", "0"),
    ("1,2 млн", "1200"), ("345 678 тг", "345.678"), ("(5)", "-5"),
])  # fmt: skip
def test_amounts_are_read_as_on_paper(tmp_path, text, value):
    """Spaces, decimal commas, dashes and units mean what they mean on a form."""
    (form,), _ = typed(write_csv(tmp_path / "a.csv", [LONG, (2, "1.7", 1, text)], delimiter=";"))
    assert Decimal(values(form)["s2/1.7/1"]) == Decimal(value)
    assert next(f for f in form.figures if f.value is not None).written == text


def test_blank_dash_and_nought_are_kept_apart(tmp_path):
    """A blank row of the table is a blank cell; a cell the table has no row for is blank too."""
    rows = [LONG, (2, "1.7", 1, ""), (2, "1.7", 2, "-"), (2, "1.7", 3, "0")]
    (form,), _ = typed(write_csv(tmp_path / "a.csv", rows))
    at = {f.reading.place: f for f in form.figures}
    told = [at[place(f"s2/1.7/{column}")] for column in "1234"]
    assert [(f.written, f.value) for f in told] == [("", None), ("-", 0), ("0", 0), ("", None)]


def test_numbers_of_a_workbook_are_exact(tmp_path):
    """0.1 + 0.2 is 0.3 as Excel shows it, 12.345 has one meaning, a percentage stays one."""
    book = write_xlsx(
        tmp_path / "a.xlsx", {"x": [LONG, (2, "1.7", 1, 0.1 + 0.2), (2, "1.7", 2, 12.345), (2, "1.7", 3, 0.65)]}
    )
    loaded = openpyxl.load_workbook(book)
    loaded["x"]["D4"].number_format = "0%"
    loaded.save(book)
    (form,), _ = typed(book)
    told = {
        f.reading.place.column: (f.written, str(f.value), f.reasons) for f in form.figures if f.reading.alternatives
    }
    assert told == {"1": ("0.3", "0.3", ()), "2": ("12.345", "12.345", ()), "3": ("65 %", "65", ("percent",))}
