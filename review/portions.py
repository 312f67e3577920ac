"""Shares and middles told honestly: with their number, their interval, and not at all where there is too little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review.intervals import wilson

LEAST_PORTION = 10  # of which a share says something: below, its interval spans most of what is possible
LEAST_MIDDLE = 5  # values of which a median says something
LEAST_TAIL = 20  # values of which the 90th percentile does: two of them lie beyond


@dataclass(frozen=True, slots=True)
class Portion:
    """So many of so many, with Wilson's 95 % interval."""

    hits: int
    total: int

    @property
    def tells(self) -> bool:
        """Whether there are enough of them to speak of a share."""
        return self.total >= LEAST_PORTION

    @property
    def part(self) -> float:
        """Hits per total; 0 where there is nothing to count."""
        return self.hits / self.total if self.total else 0.0

    @property
    def low(self) -> float:
        """The lower end of the interval; 0 where there is nothing to count.

        >>> round(Portion(8, 10).low, 3), Portion(0, 0).low
        (0.49, 0.0)
        """
        return wilson(self.hits, self.total)[0]

    @property
    def high(self) -> float:
        """The upper end of the interval; 1 where there is nothing to count.

        >>> round(Portion(8, 10).high, 3), Portion(0, 0).high
        (0.943, 1.0)
        """
        return wilson(self.hits, self.total)[1]


@dataclass(frozen=True, slots=True)
class Spread:
    """How values lie: their number, the middle one, the one that a tenth exceeds, the largest. None: too few."""

    count: int
    median: float | None
    tail: float | None
    most: float | None


def spread(values: Sequence[float]) -> Spread:
    """The spread of values; percentiles are values that occur (nearest rank).

    >>> spread(range(1, 101))
    Spread(count=100, median=50, tail=90, most=100)
    >>> spread([3, 1])
    Spread(count=2, median=None, tail=None, most=3)
    """
    lined = sorted(values)
    count = len(lined)
    return Spread(
        count,
        lined[(count + 1) // 2 - 1] if count >= LEAST_MIDDLE else None,
        lined[-(-count * 9 // 10) - 1] if count >= LEAST_TAIL else None,
        lined[-1] if lined else None,
    )
