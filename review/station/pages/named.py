"""Cells and fields by the words that are printed beside them."""

from __future__ import annotations

from dataclasses import dataclass

from layouts.model import FieldKind, Layout, Words
from layouts.words import Language, has
from review.answers import DIGITS
from review.station.words import worded

COUNTRY = "country"  # how places of country cells begin
PRESENCE = ("present", "absent")  # what is said of a signature


@dataclass(frozen=True, slots=True)
class Name:
    """A place in words: what a cell is found by on the paper. Of a field only `label` is told."""

    place: str
    label: str  # of its line, or the field's own
    section: str = ""
    line: str = ""
    column: str = ""
    heading: str = ""  # of its column
    whole: str = ""  # the line it is a part of, where its label alone says nothing
    digits: int = 0  # characters of a field that holds nothing but digits
    options: tuple[tuple[str, str], ...] = ()  # value and words of what may be chosen


def in_language(words: Words, language: Language) -> str:
    """The wording nearest to a language: forms are printed in Kazakh and Russian."""
    wording: str = getattr(words, language)
    return wording or words.ru or words.kk


def name_of(layout: Layout | None, place: str, language: Language) -> Name:
    """What a place is called; its own code where the layout does not know it."""
    if layout is None:
        return Name(place, place)
    if place.startswith("s") and place.count("/") == 2:
        return _cell(layout, place, language)
    return _field(layout, place, language)


def _cell(layout: Layout, place: str, language: Language) -> Name:
    section, code, number = place[1:].split("/")
    try:
        table = layout.table(int(section))
        line = table.line(code)
    except (KeyError, ValueError):
        return Name(place, place)
    heading = next((in_language(c.heading, language) for c in table.columns if c.number == number), "")
    whole = f"{line.parent} {in_language(table.line(line.parent).label, language)}" if line.parent else ""
    return Name(place, in_language(line.label, language), section, code, number, heading, whole)


def _field(layout: Layout, place: str, language: Language) -> Name:
    field, _, line = place.partition("/")
    known = f"station.field-{field.replace('_', '-')}"
    if field == COUNTRY:
        return Name(place, worded(known, language, line=line))
    try:
        found = layout.field(field)
    except KeyError:
        return Name(place, place)
    label = worded(known, language) if has(known) else in_language(found.labels[0], language)
    options: tuple[tuple[str, str], ...] = ()
    if found.kind is FieldKind.SIGNATURE:
        options = tuple((value, worded(f"station.signature-{value}", language)) for value in PRESENCE)
    elif found.kind is FieldKind.OPTION:
        words = (in_language(option, language) for option in found.option_labels)
        options = tuple(zip(found.options, words, strict=False))
    return Name(place, label, digits=DIGITS.get(field, 0), options=options)
