"""A checked form as plain rows: what result tables, the store of questions and the saved parts of a run all hold.

Text is "" and numbers are None where there is nothing. Amounts are plain decimals as text, in thousand tenge: no
rounding, no exponent. Boxes are stored coordinates, rounded to 2 decimals; confidences to 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

ABOUT = {  # the fields a check is about, where its finding names none
    "check.identifier-missing": "bin;iin",
    "check.identifier-not-found": "bin;iin",
    "check.identifier-twice": "bin;iin",
    "check.kato-contradicts-region": "kato;region",
}


class CellRow(NamedTuple):
    """One figure cell."""

    form: int
    section: int
    line: str
    column: int
    written: str
    value: str
    confidence: float
    status: str
    reason: str  # codes joined by ";"
    reader: str
    ink: str
    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    unit: str

    @property
    def place(self) -> str:
        """As in `s2/1.7/1`."""
        return f"s{self.section}/{self.line}/{self.column}"


class FieldRow(NamedTuple):
    """One header field, code, country cell, option, signature or contact line."""

    form: int
    field: str
    line: str
    written: str
    value: str
    confidence: float
    status: str
    reason: str
    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    unit: str

    @property
    def place(self) -> str:
        """The field's id, with the line of a country cell: `bin`, `countries/1.5`."""
        return f"{self.field}/{self.line}" if self.line else self.field


class FormRow(NamedTuple):
    """One form; form 0 is the file as a whole, where it was rejected or is a notice."""

    form: int
    layout: str
    year: str
    bin: str
    iin: str
    region: str
    kato: str
    hours: str
    pages: str  # stored numbers in the form's own order, joined by ";"
    status: str
    reasons: str
    duplicate_of: str = ""
    figures: str = ""  # hash of every figure's value: what copies and revisions are told apart by; in no table


class FindingRow(NamedTuple):
    """A rule or check that failed or could not be told; `message` is an id until a table is written."""

    form: int
    rule: str
    set: str
    clause: str
    outcome: str
    places: str
    left: str
    right: str
    difference: str
    cause: str
    message: str
    parameters: tuple[tuple[str, str], ...] = ()
    informational: bool = False

    @property
    def about(self) -> str:
        """The places it speaks of, cells or fields, joined by ";": an answer about one of them answers it too."""
        return self.places or dict(self.parameters).get("field", "") or ABOUT.get(self.rule, "")

    @property
    def key(self) -> str:
        """What a person answers it by: the rule and the first place, as in `s2.columns@s2/1.7/1`."""
        return f"{self.rule}@{self.about.partition(';')[0]}"


class ReadingRow(NamedTuple):
    """One of the best readings of an inked cell, figure or field; `rank` 1 is the best."""

    form: int
    place: str
    rank: int
    text: str
    value: str
    logp: float
    reader: str


@dataclass(frozen=True, slots=True)
class FormRows:
    """One form in rows. A rejected file or a notice has only its `form`."""

    form: FormRow
    cells: tuple[CellRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    readings: tuple[ReadingRow, ...] = ()
