"""What a run has come to: every file that is a result, and every row of the store, so that two runs can be compared."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Date, DateTime, LargeBinary, Table, create_engine, select

from qagaz.ledger import FILE as LEDGER
from review.schema import Base
from review.store import FILE
from review.work import schema as _work  # noqa: F401 - its tables belong to `Base` too

NO_RESULTS = {
    ".lock",
    *(f"{file}{end}" for file in (FILE, LEDGER) for end in ("", "-wal", "-shm", "-journal")),
}  # the store is compared row by row
BY_CHANCE = {("audit", "digest"), ("audit", "link"), ("audit_head", "link")}  # salted, or in the order of writing


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result files by their hash, forms by how often the tables name them, rows of the store by table."""

    files: dict[str, str]
    forms: Counter[tuple[str, ...]]
    store: dict[str, Counter[str]]
    half: tuple[str, ...]  # files that were left half written


@dataclass(frozen=True, slots=True)
class Difference:
    """What a run lost, doubled or has otherwise than the undisturbed one."""

    lost: int
    doubled: int
    wrong: tuple[str, ...]


def outcome_of(out: Path, url: str = "") -> Outcome:
    """Read back everything in a result folder and its store."""
    paths = sorted(path for path in out.rglob("*") if path.is_file())
    half = tuple(path.relative_to(out).as_posix() for path in paths if path.name.endswith(".tmp"))
    files = {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.name not in NO_RESULTS and not path.name.endswith(".tmp")
    }
    return Outcome(files, _forms(out), dict(_store(url or f"sqlite:///{out / FILE}")), half)


def compare(outcome: Outcome, wanted: Outcome) -> Difference:
    """Hold one outcome against another."""
    lost = sum((wanted.forms - outcome.forms).values())
    doubled = sum((outcome.forms - wanted.forms).values())
    names = sorted(wanted.files.keys() | outcome.files.keys())
    wrong = [f"file {name}" for name in names if outcome.files.get(name) != wanted.files.get(name)]
    wrong += [f"half written: {name}" for name in outcome.half]
    for table in sorted(wanted.store.keys() | outcome.store.keys()):
        there, should = outcome.store.get(table, Counter()), wanted.store.get(table, Counter())
        if there != should:
            more, less = there - should, should - there
            example = next(iter(more or less))[:160]
            wrong.append(f"store {table}: {sum(more.values())} rows more, {sum(less.values())} less, as {example}")
    return Difference(lost, doubled, tuple(wrong))


def _forms(out: Path) -> Counter[tuple[str, ...]]:
    with (out / "forms.csv").open(encoding="utf-8", newline="") as file:
        return Counter((row["source"], row["file"], row["form"]) for row in csv.DictReader(file))


def _store(url: str) -> Iterator[tuple[str, Counter[str]]]:
    """Rows without moments of time, numbers given in the order of writing, and salts."""
    engine = create_engine(url)
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if not _by_chance(table, column.name)]
            if columns:
                yield table.name, Counter(repr(tuple(row)) for row in connection.execute(select(*columns)))
    engine.dispose()


def _by_chance(table: Table, name: str) -> bool:
    column = table.columns[name]
    numbered = column.primary_key and name == "id"
    return numbered or isinstance(column.type, Date | DateTime | LargeBinary) or (table.name, name) in BY_CHANCE
