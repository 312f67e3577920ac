"""How one value came about, gathered from where each layer lies: paper, readers, controls, verdict, people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from extract.records import Source
from layouts.errors import QagazError
from layouts.model import Control, Layout, Place, RuleSet
from layouts.rules import controls
from qagaz.look import turn_of
from qagaz.parts import BROKEN, Parts
from qagaz.run import PARTS
from review.controls import control_of
from review.history import History
from review.rows import CellRow, FieldRow, FindingRow, FormRow, FormRows, ReadingRow, Step, TrailRow
from review.schema import Form
from review.store import Store
from review.units import speaks_of
from validate.records import Outcome

Stand = Literal["holds", "fails", "undecided"]


class ExplainError(QagazError):
    """There is no such place, or nothing is kept of it; it says what would do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be explained: a place (`s2/1.7/1`, `bin`), or a line with its column and, if need be, section."""

    file: str  # name or hash
    form: int
    place: str
    column: str = ""
    section: int = 0  # 0: whichever has the line and column


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule through the cell, and how it stands."""

    control: Control
    stand: Stand
    finding: FindingRow | None  # what is told where it does not hold


@dataclass(frozen=True, slots=True)
class Explanation:
    """One cell's or field's history, layer by layer."""

    form: FormRow
    cell: CellRow | FieldRow
    versions: str  # hash of what the machine's word was made with
    trail: tuple[TrailRow, ...]
    readings: tuple[ReadingRow, ...]  # merged, best first
    layout: Layout | None  # None where the form's layout is not at hand
    rules: tuple[Tried, ...]  # of both sets, the table's first
    findings: tuple[FindingRow, ...]  # other ones about the place
    turn: int  # degrees clockwise by which the stored page is turned to be read
    history: History

    def steps(self, step: Step) -> tuple[TrailRow, ...]:
        """The rows of one layer."""
        return tuple(row for row in self.trail if row.step == step)

    @property
    def choice(self) -> TrailRow | None:
        """What the controls made of it; None where there was nothing to choose."""
        return next(iter(self.steps(Step.CHOSEN)), None)


def explain(folder: Path, store: Store, wanted: Wanted, layouts: Mapping[str, Layout]) -> Explanation:
    """Gather everything that is kept of a place. AnswerError or ExplainError if there is no such form or place."""
    known = store.form(wanted.file, wanted.form)
    rows, versions = _saved(folder, known)
    cell = _cell(rows, wanted, known.file)
    layout = layouts.get(rows.form.layout)
    tried = tuple(_tried(layout, rows, cell))
    told = {id(each.finding) for each in tried}
    about = [finding for finding in rows.findings if _is_about(finding, cell)]
    return Explanation(
        form=rows.form,
        cell=cell,
        versions=versions,
        trail=tuple(row for row in rows.trail if row.place == cell.place),
        readings=tuple(row for row in rows.readings if row.place == cell.place),
        layout=layout,
        rules=tried,
        findings=tuple(finding for finding in about if id(finding) not in told),
        turn=turn_of([rows.cells], cell.page),
        history=store.history(known.source, known.form, cell.place),
    )


def _is_about(finding: FindingRow, cell: CellRow | FieldRow) -> bool:
    """Whether a finding names the place, or asks for the unit of a part that it belongs to."""
    named = cell.place in finding.about.split(";")
    return named or (speaks_of(finding, cell.place, figure=isinstance(cell, CellRow)) and not finding.informational)


def _saved(folder: Path, known: Form) -> tuple[FormRows, str]:
    """What the last run kept of a form, and the hash of what it was made with; ExplainError if nothing is left."""
    parts, source = Parts(folder / PARTS), Source(known.source, known.file, Path(known.file))
    try:
        found = next((rows for rows in parts.forms(source) if rows.form.form == known.form), None)
        versions = parts.versions(source)
    except BROKEN:
        found, versions = None, ""
    if found is None:
        raise ExplainError("error.explain-no-part", file=known.file, form=known.form, folder=folder)
    return found, versions


def _cell(rows: FormRows, wanted: Wanted, file: str) -> CellRow | FieldRow:
    """The cell or field that is meant."""
    if not rows.cells:
        raise ExplainError("error.explain-no-cells", file=file, form=rows.form.form)
    found = list(_meant(rows, wanted))
    if not found:
        asked = f"{wanted.place} {wanted.column}".strip()
        raise ExplainError("error.explain-no-place", file=file, form=rows.form.form, place=asked, known=_known(rows))
    if len(found) > 1:
        places = ", ".join(row.place for row in found)
        raise ExplainError("error.explain-which-section", line=wanted.place, column=wanted.column, places=places)
    return found[0]


def _meant(rows: FormRows, wanted: Wanted) -> Iterator[CellRow | FieldRow]:
    if not wanted.column:
        place = wanted.place.rpartition("@")[2]  # a question about a rule is explained by the cell it points at
        every: tuple[CellRow | FieldRow, ...] = (*rows.cells, *rows.fields)
        yield from (row for row in every if row.place == place)
        return
    for row in rows.cells:
        if (row.line, str(row.column)) == (wanted.place, wanted.column) and wanted.section in {0, row.section}:
            yield row


def _known(rows: FormRows) -> str:
    """The places of a form in short: "s2: 1 … 1.16.1 × 1 … 6; bin, iin, year"."""
    sections: dict[int, tuple[dict[str, None], dict[int, None]]] = {}
    for row in rows.cells:
        lines, columns = sections.setdefault(row.section, ({}, {}))
        lines[row.line] = columns[row.column] = None
    tables = [f"s{number}: {_span(lines)} × {_span(columns)}" for number, (lines, columns) in sections.items()]
    fields = dict.fromkeys(f"{row.field}/…" if row.line else row.field for row in rows.fields)
    return "; ".join([*tables, ", ".join(fields)])


def _span(names: Iterable[object]) -> str:
    """The first and the last.

    >>> _span(["1", "1.1", "1.2"]), _span([1])
    ('1 … 1.2', '1')
    """
    every = [str(name) for name in names]
    return every[0] if len(every) == 1 else f"{every[0]} … {every[-1]}"


def _tried(layout: Layout | None, rows: FormRows, cell: CellRow | FieldRow) -> Iterator[Tried]:
    """Every rule through the cell: whatever is not reported to fail holds."""
    if layout is None or not isinstance(cell, CellRow):
        return
    here = Place(cell.section, cell.line, str(cell.column))
    for rule_set in RuleSet:
        every = controls(layout, rule_set)
        told = {
            control: finding
            for finding in rows.findings
            if (control := control_of(finding.rule, finding.places.split(";"), every)) is not None
        }
        for control in every:
            if here in control.places:
                finding = told.get(control)
                yield Tried(control, _stand(finding), finding)


def _stand(finding: FindingRow | None) -> Stand:
    if finding is None:
        return "holds"
    return "fails" if finding.outcome == Outcome.FAILS else "undecided"
