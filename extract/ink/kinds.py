"""Whether the figures of a form are printed or written by hand: each by itself, and all of them together."""

from __future__ import annotations

import math
from collections.abc import Sequence

from extract.ink.marks import UNTOLD, handwritten
from extract.records import Crop, Ink

HANDWRITTEN = 0.5  # probability from which ink counts as handwriting
TELLING = 1.2  # widths a height from which a crop holds figures enough to tell
EVEN = 0.4  # share of such crops that look handwritten on a form that may be either: regular hands resemble print
FEWEST = 5  # such crops of a form without which it tells nothing of a single one
MOST_SHARE = 0.95  # a form all by one means may still hold a cell by the other
SUREST = 0.999  # likewise a single crop


def inks_of(crops: Sequence[Crop]) -> list[Ink]:
    """Print or handwriting, crop by crop, of one form.

    A form is filled in by one means, but for a cell here and there: what most of it is weighs in with each crop. A lone
    digit hardly shows by itself how it came to paper, a dash not at all.
    """
    chances = [handwritten(crop) for crop in crops]
    telling = [
        chance >= HANDWRITTEN
        for chance, crop in zip(chances, crops, strict=True)
        if crop.raw.shape[1] >= TELLING * crop.raw.shape[0] and chance != UNTOLD
    ]
    share = sum(telling) / len(telling) if len(telling) >= FEWEST else EVEN
    prior = _odds(share, MOST_SHARE) - _odds(EVEN, MOST_SHARE)
    return [Ink.HAND if _odds(chance, SUREST) + prior >= 0 else Ink.TYPED for chance in chances]


def _odds(chance: float, most: float) -> float:
    """Logarithmic, of a probability held within bounds."""
    held = min(max(chance, 1 - most), most)
    return math.log(held) - math.log(1 - held)
