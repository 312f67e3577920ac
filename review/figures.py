"""The figures that leave the house: the machine's word where it is sure, people's where they were asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import NamedTuple

from review.answers import Act, Answer, Origin
from review.schema import Cell, Form


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
    for cell in cells:
        if cell.figure:
            yield _final(form, cell, answers.get(cell.place))


def _final(form: Form, cell: Cell, answer: Answer | None) -> FinalFigure:
    section, line, column = cell.place.removeprefix("s").split("/")
    key = (form.source, form.file, form.form, int(section), line, int(column))
    if answer is None:
        return FinalFigure(*key, cell.value, cell.value, Origin.MACHINE.value, "", "", "")
    final = cell.value if answer.act is Act.CONFIRM else answer.value
    paper = cell.value if answer.origin is Origin.RESPONDENT else final
    when = answer.at if answer.at.tzinfo else answer.at.replace(tzinfo=UTC)  # SQLite keeps no time zone
    told = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return FinalFigure(*key, paper, final, answer.origin.value, answer.note, answer.who, told)
