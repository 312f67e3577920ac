"""From counts to measures: shares with intervals over files, which are what fails as a whole."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scipy import stats

from compare.rates import clustered, exact

LEVEL = 0.95


class Measure(NamedTuple):
    """What is counted over what."""

    hits: str
    total: str


SHARES: dict[str, Measure] = {
    "amounts": Measure("amount_right", "amount"),
    "blanks": Measure("blank_right", "blank"),
    "dashes": Measure("dash_right", "dash"),
    "zeros": Measure("zero_right", "zero"),
    "crosses": Measure("cross_right", "cross"),
    "told_apart": Measure("nothing_told", "nothing"),
    "coverage": Measure("accepted_inked", "inked"),
    "whole_forms": Measure("whole", "forms"),
    "through": Measure("through", "forms"),
    "through_right": Measure("through_right", "through"),
    "identifiers": Measure("identifier_right", "identifier"),
    "identified_forms": Measure("identified", "with_fields"),
    **{name: Measure(f"{name}_right", name) for name in ("bin", "iin", "year", "kato", "hours")},
    "texts": Measure("text_right", "text"),
    "choices": Measure("choice_right", "choice"),
}
"""Shares of what is right, or accepted: the more the better."""

ERRORS: dict[str, Measure] = {
    "risk": Measure("wrong_inked", "accepted_inked"),
    "risk_value": Measure("wrong_value", "accepted_inked"),
    "risk_blank": Measure("wrong_blank", "accepted_inked"),
    "risk_filled": Measure("wrong_filled", "accepted_bare"),
    "risk_identifiers": Measure("wrong_fields", "accepted_fields"),
}
"""Shares of what is wrong although it was accepted."""

CHARACTERS: dict[str, Measure] = {
    "cer_amounts": Measure("edits", "signs"),
    "cer_texts": Measure("text_edits", "text_signs"),
}
"""Characters to mend for each that stands there; may exceed 1."""

FIELD_MEASURES = frozenset(
    ("identifiers", "identified_forms", "bin", "iin", "year", "kato", "hours", "texts", "choices", "cer_texts")
) | {"risk_identifiers"}
"""Those that a system without a table of fields is not measured by."""


@dataclass(frozen=True, slots=True)
class Value:
    """A measure's value with its 95 % interval."""

    hits: int
    total: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Hits a total; None where there is nothing to count."""
        return self.hits / self.total if self.total else None


def measure_all(counts: Sequence[tuple[str, Mapping[str, int]]]) -> dict[str, Value]:
    """Every measure over forms, each with the file it lies in."""
    files: dict[str, Counter[str]] = {}
    for file, count in counts:
        files.setdefault(file, Counter()).update(count)
    found = {name: share(_clusters(files.values(), measure)) for name, measure in SHARES.items()}
    found |= {name: error(_clusters(files.values(), measure)) for name, measure in ERRORS.items()}
    found |= {name: ratio(_clusters(files.values(), measure)) for name, measure in CHARACTERS.items()}
    return found


def _clusters(files: Iterable[Mapping[str, int]], measure: Measure) -> list[tuple[int, int]]:
    pairs = [(int(file.get(measure.hits, 0)), int(file.get(measure.total, 0))) for file in files]
    return [(hits, total) for hits, total in pairs if total]


def error(clusters: Sequence[tuple[int, int]]) -> Value:
    """A rate of errors, with the interval of Korn and Graubard that `compare.rates` has.

    >>> value = error([(0, 50)] * 10 + [(5, 50)])
    >>> value.hits, value.total, value.low < 5 / 550 < value.high
    (5, 550, True)
    """
    rate = clustered(clusters)
    low, high = (rate.low, rate.high) if rate.cells else (0.0, 1.0)
    return Value(rate.hits, rate.cells, low, high)


def share(clusters: Sequence[tuple[int, int]]) -> Value:
    """A share of what is right: the interval is that of what is not.

    >>> value = share([(50, 50)] * 10 + [(45, 50)])
    >>> value.hits, value.total, value.low < 545 / 550 < value.high
    (545, 550, True)
    """
    if all(total == 1 for _, total in clusters):  # a form a file: independent
        hits, total = sum(h for h, _ in clusters), len(clusters)
        low, high = exact(hits, total)
        return Value(hits, total, low, high)
    wrong = error([(total - hits, total) for hits, total in clusters])
    return Value(wrong.total - wrong.hits, wrong.total, 1 - wrong.high, 1 - wrong.low)


def ratio(clusters: Sequence[tuple[int, int]]) -> Value:
    """A ratio of sums over files, its interval by the linearised variance and Student's t.

    >>> value = ratio([(1, 10), (3, 10), (2, 10)])
    >>> value.hits, value.total, value.low < 0.2 < value.high
    (6, 30, True)
    """
    hits, total = sum(h for h, _ in clusters), sum(n for _, n in clusters)
    if len(clusters) < 2 or not total:
        return Value(hits, total, 0.0, math.inf)
    half = _half(clusters)
    return Value(hits, total, max(0.0, hits / total - half), hits / total + half)


def difference(
    first: Mapping[str, tuple[int, int]], second: Mapping[str, tuple[int, int]]
) -> tuple[float, float, float]:
    """How much larger a share is for the first than for the second on the same files, with its interval, paired.

    Files are named; those that only one has are left out. The numbers are (hits, total).
    """
    files = [name for name in first if name in second and first[name][1]]
    pairs = [(first[name][0] - second[name][0], first[name][1]) for name in files]
    total = sum(n for _, n in pairs)
    if len(pairs) < 2 or not total:
        return 0.0, -1.0, 1.0
    mean, half = sum(d for d, _ in pairs) / total, _half(pairs)
    return mean, mean - half, mean + half


def _half(clusters: Sequence[tuple[int, int]]) -> float:
    count, total = len(clusters), sum(n for _, n in clusters)
    mean = sum(h for h, _ in clusters) / total
    variance = count / (count - 1) * sum((h - mean * n) ** 2 for h, n in clusters) / total**2
    return float(stats.t.ppf(1 - (1 - LEVEL) / 2, count - 1)) * math.sqrt(variance)
