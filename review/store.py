"""The store of forms, questions and answers: a file of SQLite, or PostgreSQL by its address."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, create_engine, delete, event, func, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from layouts.errors import OutputError
from review.answers import FORM, Act, Answer, AnswerError, Origin, now, parse_answer, standing
from review.figures import FinalFigure, final_figures
from review.flatten import clean
from review.history import History, words_of
from review.keep import Filed, cell_values, finding_values, form_values, link_values, read_events
from review.questions import Question, questions_of
from review.rows import FormRows
from review.schema import Base, Cell, Event, Finding, Form, Link
from validate.records import Status

FILE = "qagaz.db"  # the store's name inside a result folder
BUSY_SECONDS = 30.0  # how long one command waits for another that writes


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
    """What is known about forms, and what people said. To be used in a `with` block."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        with _reported():
            Base.metadata.create_all(self._engine)

    @staticmethod
    def beside(folder: Path) -> Store:
        """The store that lies in a result folder."""
        return Store(f"sqlite:///{(folder / FILE).absolute()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def put(self, filed: Filed, forms: Iterable[FormRows]) -> None:
        """Keep what the machine says of a file's forms. What people said of them stays, whatever is read anew."""
        with self._session() as session:
            for rows in forms:
                _put(session, filed, rows)

    def questions(self, wanted: Filter | None = None) -> Iterator[Question]:
        """What is open, in the order to ask it.

        Forms first whose unit is suspected or that outside knowledge speaks against; then those with the fewest
        questions, so that forms get done. Within a form: those suspicions, identifiers, cells that tell most others,
        then those that failed rules point at, other cells, then the rules themselves.
        """
        with self._session() as session:
            keys = session.execute(
                select(Form.source, Form.form).where(Form.status == Status.REVIEW.value).order_by(Form.file, Form.form)
            ).all()
            counted = [(*_urgency(_questions(session, *key)), number, key) for number, key in enumerate(keys)]
            for _later, count, _number, key in sorted(counted):
                if count:
                    yield from (q for q in _questions(session, *key) if _is_wanted(q, wanted or Filter()))

    def settle(self, answers: Iterable[Given]) -> None:
        """Keep answers, all or none. AnswerError if there is no such place, or nothing like this may stand there."""
        with self._session() as session:
            for given in answers:
                session.add(_said(session, given))

    def figures(self) -> Iterator[FinalFigure]:
        """The figures of every form that is accepted or settled, in order of file, form and layout."""
        with self._session() as session:
            forms = select(Form).where(Form.form > 0).order_by(Form.file, Form.form)
            for form in session.scalars(forms):
                answers = _answers(session, form.source, form.form)
                if any(answer.act is Act.EXCLUDE for answer in answers.values()):
                    continue
                if _is_settled(session, form):
                    findings = _findings(session, form.source, form.form)
                    yield from final_figures(form, _cells(session, form.source, form.form), answers, findings)

    def form(self, file: str, form: int) -> Form:
        """A form by its file's name or hash; AnswerError if there is none, or several papers had that name."""
        with self._session() as session:
            named = select(Form.source).where(Form.file == file, Form.form == form).order_by(Form.source)
            if len(sources := session.scalars(named).all()) > 1:
                raise AnswerError("error.answer-which-paper", file=file, form=form, sources=", ".join(sources))
            found = session.get_one(Form, _form_key(session, file, form))
            session.expunge(found)
            return found

    def history(self, file: str, form: int, place: str) -> History:
        """All that was said of a place, of the rules it is part of and of its form. AnswerError if there is no such."""
        with self._session() as session:
            key = _form_key(session, file, form)
            _is_figure(session, *key, place)
            return _history(session, session.get_one(Form, key), place)

    def counts(self) -> dict[str, int]:
        """How many forms there are of each status."""
        with self._session() as session:
            rows = session.execute(select(Form.status, func.count()).group_by(Form.status).order_by(Form.status))
            return {status: int(count) for status, count in rows}

    @contextlib.contextmanager
    def _session(self) -> Iterator[Session]:
        with _reported(), Session(self._engine) as session, session.begin():
            yield session


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(make_url(url), connect_args=_connect_args(url))
    except (ArgumentError, ImportError) as error:
        raise OutputError("error.database", detail=_first_line(error)) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_habits)
    return engine


def _connect_args(url: str) -> dict[str, float]:
    return {"timeout": BUSY_SECONDS} if url.startswith("sqlite") else {}


