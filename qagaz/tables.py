"""The result tables as other programs read them: CSV and Parquet, written row by row and put in place all at once."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from qagaz.parts import TEMPORARY
from review.defused import defused

BATCH = 20_000  # rows held before they go into a Parquet row group: about 10 MB

Value = str | int | float | None
Row = tuple[Value, ...]


class Column(NamedTuple):
    """One column: `decimals` is how a float is written in CSV.

    `free` text is somebody's words in a table that people open in a spreadsheet: there it must not begin a formula.
    """

    name: str
    kind: type
    decimals: int = 0
    free: bool = False


def _columns(names: str, free: str = "") -> tuple[Column, ...]:
    decimals = {"confidence": 4, "logp": 4, "margin": 4, "probability": 4}
    return tuple(
        Column(name, _KINDS.get(name, str), decimals.get(name, 2), name in free.split()) for name in names.split()
    )


_KINDS: dict[str, type] = {
    "form": int,
    "section": int,
    "column": int,
    "page": int,
    "rank": int,
    "confidence": float,
    "logp": float,
    "margin": float,
    "probability": float,
    "group": int,
    "typed_form": int,
    **dict.fromkeys(["hits", "cells", "forms", "machine_wrong", "person_wrong", "respondent_wrong", "unclear"], int),
    **dict.fromkeys(["per_1000", "low_per_1000", "high_per_1000"], float),
    "x0": float,
    "y0": float,
    "x1": float,
    "y1": float,
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, columns and formats."""

    name: str
    columns: tuple[Column, ...]
    formats: tuple[str, ...] = ("csv", "parquet")


CELLS = Table(
    "cells",
    _columns(
        "source file form section line column written value confidence status reason reader ink page x0 y0 x1 y1 unit"
    ),
)
FIELDS = Table(
    "fields", _columns("source file form field line written value confidence status reason page x0 y0 x1 y1 unit")
)
FORMS = Table(
    "forms", _columns("source file form layout year bin iin region kato hours pages status reasons duplicate_of")
)
FINDINGS = Table(
    "findings",
    _columns("source file form rule set clause outcome places left right difference cause message"),
)
READINGS = Table("readings", _columns("source file form place rank text value logp reader"), ("parquet",))
TRAIL = Table(
    "trail",
    _columns(
        "source file form place step rank reader text value logp confidence margin rival holding broken evidence"
        " status reason together"
    ),
    ("parquet",),
)
SKIPPED = Table("skipped", _columns("file reason"), ("csv",))
FIGURES = Table(
    "figures",
    _columns(
        "source file form section line column paper_value final_value origin note who when page x0 y0 x1 y1 unit",
        "file note who",
    ),
)
LEAVING_FORMS = Table(
    "forms",
    _columns(
        "source file form layout year bin iin region kato status department batch versions",
        "file layout year bin iin region kato department batch",
    ),
)
ANSWERS = Table(
    "answers",
    _columns("source file form place act origin value note who when", "file place value note who"),
)
COMPARISON = Table(
    "comparison",
    _columns(
        "file form section line column machine manual class wrong probability paper group evidence table operator"
        " source",
        "file table operator",
    ),
    ("csv",),
)
MATCHING = Table(
    "matching", _columns("file form table typed_file typed_form by source", "file table typed_file"), ("csv",)
)
RATES = Table("rates", _columns("what value party hits cells forms per_1000 low_per_1000 high_per_1000", "value"), ())
CLASSES = Table("classes", _columns("class machine_wrong person_wrong respondent_wrong unclear"), ())
SAMPLE = Table("sample", _columns("source file form place page x0 y0 x1 y1 unit drawn value", "file"), ("csv",))
TABLES = (CELLS, FIELDS, FORMS, FINDINGS, READINGS, TRAIL, SKIPPED)


