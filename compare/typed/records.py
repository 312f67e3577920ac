"""What is known of a table that somebody typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from layouts.errors import Rejected
from layouts.model import Layout, Place

Content = str | Decimal | date | datetime | bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of a sheet in which something stands; numbers and dates are as a workbook holds them."""

    content: Content
    merged: bool = False  # a part of a merged cell whose content stands at its top left
    text: str = field(init=False, repr=False, compare=False)  # as a person would type it

    def __post_init__(self) -> None:
        text = f"{self.content:f}" if isinstance(self.content, Decimal) else str(self.content).strip()
        object.__setattr__(self, "text", text)


Row = tuple[Entry | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, or a whole CSV file, whose sheet has no name."""

    name: str
    rows: tuple[Row, ...]
    hidden: frozenset[int] = frozenset()  # rows that the program does not show
    turned: bool = False  # rows are the file's columns

    def spot(self, row: int, column: int) -> Spot:
        """Where a cell stands in the file."""
        return Spot(self.name, column, row) if self.turned else Spot(self.name, row, column)

    def across(self) -> Sheet:
        """The sheet with rows and columns exchanged; what is not shown is told of in one direction alone."""
        width = max(map(len, self.rows), default=0)
        rows = tuple(tuple(self.at(row, column) for row in range(len(self.rows))) for column in range(width))
        return Sheet(self.name, rows, turned=not self.turned)

    def at(self, row: int, column: int) -> Entry | None:
        """What stands there; rows and columns count from 0."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell's place in its file, counted from 0."""

    sheet: str
    row: int
    column: int

    @property
    def told(self) -> dict[str, str]:
        """As messages name it: rows from 1, columns by letter."""
        return {"sheet": self.sheet, "row": str(self.row + 1), "column": letter(self.column)}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a table from being checked, worded by the catalogue; without a spot it is the file's."""

    message_id: str
    spot: Spot | None = None
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> dict[str, str]:
        """Everything its message may name but the file."""
        return (self.spot.told if self.spot else {}) | dict(self.parameters)


class BadTable(Rejected):
    """A file whose figures cannot be told, with every problem found; its own message is the first one's."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.message_id, file=file, **first.told)

    def __reduce__(self) -> tuple[type[BadTable], tuple[str, tuple[Problem, ...]]]:
        return BadTable, (self.file, self.problems)


@dataclass(frozen=True, slots=True)
class FormKey:
    """Which form a figure belongs to; `source` is "" where the table does not name the paper's hash."""

    file: str
    form: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure or country cell of a form as its table gives it."""

    place: Place
    entry: Entry | None  # None: the table has the cell, and it is blank
    spot: Spot
    exact: bool = False  # a text that is a plain decimal, as result tables hold it


@dataclass(slots=True)
class TypedForm:
    """One form's cells, and the header fields that the table has columns for."""

    key: FormKey
    cells: dict[Place, Cell] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    operator: str = ""  # who typed it, where the table says so


@dataclass(frozen=True, slots=True)
class TypedTable:
    """All that a file says, on the layout it is typed for; notes are worth telling and stop nothing."""

    layout: Layout
    forms: Mapping[FormKey, TypedForm]
    notes: tuple[Problem, ...] = ()


def letter(column: int) -> str:
    """A column's name in spreadsheet programs.

    >>> letter(0), letter(25), letter(26), letter(701), letter(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
