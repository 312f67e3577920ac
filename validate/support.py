"""What the sums through a cell say for its reading."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from layouts.model import Control, Place
from validate.ledger import Ledger, sign
from validate.settings import Settings

PROPER_SUM = 2  # cells with an amount beside the one supported; with fewer the sum only repeats a figure
CROSSING = 2  # equalities through a cell: its line's and its column's


@dataclass(frozen=True, slots=True)
class Support:
    """How far the sums vouch for a cell."""

    full: bool = False  # every sum holds, and none could hold with another likely reading: vouches for a lone reader
    partial: bool = False  # one sum of sure cells holds; what fails has doubtful cells: vouches for agreeing readers


def supports(place: Place, ledger: Ledger, agreed: AbstractSet[Place], settings: Settings) -> Support:
    """What the equalities through one cell say; `agreed` are the cells whose readings need no help.

    A sum of sure cells vouches by itself. Of sums with unsure cells it takes the line's and the column's together:
    misreadings that cancel out in both directions would have to come in fours.
    """
    through = ledger.equalities.get(place, ())
    holding = [control for control in through if ledger.residual(control) == 0 and not ledger.missing(control)]
    proper = [c for c in holding if _proper(c, place, ledger) and not _rival(c, place, ledger, settings)]
    if not proper:
        return Support()
    sure = any(_others_agreed(control, place, agreed) for control in proper)
    every = len(holding) == len(through)
    rivals = any(_rival(control, place, ledger, settings) for control in holding)
    failing = [control for control in through if control not in holding]
    full = every and not rivals and (sure or len(through) >= CROSSING)
    return Support(full, full or (sure and not any(_others_agreed(c, place, agreed) for c in failing)))


def _others_agreed(control: Control, place: Place, agreed: AbstractSet[Place]) -> bool:
    return all(other in agreed for other in control.places if other != place)


def _proper(control: Control, place: Place, ledger: Ledger) -> bool:
    """Whether the control adds up several amounts rather than repeating one."""
    return sum(1 for other in control.places if other != place and ledger.amount(other)) >= PROPER_SUM


def _rival(control: Control, place: Place, ledger: Ledger, settings: Settings) -> bool:
    """Whether another reading of this cell, balanced by another reading of a second one, fits nearly as well."""
    for shift, cost in _shifts(place, control, ledger):
        for other in control.places:
            if other != place and any(
                back == -shift and cost + more < settings.control_margin
                for back, more in _shifts(other, control, ledger)
            ):
                return True
    return False


def _shifts(place: Place, control: Control, ledger: Ledger) -> list[tuple[Decimal, float]]:
    """(what it would add to left − right, nats it is less likely) for each other reading of a cell."""
    figure = ledger.figures[place]
    now, best = ledger.amount(place), max((v.logp for v in figure.alternatives), default=0.0)
    return [
        (sign(control, place) * (value.amount - now), best - value.logp)
        for value in figure.alternatives
        if value.amount is not None and value.amount != now
    ]
