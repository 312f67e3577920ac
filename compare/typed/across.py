"""Tables with one form a row: every heading of a figure names a line and a column of the form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from compare.typed.drafts import Draft, Gathered, RowKeys, check_unit, is_total, only_table
from compare.typed.headings import Heading, headings
from compare.typed.labels import Codes, Label, label_of
from compare.typed.records import Entry, Problem, Sheet
from layouts.model import Layout, TableLayout

FIRST_ROWS = 20  # among which the headings begin: what stands above them is a title
DEEPEST = 3  # rows of headings: section, line, column
FEWEST = 3  # headings that name a cell, from which the table is one of this kind

Labels = Mapping[int, Label]  # position → the cell that its heading names


@dataclass(frozen=True, slots=True)
class Head:
    """The rows of the headings and the cells that they name."""

    first: int
    last: int
    labels: Labels

    @property
    def plain(self) -> bool:
        """Whether each heading names its cell by itself: figures do not look like that."""
        return self.first == self.last


def find_head(sheet: Sheet, layout: Layout) -> Head | None:
    """The headings, in one to three rows; None if the sheet is no such table."""
    codes = Codes.of(layout)
    found = [
        Head(first, first + deep - 1, labels)
        for first in range(min(FIRST_ROWS, len(sheet.rows)))
        for deep in range(1, min(DEEPEST, len(sheet.rows) - first) + 1)
        if (labels := _labels(sheet, range(first, first + deep), codes))
    ]
    plain = max((head for head in found if head.plain), key=_telling, default=None)
    if plain is not None:  # rows above it may still name the sections; rows below it are figures
        found = [head for head in found if head.last == plain.last]
    return max(found, key=_telling, default=None)


def gather_across(sheet: Sheet, head: Head, gathered: Gathered) -> None:
    """Every row below the headings as one form; rows without any key and figure are passed over."""
    at = _keys(sheet, head)
    check_unit(sheet, range(head.last + 1), gathered)
    tables = dict(_tables(sheet, head, gathered))
    number, ended = 0, False
    for row in range(head.last + 1, len(sheet.rows)):
        figures = any(sheet.at(row, column) is not None for column in tables)
        ended = ended or not any(sheet.rows[row])
        if not figures and (ended or not _keyed(RowKeys(sheet, row, at))):
            continue  # a note, a signature
        if (total := is_total(sheet, row, min(tables, default=0))) is not None:
            gathered.notes.append(Problem("told.typed-total-passed", sheet.spot(row, 0), (("text", total.text),)))
        elif not RowKeys(sheet, row, at).too_long(head.last, gathered):
            number += 1
            _gather_row(RowKeys(sheet, row, at, number), head, tables, gathered)


def _keyed(told: RowKeys) -> bool:
    """Whether a row without figures names a form all the same: somebody typed that it is empty."""
    identifiers = (told.entry(name) for name in (Heading.BIN, Heading.IIN))
    named = any(told.entry(name) for name in (Heading.FILE, Heading.SOURCE))
    return named or any(entry is not None and entry.text.isdecimal() for entry in identifiers)


def _labels(sheet: Sheet, rows: range, codes: Codes) -> Labels:
    """What the headings in these rows name; nothing where too few name a cell, or several the same one."""
    columns = range(max((len(sheet.rows[row]) for row in rows), default=0))
    stacks = {column: stack for column in columns if (stack := list(_stack(sheet, rows, column)))}
    for dotted in (True, False) if len(rows) == 1 else (False,):
        told = {column: label_of(stack, codes, dotted=dotted) for column, stack in stacks.items()}
        labels = {column: label for column, label in told.items() if label is not None}
        if len(labels) >= FEWEST and (_sound(labels, rows) if not dotted else _dotted(labels, stacks, codes)):
            return labels
    return {}


def _stack(sheet: Sheet, rows: range, column: int) -> Iterator[Entry]:
    """A column's headings from top to bottom; one that spans several columns holds for each of them."""
    above: Entry | None = None
    for row in rows:
        entry = sheet.at(row, column)
        if entry is None and row < rows[-1]:
            entry = next((e for at in range(column - 1, -1, -1) if (e := sheet.at(row, at)) is not None), None)
        if entry is not None and not (entry.merged and above is not None and above.content == entry.content):
            yield entry
        above = entry


def _sound(labels: Labels, rows: range) -> bool:
    """Whether they are headings of cells; in several rows the same column stands under several lines.

    A form's own row of column numbers over its first line of figures has each column once.
    """
    names = Counter((label.section, label.lines, label.column) for label in labels.values())
    most = max(names.values())
    columns = Counter(label.column for label in labels.values())
    return most <= DEEPEST and (len(rows) == 1 or max(columns.values()) > most)


def _dotted(labels: Labels, stacks: Mapping[int, Sequence[Entry]], codes: Codes) -> bool:
    """Whether line and column are parted by a point: some code is no line, and none is no cell."""
    numbered = [stack[0] for stack in stacks.values() if stack[0].text[:1].isdigit()]
    return len(labels) == len(numbered) and any(not codes.named_line(entry) for entry in numbered)


def _telling(head: Head) -> tuple[int, int, int]:
    """The most cells, then the most of them with their section, then the fewest rows."""
    named = sum(bool(label.section) for label in head.labels.values())
    return len(head.labels), named, head.first - head.last


def _keys(sheet: Sheet, head: Head) -> dict[Heading, int]:
    found: dict[Heading, int] = {}
    for row in range(head.last, head.first - 1, -1):
        found = headings(sheet.rows[row]) | found
    return {name: column for name, column in found.items() if column not in head.labels}


def _tables(sheet: Sheet, head: Head, gathered: Gathered) -> Iterator[tuple[int, TableLayout]]:
    """The table of each heading: as it says, or as the columns of its stretch allow only one."""
    by_number = {str(table.section): table for table in gathered.layout.tables}
    for stretch in _stretches(head.labels):
        numbers = list(dict.fromkeys(head.labels[column].column for column in stretch))
        table = by_number.get(head.labels[stretch[0]].section) or only_table(sheet.name, numbers, gathered.layout)
        if table is None:
            sections = ", ".join(by_number)
            gathered.wrong("error.typed-block", sheet.spot(head.last, stretch[0]), sections=sections)
            continue
        for column in stretch:
            if head.labels[column].column in {each.number for each in table.columns}:
                yield column, table


def _stretches(labels: Labels) -> list[list[int]]:
    """Headings side by side that are of one table: until the section is another, or a cell comes again."""
    found: list[list[int]] = []
    seen: set[tuple[str, tuple[str, ...], str]] = set()
    section = ""
    for column in sorted(labels):
        label = labels[column]
        name = (label.section, (label.line.text, *label.lines), label.column)
        if not found or label.section != section or name in seen:
            found.append([])
            seen, section = set(), label.section
        seen.add(name)
        found[-1].append(column)
    return found


def _gather_row(told: RowKeys, head: Head, tables: Mapping[int, TableLayout], gathered: Gathered) -> None:
    key = told.form(gathered)
    if key is None:
        return
    for column, table in tables.items():
        label = head.labels[column]
        known = {line.code for line in table.lines}
        lines = tuple(code for code in label.lines if code in known)
        spot, entry = told.sheet.spot(told.row, column), told.sheet.at(told.row, column)
        line_spot = told.sheet.spot(head.last, column)
        gathered.drafts.append(Draft(key, table, lines, label.line, line_spot, label.column, entry, spot))
