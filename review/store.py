"""The store of forms, questions and answers: a file of SQLite, or PostgreSQL by its address."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from extract.records import Source
from layouts.load import shipped_layouts
from review.answers import FORM, Act, AnswerError, Origin, now, parse_answer
from review.case import Key, Layouts, is_figure, key_of, open_case
from review.database import Database
from review.figures import FinalFigure
from review.flatten import clean
from review.history import History, words_of
from review.keep import Filed, cell_values, finding_values, form_values, link_values, read_events
from review.leaving import Leaving
from review.questions import Question
from review.rows import FormRows
from review.schema import Base, Cell, Event, Finding, Form, Link
from review.work.audit import record_event
from review.work.papers import came_in
from review.work.schema import Task
from review.work.tasks import Share, in_order, refresh

FILE = "qagaz.db"  # the store's name inside a result folder


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it comes in: the form by its hash or file name, the place, what was typed, and whose word it is."""

    file: str
    form: int
    place: str
    value: str
    note: str = ""
    who: str = ""
    origin: Origin = Origin.OPERATOR
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Which questions are asked for; empty: all of them."""

    file: str = ""
    forms: frozenset[int] = field(default_factory=frozenset)


class Store:
    """What is known about forms, and what people said. To be used in a `with` block.

    `layouts` are those whose controls can be tried on figures as they stand; the shipped ones unless told.
    """

    def __init__(self, url: str, layouts: Layouts | None = None) -> None:
        self.layouts: Layouts = shipped_layouts() if layouts is None else layouts
        self.database = Database(url)
        self._catch_up()

    @staticmethod
    def beside(folder: Path, layouts: Layouts | None = None) -> Store:
        """The store that lies in a result folder."""
        return Store(f"sqlite:///{(folder / FILE).absolute()}", layouts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()

    def put(self, filed: Filed, forms: Iterable[FormRows]) -> None:
        """Keep what the machine says of a file's forms. What people said of them stays, whatever is read anew."""
        with self.database.writing() as session:
            for rows in forms:
                if _put(session, filed, rows):
                    refresh(session, self.layouts, (filed.source, rows.form.form), Share())

    def came_in(self, papers: Iterable[Source]) -> None:
        """Note where papers lie that were read, so that people can be shown them."""
        with self.database.writing() as session:
            for paper in papers:
                came_in(session, paper)

    def questions(self, wanted: Filter | None = None) -> Iterator[Question]:
        """What is open, in the order to ask it.

        Forms first whose unit is suspected or that outside knowledge speaks against; then those with the fewest
        questions, so that forms get done. Within a form: those suspicions, identifiers, cells that tell most others,
        then those that failed rules point at, other cells, then the rules themselves.
        """
        with self.database.reading() as session:
            for key in in_order(session):
                for question in open_case(session, self.layouts, key).questions:
                    if _is_wanted(question, wanted or Filter()):
                        yield question

    def settle(self, answers: Iterable[Given]) -> None:
        """Keep answers, all or none. AnswerError if there is no such place, or nothing like this may stand there."""
        with self.database.writing() as session:
            touched: dict[Key, None] = {}
            for given in answers:
                key = key_of(session, given.file, given.form)
                add_answer(session, self.layouts, key, given)
                touched[key] = None
            for key in touched:
                refresh(session, self.layouts, key, Share(), who=given.who)

    @contextlib.contextmanager
    def leaving(self, conditions: Sequence[ColumnElement[bool]] = ()) -> Iterator[Leaving]:
        """Every form that is accepted or settled, as it leaves; of those that conditions on its task let through.

        All parts are of one moment, whatever is answered meanwhile.
        """
        with self.database.reading() as session:
            if session.get_bind().dialect.name == "postgresql":  # SQLite's readers see one moment anyway
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield Leaving(session, conditions)

    def figures(self, conditions: Sequence[ColumnElement[bool]] = ()) -> Iterator[FinalFigure]:
        """The figures of these forms, in order of file, form and layout."""
        with self.leaving(conditions) as leaving:
            yield from leaving.figures

    def form(self, file: str, form: int) -> Form:
        """A form by its file's name or hash; AnswerError if there is none, or several papers had that name."""
        with self.database.reading() as session:
            named = select(Form.source).where(Form.file == file, Form.form == form).order_by(Form.source)
            if len(sources := session.scalars(named).all()) > 1:
                raise AnswerError("error.answer-which-paper", file=file, form=form, sources=", ".join(sources))
            found = session.get_one(Form, key_of(session, file, form))
            session.expunge(found)
            return found

    def history(self, file: str, form: int, place: str) -> History:
        """All that was said of a place, of the rules it is part of and of its form. AnswerError if there is no such."""
        with self.database.reading() as session:
            return _history(session, self.layouts, key_of(session, file, form), place)

    def counts(self) -> dict[str, int]:
        """How many forms there are of each status."""
        with self.database.reading() as session:
            rows = session.execute(select(Form.status, func.count()).group_by(Form.status).order_by(Form.status))
            return {status: int(count) for status, count in rows}

    def _catch_up(self) -> None:
        """Tasks of forms that a store of an earlier version holds without one."""
        with self.database.reading() as session:
            known = (Task.source == Form.source) & (Task.form == Form.form)
            lacking = session.execute(select(Form.source, Form.form).outerjoin(Task, known).where(Task.form.is_(None)))
            keys = [(source, form) for source, form in lacking]
        if keys:
            with self.database.writing() as session:
                for key in keys:
                    refresh(session, self.layouts, key, Share())


