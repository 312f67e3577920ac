"""Saved parts → result tables and the store of questions, one form in memory at a time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path

from extract.intake import Skipped
from extract.records import Source
from layouts.words import Language
from qagaz.parts import TEMPORARY, Parts
from qagaz.speech import worded
from qagaz.submissions import Verdicts, judge
from qagaz.tables import CELLS, FIELDS, FINDINGS, FORMS, READINGS, SKIPPED, TRAIL, Table, TableWriter, Value
from qagaz.versions import Versions
from review.keep import Filed
from review.rows import FindingRow, FormRow, FormRows
from review.store import Store
from validate.records import Outcome, Status

VERSIONS = "versions.json"


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of a run, and the name of the file it is a byte-identical copy of, if it is one."""

    source: Source
    duplicate_of: str = ""
    pages: int = 0  # 0: not known


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which department's batch the papers of a run are; "" is nobody's."""

    department: str = ""
    batch: str = ""


@dataclass(slots=True)
class Counts:
    """How the run came out."""

    files: int = 0
    statuses: Counter[str] = field(default_factory=Counter)  # of forms; "rejected" counts files
    accepted_cells: int = 0
    review_cells: int = 0
    failing: Counter[str] = field(default_factory=Counter)  # forms that fail a rule of the set, whichever decides


def assemble(
    folder: Path,
    papers: Sequence[Paper],
    skipped: Iterable[Skipped],
    versions: Versions,
    language: Language,
    store: Store,
    receipt: Receipt | None = None,
) -> Counts:
    """Write every table anew from the parts of these papers, in order of file and form, and keep what is asked.

    Tables appear all at once at the end; until then those of the run before stand.
    """
    parts = Parts(folder / "parts")
    verdicts = judge(_form_rows(parts, papers))
    counts = Counts(files=len(papers))
    with ExitStack() as stack:
        tables = {table: stack.enter_context(TableWriter(folder, table)) for table in _ALL}
        for paper in papers:
            _write_paper(paper, _judged(parts, paper, verdicts), tables, counts, language)
        tables[SKIPPED].add((each.file, worded(each.reason, {}, language)) for each in skipped)
        for table in tables.values():
            table.finish()
        known = [paper for paper in papers if paper.source.sha256 and not paper.duplicate_of]
        pages = {paper.source.sha256: paper.pages or parts.pages(paper.source) for paper in known}
        store.came_in((paper.source for paper in known), pages, *astuple(receipt or Receipt()))
        for paper in papers:
            if not paper.duplicate_of:
                filed = Filed(paper.source.sha256, paper.source.file, versions.digest)
                store.put(filed, _judged(parts, paper, verdicts))
        for table in tables.values():
            table.commit()
    _write_versions(folder, versions)
    return counts


_ALL: tuple[Table, ...] = (CELLS, FIELDS, FORMS, FINDINGS, READINGS, TRAIL, SKIPPED)


def _write_versions(folder: Path, versions: Versions) -> None:
    """With what these tables were made."""
    temporary = folder / f".{VERSIONS}{TEMPORARY}"
    temporary.write_text(json.dumps(asdict(versions), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(folder / VERSIONS)


def _form_rows(parts: Parts, papers: Iterable[Paper]) -> Iterator[tuple[Source, FormRow]]:
    for paper in papers:
        if not paper.duplicate_of:
            yield from ((paper.source, row) for row in parts.form_rows(paper.source))


def _judged(parts: Parts, paper: Paper, verdicts: Verdicts) -> Iterator[FormRows]:
    """A paper's forms with what the other papers say about them, in order of form."""
    for rows in parts.forms(paper.source):
        yield verdicts.applied(paper.source, rows)


def _write_paper(
    paper: Paper, forms: Iterable[FormRows], tables: Mapping[Table, TableWriter], counts: Counts, language: Language
) -> None:
    """A paper's rows; a byte-identical copy has only its own row in `forms`."""
    key = (paper.source.sha256, paper.source.file)
    tops: list[FormRow] = []
    for rows in forms:
        tops.append(rows.form)
        if not paper.duplicate_of:
            _write_form(key, rows, tables, counts, language)
            counts.failing.update({row.set for row in rows.findings if row.outcome == Outcome.FAILS})
    for top in sorted(tops):
        counts.statuses[top.status] += not paper.duplicate_of or top.status == Status.REJECTED
        row = top._replace(duplicate_of=paper.duplicate_of or top.duplicate_of)
        tables[FORMS].add([(*key, *row[:-1])])  # all but the hash that copies are told apart by


def _write_form(
    key: tuple[str, str], rows: FormRows, tables: Mapping[Table, TableWriter], counts: Counts, language: Language
) -> None:
    tables[CELLS].add((*key, *row) for row in rows.cells)
    tables[FIELDS].add((*key, *row) for row in rows.fields)
    tables[FINDINGS].add((*key, *shown_finding(row, language)) for row in rows.findings)
    tables[READINGS].add((*key, *row) for row in rows.readings)
    tables[TRAIL].add((*key, *row) for row in rows.trail)
    accepted = sum(row.status == Status.ACCEPTED for row in rows.cells)
    counts.accepted_cells += accepted
    counts.review_cells += len(rows.cells) - accepted


def shown_finding(row: FindingRow, language: Language) -> tuple[Value, ...]:
    """A finding as its table shows it: in words, without what is for the store alone."""
    told = (row.form, row.rule, row.set, row.clause, row.outcome, row.places, row.left, row.right, row.difference)
    return *told, row.cause, worded(row.message, dict(row.parameters), language)
