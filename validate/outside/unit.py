"""Are figures filled in in another unit: the form, a section, a line or a column? Suspected only, never applied.

What speaks for it, in the order it is asked:

- a unit written beside some of the figures, where the sums hold only if the others are in it too (`rescale`);
- last year's figures of the same respondent and place, nearly all about a thousand times as small or as large
  (`shift`);
- sums that come out once the figures of one line or column are a thousand times as large or as small;
- nine digits and more. One respondent's cell has one to seven digits in thousand tenge; nine mean a hundred billion
  tenge, which a handful of respondents of a whole country reach. One such figure among small ones is a slip in that
  cell, and the sums through it say so; where the sums agree with it, the whole form is suspected;
- three zeros at the end of every figure. Amounts worked out in thousands and written out in tenge end so; six
  different amounts in thousand tenge do not, unless the respondent rounds to the million, and then a glance settles it.
  So may one section end while the others do not.

A small respondent's form in plain tenge has neither: only last year's figures show that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from layouts.model import Control, Place
from postprocess.marks import ODD_GROUPING
from postprocess.records import Figure
from validate.ledger import ZERO, Ledger
from validate.outside.rescale import TENGE, Rescaled, mended, worded
from validate.outside.shift import Years, is_sum
from validate.settings import Settings


class Extent(StrEnum):
    """How much of a form is suspected."""

    FORM = "form"
    SECTION = "section"
    LINE = "line"
    COLUMN = "column"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Figures that may all be in one other unit."""

    extent: Extent
    at: str  # the section, or the section with its line or column: "2/1.7"; "" for the form
    places: tuple[Place, ...]  # those that show it, the largest figure first
    factor: Decimal  # what would bring them to the form's unit
    expected: Decimal | None = None  # what the first of them is by the evidence, in the form's unit; None: not known


def suspected_units(years: Years, controls: Sequence[Control], unsound: Iterable[Place]) -> tuple[Suspicion, ...]:
    """What of the form may be in another unit; the form as a whole excludes its parts.

    `unsound` are cells whose size proves nothing alone: known to be in another unit than their neighbours, or
    doubtfully read and out of line with the sums. A digit too many is a commoner misreading than a form in tenge;
    several are not.
    """
    if said := worded(years.ledger, controls):
        return (_suspicion(Extent.FORM, "", said, years),)
    if wide := _against_last_year(years):
        return wide
    by_sums = [_suspicion(*each, years) for each in _mended_parts(years, controls)]
    parts = (*by_sums, *_parts_against_last_year(years, controls, by_sums))
    if places := _by_size(_beside(parts, years.ledger, controls), unsound, years.settings):
        return (Suspicion(Extent.FORM, "", places, TENGE),)
    if not parts and (places := _round_section(years.ledger.figures.values(), years.settings)):
        return (Suspicion(Extent.SECTION, str(places[0].section), places, TENGE),)
    return parts


def _against_last_year(years: Years) -> tuple[Suspicion, ...]:
    """The form, or sections of it, whose figures are not of last year's order of magnitude."""
    if not years.last:
        return ()
    filled = _filled(years.ledger)
    sections = {
        number: tuple(p for p in filled if p.section == number) for number in sorted({p.section for p in filled})
    }
    sums = {number: tuple(p for p in places if is_sum(p, years.ledger)) for number, places in sections.items()}
    whole = years.shifted(filled)
    if whole and not any(years.denied(places, whole) for places in (*sections.values(), *sums.values())):
        return (_suspicion(Extent.FORM, "", Rescaled(filled, whole), years),)
    told = {number: years.shifted(places) for number, places in sections.items()}
    return tuple(
        _suspicion(Extent.SECTION, str(number), Rescaled(sections[number], factor), years)
        for number, factor in told.items()
        if factor and not years.denied(sums[number], factor) and years.calm(p for p in filled if p.section != number)
    )


def _mended_parts(years: Years, controls: Sequence[Control]) -> Iterator[tuple[Extent, str, Rescaled]]:
    """Of each section the line or column that, in another unit, makes sums hold that fail; nothing where none does.

    Of several that mend as much the one counts that last year's figures name, else one in tenge, the commoner mistake.
    """
    for section in _sections(years.ledger):
        found = [
            (extent, at, rescaled)
            for extent, at, places in _parts(years.ledger, section)
            if (rescaled := mended(places, years.ledger, controls)) is not None
        ]
        if found:
            yield max(
                found,
                key=lambda each: (
                    each[2].mended,
                    years.shifted(each[2].places) == each[2].factor,
                    each[2].factor == TENGE,
                ),
            )


