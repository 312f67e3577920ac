"""Figures as a workbook that opens in any spreadsheet program: numbers as numbers, texts never as formulas."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from qagaz.parts import TEMPORARY
from qagaz.tables import Row, Table

NUMBERS = ("paper_value", "final_value")  # plain decimals, or blank
EXACT = 15  # digits a spreadsheet keeps; longer numbers stay text
WIDEST = 40  # characters


def write_workbook(target: Path, table: Table, rows: Iterable[Row]) -> None:
    """The rows on one sheet, under a temporary name until all is written. OSError if that is not possible."""
    names = [column.name for column in table.columns]
    frame = pd.DataFrame.from_records(list(rows), columns=names)
    for name in NUMBERS:
        frame[name] = frame[name].map(_number)
    temporary = target.with_name(f".{target.name}{TEMPORARY}")
    try:
        with pd.ExcelWriter(temporary, engine="openpyxl") as book:
            frame.to_excel(book, sheet_name=table.name[:31], index=False, freeze_panes=(1, 0))
            _dress(book.sheets[table.name[:31]])
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _number(value: str) -> Decimal | str | None:
    """The amount as a spreadsheet keeps it exactly.

    >>> _number("12.5"), _number(""), _number("12345678901234567")
    (Decimal('12.5'), None, '12345678901234567')
    """
    if not value:
        return None
    return Decimal(value) if sum(sign.isdigit() for sign in value) <= EXACT else value


def _dress(sheet: Any) -> None:
    """Columns wide enough to read, and every text a text: a note that begins with «=» is no formula."""
    for column in sheet.columns:
        widest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(widest + 2, WIDEST)
        for cell in column:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.auto_filter.ref = sheet.dimensions
