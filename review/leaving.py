"""What leaves the house: figures of accepted and settled forms, whose they are, and who said what about them.

Forms are read some hundred at a time, so that neither memory nor the number of questions to the database grows with
each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from review.answers import UNIT_QUESTION, Act, Answer, stamp
from review.figures import FinalFigure, final_figures
from review.schema import Cell, Event, Finding, Form
from review.told import Key, answers_in
from review.work.schema import Batch, Department, Task
from review.work.tasks import State
from validate.records import Status

CHUNK = 200  # forms read at a time: about 30,000 cells, some megabytes
SETTLED = "settled"  # the status of a form whose open questions people answered


class FormLine(NamedTuple):
    """One form that leaves: whose it is, as it stands after people's answers. `status`: accepted or settled."""

    source: str
    file: str
    form: int
    layout: str
    year: str
    bin: str
    iin: str
    region: str
    kato: str
    status: str
    department: str
    batch: str
    versions: str  # hash of layout, code, model and settings it was read with


class AnswerLine(NamedTuple):
    """One thing that a person said about such a form."""

    source: str
    file: str
    form: int
    place: str
    act: str  # review.answers.Act
    origin: str
    value: str
    note: str
    who: str
    when: str  # ISO 8601 in UTC


class _Read(NamedTuple):
    """What is needed of one cell."""

    place: str
    value: str
    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None
    unit: str
    figure: bool = True


@dataclass(frozen=True, slots=True)
class Leaving:
    """Forms that leave, of those the conditions on their task let through. Its parts may be read in any order."""

    session: Session
    conditions: Sequence[ColumnElement[bool]] = field(default_factory=tuple)

    @property
    def figures(self) -> Iterator[FinalFigure]:
        """Every figure, blank ones included, in order of file, form and layout."""
        for forms, answers in self._chunks():
            keys = [_key(form) for form in forms]
            cells = _cells(self.session, keys)
            units = _units(self.session, keys)
            for form in forms:
                key = _key(form)
                yield from final_figures(form, cells.get(key, ()), answers.get(key, {}), units.get(key, ()))

    @property
    def forms(self) -> Iterator[FormLine]:
        """Every form, in the same order."""
        for forms, answers in self._chunks():
            for form in forms:
                yield _form_line(form, answers.get(_key(form), {}))

    @property
    def answers(self) -> Iterator[AnswerLine]:
        """Everything that people said about these forms, notes and what was taken back included."""
        for forms, _ in self._chunks():
            names = {_key(form): form.file for form in forms}
            wanted = select(Event).where(
                Event.source.in_(_sources(names)), Event.act.not_in((Act.READ.value, Act.FORGOT.value))
            )
            said: dict[Key, list[AnswerLine]] = {}
            for e in self.session.scalars(wanted.order_by(Event.id)):
                key = (e.source, e.form)
                if key not in names:  # another form of the same paper, which stays
                    continue
                told = (e.place, e.act, e.origin, e.value, e.note, e.who, stamp(e.at))
                said.setdefault(key, []).append(AnswerLine(e.source, names[key], e.form, *told))
            self.session.expunge_all()
            for key in names:
                yield from said.get(key, ())

    def _chunks(self) -> Iterator[tuple[Sequence[Any], dict[Key, dict[str, Answer]]]]:
        """The forms, some at a time, with people's answers; without those that a person left out."""
        listed = self.session.execute(_ready(self.conditions).execution_options(yield_per=CHUNK))
        for forms in listed.partitions():
            keys = [_key(form) for form in forms]
            answers = answers_in(self.session, Event.source.in_(_sources(keys)))
            out = {key for key, said in answers.items() if any(a.act is Act.EXCLUDE for a in said.values())}
            yield [form for form in forms if _key(form) not in out], answers


def _ready(conditions: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """Forms that are accepted, or about which nothing is open that figures wait for, and no two people differ."""
    of_task = and_(Task.source == Form.source, Task.form == Form.form)
    settled = and_(Form.status == Status.REVIEW.value, Task.needed == 0, Task.state != State.DISPUTE.value)
    columns = (Form.source, Form.file, Form.form, Form.layout, Form.year, Form.bin, Form.iin, Form.region, Form.kato)
    return (
        select(*columns, Form.status, Form.versions, Department.name.label("department"), Batch.name.label("batch"))
        .join(Task, of_task)
        .outerjoin(Department, Department.id == Task.department)
        .outerjoin(Batch, Batch.id == Task.batch)
        .where(Form.form > 0, or_(Form.status == Status.ACCEPTED.value, settled), *conditions)
        .order_by(Form.file, Form.form, Form.source)
    )


def _key(form: Any) -> Key:
    return form.source, form.form


def _sources(keys: Iterable[Key]) -> list[str]:
    """The papers of these forms: by pairs of paper and form SQLite would search whole tables."""
    return list(dict.fromkeys(source for source, _ in keys))


def _cells(session: Session, keys: Sequence[Key]) -> dict[Key, list[_Read]]:
    columns = (Cell.place, Cell.value, Cell.page, Cell.x0, Cell.y0, Cell.x1, Cell.y1, Cell.unit)
    wanted = select(Cell.source, Cell.form, *columns).where(Cell.source.in_(_sources(keys)), Cell.figure)
    found: dict[Key, list[_Read]] = {}
    for source, form, *read in session.execute(wanted.order_by(Cell.source, Cell.form, Cell.position)):
        found.setdefault((source, form), []).append(_Read(*read))
    return found


def _units(session: Session, keys: Sequence[Key]) -> dict[Key, list[Finding]]:
    """Findings that ask for the unit."""
    wanted = select(Finding).where(Finding.source.in_(_sources(keys)), Finding.key.startswith(UNIT_QUESTION))
    found: dict[Key, list[Finding]] = {}
    for finding in session.scalars(wanted.order_by(Finding.id)):
        found.setdefault((finding.source, finding.form), []).append(finding)
        session.expunge(finding)
    return found


def _form_line(form: Any, answers: dict[str, Answer]) -> FormLine:
    status = Status.ACCEPTED.value if form.status == Status.ACCEPTED.value else SETTLED
    year, bin_, iin, region, kato = (_now(form, answers, name) for name in ("year", "bin", "iin", "region", "kato"))
    return FormLine(
        form.source, form.file, form.form, form.layout, year, bin_, iin, region, kato, status,
        form.department or "", form.batch or "", form.versions,
    )  # fmt: skip


def _now(form: Any, answers: dict[str, Answer], name: str) -> str:
    """A header field after people's answers."""
    answer = answers.get(name)
    return answer.value if answer is not None and answer.act is Act.ANSWER else str(getattr(form, name))
