"""Readings with their meaning."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from extract.records import FieldReading, FormReading, Reading


@dataclass(frozen=True, slots=True)
class Value:
    """One meaning a cell may have."""

    written: str  # as on paper, without the unit applied
    amount: Decimal | None  # thousand tenge; None is blank
    logp: float
    reader: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure cell: what was written, its value in thousand tenge, and what else it may be."""

    reading: Reading
    written: str
    value: Decimal | None  # thousand tenge; None is blank
    alternatives: tuple[Value, ...]  # best first, the chosen one included; empty for a bare cell
    confidence: float  # probability that `value` is what the paper says
    reasons: tuple[str, ...] = ()  # codes that make a person look


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field with its canonical value ("" where empty): digits of a code, ISO countries joined by ";", an option."""

    field: str
    line: str  # for country cells the line code, else ""
    reading: FieldReading | Reading
    written: str
    value: str
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormFigures:
    """One form, normalised."""

    reading: FormReading
    figures: tuple[Figure, ...]  # in the order of `layout.places`
    fields: tuple[FieldValue, ...]  # in the order of the layout, then countries by line

    def value(self, field: str) -> str:
        """The value of a field, "" if the form has none."""
        for candidate in self.fields:
            if candidate.field == field and not candidate.line:
                return candidate.value
        return ""
