"""The figures that leave the house: the machine's word where it is sure, people's where they were asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from review.answers import MILLIONS, TENGE, Act, Answer, Origin, stamp
from review.flatten import plain
from review.questions import covers, is_unit
from review.schema import Cell, Finding, Form

FACTORS = {TENGE: Decimal("0.001"), MILLIONS: Decimal(1000)}  # to the form's unit


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


def final_figures(
    form: Form, cells: Iterable[Cell], answers: Mapping[str, Answer], findings: Iterable[Finding] = ()
) -> Iterator[FinalFigure]:
    """One form's figures, blank ones included, in the order of its layout."""
    units = [
        (f, answers[f.key]) for f in findings if is_unit(f) and f.key in answers and answers[f.key].value in FACTORS
    ]
    for cell in cells:
        if not cell.figure:
            continue
        own = answers.get(cell.place)
        unit = next((answer for finding, answer in units if covers(finding, cell.place)), None)
        if own is not None:
            yield _answered(form, cell, own)
        elif unit is not None and cell.value:
            yield _final(form, cell, (cell.value, plain(Decimal(cell.value) * FACTORS[unit.value])), unit)
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
