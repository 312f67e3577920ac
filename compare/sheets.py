"""The sheet of a sample: cells to key from the image, empty when it goes out, and read when it comes back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from compare.run import Key, place_of
from compare.sampling import Sample
from layouts.errors import QagazError
from layouts.model import Place
from postprocess.amounts import plain_decimal

BLANK = frozenset({"пусто", "бос", "blank"})  # a blank cell has to be said to be blank
NOUGHTS = frozenset({"-", "–", "—"})
NEEDED = ("source", "form", "place", "drawn", "value")
ENCODING = "utf-8-sig"


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
    '200/2026'
    """
    return f"{sample.size}/{sample.seed}"


def read_sheet(path: Path) -> Keyed:
    """A sheet filled in; SheetError with the row where something is no figure and not said to be blank."""
    rows = _rows(path)
    if not rows or any(name not in rows[0] for name in NEEDED):
        raise SheetError("error.sample-columns", file=path.name, columns=", ".join(NEEDED))
    marks = {row["drawn"] for row in rows}
    size, _, seed = next(iter(marks)).partition("/")
    if len(marks) > 1 or not size.isdecimal():
        raise SheetError("error.sample-other", file=path.name)
    figures: dict[tuple[Key, Place], Decimal | None] = {}
    cells = set()
    for number, row in enumerate(rows, start=2):
        at = ((row["source"], int(row["form"])), place_of(row["place"]))
        cells.add(at)
        if row["value"].strip():
            figures[at] = _figure(path, number, row["value"])
    return Keyed(int(size), seed, frozenset(cells), figures)


def is_of(keyed: Keyed, sample: Sample) -> bool:
    """Whether a sheet has all the cells of a draw and no other."""
    return keyed.cells == {(cell.key, cell.place) for cell in sample.cells}


def _rows(path: Path) -> list[dict[str, str]]:
    """The sheet's rows; spreadsheets save it with commas or semicolons."""
    try:
        text = path.read_text(encoding=ENCODING)
    except (OSError, UnicodeDecodeError) as error:
        raise SheetError("error.sample-unreadable", file=path.name) from error
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    return [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(io.StringIO(text), delimiter=delimiter)]


def _figure(path: Path, row: int, text: str) -> Decimal | None:
    bare = text.strip().casefold()
    if bare in BLANK:
        return None
    if bare in NOUGHTS:
        return Decimal(0)
    try:
        return plain_decimal(Decimal(re.sub(r"\s", "", bare).replace(",", ".")))
    except ArithmeticError:
        raise SheetError("error.sample-figure", file=path.name, row=str(row), text=text[:40]) from None
