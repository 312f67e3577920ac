"""Papers whose time is over are taken out of a result folder: out of the store, the tables, the parts, the pictures.

What is to go is noted first, by hashes alone; whoever is stopped on the way goes on with the next `qagaz forget`.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.intake import Skipped
from extract.records import Source
from layouts.words import Language
from qagaz.assemble import Assembly
from qagaz.filing import file_paper
from qagaz.hot.journal import FILE as INBOX
from qagaz.hot.journal import Journal
from qagaz.ledger import FILE as LEDGER
from qagaz.ledger import Ledger
from qagaz.limits import Limits
from qagaz.listing import Entry, Listing
from qagaz.manifest import MANIFEST, write
from qagaz.own_forms import KEPT
from qagaz.parts import Parts
from qagaz.run import PARTS, only_writer
from qagaz.tables import FORMS, SKIPPED, TABLES, take_away
from qagaz.versions import Versions
from review.schema import Form
from review.store import Store
from review.work.forgetting import Chosen, forget, naming
from review.work.schema import Paper

NOTE = ".forgetting.json"  # hashes of what is being forgotten
PICTURES, UPLOADS, EXPORTS = "pictures", "uploads", "exports"  # folders of the station
OWN = {PARTS, PICTURES, UPLOADS, EXPORTS, MANIFEST, INBOX, KEPT, "versions", "run.json", "qagaz.db"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was forgotten, and what may still hold some of it."""

    papers: int
    others: tuple[str, ...]  # files in the folder that are not ours: exports somebody keeps there


def named(folder: Path, wanted: Sequence[str]) -> tuple[str, ...]:
    """Hashes of the papers that tables call so: byte-identical copies have no other trace."""
    return tuple({row["source"] for row in _rows(folder, FORMS.name) if row["file"] in wanted and row["source"]})


def forget_papers(folder: Path, store: Store, chosen: Sequence[Chosen], who: str, language: Language) -> Outcome:
    """Forget these papers, and those that an earlier attempt was stopped at. OutputError if the folder is in use."""
    os.environ.setdefault("SQLITE_TMPDIR", str(folder.absolute()))  # nothing is written outside
    with only_writer(folder):
        noted = [*_noted(folder), *(each.source for each in chosen)]
        sources = list(dict.fromkeys(noted))
        write(folder / NOTE, {"sources": sources})
        again = _out_of_store(store, sources, who)
        _out_of_files(folder, sources)
        for source in again:
            _file_again(folder, store, source)
        _out_of_tables(folder, store, set(sources), language)
        store.database.scrub()
        (folder / NOTE).unlink()
    return Outcome(len(sources), _others(folder))


def is_unfinished(folder: Path) -> bool:
    """Whether an earlier attempt was stopped on its way."""
    return (folder / NOTE).exists()


def _noted(folder: Path) -> list[str]:
    try:
        return [str(each) for each in json.loads((folder / NOTE).read_text(encoding="utf-8"))["sources"]]
    except (OSError, ValueError, KeyError):
        return []


def _out_of_store(store: Store, sources: Sequence[str], who: str) -> list[str]:
    """Each paper at once or not at all; those that are said to be like one of them, to be compared anew."""
    again: dict[str, None] = {}
    for source in sources:
        with store.database.writing() as session:
            again |= dict.fromkeys(naming(session, source))
            forget(session, who, source)
    return [each for each in again if each not in sources]


def _out_of_files(folder: Path, sources: Sequence[str]) -> None:
    """Parts, pictures, uploads, exports; the journal's entries; the ledger, which a run makes anew."""
    parts = Parts(folder / PARTS)
    for source in sources:
        parts.path(Source(source, "", Path())).unlink(missing_ok=True)
        take_away(folder / PICTURES / source[:2] / source)
        for kept in (folder / UPLOADS).glob(f"*/{source}*"):
            take_away(kept)
    take_away(folder / EXPORTS)
    for left in folder.glob(f"{LEDGER}*"):
        left.unlink(missing_ok=True)
    if (folder / INBOX).exists():
        with Journal(folder) as journal:
            journal.forget(sources)


def _file_again(folder: Path, store: Store, source: str) -> None:
    """A paper is no longer said to be a copy of one that is forgotten."""
    parts = Parts(folder / PARTS)
    with store.database.reading() as session:
        paper = session.get(Paper, source)
        versions = session.query(Form.versions).filter(Form.source == source).limit(1).scalar() or ""
        found = Source(source, paper.file if paper else "", Path(paper.path if paper else ""))
        pages = paper.pages if paper else 0
    if parts.head(found) is not None:
        file_paper(store, parts, found, versions, pages)


def _out_of_tables(folder: Path, store: Store, sources: set[str], language: Language) -> None:
    """The tables as a run writes them that never saw these papers; nothing where there are no tables."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    parts = Parts(folder / PARTS)
    made = {**told["versions"], "files": tuple(sorted(told["versions"]["files"].items()))}
    made.pop("digest")
    with store.database.reading() as session:
        paths = {paper.source: paper.path for paper in session.query(Paper)}
    rows = [row for row in _rows(folder, FORMS.name) if row["source"] not in sources]
    with Ledger(folder, parts) as ledger:
        listing = Listing(ledger, _entries(folder, rows, paths))
        for file, source in {row["file"]: row["source"] for row in rows}.items():
            paper = Source(source, file, Path(paths.get(source, "")))
            listing.identify(paper, parts.path(paper).name)
            ledger.is_current(paper, "")  # looks at the part
        spoken = told.get("language", language)
        limits = Limits(**told["limits"])
        Assembly(folder, parts, listing, Versions(**made), spoken, limits, told["partitions"]).write(store)


def _entries(folder: Path, rows: Sequence[dict[str, str]], paths: dict[str, str]) -> Iterator[Entry]:
    """The papers that stay, where the store says that they lie; a copy lies nowhere that is known."""
    taken: set[str] = set()
    for file, source in {row["file"]: row["source"] for row in rows}.items():
        place = paths.get(source, "")
        if not place or place in taken:
            place = f"{place}#{file}"
        taken.add(place)
        yield Entry(file, os.fsencode(place), ())
    for row in _rows(folder, SKIPPED.name):
        passed = Skipped(row["file"], row["reason"])
        yield Entry(passed.file, f"#{passed.file}".encode(), (), reason=passed.reason)


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    try:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except FileNotFoundError:
        return


def _others(folder: Path) -> tuple[str, ...]:
    """What lies in the folder and is none of ours."""
    tables = {f"{table.name}.{form}" for table in TABLES for form in table.formats}
    own = OWN | tables | {table.name for table in TABLES}
    found = (each.name for each in folder.iterdir() if not each.name.startswith("."))
    return tuple(sorted(name for name in found if name not in own and not name.startswith(("qagaz.db-", LEDGER))))
