"""What last year's figures say of this year's unit.

A thousandfold is not yet another unit: a respondent may have grown three hundred times. What tells the two apart:

- a wrong unit moves *all* figures by one factor, on top of ordinary growth: their ratios stand close together, around a
  thousand. Growth is uneven: some lines grow, others do not;
- amounts in tenge have no tenths and thousandths, and none is below a thousand; a form in thousands that grew has
  them as ever;
- three zeros at the end of every figure, or eight digits and more, speak for tenge also where the ratio is farther off.

What is not enough for another unit is asked about all the same (`validate.growth`).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from decimal import Decimal

from layouts.model import Place
from validate.ledger import Ledger
from validate.rescale import MILLIONS, TENGE
from validate.settings import Settings

TIYN = 2  # decimals an amount in tenge may have


def shifted(
    places: Sequence[Place], ledger: Ledger, last: Mapping[Place, Decimal], settings: Settings, *, least: int = 1
) -> Decimal | None:
    """The factor that would bring these figures to last year's unit; None where last year does not say it.

    `least` is how many different figures must have a counterpart.
    """
    facts = {(now, last[p]) for p in places if (now := ledger.amount(p)) > 0 and last.get(p, Decimal(0)) > 0}
    logs = [math.log10(now / before) for now, before in facts]
    if len(logs) < least:
        return None
    middle = statistics.median(logs)
    low, high = math.log10(settings.year_ratio), math.log10(settings.year_ratio_most)
    moved = [log for log in logs if low <= math.copysign(log, log * middle) <= high and log * middle > 0]
    together = [log for log in logs if abs(log - middle) <= settings.unit_spread]
    if min(len(moved), len(together)) < settings.unit_share * len(logs):
        return None
    amounts = [abs(ledger.amount(place)) for place in places if ledger.amount(place)]
    near = settings.unit_near_low <= 10 ** abs(middle) <= settings.unit_near_high
    if middle > 0:
        return TENGE if _may_be_tenge(amounts, settings) and (near or _looks_like_tenge(amounts, settings)) else None
    return MILLIONS if near and _has_thousandths(amounts) else None


def _may_be_tenge(amounts: Sequence[Decimal], settings: Settings) -> bool:
    """Whether nearly no figure is too small or too fine for one in tenge."""
    odd = sum(1 for amount in amounts if amount < settings.tenge_least or _decimals(amount) not in (0, TIYN))
    return odd <= settings.tenge_odd * len(amounts)


def _looks_like_tenge(amounts: Sequence[Decimal], settings: Settings) -> bool:
    """Whether all end in three zeros, or the largest is beyond what most respondents reach in thousands."""
    round_ones = len(set(amounts)) > 1 and all(amount % settings.round_by == 0 for amount in amounts)
    return round_ones or max(amounts) >= settings.large


def _has_thousandths(amounts: Sequence[Decimal]) -> bool:
    """Whether most figures have decimals, as thousands counted in millions do."""
    return 2 * sum(1 for amount in amounts if amount % 1) > len(amounts)


def _decimals(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
