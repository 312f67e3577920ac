"""What the sums say of a group of figures in another unit: which equalities come out once the group is rescaled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from layouts.model import Control, Place, Relation
from postprocess.records import Figure
from postprocess.units import THOUSAND, UnitWord, unit_of
from validate.ledger import ZERO, Ledger, sign

TENGE = Decimal("0.001")  # what brings figures in tenge to thousand tenge …
MILLIONS = Decimal(1000)  # … and those in millions, or of which a decimal mark was taken for one of thousands
HALF = Decimal("0.5")  # of the form's unit, a term: what rounding each figure on its own can add up to
FAR = 100  # times what rounding can make: a difference so large is no rounding
LEAST_AMOUNT = 1  # of the form's unit: no service is sold for less, and what adds next to nothing mends any sum
LEAST_MENDED = 2  # controls; one may come out by chance, and then a single cell explains it as well
_NO_WORD = re.compile(r"[\d\s.,:;'’()\[\]%-]+")


@dataclass(frozen=True, slots=True)
class Rescaled:
    """Figures that would be in the form's unit if they were multiplied by the factor."""

    places: tuple[Place, ...]
    factor: Decimal
    mended: int = 0  # controls that fail as the figures stand, and hold so


def mended(places: Sequence[Place], ledger: Ledger, controls: Sequence[Control]) -> Rescaled | None:
    """The factor by which these figures make most failing controls hold and break none; None if it is not several."""
    tried = [_rescaled(places, factor, ledger, controls) for factor in (TENGE, MILLIONS)]
    best = max(tried, key=lambda each: each.mended)
    return best if best.mended >= LEAST_MENDED else None


def worded(ledger: Ledger, controls: Sequence[Control]) -> Rescaled | None:
    """The figures without a unit, where others name one and the sums hold only if these are in it too."""
    words = {place: unit_word(figure.written) for place, figure in ledger.figures.items() if figure.value}
    named = {word.exponent for word in words.values() if word and word.sure and word.exponent != THOUSAND}
    bare = tuple(place for place, word in words.items() if word is None)
    if len(named) != 1 or not bare:
        return None
    found = _rescaled(bare, Decimal(1).scaleb(named.pop() - THOUSAND), ledger, controls)
    return found if found.mended else None


def unit_word(written: str) -> UnitWord | None:
    """The unit written beside a figure, None where there is none that is known.

    >>> unit_word("12 345 тг"), unit_word("12 345,0")
    (UnitWord(exponent=0, sure=True), None)
    """
    words = _NO_WORD.sub("", written)
    return unit_of(words) if words else None


def _rescaled(places: Sequence[Place], factor: Decimal, ledger: Ledger, controls: Sequence[Control]) -> Rescaled:
    """These figures by the factor, and what it mends; those whose marks leave it open may read so already."""
    scaled = {place: _by(factor, ledger.figures[place]) for place in places if ledger.amount(place)}
    moved = {place: amount for place, amount in scaled.items() if amount != ledger.amount(place)}
    slight = all(abs(amount) < LEAST_AMOUNT for amount in moved.values())
    return Rescaled(tuple(moved), factor, 0 if slight else _mends(moved, ledger, controls))


def _by(factor: Decimal, figure: Figure) -> Decimal:
    """What a figure is by the factor. Of «12.345», which may be both, the whole number is tenge, the other millions."""
    meant = [v.amount for v in figure.alternatives if v.written == figure.written and v.amount]
    amounts = sorted(meant or [figure.value or ZERO], key=abs)
    return (amounts[-1] if factor < 1 else amounts[0]) * factor


def _mends(scaled: Mapping[Place, Decimal], ledger: Ledger, controls: Sequence[Control]) -> int:
    """How many failing controls hold with these figures instead; 0 if a control that holds would fail."""
    count = 0
    for control in controls:
        if not any(place in scaled for place in control.places) or ledger.missing(control):
            continue
        after = _holds(control, ledger, scaled)
        if ledger.holds(control) and not after:
            return 0
        count += after and _fails_far(control, ledger, scaled)
    return count


def _holds(control: Control, ledger: Ledger, scaled: Mapping[Place, Decimal]) -> bool:
    residual = ledger.residual(control)
    for place in control.places:
        if place in scaled:
            residual += sign(control, place) * (scaled[place] - ledger.amount(place))
    allowed = max(control.rule.tolerance, _rounding(control, ledger, scaled))
    return abs(residual) <= allowed if control.rule.relation is Relation.EQUAL else residual >= -allowed


def _fails_far(control: Control, ledger: Ledger, scaled: Mapping[Place, Decimal]) -> bool:
    """Whether a control fails by more than rounding and, where a part exceeds its whole, by a wrong unit's measure."""
    if ledger.holds(control):
        return False
    residual = abs(ledger.residual(control))
    if control.rule.relation is Relation.EQUAL:
        return residual > FAR * _rounding(control, ledger, scaled)
    left = sum((ledger.amount(place) for place in control.left), ZERO)
    right = sum((ledger.amount(place) for place in control.right), ZERO)
    return left > 0 and right >= FAR * left


def _rounding(control: Control, ledger: Ledger, scaled: Mapping[Place, Decimal]) -> Decimal:
    """What rounding to the form's unit may leave over, where figures counted in tenge meet rounded ones."""
    exact = any(place in scaled and scaled[place] % 1 for place in control.places)
    terms = sum(1 for place in control.places if ledger.amount(place))
    return HALF * terms if exact else ZERO
