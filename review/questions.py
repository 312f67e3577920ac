"""What a person is asked about a form, and in which order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from review.answers import FORM, UNIT_QUESTION, Answer
from review.schema import Cell, Finding, Form
from validate.reasons import CONTROL_FAILS, INFORMATIONAL, UNIT_PART, UNIT_SUSPECTED
from validate.records import Status

IDENTIFIERS = ("bin", "iin", "year")  # a form without them belongs to nobody

BY_UNIT = INFORMATIONAL | {UNIT_SUSPECTED, UNIT_PART}  # reasons that go when it is told in which unit the figures stand
BY_FINDING = BY_UNIT | {CONTROL_FAILS}  # reasons that go when the finding behind them is answered
RESPONDENT = frozenset({"bin", "iin"})  # one of the two says who it is
LAST = 2  # rank of what only completes a form
YEAR_ON_YEAR = "check.year-on-year"
# What is asked first, of forms and within one: an answer about the unit settles most of a form, and what lists and last
# year's figures say may show that it is another respondent's.
EARLY = frozenset(
    {YEAR_ON_YEAR, "check.respondent-unknown", "check.name-of-another", "check.kato-unknown", "check.kato-elsewhere"}
)

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
    tells: tuple[str, ...] = ()  # other cells asked about, which the sums tell once this one is known
    early: bool = False  # forms with such a question come before others


def questions_of(
    form: Form,
    cells: Sequence[Cell],
    findings: Sequence[Finding],
    answers: Mapping[str, Answer],
    links: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Question]:
    """What is still open about one form, first things first; nothing where the form is accepted.

    `links` names, of a cell, those that the sums tell once it is known: what tells most is asked first.
    """
    if form.status != Status.REVIEW.value or FORM in answers:
        return []
    culprits = {place for finding in findings for place in _culprits(finding)}
    answered = [finding for finding in findings if finding.key in answers]
    cleared = {cell.place for cell in cells if any(covers(finding, cell.place) for finding in answered)}
    review = [cell for cell in cells if cell.status == Status.REVIEW.value]
    doubtful = [cell for cell in review if cell.place not in cleared or set(_codes(cell.reason)) - BY_FINDING]
    unclear = [finding for finding in findings if not _answered(finding, answers)]
    units = [finding for finding in unclear if is_unit(finding)]
    doubtful = [cell for cell in doubtful if cell.place not in answers and not _waits_for_unit(cell, units)]
    named = {cell.place for cell in cells if cell.place in IDENTIFIERS and (cell.value or cell.place in answers)}
    tells = _tells(doubtful, links)
    doubtful.sort(key=lambda cell: _rank(cell, culprits, len(tells[cell.place])))
    asked = [replace(_about_cell(form, cell, named), tells=tells[cell.place]) for cell in doubtful]
    asked = [question for question in asked if question.needed or question.page]
    asked += [_about_finding(form, finding) for finding in unclear]
    asked.sort(key=lambda question: (not question.early, not question.needed))
    if not findings and not any(_is_needed(form, cell, named) for cell in review):  # its pages, or who sent it
        asked.append(_about_form(form))
    return asked


def is_unit(finding: Finding) -> bool:
    """Whether it asks in which unit the form, or a part of it, is filled in."""
    return finding.key.startswith(UNIT_QUESTION)


def covers(finding: Finding, place: str) -> bool:
    """Whether a finding speaks of a cell: one that it names, or any of the form or section whose unit it asks about."""
    rule, _, first = finding.key.partition("@")
    if rule == UNIT_QUESTION:
        return True
    if rule == f"{UNIT_QUESTION}-section":
        return place.partition("/")[0] == first.partition("/")[0]
    return place in finding.places.split(";")


def _culprits(finding: Finding) -> list[str]:
    """The cells to look at before others: the likeliest of a rule, all that changed so much since last year."""
    places = finding.places.split(";")
    return places if is_unit(finding) or finding.key.startswith(YEAR_ON_YEAR) else places[:1]


def _answered(finding: Finding, answers: Mapping[str, Answer]) -> bool:
    """A rule is settled by an answer about itself, or about one of the cells it speaks of.

    What a figure reads as says nothing of why it is a hundred times last year's: that is answered by itself.
    """
    if finding.key.startswith(YEAR_ON_YEAR):
        return finding.key in answers
    return finding.key in answers or any(place in answers for place in finding.places.split(";"))


def _waits_for_unit(cell: Cell, units: Sequence[Finding]) -> bool:
    """Whether its reading is sure, and all that is open about it is the question in which unit it stands."""
    return set(_codes(cell.reason)) <= BY_UNIT and any(covers(finding, cell.place) for finding in units)


def _tells(doubtful: Sequence[Cell], links: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Of each cell asked about, which others asked about the sums tell once it is known."""
    places = {cell.place for cell in doubtful}
    return {place: tuple(other for other in links.get(place, ()) if other in places) for place in places}


def _rank(cell: Cell, culprits: set[str], tells: int) -> tuple[int, int, int, int]:
    """What is asked first has the lowest: identifiers, then what tells most cells, then what failed rules point at."""
    if not cell.figure:
        return (0 if cell.place in IDENTIFIERS else LAST), 0, 0, cell.position
    return 1, -tells, (0 if cell.place in culprits else 1), cell.position


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
        early=is_unit(finding) or finding.key.partition("@")[0] in EARLY,
    )


def _about_form(form: Form) -> Question:
    return Question("form", form.source, form.file, form.form, FORM, reasons=_codes(form.reasons))


def _codes(joined: str) -> tuple[str, ...]:
    return tuple(code for code in joined.split(";") if code)
