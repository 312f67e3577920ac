"""One form, one person: claimed before it is worked on, free again when it is done, left or forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import Act, aware, now
from review.schema import Event
from review.told import Key
from review.work.audit import record
from review.work.schema import Person, Task
from review.work.staff.people import Role, Worker, visible, worker_of
from review.work.tasks import ORDER, State

HOLD = timedelta(minutes=15)  # a form that nothing was done about for so long is free again, unless the house says else
HELD_FOR = "held_for"  # under which sessions of a database are told how long that is in this house
PAUSE = timedelta(minutes=5)  # the longest between two answers that counts as work


class ClaimError(QagazError):
    """The form is not this person's to work on now."""


def claim_next(session: Session, worker: Worker, states: Sequence[State] = (State.OPEN,), batch: int = 0) -> Key | None:
    """Claim the next form in order; None if there is none. A form this worker holds already comes first.

    Forms that others are just taking are passed over, not waited for.
    """
    if worker.role is Role.AUDITOR:
        raise ClaimError("error.claim-auditor")
    mine = [Task.holder == worker.id, Task.held_until > now()]
    free = [_free(worker)]
    for conditions in (mine, free):
        wanted = select(Task).where(*_workable(worker, states, batch), *conditions).order_by(*ORDER).limit(1)
        locked = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
        task = session.scalar(locked)
        if task is not None:
            _take(session, worker, task)
            return task.source, task.form
    return None


def claim(session: Session, worker: Worker, key: Key) -> Task:
    """Claim this form; ClaimError if another person works on it, or it is not theirs to work on."""
    task = locked_task(session, worker, key)
    if worker.role is Role.AUDITOR:
        raise ClaimError("error.claim-auditor")
    if not is_impartial(session, worker.login, key) and not looks_done(session, worker, task):
        raise ClaimError("error.claim-own")
    if task.holder != worker.id and _is_held(task):
        raise ClaimError("error.claim-held", who=_name(session, task.holder))
    _take(session, worker, task)
    return task


def check_claim(session: Session, worker: Worker, key: Key) -> Task:
    """The task, locked, its hold prolonged and its time counted; ClaimError if it is another's or nobody's any more."""
    task = locked_task(session, worker, key)
    if task.holder != worker.id:
        if _is_held(task):
            raise ClaimError("error.claim-held", who=_name(session, task.holder))
        raise ClaimError("error.claim-lost")
    _hold(session, task)
    return task


def release(session: Session, worker: Worker, key: Key) -> None:
    """Let go of a form, its time counted; nothing happens where it is another's."""
    task = session.get(Task, key, with_for_update=True, populate_existing=True)
    if task is not None and task.holder == worker.id:
        _count(task)
        task.holder = task.held_from = task.held_until = None
        record(session, worker.login, "let-go", subject_of(key))


def hand_over(session: Session, worker: Worker, key: Key, to: str) -> None:
    """Give a form one holds, or as a supervisor any form, to another person; ClaimError if that is not possible."""
    task = locked_task(session, worker, key)
    person = session.scalar(select(Person).where(Person.login == to, Person.active))
    if person is None or person.role == Role.AUDITOR or not worker_of(session, person).sees(task.department):
        raise ClaimError("error.claim-unknown")
    if task.holder != worker.id and worker.role is not Role.SUPERVISOR:
        raise ClaimError("error.claim-lost")
    if not is_impartial(session, to, key):
        raise ClaimError("error.claim-own")
    _count(task)
    task.holder, task.held_from = person.id, None
    _hold(session, task)
    record(session, worker.login, "handed-over", subject_of(key), {"to": to})


def takeable(session: Session, worker: Worker, state: State) -> int:
    """How many forms in this state the worker could claim now."""
    wanted = select(func.count()).select_from(Task).where(*_workable(worker, [state], 0), _free(worker))
    return session.scalar(wanted) or 0


def held(session: Session, worker: Worker) -> list[Task]:
    """The forms a person works on now."""
    mine = (Task.holder == worker.id, Task.held_until > now())
    return list(session.scalars(select(Task).where(*mine).order_by(Task.held_from)))


def seen_task(session: Session, worker: Worker, key: Key) -> Task:
    """The task of a form the worker may see; ClaimError, the same whether it is another department's or nobody's."""
    task = session.get(Task, key)
    if task is None or not worker.sees(task.department):
        raise ClaimError("error.claim-unknown")
    return task


