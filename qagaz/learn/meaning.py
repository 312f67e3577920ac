"""Whether a reading says what people say: by the amount it means, not by how it is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from extract.readers.combine import FigureReading
from extract.records import Alternative
from postprocess.amounts import parse_amount


def amount(value: str) -> Decimal | None:
    """A settled value as a number; None where the cell is blank."""
    return Decimal(value) if value else None


def means(alternative: Alternative) -> Decimal | None:
    """The likeliest amount of a reading."""
    return parse_amount(alternative.text)[0].value


def says(alternatives: Sequence[Alternative], value: str) -> bool:
    """Whether the best reading says it; of a blank cell, whether nothing is seen.

    >>> says([Alternative("12 345,60", -0.1, "")], "12345.6"), says([], ""), says([], "1")
    (True, True, False)
    """
    if not alternatives:
        return value == ""
    return value != "" and means(alternatives[0]) == amount(value)


def claim(reading: FigureReading) -> float:
    """The probability the best reading claims; 0 where nothing is seen."""
    return math.exp(reading.alternatives[0].logp) if reading.alternatives else 0.0


def chance(reading: FigureReading, value: str) -> float:
    """The probability that all readers together leave to a value."""
    found = [math.exp(a.logp) for a in reading.alternatives if value and means(a) == amount(value)]
    return sum(found) if reading.alternatives else float(value == "")
