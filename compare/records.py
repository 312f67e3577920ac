"""What is compared: the machine's word on each form, people's words on the same forms, and where the two differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from layouts.model import Layout, Place

Amounts = Mapping[Place, Decimal]  # thousand tenge; a place that is not there is blank


class Party(StrEnum):
    """Whose word is not what the paper says."""

    MACHINE = "machine"
    PERSON = "person"
    RESPONDENT = "respondent"  # the person typed what the respondent should have written
    UNCLEAR = "unclear"


class Slip(StrEnum):
    """How one of two figures may have become the other."""

    SUBSTITUTED = "digit-substituted"
    LOST = "digit-lost"  # the manual figure has one digit fewer
    DOUBLED = "digit-doubled"  # a digit of it is there twice
    ADDED = "digit-added"
    TRANSPOSED = "digits-transposed"
    MARK = "mark"  # the decimal or thousands mark is elsewhere
    UNIT = "unit"  # a thousand times too large or too small
    ROW = "row-off"
    COLUMN = "column-off"
    SIGN = "sign"
    BLANK_ZERO = "blank-zero"  # blank, a dash, a zero: one for another
    LEFT_OUT = "left-out"  # the machine has a figure, the manual entry has none
    FILLED_IN = "filled-in"  # the manual entry has a figure, the machine has none
    OTHER_FORM = "other-form"  # typed from another form
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MachineCell:
    """What the machine says of one figure cell of a paper."""

    value: Decimal | None  # thousand tenge; None: blank
    written: str
    accepted: bool
    confidence: float
    reader: str
    ink: str


@dataclass(frozen=True, slots=True)
class MachineForm:
    """One form of a run; `cells` are those with ink and those that await review, any other is blank and accepted."""

    source: str  # SHA-256 of the paper
    file: str
    form: int
    layout: str
    bin: str
    year: str
    region: str
    status: str
    cells: Mapping[Place, MachineCell]

    @property
    def key(self) -> tuple[str, int]:
        """Which form of which paper."""
        return self.source, self.form

    @property
    def amounts(self) -> dict[Place, Decimal]:
        """The figures, zeros included."""
        return {place: cell.value for place, cell in self.cells.items() if cell.value is not None}


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """One form as one person typed it."""

    table: str  # the file it was typed into: whose word it is
    file: str  # the paper it names; the table's own name where it names none
    form: int
    source: str  # the paper's hash, "" where the table does not name it
    bin: str
    year: str
    amounts: Amounts
    operator: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """A form of the run and those entries that are of the same paper."""

    machine: MachineForm
    entries: tuple[TypedEntry, ...]
    by: tuple[str, ...]  # how each entry was found to be this form's: source, file, identifier, figures


@dataclass(frozen=True, slots=True)
class Matching:
    """Which form each entry is of, and what is left on either side."""

    pairs: tuple[Matched, ...]
    untyped: tuple[MachineForm, ...]  # forms of the run that nobody typed
    unread: tuple[TypedEntry, ...]  # entries of no form of the run
    doubled: tuple[TypedEntry, ...] = ()  # typed a second time into the same table


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell on which the machine and one entry do not agree; None is blank."""

    place: Place
    machine: Decimal | None
    manual: Decimal | None
    slip: Slip
    group: int = 0  # cells of one slip share a number of their form; 0 stands alone


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who is wrong where two words differ, how sure that is, and by what."""

    difference: Difference
    wrong: Party
    probability: float  # that `wrong` is right; of the likeliest where it is unclear
    paper: Decimal | None  # what the paper most likely says
    evidence: tuple[str, ...] = field(default=())  # ids of what speaks for it: controls, readings, entries, slip


@dataclass(frozen=True, slots=True)
class Compared:
    """One form, machine against one entry: how many cells were held against each other, and all that differ."""

    machine: MachineForm
    entry: TypedEntry
    layout: Layout
    verdicts: tuple[Verdict, ...]
