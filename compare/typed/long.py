"""Tables with one figure a row: section, line, column, value."""

from __future__ import annotations

from compare.typed.codes import meant
from compare.typed.drafts import Draft, Gathered, RowKeys
from compare.typed.headings import VALUES, Heading, headings, is_long, is_own, other_unit
from compare.typed.records import Sheet
from layouts.model import TableLayout
from layouts.problems import span
from postprocess.units import in_thousands

HEAD_ROWS = 60  # rows among which the headings of a table are looked for: what stands above them is a title


def find_headings(sheet: Sheet) -> int | None:
    """The row of the headings; None if the sheet is no such table."""
    rows = sheet.rows[:HEAD_ROWS]
    return next((number for number, row in enumerate(rows) if is_long(headings(row))), None)


def gather_long(sheet: Sheet, head: int, gathered: Gathered) -> None:
    """Every row below the headings as one figure; rows without any key and value are passed over."""
    at = headings(sheet.rows[head])
    value = next(at[name] for name in VALUES if name in at)
    keys = {name: position for name, position in at.items() if name not in VALUES}
    own = is_own(sheet.rows[head])
    headed = sheet.at(head, value)
    if headed is not None and (unit := other_unit(headed.text)) and in_thousands(gathered.layout.unit):
        gathered.wrong("error.typed-unit", sheet.spot(head, value), unit=unit)
    for row in range(head + 1, len(sheet.rows)):
        told = RowKeys(sheet, row, keys)
        if sheet.at(row, value) is None and not any(told.entry(name) for name in (Heading.LINE, Heading.COLUMN)):
            continue
        if not told.too_long(head, gathered):
            _gather_row(told, value, gathered, own=own)


def _gather_row(told: RowKeys, value: int, gathered: Gathered, *, own: bool) -> None:
    key, table = told.form(gathered), told.table(gathered)
    if key is None or table is None:
        return
    lines, column = told.lines(table, gathered), _column(told, table, gathered)
    line = told.entry(Heading.LINE)
    if lines and column and line is not None:
        spot = told.sheet.spot(told.row, value)
        entry = told.sheet.at(told.row, value)
        gathered.drafts.append(Draft(key, table, lines, line, told.spot(Heading.LINE), column, entry, spot, exact=own))


def _column(told: RowKeys, table: TableLayout, gathered: Gathered) -> str:
    """The row's column; the only one of a table that has one; "" (and a problem) if it cannot be told."""
    numbers = [column.number for column in table.columns]
    entry = told.entry(Heading.COLUMN)
    if entry is None:
        if Heading.COLUMN not in told.at and len(numbers) == 1:
            return numbers[0]
        spot = told.spot(Heading.COLUMN) if Heading.COLUMN in told.at else told.sheet.spot(told.row, 0)
        gathered.wrong("error.typed-column-missing", spot, columns=span(numbers))
        return ""
    found = meant(entry, numbers)
    if len(found) != 1:
        section = str(table.section)
        gathered.wrong(
            "error.typed-column", told.spot(Heading.COLUMN), text=entry.text, section=section, columns=span(numbers)
        )
        return ""
    return found[0]
