"""One form as the store holds it: the machine's word, people's answers, and what is still open between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from layouts.model import Layout
from review.answers import FORM, Act, Answer, AnswerError, said
from review.controls import Balance, balances
from review.figures import FinalFigure, final_figures, values_now
from review.proposals import Proposed, proposed
from review.questions import Question, is_left_out, questions_of, still_read
from review.schema import Cell, Event, Finding, Form, Link, Proposal
from review.told import Key, Words, that_count, words_in
from validate.records import Status

Layouts = Mapping[str, Layout]


@dataclass(frozen=True)
class Case:
    """Everything that is known of one form. Its records belong to the session it was opened in."""

    form: Form
    cells: tuple[Cell, ...]  # fields first, then figures, in the order of the layout
    findings: tuple[Finding, ...]
    answers: Mapping[str, Answer]  # place or key of a finding → people's word that counts
    links: Mapping[str, tuple[str, ...]]
    layout: Layout | None  # None where it is not at hand: then no control can be tried
    changed: Mapping[str, int] = field(default_factory=dict)  # place → number of the last event that may have moved it
    proposals: tuple[Proposed, ...] = ()  # for its fields, by what is known from elsewhere

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What is still open, first things first."""
        if self.form.status != Status.REVIEW.value:
            return ()
        known = (self.form, self.cells, self.findings, self.answers)
        return tuple(questions_of(*known, self.links, self.balances, self.changed, self.proposals))

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
    def key(self) -> Key:
        """The form's source and number."""
        return self.form.source, self.form.form

    @property
    def left_out(self) -> bool:
        """Whether a person said that the form does not count."""
        return is_left_out(self.answers)

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
    findings = tuple(session.scalars(_of_form(Finding, key)))
    words = _words(session, key)
    return Case(
        form,
        tuple(session.scalars(select(Cell).where(own).order_by(Cell.position))),
        findings,
        that_count(words),
        _links(session, key),
        layouts.get(form.layout),
        _changed(session, key, words),
        proposed(session.scalars(_of_form(Proposal, key)), findings),
    )


Row = TypeVar("Row", Finding, Proposal)


def _of_form(table: type[Row], key: Key) -> Select[Row]:
    return select(table).where(table.source == key[0], table.form == key[1]).order_by(table.id)


def answers_of(session: Session, key: Key) -> dict[str, Answer]:
    """Place → the answer of people that counts."""
    return that_count(_words(session, key))


def words_about(session: Session, key: Key, place: str) -> list[Answer]:
    """What people said about one place and did not take back, in order."""
    return said(_words(session, key, place).get(place, ()))


def _words(session: Session, key: Key, place: str = "") -> Words:
    of_place = (Event.place == place,) if place else ()
    return words_in(session, Event.source == key[0], Event.form == key[1], *of_place).get(key, {})


def _changed(session: Session, key: Key, words: Words) -> dict[str, int]:
    """Place → the number of the last event about it: people's, or the machine's that read it anew after them."""
    changed = {place: events[-1][1].number for place, events in words.items()}
    if changed:
        first = min(events[0][1].number for events in words.values())
        own = (Event.source == key[0], Event.form == key[1], Event.act == Act.READ.value, Event.id > first)
        for place, number in session.execute(select(Event.place, Event.id).where(*own)):
            changed[place] = max(number, changed.get(place, 0))
    return changed


def key_of(session: Session, file: str, form: int) -> Key:
    """The form that is meant by a file's name or hash; AnswerError if there is none."""
    same = (Form.file == file) | (Form.source == file)
    found = session.execute(select(Form.source, Form.form).where(same, Form.form == form)).first()
    if found is None:
        raise AnswerError("error.answer-no-form", file=file, form=form)
    return found.source, found.form


def cell_at(session: Session, layouts: Layouts, key: Key, place: str) -> Cell | None:
    """The cell of a place; None where it is the form or a control. AnswerError if the form has no such place."""
    if place == FORM:
        return None
    if "@" not in place:
        cell = session.get(Cell, (*key, place))
        if cell is not None:
            return cell
    elif _is_control(session, layouts, key, place):
        return None
    raise AnswerError("error.answer-no-place", place=place, form=key[1])


def _is_control(session: Session, layouts: Layouts, key: Key, place: str) -> bool:
    own = (Finding.source == key[0], Finding.form == key[1], Finding.key == place)
    if session.scalar(select(Finding.id).where(*own).limit(1)) is not None:
        return True
    return any(balance.key == place for balance in open_case(session, layouts, key).balances)


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