def add_answer(session: Session, layouts: Layouts, key: Key, given: Given) -> Event:
    """Keep one answer of a person, and put it on record. AnswerError if nothing like this may stand there."""
    figure = is_figure(open_case(session, layouts, key), given.place)
    act, value = (Act.UNDO, "") if given.undo else parse_answer(given.place, given.value, figure=figure)
    return add_event(session, key, given, act, value)


def add_event(session: Session, key: Key, given: Given, act: Act, value: str) -> Event:
    """Keep one thing that a person said, and put it on record."""
    event = Event(
        source=key[0], form=key[1], place=given.place, act=act.value, origin=given.origin.value, value=value,
        note=clean(given.note), who=clean(given.who), versions="", at=now(),
    )  # fmt: skip
    session.add(event)
    session.flush()
    record_event(session, event)
    return event


def _put(session: Session, filed: Filed, rows: FormRows) -> bool:
    """Whether anything had to be stored anew."""
    content = hashlib.sha256(repr((rows, filed)).encode("utf-8", "backslashreplace")).hexdigest()
    key = (filed.source, rows.form.form)
    known = session.get(Form, key)
    if known is not None and known.content == content:
        return False
    before = {} if known is None else _values(session, key)
    if known is not None:
        _forget_reading(session, filed.source, rows.form.form)
    _add_all(session, Form, [form_values(filed, rows.form, content)])
    _add_all(session, Cell, cell_values(filed.source, rows))
    _add_all(session, Link, link_values(filed.source, rows))
    _add_all(session, Finding, finding_values(filed.source, rows))
    _add_all(session, Event, read_events(filed, rows, before, now()))
    return True


def _values(session: Session, key: Key) -> Mapping[str, str]:
    told = session.execute(select(Cell.place, Cell.value).where(Cell.source == key[0], Cell.form == key[1]))
    return {str(place): str(value) for place, value in told}


def _forget_reading(session: Session, source: str, form: int) -> None:
    """The machine's former words; its events and those of people stay."""
    for table in (Cell, Link, Finding, Form):
        session.execute(delete(table).where(table.source == source, table.form == form))
    session.expunge_all()


def _add_all(session: Session, table: type[Base], values: list[dict[str, object]]) -> None:
    if values:
        session.execute(insert(table), values)


def _is_wanted(question: Question, wanted: Filter) -> bool:
    named = not wanted.file or wanted.file in {question.file, question.source}
    return named and (not wanted.forms or question.form in wanted.forms)


def _history(session: Session, layouts: Layouts, key: Key, place: str) -> History:
    case = open_case(session, layouts, key)
    is_figure(case, place)
    of_form = (Event.source == key[0], Event.form == key[1])
    keys = {finding.key for finding in case.findings if place in finding.places.split(";")}
    events = session.scalars(select(Event).where(*of_form).order_by(Event.id))
    about = [e for e in events if e.place in {place, FORM, *keys} or e.place.endswith(f"@{place}")]
    final = next((f for f in case.figures if f"s{f.section}/{f.line}/{f.column}" == place), None)
    form, standing = case.form, case.answers.get(place)
    return History(form.source, form.file, form.form, form.status, words_of(about), standing, case.left_out, final)
