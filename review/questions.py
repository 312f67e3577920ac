"""What a person is asked about a form, and in which order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from layouts.model import Relation
from review.answers import FORM, Act, Answer
from review.controls import Balance
from review.figures import converted
from review.flatten import plain
from review.proposals import Proposed
from review.schema import Cell, Finding, Form
from review.units import covers, is_unit
from validate.reasons import CONTROL_FAILS, INFORMATIONAL, KNOWN_READING, UNIT_PART, UNIT_SUSPECTED
from validate.records import Status

IDENTIFIERS = ("bin", "iin", "year")  # a form without them belongs to nobody

BY_UNIT = INFORMATIONAL | {UNIT_SUSPECTED, UNIT_PART}  # reasons that go when it is told in which unit the figures stand
BY_FINDING = BY_UNIT | {CONTROL_FAILS}  # reasons that go when the finding behind them is answered
RESPONDENT = frozenset({"bin", "iin"})  # one of the two says who it is
NOUGHTS = frozenset({"", "0"})  # what no sum tells apart
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
    proposed: bool = False  # what is known from elsewhere proposes something: it is asked by itself, to be chosen
    vouched: bool = False  # the proposal may be offered to be accepted; otherwise what stands there has to be typed


def questions_of(
    form: Form,
    cells: Sequence[Cell],
    findings: Sequence[Finding],
    answers: Mapping[str, Answer],
    links: Mapping[str, Sequence[str]] = MappingProxyType({}),
    tried: Sequence[Balance] = (),
    changed: Mapping[str, int] = MappingProxyType({}),
    proposals: Sequence[Proposed] = (),
) -> list[Question]:
    """What is still open about one form, first things first; nothing where the form is accepted.

    `links` names, of a cell, those that the sums tell once it is known: what tells most is asked first. `tried` are the
    controls over the figures as they stand now: one that fails is asked about until it is confirmed or the figures are
    corrected, also where the machine's own reading obeyed it. `changed`: place → the number of the last event that may
    have moved it; what was confirmed before that is asked again. A field that is bare and for which there are
    `proposals` is asked about too, though nothing waits for it.
    """
    if form.status != Status.REVIEW.value or is_left_out(answers):
        return []
    review = [cell for cell in cells if cell.status == Status.REVIEW.value and cell.place not in answers]
    unread = still_read(cells, answers)
    by_key = {balance.key: balance for balance in tried}
    moved = _moved(findings, changed)
    confirmed = {balance.key for balance in tried if _is_confirmed(balance, answers, moved)}
    unclear = [f for f in findings if not _is_closed(f, by_key.get(f.key), answers, confirmed)]
    units = [finding for finding in unclear if is_unit(finding)]
    asking = [f for f in findings if f in unclear or f.key in answers or f.key in by_key]
    doubtful = [c for c in review if c.place in unread or _asks_by_itself(c, asking)]
    doubtful = [c for c in doubtful if not _waits_for_unit(c, units)]
    tells = _tells(doubtful, links)
    culprits = {place for finding in findings for place in _culprits(finding)}
    doubtful.sort(key=lambda cell: _rank(cell, culprits, len(tells[cell.place])))
    named = {cell.place for cell in cells if cell.place in IDENTIFIERS and (cell.value or cell.place in answers)}
    vouched = {cell.place for cell in doubtful if _is_vouched(cell, tried)}
    asked = [
        replace(_about_cell(form, cell, named), tells=tells[cell.place], vouched=cell.place in vouched)
        for cell in doubtful
    ]
    asked = [question for question in asked if question.needed or question.page]
    asked = list(_with_proposals(form, cells, answers, proposals, asked))
    asked += [_about_finding(form, f) for f in unclear if not _waits(by_key.get(f.key), unread)]
    spoken = {
        c.place for c in cells if c.place in answers or any(covers(f, c.place) for f in converted(findings, answers))
    }
    failing = _newly_failing(tried, {finding.key for finding in findings} | confirmed, spoken)
    asked += [_about_control(form, balance) for balance in failing]
    asked.sort(key=lambda question: (not question.early, not question.needed))
    still = [c for c in cells if c.status == Status.REVIEW.value]
    alone = not findings and not any(_is_needed(form, cell, named) for cell in still)  # its pages, or who sent it
    if alone and FORM not in answers:
        asked.append(_about_form(form))
    return asked


def _with_proposals(
    form: Form,
    cells: Iterable[Cell],
    answers: Mapping[str, Answer],
    proposals: Sequence[Proposed],
    asked: list[Question],
) -> Iterator[Question]:
    """The questions with what is proposed for them, and one for each bare field that nothing else asks about."""
    offered: dict[str, list[Proposed]] = {}
    for each in proposals:
        offered.setdefault(each.place, []).append(each)
    yield from (_offering(q, offered[q.place]) if q.place in offered else q for q in asked)
    known = {question.place for question in asked} | answers.keys()
    for cell in cells:
        if cell.place in offered and cell.place not in known and not cell.value:
            yield _offering(_about_cell(form, cell, frozenset()), offered[cell.place])


def _offering(question: Question, offers: Sequence[Proposed]) -> Question:
    values = tuple(each.value for each in offers if each.value != question.value)
    others = tuple(dict.fromkeys((*question.alternatives, *values)))
    first = offers[0]
    return replace(question, alternatives=others, message=first.message, parameters=first.parameters, proposed=True)


def still_read(cells: Iterable[Cell], answers: Mapping[str, Answer]) -> set[str]:
    """The figure cells whose reading is in doubt and not answered."""
    doubtful = (cell for cell in cells if cell.figure and cell.status == Status.REVIEW.value)
    return {cell.place for cell in doubtful if cell.place not in answers and set(_codes(cell.reason)) - BY_FINDING}


def is_left_out(answers: Mapping[str, Answer]) -> bool:
    """Whether a person said that the form does not count."""
    return any(answer.act is Act.EXCLUDE for answer in answers.values())


def _moved(findings: Iterable[Finding], changed: Mapping[str, int]) -> Callable[[str], int]:
    """The number of the last event that may have moved a figure: about itself, or about the unit it stands in."""
    units = [(finding, changed[finding.key]) for finding in findings if is_unit(finding) and finding.key in changed]

    def last(place: str) -> int:
        return max([changed.get(place, 0), *(number for finding, number in units if covers(finding, place))])

    return last


def _is_closed(
    finding: Finding, balance: Balance | None, answers: Mapping[str, Answer], confirmed: AbstractSet[str]
) -> bool:
    """A control is settled when it holds or is confirmed as it stands; any other finding by an answer.

    What a figure reads as says nothing of why it is a hundred times last year's: that is answered by itself.
    """
    if balance is not None:
        return balance.stand == "holds" or balance.key in confirmed
    if finding.key.startswith(YEAR_ON_YEAR):
        return finding.key in answers
    return finding.key in answers or any(place in answers for place in finding.places.split(";"))


def _is_confirmed(balance: Balance, answers: Mapping[str, Answer], moved: Callable[[str], int]) -> bool:
    """Whether people said that it stands, after the last word about its cells."""
    own = answers.get(balance.key)
    return own is not None and all(own.number >= moved(term.place) for term in balance.terms)


def _waits(balance: Balance | None, unread: AbstractSet[str]) -> bool:
    """Whether what it says may change with a cell that is asked about itself."""
    return balance is not None and any(term.place in unread for term in balance.terms)


def _newly_failing(tried: Iterable[Balance], known: AbstractSet[str], spoken: AbstractSet[str]) -> Iterator[Balance]:
    """Controls that fail only since people spoke of their cells, or of the unit these stand in."""
    for balance in tried:
        if balance.key not in known and balance.stand == "fails" and any(t.place in spoken for t in balance.terms):
            yield balance


def _asks_by_itself(cell: Cell, asking: Iterable[Finding]) -> bool:
    """Whether a cell is asked about that none of these findings clears: they ask, or were answered as a whole."""
    if set(_codes(cell.reason)) - BY_FINDING or not cell.figure:
        return True
    return not any(covers(finding, cell.place) for finding in asking)


def _is_vouched(cell: Cell, tried: Iterable[Balance]) -> bool:
    """Whether its proposal may be offered to be accepted: its reading is sure, or every sum through it says the same.

    No sum tells a blank cell from a dash or a nought.
    """
    if set(_codes(cell.reason)) <= KNOWN_READING:
        return bool(cell.value)
    if cell.value in NOUGHTS:
        return False
    through = [b for b in tried if b.rule.relation is Relation.EQUAL and any(t.place == cell.place for t in b.terms)]
    ready = [b for b in through if not any(term.open for term in b.terms if term.place != cell.place)]
    return bool(ready) and len(ready) == len(through) and all(b.balanced for b in ready)


def _culprits(finding: Finding) -> list[str]:
    """The cells to look at before others: the likeliest of a rule, all that changed so much since last year."""
    places = finding.places.split(";")
    return places if is_unit(finding) or finding.key.startswith(YEAR_ON_YEAR) else places[:1]


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


def _about_control(form: Form, balance: Balance) -> Question:
    """A control that the machine's reading obeyed."""
    places = tuple(term.place for term in balance.terms)
    told = (("difference", plain(balance.difference)), ("rule", balance.rule.id))
    key = (form.source, form.file, form.form, balance.key)
    return Question("finding", *key, message="ask.newly-failing", parameters=told, places=places)


def _about_form(form: Form) -> Question:
    return Question("form", form.source, form.file, form.form, FORM, reasons=_codes(form.reasons))


def _codes(joined: str) -> tuple[str, ...]:
    return tuple(code for code in joined.split(";") if code)
