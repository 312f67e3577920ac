"""The list of respondents to be asked: whom, what, since when, and what was tried so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from layouts.errors import QagazError
from layouts.model import Control, Each, Place, Relation, Words
from review.answers import FORM, Act
from review.case import Case, Layouts, open_case
from review.controls import ZERO, Balance
from review.flatten import plain
from review.questions import Question
from review.schema import Cell, Event
from review.told import Key
from review.work.claims import check_free
from review.work.saying import Given, add_event
from review.work.schema import Person, Task
from review.work.staff.people import Role, Worker, visible
from review.work.tasks import OVER, Share, State, refresh
from validate.records import Status

NUMBERS = ("bin", "iin")
CONTACTS = ("phone", "mobile", "email", "executor", "executor_phone")  # whom to reach, as the form tells it
MOST_TERMS = 6  # of a sum named one by one; of longer ones the first and the last


class AskingError(QagazError):
    """The respondent of this form is not being asked."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A field of the form that says who it is from or how to reach them."""

    field: str
    value: str
    doubtful: bool  # look at the paper
    shown: bool  # there is a crop of it

    @property
    def telling(self) -> bool:
        """Whether it says anything: a value, or ink that could not be read."""
        return bool(self.value) or (self.doubtful and self.shown)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to ask: a message of the catalogue, what it is told, and the place it is about."""

    message: str
    told: tuple[tuple[str, object], ...]
    place: str


@dataclass(frozen=True, slots=True)
class Said:
    """A note about the asking."""

    who: str  # name of the person
    at: datetime
    note: str
    asks: bool  # it put the form on the list


@dataclass(frozen=True, slots=True)
class Asked:
    """A form whose respondent is being asked."""

    task: Task
    index: Words  # of the form, as printed on it
    year: str
    number: Contact | None
    name: Contact | None
    contacts: tuple[Contact, ...]
    sentences: tuple[Sentence, ...]
    notes: tuple[Said, ...]  # oldest first
    since: datetime
    who: str  # name of who wants it asked


def waiting_for_word(
    session: Session, layouts: Layouts, worker: Worker, start: int = 0, most: int = 20
) -> tuple[list[Asked], int]:
    """Forms whose respondents are being asked, the longest first, `most` from `start` on; and how many there are."""
    keys = _keys(worker)
    total = session.scalar(select(func.count()).select_from(keys.subquery())) or 0
    found = session.execute(keys.offset(start).limit(most)).all()
    return [_asked(session, layouts, (row.source, row.form)) for row in found], int(total)


def tried(session: Session, worker: Worker, key: Key, note: str) -> None:
    """Note what came of an attempt to ask. ClaimError where somebody else works on the form."""
    _being_asked(session, worker, key)
    add_event(session, key, Given(*key, FORM, "", note, worker.login), Act.NOTE, "")


def ask_no_more(session: Session, layouts: Layouts, worker: Worker, key: Key, note: str, share: Share) -> Task:
    """The respondent is not asked any more: the form is back in the queue. ClaimError where somebody works on it."""
    _being_asked(session, worker, key)
    add_event(session, key, Given(*key, FORM, "", note, worker.login), Act.ASK, OVER)
    return refresh(session, layouts, key, share, who=worker.login)


def sentences(case: Case) -> Iterator[Sentence]:
    """What is open about a form, in words for its respondent: each figure, control or suspicion once."""
    by_key = {balance.key: balance for balance in case.balances}
    for question in case.questions:
        balance = by_key.get(question.place)
        if balance is not None:
            yield _of_control(balance)
        elif question.kind == "figure":
            place = Place(*_parts(question.place))
            told = (("section", place.section), ("line", place.line), ("column", place.column))
            yield Sentence("station.ask-figure", told, question.place)
        elif question.kind == "finding":
            yield Sentence(question.message, question.parameters, question.place)
        else:
            yield _of_field_or_form(case, question)


def _keys(worker: Worker) -> Select[tuple[str, int, int]]:
    """Forms on the list, those first that were put on it first."""
    since = (
        select(func.max(Event.id))
        .where(Event.source == Task.source, Event.form == Task.form, Event.act == Act.ASK.value, Event.value != OVER)
        .correlate(Task)
        .scalar_subquery()
    )
    asked = and_(Task.state == State.ASKING.value, visible(worker, Task.department))
    return select(Task.source, Task.form, since.label("since")).where(asked).order_by("since", Task.source, Task.form)


def _asked(session: Session, layouts: Layouts, key: Key) -> Asked:
    task, case = session.get_one(Task, key), open_case(session, layouts, key)
    fields = {cell.place: _contact(cell) for cell in case.cells if not cell.figure}
    notes = _notes(session, key)
    begun = next((note for note in reversed(notes) if note.asks), None)
    return Asked(
        task=task,
        index=case.layout.index if case.layout is not None else Words("", ""),
        year=case.form.year,
        number=_first(fields.get(name) for name in NUMBERS),
        name=_first([fields.get("name")]),
        contacts=tuple(fields[name] for name in CONTACTS if name in fields and fields[name].telling),
        sentences=tuple(sentences(case)),
        notes=tuple(notes),
        since=begun.at if begun else task.since,
        who=begun.who if begun else "",
    )


def _notes(session: Session, key: Key) -> list[Said]:
    person = aliased(Person)
    wanted = (
        select(Event, person.name)
        .outerjoin(person, person.login == Event.who)
        .where(Event.source == key[0], Event.form == key[1], Event.act.in_([Act.NOTE.value, Act.ASK.value]))
        .order_by(Event.id)
    )
    return [
        Said(name or event.who, event.at, event.note, event.act == Act.ASK.value and event.value != OVER)
        for event, name in session.execute(wanted)
    ]


def _contact(cell: Cell) -> Contact:
    doubtful = cell.status == Status.REVIEW.value
    return Contact(cell.place, cell.value or cell.written, doubtful, cell.page is not None and cell.x0 is not None)


def _first(contacts: Iterable[Contact | None]) -> Contact | None:
    return next((contact for contact in contacts if contact is not None and contact.telling), None)


def _being_asked(session: Session, worker: Worker, key: Key) -> None:
    task = check_free(session, worker, key)
    if worker.role is Role.AUDITOR or task.state != State.ASKING.value:
        raise AskingError("error.asking-not")


def _of_control(balance: Balance) -> Sentence:
    control = balance.control
    kind = "equal" if balance.rule.relation is Relation.EQUAL else "at-least"
    each = "line" if balance.rule.each is Each.LINE else "column"
    left, right = (sum((term.value for term in side), ZERO) for side in (balance.left, balance.right))
    told = (
        ("section", balance.rule.section),
        ("at", control.at),
        ("total", _listed(control, control.left)),
        ("terms", _listed(control, control.right)),
        ("left", _short(left)),
        ("right", _short(right)),
        ("difference", _short(abs(balance.difference))),
    )
    return Sentence(f"station.ask-{kind}-{each}", told, balance.key)


def _short(amount: Decimal) -> Decimal:
    """Without needless zeros."""
    return Decimal(plain(amount))


def _listed(control: Control, places: Sequence[Place]) -> str:
    """The terms of a side, a long sum by its first and last."""
    names = [place.column if control.rule.each is Each.LINE else place.line for place in places]
    return ", ".join(names) if len(names) <= MOST_TERMS else f"{names[0]} – {names[-1]}"


def _of_field_or_form(case: Case, question: Question) -> Sentence:
    if question.kind == "form":
        return Sentence("station.ask-form", (), FORM)
    field, _, line = question.place.partition("/")
    if line:
        return Sentence("station.ask-country", (("line", line),), question.place)
    label = Words("", "")
    if case.layout is not None and field in {each.id for each in case.layout.fields}:
        label = case.layout.field(field).labels[0]
    return Sentence("station.ask-field", (("label", label),), question.place)


def _parts(place: str) -> tuple[int, str, str]:
    section, line, column = place.removeprefix("s").split("/")
    return int(section), line, column
