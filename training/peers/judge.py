"""How good a reader's answers are: exact, by character, and among those it is sure enough of."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from review.intervals import ALPHA, Rate, clustered, upper_bound, wilson
from training.peers.readers import Answer
from training.peers.samples import Sample

TARGET = 0.001  # errors an accepted cell


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer: how sure the reader was, whether it is right, which form the cell is of."""

    form: str
    half: int
    confidence: float
    right: bool
    edits: int  # characters to change, add or drop
    length: int  # characters that stand there


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a threshold, chosen on one half of the forms, does on the other."""

    threshold: float
    cells: int  # of the other half
    accepted: int
    wrong: int

    @property
    def share(self) -> float:
        """Of the cells."""
        return self.accepted / self.cells if self.cells else 0.0

    @property
    def bound(self) -> float:
        """The one-sided 95 % upper bound of the error rate among accepted cells (Clopper–Pearson)."""
        return upper_bound(self.wrong, self.accepted)

    @property
    def interval(self) -> tuple[float, float]:
        """Of the error rate, two-sided (Wilson)."""
        return wilson(self.wrong, self.accepted)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is told of one reader on one kind of crop."""

    exact: Rate  # its interval is widened for cells of a form that fail together
    character_errors: float
    shown: Accepted | None  # None: no threshold of the first half has a bound within the target
    estimated: Accepted | None  # None: no threshold has an estimate within the target


def judge(samples: Sequence[Sample], answers: Sequence[Answer]) -> list[Judged]:
    """Each answer beside what stands there; the forms are halved, every time alike."""
    forms = sorted({sample.form for sample in samples}, key=lambda form: (zlib.crc32(form.encode()), form))
    halves = {form: place % 2 for place, form in enumerate(forms)}
    return [_judged(s, answer, halves[s.form]) for s, answer in zip(samples, answers, strict=True)]


def verdict_on(judged: Sequence[Judged], target: float = TARGET) -> Verdict:
    """All figures of one reader on one kind."""
    forms: dict[str, list[bool]] = {}
    for each in judged:
        forms.setdefault(each.form, []).append(each.right)
    first = [each for each in judged if each.half == 0]
    second = [each for each in judged if each.half == 1]
    return Verdict(
        clustered([(sum(rights), len(rights)) for rights in forms.values()]),
        sum(each.edits for each in judged) / max(1, sum(each.length for each in judged)),
        _accepted(lowest_threshold(first, target, upper_bound), second),
        _accepted(lowest_threshold(first, target, _estimate), second),
    )


def lowest_threshold(judged: Sequence[Judged], target: float, error_rate: Callable[[int, int], float]) -> float | None:
    """The lowest confidence from which on the error rate is within the target; None if there is none.

    `error_rate` tells the rate of so many errors among so many cells: its estimate, or a bound.

    >>> cells = [Judged("a", 0, c / 10, c > 3, 0, 1) for c in range(1, 10)]
    >>> lowest_threshold(cells, 0.1, _estimate)
    0.4
    """
    ranked = sorted((each for each in judged if each.confidence > 0), key=lambda each: -each.confidence)
    best, wrong = None, 0
    for count, each in enumerate(ranked, 1):
        wrong += not each.right
        last = count == len(ranked) or ranked[count].confidence < each.confidence  # equals are accepted together
        if last and wrong <= target * count and error_rate(wrong, count) <= target:
            best = each.confidence
    return best


def _accepted(threshold: float | None, judged: Sequence[Judged]) -> Accepted | None:
    if threshold is None:
        return None
    sure = [each for each in judged if each.confidence >= threshold]
    return Accepted(threshold, len(judged), len(sure), sum(not each.right for each in sure))


def _estimate(wrong: int, count: int) -> float:
    return wrong / count


def least_shown(target: float) -> int:
    """So many cells without an error have a bound within the target.

    >>> least_shown(0.001)
    2995
    """
    return math.ceil(math.log(ALPHA) / math.log1p(-target))


def _judged(sample: Sample, answer: Answer, half: int) -> Judged:
    truth, said = sample.truth, sample.come_to(answer.text)
    edits = Levenshtein.distance(truth, said)
    return Judged(sample.form, half, answer.confidence if said else 0.0, edits == 0, edits, len(truth))
