"""The sheet of a sample: cells to key from the image, empty when it goes out, and read when it comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from compare.run import Key, place_of
from compare.sampling import Sample
from compare.typed.files import open_sheets
from compare.typed.records import BadTable, Entry, Sheet
from layouts.errors import QagazError
from layouts.model import Place
from postprocess.amounts import plain_decimal

BLANK = frozenset({"пусто", "бос", "blank"})  # a blank cell has to be said to be blank
NOUGHTS = frozenset({"-", "–", "—"})
NEEDED = ("source", "form", "place", "drawn", "value")
HEAD_ROWS = 10  # among which the columns' names stand: words for people are above them
MARK = "draw-"  # without a word before it, a spreadsheet takes 12/2026 for a day


class SheetError(QagazError):
    """A sheet that is not the one that was drawn, or holds what is no figure."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """What came back: the draw it is of, and the figures keyed; a cell left empty is not keyed."""

    size: int
    seed: str
    cells: frozenset[tuple[Key, Place]]
    figures: Mapping[tuple[Key, Place], Decimal | None]


def drawn(sample: Sample) -> str:
    """The mark of a draw, by which a sheet is known to be complete.

    >>> drawn(Sample(200, "2026", (), {}))
    'draw-200/2026'
    """
    return f"{MARK}{sample.size}/{sample.seed}"


def read_sheet(path: Path) -> Keyed:
    """A sheet filled in, CSV or Excel; SheetError with the row where something is no figure, or not of this sheet."""
    sheet, head, at = _found(path)
    rows = list(_rows(sheet, head, at))
    marks = {_text(row["drawn"]) for _number, row in rows}
    size, _, seed = next(iter(marks), "").removeprefix(MARK).partition("/")
    if len(marks) != 1 or not size.isdecimal():
        raise SheetError("error.sample-other", file=path.name)
    figures: dict[tuple[Key, Place], Decimal | None] = {}
    cells = set()
    for number, row in rows:
        where = _where(path, row)
        cells.add(where)
        if (entry := row["value"]) is not None:
            figures[where] = _figure(path, number, entry)
    return Keyed(int(size), seed, frozenset(cells), figures)


def is_of(keyed: Keyed, sample: Sample) -> bool:
    """Whether a sheet has all the cells of a draw and no other."""
    return keyed.cells == {(cell.key, cell.place) for cell in sample.cells}


def _found(path: Path) -> tuple[Sheet, int, Mapping[str, int]]:
    """The sheet, the row of its columns' names, and where each stands; spreadsheets save it in many ways."""
    try:
        sheets = open_sheets(path)
    except BadTable as error:
        raise SheetError("error.sample-unreadable", file=path.name) from error
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:HEAD_ROWS]):
            names = {entry.text: column for column, entry in enumerate(row) if entry is not None and not entry.merged}
            if all(name in names for name in NEEDED):
                return sheet, number, names
    raise SheetError("error.sample-columns", file=path.name, columns=", ".join(NEEDED))


def _rows(sheet: Sheet, head: int, at: Mapping[str, int]) -> Iterator[tuple[int, Mapping[str, Entry | None]]]:
    """Each row's number as a spreadsheet shows it, and what stands in the columns that are needed."""
    for number in range(head + 1, len(sheet.rows)):
        row = {name: sheet.at(number, at[name]) for name in NEEDED}
        if row["source"] is not None:
            yield number + 1, row


def _where(path: Path, row: Mapping[str, Entry | None]) -> tuple[Key, Place]:
    try:
        return (_text(row["source"]), int(_text(row["form"]))), place_of(_text(row["place"]))
    except ValueError as error:  # somebody wrote over what names the cell
        raise SheetError("error.sample-other", file=path.name) from error


def _text(entry: Entry | None) -> str:
    return "" if entry is None else entry.text


def _figure(path: Path, row: int, entry: Entry) -> Decimal | None:
    if isinstance(entry.content, Decimal):
        return plain_decimal(entry.content)
    bare = entry.text.casefold()
    if bare in BLANK:
        return None
    if bare in NOUGHTS:
        return Decimal(0)
    try:
        return plain_decimal(Decimal(re.sub(r"\s", "", bare).replace(",", ".")))
    except ArithmeticError:
        raise SheetError("error.sample-figure", file=path.name, row=str(row), text=entry.text[:40]) from None
