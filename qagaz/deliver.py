"""Figures, forms and answers that leave the house, as files: a workbook, or CSV or Parquet tables in one archive."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from layouts.errors import OutputError
from qagaz.tables import ANSWERS, FIGURES, LEAVING_FORMS, Row, Table, TableWriter
from qagaz.workbook import write_workbook
from review.leaving import FormLine, Leaving

WORKBOOK = ".xlsx"
ARCHIVES = {".csv.zip": "csv", ".parquet.zip": "parquet"}  # how a file's name ends → the format of its tables
LEVEL = 6  # of compression; Parquet is compressed already


def deliver(target: Path, leaving: Leaving) -> int:
    """Write what leaves into a new file, in the format its name ends in; how many forms. OutputError if it fails."""
    count = [0]
    tables: tuple[tuple[Table, Iterable[Row]], ...] = (
        (FIGURES, (tuple(figure) for figure in leaving.figures)),
        (LEAVING_FORMS, _counted(leaving.forms, count)),
        (ANSWERS, (tuple(answer) for answer in leaving.answers)),
    )
    try:
        if target.name.endswith(WORKBOOK):
            write_workbook(target, tables)
        else:
            ending = next(ending for ending in ARCHIVES if target.name.endswith(ending))
            _write_archive(target, ARCHIVES[ending], tables)
    except OSError as error:
        raise OutputError("error.cannot-write", file=target.name, detail=error.strerror or "") from error
    return count[0]


def write_table(folder: Path, table: Table, rows: Iterable[Row]) -> None:
    """One table in its formats, put in place when it is complete."""
    with TableWriter(folder, table) as writer:
        for row in rows:
            writer.add([row])
        writer.finish()
        writer.commit()


def _counted(lines: Iterable[FormLine], count: list[int]) -> Iterator[Row]:
    for line in lines:
        count[0] += 1
        yield tuple(line)


def _write_archive(target: Path, ending: str, tables: Iterable[tuple[Table, Iterable[Row]]]) -> None:
    """Each table as a file of its own; what they are packed from goes as soon as it is packed."""
    packing = zipfile.ZIP_DEFLATED if ending == "csv" else zipfile.ZIP_STORED
    with (
        tempfile.TemporaryDirectory(dir=target.parent) as folder,
        zipfile.ZipFile(target, "w", packing, compresslevel=LEVEL) as archive,
    ):
        for table, rows in tables:
            write_table(Path(folder), replace(table, formats=(ending,)), rows)
            file = Path(folder) / f"{table.name}.{ending}"
            archive.write(file, file.name)
            file.unlink()
