"""Confidence intervals for error rates counted over cells that come in forms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z95 = 1.959964  # two-sided 95 %
ALPHA = 0.05
ROUNDING = 1e-9  # of a division that should come out even


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its interval."""

    hits: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Hits per total; 0 where there is nothing to count."""
        return self.hits / self.total if self.total else 0.0


def wilson(hits: float, total: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927).

    >>> low, high = wilson(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    if total <= 0:
        return 0.0, 1.0
    share = hits / total
    centre = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if hits <= 0 else max(0.0, (centre - half) / scale)  # rounding must not lift it above nothing
    high = 1.0 if hits >= total else min(1.0, (centre + half) / scale)
    return low, high


def clustered(clusters: Sequence[tuple[int, int]]) -> Rate:
    """The share of hits over all clusters (hits, total), its interval widened for cells of a form failing together.

    The variance is that of a ratio of cluster sums; the interval is Wilson's with the total divided by the design
    effect, which is never taken below 1.

    >>> rate = clustered([(10, 10), (0, 10)] * 10)
    >>> rate.share, rate.high - rate.low > 0.3
    (0.5, True)
    """
    hits, total = sum(h for h, _ in clusters), sum(n for _, n in clusters)
    if not total:
        return Rate(0, 0, 0.0, 1.0)
    share, effective = hits / total, total / _effect(clusters)
    low, high = wilson(share * effective, effective)
    return Rate(hits, total, low, high)


def upper_bound(hits: int, total: int, alpha: float = ALPHA) -> float:
    """The exact one-sided upper bound of a share (Clopper-Pearson), at 95 % unless told otherwise, found by halving.

    >>> round(upper_bound(0, 65000) * 1000, 3), round(upper_bound(0, 100), 4)
    (0.046, 0.0295)
    """
    if total == 0 or hits >= total:
        return 1.0
    low, high = hits / total, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(hits, total, middle) > alpha else (low, middle)
    return high


def clustered_upper_bound(clusters: Sequence[tuple[int, int]], alpha: float = ALPHA) -> float:
    """The one-sided upper bound of the share of hits over all clusters (hits, total).

    Without a hit it is the exact one of Clopper and Pearson; with some, theirs over the numbers that are left when both
    are divided by the design effect, hits rounded up: cells of a form that fail together count for less.

    >>> round(clustered_upper_bound([(0, 10)] * 10), 4), round(clustered_upper_bound([(1, 10)] * 2 + [(0, 10)] * 8), 4)
    (0.0295, 0.0616)
    >>> clustered_upper_bound([(10, 10)] + [(0, 10)] * 9) > clustered_upper_bound([(1, 10)] * 10)
    True
    """
    hits, total = sum(h for h, _ in clusters), sum(n for _, n in clusters)
    if not total:
        return 1.0
    effect = _effect(clusters)
    return upper_bound(math.ceil(hits / effect - ROUNDING), max(1, math.floor(total / effect)), alpha)


def _effect(clusters: Sequence[tuple[int, int]]) -> float:
    """By how much the hits of a cluster coming together makes a count worth less; never below 1."""
    hits, total, count = sum(h for h, _ in clusters), sum(n for _, n in clusters), len(clusters)
    if count < 2 or not 0 < hits < total:
        return 1.0
    share = hits / total
    variance = count / (count - 1) * sum((h - share * n) ** 2 for h, n in clusters) / total**2
    return max(1.0, variance / (share * (1 - share) / total))


def _at_most(hits: int, total: int, share: float) -> float:
    """The probability of at most this many hits."""
    if share >= 1:
        return 0.0
    term = total * math.log1p(-share)
    logs = [term]
    for k in range(1, hits + 1):
        term += math.log((total - k + 1) / k) + math.log(share) - math.log1p(-share)
        logs.append(term)
    most = max(logs)
    return math.exp(most) * sum(math.exp(value - most) for value in logs)
