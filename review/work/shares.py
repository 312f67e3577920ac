"""Shares counted over people's work, each with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many, with Wilson's interval of 95 % (Wilson 1927)."""

    hits: int
    total: int

    @property
    def share(self) -> float:
        """Hits per total; 0 where there is nothing to count."""
        return self.hits / self.total if self.total else 0.0

    @property
    def low(self) -> float:
        """The lowest share that the count goes with.

        >>> round(Rate(8, 10).low, 3), Rate(0, 0).low
        (0.49, 0.0)
        """
        return 0.0 if self.hits <= 0 else max(0.0, self._end(-1))  # rounding must not lift it above nothing

    @property
    def high(self) -> float:
        """The highest one.

        >>> round(Rate(8, 10).high, 3), Rate(0, 0).high
        (0.943, 1.0)
        """
        return 1.0 if self.hits >= self.total else min(1.0, self._end(1))

    def _end(self, side: int) -> float:
        scale = 1 + Z95**2 / self.total
        centre = self.share + Z95**2 / (2 * self.total)
        half = Z95 * math.sqrt(self.share * (1 - self.share) / self.total + Z95**2 / (4 * self.total**2))
        return (centre + side * half) / scale
