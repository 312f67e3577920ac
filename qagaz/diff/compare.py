"""Two runs' parts of one paper, form by form: most are alike to the letter, and only the others are taken apart."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import zip_longest
from math import inf
from pathlib import Path

from extract.records import Source
from qagaz.diff.pairs import Pairs, RunError, Top, name_of
from qagaz.diff.records import Change, Kind, Paper, Side
from qagaz.diff.rows import form_changes
from qagaz.parts import BROKEN, Parts
from review.rows import FormRows

WHOLE = 0  # the number of a file as a whole, where it was rejected or is a notice


class Runs:
    """Two result folders, read paper by paper. Counts what both have as it goes."""

    def __init__(self, before: Path, after: Path, pairs: Pairs) -> None:
        self._parts = (Parts(before / "parts"), Parts(after / "parts"))
        self._pairs = pairs
        self.papers = 0  # in both runs
        self.renamed = 0
        self.forms = 0  # in both runs

    def changes(self) -> Iterator[Change]:
        """Everything that is different, in the order of the later run; RunError where a part cannot be read."""
        for paper in self._pairs.papers():
            if not (paper.before and paper.after):
                kind = Kind.PAPER_NEW if paper.after else Kind.PAPER_GONE
                yield Change(kind, paper.source, paper.file, WHOLE, "", Side(), Side())
                continue
            self.papers += 1
            self.renamed += paper.renamed
            yield from self._paper(paper)

    def _paper(self, paper: Paper) -> Iterator[Change]:
        before, after = self._pairs.tops(paper.source)
        self.forms += len(before.keys() & after.keys())
        for number in sorted(before.keys() | after.keys()):
            yield from _tops(paper, number, before.get(number), after.get(number))
        try:
            if not self._alike(paper):
                for first, second in _side_by_side(*(self._forms(side, paper) for side in (0, 1))):
                    yield from form_changes(paper, first, second)
        except BROKEN as error:
            raise RunError("error.diff-no-part", file=paper.file, source=paper.source, detail=error) from error

    def _alike(self, paper: Paper) -> bool:
        """Whether both parts hold the same rows to the letter, whatever they were made with."""
        with gzip.open(self._path(0, paper)) as one, gzip.open(self._path(1, paper)) as other:
            one.readline()  # with what it was made
            other.readline()
            return all(left == right for left, right in zip_longest(one, other))

    def _forms(self, side: int, paper: Paper) -> Iterator[FormRows]:
        return self._parts[side].forms(_source(paper, side))

    def _path(self, side: int, paper: Paper) -> Path:
        return self._parts[side].path(_source(paper, side))


def _source(paper: Paper, side: int) -> Source:
    named = name_of(paper.source)
    return Source("" if named else paper.source, paper.after if side else paper.before, Path())


def _side_by_side(before: Iterator[FormRows], after: Iterator[FormRows]) -> Iterator[tuple[FormRows, FormRows]]:
    """The forms that both have, one of each in memory; they stand in order of number, the file as a whole last."""
    first, second = next(before, None), next(after, None)
    while first is not None and second is not None:
        one, other = _place(first), _place(second)
        if one == other:
            yield first, second
        first = next(before, None) if one <= other else first
        second = next(after, None) if other <= one else second


def _place(rows: FormRows) -> float:
    return rows.form.form or inf


def _tops(paper: Paper, number: int, before: Top | None, after: Top | None) -> Iterator[Change]:
    """What is different of a form as a whole."""
    if before is None or after is None:
        kind = Kind.FORM_NEW if before is None else Kind.FORM_GONE
        yield Change(kind, paper.source, paper.file, number, "", _top_side(before), _top_side(after))
        return
    kinds = [
        (Kind.FORM_STATUS, before.status != after.status),
        (Kind.LAYOUT, before.layout != after.layout),
        (Kind.FORM_REASON, before.status == after.status and before.reasons != after.reasons),
        (Kind.FORM_HEAD, (before.pages, before.duplicate_of) != (after.pages, after.duplicate_of)),
    ]
    for kind in (kind for kind, differs in kinds if differs):
        yield Change(kind, paper.source, paper.file, number, "", _top_side(before, kind), _top_side(after, kind))


def _top_side(top: Top | None, kind: Kind = Kind.FORM_STATUS) -> Side:
    if top is None:
        return Side()
    head = "; ".join(filter(None, (top.pages.replace(";", ", "), top.duplicate_of)))
    return Side(value=head if kind is Kind.FORM_HEAD else top.layout, status=top.status, reason=top.reasons)
