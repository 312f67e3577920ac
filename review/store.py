"""The store of forms, questions and answers: a file of SQLite, or PostgreSQL by its address."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Self, cast

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from extract.records import Source
from layouts.load import shipped_layouts
from review.answers import FORM, AnswerError, now
from review.case import Case, Layouts, cell_at, key_of, open_case
from review.database import Database
from review.figures import FinalFigure
from review.history import History, words_of
from review.keep import Filed, Values, cell_values, finding_values, form_values, link_values, read_events
from review.leaving import Leaving
from review.proposals import proposal_values, proposed
from review.questions import Question
from review.rows import FormRows
from review.schema import Base, Cell, Event, Finding, Form, Link, Proposal
from review.told import Key
from review.units import speaks_of
from review.work.intake.arrivals import came_with
from review.work.intake.batches import into_batch
from review.work.intake.papers import came_in
from review.work.saying import Given, add_answer
from review.work.schema import Task
from review.work.tasks import Share, in_order, refresh

FILE = "qagaz.db"  # the store's name inside a result folder
WHOLE = 0  # the number of a file as a whole, where it was rejected or is a notice


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
        """Keep what the machine says of a file's forms, and of no others that it read there before.

        What people said of them stays, whatever is read anew.
        """
        self.put_all([(filed, forms)])

    def put_all(self, papers: Iterable[tuple[Filed, Iterable[FormRows]]]) -> None:
        """The same of several files, all or none; each file's forms are taken before the next file."""
        with self.database.writing() as session:
            for filed, forms in papers:
                read = set()
                for rows in forms:
                    put_form(session, self.layouts, filed, rows)
                    read.add(rows.form.form)
                known = session.scalars(select(Form.form).where(Form.source == filed.source)).all()
                for form in sorted(set(known) - read):  # a file rejected for a worker that was killed, whole now
                    forget_form(session, (filed.source, form))

    def came_in(
        self,
        papers: Iterable[Source],
        pages: Mapping[str, int] | None = None,
        department: str = "",
        batch: str = "",
    ) -> None:
        """Note where papers lie that were read, so that people can be shown them; `pages` by hash, where known.

        A department with a batch's name: that batch has them from now on. It is made if there is no open one.
        """
        with self.database.writing() as session:
            into = into_batch(session, department, batch) if department else None
            for source in papers:
                paper = came_in(session, source, batch=into, pages=(pages or {}).get(source.sha256, 0))
                if into is not None:
                    came_with(session, into, paper)

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
                session.expunge_all()

    def settle(self, answers: Iterable[Given]) -> None:
        """Keep answers, all or none. AnswerError if there is no such place, or nothing like this may stand there."""
        with self.database.writing() as session:
            told = [(key_of(session, given.file, given.form), given) for given in answers]
            last = {key: given.who for key, given in told}
            for key in sorted(last):  # always in the same order: two who say much at once do not wait for each other
                session.get(Task, key, with_for_update=True)
            for key, given in told:
                add_answer(session, self.layouts, key, given)
            for key, who in last.items():
                refresh(session, self.layouts, key, Share(), who=who)

    @contextlib.contextmanager
    def leaving(self, conditions: Sequence[ColumnElement[bool]] = ()) -> Iterator[Leaving]:
        """Every form that is accepted or settled, as it leaves; of those that conditions on its task let through.

        All parts are of one moment, whatever is answered meanwhile.
        """
        with self.database.reading() as session:
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


