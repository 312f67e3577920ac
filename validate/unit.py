"""Is the whole form filled in tenge where thousands are asked for? Suspected only, never applied.

Two signs, each enough to ask a person:

- nine digits and more. One respondent's cell has one to seven digits in thousand tenge; nine mean a hundred billion
  tenge, which a handful of respondents of a whole country reach. One such figure among small ones is a slip in that
  cell, and the sums through it say so; where the sums agree with it, the whole form is suspected.
- three zeros at the end of every figure. Amounts worked out in thousands and written out in tenge end so; six
  different amounts in thousand tenge do not, unless the respondent rounds to the million, and then a glance settles it.

A small respondent's form in plain tenge has neither: only last year's figure shows that.
"""

from __future__ import annotations

from collections.abc import Iterable

from layouts.model import Place
from postprocess.marks import ODD_GROUPING
from postprocess.records import Figure
from validate.ledger import ZERO
from validate.settings import Settings


def suspected_unit(figures: Iterable[Figure], unsound: Iterable[Place], settings: Settings) -> tuple[Place, ...]:
    """The figures that make the form's unit suspicious, the largest first; () where nothing does.

    `unsound` are cells that prove nothing alone: known to be in another unit than their neighbours, or doubtfully read
    and out of line with the sums. A digit too many is a commoner misreading than a form in tenge; several are not.
    Digits grouped as no number is (two figures in one cell, the first struck out) are no size at all.
    """
    alone = set(unsound)
    filled = [f for f in figures if f.value]
    huge = [f for f in filled if abs(f.value or ZERO) >= settings.huge and ODD_GROUPING not in f.reasons]
    sound = [f for f in huge if f.reading.place not in alone]
    if not sound and len(huge) < settings.huge_unsound:
        huge = filled if _all_round(filled, settings) else []
    return tuple(f.reading.place for f in sorted(huge, key=lambda f: abs(f.value or ZERO), reverse=True))


def suspected_section(figures: Iterable[Figure], settings: Settings) -> tuple[Place, ...]:
    """The figures of a section that may be in tenge while the others are not, the largest first; () if none may.

    Every amount of it ends in three zeros, several different ones do, and those of the other sections mostly do not:
    a respondent who rounds to the million rounds everywhere.
    """
    filled = [f for f in figures if f.value]
    for section in sorted({f.reading.place.section for f in filled}):
        here = [f for f in filled if f.reading.place.section == section]
        others = {abs(f.value) for f in filled if f.value and f.reading.place.section != section}
        even = sum(1 for amount in others if amount % settings.round_by == 0)
        uneven = len(others) >= settings.uneven_figures and even <= settings.uneven_share * len(others)
        if uneven and _all_round(here, settings, least=settings.round_section):
            return tuple(f.reading.place for f in sorted(here, key=lambda f: abs(f.value or ZERO), reverse=True))
    return ()


def _all_round(filled: list[Figure], settings: Settings, least: int | None = None) -> bool:
    """Whether every amount ends in three zeros, too many and too large for chance."""
    amounts = {abs(f.value) for f in filled if f.value}
    return (
        len(amounts) >= (least or settings.round_figures)
        and max(amounts) >= settings.round_largest
        and all(amount % settings.round_by == 0 for amount in amounts)
        and not any(ch.isalpha() for f in filled for ch in f.written)
    )
