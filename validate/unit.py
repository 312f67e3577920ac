"""Are figures filled in in another unit: the form, a section, a line or a column? Suspected only, never applied.

What speaks for it, the strongest first:

- a unit written beside some of the figures, where the sums hold only if the others are in it too;
- sums that all come out once the figures of one line or column are a thousand times as large or as small;
- last year's figures of the same respondent and place, nearly all about a thousand times as small or as large
  (`validate.shift`);
- nine digits and more. One respondent's cell has one to seven digits in thousand tenge; nine mean a hundred billion
  tenge, which a handful of respondents of a whole country reach. One such figure among small ones is a slip in that
  cell, and the sums through it say so; where the sums agree with it, the whole form is suspected;
- three zeros at the end of every figure. Amounts worked out in thousands and written out in tenge end so; six
  different amounts in thousand tenge do not, unless the respondent rounds to the million, and then a glance settles it.

A small respondent's form in plain tenge has neither: only last year's figures show that.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from layouts.model import Control, Place
from postprocess.marks import ODD_GROUPING
from postprocess.records import Figure
from validate.ledger import ZERO, Ledger
from validate.rescale import TENGE, Rescaled, mended, worded
from validate.settings import Settings
from validate.shift import changes, denied, is_sum, looks_like_tenge, shifted

CALM = 1.0  # powers of ten; most figures change less from one year to the next


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


def suspected_units(
    ledger: Ledger,
    controls: Sequence[Control],
    unsound: Iterable[Place],
    last: Mapping[Place, Decimal],
    settings: Settings,
) -> tuple[Suspicion, ...]:
    """What of the form may be in another unit; the form as a whole excludes its parts.

    `unsound` are cells whose size proves nothing alone: known to be in another unit than their neighbours, or
    doubtfully read and out of line with the sums. A digit too many is a commoner misreading than a form in tenge;
    several are not. `last` are last year's figures, empty where nobody knows them.
    """
    if said := worded(ledger, controls):
        return (_suspicion(Extent.FORM, "", said, ledger, last),)
    if wide := _against_last_year(ledger, last, settings):
        return wide
    by_sums = [_suspicion(*each, ledger, last) for each in mended_parts(ledger, controls, last, settings)]
    parts = (*by_sums, *_parts_against_last_year(ledger, controls, by_sums, last, settings))
    if places := _by_size(_beside(parts, ledger, controls), unsound, settings):
        return (Suspicion(Extent.FORM, "", places, TENGE),)
    return parts


def _beside(parts: Sequence[Suspicion], ledger: Ledger, controls: Sequence[Control]) -> list[Figure]:
    """The figures that are in no suspected part, nor sums of what is."""
    taken = {place for part in parts for place in part.places}
    taken |= {place for control in controls if taken & set(control.right) for place in control.left}
    return [figure for place, figure in ledger.figures.items() if place not in taken]


def mended_parts(
    ledger: Ledger, controls: Sequence[Control], last: Mapping[Place, Decimal], settings: Settings
) -> Iterator[tuple[Extent, str, Rescaled]]:
    """Of each section the line or column that, in another unit, makes sums hold that fail; nothing where none does."""
    for section in dict.fromkeys(place.section for place in ledger.figures):
        found = [
            (extent, at, rescaled)
            for extent, at, places in _parts(ledger, section)
            if (rescaled := mended(places, ledger, controls)) is not None
        ]
        if found:
            yield max(found, key=lambda each: (each[2].mended, _agrees(each[2], ledger, last, settings)))


def _agrees(part: Rescaled, ledger: Ledger, last: Mapping[Place, Decimal], settings: Settings) -> tuple[bool, bool]:
    """Whether last year's figures say so too; and whether it is tenge, the commoner mistake."""
    told = shifted(part.places, ledger, last, settings)
    return told == part.factor, part.factor == TENGE