class _Lines:
    r"""Takes rows ended by "\r\n" and ends them by "\n".

    Python before 3.13 puts a value with a lone "\r" in quotes only where rows end with one, and a reader would
    take it for the end of the row.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, row: str) -> int:
        """One row, as `csv` writes it."""
        return self._file.write(f"{row[:-2]}\n")


class TableWriter:
    """Writes one table in each of its formats under temporary names; `commit` puts them in place.

    `parted`: its Parquet is a folder of files, a new one from each `part` on; otherwise it is one file.
    """

    def __init__(self, folder: Path, table: Table, *, parted: bool = False) -> None:
        self.rows = 0
        self._table = table
        self._parted = parted and "parquet" in table.formats
        self._targets = {form: folder / f"{table.name}.{form}" for form in table.formats}
        self._temporary = {form: path.with_name(f".{path.name}{TEMPORARY}") for form, path in self._targets.items()}
        self._csv: io.TextIOWrapper | None = None
        self._parquet: Any = None
        self._parts = 0
        self._batch: list[Row] = []
        self._dressed = [(n, column) for n, column in enumerate(table.columns) if column.free or column.kind is float]

    def __enter__(self) -> Self:
        if "csv" in self._temporary:
            self._csv = self._temporary["csv"].open("w", encoding="utf-8", newline="")
            self._rows_out = csv.writer(_Lines(self._csv), lineterminator="\r\n")
            self._rows_out.writerow([column.name for column in self._table.columns])
        if self._parted:
            self._temporary["parquet"].mkdir()
        if "parquet" in self._temporary:
            self.part()
        return self

    def add(self, rows: Iterable[Row]) -> None:
        """Rows, in the order of the table's columns."""
        for row in rows:
            self.rows += 1
            if self._csv is not None:
                self._rows_out.writerow(self._worded(row))
            if self._parquet is not None:
                self._batch.append(row)
                if len(self._batch) >= BATCH:
                    self._flush()

    def part(self) -> None:
        """What comes from now on goes into the next Parquet file."""
        if "parquet" not in self._temporary:
            return
        path = self._temporary["parquet"]
        if self._parted:
            self._end_part()
            path = path / f"part-{self._parts:05}.parquet"
            self._parts += 1
        self._parquet = pq.ParquetWriter(path, schema_of(self._table), compression="zstd")

    def finish(self) -> None:
        """Everything is on disk, still under temporary names."""
        self._end_part()
        if self._csv is not None:
            self._csv.close()

    def commit(self) -> list[Path]:
        """Put the finished table in place of the former one; its files, in order."""
        for form, path in self._temporary.items():
            put_in_place(path, self._targets[form])
        targets = self._targets.values()
        return [each for path in targets for each in (sorted(path.iterdir()) if path.is_dir() else [path])]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            _close_quietly(self._csv, self._parquet)
        for path in self._temporary.values():
            take_away(path)

    def _worded(self, row: Row) -> Sequence[Value]:
        """The row as CSV shows it; only what the library would write otherwise is worded here."""
        shown = list(row)
        for slot, column in self._dressed:
            shown[slot] = _shown(column, row[slot])
        return shown

    def _end_part(self) -> None:
        if self._parquet is not None:
            self._flush()
            self._parquet.close()

    def _flush(self) -> None:
        columns = list(zip(*self._batch, strict=True)) or [() for _ in self._table.columns]
        schema = schema_of(self._table)
        arrays = [pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)]
        self._parquet.write_table(pa.Table.from_arrays(arrays, schema=schema))
        self._batch = []


def put_in_place(path: Path, target: Path) -> None:
    """A finished file or folder of files takes the place of the former one, whichever that was."""
    if path.is_dir() or target.is_dir():  # the system replaces files by files only
        former = target.with_name(f".{target.name}.former{TEMPORARY}")
        take_away(former)
        if target.exists():
            target.replace(former)
        path.replace(target)
        take_away(former)
    else:
        path.replace(target)


def take_away(path: Path) -> None:
    """Remove a file or a folder of files, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def schema_of(table: Table) -> Any:
    """The Parquet schema: whole numbers, doubles and text; amounts are text, so that nothing is rounded."""
    kinds = {int: pa.int32(), float: pa.float64(), str: pa.string()}
    return pa.schema([pa.field(column.name, kinds[column.kind]) for column in table.columns])


def as_text(columns: Sequence[Column], row: Row) -> list[str]:
    """A row as CSV shows it.

    >>> as_text((Column("form", int), Column("confidence", float, 4), Column("page", int)), (1, 0.98765, None))
    ['1', '0.9877', '']
    """
    return [_shown(column, value) for column, value in zip(columns, row, strict=True)]


def _shown(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if column.free:
        return defused(str(value))
    return f"{value:.{column.decimals}f}" if column.kind is float else str(value)


def _close_quietly(*files: Any) -> None:
    """Close what is open; an earlier error is already on its way."""
    for file in files:
        try:
            if file is not None:
                file.close()
        except (OSError, ValueError):
            continue
