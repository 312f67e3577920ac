"""Papers whose time is over: which they are, and how all that is known of them is taken out of the store.

The record keeps its entries: they name a paper by the beginning of its hash, and prove words that are no more. One more
event of each paper says that it was forgotten, by whom, and how much; what it proves away is what came before it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from review.answers import Act, Origin, aware, now
from review.schema import EVENTS_STAY, FORGOTTEN, Cell, Event, Finding, Form, Link, guards
from review.work.audit import in_turn, record_event
from review.work.schema import Arrival, Collage, Doubt, Paper, Reply, Task
from review.work.tasks import State
from validate.records import Status

NUMBERS = ("bin", "iin")
OVER = (State.DONE.value, State.CLEAR.value)
WHOLE = 0  # the number of a file as a whole


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers are to be forgotten; those that any of it fits."""

    before: datetime | None = None  # all of its forms were settled, or came in without a question, before
    files: tuple[str, ...] = ()  # names
    hashes: tuple[str, ...] = ()  # how they begin
    numbers: tuple[str, ...] = ()  # BIN or IIN of all its forms


@dataclass(frozen=True, slots=True)
class Chosen:
    """A paper that is to be forgotten; `others`: it holds forms of other respondents as well."""

    source: str
    file: str
    forms: int
    others: bool = False


def choose(session: Session, wanted: Wanted) -> list[Chosen]:
    """The papers that fit, in order of their names."""
    sources = _by_name(session, wanted) | _by_number(session, wanted) | _by_age(session, wanted)
    named = _by_name(session, wanted) | _by_age(session, wanted)
    return sorted(
        (_chosen(session, source, wanted, alone=source not in named) for source in sources),
        key=lambda each: (each.file, each.source),
    )


def forget(session: Session, who: str, source: str) -> int:
    """Take a paper out, with all that was read, asked and said of it; how many rows. 0 if there is none of it."""
    in_turn(session)
    _let_go(session)
    counts = {table.__tablename__: _count(session, table.source == source) for table in (Event, Cell, Form, Paper)}
    if not any(counts.values()):
        return 0
    told = Event(
        source=source, form=WHOLE, place="", act=Act.FORGOT.value, origin=Origin.OPERATOR.value, value="",
        note=json.dumps(counts), who=who, versions="", at=now(),
    )  # fmt: skip
    session.add(told)
    session.flush()
    record_event(session, told)
    for table in (Cell, Link, Finding, Form, Task, Doubt, Reply, Paper):
        session.execute(delete(table).where(table.source == source))
    session.execute(delete(Event).where(Event.source == source, Event.act != Act.FORGOT.value))
    session.execute(delete(Collage).where(Collage.crops.contains(source, autoescape=True)))
    session.execute(update(Arrival).where(Arrival.source == source).values(file=source[:12]))
    return sum(counts.values())


def naming(session: Session, source: str) -> list[str]:
    """Papers of which it is said that they are copies or revisions of this one."""
    told = Finding.parameters.contains(source, autoescape=True)
    return list(session.scalars(select(Finding.source).where(told, Finding.source != source).distinct()))


def _let_go(session: Session) -> None:
    """A store of an earlier version refuses to remove any event: from now on it refuses as this version does."""
    dialect = session.get_bind().dialect.name
    for command in guards("events", EVENTS_STAY, dialect, unless=FORGOTTEN):
        session.execute(text(command.replace(":", "\\:")))


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.count()).where(condition)) or 0)


def _by_name(session: Session, wanted: Wanted) -> set[str]:
    found: set[str] = set()
    for table in (Paper, Form, Arrival):
        named = [table.file.in_(wanted.files)] if wanted.files else []
        begun = [table.source.startswith(each, autoescape=True) for each in wanted.hashes]
        if named or begun:
            found.update(session.scalars(select(table.source).where(or_(*named, *begun), table.source != "")))
    return found


def _by_number(session: Session, wanted: Wanted) -> set[str]:
    """As it was read, or as people said that it is; a notice, as it was told whose it is."""
    if not wanted.numbers:
        return set()
    among = [
        select(Form.source).where(or_(Form.bin.in_(wanted.numbers), Form.iin.in_(wanted.numbers))),
        select(Cell.source).where(Cell.place.in_(NUMBERS), Cell.value.in_(wanted.numbers)),
        select(Event.source).where(Event.place.in_(NUMBERS), Event.value.in_(wanted.numbers)),
        select(Reply.source).where(Reply.number.in_(wanted.numbers)),
    ]
    return {source for each in among for source in session.scalars(each) if source}


def _by_age(session: Session, wanted: Wanted) -> set[str]:
    if wanted.before is None:
        return set()
    unfinished = select(Task.source).join(Form, (Form.source == Task.source) & (Form.form == Task.form))
    waiting = unfinished.where(Task.state.not_in(OVER), Form.status != Status.REJECTED.value)
    last: dict[str, datetime] = {paper.source: paper.at for paper in session.scalars(select(Paper))}
    dated = select(Task.source, func.coalesce(Task.settled, Task.since))
    for source, at in session.execute(dated):
        last[source] = max(aware(at), aware(last.get(source, at)))
    before = wanted.before
    return {source for source, at in last.items() if source and aware(at) < before} - set(session.scalars(waiting))


def _chosen(session: Session, source: str, wanted: Wanted, *, alone: bool) -> Chosen:
    paper = session.get(Paper, source)
    forms = session.scalars(select(Form).where(Form.source == source)).all()
    file = paper.file if paper else next((form.file for form in forms), "")
    real = [form for form in forms if form.form]
    others = alone and any(not _is_of(session, form, wanted.numbers) for form in real)
    return Chosen(source, file, len(real), others)


def _is_of(session: Session, form: Form, numbers: Sequence[str]) -> bool:
    said = select(Event.id).where(
        Event.source == form.source, Event.form == form.form, Event.place.in_(NUMBERS), Event.value.in_(numbers)
    )
    return form.bin in numbers or form.iin in numbers or session.scalar(said.limit(1)) is not None
