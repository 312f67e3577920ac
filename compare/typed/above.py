"""What is said once above a form's tables: its paper, identifier and year, in a cell beside their names or in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from compare.typed.headings import Heading, headings
from compare.typed.records import Entry, Row

LENGTH = 12  # digits of an identifier, which may stand in boxes of their own

_IN_TEXT = (
    (Heading.BIN, re.compile(r"\b(?:бин|бсн|bin)\b\W*(\d{12})\b", re.IGNORECASE)),
    (Heading.IIN, re.compile(r"\b(?:иин|жсн|iin)\b\W*(\d{12})\b", re.IGNORECASE)),
    (Heading.YEAR, re.compile(r"\b(20\d\d)\s*-?\s*(?:год|г\.|жыл|year)", re.IGNORECASE)),
    (Heading.FILE, re.compile(r"\b(?:файл|file)\b\W+(\S.*\.(?:pdf|tiff?|jpe?g|png))\s*$", re.IGNORECASE)),
)


def said_above(rows: Iterable[Row]) -> dict[Heading, Entry]:
    """Each of them that is said, the first time.

    >>> row = (Entry("БСН / БИН"), None, Entry("020960639692"), Entry("за 2025 год"))
    >>> {name.value: entry.text for name, entry in said_above([row]).items()}
    {'bin': '020960639692', 'year': '2025'}
    >>> said_above([(Entry("БИН: 020960639692"),)])[Heading.BIN].text
    '020960639692'
    >>> said_above([(Entry("БИН"), *map(Entry, "020960639692"))])[Heading.BIN].text
    '020960639692'
    """
    told: dict[Heading, Entry] = {}
    for row in rows:
        for name, column in headings(row).items():
            after = [entry for entry in row[column + 1 :] if entry is not None and not entry.merged]
            if after and (found := _value(name, after)) is not None:
                told.setdefault(name, found)
        for entry in row:
            if entry is not None and not entry.merged and isinstance(entry.content, str):
                for name, pattern in _IN_TEXT:
                    if hit := pattern.search(entry.text):
                        told.setdefault(name, Entry(hit[1]))
    return told


def _value(name: Heading, after: Sequence[Entry]) -> Entry | None:
    """What stands behind a name, if it can be what is named; digits in boxes are one number."""
    if name is Heading.FILE:
        return after[0]
    if name in {Heading.BIN, Heading.IIN}:
        boxes = "".join(entry.text for entry in takewhile(lambda entry: len(entry.text) == 1, after))
        if len(boxes) == LENGTH and boxes.isdecimal():
            return Entry(boxes)
    return after[0] if name in {Heading.BIN, Heading.IIN, Heading.YEAR} and after[0].text.isdecimal() else None
