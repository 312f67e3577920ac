"""Decisions about figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from layouts.model import Place
from postprocess.records import FieldValue, Figure, FormFigures


class Status(StrEnum):
    """Of a cell, field or form."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    REJECTED = "rejected"  # forms only: the file could not be read
    NOTICE = "no-activity-notice"  # forms only: a response without figures


class Outcome(StrEnum):
    """Of a rule that does not hold."""

    FAILS = "fails"
    UNDECIDED = "undecided"


class Cause(StrEnum):
    """Why a rule does not hold, as far as the form itself can tell."""

    READING = "reading"
    ARITHMETIC = "arithmetic"
    ROUNDING = "rounding"
    UNIT = "unit"
    PERCENT = "percent"
    MISPLACED = "misplaced"
    MISSING_TOTAL = "missing-total"
    SIGN = "sign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule or check that failed or could not be told."""

    rule: str
    set: str  # "table", "published" or "check"
    clause: str
    outcome: Outcome
    places: tuple[Place, ...]  # the culprit first
    left: Decimal | None
    right: Decimal | None
    cause: Cause | None
    message_id: str
    parameters: tuple[tuple[str, str], ...] = ()
    informational: bool = False  # never reason enough for review

    @property
    def difference(self) -> Decimal | None:
        """Left − right, thousand tenge."""
        return None if self.left is None or self.right is None else self.left - self.right


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a reading."""

    agreed: bool = False  # two readers gave it
    summed: bool = False  # the sums through the cell vouch for it


@dataclass(frozen=True, slots=True)
class Choice:
    """What the joint decision of a form made of one cell's readings."""

    read: Decimal | None  # what the readers alone thought likeliest, thousand tenge; None is blank
    margin: float  # nats by which the best explanation in which it says its value beats the best in which it does not
    rival: Decimal | None = None  # what it reads in that one; None also where it is none of the listed readings
    holding: tuple[str, ...] = ()  # equalities through the cell that hold in the best explanation: "s2.total@3"
    broken: tuple[str, ...] = ()  # those that do not
    vouched: bool = False  # one of those holding adds up several amounts, rather than repeating one
    together: tuple[Place, ...] = ()  # cells that read otherwise in the rival explanation too: settling one settles all
    cleared: bool = False  # another sum holds, and reading otherwise is too unlikely to be why those fail


@dataclass(frozen=True, slots=True)
class CheckedCell:
    """A figure with the verdict on its reading."""

    figure: Figure
    status: Status
    reasons: tuple[str, ...]
    evidence: Evidence = Evidence()
    choice: Choice | None = None  # None where there was nothing to choose


@dataclass(frozen=True, slots=True)
class CheckedField:
    """A field with the verdict on its reading."""

    field: FieldValue
    status: Status
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """One form, decided."""

    form: FormFigures
    cells: tuple[CheckedCell, ...]
    fields: tuple[CheckedField, ...]
    findings: tuple[Finding, ...]
    status: Status
    reasons: tuple[str, ...]
