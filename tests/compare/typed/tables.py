"""Makers of typed tables, and what is read of them."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from compare.typed.figures import typed_figures
from compare.typed.files import open_sheets
from compare.typed.read import read_typed
from compare.typed.records import BadTable
from extract.records import Source
from layouts.load import load_layout, shipped_layouts
from tests.factories import layout

OTHER = load_layout(Path(__file__).parents[2] / "layouts" / "data" / "3-test.toml")
CODES = [line.code for line in layout().table(2).lines]
LONG = ("section", "line", "column", "value")
FILLED = {
    f"s2/{line}/{column}": text for line, text in (("1", "300"), ("1.1", "100"), ("1.10", "200")) for column in "12"
}


def write_csv(path, rows, *, delimiter=",", encoding="utf-8"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path, sheets, merge=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merge:
            sheet.merge_cells(area)
    book.save(path)
    return path


def typed(path, layouts=None):
    """The forms of a file, and its notes."""
    table = read_typed(path.name, open_sheets(path), layouts or shipped_layouts())
    return list(typed_figures(table, Source("0" * 64, path.name, path))), table.notes


def values(form):
    """The figures in which something stands, by place."""
    return {str(f.reading.place): str(f.value) for f in form.figures if f.reading.alternatives}


def only(path, layouts=None):
    """The figures of the only form of a file."""
    forms, _ = typed(path, layouts)
    (form,) = forms
    return values(form)


def refused(path, layouts=None):
    """The problems a file is refused for, as (code, row, column)."""
    with pytest.raises(BadTable) as caught:
        typed(path, layouts)
    return [
        (p.message_id.removeprefix("error."), p.told.get("row"), p.told.get("column")) for p in caught.value.problems
    ]


def long_rows(cells, head=LONG):
    return [head, *((at[1], *at.split("/")[1:], text) for at, text in cells.items())]


def wide_rows(section=2, codes=CODES, cells=FILLED, kind=int):
    numbers = [column.number for column in layout().table(section).columns]
    rows = [["А", "Б", "В", *map(int, numbers)]]
    for code, line in zip(codes, layout().table(section).lines, strict=True):
        told = [cells.get(f"s{section}/{line.code}/{number}") for number in numbers]
        rows.append([code, line.label.ru, line.oked, *(kind(text) if text is not None else None for text in told)])
        if line.code == "1":
            rows.append([None, "оның ішінде / в том числе:"])
    return rows


def as_number(code):
    """What a spreadsheet makes of a code where a point parts decimals."""
    return float(code) if code.count(".") == 1 else code


def as_excel(code):
    """What Excel in a Russian locale makes of a code that is typed into a plain cell."""
    parts = [int(part) for part in code.split(".")]
    if len(parts) == 1:
        return parts[0]
    if parts[1] > 12:
        return code if len(parts) == 3 else float(code)
    return day(2000 + parts[2] if len(parts) == 3 else 2026, parts[1], parts[0])


def day(year, month, number):
    """As openpyxl gives it."""
    return datetime(year, month, number)  # noqa: DTZ001
