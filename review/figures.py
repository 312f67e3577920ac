"""The figures that leave the house: the machine's word where it is sure, people's where they were asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from review.answers import TENGE, UNIT_QUESTION, Act, Answer, Origin, stamp
from review.flatten import plain
from review.schema import Cell, Form

PER_THOUSAND = 1000  # tenge in the form's unit


class FinalFigure(NamedTuple):
    """One figure cell, settled. `paper_value` is what the paper says, `final_value` what counts."""

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


def final_figures(form: Form, cells: Iterable[Cell], answers: Mapping[str, Answer]) -> Iterator[FinalFigure]:
    """One form's figures, blank ones included, in the order of its layout."""
    whole = next((a for place, a in answers.items() if place.startswith(UNIT_QUESTION) and a.value == TENGE), None)
    for cell in cells:
        if not cell.figure:
            continue
        own = answers.get(cell.place)
        if own is not None:
            yield _answered(form, cell, own)
        elif whole is not None and cell.value:
            yield _final(form, cell, (cell.value, plain(Decimal(cell.value) / PER_THOUSAND)), whole)
        else:
            yield _final(form, cell, (cell.value, cell.value), None)


def _answered(form: Form, cell: Cell, answer: Answer) -> FinalFigure:
    """A cell with an answer of its own: what the respondent corrects, the paper does not say."""
    final = cell.value if answer.act is Act.CONFIRM else answer.value
    paper = cell.value if answer.origin is Origin.RESPONDENT else final
    return _final(form, cell, (paper, final), answer)


def _final(form: Form, cell: Cell, values: tuple[str, str], answer: Answer | None) -> FinalFigure:
    section, line, column = cell.place.removeprefix("s").split("/")
    key = (form.source, form.file, form.form, int(section), line, int(column))
    if answer is None:
        return FinalFigure(*key, *values, Origin.MACHINE.value, "", "", "")
    return FinalFigure(*key, *values, answer.origin.value, answer.note, answer.who, stamp(answer.at))
