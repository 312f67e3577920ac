"""Tables as a workbook that opens in any spreadsheet program: numbers as numbers, texts never as formulas.

It is written chunk by chunk: memory does not grow with the number of rows. Every text is a text by its type, and one
that would be a formula is also marked, so that it stays a text when somebody edits its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from qagaz.parts import TEMPORARY
from qagaz.tables import Row, Table
from review.defused import is_formula

NUMBERS = ("paper_value", "final_value", "machine", "manual", "paper")  # plain decimals, or blank
EXACT = 15  # digits a spreadsheet keeps; longer numbers stay text
MOST_ROWS = (1 << 20) - 1  # of one sheet beside its heading; what is more goes on to another
MOST_LETTERS = 32_767  # of one cell
CHUNK = 20_000  # rows in memory
WIDTHS = {"source": 14, "file": 32, "note": 32, "department": 24, "batch": 20, "when": 21, "layout": 18}  # characters
WIDTH = 11  # of other columns
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in no XML document
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(target: Path, tables: Iterable[tuple[Table, Iterable[Row]]]) -> None:
    """Tables as a workbook, one after the other. OSError if that is not possible."""
    temporary = target.with_name(f".{target.name}{TEMPORARY}")
    try:
        with pd.ExcelWriter(temporary, engine="xlsxwriter", engine_kwargs={"options": OPTIONS}) as writer:
            for table, rows in tables:
                _write(writer.book, table, iter(rows))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _write(book: Any, table: Table, rows: Iterator[Row]) -> None:
    """One table on a sheet of its own, or on several where there are too many rows for one."""
    looks = {name: book.add_format(dress) for name, dress in _LOOKS.items()}
    number, left = 1, islice(rows, MOST_ROWS)
    while True:
        title = table.name[:31] if number == 1 else f"{table.name[:26]} {number}"
        if _sheet(book.add_worksheet(title), table, left, looks) < MOST_ROWS:
            return
        number, left = number + 1, islice(rows, MOST_ROWS)


_LOOKS = {
    "heading": {"num_format": "@", "bold": True},
    "text": {"num_format": "@"},
    "formula": {"num_format": "@", "quote_prefix": True},
}


def _sheet(sheet: Any, table: Table, rows: Iterator[Row], looks: dict[str, Any]) -> int:
    """How many rows it took."""
    names = [column.name for column in table.columns]
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(names):
        sheet.set_column(at, at, WIDTHS.get(name, WIDTH))
        sheet.write_string(0, at, name, looks["heading"])
    count = 0
    while chunk := list(islice(rows, CHUNK)):
        frame = pd.DataFrame.from_records(chunk, columns=names)
        for name in set(NUMBERS) & set(names):
            frame[name] = _amounts(frame[name])
        for row in frame.itertuples(index=False):
            count += 1
            _line(sheet, count, row, looks)
    sheet.autofilter(0, 0, count, len(names) - 1)
    return count


def _amounts(values: pd.Series[Any]) -> pd.Series[Any]:
    """Amounts as numbers where a spreadsheet keeps them exactly; longer ones, and blanks, as they are.

    >>> list(_amounts(pd.Series(["12.5", "", "12345678901234567"], dtype=object)))
    [12.5, '', '12345678901234567']
    """
    exact = (values != "") & (values.str.count(r"\d") <= EXACT)
    return values.where(~exact, pd.to_numeric(values.where(exact), errors="coerce").astype(object))


def _line(sheet: Any, at: int, row: Iterable[Any], looks: dict[str, Any]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                shown = UNWRITABLE.sub("\ufffd", value[:MOST_LETTERS])
                sheet.write_string(at, column, shown, looks["formula" if is_formula(value) else "text"])
        elif value is not None and value == value:  # noqa: PLR0124 - a missing number is not equal to itself
            sheet.write_number(at, column, value)
