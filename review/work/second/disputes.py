"""Disputes: where the second keying differs, a third person looks at the paper and decides."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from review.case import Case, Layouts, open_case
from review.controls import ZERO, Balance
from review.flatten import plain
from review.schema import Cell
from review.told import Key
from review.work.claims import check_claim, release
from review.work.saying import Given, add_answer
from review.work.schema import Task
from review.work.second.keying import KeyingError, differences, on_paper, word_of
from review.work.staff.people import Worker
from review.work.tasks import WAITING, Share, State, refresh

ADJUDICATED = "adjudicated"  # note of the answer that ended a dispute


@dataclass(frozen=True, slots=True)
class Side:
    """A control as one of two words would have it: what both sides come to, and by how much it is off."""

    balance: Balance
    left: str
    right: str
    off: str  # "" where it holds


@dataclass(frozen=True, slots=True)
class Word:
    """What one of two people says of a cell, and the controls through it as they would come out."""

    value: str  # "" is blank
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """One cell that two people read differently; nothing tells whose word is which."""

    place: str
    words: tuple[Word, Word]


def disputes(session: Session, case: Case, task: Task, seed: str) -> tuple[Dispute, ...]:
    """The cells in dispute, in the order of the form; which word comes first is drawn by a hash."""
    differing = differences(session, case, task)
    return tuple(_dispute(case, cell, differing[cell.place], seed) for cell in case.cells if cell.place in differing)


def decide(
    session: Session, layouts: Layouts, worker: Worker, key: Key, decided: Mapping[str, str], share: Share
) -> Task:
    """Keep what a third person decides about every cell in dispute; the form is done with it, or asks anew.

    ClaimError if the form is not the worker's, KeyingError if it is not in dispute, AnswerError if a cell is left out
    or nothing like this may stand there.
    """
    task = check_claim(session, worker, key)
    case = open_case(session, layouts, key)
    differing = differences(session, case, task)
    if task.state != State.DISPUTE.value:
        raise KeyingError("error.dispute-over")
    for place in differing:
        value = word_of(place, decided.get(place, ""))
        add_answer(session, layouts, key, Given(*key, place, value, ADJUDICATED, worker.login))
    task = refresh(session, layouts, key, share, who=worker.login)
    if task.state not in WAITING:
        task.state = State.DONE.value
        release(session, worker, key)
    return task


def _dispute(case: Case, cell: Cell, second: str, seed: str) -> Dispute:
    first = _word(case, cell.place, on_paper(cell.value, case.answers.get(cell.place)))
    other = _word(case, cell.place, second)
    drawn = hashlib.sha256(f"{seed}/order/{cell.source}/{cell.form}/{cell.place}".encode()).digest()[0] % 2
    return Dispute(cell.place, (first, other) if drawn else (other, first))


def _word(case: Case, place: str, value: str) -> Word:
    """What it would be if the cell held this."""
    amount = Decimal(value or 0)
    through = [balance for balance in case.balances if any(term.place == place for term in balance.terms)]
    return Word(value, tuple(_side(_with(balance, place, amount)) for balance in through))


def _with(balance: Balance, place: str, amount: Decimal) -> Balance:
    left, right = (
        tuple(replace(term, value=amount, open=False) if term.place == place else term for term in side)
        for side in (balance.left, balance.right)
    )
    return replace(balance, left=left, right=right)


def _side(balance: Balance) -> Side:
    left, right = (plain(sum((term.value for term in side), ZERO)) for side in (balance.left, balance.right))
    return Side(balance, left, right, "" if balance.balanced else plain(abs(balance.difference)))
