"""Saved parts → result tables and the store of questions, one form in memory at a time."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, astuple, dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

from extract.intake import sha256_of
from extract.records import Source
from layouts.model import RuleSet
from layouts.words import Language
from qagaz.limits import Limits
from qagaz.listing import SOME, Listing, Paper
from qagaz.manifest import MANIFEST, as_json, write
from qagaz.parts import BROKEN, Parts
from qagaz.speech import worded
from qagaz.submissions import Verdicts, judge
from qagaz.tables import CELLS, FIELDS, FINDINGS, FORMS, READINGS, SKIPPED, TABLES, TRAIL, Table, TableWriter, Value
from qagaz.versions import Versions, program
from review.keep import Filed
from review.rows import FindingRow, FormRow, FormRows
from validate.records import Outcome, Status

TOGETHER = 20  # papers a transaction of the store: whoever else writes into it waits for no more


class DamagedPartError(Exception):
    """A part is not whole any more: its paper has to be read again."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.file)
        self.source = source


class Queue(Protocol):
    """What keeps forms to be asked about; a store of `review` is one."""

    def came_in(
        self, papers: Iterable[Source], pages: Mapping[str, int], department: str = "", batch: str = ""
    ) -> None:
        """Note where papers lie, how many pages each has, and whose they are."""
        ...

    def put_all(self, papers: Iterable[tuple[Filed, Iterable[FormRows]]]) -> None:
        """Keep what the machine says of files' forms, all or none; a file's forms are taken before the next file."""
        ...


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
    unchanged: bool = False  # the tables stand as the run before left them
    read: int = 0  # files that were read in this run

    def as_text(self) -> str:
        """For the ledger."""
        return json.dumps([self.files, dict(self.statuses), self.accepted_cells, self.review_cells, dict(self.failing)])

    @staticmethod
    def of_text(text: str) -> Counts:
        """What `as_text` wrote."""
        files, statuses, accepted, review, failing = json.loads(text)
        return Counts(files, Counter(statuses), accepted, review, Counter(failing))