def locked_task(session: Session, worker: Worker, key: Key) -> Task:
    """The task of a form the worker may see, nobody else's to change until this is over; ClaimError as `seen_task`."""
    task = session.get(Task, key, with_for_update=True, populate_existing=True)
    if task is None or not worker.sees(task.department):
        raise ClaimError("error.claim-unknown")
    return task


def subject_of(key: Key) -> str:
    """A form as the record names it."""
    return f"{key[0][:12]}/{key[1]}"


def _workable(worker: Worker, states: Sequence[State], batch: int) -> list[ColumnElement[bool]]:
    conditions = [Task.state.in_([state.value for state in states]), visible(worker, Task.department)]
    if State.SECOND in states or State.DISPUTE in states:
        conditions.append(_impartial(worker.login))
    return [*conditions, *([Task.batch == batch] if batch else [])]


def check_free(session: Session, worker: Worker, key: Key) -> Task:
    """The task, locked, of a form that nobody else works on; ClaimError if somebody does."""
    task = session.get(Task, key, with_for_update=True, populate_existing=True)
    if task is None or not worker.sees(task.department):
        raise ClaimError("error.claim-unknown")
    if task.holder not in (None, worker.id) and task.held_until and aware(task.held_until) > now():
        raise ClaimError("error.claim-held", who=_name(session, task.holder))
    return task


# What a person may have said of a form and still key it once more, blind, or decide what two others differ about.
_HARMLESS = {State.SECOND: (Act.READ, Act.SECOND), State.DISPUTE: (Act.READ, Act.NOTE, Act.ASK)}


def _impartial(login: str) -> ColumnElement[bool]:
    """The condition that a form is not one that this person has spoken on and others now check."""
    own = (Event.source == Task.source, Event.form == Task.form, Event.who == login)
    checked = [
        and_(Task.state == state.value, ~exists().where(*own, Event.act.not_in([act.value for act in acts])))
        for state, acts in _HARMLESS.items()
    ]
    neither = and_(Task.first != login, Task.second != login)
    return or_(Task.state.not_in([state.value for state in _HARMLESS]), and_(neither, or_(*checked)))


def is_impartial(session: Session, login: str, key: Key) -> bool:
    """Whether this person may key a form once more, or decide about it; of any other form they may."""
    this = (Task.source == key[0], Task.form == key[1])
    return session.scalar(select(Task.form).where(*this, _impartial(login))) is not None


def looks_done(session: Session, worker: Worker, task: Task) -> bool:
    """Whether a form that waits to be keyed once more is as any settled one to this person.

    It is to those who have spoken on it, until somebody begins to key it: they can take their words back, and cannot
    tell that it was drawn.
    """
    key = (task.source, task.form)
    if task.state != State.SECOND.value or is_impartial(session, worker.login, key):
        return False
    begun = (Event.source == key[0], Event.form == key[1], Event.act == Act.SECOND.value)
    return session.scalar(select(Event.id).where(*begun).limit(1)) is None


def _free(worker: Worker) -> ColumnElement[bool]:
    return or_(Task.holder.is_(None), Task.holder == worker.id, Task.held_until <= now())


def _take(session: Session, worker: Worker, task: Task) -> None:
    """Hold a task that is locked and free, or held already."""
    if task.holder != worker.id:
        former = session.get(Person, task.holder) if task.holder else None
        task.holder, task.held_from = worker.id, None
        told = {"instead of": former.login} if former else {}
        record(session, worker.login, "claimed", subject_of((task.source, task.form)), told)
    _hold(session, task)


def _hold(session: Session, task: Task) -> None:
    """From now on for a while, the time until now counted."""
    _count(task)
    task.held_from, task.held_until = now(), now() + session.info.get(HELD_FOR, HOLD)


def _count(task: Task) -> None:
    """Time that was worked since something was last done; longer is a break."""
    if task.held_from:
        task.seconds += round(min(now() - aware(task.held_from), PAUSE).total_seconds())


def _is_held(task: Task) -> bool:
    return task.holder is not None and task.held_until is not None and aware(task.held_until) > now()


def _name(session: Session, holder: int | None) -> str:
    person = session.get(Person, holder) if holder else None
    return person.name if person else ""
