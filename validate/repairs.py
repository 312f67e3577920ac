"""One change to one cell, or an exchange of two, that would make a failed equality hold.

A repair is never made: it names the likely cause, so that a person knows where to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from layouts.model import Control, Each, Place, Relation
from validate.controls import Trial
from validate.ledger import Ledger, sign
from validate.settings import Settings

UNIT_FACTORS = (Decimal(1000), Decimal("0.001"), Decimal(1_000_000), Decimal("0.000001"))
UNIT_SLACK = Decimal("0.02")  # of the repaired value: what the neighbours' rounding may leave over


def other_reading(trial: Trial, ledger: Ledger, order: Sequence[Place]) -> Place | None:
    """The doubtful cell another reading of which makes the equality hold."""
    for place in order:
        if place not in trial.doubtful:
            continue
        now = ledger.amount(place)
        for value in ledger.figures[place].alternatives:
            if value.amount is not None and value.amount != now and _closes(trial, place, value.amount - now):
                return place
    return None


def without_minus(trial: Trial, ledger: Ledger, order: Sequence[Place]) -> Place | None:
    """The cell that is negative and would fit if it were not."""
    for place in order:
        now = ledger.amount(place)
        if now < 0 and _closes(trial, place, -2 * now):
            return place
    return None


def in_other_unit(trial: Trial, ledger: Ledger, order: Sequence[Place]) -> Place | None:
    """The cell that would fit if it were a thousand (or a million) times as large or as small."""
    for place in order:
        now = ledger.amount(place)
        for factor in UNIT_FACTORS if now else ():
            new = now * factor
            left_over = trial.residual + sign(trial.control, place) * (new - now)
            if abs(new) >= 1 and abs(left_over) <= UNIT_SLACK * abs(new):
                return place
    return None


def beside_its_place(
    trial: Trial, others: Iterable[Trial], inequalities: Iterable[Control], ledger: Ledger
) -> tuple[Place, ...]:
    """The two cells whose figures, exchanged, make the equality hold: rows, columns, or a line and its part."""
    return _exchanged_rows(trial, others, ledger) or _exchanged_part(trial, inequalities, ledger)


def _exchanged_rows(trial: Trial, others: Iterable[Trial], ledger: Ledger) -> tuple[Place, ...]:
    """A figure in the wrong row or column: two controls of one rule fail by opposite amounts."""
    for other in others:
        same_rule = other.control.rule.id == trial.control.rule.id
        if not same_rule or other.residual != -trial.residual or not trial.residual:
            continue
        for mine, theirs in _alike(trial.control, other.control):
            shift = ledger.amount(theirs) - ledger.amount(mine)
            if trial.control.rule.relation is Relation.EQUAL and _closes(trial, mine, shift):
                return (mine, theirs)
    return ()


def _alike(one: Control, other: Control) -> Iterator[tuple[Place, Place]]:
    """Pairs of cells that are the same term of the same rule on two lines or columns; a crossed cell has no pair."""
    by_line = one.rule.each is Each.LINE
    theirs = {place.column if by_line else place.line: place for place in other.places}
    for place in one.places:
        if (pair := theirs.get(place.column if by_line else place.line)) is not None:
            yield place, pair


def _exchanged_part(trial: Trial, inequalities: Iterable[Control], ledger: Ledger) -> tuple[Place, ...]:
    """A figure beside its place: the whole's stands at its part, and the part's, or nothing, at the whole."""
    for control in inequalities:
        if len(control.left) != 1 or len(control.right) != 1:
            continue
        whole, part = control.left[0], control.right[0]
        outside = part not in trial.control.places and whole in trial.control.places
        shift = ledger.amount(part) - ledger.amount(whole)
        if outside and shift > 0 and _closes(trial, whole, shift):
            return (whole, part)
    return ()


def is_rounding(trial: Trial, ledger: Ledger, settings: Settings) -> bool:
    """Whether the difference is no more than rounding every term to its last digit can make."""
    terms = [ledger.amount(place) for place in trial.control.places if ledger.amount(place)]
    last = max((_decimals(term) for term in terms), default=0)
    unit = Decimal(1).scaleb(-last)
    return abs(trial.residual) <= settings.rounding_share * unit * len(terms)


def _closes(trial: Trial, place: Place, shift: Decimal) -> bool:
    """Whether changing one cell by this much makes the equality hold within its tolerance."""
    return abs(trial.residual + sign(trial.control, place) * shift) <= trial.control.rule.tolerance


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
