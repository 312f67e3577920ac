"""Which wrong figures the station would offer to be accepted with Enter: `told(results, truth)`, without a browser.

Every figure that a run asks about and that holds ink is made wrong in turn, in many ways: by each of the readings that
compete there, by slips of one digit, by a digit too few, by a factor of ten. Each is looked at twice: as the form comes
in, and when everything else about it was answered as the paper says, which is when most sums can vouch. And of the
machine's own readings it is told how many are offered by then, and how many of these are wrong.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from review.answers import Act, Answer, Origin, now
from review.case import Case, open_case
from review.intervals import wilson
from review.questions import NOUGHTS, Question
from review.store import Store
from review.work.schema import Task
from training.truths import Truth

SLIPS = 8  # of one digit, among those tried
READINGS = 3  # that compete there, the machine's own first
TRIED = 6  # wrong values of each figure


@dataclass(slots=True)
class Offers:
    """What was tried, and what of it would have stood in the input."""

    figures: int = 0
    tried: int = 0
    first: int = 0  # wrong and offered as the form comes in
    last: int = 0  # wrong and offered when all else is answered
    own: int = 0  # readings of the machine that are offered by then
    own_wrong: int = 0
    forms: set[tuple[str, int]] = field(default_factory=set)


def weigh(store: Store, known: Mapping[tuple[str, int], Truth], rng: random.Random, offers: Offers) -> None:
    """Try every figure with ink that a store's open forms ask about."""
    with store.database.reading() as session:
        keys = session.execute(select(Task.source, Task.form).where(Task.state == "open").order_by(Task.file)).all()
        for source, form in keys:
            case = _apart(session, open_case(session, store.layouts, (source, form)))
            _weigh(case, known[case.form.file, form], rng, offers)


def _apart(session: Session, case: Case) -> Case:
    """The case, its records out of the session's hands: what is tried on them is written nowhere."""
    for record in (case.form, *case.cells, *case.findings):
        session.expunge(record)
    return case


def _weigh(case: Case, truth: Truth, rng: random.Random, offers: Offers) -> None:
    asked = [q for q in case.questions if q.kind == "figure" and q.page is not None]
    for question in asked:
        right = truth.written(question.place)
        if right is None or right in NOUGHTS:
            continue
        offers.figures += 1
        offers.forms.add(case.key)
        answered = _answered(case, truth, [q.place for q in asked if q.place != question.place])
        if _offers(answered, question.place):
            offers.own += 1
            offers.own_wrong += not truth.is_right(question.place, question.value)
        for wrong in _wrong(question, right, rng):
            offers.tried += 1
            offers.first += _offers_instead(case, question.place, wrong)
            offers.last += _offers_instead(answered, question.place, wrong)


def _answered(case: Case, truth: Truth, places: list[str]) -> Case:
    """The case when these are answered as the paper says."""
    said = {p: Answer(Act.ANSWER, Origin.OPERATOR, truth.written(p) or "", "", "keys", now()) for p in places}
    return replace(case, answers={**case.answers, **said})


def _offers_instead(case: Case, place: str, value: str) -> bool:
    """Whether a value would be offered if the machine had read it there."""
    cell = case.cell(place)
    assert cell is not None
    before = cell.value, cell.written
    cell.value = cell.written = value
    try:
        return _offers(replace(case), place)
    finally:
        cell.value, cell.written = before


def _offers(case: Case, place: str) -> bool:
    return any(question.vouched for question in case.questions if question.place == place)


def _wrong(question: Question, right: str, rng: random.Random) -> Iterator[str]:
    """The first readings that compete, then slips; none is what the paper says."""
    told = Decimal(right)
    readings = [v for v in (question.value, *question.alternatives) if v.replace(".", "", 1).isdigit()]
    digits = [at for at, sign in enumerate(right) if sign.isdigit()]
    slips = [f"{right[:at]}{rng.choice('0123456789')}{right[at + 1 :]}" for at in rng.choices(digits, k=SLIPS)]
    slips += [right[1:], right[:-1], f"{told * 10:f}"]
    rng.shuffle(slips)
    wrong = [v for v in (*readings[:READINGS], *slips) if v.strip(".") and Decimal(v) not in (told, 0)]
    yield from list(dict.fromkeys(wrong))[:TRIED]


def table(offers: Offers) -> Iterator[str]:
    """The page's lines."""
    moments = "offered as the form comes in | offered when all else is answered | 95 % interval"
    yield f"| figures with ink asked about | forms | wrong values tried | {moments} |"
    yield "|---|---|---|---|---|---|"
    low, high = wilson(offers.last, offers.tried)
    yield (
        f"| {offers.figures} | {len(offers.forms)} | {offers.tried} | {offers.first} | {offers.last} "
        f"| {100 * low:.1f}–{100 * high:.1f} % |"
    )
    yield ""
    yield (
        f"Of the machine's own readings of these figures {offers.own} are offered when all else is answered; "
        f"{offers.own_wrong} of them are wrong."
    )
