"""What a run remembers of files and parts, so that the next one opens only what changed.

The ledger holds nothing that cannot be found out again: without it everything is hashed and looked at once more, and
not a figure is another one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from extract.intake import KindOf, kind_of, sha256_of
from extract.records import Source
from layouts.errors import OutputError
from qagaz.parts import Parts
from review.rows import FormRow

FILE = "ledger.sqlite"
FORMAT = 1
RACY_NS = 2_000_000_000  # a file touched so lately may be changed again within one tick of its file system's clock
KEPT_SECONDS = 1.0  # what was noted since is found out again after a power cut
SCHEMA = """
CREATE TABLE IF NOT EXISTS files (place BLOB PRIMARY KEY, mark TEXT NOT NULL, kind TEXT, sha256 TEXT);
CREATE TABLE IF NOT EXISTS parts (
    name TEXT PRIMARY KEY, mark TEXT NOT NULL, versions TEXT NOT NULL, content TEXT NOT NULL,
    pages INTEGER NOT NULL, stale INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tops (
    part TEXT NOT NULL, form INTEGER NOT NULL, submission TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (part, form));
CREATE INDEX IF NOT EXISTS tops_submission ON tops (submission);
CREATE TABLE IF NOT EXISTS told (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Ledger:
    """One result folder's ledger; to be used in a `with` block, by one run at a time."""

    def __init__(self, folder: Path, parts: Parts) -> None:
        self._path = folder / FILE
        self._parts = parts
        self._kept = time.monotonic()

    def __enter__(self) -> Self:
        with told():
            try:
                self.database = _opened(self._path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):  # no room, no right: a new one fares no better
                    raise
                self._path.unlink()  # damaged: what it knew is found out again
                self.database = _opened(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None or not isinstance(error, sqlite3.Error):
                self.keep()
        except OutputError:
            if error is None:
                raise
        finally:
            self.database.close()
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                self._path.unlink(missing_ok=True)  # damaged: the next run finds everything out again

    def keep(self) -> None:
        """What was noted is on disk."""
        with told():
            self.database.commit()
        self._kept = time.monotonic()

    def keep_now_and_then(self) -> None:
        """The same, if the last time is a while ago."""
        if time.monotonic() - self._kept > KEPT_SECONDS:
            self.keep()

    def kinds(self) -> KindOf:
        """`kind_of`, which opens a file only where it changed."""
        return lambda path: self._known("kind", path, kind_of)

    def sha256(self, path: Path) -> str:
        """`sha256_of`, which reads a file or page folder only where it changed; "" where nothing of it can be read."""
        return self._known("sha256", path, _sha256)

    def sha256_at(self, address: str, mark: str) -> str:
        """The hash of an object that was read, if it still has that mark; "" where it must be brought to tell."""
        row = self.database.execute("SELECT mark, sha256 FROM files WHERE place = ?", (address.encode(),)).fetchone()
        return str(row[1] or "") if row and mark and row[0] == mark else ""

    def note_address(self, address: str, mark: str, sha256: str) -> None:
        """An object was brought and has that hash."""
        self._note("sha256", address.encode(), mark, sha256)

    def is_current(self, source: Source, versions: str) -> bool:
        """Whether a paper need not be read again: its part is whole and was made with the same versions."""
        path = self._parts.path(source)
        row = self.database.execute("SELECT mark, versions, stale FROM parts WHERE name = ?", (path.name,)).fetchone()
        if row and row[2]:
            return False
        if row and row[0] == mark_of(path):
            return bool(row[1] == versions)
        return self.note_part(source, 0) == versions

    def note_part(self, source: Source, pages: int) -> str:
        """A part is there, or was made anew: what it says is noted. The versions it was made with; "" if it is none."""
        path = self._parts.path(source)
        self.forget_part(source)
        mark = mark_of(path)
        head = self._parts.head(source)
        if head is None:
            return ""
        noted = (path.name, mark, head.versions, head.content, pages or _pages(head.forms))
        self.database.execute("INSERT INTO parts VALUES (?, ?, ?, ?, ?, 0)", noted)
        tops = [(path.name, row.form, _submission(row), json.dumps(row)) for row in head.forms]
        self.database.executemany("INSERT OR REPLACE INTO tops VALUES (?, ?, ?, ?)", tops)
        return head.versions

    def forget_part(self, source: Source) -> None:
        """What is noted of a part does not hold any more."""
        name = (self._parts.path(source).name,)
        self.database.execute("DELETE FROM parts WHERE name = ?", name)
        self.database.execute("DELETE FROM tops WHERE part = ?", name)

    def outdate(self) -> None:
        """Every part there is has to be made anew, in this run or one that goes on with it."""
        self.database.execute("UPDATE parts SET stale = 1")
        self.keep()

    def remembered(self, name: str) -> str:
        """A word kept from the run before; "" if there is none."""
        row = self.database.execute("SELECT value FROM told WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def remember(self, name: str, value: str) -> None:
        """Keep a word for the next run."""
        self.database.execute("INSERT OR REPLACE INTO told VALUES (?, ?)", (name, value))
        self.keep()

    def _known(self, column: str, path: Path, find_out: Callable[[Path], str]) -> str:
        place, mark = os.fsencode(os.path.abspath(path)), mark_of(path)  # noqa: PTH100 - keeps links
        row = self.database.execute(f"SELECT mark, {column} FROM files WHERE place = ?", (place,)).fetchone()  # noqa: S608
        if row and mark and row[0] == mark and row[1] is not None:
            return str(row[1])
        found = find_out(path)
        if (found or column == "kind") and mark and mark == mark_of(path) and not _is_racy(path):
            self._note(column, place, mark, found)
        return found

    def _note(self, column: str, place: bytes, mark: str, found: str) -> None:
        other = "kind" if column == "sha256" else "sha256"
        self.database.execute(
            f"INSERT INTO files (place, mark, {column}) VALUES (?, ?, ?) ON CONFLICT (place) DO UPDATE SET"  # noqa: S608
            f" {other} = CASE WHEN mark = excluded.mark THEN {other} END, {column} = excluded.{column},"
            " mark = excluded.mark",
            (place, mark, found),
        )


@contextmanager
def told() -> Iterator[None]:
    """A ledger that cannot be written as an error that says so."""
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError("error.cannot-write", file=FILE, detail=error) from error


def mark_of(path: Path) -> str:
    """What changes whenever a file does, as the file system has it: size, times, number; of a page folder, of each
    file in it. "" where there is nothing.
    """
    try:
        if path.is_dir():
            told = sorted((entry.name, _mark(entry.stat(follow_symlinks=False))) for entry in os.scandir(path))
            return hashlib.sha256(repr(told).encode("utf-8", "backslashreplace")).hexdigest()
        return _mark(path.stat())
    except OSError:
        return ""


def _mark(stat: os.stat_result) -> str:
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}"


def _is_racy(path: Path) -> bool:
    """Whether a file was changed so lately that it could be once more without its mark showing it."""
    try:
        files = [entry.stat(follow_symlinks=False) for entry in os.scandir(path)] if path.is_dir() else [path.stat()]
    except OSError:
        return True
    last = max((max(each.st_mtime_ns, each.st_ctime_ns) for each in files), default=0)
    return time.time_ns() - last < RACY_NS


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        return ""


def _pages(forms: tuple[FormRow, ...]) -> int:
    """How many pages a paper has at least: the highest that one of its forms names, 0 where none does."""
    return max((int(page) for row in forms for page in row.pages.split(";") if page), default=0)


def _submission(row: FormRow) -> str:
    """What forms share that may be copies or revisions of each other; "" of what is no such form."""
    number = row.bin or row.iin
    return f"{number} {row.year}" if row.form and number and row.year else ""


def _opened(path: Path) -> sqlite3.Connection:
    """The database, with its tables; sqlite3.DatabaseError where it is damaged or of another format."""
    database = sqlite3.connect(path)
    try:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")  # one run at a time; no shared memory, so any disk will do
        database.execute("PRAGMA journal_mode = TRUNCATE")
        database.execute("PRAGMA synchronous = NORMAL")
        (found,) = database.execute("PRAGMA user_version").fetchone()
        if found not in {0, FORMAT}:
            raise sqlite3.DatabaseError(found)
        database.executescript(SCHEMA)
        database.execute(f"PRAGMA user_version = {FORMAT}")
    except sqlite3.Error:
        database.close()
        raise
    return database
