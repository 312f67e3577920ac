"""A whole form at a glance: every figure as it stands now, whose word it is, and what is in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from layouts.model import ColumnKind, TableLayout
from layouts.words import Language
from review.answers import Origin
from review.case import Case
from review.schema import Cell
from review.station.pages.named import Name, in_language, name_of
from validate.records import Status

Whose = Literal["machine", "operator", "respondent", "unit", "open", "none"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell of the table. `paper` differs from `now` where the respondent corrected it."""

    place: str
    now: str
    paper: str
    whose: Whose
    name: Name


@dataclass(frozen=True, slots=True)
class Row:
    """One line; None where the column has no figure on it."""

    code: str
    label: str
    part: bool  # an "of which" line
    slots: tuple[Slot | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One section."""

    section: int
    title: str
    columns: tuple[tuple[str, str], ...]  # number and heading
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field outside the tables."""

    name: Name
    now: str
    whose: Whose


def tables_of(case: Case, language: Language) -> Iterator[Table]:
    """Every section with its figures; nothing where the layout is not at hand."""
    if case.layout is None:
        return
    cells = {cell.place: cell for cell in case.cells}
    asked = {question.place for question in case.questions}
    for table in case.layout.tables:
        columns = tuple((column.number, in_language(column.heading, language)) for column in table.columns)
        rows = tuple(_row(case, table, code, cells, asked, language) for code in (line.code for line in table.lines))
        yield Table(table.section, in_language(table.title, language), columns, rows)


def fields_of(case: Case, language: Language) -> Iterator[FieldRow]:
    """Every field that is no country cell."""
    asked = {question.place for question in case.questions}
    for cell in case.cells:
        if not cell.figure and "/" not in cell.place:
            said = case.answers.get(cell.place)
            now = said.value if said and said.value else cell.value
            yield FieldRow(name_of(case.layout, cell.place, language), now, _whose(case, cell, asked))


def _row(
    case: Case, table: TableLayout, code: str, cells: Mapping[str, Cell], asked: set[str], language: Language
) -> Row:
    line = table.line(code)
    slots = []
    for column in table.columns:
        figure = column.kind is ColumnKind.AMOUNT
        place = f"s{table.section}/{code}/{column.number}" if figure else f"country/{code}"
        cell = cells.get(place)
        slots.append(_slot(case, cell, asked, language) if cell else None)
    return Row(code, in_language(line.label, language), line.parent is not None, tuple(slots))


def _slot(case: Case, cell: Cell, asked: set[str], language: Language) -> Slot:
    said = case.answers.get(cell.place)
    now = case.values.get(cell.place, "") if cell.figure else (said.value if said and said.value else cell.value)
    paper = now if said is None or said.origin is not Origin.RESPONDENT else said.paper
    name = name_of(case.layout, cell.place, language)
    return Slot(cell.place, now, cell.value if paper is None else paper, _whose(case, cell, asked), name)


def _whose(case: Case, cell: Cell, asked: set[str]) -> Whose:
    said = case.answers.get(cell.place)
    if cell.place in asked:
        return "open"
    if said is not None:
        return "respondent" if said.origin is Origin.RESPONDENT else "operator"
    if cell.figure and case.values.get(cell.place, "") != cell.value:
        return "unit"
    if cell.status == Status.REVIEW.value and cell.page is not None:
        return "open"
    return "machine" if cell.value else "none"
