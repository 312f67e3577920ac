"""Why controls fail: the likeliest account of all failures of a form together, and what it says of each.

`explained` is called on the figures as chosen; it changes none. A cause is named where the accounts that come near the
best agree on it; where they do not, the cause is unknown, and the two likeliest are told.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from layouts.model import Control, Place
from validate.causes.account import Account, Slip
from validate.causes.books import Books
from validate.causes.explain import accounts
from validate.controls import Trial
from validate.ledger import ZERO, Ledger, plain, sign
from validate.records import Cause
from validate.settings import Settings

IN_THEIR_ORDER = {"moved", "swapped", "parts-missing", "missing-whole", "part-too-large"}
"""Slips whose first cell is the culprit for every control."""
MOST_ELSEWHERE = 2  # cells named that a control does not speak of: where a figure stands and where it belongs

Told = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The likely cause of a failure and its cells, the likeliest first."""

    cause: Cause
    culprits: tuple[Place, ...]
    why: str = "why.none"  # the message that tells what seems to have happened, and what to do
    told: Told = ()  # its parameters: the evidence


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A control that does not hold, with its likely cause."""

    trial: Trial
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Case:
    """What there is to judge failures by: the form's figures, all its controls, and the cells that are in doubt."""

    ledger: Ledger
    controls: tuple[Control, ...]
    doubtful: frozenset[Place]
    settings: Settings


def explained(trials: Sequence[Trial], case: Case) -> tuple[Diagnosed, ...]:
    """Each control that does not hold with its likely cause, told from all controls of the form together."""
    judged = tuple(control for control in case.controls if not case.ledger.missing(control))
    books = Books(case.ledger, judged, case.doubtful, case.settings)
    at = {control: index for index, control in enumerate(judged)}
    failing = frozenset(at[t.control] for t in trials if t.control in at and not case.ledger.holds(t.control))
    found = accounts(books, failing) if failing else []
    return tuple(Diagnosed(trial, _diagnosis(trial, at.get(trial.control), failing, found)) for trial in trials)


def _diagnosis(trial: Trial, index: int | None, failing: frozenset[int], found: Sequence[Account]) -> Diagnosis:
    if index is None or index not in failing:  # nothing fails yet: a cell is to be settled first
        return Diagnosis(Cause.UNKNOWN, trial.doubtful[:1] or trial.control.left[:1])
    blamed = [(account, _blamed(index, account)) for account in found]
    shares = _shares(blamed)
    (best, slip), likeliest = blamed[0], max(shares, key=lambda cause: shares[cause])
    if likeliest is not slip.cause:
        best, slip = next((account, s) for account, s in blamed if s.cause is likeliest)
    if shares[likeliest] < best.books.settings.cause_share:
        return _undecided(slip, shares, best, trial)
    return Diagnosis(slip.cause, _in_order(slip, trial), f"why.{slip.kind}", _told(slip, best, trial))


def _shares(blamed: Sequence[tuple[Account, Slip]]) -> Mapping[Cause, float]:
    """How likely each cause is, by the accounts within reach."""
    weights: dict[Cause, float] = defaultdict(float)
    best = blamed[0][0].cost
    for account, slip in blamed:
        weights[slip.cause] += math.exp(best - account.cost)
    total = sum(weights.values())
    return {cause: weight / total for cause, weight in weights.items()}


def _blamed(index: int, account: Account) -> Slip:
    """The slip that an account blames for the failure of a control: the one that shifts it most."""
    here = [(_effect(index, slip, account), slip) for slip in account.slips]
    touching = [(effect, slip) for effect, slip in here if effect is not None]
    if not touching:  # none is needed: the sum is off by no more than rounding makes
        return Slip(Cause.ROUNDING, "rounding", account.books.controls[index].left[:1], 0.0)
    return max(touching, key=lambda pair: pair[0])[1]


def _effect(index: int, slip: Slip, account: Account) -> Decimal | None:
    """By how much a slip shifted a control; None if it has nothing to do with it."""
    books = account.books
    if index in slip.explains:
        return abs(books.residuals[index])
    control = books.controls[index]
    shifts = [sign(control, p) * (new - books.ledger.amount(p)) for p, new in slip.changes if p in control.places]
    return abs(sum(shifts, ZERO)) if shifts else None


def _in_order(slip: Slip, trial: Trial) -> tuple[Place, ...]:
    """The slip's cells that concern a control, the culprit first.

    Of several cells alike (a line in tenge, totals left out) the control's own come first, and only they and the first
    two are named: an answer about a cell settles the findings that name it.
    """
    places, own = slip.places, trial.control.places
    if slip.kind == "carried":
        places = tuple(sorted(places, key=lambda place: place not in trial.control.left))
    elif slip.kind not in IN_THEIR_ORDER:
        places = tuple(sorted(places, key=lambda place: place not in own))
    return tuple(place for rank, place in enumerate(places) if rank < MOST_ELSEWHERE or place in own)


def _told(slip: Slip, account: Account, trial: Trial) -> Told:
    """The evidence: the culprit with what it holds and would hold, the cell beside it, and how far the slip reaches."""
    places = _in_order(slip, trial)
    first, other = places[0], places[1] if len(places) > 1 else places[0]
    ledger, new = account.books.ledger, dict(slip.changes).get(first)
    told = {
        "line": first.line,
        "column": first.column,
        "now": plain(ledger.amount(first)),
        "other_line": other.line,
        "other_column": other.column,
        "other_now": plain(ledger.amount(other)),
        "cells": str(len(slip.places)),
        "first_line": slip.places[0].line,
        "first_column": slip.places[0].column,
        "last_line": slip.places[-1].line,
        "last_column": slip.places[-1].column,
    }
    if new is not None:
        told |= {"new": plain(new), "shift": plain(abs(new - ledger.amount(first)))}
    return tuple(told.items())


def _undecided(slip: Slip, shares: Mapping[Cause, float], account: Account, trial: Trial) -> Diagnosis:
    """Causes that the paper leaves open: the two likeliest are told."""
    first, second = sorted(shares, key=lambda cause: -shares[cause])[:2]
    told = (*_told(slip, account, trial), ("first", f"cause.{first}"), ("second", f"cause.{second}"))
    return Diagnosis(Cause.UNKNOWN, _in_order(slip, trial), "why.undecided", told)
