"""One form as the store holds it: the machine's word, people's answers, and what is still open between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from layouts.model import Layout
from review.answers import FORM, SILENT, Act, Answer, AnswerError, Origin, standing
from review.controls import Balance, balances
from review.figures import FinalFigure, final_figures, values_now
from review.questions import Question, questions_of, still_read
from review.schema import Cell, Event, Finding, Form, Link
from validate.records import Status

Layouts = Mapping[str, Layout]
Key = tuple[str, int]  # source and form


@dataclass(frozen=True)
class Case:
    """Everything that is known of one form. Its records belong to the session it was opened in."""

    form: Form
    cells: tuple[Cell, ...]  # fields first, then figures, in the order of the layout
    findings: tuple[Finding, ...]
    answers: Mapping[str, Answer]  # place or key of a finding → people's word that counts
    links: Mapping[str, tuple[str, ...]]
    layout: Layout | None  # None where it is not at hand: then no control can be tried

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What is still open, first things first."""
        return tuple(questions_of(self.form, self.cells, self.findings, self.answers, self.links, self.layout))

    @cached_property
    def values(self) -> dict[str, str]:
        """Place → the figure as it stands now, plain decimal, "" where blank."""
        return values_now(self.cells, self.answers, self.findings)

    @cached_property
    def balances(self) -> tuple[Balance, ...]:
        """Every control of the table, and others that findings are about, over the figures as they stand now."""
        if self.layout is None:
            return ()
        opened = still_read(self.cells, self.answers)
        return balances(self.layout, self.values, opened, [finding.key for finding in self.findings])

    @property
    def left_out(self) -> bool:
        """Whether a person said that the form does not count."""
        return any(answer.act is Act.EXCLUDE for answer in self.answers.values())

    @property
    def settled(self) -> bool:
        """Whether its figures may leave: accepted as read, or nothing is open that they wait for."""
        if self.form.status == Status.ACCEPTED.value:
            return True
        return self.form.status == Status.REVIEW.value and not any(question.needed for question in self.questions)

    @property
    def figures(self) -> tuple[FinalFigure, ...]:
        """Its figures as they leave; none while it is not settled or where it is left out."""
        if self.left_out or not self.settled:
            return ()
        return tuple(final_figures(self.form, self.cells, self.answers, self.findings))

    def cell(self, place: str) -> Cell | None:
        """The cell or field of a place; None if there is no such."""
        return next((cell for cell in self.cells if cell.place == place), None)


def open_case(session: Session, layouts: Layouts, key: Key) -> Case:
    """The form of a key; AnswerError if there is none."""
    form = session.get(Form, key)
    if form is None:
        raise AnswerError("error.answer-no-form", file=key[0], form=key[1])
    own = (Cell.source == form.source) & (Cell.form == form.form)
    findings = select(Finding).where(Finding.source == form.source, Finding.form == form.form).order_by(Finding.id)
    return Case(
        form,
        tuple(session.scalars(select(Cell).where(own).order_by(Cell.position))),
        tuple(session.scalars(findings)),
        answers_of(session, key),
        _links(session, key),
        layouts.get(form.layout),
    )


def answers_of(session: Session, key: Key) -> dict[str, Answer]:
    """Place → the answer of people that counts."""
    said: dict[str, list[tuple[Act, Answer]]] = {}
    silent = [act.value for act in SILENT]
    wanted = select(Event).where(Event.source == key[0], Event.form == key[1], Event.act.not_in(silent))
    for row in session.scalars(wanted.order_by(Event.id)):
        act = Act(row.act)
        answer = Answer(act, Origin(row.origin), row.value, row.note, row.who, row.at, row.id)
        said.setdefault(row.place, []).append((act, answer))
    standings = {place: standing(events) for place, events in said.items()}
    return {place: answer for place, answer in standings.items() if answer is not None}


def key_of(session: Session, file: str, form: int) -> Key:
    """The form that is meant by a file's name or hash; AnswerError if there is none."""
    same = (Form.file == file) | (Form.source == file)
    found = session.execute(select(Form.source, Form.form).where(same, Form.form == form)).first()
    if found is None:
        raise AnswerError("error.answer-no-form", file=file, form=form)
    return found.source, found.form


def is_figure(case: Case, place: str) -> bool:
    """Whether a place is a figure cell; AnswerError if the form has no such place."""
    if place == FORM:
        return False
    if "@" in place:
        if any(f.key == place for f in case.findings) or any(b.key == place for b in case.balances):
            return False
    elif (cell := case.cell(place)) is not None:
        return cell.figure
    raise AnswerError("error.answer-no-place", place=place, form=case.form.form)


def _links(session: Session, key: Key) -> dict[str, tuple[str, ...]]:
    """Place → the cells that the sums tell once it is known."""
    links: dict[str, tuple[str, ...]] = {}
    wanted = (
        select(Link)
        .where(Link.source == key[0], Link.form == key[1])
        .join(Cell, (Cell.source == Link.source) & (Cell.form == Link.form) & (Cell.place == Link.other))
    )
    for link in session.scalars(wanted.order_by(Cell.position)):
        links[link.place] = (*links.get(link.place, ()), link.other)
    return links
