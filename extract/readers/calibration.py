"""From what a reader claims to how often it is right: two numbers a reader, fitted on held-out cells."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

FILE = "calibration.json"
SUREST = 1e-7  # no reader is surer of itself, or less sure, than this


@dataclass(frozen=True, slots=True)
class Calibration:
    """A straight line between log-odds: claimed to true.

    With a `ceiling` it never says more than that one does: what little was learnt may make a reader more careful, and
    not bolder than the many forms allow that errors are counted on.
    """

    offset: float = 0.0
    slope: float = 1.0
    ceiling: Calibration | None = None

    def probability(self, claimed: float) -> float:
        """How probable it is that a string claimed with this probability is right.

        >>> round(Calibration(0.0, 1.0).probability(0.9), 3)
        0.9
        >>> careful, bold = Calibration(-1.0), Calibration(1.0)
        >>> [round(Calibration(c.offset, ceiling=Calibration()).probability(0.9), 3) for c in (careful, bold)]
        [0.768, 0.9]
        """
        held = min(max(claimed, SUREST), 1.0 - SUREST)
        odds = self.offset + self.slope * (math.log(held) - math.log1p(-held))
        found = min(max(1.0 / (1.0 + math.exp(-min(max(odds, -50.0), 50.0))), SUREST), 1.0 - SUREST)
        return min(found, self.ceiling.probability(claimed)) if self.ceiling else found

    def apply(self, texts: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """Strings with log-probabilities, best first, made true; what the best gains the others lose in proportion."""
        if not texts:
            return []
        claimed = [math.exp(logp) for _, logp in texts]
        best = self.probability(claimed[0])
        rest = (1.0 - best) / max(1.0 - claimed[0], SUREST)
        shares = [best, *(min(p * rest, best) for p in claimed[1:])]
        return [(text, math.log(max(share, SUREST))) for (text, _), share in zip(texts, shares, strict=True)]


@cache
def calibration_of(reader: str) -> Calibration:
    """The fitted numbers of a reader; of one that was never fitted, none: it is believed as it is."""
    file = resources.files("extract.readers") / FILE
    if not file.is_file():
        return Calibration()
    numbers = json.loads(file.read_text(encoding="utf-8")).get(reader)
    return Calibration(float(numbers["offset"]), float(numbers["slope"])) if numbers else Calibration()
