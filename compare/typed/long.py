"""Tables with one figure a row: section, line, column, value."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from operator import is_

from compare.typed.codes import REMEMBERED, meant
from compare.typed.drafts import Draft, Gathered, RowKeys
from compare.typed.headings import VALUES, Heading, headings, is_long, is_own, other_unit
from compare.typed.records import Entry, FormKey, Problem, Sheet, letter
from layouts.model import TableLayout
from layouts.problems import span
from postprocess.units import in_thousands

HEAD_ROWS = 60  # rows among which the headings of a table are looked for: what stands above them is a title
PLACE = (Heading.SECTION, Heading.LINE, Heading.COLUMN)  # of a figure in its form
FIGURES = 0.9  # share of a column's entries without words, from which it may hold the figures


def find_headings(sheet: Sheet) -> int | None:
    """The row of the headings; None if the sheet is no such table."""
    rows = sheet.rows[:HEAD_ROWS]
    return next((number for number, row in enumerate(rows) if is_long(headings(row))), None)


def gather_long(sheet: Sheet, head: int, gathered: Gathered) -> None:
    """Every row below the headings as one figure; rows without any key and value are passed over."""
    at = headings(sheet.rows[head])
    value = next((at[name] for name in VALUES if name in at), None)
    value = _unknown(sheet, head, at.values(), gathered) if value is None else value
    if value is None:
        return
    keys = {name: position for name, position in at.items() if name not in VALUES}
    own = is_own(sheet.rows[head])
    headed = sheet.at(head, value)
    if headed is not None and (unit := other_unit(headed.text)) and in_thousands(gathered.layout.unit):
        gathered.wrong("error.typed-unit", sheet.spot(head, value), unit=unit)
    said = _Said()
    for row in range(head + 1, len(sheet.rows)):
        told = RowKeys(sheet, row, keys)
        if sheet.at(row, value) is None and not any(told.entry(name) for name in (Heading.LINE, Heading.COLUMN)):
            continue
        if not told.too_long(head, gathered):
            said.gather(told, value, gathered, own=own)


def _unknown(sheet: Sheet, head: int, known: Collection[int], gathered: Gathered) -> int | None:
    """The one column without a known heading that holds figures, with a note; None (and a question) else."""
    names = {
        column: entry.text for column, entry in enumerate(sheet.rows[head]) if entry is not None and column not in known
    }
    found = [column for column in names if _holds_figures(sheet, head, column)]
    if len(found) == 1:
        told = (("heading", names[found[0]]),)
        gathered.notes.append(Problem("told.typed-value-taken", sheet.spot(head, found[0]), told))
        return found[0]
    offered = ", ".join(f"{letter(column)} «{names[column]}»" for column in found or names) or "–"
    gathered.wrong("error.typed-value-open", sheet.spot(head, min(found, default=0)), columns=offered)
    return None


def _holds_figures(sheet: Sheet, head: int, column: int) -> bool:
    """Whether nearly all that stands in a column has digits and no words, but for dashes."""
    entries = [entry for row in range(head + 1, len(sheet.rows)) if (entry := sheet.at(row, column)) is not None]
    figures = sum(not any(ch.isalpha() for ch in entry.text) for entry in entries)
    return any(any(ch.isdigit() for ch in entry.text) for entry in entries) and figures >= FIGURES * len(entries)


Where = tuple[TableLayout, tuple[str, ...], str]  # of a row: table, codes of the lines it may be, column


@dataclass(slots=True)
class _Said:
    """What rows said before: hundreds in turn are one form's, and every form has the same lines and columns.

    Entries are known again by identity, which a CSV file's equal ones share. What met with a problem is read again.
    """

    form_entries: tuple[Entry | None, ...] = ()
    key: FormKey | None = None
    places: dict[tuple[int, ...], Where] = field(default_factory=dict)

    def gather(self, told: RowKeys, value: int, gathered: Gathered, *, own: bool) -> None:
        """One row as one figure."""
        key, where = self._form(told, gathered), self._place(told, gathered)
        line = told.entry(Heading.LINE)
        if key is not None and where is not None and line is not None:
            (table, lines, column), spot = where, told.sheet.spot(told.row, value)
            entry, line_spot = told.sheet.at(told.row, value), told.spot(Heading.LINE)
            gathered.drafts.append(Draft(key, table, lines, line, line_spot, column, entry, spot, exact=own))

    def _form(self, told: RowKeys, gathered: Gathered) -> FormKey | None:
        entries = tuple(told.sheet.at(told.row, at) for name, at in told.at.items() if name not in PLACE)
        if self.key is not None and all(map(is_, entries, self.form_entries)):
            return self.key
        before = len(gathered.problems)
        key = told.form(gathered)
        self.form_entries, self.key = entries, key if len(gathered.problems) == before else None
        return key

    def _place(self, told: RowKeys, gathered: Gathered) -> Where | None:
        said = tuple(id(told.entry(name)) for name in PLACE)
        if (known := self.places.get(said)) is not None:
            return known
        table = told.table(gathered)
        if table is None:
            return None
        lines, column = told.lines(table, gathered), _column(told, table, gathered)
        if not (lines and column):
            return None
        if len(self.places) < REMEMBERED:
            self.places[said] = (table, lines, column)
        return table, lines, column


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
