"""The papers and forms of two runs side by side, joined by hash on disk: neither run's table is ever in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from layouts.errors import QagazError
from qagaz.diff.records import Paper
from review.rows import FormRow

FORMS = "forms.parquet"
BATCH = 5_000  # rows of a table in memory at once
COLUMNS = ("file", *FormRow._fields[:-1])  # all but the hash of the figures, which is in no table

Top = FormRow


class RunError(QagazError):
    """A folder is no result folder, or a part of it is missing or damaged."""


class Pairs:
    """An index of two runs' forms in a temporary database, which goes when it is closed."""

    def __init__(self, before: Path, after: Path) -> None:
        self._database = sqlite3.connect("")  # a private file, deleted by SQLite
        self._database.execute("PRAGMA journal_mode = OFF")
        for name, folder in (("before", before), ("after", after)):
            told = ", ".join(f'"{column}"' for column in COLUMNS)
            self._database.execute(f"CREATE TABLE {name} (source, {told}, PRIMARY KEY (source, form)) WITHOUT ROWID")
            self._database.execute(f"CREATE TABLE {name}_papers (number INTEGER PRIMARY KEY, source UNIQUE, file)")
            self._fill(name, folder)

    def close(self) -> None:
        """Give the disk back."""
        self._database.close()

    def papers(self) -> Iterator[Paper]:
        """Each paper once: those of the later run in its order, then those that only the earlier one has."""
        both = (
            "SELECT a.source, coalesce(b.file, ''), a.file FROM after_papers a LEFT JOIN before_papers b USING (source)"
            " ORDER BY a.number"
        )
        gone = (
            "SELECT source, file, '' FROM before_papers WHERE source NOT IN (SELECT source FROM after_papers)"
            " ORDER BY number"
        )
        for query in (both, gone):
            for source, before, after in self._database.execute(query):
                yield Paper(source, before, after)

    def tops(self, source: str) -> tuple[dict[int, Top], dict[int, Top]]:
        """What both runs say of a paper's forms as a whole, by number."""
        return self._of("before", source), self._of("after", source)

    def _of(self, name: str, source: str) -> dict[int, Top]:
        columns = ", ".join(f'"{column}"' for column in COLUMNS[1:])
        query = f"SELECT {columns} FROM {name} WHERE source = ? ORDER BY form"  # noqa: S608 - names of our own
        return {row[0]: Top(*row) for row in self._database.execute(query, (source,))}

    def _fill(self, name: str, folder: Path) -> None:
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        # Of byte-identical copies the first counts: the others have nothing of their own.
        forms = f"INSERT OR IGNORE INTO {name} VALUES ({marks})"  # noqa: S608 - as above
        papers = f"INSERT OR IGNORE INTO {name}_papers (source, file) VALUES (?, ?)"  # noqa: S608 - as above
        for rows in _batches(folder):
            self._database.executemany(forms, ((_key(row), *(row[c] for c in COLUMNS)) for row in rows))
            self._database.executemany(papers, ((_key(row), row["file"]) for row in rows))


@contextmanager
def paired(before: Path, after: Path) -> Iterator[Pairs]:
    """The index of two runs while it is used; RunError if one of the folders holds no run."""
    with closing(Pairs(before, after)) as pairs:
        yield pairs


def name_of(source: str) -> str:
    """The name a paper without readable bytes is known by; "" for all others."""
    return source.removeprefix(NAMED) if source.startswith(NAMED) else ""


NAMED = "name:"


def _key(row: dict[str, object]) -> str:
    """A paper's hash; its name where its bytes could not be read."""
    return str(row["source"] or f"{NAMED}{row['file']}")


def _batches(folder: Path) -> Iterator[list[dict[str, object]]]:
    path = folder / FORMS
    try:
        with pq.ParquetFile(path) as table:
            for batch in table.iter_batches(BATCH, columns=["source", *COLUMNS]):
                yield batch.to_pylist()
    except (OSError, ValueError) as error:  # ValueError: pyarrow's own errors are such
        raise RunError("error.diff-no-run", file=folder, table=FORMS, detail=str(error).partition("\n")[0]) from error
