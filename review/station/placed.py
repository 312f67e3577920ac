"""Where a figure stands, in the words printed on the form."""

from __future__ import annotations

from dataclasses import dataclass

from layouts.model import Layout, Words
from layouts.words import Language


@dataclass(frozen=True, slots=True)
class Placed:
    """Section, line and column of a cell, and what is printed for the line and over the column."""

    place: str
    section: str
    line: str
    column: str
    label: str
    heading: str


def placed(layout: Layout | None, place: str, language: Language) -> Placed:
    """The place of a figure cell in words; Russian ones where the form has none in the language."""
    section, line, column = place.removeprefix("s").split("/")
    if layout is None:
        return Placed(place, section, line, column, "", "")
    table = layout.table(int(section))
    heading = next((each.heading for each in table.columns if each.number == column), Words("", ""))
    return Placed(place, section, line, column, printed(table.line(line).label, language), printed(heading, language))


def printed(words: Words, language: Language) -> str:
    """What the form prints, in the language if it has it.

    >>> printed(Words("Атауы", "Наименование"), "en")
    'Наименование'
    """
    return {"kk": words.kk, "ru": words.ru, "en": words.en}[language] or words.ru or words.kk
