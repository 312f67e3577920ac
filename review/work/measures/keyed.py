"""What second keying shows: how far two people agree, and how often a figure was wrong that nobody doubted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from review.answers import Act, Answer, Origin, said, standing
from review.intervals import clustered_upper_bound
from review.portions import Portion
from review.schema import Cell, Event
from review.told import Key, words_in
from review.work.measures.scope import Scope
from review.work.schema import Task
from review.work.second.keying import on_paper
from review.work.tasks import State

UNDECIDED = frozenset({State.SECOND.value, State.DISPUTE.value})  # states in which nobody has said who is right


@dataclass(frozen=True, slots=True)
class Keyed:
    """A figure with ink that was keyed once more, blind.

    `before` is what counted as written on the paper until then, and `now` what does since; `first` is whose word
    `before` is, "" where it is the machine's.
    """

    key: Key
    place: str
    first: str
    second: str
    before: str
    again: str
    now: str
    decided: bool  # nobody has to decide between the two any more

    @property
    def agreed(self) -> bool:
        """Whether both keyed the same."""
        return self.before == self.again

    @property
    def wrong(self) -> bool:
        """Whether what counted was wrong; while nobody has decided, every difference is counted as such."""
        return not self.agreed and (not self.decided or self.now != self.before)


@dataclass(frozen=True, slots=True)
class Measured:
    """An error rate found by second keying: wrong figures of so many keyed, in so many forms."""

    wrong: int
    cells: int
    forms: int
    bound: float  # one-sided upper bound, 95 %, clustered by form


def keyed(session: Session, scope: Scope) -> list[Keyed]:
    """Every figure with ink that was keyed once more in the period."""
    cells = {(row.source, row.form, row.place): row for row in session.execute(_seconds(scope))}
    words = words_in(session, tuple_(Event.source, Event.form).in_(_forms(scope)))
    found = []
    for at, row in cells.items():
        events = words.get(at[:2], {}).get(at[2], [])
        before = standing(said((act, answer) for act, answer in events if answer.number < row.number))
        now = standing(said(events))
        paper = on_paper(row.read, before)
        if row.written or paper or row.value:
            who = before.who if before and _is_read(before) else ""
            decided = row.state not in UNDECIDED
            found.append(Keyed(at[:2], at[2], who, row.who, paper, row.value, on_paper(row.read, now), decided))
    return found


def measured(figures: Iterable[Keyed], *, accepted: bool) -> Measured:
    """The error rate of figures that the machine accepted; else of those that a person gave."""
    forms: dict[Key, list[bool]] = {}
    for figure in figures:
        if accepted is not bool(figure.first):
            forms.setdefault(figure.key, []).append(figure.wrong)
    clusters = [(sum(wrong), len(wrong)) for wrong in forms.values()]
    wrong, cells = sum(each[0] for each in clusters), sum(each[1] for each in clusters)
    return Measured(wrong, cells, len(forms), clustered_upper_bound(clusters))


def agreement(figures: Sequence[Keyed], login: str = "") -> Portion:
    """How many figures were keyed alike, of those a person (anyone: "") gave first."""
    own = [figure for figure in figures if figure.first and login in ("", figure.first)]
    return Portion(sum(figure.agreed for figure in own), len(own))


def _is_read(answer: Answer) -> bool:
    """Whether somebody looked at the paper: the respondent's correction alone does not say so."""
    return answer.origin is not Origin.RESPONDENT or answer.paper is not None


def _seconds(scope: Scope) -> Select[*tuple[Any, ...]]:
    """The last blind word about each figure, with what the machine read there."""
    last = (
        select(func.max(Event.id).label("number"))
        .join(Task, _of_task())
        .where(Event.act == Act.SECOND.value, Event.at >= scope.since, Event.at < scope.until, *scope.forms)
        .group_by(Event.source, Event.form, Event.place)
        .subquery()
    )
    of_cell = and_(Cell.source == Event.source, Cell.form == Event.form, Cell.place == Event.place)
    return (
        select(
            Event.source, Event.form, Event.place, Event.id.label("number"), Event.who, Event.value,
            Cell.value.label("read"), Cell.written, Task.state,
        )
        .join(last, last.c.number == Event.id)
        .join(Cell, of_cell)
        .join(Task, _of_task())
        .where(Cell.figure)
        .order_by(Event.id)
    )  # fmt: skip


def _forms(scope: Scope) -> Select[*tuple[Any, ...]]:
    """The forms that were keyed once more in the period."""
    return (
        select(Event.source, Event.form)
        .join(Task, _of_task())
        .where(Event.act == Act.SECOND.value, Event.at >= scope.since, Event.at < scope.until, *scope.forms)
        .distinct()
    )


def _of_task() -> ColumnElement[bool]:
    return and_(Task.source == Event.source, Task.form == Event.form)