def _parts_against_last_year(
    years: Years, controls: Sequence[Control], known: Sequence[Suspicion]
) -> tuple[Suspicion, ...]:
    """A line or column of each section that last year's figures name; totals only where no part explains them."""
    if not years.last:
        return ()
    done = {place.section for part in known for place in part.places}
    found: list[Suspicion] = []
    for section in _sections(years.ledger):
        for extent, at, places in sorted(_parts(years.ledger, section), key=lambda part: _is_total(part[2], controls)):
            factor = None if section in done else years.shifted(places)
            if factor is not None and _stands_out(extent, places, years):
                found.append(_suspicion(extent, at, Rescaled(places, factor), years))
                done.add(section)
    return tuple(found)


def _stands_out(extent: Extent, places: Sequence[Place], years: Years) -> bool:
    """Whether a part differs from the rest of its section as a mistake does, and not as growth does.

    Several figures must say so, and the rest be of last year's order of magnitude: a form that grew has grown parts.
    One line may grow alone, so that it must look like tenge besides; that a column grows so on several lines is rarer.
    """
    section = [place for place in _filled(years.ledger) if place.section == places[0].section]
    several = len(years.changes(places)) >= years.settings.unit_facts
    if not several or not years.calm(place for place in section if place not in places):
        return False
    return extent is Extent.COLUMN or years.looks_like_tenge(places)


def _beside(parts: Sequence[Suspicion], ledger: Ledger, controls: Sequence[Control]) -> list[Figure]:
    """The figures that are in no suspected part, nor sums of what is."""
    taken = {place for part in parts for place in part.places}
    taken |= {place for control in controls if taken & set(control.right) for place in control.left}
    return [figure for place, figure in ledger.figures.items() if place not in taken]


def _sections(ledger: Ledger) -> tuple[int, ...]:
    return tuple(dict.fromkeys(place.section for place in ledger.figures))


def _is_total(places: Sequence[Place], controls: Sequence[Control]) -> bool:
    """Whether every figure of a line or column is the sum of others."""
    totals = {place for control in controls for place in control.left if len(control.left) == 1}
    return all(place in totals for place in places)


def _parts(ledger: Ledger, section: int) -> Iterator[tuple[Extent, str, tuple[Place, ...]]]:
    """The columns and lines of a section with at least two figures."""
    filled = [place for place in _filled(ledger) if place.section == section]
    for extent, name in ((Extent.COLUMN, "column"), (Extent.LINE, "line")):
        for key in dict.fromkeys(getattr(place, name) for place in filled):
            places = tuple(place for place in filled if getattr(place, name) == key)
            if len(places) > 1:
                yield extent, f"{section}/{key}", places


def _filled(ledger: Ledger) -> tuple[Place, ...]:
    return tuple(place for place in ledger.figures if ledger.amount(place))


def _suspicion(extent: Extent, at: str, what: Rescaled, years: Years) -> Suspicion:
    """With the largest figure first that was there last year, if any was."""
    places = sorted(what.places, key=lambda place: (place not in years.last, -abs(years.ledger.amount(place))))
    expected = years.last.get(places[0]) or years.ledger.amount(places[0]) * what.factor
    rest = sorted(places[1:], key=lambda place: -abs(years.ledger.amount(place)))
    return Suspicion(extent, at, (places[0], *rest), what.factor, expected)


def _by_size(figures: Iterable[Figure], unsound: Iterable[Place], settings: Settings) -> tuple[Place, ...]:
    """The figures whose size makes the form's unit suspicious, the largest first; () where none does.

    Digits grouped as no number is (two figures in one cell, the first struck out) are no size at all.
    """
    alone = set(unsound)
    filled = [f for f in figures if f.value]
    huge = [f for f in filled if abs(f.value or ZERO) >= settings.huge and ODD_GROUPING not in f.reasons]
    sound = [f for f in huge if f.reading.place not in alone]
    if not sound and len(huge) < settings.huge_unsound:
        huge = filled if _all_round(filled, settings) else []
    return tuple(f.reading.place for f in sorted(huge, key=lambda f: abs(f.value or ZERO), reverse=True))


def _round_section(figures: Iterable[Figure], settings: Settings) -> tuple[Place, ...]:
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
