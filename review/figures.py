"""The figures that leave the house: the machine's word where it is sure, people's where they were asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, Protocol

from review.answers import MILLIONS, TENGE, Answer, Origin, stamp
from review.boxes import Placed
from review.flatten import plain
from review.schema import Finding
from review.units import covers, is_unit

FACTORS = {TENGE: Decimal("0.001"), MILLIONS: Decimal(1000)}  # to the form's unit


class FormNamed(Protocol):
    """What a figure tells of its form."""

    @property
    def source(self) -> str:
        """SHA-256 of its paper."""

    @property
    def file(self) -> str:
        """Its paper's name."""

    @property
    def form(self) -> int:
        """Which form of the paper it is."""


class CellRead(Placed, Protocol):
    """A cell or field as the machine reads it."""

    @property
    def place(self) -> str:
        """As in `s2/1.7/1`."""

    @property
    def value(self) -> str:
        """Plain decimal, "" where blank."""

    @property
    def figure(self) -> bool:
        """Whether it is a figure cell."""

    @property
    def unit(self) -> str:
        """What the box is measured in: "px" or "pt"."""


class FinalFigure(NamedTuple):
    """One figure cell, settled. `paper_value` is what the paper says, `final_value` what counts.

    Page and box are where it stands on the paper, whoever said what it is.
    """

    source: str
    file: str
    form: int
    section: int
    line: str
    column: int
    paper_value: str
    final_value: str
    origin: str
    note: str
    who: str
    when: str  # of a person's answer, ISO 8601 in UTC; "" for the machine's
    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    unit: str  # of the box: "px" or "pt"


def final_figures(
    form: FormNamed, cells: Iterable[CellRead], answers: Mapping[str, Answer], findings: Iterable[Finding] = ()
) -> Iterator[FinalFigure]:
    """One form's figures, blank ones included, in the order of its layout."""
    units = _units(answers, findings)
    for cell in cells:
        if cell.figure:
            (paper, final), answer = _settled(cell, answers, units)
            yield FinalFigure(
                form.source, form.file, form.form, *_parted(cell.place), paper, final, *_whose(answer),
                page=cell.page or None, x0=cell.x0, y0=cell.y0, x1=cell.x1, y1=cell.y1, unit=cell.unit,
            )  # fmt: skip


def _whose(answer: Answer | None) -> tuple[str, str, str, str]:
    """Origin, note, name and time of the word that counts; None is the machine's."""
    if answer is None:
        return Origin.MACHINE.value, "", "", ""
    return answer.origin.value, answer.note, answer.who, stamp(answer.at)


def values_now(
    cells: Iterable[CellRead], answers: Mapping[str, Answer], findings: Iterable[Finding] = ()
) -> dict[str, str]:
    """Place → the figure as it stands now, plain decimal, "" where blank."""
    units = _units(answers, findings)
    return {cell.place: _settled(cell, answers, units)[0][1] for cell in cells if cell.figure}


@lru_cache(maxsize=4096)  # more places than all layouts have
def _parted(place: str) -> tuple[int, str, int]:
    """Section, line and column of a figure's place."""
    section, line, column = place.removeprefix("s").split("/")
    return int(section), line, int(column)


Units = list[tuple[Finding, Answer]]


def converted(findings: Iterable[Finding], answers: Mapping[str, Answer]) -> list[Finding]:
    """The findings because of which figures leave in another unit than they stand in."""
    return [finding for finding, _answer in _units(answers, findings)]


def _units(answers: Mapping[str, Answer], findings: Iterable[Finding]) -> Units:
    """The questions about a unit that were answered by one."""
    asked = [(finding, answers[finding.key]) for finding in findings if is_unit(finding) and finding.key in answers]
    return [(finding, answer) for finding, answer in asked if answer.value in FACTORS]


def _settled(cell: CellRead, answers: Mapping[str, Answer], units: Units) -> tuple[tuple[str, str], Answer | None]:
    """What the paper says and what counts, and whose word that is; None is the machine's."""
    own = answers.get(cell.place)
    if own is not None:
        paper = cell.value if own.paper is None else own.paper
        final = paper if own.reading is None else own.reading
        # what the respondent corrects, the paper does not say
        return (paper if own.origin is Origin.RESPONDENT else final, final), own
    unit = next((answer for finding, answer in units if covers(finding, cell.place)), None)
    if unit is not None and cell.value:
        return (cell.value, plain(Decimal(cell.value) * FACTORS[unit.value])), unit
    return (cell.value, cell.value), None
