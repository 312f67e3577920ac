"""Error rates of cells that come in forms, with intervals that hold although a slip takes several cells at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

LEVEL = 0.95
SEEN_NONE = 2.0  # cells that a slip takes where not a single one was seen
ONE_MORE = 6  # cells of a slip that the sample may have missed: a line of figures typed one row off
NEARLY_NONE = 1e-8  # a rate that is said to be nought
ENOUGH = 1e-9  # of a sum that should come out even

Cluster = tuple[int, int]  # of one form: wrong cells, cells looked at


@dataclass(frozen=True, slots=True)
class Rate:
    """Wrong cells among so many, and the interval of the rate."""

    hits: int
    cells: int
    forms: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Wrong cells a cell; 0 where there are none to count."""
        return self.hits / self.cells if self.cells else 0.0


def exact(hits: float, total: float, level: float = LEVEL) -> tuple[float, float]:
    """The interval of Clopper and Pearson (1934); numbers that are no whole ones are taken as they are.

    >>> low, high = exact(0, 1000)
    >>> low, round(high * 1000, 2)
    (0.0, 3.68)
    """
    if total <= 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    low = float(stats.beta.ppf(tail, hits, total - hits + 1)) if hits > ENOUGH else 0.0
    high = float(stats.beta.ppf(1 - tail, hits + 1, total - hits)) if hits < total - ENOUGH else 1.0
    return low, high


def clustered(clusters: Sequence[Cluster], level: float = LEVEL) -> Rate:
    """The rate over forms (wrong cells, cells), its interval by Korn and Graubard (Survey Methodology 24, 1998).

    Clopper's and Pearson's over numbers divided by the design effect, which is never taken below 1, and corrected for
    the degrees of freedom of so many forms. A sample with few errors says little of how errors come together: so the
    upper limit reckons with one more slip, as large as the largest that was seen and a line of figures at least. Where
    no error was seen, a slip is taken to spoil two cells. How often such intervals cover: docs/evidence/compare.md.

    >>> clustered([(0, 50)] * 20).high < clustered([(6, 50)] + [(0, 50)] * 19).high
    True
    >>> rate = clustered([(1, 50)] * 10 + [(0, 50)] * 10)
    >>> rate.hits, rate.cells, rate.low < rate.share < rate.high
    (10, 1000, True)
    """
    looked = [(hits, cells) for hits, cells in clusters if cells]
    hits, cells = sum(h for h, _ in looked), sum(n for _, n in looked)
    if not hits:
        return Rate(0, cells, len(looked), 0.0, exact(0, cells / SEEN_NONE, level)[1])
    largest = max(ONE_MORE, *(h for h, _ in looked))
    missed = (largest, max(largest, round(cells / len(looked))))
    lower, upper = _effect(looked), max(_effect(looked), _effect([*looked, missed]))
    freedom = _freedom(len(looked), level)
    low = exact(hits * freedom / lower, cells * freedom / lower, level)[0]
    high = exact(hits * freedom / upper, cells * freedom / upper, level)[1]
    return Rate(hits, cells, len(looked), low, high)


def _effect(clusters: Sequence[Cluster]) -> float:
    """The design effect: the variance of the ratio of sums over forms, to that of as many independent cells."""
    hits, cells, count = sum(h for h, _ in clusters), sum(n for _, n in clusters), len(clusters)
    if count < 2 or hits >= cells:
        return max(1.0, cells / count)
    share = hits / cells
    variance = count / (count - 1) * sum((h - share * n) ** 2 for h, n in clusters) / cells**2
    return max(1.0, variance / (share * (1 - share) / cells))


def _freedom(forms: int, level: float) -> float:
    """By how much fewer cells count where few forms tell of the variance."""
    if forms < 2:
        return 1.0
    tail = (1 - level) / 2
    return float((stats.norm.ppf(tail) / stats.t.ppf(tail, forms - 1)) ** 2)


def upper(hits: int, total: int, level: float = LEVEL) -> float:
    """The exact one-sided upper limit over independent cells.

    >>> round(upper(0, 65_000) * 1000, 3), round(upper(1, 100_000) * 1000, 4)
    (0.046, 0.0474)
    """
    if hits >= total:
        return 1.0
    return float(stats.beta.ppf(level, hits + 1, total - hits))


def needed(limit: float, wrong: int = 0, level: float = LEVEL) -> int:
    """The fewest independent cells that prove a rate below the limit when so many of them are wrong.

    >>> needed(0.001), needed(0.001, wrong=2)
    (2995, 6294)
    """
    low, high = wrong + 1, wrong + 2
    while upper(wrong, high, level) > limit:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if upper(wrong, middle, level) <= limit else (middle + 1, high)
    return low


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A plan for a batch: look at `cells`, accept it with at most `wrong` of them wrong."""

    cells: int
    wrong: int
    producer: float  # probability that a batch of the good rate is accepted
    consumer: float  # probability that a batch of the bad rate is accepted


def acceptance(good: float, bad: float, producer: float = 0.95, consumer: float = 0.05) -> Acceptance:
    """The smallest single-sampling plan that accepts the good rate and turns the bad one down with these probabilities.

    ValueError where the bad rate is not above the good one. Cells are taken as independent: draw few from each form.

    >>> plan = acceptance(0.001, 0.005)
    >>> plan.cells, plan.wrong, round(plan.producer, 3), round(plan.consumer, 3)
    (1829, 4, 0.962, 0.05)
    """
    if not 0 < good < bad < 1:
        raise ValueError(f"{good} {bad}")
    wrong = 0
    while True:
        cells = needed(bad, wrong, 1 - consumer)
        kept = float(stats.binom.cdf(wrong, cells, good))
        if kept >= producer:
            return Acceptance(cells, wrong, kept, float(stats.binom.cdf(wrong, cells, bad)))
        wrong += 1


def per_thousand(share: float) -> float:
    """A rate as statistics departments say it, three figures at most being meant.

    >>> per_thousand(0.00046153), per_thousand(1e-12)
    (0.462, 0.0)
    """
    if share < NEARLY_NONE:
        return 0.0
    return round(share * 1000, max(0, 2 - math.floor(math.log10(share * 1000))))