def _sqlite_habits(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a sqlite3 connection
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_mode=WAL")  # whoever reads does not stop whoever writes
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    """Trouble of the database as an error with an exit status."""
    try:
        yield
    except SQLAlchemyError as error:
        raise OutputError("error.database", detail=_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _put(session: Session, filed: Filed, rows: FormRows) -> None:
    content = hashlib.sha256(repr((rows, filed)).encode("utf-8", "backslashreplace")).hexdigest()
    known = session.get(Form, (filed.source, rows.form.form))
    if known is not None and known.content == content:
        return
    before = {} if known is None else {cell.place: cell.value for cell in _cells(session, filed.source, rows.form.form)}
    if known is not None:
        _forget_reading(session, filed.source, rows.form.form)
    _add_all(session, Form, [form_values(filed, rows.form, content)])
    _add_all(session, Cell, cell_values(filed.source, rows))
    _add_all(session, Link, link_values(filed.source, rows))
    _add_all(session, Finding, finding_values(filed.source, rows))
    _add_all(session, Event, read_events(filed, rows, before, now()))


def _forget_reading(session: Session, source: str, form: int) -> None:
    """The machine's former words; its events and those of people stay."""
    for table in (Cell, Link, Finding, Form):
        session.execute(delete(table).where(table.source == source, table.form == form))
    session.expunge_all()


def _add_all(session: Session, table: type[Base], values: list[dict[str, object]]) -> None:
    if values:
        session.execute(insert(table), values)


def _cells(session: Session, source: str, form: int) -> list[Cell]:
    wanted = select(Cell).where(Cell.source == source, Cell.form == form).order_by(Cell.position)
    return list(session.scalars(wanted))


def _answers(session: Session, source: str, form: int) -> dict[str, Answer]:
    """Place → the answer of people that counts."""
    said: dict[str, list[tuple[Act, Answer]]] = {}
    wanted = select(Event).where(Event.source == source, Event.form == form, Event.act != Act.READ.value)
    for row in session.scalars(wanted.order_by(Event.id)):
        act = Act(row.act)
        answer = Answer(act, Origin(row.origin), row.value, row.note, row.who, row.at)
        said.setdefault(row.place, []).append((act, answer))
    standings = {place: standing(events) for place, events in said.items()}
    return {place: answer for place, answer in standings.items() if answer is not None}


def _questions(session: Session, source: str, form: int) -> list[Question]:
    top = session.get_one(Form, (source, form))
    findings = _findings(session, source, form)
    answers = _answers(session, source, form)
    return questions_of(top, _cells(session, source, form), findings, answers, _links(session, source, form))


def _links(session: Session, source: str, form: int) -> dict[str, list[str]]:
    """Place → the cells that the sums tell once it is known."""
    links: dict[str, list[str]] = {}
    wanted = (
        select(Link)
        .where(Link.source == source, Link.form == form)
        .join(Cell, (Cell.source == Link.source) & (Cell.form == Link.form) & (Cell.place == Link.other))
    )
    for link in session.scalars(wanted.order_by(Cell.position)):
        links.setdefault(link.place, []).append(link.other)
    return links


def _findings(session: Session, source: str, form: int) -> list[Finding]:
    wanted = select(Finding).where(Finding.source == source, Finding.form == form).order_by(Finding.id)
    return list(session.scalars(wanted))


def _urgency(questions: Sequence[Question]) -> tuple[bool, int]:
    """What forms are ordered by: whether none of the questions is early, and how many there are."""
    return not any(question.early for question in questions), len(questions)


def _said(session: Session, given: Given) -> Event:
    """An answer as an event."""
    source, form = _form_key(session, given.file, given.form)
    figure = _is_figure(session, source, form, given.place)
    act, value = (Act.UNDO, "") if given.undo else parse_answer(given.place, given.value, figure=figure)
    return Event(
        source=source,
        form=form,
        place=given.place,
        act=act.value,
        origin=given.origin.value,
        value=value,
        note=clean(given.note),
        who=clean(given.who),
        versions="",
        at=now(),
    )


def _is_settled(session: Session, form: Form) -> bool:
    if form.status == Status.ACCEPTED.value:
        return True
    return not any(question.needed for question in _questions(session, form.source, form.form))


def _is_wanted(question: Question, wanted: Filter) -> bool:
    named = not wanted.file or wanted.file in {question.file, question.source}
    return named and (not wanted.forms or question.form in wanted.forms)


def _history(session: Session, form: Form, place: str) -> History:
    of_form = (Event.source == form.source, Event.form == form.form)
    findings = select(Finding).where(Finding.source == form.source, Finding.form == form.form)
    keys = {finding.key for finding in session.scalars(findings) if place in finding.places.split(";")}
    events = session.scalars(select(Event).where(*of_form).order_by(Event.id))
    about = [e for e in events if e.place in {place, FORM, *keys} or e.place.endswith(f"@{place}")]
    answers = _answers(session, form.source, form.form)
    left_out = any(answer.act is Act.EXCLUDE for answer in answers.values())
    final = None
    if not left_out and _is_settled(session, form):
        figures = final_figures(form, _cells(session, form.source, form.form), answers)
        final = next((f for f in figures if f"s{f.section}/{f.line}/{f.column}" == place), None)
    standing = answers.get(place)
    return History(form.source, form.file, form.form, form.status, words_of(about), standing, left_out, final)


def _form_key(session: Session, file: str, form: int) -> tuple[str, int]:
    """The form that is meant; AnswerError if there is none."""
    same = (Form.file == file) | (Form.source == file)
    found = session.execute(select(Form.source, Form.form).where(same, Form.form == form)).first()
    if found is None:
        raise AnswerError("error.answer-no-form", file=file, form=form)
    return found.source, found.form


def _is_figure(session: Session, source: str, form: int, place: str) -> bool:
    """Whether a place is a figure cell; AnswerError if the form has no such place."""
    if place == FORM:
        return False
    if "@" in place:
        known = session.scalars(
            select(Finding).where(Finding.source == source, Finding.form == form, Finding.key == place)
        ).first()
        if known is not None:
            return False
    elif (cell := session.get(Cell, (source, form, place))) is not None:
        return cell.figure
    raise AnswerError("error.answer-no-place", place=place, form=form)