@dataclass(frozen=True, slots=True)
class Assembly:
    """What the tables of a run are made from."""

    folder: Path
    parts: Parts
    papers: Listing
    versions: Versions
    language: Language
    limits: Limits
    partitions: int = 0  # papers a Parquet file; 0: all in one
    receipt: Receipt = field(default_factory=Receipt)

    def digest(self) -> str:
        """A hash of all that the tables and the store depend on, but for the store itself."""
        made = repr((self.language, self.limits, self.partitions, self.receipt, self.versions, program()))
        digest = hashlib.sha256(made.encode())
        for paper in self.papers:
            known = (paper.source.file, paper.source.sha256, paper.duplicate_of, paper.content, paper.pages)
            digest.update(repr(known).encode("utf-8", "backslashreplace"))
        for each in self.papers.skipped():
            digest.update(repr((each.file, each.reason)).encode("utf-8", "backslashreplace"))
        return digest.hexdigest()

    def write(self, store: Queue) -> Counts:
        """Write every table anew, in order of file and form, and keep what is asked; DamagedPartError if it cannot.

        Tables appear all at once at the end; until then those of the run before stand. The manifest comes last: where
        it is, the tables are those it tells of.
        """
        verdicts = judge(self.papers.alike())
        counts = Counts(files=len(self.papers))
        with ExitStack() as stack:
            parted = self.partitions > 0
            tables = {t: stack.enter_context(TableWriter(self.folder, t, parted=parted)) for t in TABLES}
            self._came_in(store)
            passing = self._passing(verdicts, tables, counts)
            while (first := next(passing, None)) is not None:
                store.put_all(chain([first], islice(passing, TOGETHER - 1)))
            skipped = ((each.file, worded(each.reason, {}, self.language)) for each in self.papers.skipped())
            tables[SKIPPED].add(skipped)
            for table in tables.values():
                table.finish()
            (self.folder / MANIFEST).unlink(missing_ok=True)
            files = {table: writer.commit() for table, writer in tables.items()}
        written = {table.name: (tables[table].rows, files[table]) for table in TABLES}
        write(self.folder / MANIFEST, self._manifest(counts, written))
        return counts

    def _manifest(self, counts: Counts, written: Mapping[str, tuple[int, Sequence[Path]]]) -> dict[str, object]:
        """With what the tables were made and what they are; no time, no place, nothing of the machine."""
        forms = {status.value: counts.statuses[status.value] for status in Status}
        cells = {"accepted": counts.accepted_cells, "review": counts.review_cells}
        return {
            "format": 1,
            "versions": as_json(self.versions),
            "program": program(),
            "language": self.language,
            "limits": asdict(self.limits),
            "partitions": self.partitions,
            "papers": counts.files,
            "forms": forms,
            "cells": cells,
            "failing": {each.value: counts.failing[each] for each in RuleSet},
            "rows": {name: rows for name, (rows, _files) in written.items()},
            "sha256": {
                path.relative_to(self.folder).as_posix(): sha256_of(path)
                for _rows, files in written.values()
                for path in files
            },
        }

    def _came_in(self, store: Queue) -> None:
        """Note where papers lie, some at a time."""
        known = (paper for paper in self.papers if paper.source.sha256 and not paper.duplicate_of)
        while some := list(islice(known, SOME)):
            pages = {paper.source.sha256: paper.pages for paper in some}
            store.came_in((paper.source for paper in some), pages, *astuple(self.receipt))

    def _passing(
        self, verdicts: Verdicts, tables: Mapping[Table, TableWriter], counts: Counts
    ) -> Iterator[tuple[Filed, Iterator[FormRows]]]:
        """Each paper's forms on their way past the tables to the store, each part read once.

        A byte-identical copy has only its own row in `forms`, and does not go to the store.
        """
        for number, paper in enumerate(self.papers):
            if self.partitions and number and number % self.partitions == 0:
                for table in tables.values():
                    table.part()
            key, tops = (paper.source.sha256, paper.source.file), list[FormRow]()
            if paper.duplicate_of:
                tops += (rows.form for rows in self._judged(paper, verdicts))
            else:
                yield Filed(*key, self.versions.digest), self._written(paper, verdicts, tables, counts, tops)
            for top in sorted(tops):
                counts.statuses[top.status] += not paper.duplicate_of or top.status == Status.REJECTED
                row = top._replace(duplicate_of=paper.duplicate_of or top.duplicate_of)
                tables[FORMS].add([(*key, *row[:-1])])  # all but the hash that copies are told apart by

    def _written(
        self,
        paper: Paper,
        verdicts: Verdicts,
        tables: Mapping[Table, TableWriter],
        counts: Counts,
        tops: list[FormRow],
    ) -> Iterator[FormRows]:
        """A paper's forms, each on its way past its tables; `tops` gathers what stands on top of each."""
        for rows in self._judged(paper, verdicts):
            _write_form((paper.source.sha256, paper.source.file), rows, tables, counts, self.language)
            tops.append(rows.form)
            yield rows

    def _judged(self, paper: Paper, verdicts: Verdicts) -> Iterator[FormRows]:
        """A paper's forms with what the other papers say about them, in order of form."""
        forms = self.parts.forms(paper.source)
        while True:
            try:
                rows = next(forms, None)
            except BROKEN as error:
                raise DamagedPartError(paper.source) from error
            if rows is None:
                return
            yield verdicts.applied(paper.source, _named(rows, paper.source.file))


def _named(rows: FormRows, file: str) -> FormRows:
    """Words about a file as a whole name it as it is called now: its part may be from when it had another name."""
    if rows.form.form or not rows.findings:
        return rows
    return replace(rows, findings=tuple(_renamed(row, file) for row in rows.findings))


def _renamed(row: FindingRow, file: str) -> FindingRow:
    return row._replace(parameters=tuple((k, file if k == "file" else v) for k, v in row.parameters))


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
    counts.failing.update({row.set for row in rows.findings if row.outcome == Outcome.FAILS})


def shown_finding(row: FindingRow, language: Language) -> tuple[Value, ...]:
    """A finding as its table shows it: in words, without what is for the store alone."""
    told = (row.form, row.rule, row.set, row.clause, row.outcome, row.places, row.left, row.right, row.difference)
    return *told, row.cause, worded(row.message, dict(row.parameters), language)
