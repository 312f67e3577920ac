"""The controls of a form on figures that somebody typed: the same functions as for a paper, without any paper."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from compare.typed.figures import typed_figures
from compare.typed.files import open_sheets
from compare.typed.read import read_typed
from compare.typed.records import Problem
from extract.records import Source
from layouts.model import Layout, RuleSet, Words
from review.flatten import flatten
from review.rows import FindingRow, FormRow
from validate.decide import decide
from validate.reasons import CONTROL_FAILS, INFORMATIONAL, UNIT_SUSPECTED
from validate.records import CheckedCell, CheckedForm, Outcome, Status
from validate.rule_sets import Tally, tallies
from validate.settings import Settings
from validate.trust import NO_TRUST

TOLD_BY_FINDING = INFORMATIONAL | {CONTROL_FAILS, UNIT_SUSPECTED, "percent"}  # a finding of their own says these


@dataclass(frozen=True, slots=True)
class TypedResult:
    """One typed form, checked."""

    source: str
    file: str
    form: FormRow
    findings: tuple[FindingRow, ...]
    tallies: Mapping[RuleSet, Tally]
    clauses: Mapping[str, Words]  # by rule, in the reader's languages

    @property
    def holds(self) -> bool:
        """Whether nothing is left to look at."""
        return self.form.status == Status.ACCEPTED.value


def check_file(
    path: Path, layouts: Mapping[str, Layout], settings: Settings
) -> tuple[Iterator[TypedResult], tuple[Problem, ...]]:
    """The result of every form of a CSV or Excel file, one at a time, and what is worth telling of the file.

    BadTable, with every problem, where the file's figures cannot be told.
    """
    sheets, sha256 = open_sheets(path), hashlib.sha256(path.read_bytes()).hexdigest()
    table = read_typed(path.name, sheets, layouts)
    forms = typed_figures(table, Source(sha256, path.name, path))
    return (_result(decide(form, settings, NO_TRUST)) for form in forms), table.notes


def _result(form: CheckedForm) -> TypedResult:
    rows = flatten(form)
    source = form.form.reading.source
    findings = (*rows.findings, *_doubts(rows.form.form, form.cells))
    clauses = {rule.id: rule.cited for rule in form.form.reading.layout.rules}
    return TypedResult(source.sha256, source.file, rows.form, findings, tallies(form), clauses)


def _doubts(form: int, cells: tuple[CheckedCell, ...]) -> Iterator[FindingRow]:
    """What stands in a cell and is no certain figure, as a finding: a typed table has no queue of questions."""
    for cell in cells:
        for code in cell.reasons if cell.status is Status.REVIEW else ():
            if code not in TOLD_BY_FINDING:
                place, written = str(cell.figure.reading.place), cell.figure.written
                yield FindingRow(
                    form, f"check.{code}", "check", "", Outcome.UNDECIDED.value, place, "", "", "", "",
                    f"reason.{code}", (("written", written),),
                )  # fmt: skip