@dataclass(frozen=True, slots=True)
class _Kept:
    """A form's rows as the store keeps them."""

    form: Values
    cells: list[Values]
    links: list[Values]
    findings: list[Values]
    proposals: list[Values]

    @staticmethod
    def of(filed: Filed, rows: FormRows, content: str) -> _Kept:
        """A form's rows, the hash of its content beside them."""
        told = (cell_values(filed.source, rows), link_values(filed.source, rows), finding_values(filed.source, rows))
        return _Kept(form_values(filed, rows.form, content), *told, list(proposal_values(filed.source, rows.findings)))

    def case(self, layouts: Layouts) -> Case:
        """The form before people say anything about it, without reading back what is being written."""
        # records of the same shape: making the library's own takes as long as writing them down
        cells = tuple(cast("Cell", SimpleNamespace(**values)) for values in self.cells)
        findings = tuple(cast("Finding", SimpleNamespace(**values)) for values in self.findings)
        offered = (cast("Proposal", SimpleNamespace(**values)) for values in self.proposals)
        order = {cell.place: cell.position for cell in cells}
        links: dict[str, list[str]] = {}
        for link in self.links:
            if link["other"] in order:
                links.setdefault(str(link["place"]), []).append(str(link["other"]))
        told = {place: tuple(sorted(others, key=order.__getitem__)) for place, others in links.items()}
        form = Form(**self.form)
        return Case(form, cells, findings, {}, told, layouts.get(form.layout), proposals=proposed(offered, findings))


def forget_form(session: Session, key: Key) -> None:
    """Take back what the machine said of a form that the file has no more, or of the file as a whole; events stay."""
    _forget_reading(session, *key)
    session.execute(delete(Task).where(Task.source == key[0], Task.form == key[1]))


def put_form(session: Session, layouts: Layouts, filed: Filed, rows: FormRows) -> None:
    """Keep what the machine says of one form. What people said of it stays."""
    content = hashlib.sha256(_content(filed, rows)).hexdigest()
    key = (filed.source, rows.form.form)
    known = session.get(Form, key)
    if known is not None and known.content == content:
        return
    before = {} if known is None else _values(session, key)
    if known is not None:
        _forget_reading(session, filed.source, rows.form.form)
    kept = _Kept.of(filed, rows, content)
    _add_all(session, Form, [kept.form])
    _add_all(session, Cell, kept.cells)
    _add_all(session, Link, kept.links)
    _add_all(session, Finding, kept.findings)
    _add_all(session, Proposal, kept.proposals)
    _add_all(session, Event, read_events(filed, rows, before, now()))
    refresh(session, layouts, key, Share(), case=kept.case(layouts) if known is None else None)


def _content(filed: Filed, rows: FormRows) -> bytes:
    """All that is kept of a form, as bytes to tell it from another reading."""
    told = [astuple(filed), rows.form, rows.cells, rows.fields, rows.findings, rows.readings, rows.trail]
    return json.dumps(told).encode()


def _values(session: Session, key: Key) -> Mapping[str, str]:
    told = session.execute(select(Cell.place, Cell.value).where(Cell.source == key[0], Cell.form == key[1]))
    return {str(place): str(value) for place, value in told}


def _forget_reading(session: Session, source: str, form: int) -> None:
    """The machine's former words; its events and those of people stay."""
    for table in (Cell, Link, Finding, Proposal, Form):
        session.execute(delete(table).where(table.source == source, table.form == form))
    session.expunge_all()


def _add_all(session: Session, table: type[Base], values: list[dict[str, object]]) -> None:
    if values:
        session.connection().execute(insert(table), values)


def _is_wanted(question: Question, wanted: Filter) -> bool:
    named = not wanted.file or wanted.file in {question.file, question.source}
    return named and (not wanted.forms or question.form in wanted.forms)


def _history(session: Session, layouts: Layouts, key: Key, place: str) -> History:
    case = open_case(session, layouts, key)
    cell = cell_at(session, layouts, key, place)
    figure = cell is not None and cell.figure
    of_form = (Event.source == key[0], Event.form == key[1])
    keys = {finding.key for finding in case.findings if speaks_of(finding, place, figure=figure)}
    events = session.scalars(select(Event).where(*of_form).order_by(Event.id))
    about = [e for e in events if e.place in {place, FORM, *keys} or e.place.endswith(f"@{place}")]
    final = next((f for f in case.figures if f"s{f.section}/{f.line}/{f.column}" == place), None)
    form, standing = case.form, case.answers.get(place)
    return History(form.source, form.file, form.form, form.status, words_of(about), standing, case.left_out, final)
