"""What a person is asked about a form, and in which order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from review.answers import FORM, Answer
from review.schema import Cell, Finding, Form
from validate.reasons import CONTROL_FAILS, INFORMATIONAL, UNIT_SUSPECTED
from validate.records import Status

IDENTIFIERS = ("bin", "iin", "year")  # a form without them belongs to nobody

BY_FINDING = INFORMATIONAL | {CONTROL_FAILS, UNIT_SUSPECTED}  # reasons that go when the finding behind them is answered
RESPONDENT = frozenset({"bin", "iin"})  # one of the two says who it is
LAST = 3  # rank of what only completes a form

Kind = Literal["field", "figure", "finding", "form"]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to settle. `place` is what it is answered by."""

    kind: Kind
    source: str
    file: str
    form: int
    place: str
    written: str = ""
    value: str = ""  # the machine's proposal; "" is blank
    alternatives: tuple[str, ...] = ()  # what else it may be, best first
    reasons: tuple[str, ...] = ()  # codes of the catalogue
    message: str = ""  # of a finding: an id of the catalogue
    parameters: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()  # of a finding: the cells it speaks of, the culprit first
    page: int | None = None  # where to look: stored page and box
    box: tuple[float, float, float, float] | None = None
    unit: str = ""
    needed: bool = True  # the form's figures wait for it


def questions_of(
    form: Form, cells: Sequence[Cell], findings: Sequence[Finding], answers: Mapping[str, Answer]
) -> list[Question]:
    """What is still open about one form, first things first; nothing where the form is accepted."""
    if form.status != Status.REVIEW.value or FORM in answers:
        return []
    culprits = {finding.places.partition(";")[0] for finding in findings}
    cleared = {place for finding in findings if finding.key in answers for place in finding.places.split(";")}
    review = [cell for cell in cells if cell.status == Status.REVIEW.value]
    doubtful = [cell for cell in review if cell.place not in cleared or set(_codes(cell.reason)) - BY_FINDING]
    unclear = [finding for finding in findings if not _answered(finding, answers)]
    named = {cell.place for cell in cells if cell.place in IDENTIFIERS and (cell.value or cell.place in answers)}
    asked = [_about_cell(form, cell, named) for cell in sorted(doubtful, key=lambda cell: _rank(cell, culprits))]
    asked = [question for question in asked if question.place not in answers and (question.needed or question.page)]
    asked += [_about_finding(form, finding) for finding in unclear]
    asked.sort(key=lambda question: not question.needed)
    if not findings and not any(_is_needed(form, cell, named) for cell in review):  # its pages, or who sent it
        asked.append(_about_form(form))
    return asked


def _answered(finding: Finding, answers: Mapping[str, Answer]) -> bool:
    """A rule is settled by an answer about itself, or about one of the cells it speaks of."""
    return finding.key in answers or any(place in answers for place in finding.places.split(";"))


def _rank(cell: Cell, culprits: set[str]) -> tuple[int, int]:
    if not cell.figure:
        return (0 if cell.place in IDENTIFIERS else LAST), cell.position
    return (1 if cell.place in culprits else 2), cell.position


def _is_needed(form: Form, cell: Cell, named: AbstractSet[str]) -> bool:
    """Whether a form counts as settled only when this is answered: its figures and whose they are, not an address.

    A row for the other kind of identifier that was not found on the paper is nothing to ask about.
    """
    if cell.figure or cell.place not in IDENTIFIERS:
        return cell.figure
    if cell.page is None and cell.place in RESPONDENT and named & RESPONDENT:
        return False
    return any(code.startswith(("identifier", "year")) for code in _codes(form.reasons))


def _about_cell(form: Form, cell: Cell, named: AbstractSet[str]) -> Question:
    others = tuple(value for value in cell.alternatives.split(";") if value and value != cell.value)
    box = None
    if cell.x0 is not None and cell.y0 is not None and cell.x1 is not None and cell.y1 is not None:
        box = (cell.x0, cell.y0, cell.x1, cell.y1)
    return Question(
        kind="figure" if cell.figure else "field",
        source=form.source,
        file=form.file,
        form=form.form,
        place=cell.place,
        written=cell.written,
        value=cell.value,
        alternatives=others,
        reasons=_codes(cell.reason),
        page=cell.page,
        box=box,
        unit=cell.unit,
        needed=_is_needed(form, cell, named),
    )


def _about_finding(form: Form, finding: Finding) -> Question:
    return Question(
        kind="finding",
        source=form.source,
        file=form.file,
        form=form.form,
        place=finding.key,
        message=finding.message,
        parameters=tuple(json.loads(finding.parameters).items()),
        places=_codes(finding.places),
    )


def _about_form(form: Form) -> Question:
    return Question("form", form.source, form.file, form.form, FORM, reasons=_codes(form.reasons))


def _codes(joined: str) -> tuple[str, ...]:
    return tuple(code for code in joined.split(";") if code)
