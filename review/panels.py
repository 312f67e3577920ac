"""What a person is asked at once: one question, what one word settles, and cells in which nothing is written.

Most doubts of a form are whether a cell is bare or holds a dash or a nought. No sum depends on it, so one look at all
them side by side does what dozens of questions would. A cell of which every sum misses something does not belong
there: a figure may have been overlooked, and it is asked about by itself. A figure that is off breaks the sum of its
line and that of its column by as much: one look at it answers for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from layouts.model import Relation
from review.case import Case
from review.controls import Balance
from review.questions import NOUGHTS, Question

LEAST = 2  # cells that are worth a look side by side

Kind = Literal["one", "noughts", "missing"]


@dataclass(frozen=True, slots=True)
class Panel:
    """Questions that are shown and answered at once, in the order of the form."""

    kind: Kind
    questions: tuple[Question, ...]

    @property
    def first(self) -> Question:
        """The question it stands for."""
        return self.questions[0]


def panels(case: Case, apart: AbstractSet[str] = frozenset()) -> tuple[Panel, ...]:
    """The form's questions in the order to ask them: noughts follow the figures, cells of a lost page follow those.

    `apart`: places that are asked by themselves whatever stands there.
    """
    asked = case.questions
    lost = [q for q in asked if q.kind == "figure" and q.page is None]
    alike = [q for q in asked if q.kind == "figure" and q.page is not None and q.place not in apart]
    bare = [q for q in alike if _is_nought(q, case.balances)]
    grouped = {q.place for group in (lost, bare) if len(group) >= LEAST for q in group}
    single = _gathered([q for q in asked if q.place not in grouped], case)
    together: list[Panel] = []
    if len(bare) >= LEAST:
        together.append(Panel("noughts", _in_order(case, bare)))
    if len(lost) >= LEAST:
        together.append(Panel("missing", _in_order(case, lost)))
    cut = next(
        (n for n, p in enumerate(single) if p.first.kind in ("finding", "form") and not p.first.early), len(single)
    )
    cut = max(cut, _last_figure(single))
    return (*single[:cut], *together, *single[cut:])


def _is_nought(question: Question, balances: Sequence[Balance]) -> bool:
    """Whether nothing seems to stand there: a figure that was overlooked would be missed by every sum through it."""
    if question.value not in NOUGHTS:
        return False
    through = list(_through(question.place, balances))
    return not through or not all(_misses(balance, question.place) for balance in through)


def _through(place: str, balances: Sequence[Balance]) -> Iterator[Balance]:
    for balance in balances:
        if balance.rule.relation is Relation.EQUAL and any(term.place == place for term in balance.terms):
            yield balance


def _misses(balance: Balance, place: str) -> bool:
    """Whether a sum does not come out though all its other figures are known."""
    others = [term for term in balance.terms if term.open and term.place != place and term.value]
    return not balance.balanced and not others


def _gathered(asked: Sequence[Question], case: Case) -> list[Panel]:
    """One panel each, but for what one word settles: that goes to the first of its kind."""
    by_key = {balance.key: balance for balance in case.balances}
    gathered: list[list[Question]] = []
    for question in asked:
        into = next((those for those in gathered if _is_settled_with(question, those, by_key, case)), None)
        if into is None:
            gathered.append([question])
        else:
            into.append(question)
    return [Panel("one", tuple(those)) for those in gathered]


def _is_settled_with(question: Question, those: Sequence[Question], by_key: Mapping[str, Balance], case: Case) -> bool:
    """Whether one figure may explain this control and those: a cell they share is off in all by the same amount.

    Likewise what is found of one field, which stands as it stands whatever is wrong with it.
    """
    every = (*those, question)
    if any(each.kind != "finding" for each in every):
        return False
    controls = [by_key[each.place] for each in every if each.place in by_key]
    if not controls:
        return len({_code_of(each, case) for each in every}) == 1 and _code_of(question, case) != ""
    return len(controls) == len(every) and bool(explaining(controls))


def explaining(failing: Sequence[Balance]) -> tuple[str, ...]:
    """The cells which, put right by one amount, would make all these controls hold to the last digit."""
    amounts: dict[str, set[Decimal]] = {}
    for balance in failing:
        for terms, sign in ((balance.left, -1), (balance.right, 1)):
            for term in terms:
                amounts.setdefault(term.place, set()).add(sign * balance.difference)
    everywhere = frozenset.intersection(*(frozenset(term.place for term in balance.terms) for balance in failing))
    return tuple(place for place, wanted in amounts.items() if place in everywhere and len(wanted) == 1)


def _code_of(question: Question, case: Case) -> str:
    """The field a finding is about, as a KATO code; "" if it is about a figure, or is asked before all others."""
    cell = case.cell(question.place.partition("@")[2])
    return cell.place if cell is not None and not cell.figure and not question.early else ""


def _in_order(case: Case, questions: Sequence[Question]) -> tuple[Question, ...]:
    by_place = {question.place: question for question in questions}
    return tuple(by_place[cell.place] for cell in case.cells if cell.place in by_place)


def _last_figure(single: Sequence[Panel]) -> int:
    """After the last figure that is asked about by itself."""
    return max((n + 1 for n, panel in enumerate(single) if panel.first.kind == "figure"), default=0)
