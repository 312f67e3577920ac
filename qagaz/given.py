"""Tables that people give: CSV, XLSX or Parquet, their headings in Kazakh, Russian or English."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from layouts.errors import QagazError
from postprocess.regions import folded

ENCODINGS = ("utf-8-sig", "cp1251")  # what spreadsheet programs here write
SEPARATORS = ";\t,"
PARTED_NUMBER = "\x00"  # stands before a number with decimals that a workbook holds as a number
# How a column may be headed; the first that a table has counts.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "bin": ("bin", "бин", "бсн", "бин респондента"),
    "iin": ("iin", "иин", "жсн"),
    "kato": ("kato", "като", "әаож", "код като", "әаож коды"),
    "code": ("code", "код"),
    "region": ("region", "регион", "өңір", "место", "орны", "place"),
    "year": ("year", "год", "жыл", "отчетный год", "отчётный год", "есепті жыл"),
    "section": ("section", "раздел", "бөлім"),
    "line": ("line", "строка", "код строки", "жол", "жол коды"),
    "column": ("column", "графа", "колонка", "баған", "бағана"),
    "value": ("final_value", "value", "значение", "показатель", "сумма", "мән", "мәні", "көрсеткіш"),
    "name": ("name", "наименование", "название", "атауы", "атау", "наименование респондента", "респондент атауы"),
    "phone": ("phone", "телефон", "тел", "номер телефона", "контактный телефон", "телефон нөмірі", "байланыс телефоны"),
    "department": ("department", "подразделение", "департамент", "управление", "бөлімше", "басқарма"),
    "source": ("source",),
    "form": ("form",),
    "status": ("status",),
}
_SPELLINGS = {name: [folded(heading) for heading in headings] for name, headings in HEADINGS.items()}


class GivenTableError(QagazError):
    """A table that cannot be used as it is: the message names file, row, column and remedy."""


@dataclass(frozen=True, slots=True)
class GivenRow:
    """One row: `number` as a spreadsheet counts, texts by the name of their column."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """The text of a cell, "" where there is none."""
        return self.cells.get(name, "")

    def error(self, message_id: str, column: str, **more: object) -> GivenTableError:
        """What is wrong with one of its cells."""
        value = self[column].removeprefix(PARTED_NUMBER)
        return GivenTableError(message_id, file=self.file, row=self.number, column=column, value=value, **more)


@dataclass(frozen=True, slots=True)
class GivenTable:
    """A table with the columns that were understood; others are passed over."""

    file: str
    columns: frozenset[str]
    rows: Iterator[GivenRow]  # once, in order: a year's figures of a whole country need not be in memory as text

    def require(self, *names: str) -> None:
        """GivenTableError if one of these columns is missing."""
        if missing := [name for name in names if name not in self.columns]:
            accepted = "; ".join(f"{name}: {', '.join(HEADINGS[name])}" for name in missing)
            raise GivenTableError("error.given-columns", file=self.file, columns=", ".join(missing), accepted=accepted)


def read_given(path: Path) -> GivenTable:
    """The table in a file, by its ending; GivenTableError, also while rows are taken, if it is none or is empty."""
    readers: Mapping[str, Callable[[Path], Iterable[Sequence[str]]]] = {
        ".csv": _csv_rows,
        ".txt": _csv_rows,
        ".xlsx": _workbook_rows,
        ".xlsm": _workbook_rows,
        ".parquet": _parquet_rows,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise GivenTableError("error.given-format", file=path.name)
    rows = _filled(path, reader)
    headings, first = next(rows, None), next(rows, None)
    if headings is None or first is None:
        raise GivenTableError("error.given-empty", file=path.name)
    at = _columns(headings[1])
    return GivenTable(path.name, frozenset(at), (_row(path.name, *each, at) for each in chain([first], rows)))


def _filled(path: Path, reader: Callable[[Path], Iterable[Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows in which anything stands, numbered as a spreadsheet does."""
    try:
        for number, row in enumerate(reader(path), start=1):
            if any(text.strip() for text in row):
                yield number, row
    except Exception as error:  # whatever a library says of a broken file, in one sentence
        raise GivenTableError("error.given-unreadable", file=path.name, detail=_sentence(error)) from error


def _columns(headings: Sequence[str]) -> dict[str, int]:
    """The place of each column that is understood; of several that mean the same, the one named first above."""
    said = [folded(heading.replace("_", " ")) for heading in headings]
    found: dict[str, int] = {}
    for name, spellings in _SPELLINGS.items():
        hits = [said.index(spelling) for spelling in spellings if spelling in said]
        found |= {name: hits[0]} if hits else {}
    return found


def _row(file: str, number: int, texts: Sequence[str], at: Mapping[str, int]) -> GivenRow:
    cells = {name: texts[index].strip() for name, index in at.items() if index < len(texts)}
    return GivenRow(file, number, cells)


def _csv_rows(path: Path) -> Iterator[Sequence[str]]:
    text = _decoded(path.read_bytes())
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _decoded(data: bytes) -> str:
    for encoding in ENCODINGS[:-1]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(ENCODINGS[-1])


def _workbook_rows(path: Path) -> Iterator[Sequence[str]]:
    """The rows of a workbook's first sheet."""
    import openpyxl  # noqa: PLC0415 - half a second with what it brings; most runs are given no tables

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_text(value) for value in row]
    finally:
        book.close()


def _text(value: Any) -> str:
    """A workbook's value as text; a number with decimals is marked, for 1.10 and 1.1 are one number.

    >>> _text(12.0), _text("1.10"), _text(None), _text(1.1) == PARTED_NUMBER + "1.1"
    ('12', '1.10', '', True)
    """
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{PARTED_NUMBER}{value!r}"
    return "" if value is None else str(value)


def _parquet_rows(path: Path) -> Iterator[Sequence[str]]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

    file = pq.ParquetFile(path)
    yield list(file.schema_arrow.names)
    for batch in file.iter_batches():
        for record in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield [_text(value) for value in record]


def _sentence(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).partition("\n")[0] or type(error).__name__
