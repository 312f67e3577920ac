"""What last year's figures say of this year's unit.

A thousandfold is not yet another unit: a respondent may have grown three hundred times. What tells the two apart:

- a wrong unit moves *all* figures by one factor, on top of ordinary growth: their ratios stand close together, around a
  thousand. Growth is uneven: some lines grow, others do not;
- amounts in tenge have no tenths and thousandths, and none is below a thousand; a form in thousands that grew has
  them as ever;
- three zeros at the end of every figure, eight digits and more, or decimals that are gone since last year speak for
  tenge also where the ratio is farther off.

What is not enough for another unit is asked about all the same (`validate.outside.growth`).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from layouts.model import Place
from validate.ledger import ZERO, Ledger
from validate.outside.rescale import MILLIONS, TENGE
from validate.settings import Settings

TIYN = 2  # decimals an amount in tenge may have
THOUSANDTHS = 3
HALF = 0.5
CALM = 1.0  # powers of ten; most figures change less from one year to the next


@dataclass(frozen=True, slots=True)
class Years:
    """A form's figures beside last year's of the same respondent and place."""

    ledger: Ledger
    last: Mapping[Place, Decimal]  # empty where nobody knows them
    settings: Settings

    def changes(self, places: Iterable[Place]) -> list[float]:
        """Powers of ten between last year's figures and these, of those that are there in both years.

        Sums count only where nothing else can be compared: a line that is new or gone moves them. Figures that only
        repeat one another count once.
        """
        both = [p for p in places if self.ledger.amount(p) > 0 and self.last.get(p, ZERO) > 0]
        parts = [p for p in both if not is_sum(p, self.ledger)]
        facts = {(self.ledger.amount(p), self.last[p]) for p in parts or both}
        return sorted(math.log10(now / before) for now, before in facts)

    def shifted(self, places: Sequence[Place]) -> Decimal | None:
        """The factor that would bring these figures to last year's unit; None where last year does not say it."""
        logs, settings = self.changes(places), self.settings
        if not logs:
            return None
        middle = statistics.median(logs)
        low, high = math.log10(settings.year_ratio), math.log10(settings.year_ratio_most)
        moved = [log for log in logs if log * middle > 0 and low <= abs(log) <= high]
        together = [log for log in logs if abs(log - middle) <= settings.unit_spread]
        if not low <= abs(middle) <= high or min(len(moved), len(together)) < settings.unit_share * len(logs):
            return None
        if middle < 0:
            return MILLIONS if self._in_thousandths(places) else None
        near = settings.unit_near_low <= 10**middle <= settings.unit_near_high
        may_be = self._odd(places) <= settings.tenge_odd and (near or self.looks_like_tenge(places))
        return TENGE if may_be else None

    def denied(self, places: Sequence[Place], factor: Decimal) -> bool:
        """Whether some figures are not in the other unit that the form as a whole seems to be in.

        Most of them are of last year's order of magnitude, or too small or too fine for tenge; without last year's and
        without such figures nothing denies it.
        """
        if factor == TENGE and self._odd(places) > HALF:
            return True
        logs = [log if factor == TENGE else -log for log in self.changes(places)]
        return bool(logs) and statistics.median(logs) < math.log10(self.settings.year_ratio)

    def calm(self, places: Iterable[Place]) -> bool:
        """Whether some figures were there last year and most are of its order of magnitude."""
        logs = self.changes(places)
        return bool(logs) and abs(statistics.median(logs)) < CALM

    def looks_like_tenge(self, places: Sequence[Place]) -> bool:
        """Whether figures look worked out in tenge.

        All end in three zeros; or the largest is beyond what most respondents reach in thousands; or none has decimals,
        which most had last year.
        """
        amounts = self._amounts(places)
        rounded = len(set(amounts)) > 1 and all(amount % self.settings.round_by == 0 for amount in amounts)
        lost = _share(amount % 1 != 0 for amount in self._before(places)) > HALF and not any(a % 1 for a in amounts)
        return rounded or lost or max(amounts, default=ZERO) >= self.settings.large

    def _amounts(self, places: Iterable[Place]) -> list[Decimal]:
        return [abs(amount) for place in places if (amount := self.ledger.amount(place))]

    def _before(self, places: Iterable[Place]) -> list[Decimal]:
        return [amount for place in places if (amount := self.last.get(place))]

    def _odd(self, places: Iterable[Place]) -> float:
        """The share of figures that are too small or too fine for amounts in tenge."""
        least = self.settings.tenge_least
        return _share(amount < least or _decimals(amount) not in (0, TIYN) for amount in self._amounts(places))

    def _in_thousandths(self, places: Sequence[Place]) -> bool:
        """Whether figures have up to three decimals, as thousands counted in millions do, which few had last year."""
        now = [_decimals(amount) for amount in self._amounts(places)]
        fine = _share(_decimals(amount) >= THOUSANDTHS for amount in self._before(places))
        return _share(d > 0 for d in now) > HALF > fine and max(now) == THOUSANDTHS


def is_sum(place: Place, ledger: Ledger) -> bool:
    """Whether the cell is the sum of others."""
    return any(place in control.left for control in ledger.equalities.get(place, ()))


def _share(hits: Iterable[bool]) -> float:
    told = list(hits)
    return sum(told) / len(told) if told else 0.0


def _decimals(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
