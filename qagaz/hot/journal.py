"""The watcher's journal: what was dropped, what it is called in the tables, where it lies now.

One file of SQLite in the result folder: an entry is there whole or not at all, whenever the watcher is stopped.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

from layouts.errors import OutputError
from qagaz.hot.glance import Mark

FILE = "inbox.db"
HERE = "here"  # where it was dropped
AWAY = "away"  # put into the folder of what is done, or of what was rejected
GONE = "gone"  # somebody took it, or it was replaced by another
TABLES = """
CREATE TABLE IF NOT EXISTS dropped (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, file TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
    copy_of TEXT NOT NULL, path TEXT NOT NULL, mark TEXT NOT NULL, pages INTEGER NOT NULL, rejected INTEGER NOT NULL,
    state TEXT NOT NULL, moves TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX IF NOT EXISTS dropped_sha256 ON dropped (sha256);
CREATE INDEX IF NOT EXISTS dropped_state ON dropped (state);
CREATE TABLE IF NOT EXISTS tabled (id INTEGER PRIMARY KEY CHECK (id = 1), entries INTEGER NOT NULL);
INSERT OR IGNORE INTO tabled VALUES (1, 0);
"""
ADD = """
INSERT INTO dropped (name, file, sha256, copy_of, path, mark, pages, rejected, state, moves)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Move:
    """One file's way: from, to, and the SHA-256 of its bytes."""

    source: Path
    target: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper that was dropped. `number` counts from 1 in order of arrival."""

    name: str  # as it was dropped, relative to the drop folder
    file: str  # as tables call it: the same name, numbered where another paper came under it
    sha256: str
    copy_of: str  # the file it is a byte-identical copy of; "" for none
    path: Path
    mark: Mark
    pages: int
    rejected: bool
    state: str = HERE
    moves: tuple[Move, ...] = ()  # planned and not finished
    number: int = 0


class Journal:
    """To be used in a `with` block. OutputError where the disk takes no more."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def __enter__(self) -> Self:
        with _reported(self._path):
            self._base = sqlite3.connect(self._path, isolation_level=None)
            for habit in ("synchronous=EXTRA", "secure_delete=ON"):  # kept when told so; what is forgotten is gone
                self._base.execute(f"PRAGMA {habit}")
            self._base.executescript(TABLES)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def entries(self, state: str = "") -> Iterator[Entry]:
        """All entries in order of arrival, or those of one state."""
        wanted = "SELECT * FROM dropped WHERE ? IN ('', state) ORDER BY id"
        return map(_entry, self._all(wanted, state))

    def of_bytes(self, sha256: str) -> list[Entry]:
        """Entries of these bytes, the first that came first."""
        return [_entry(row) for row in self._all("SELECT * FROM dropped WHERE sha256 = ? ORDER BY id", sha256)]

    def free_name(self, name: str) -> str:
        """What tables may call a paper that was dropped under this name: form.pdf, form (2).pdf, …"""
        return next(each for each in numbered(name) if not self._all("SELECT 1 FROM dropped WHERE file = ?", each))

    def add(self, entries: Sequence[Entry]) -> None:
        """Note papers that were read: all of them, or none."""
        with self._writing():
            self._base.executemany(ADD, map(_values, entries))

    def replaced(self, entry: Entry) -> None:
        """Another paper lies where this one comes to lie no more."""
        with self._writing():
            self._base.execute(
                "UPDATE dropped SET state = ?, moves = '[]' WHERE state = ? AND path = ? AND sha256 != ?",
                (GONE, HERE, str(entry.path), entry.sha256),
            )

    def change(self, entry: Entry) -> None:
        """Note what became of a paper: where it lies, how it looks, what is planned."""
        told = _values(entry)
        with self._writing():
            self._base.execute(
                "UPDATE dropped SET path = ?, mark = ?, pages = ?, rejected = ?, state = ?, moves = ? WHERE id = ?",
                (*told[4:], entry.number),
            )

    def forget(self, hashes: Sequence[str]) -> int:
        """Take out papers by their hash; how many entries. Nothing of them is left in the file."""
        with self._writing():
            gone = [self._base.execute("DELETE FROM dropped WHERE sha256 = ?", (each,)).rowcount for each in hashes]
        with _reported(self._path):
            self._base.execute("VACUUM")
        return sum(gone)

    @property
    def last(self) -> int:
        """The number of the latest entry; 0 where there is none."""
        return int(self._all("SELECT COALESCE(MAX(id), 0) FROM dropped")[0][0])

    @property
    def tabled(self) -> int:
        """The last entry that the tables hold."""
        return int(self._all("SELECT entries FROM tabled")[0][0])

    @tabled.setter
    def tabled(self, number: int) -> None:
        with self._writing():
            self._base.execute("UPDATE tabled SET entries = ?", (number,))

    def _all(self, statement: str, *given: object) -> list[tuple[Any, ...]]:
        with _reported(self._path):
            return self._base.execute(statement, given).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with _reported(self._path):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise


def numbered(name: str) -> Iterator[str]:
    """A name, and the same with a number before its ending.

    >>> each = numbered("day-1/form.pdf"); next(each), next(each)
    ('day-1/form.pdf', 'day-1/form (2).pdf')
    """
    path = PurePosixPath(name)
    yield name
    number = 2
    while True:
        yield path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix()
        number += 1


@contextlib.contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError("error.cannot-write", file=path.name, detail=str(error)) from error


def _values(entry: Entry) -> tuple[object, ...]:
    moves = [(str(move.source), str(move.target), move.sha256) for move in entry.moves]
    told = (entry.name, entry.file, entry.sha256, entry.copy_of, str(entry.path), json.dumps(entry.mark))
    return (*told, entry.pages, int(entry.rejected), entry.state, json.dumps(moves))


def _entry(row: tuple[object, ...]) -> Entry:
    number, name, file, sha256, copy_of, path, mark, pages, rejected, state, moves = row
    return Entry(
        str(name), str(file), str(sha256), str(copy_of), Path(str(path)),
        tuple((str(part), int(size), int(changed)) for part, size, changed in json.loads(str(mark))),
        int(str(pages)), bool(rejected), str(state),
        tuple(Move(Path(source), Path(target), told) for source, target, told in json.loads(str(moves))),
        int(str(number)),
    )  # fmt: skip
