"""The papers of one run, in order of their names, kept in the ledger: a million of them take no memory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.intake import Skipped
from extract.records import Source
from qagaz.ledger import Ledger
from qagaz.results import Told
from review.rows import FormRow

SOME = 500  # papers in memory at a time
SCHEMA = """
CREATE TABLE listing (
    place BLOB PRIMARY KEY, file TEXT NOT NULL, name TEXT NOT NULL, root TEXT NOT NULL, address TEXT NOT NULL,
    mark TEXT NOT NULL, reason TEXT NOT NULL, problem TEXT NOT NULL, sha256 TEXT, part TEXT);
"""
INDICES = """
CREATE UNIQUE INDEX listing_file ON listing (file);
CREATE INDEX listing_sha256 ON listing (sha256, file);
CREATE INDEX listing_part ON listing (part);
"""
FIRST = "(SELECT MIN(same.file) FROM listing same WHERE same.sha256 = listing.sha256 AND same.sha256 > '')"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that inputs hold."""

    name: str  # relative to the input it was found under
    place: bytes  # where it is: a path without links, or an address
    root: tuple[str, ...]  # parts of a path that are put in front where names are equal
    address: str = ""  # of an object store; "" is a path
    mark: str = ""  # of an object: what changes whenever it does
    reason: str = ""  # why it is passed over
    problem: Told | None = None  # why nothing can come of it


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper of this run, before it is read."""

    source: Source  # its hash is "" where it is not known yet
    address: str
    mark: str
    problem: Told | None


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of a run, and the name of the file it is a byte-identical copy of, if it is one."""

    source: Source
    duplicate_of: str = ""
    pages: int = 0  # 0: not known
    content: str = ""  # hash of its part


MOST_FOLDERS = 1000  # told one by one


class Listing:
    """What a run is about. Iterated, it gives its papers in order of `file`, as often as one likes."""

    def __init__(self, ledger: Ledger, entries: Iterable[Entry]) -> None:
        self._database = ledger.database
        self._database.execute("DROP TABLE IF EXISTS listing")
        self._database.execute(SCHEMA)
        self._database.executemany(
            "INSERT OR IGNORE INTO listing VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)", map(_row, entries)
        )
        self._tell_apart()
        for index in filter(str.strip, INDICES.split(";")):
            self._database.execute(index)
        ledger.keep()
        (self._count,) = self._database.execute("SELECT COUNT(*) FROM listing WHERE reason = ''").fetchone()

    def __len__(self) -> int:
        return int(self._count)

    def __iter__(self) -> Iterator[Paper]:
        """Of papers that were looked at or read: hash, what they are a copy of, pages."""
        wanted = f"file, sha256, address, place, {FIRST}, pages, content"
        joined = "listing LEFT JOIN parts ON parts.name = listing.part"
        for file, sha256, address, place, first, pages, content in self._slices(wanted, joined):
            source = Source(sha256 or "", file, _path(address, place))
            yield Paper(source, first if first and first != file else "", pages or 0, content or "")

    def listed(self) -> Iterator[Listed]:
        """The papers before they are looked at, in the same order."""
        for file, address, place, mark, problem in self._slices("file, address, place, mark, problem", "listing"):
            yield Listed(Source("", file, _path(address, place)), address, mark, _problem(problem))

    def is_remote(self) -> bool:
        """Whether some of them lie in an object store."""
        return self._database.execute("SELECT 1 FROM listing WHERE address > '' LIMIT 1").fetchone() is not None

    def folders(self) -> tuple[Path, ...]:
        """Where the others lie; one folder above all of them where they are many."""
        found = {listed.source.path.parent for listed in self.listed() if not listed.address}
        return tuple(sorted(found)) if len(found) <= MOST_FOLDERS else (Path(os.path.commonpath(found)),)

    def skipped(self) -> Iterator[Skipped]:
        """What was passed over."""
        found = self._database.execute("SELECT file, reason FROM listing WHERE reason > '' ORDER BY file")
        return (Skipped(file, reason) for file, reason in found)

    def identify(self, source: Source, part: str) -> bool:
        """A paper has this hash, and this file name of its part; whether it is the first of its bytes by now."""
        self._database.execute(
            "UPDATE listing SET sha256 = ?, part = ? WHERE file = ?", (source.sha256, part, source.file)
        )
        if not source.sha256:
            return True
        (first,) = self._database.execute("SELECT MIN(file) FROM listing WHERE sha256 = ?", (source.sha256,)).fetchone()
        return bool(first == source.file)

    def alike(self) -> Iterator[tuple[Source, FormRow]]:
        """Every form that shares respondent and year with another one, in order of file and form; no copies' forms."""
        found = self._database.execute(
            "WITH own AS (SELECT file, sha256, tops.* FROM listing JOIN tops ON tops.part = listing.part"  # noqa: S608
            f" WHERE submission > '' AND file = {FIRST})"
            " SELECT file, sha256, row FROM own WHERE submission IN"
            " (SELECT submission FROM own GROUP BY submission HAVING COUNT(*) > 1) ORDER BY file, form"
        )
        for file, sha256, row in found:
            yield Source(sha256, file, Path(file)), FormRow(*json.loads(row))

    def _slices(self, wanted: str, tables: str) -> Iterator[tuple[Any, ...]]:
        """Rows of papers in order of `file`, which comes first in each; others may be changed meanwhile."""
        last = ""
        while True:
            found = self._database.execute(
                f"SELECT {wanted} FROM {tables} WHERE reason = '' AND file > ? ORDER BY file LIMIT ?",  # noqa: S608
                (last, SOME),
            ).fetchall()
            yield from found
            if len(found) < SOME:
                return
            last = found[-1][0]

    def _tell_apart(self) -> None:
        """Equal names get as much of their roots' paths in front as tells them apart."""
        depth = 0
        self._database.execute("CREATE INDEX listing_equal ON listing (file)")
        while equal := self._equal():
            depth += 1
            told = []
            for number, (place, name, root) in enumerate(equal):
                parts = json.loads(root)
                count = [] if depth <= len(parts) else [f"({number})"]  # roots are alike, too
                told.append(("/".join((*parts[-depth:], name, *count)), place))
            self._database.executemany("UPDATE listing SET file = ? WHERE place = ?", told)
        self._database.execute("DROP INDEX listing_equal")

    def _equal(self) -> list[tuple[bytes, str, str]]:
        return self._database.execute(
            "SELECT place, name, root FROM listing WHERE file IN"
            " (SELECT file FROM listing GROUP BY file HAVING COUNT(*) > 1) ORDER BY place"
        ).fetchall()


def _row(entry: Entry) -> tuple[object, ...]:
    problem = "" if entry.problem is None else json.dumps([entry.problem.message_id, entry.problem.parameters])
    root = json.dumps(entry.root)
    return entry.place, entry.name, entry.name, root, entry.address, entry.mark, entry.reason, problem


def _problem(told: str) -> Told | None:
    if not told:
        return None
    message_id, parameters = json.loads(told)
    return Told(message_id, tuple((name, value) for name, value in parameters))


def _path(address: str, place: bytes | str) -> Path:
    return Path(address) if address else Path(os.fsdecode(place))
