"""One cell to learn from or to be measured on."""

from __future__ import annotations

from dataclasses import dataclass

from extract.records import Picture


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A clean crop and what stands in it."""

    picture: Picture
    text: str
    kind: str  # "typed", "blank", "struck", "cheque" (its text is the digits only), a digit set, or a kind of forms
