"""Why a control fails, and which of its cells is the likely culprit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from layouts.model import Control, Place, Relation
from validate import repairs
from validate.controls import Trial
from validate.ledger import Ledger, sign
from validate.records import Cause
from validate.settings import Settings

UNIT_RATIO = Decimal(100)  # a part this many times its whole, and below it when divided by 1000, is in another unit


_ONE_CELL = (
    (Cause.READING, repairs.other_reading),
    (Cause.SIGN, repairs.without_minus),
    (Cause.UNIT, repairs.in_other_unit),
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The likely cause of a failure and its cells, the likeliest first."""

    cause: Cause
    culprits: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A control that does not hold, with its likely cause."""

    trial: Trial
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Case:
    """What there is to judge a failure by: the form's figures, all that failed, and the form's inequalities."""

    ledger: Ledger
    trials: tuple[Trial, ...]
    inequalities: tuple[Control, ...]
    settings: Settings


def diagnose(trial: Trial, case: Case) -> Diagnosis:
    """The likely cause of one failure, told from the controls that cross it."""
    if trial.doubtful and case.ledger.holds(trial.control):  # nothing fails yet: a cell is to be settled first
        return Diagnosis(Cause.UNKNOWN, trial.doubtful[:1])
    if trial.control.rule.relation is Relation.EQUAL:
        return _equality(trial, case)
    return _inequality(trial, case)


def suspects(trial: Trial, case: Case) -> tuple[Place, ...]:
    """The cells of an equality that one change could explain it by, the likeliest first.

    A cell is a suspect if every other equality through it fails by the same amount; one that explains two failures
    comes before one that explains a single one, a doubtful reading before a sure one, the sum before its terms.
    """
    places = [p for p in trial.control.places if _explains(trial, p, case.ledger)]
    return tuple(
        sorted(
            places,
            key=lambda p: (
                -len(case.ledger.equalities.get(p, ())),
                p not in trial.doubtful,
                p not in trial.control.left,
            ),
        )
    )


def _equality(trial: Trial, case: Case) -> Diagnosis:
    """Causes of a sum that does not come out, the most telling first."""
    ledger = case.ledger
    likely = suspects(trial, case)
    order = (*likely, *(p for p in trial.control.places if p not in likely))
    total = trial.control.left[0]
    if len(trial.control.left) == 1 and ledger.figures[total].value is None and total not in trial.doubtful:
        return Diagnosis(Cause.MISSING_TOTAL, (total,))
    for cause, repair in _ONE_CELL:
        if (place := repair(trial, ledger, order)) is not None:
            return Diagnosis(cause, (place,))
    if exchanged := repairs.beside_its_place(trial, case.trials, case.inequalities, ledger):
        return Diagnosis(Cause.MISPLACED, exchanged)
    if repairs.is_rounding(trial, ledger, case.settings):
        return Diagnosis(Cause.ROUNDING, _first(likely, trial))
    return Diagnosis(Cause.UNKNOWN if trial.doubtful else Cause.ARITHMETIC, _first(likely, trial))


def _first(likely: Sequence[Place], trial: Trial) -> tuple[Place, ...]:
    """The likeliest suspect; where there is none, the sum itself: it is what was worked out."""
    return tuple(likely[:1]) or trial.control.left[:1]


def _explains(trial: Trial, place: Place, ledger: Ledger) -> bool:
    """Whether one wrong amount in this cell explains the failure of every equality through it."""
    excess = sign(trial.control, place) * trial.residual
    return all(
        sign(control, place) * ledger.residual(control) == excess
        for control in ledger.equalities.get(place, ())
        if not ledger.missing(control)
    )


def _inequality(trial: Trial, case: Case) -> Diagnosis:
    """Causes of a part that exceeds its whole."""
    ledger = case.ledger
    whole, part = trial.control.left[0], trial.control.right[0]
    if ledger.figures[whole].value is None and whole not in trial.doubtful:
        return Diagnosis(Cause.MISSING_TOTAL, (whole, part))
    if trial.left < 0 <= trial.right:
        return Diagnosis(Cause.SIGN, (whole, part))
    if doubtful := [p for p in (part, whole) if p in trial.doubtful and _reads_otherwise(trial, p, ledger)]:
        return Diagnosis(Cause.READING, (doubtful[0],))
    if trial.left > 0 and trial.right >= UNIT_RATIO * trial.left and trial.right / 1000 <= trial.left:
        return Diagnosis(Cause.UNIT, (part, whole))
    crossing = [t for t in case.trials if t.control.rule.relation is Relation.EQUAL and whole in t.control.places]
    for other in crossing:
        if exchanged := repairs.beside_its_place(other, (), (trial.control,), ledger):
            return Diagnosis(Cause.MISPLACED, exchanged)
    blamed = [t for t in crossing if suspects(t, case)[:1] == (whole,)]
    culprits = (whole, part) if blamed else (part, whole)
    return Diagnosis(Cause.UNKNOWN if trial.doubtful else Cause.ARITHMETIC, culprits)


def _reads_otherwise(trial: Trial, place: Place, ledger: Ledger) -> bool:
    """Whether another reading of the cell makes the whole at least its part."""
    now = ledger.amount(place)
    return any(
        value.amount is not None and trial.residual + sign(trial.control, place) * (value.amount - now) >= 0
        for value in ledger.figures[place].alternatives
    )
