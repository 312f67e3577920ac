"""Batches: what came in together, counted by hand, compared with what was read, and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, select, true
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import now
from review.flatten import clean
from review.work.audit import record
from review.work.intake.reckoning import reckon
from review.work.schema import Batch, Department
from review.work.staff.people import PeopleError, Role, Worker, department

MOST_COUNTED = 1_000_000  # papers or pages that one batch may have: more is a slip of the pen
NAME_LENGTH = 120  # characters of a name
NOTE_LENGTH = 1000  # characters of a note


class BatchError(QagazError):
    """A batch that cannot be opened, filled or closed so."""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch as it is opened; 0 papers or pages: nobody counted them yet."""

    department: str
    name: str
    received: date
    papers: int = 0
    pages: int = 0
    note: str = ""


def offices(session: Session, worker: Worker) -> list[Department]:
    """The departments a person may open a batch for."""
    own = true() if worker.everywhere else Department.id.in_(worker.departments)
    return list(session.scalars(select(Department).where(own).order_by(Department.name)))


def open_batch(session: Session, worker: Worker, wanted: NewBatch) -> Batch:
    """Open a batch for one of the worker's departments; who sees everything may name a new one."""
    batch = _new(session, _office(session, worker, wanted.department), wanted.name, wanted.received, worker.login)
    _count(batch, wanted.papers, wanted.pages, wanted.note)
    session.flush()
    record(session, worker.login, "batch-opened", subject(batch), told(batch))
    return batch


def into_batch(session: Session, office: str, name: str) -> Batch:
    """A department's open batch of this name, made if there is none: for papers read at the command line."""
    where, title = department(session, office), _line(name)
    same = select(Batch).where(Batch.department == where.id, Batch.name == title, Batch.closed == false())
    batch = session.scalars(same.order_by(Batch.id.desc()).limit(1)).first()
    if batch is None:
        batch = _new(session, where, title, now().date(), "")
        session.flush()
        record(session, "", "batch-opened", subject(batch), told(batch))
    return batch


def batches(session: Session, worker: Worker, start: int, most: int) -> list[tuple[Batch, str]]:
    """The batches a person sees, with their departments' names: open ones first, the latest first."""
    own = true() if worker.everywhere else Batch.department.in_(worker.departments)
    wanted = select(Batch, Department.name).join(Department, Department.id == Batch.department).where(own)
    ordered = wanted.order_by(Batch.closed, Batch.received.desc(), Batch.id.desc())
    return [(batch, name) for batch, name in session.execute(ordered.offset(start).limit(most))]


def seen_batch(session: Session, worker: Worker, number: int) -> Batch:
    """A batch; BatchError, the same whether it is another department's or nobody's."""
    batch = session.get(Batch, number) if number > 0 else None
    if batch is None or not worker.sees(batch.department):
        raise BatchError("error.batch-unknown")
    return batch


def open_one(session: Session, worker: Worker, number: int) -> Batch:
    """A batch that is not closed, locked against being closed meanwhile; BatchError if it is, or is not to be seen."""
    seen_batch(session, worker, number)
    batch = session.get_one(Batch, number, with_for_update=True, populate_existing=True)
    if batch.closed:
        raise BatchError("error.batch-closed", name=batch.name)
    return batch


def count_again(session: Session, worker: Worker, number: int, papers: int, pages: int, note: str) -> Batch:
    """Other counts, or another note, for a batch that is not closed."""
    batch = open_one(session, worker, number)
    _count(batch, papers, pages, note)
    record(session, worker.login, "batch-counted", subject(batch), told(batch))
    return batch


def close(session: Session, worker: Worker, number: int, note: str = "") -> Batch:
    """Close a batch: anyone where all agrees; where it does not, a supervisor, who says why. BatchError otherwise."""
    batch = open_one(session, worker, number)
    reckoned = reckon(session, batch)
    note = _line(note, NOTE_LENGTH)
    if reckoned.unread:
        raise BatchError("error.batch-unread", count=reckoned.unread)
    if not reckoned.agrees and worker.role is not Role.SUPERVISOR:
        raise BatchError("error.batch-differs")
    if not reckoned.agrees and not note:
        raise BatchError("error.batch-why")
    batch.closed, batch.closed_by, batch.closed_at, batch.closed_note = True, worker.login, now(), note
    agreed = {"why": note, "agrees": reckoned.agrees}
    record(session, worker.login, "batch-closed", subject(batch), told(batch) | agreed)
    return batch


def open_again(session: Session, worker: Worker, number: int) -> Batch:
    """A closed batch is open once more; only a supervisor does that."""
    batch = seen_batch(session, worker, number)
    if worker.role is not Role.SUPERVISOR:
        raise BatchError("error.batch-supervisor")
    batch.closed = False
    record(session, worker.login, "batch-opened-again", subject(batch), told(batch))
    return batch


def subject(batch: Batch) -> str:
    """What the record calls a batch."""
    return f"batch {batch.id}"


def told(batch: Batch) -> dict[str, object]:
    """What the record proves of a batch."""
    names = ("department", "name", "received", "papers", "pages", "note")
    return {name: getattr(batch, name) for name in names}


def _new(session: Session, office: Department, name: str, received: date, who: str) -> Batch:
    title = _line(name)
    if not title:
        raise BatchError("error.batch-nameless")
    batch = Batch(
        department=office.id, name=title, received=received, papers=0, pages=0, note="", who=who, at=now(), closed=False
    )
    session.add(batch)
    return batch


def _office(session: Session, worker: Worker, name: str) -> Department:
    """One of the worker's departments by its name; PeopleError if it is none of them."""
    title = _line(name)
    if worker.everywhere:
        return department(session, title)
    found = next((office for office in offices(session, worker) if office.name == title), None)
    if found is None:
        raise PeopleError("error.department-nameless")
    return found


def _count(batch: Batch, papers: int, pages: int, note: str) -> None:
    if not (0 <= papers <= MOST_COUNTED and 0 <= pages <= MOST_COUNTED):
        raise BatchError("error.batch-count", most=MOST_COUNTED)
    batch.papers, batch.pages, batch.note = papers, pages, _line(note, NOTE_LENGTH)


def _line(text: str, most: int = NAME_LENGTH) -> str:
    return " ".join(clean(text).split())[:most]
