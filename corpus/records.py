"""What the maker's parts hand on: who fills in what, how it is written, and what is wrong on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

from corpus.marking import Marking
from layouts.model import Layout, Place

Split = Literal["dev", "calibration", "eval", "frozen"]
"""Worlds of fonts, writers and damages: to build on, to fit confidence with, to measure with; what one is taught in
none of the later ones shows. The frozen world is that of the evaluation, but needs no font of the machine."""


@dataclass(frozen=True, slots=True)
class Respondent:
    """A fictitious respondent: exactly one of `bin` and `iin` is filled."""

    bin: str
    iin: str
    name: str
    address: str
    phone: str
    mobile: str
    email: str
    people: tuple[str, str, str]  # executor, chief accountant, head
    region: str
    kato: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure cell: what stands on the paper and what it means."""

    written: str  # "" for blank
    amount: Decimal | None  # thousand tenge; None for blank


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake of the respondent, planted on purpose."""

    section: int  # 0: the whole form or its header
    line: str
    column: str
    what: str  # one plain sentence
    cause: str  # as in the table of findings: arithmetic, rounding, unit, percent, …


Group = Literal["plain", "space", "nbsp", "thin", "narrow", "apostrophe", "point"]


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How one respondent writes figures."""

    group: Group
    point: Literal[",", "."]
    decimals: int  # digits behind the point
    trim: bool  # whole figures lose their zero decimals ("12", not "12,0")
    blank_mark: str  # what stands for "nothing" in a used row: "", "-", "–", "0", "0,0"
    everywhere: bool  # the mark stands in unused rows too
    units: bool  # figures carry their own unit
    marks: tuple[str, ...] = ()  # each empty cell of a dense form gets one of these instead of `blank_mark`


@dataclass(frozen=True)
class Filled:
    """A form as one respondent fills it in, before any page is drawn."""

    layout: Layout
    respondent: Respondent
    year: int
    option: int  # index of the option chosen in the form's option field, -1 for none
    entries: Mapping[Place, Entry]
    countries: Mapping[Place, str]  # what is written in the country cells, blank ones left out
    numbers: NumberStyle
    mistakes: tuple[Mistake, ...]
    signed: tuple[bool, bool, bool]
    answers: Mapping[str, str] = field(default_factory=dict)  # by field id: what is written there
    marking: Marking = field(default_factory=Marking)


class Spot(NamedTuple):
    """Where something filled in stands: points of the drawn page, origin top left."""

    page: int  # 0, 1, … as drawn
    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    place: Place | None  # None outside the tables
    field: str  # id of the field, "" in the tables


@dataclass(frozen=True, slots=True)
class Drawn:
    """A form as a PDF with a text layer, and where the filled-in things stand."""

    pdf: bytes
    pages: int
    spots: tuple[Spot, ...]