def _against_last_year(ledger: Ledger, last: Mapping[Place, Decimal], settings: Settings) -> tuple[Suspicion, ...]:
    """The form, or sections of it, whose figures are not of last year's order of magnitude."""
    if not last:
        return ()
    filled = _filled(ledger)
    sections = {number: tuple(p for p in filled if p.section == number) for number in {p.section for p in filled}}
    told = {number: shifted(places, ledger, last, settings) for number, places in sorted(sections.items())}
    sums = {number: tuple(p for p in places if is_sum(p, ledger)) for number, places in sections.items()}
    whole = shifted(filled, ledger, last, settings)
    parts = (*sections.values(), *sums.values())
    if whole is not None and not any(denied(places, whole, ledger, last, settings) for places in parts):
        return (_suspicion(Extent.FORM, "", Rescaled(filled, whole), ledger, last),)
    return tuple(
        _suspicion(Extent.SECTION, str(number), Rescaled(sections[number], factor), ledger, last)
        for number, factor in told.items()
        if factor is not None
        and not denied(sums[number], factor, ledger, last, settings)
        and _calm_beside(sections[number], filled, ledger, last)
    )


def _parts_against_last_year(
    ledger: Ledger,
    controls: Sequence[Control],
    known: Sequence[Suspicion],
    last: Mapping[Place, Decimal],
    settings: Settings,
) -> tuple[Suspicion, ...]:
    """Lines and columns, totals only where no part of them explains it, several figures of which say so."""
    if not last:
        return ()
    done = {place.section for part in known for place in part.places}
    found: list[Suspicion] = []
    for section in dict.fromkeys(place.section for place in ledger.figures):
        for extent, at, places in sorted(_parts(ledger, section), key=lambda part: _is_total(part[2], controls)):
            factor = None if section in done else shifted(places, ledger, last, settings)
            if factor is not None and _stands_out(extent, places, ledger, last, settings):
                found.append(_suspicion(extent, at, Rescaled(places, factor), ledger, last))
                done.add(section)
    return tuple(found)


def _stands_out(
    extent: Extent, places: Sequence[Place], ledger: Ledger, last: Mapping[Place, Decimal], settings: Settings
) -> bool:
    """Whether a part differs from the rest of its section as a mistake does, and not as growth does.

    Several figures must say so, and the rest be of last year's order of magnitude: a form that grew has grown parts.
    One line may grow alone, so that it must look like tenge besides; that a column grows so on several lines is rarer.
    """
    section = [place for place in _filled(ledger) if place.section == places[0].section]
    if len(changes(places, ledger, last)) < settings.unit_facts or not _calm_beside(places, section, ledger, last):
        return False
    return extent is Extent.COLUMN or looks_like_tenge(places, ledger, last, settings)


def _calm_beside(
    places: Sequence[Place], among: Iterable[Place], ledger: Ledger, last: Mapping[Place, Decimal]
) -> bool:
    """Whether the other figures, as far as they were there last year, are of that year's order of magnitude."""
    rest = changes([place for place in among if place not in places], ledger, last)
    return bool(rest) and abs(statistics.median(rest)) < CALM


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


def _suspicion(extent: Extent, at: str, what: Rescaled, ledger: Ledger, last: Mapping[Place, Decimal]) -> Suspicion:
    places = tuple(sorted(what.places, key=lambda place: -abs(ledger.amount(place))))
    compared = tuple(place for place in places if last.get(place))
    first = (*compared[:1], *(place for place in places if place not in compared[:1]))
    by_year = last.get(first[0])
    return Suspicion(extent, at, first, what.factor, by_year or ledger.amount(first[0]) * what.factor)


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


def _all_round(filled: list[Figure], settings: Settings) -> bool:
    """Whether every amount ends in three zeros, too many and too large for chance."""
    amounts = {abs(f.value) for f in filled if f.value}
    return (
        len(amounts) >= settings.round_figures
        and max(amounts) >= settings.round_largest
        and all(amount % settings.round_by == 0 for amount in amounts)
        and not any(ch.isalpha() for f in filled for ch in f.written)
    )
