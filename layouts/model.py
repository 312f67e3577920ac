"""A form as data: its tables, fields and rules, as the loader hands them to every later stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Place(NamedTuple):
    """One figure cell of a layout: the only key a figure has within a form."""

    section: int
    line: str
    column: str

    def __str__(self) -> str:
        """
        >>> str(Place(2, "1.7", "1"))
        's2/1.7/1'
        """
        return f"s{self.section}/{self.line}/{self.column}"


class ColumnKind(StrEnum):
    """What stands in a column."""

    AMOUNT = "amount"
    COUNTRY = "country"


class FieldKind(StrEnum):
    """How a header or footer field is filled in."""

    BOXES = "boxes"  # one character a box: BIN, IIN, KATO, year
    TEXT = "text"  # written on a line
    OPTION = "option"  # one of several printed options is circled
    SIGNATURE = "signature"  # present or not


CHECK_DIGITS = frozenset({"bin", "iin"})  # checks of fields that a misread code seldom passes


class RuleSet(StrEnum):
    """`table` follows from the form's own structure and decides; `published` is the order's text to the letter."""

    TABLE = "table"
    PUBLISHED = "published"


class Relation(StrEnum):
    """How the two sides of a rule compare."""

    EQUAL = "="
    AT_LEAST = ">="


class Each(StrEnum):
    """What a rule's terms are, and so over what it is repeated."""

    LINE = "line"  # terms are columns; the rule holds on every line
    COLUMN = "column"  # terms are lines; the rule holds in every column


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in the languages of the form; empty where the form has none.

    Forms are printed in Kazakh and Russian. `en` is for people who read, and never what a paper is compared with.
    """

    kk: str
    ru: str
    en: str = ""

    def all(self) -> tuple[str, ...]:
        """Every wording that is not empty."""
        return tuple(text for text in (self.kk, self.ru, self.en) if text)

    def printed(self) -> tuple[str, ...]:
        """Every wording that a form may show."""
        return tuple(text for text in (self.kk, self.ru) if text)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its code, label and activity code, and the line it is an "of which" of."""

    code: str
    label: Words
    oked: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column to fill in, known by the number printed in the number row."""

    number: str
    kind: ColumnKind
    heading: Words
    crossed: frozenset[str] = frozenset()  # lines where the form prints «Х»


@dataclass(frozen=True, slots=True)
class HeadingGroup:
    """A heading that spans several columns, or stands over one column's own heading."""

    columns: tuple[str, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One section's table: label columns, lines from top to bottom, columns from left to right."""

    section: int
    title: Words
    label_columns: tuple[str, ...]  # as printed in the number row: code, label, activity code («А», «Б», «В»)
    label_headings: tuple[Words, ...]
    lines: tuple[Line, ...]
    columns: tuple[Column, ...]
    interludes: tuple[Words, ...] = ()  # rows without code or cells to fill («оның ішінде»)
    groups: tuple[HeadingGroup, ...] = ()  # from the top down
    oked_crossed: frozenset[str] = frozenset()  # lines where the form prints «Х» for an activity code

    def line(self, code: str) -> Line:
        """The line of this code; KeyError if the table has none."""
        for line in self.lines:
            if line.code == code:
                return line
        raise KeyError(code)

    @property
    def amount_columns(self) -> tuple[Column, ...]:
        """The columns that hold figures."""
        return tuple(column for column in self.columns if column.kind is ColumnKind.AMOUNT)


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """One field outside the tables."""

    id: str
    kind: FieldKind
    labels: tuple[Words, ...]  # what is printed beside or before it, most telling first
    length: int = 0  # characters, of a field of boxes
    check: str = ""  # "bin", "iin", "kato", "year": the check its characters obey
    options: tuple[str, ...] = ()  # canonical values of an option field, in the order printed
    option_labels: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as written: `terms` are line codes or column numbers, by `each`."""

    id: str
    set: RuleSet
    section: int
    clause: str  # where it stands: clause of the order, or what of the table implies it
    sentence: Words
    each: Each
    relation: Relation
    left: tuple[str, ...]
    right: tuple[str, ...]
    only: tuple[str, ...] = ()  # the lines or columns it is limited to; empty: all amount columns / all lines
    tolerance: Decimal = Decimal(0)  # thousand tenge; differences up to it are no failure
    cited: Words = Words("", "")  # the clause in the reader's languages


@dataclass(frozen=True, slots=True)
class Mention:
    """What the order says of some lines beside its controls."""

    lines: tuple[str, ...]
    clause: Words
    says: Words


@dataclass(frozen=True, slots=True)
class Control:
    """One rule on one line or column: Σ left (relation) Σ right."""

    rule: Rule
    at: str  # the line or column it is taken on
    left: tuple[Place, ...]
    right: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """All the cells it speaks of, left side first."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A rule that names lines or columns the form does not have."""

    rule: Rule
    absent: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """One edition of one form."""

    id: str  # e.g. "2-uslugi-it.2026"
    index: Words  # the index printed on the form
    title: Words
    valid_from: date  # since when a blank of this edition may be handed in; not the reporting year
    orders: tuple[str, ...]
    unit: str  # "thousand tenge"
    tables: tuple[TableLayout, ...]
    fields: tuple[FieldLayout, ...]
    rules: tuple[Rule, ...]
    sha256: str  # of the file it was read from
    marks: tuple[Words, ...] = field(default=())  # phrases that tell this form from others
    mentions: tuple[Mention, ...] = field(default=())
    printed: tuple[Words, ...] = field(default=())  # all other print outside the tables; nothing is filled in there

    def __hash__(self) -> int:
        """Of what tells it from others: what is remembered by layout is looked up thousands of times a form."""
        return hash((self.id, self.sha256))

    def table(self, section: int) -> TableLayout:
        """The table of a section; KeyError if there is none."""
        for table in self.tables:
            if table.section == section:
                return table
        raise KeyError(section)

    def field(self, field_id: str) -> FieldLayout:
        """The field of this id; KeyError if there is none."""
        for candidate in self.fields:
            if candidate.id == field_id:
                return candidate
        raise KeyError(field_id)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every figure cell, in the order of the form: section, line, column."""
        return tuple(
            Place(table.section, line.code, column.number)
            for table in self.tables
            for line in table.lines
            for column in table.amount_columns
        )

    @cached_property
    def country_places(self) -> tuple[Place, ...]:
        """Every country cell, crossed ones included, in the order of the form."""
        return tuple(
            Place(table.section, line.code, column.number)
            for table in self.tables
            for line in table.lines
            for column in table.columns
            if column.kind is ColumnKind.COUNTRY
        )

    @cached_property
    def parents(self) -> Mapping[tuple[int, str], str]:
        """(section, "of which" line) to the line it is part of."""
        return {(table.section, line.code): line.parent for table in self.tables for line in table.lines if line.parent}


@dataclass(frozen=True, slots=True)
class Notice:
    """A paper that is a response but no form: it says there was no activity."""

    id: str
    marks: tuple[Words, ...]  # phrases it is known by
    sha256: str
