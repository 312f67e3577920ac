"""What last year's figures say of this year's unit.

A thousandfold is not yet another unit: a respondent may have grown three hundred times. What tells the two apart:

- a wrong unit moves *all* figures by one factor, on top of ordinary growth: their ratios stand close together, around a
  thousand. Growth is uneven: some lines grow, others do not;
- amounts in tenge have no tenths and thousandths, and none is below a thousand; a form in thousands that grew has
  them as ever;
- three zeros at the end of every figure, eight digits and more, or decimals that are gone since last year speak for
  tenge also where the ratio is farther off.

What is not enough for another unit is asked about all the same (`validate.growth`).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from layouts.model import Place
from validate.ledger import Ledger
from validate.rescale import MILLIONS, TENGE
from validate.settings import Settings

TIYN = 2  # decimals an amount in tenge may have
THOUSANDTHS = 3
HALF = 0.5


def shifted(
    places: Sequence[Place], ledger: Ledger, last: Mapping[Place, Decimal], settings: Settings
) -> Decimal | None:
    """The factor that would bring these figures to last year's unit; None where last year does not say it."""
    logs = changes(places, ledger, last)
    if not logs:
        return None
    middle = statistics.median(logs)
    low, high = math.log10(settings.year_ratio), math.log10(settings.year_ratio_most)
    moved = [log for log in logs if log * middle > 0 and low <= abs(log) <= high]
    together = [log for log in logs if abs(log - middle) <= settings.unit_spread]
    if not low <= abs(middle) <= high or min(len(moved), len(together)) < settings.unit_share * len(logs):
        return None
    near = settings.unit_near_low <= 10 ** abs(middle) <= settings.unit_near_high
    if middle > 0:
        told = near or looks_like_tenge(places, ledger, last, settings)
        return TENGE if told and not _odd(places, ledger, settings) > settings.tenge_odd else None
    return MILLIONS if _in_thousandths(places, ledger, last) else None


def denied(
    places: Sequence[Place], factor: Decimal, ledger: Ledger, last: Mapping[Place, Decimal], settings: Settings
) -> bool:
    """Whether a section is not in the other unit that the form as a whole seems to be in.

    Most of its figures are of last year's order of magnitude, or too small or too fine for tenge; without last year's
    and without such figures nothing denies it.
    """
    if factor == TENGE and _odd(places, ledger, settings) > HALF:
        return True
    logs = [log if factor == TENGE else -log for log in changes(places, ledger, last)]
    return bool(logs) and statistics.median(logs) < math.log10(settings.year_ratio)


def changes(places: Sequence[Place], ledger: Ledger, last: Mapping[Place, Decimal]) -> list[float]:
    """Powers of ten between last year's figures and these, of those that are there in both years.

    Sums count only where nothing else can be compared: a line that is new or gone moves them. Figures that only repeat
    one another count once.
    """
    both = [p for p in places if ledger.amount(p) > 0 and last.get(p, Decimal(0)) > 0]
    parts = [p for p in both if not is_sum(p, ledger)]
    facts = {(ledger.amount(p), last[p]) for p in parts or both}
    return sorted(math.log10(now / before) for now, before in facts)


def looks_like_tenge(
    places: Sequence[Place], ledger: Ledger, last: Mapping[Place, Decimal], settings: Settings
) -> bool:
    """Whether figures look worked out in tenge.

    All end in three zeros; or the largest is beyond what most respondents reach in thousands; or none has decimals,
    which most had last year.
    """
    amounts = [abs(amount) for place in places if (amount := ledger.amount(place))]
    rounded = len(set(amounts)) > 1 and all(amount % settings.round_by == 0 for amount in amounts)
    before = [last[place] for place in places if last.get(place)]
    lost = _share(amount % 1 != 0 for amount in before) > HALF and not any(amount % 1 for amount in amounts)
    return rounded or lost or max(amounts, default=Decimal(0)) >= settings.large


def is_sum(place: Place, ledger: Ledger) -> bool:
    """Whether the cell is the sum of others."""
    return any(place in control.left for control in ledger.equalities.get(place, ()))


def _odd(places: Sequence[Place], ledger: Ledger, settings: Settings) -> float:
    """The share of figures that are too small or too fine for amounts in tenge."""
    amounts = [abs(amount) for place in places if (amount := ledger.amount(place))]
    return _share(amount < settings.tenge_least or _decimals(amount) not in (0, TIYN) for amount in amounts)


def _in_thousandths(places: Sequence[Place], ledger: Ledger, last: Mapping[Place, Decimal]) -> bool:
    """Whether figures have up to three decimals, as thousands counted in millions do, which few had last year."""
    now = [_decimals(amount) for place in places if (amount := ledger.amount(place))]
    before = [_decimals(last[place]) for place in places if last.get(place)]
    return _share(d > 0 for d in now) > HALF > _share(d >= THOUSANDTHS for d in before) and max(now) == THOUSANDTHS


def _share(hits: Iterable[bool]) -> float:
    told = list(hits)
    return sum(told) / len(told) if told else 0.0


def _decimals(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
