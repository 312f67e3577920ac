"""A checked form as plain rows: what result tables, the store of questions and the saved parts of a run all hold.

Text is "" and numbers are None where there is nothing. Amounts are plain decimals as text, in thousand tenge: no
rounding, no exponent. Boxes are stored coordinates, rounded to 2 decimals; confidences to 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
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


class Step(StrEnum):
    """The layers a figure goes through, in order; what people say comes after them and lies in the store."""

    SAID = "said"  # one reader, by itself, before it is weighed with the others
    MERGED = "merged"  # the likeliest of all readers' words together
    CHOSEN = "chosen"  # what the controls made of it
    JUDGED = "judged"  # the value with its verdict


class TrailRow(NamedTuple):
    """One step of a figure or field, from the readers' words to the verdict; what a step does not tell is bare."""

    form: int
    place: str
    step: str
    rank: int  # 1, 2, … among one reader's own words, and 1 of every other step
    reader: str
    text: str  # as written; said "" is a reader that sees nothing
    value: str
    logp: float | None = None  # the reader's own, or all readers' together
    confidence: float | None = None  # judged: what the calibration gives it
    margin: float | None = None  # chosen: nats by which the solution beats the best one that reads otherwise here
    rival: str = ""  # chosen: what this cell reads in that one
    holding: str = ""  # chosen: equalities through the cell that hold, as in "s2.total@3", joined by ";"
    broken: str = ""  # chosen: those that do not
    evidence: str = ""  # judged: "agreed" (two readers), "summed" (sums through the cell), joined by ";"
    status: str = ""
    reason: str = ""
    together: str = ""  # chosen: cells that read otherwise in that one too, joined by ";"


@dataclass(frozen=True, slots=True)
class FormRows:
    """One form in rows. A rejected file or a notice has only its `form`."""

    form: FormRow
    cells: tuple[CellRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    readings: tuple[ReadingRow, ...] = ()
    trail: tuple[TrailRow, ...] = ()
