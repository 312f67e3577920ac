"""Which of a system's answers count as accepted: those it says, or those above a confidence found on other forms."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.benchmark.answers import Said

TARGET = 0.001  # wrong among accepted that a threshold is chosen for
HALVES = 2

Claim = tuple[float, bool]  # confidence, right


@dataclass(frozen=True)
class Policy:
    """How acceptance is told: "said" by the system, by "confidence", or "all" where it does neither."""

    how: str = "all"
    thresholds: Mapping[int, float] = field(default_factory=dict)  # by half

    def accepts(self, file: str, said: Said | None) -> bool:
        """Whether an answer is taken without anybody looking; no answer is a blank that nobody looks at.

        Confidence is about what is read, so a blank is taken whatever it is.
        """
        if said is None:
            return True
        if said.accepted is not None:
            return said.accepted
        if self.how != "confidence" or not said.value:
            return True
        return said.confidence is not None and said.confidence >= self.thresholds[half_of(file)]


def half_of(file: str) -> int:
    """Which half of the files one belongs to."""
    return zlib.crc32(file.encode()) % HALVES


def policy_of(said: Iterable[Said], claims: Sequence[tuple[str, Claim]]) -> Policy:
    """The policy for a system: `claims` are the values it gives for cells with ink, each with its file.

    Each half of the files gets the threshold that keeps the other half at the target.
    """
    flags, sure = False, False
    for each in said:
        flags |= each.accepted is not None
        sure |= each.confidence is not None
    if flags or not sure:
        return Policy("said" if flags else "all")
    other = {half: [claim for file, claim in claims if half_of(file) != half] for half in range(HALVES)}
    return Policy("confidence", {half: threshold(each) for half, each in other.items()})


def threshold(claims: Sequence[Claim], target: float = TARGET) -> float:
    """The lowest confidence from which on no more than the target are wrong; infinite where there is none.

    >>> threshold([(0.9, True), (0.8, True), (0.7, False), (0.6, True)])
    0.8
    >>> threshold([(0.9, False), (0.8, True)])
    inf
    """
    lowest, wrong = math.inf, 0
    ordered = sorted(claims, key=lambda claim: -claim[0])
    for number, (sure, right) in enumerate(ordered, start=1):
        wrong += not right
        last = number == len(ordered) or ordered[number][0] != sure
        if last and wrong <= target * number:
            lowest = sure
    return lowest
