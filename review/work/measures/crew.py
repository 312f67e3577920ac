"""The people at the queue: who is there, what they hold, how their work compares, and what supervisors do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Select, and_, cast, extract, func, or_, select
from sqlalchemy.orm import Session

from review.answers import now
from review.portions import LEAST_MIDDLE, Portion
from review.told import Key
from review.work.audit import record
from review.work.claims import ClaimError, hand_over, seen_task
from review.work.measures.keyed import Keyed, agreement
from review.work.measures.scope import Scope
from review.work.schema import Membership, Person, Setting, Task, Visit, Watched
from review.work.staff.people import Role, Worker, worker_of
from review.work.tasks import SHARE

THERE = timedelta(minutes=10)  # whoever asked for a page since then is at work
DAY, OFFSET, HOUR = 24 * 3600, 5 * 3600, 3600  # seconds; Kazakhstan's clock is five hours ahead of UTC


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody at work now, and the forms they hold."""

    name: str
    login: str
    role: str
    seen: datetime | None
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Operator:
    """What one person did in the period. Attention is measured by crops that do not belong where they are shown."""

    login: str
    name: str
    forms: int
    worked: int  # seconds
    days: tuple[int, ...]  # forms settled on each day of the period in which anybody settled one
    agreed: Portion  # of figures they gave first, those that another keyed alike
    caught: Portion  # crops that do not belong, struck out
    struck: Portion  # crops that do belong, struck out all the same

    @property
    def hourly(self) -> float | None:
        """Forms in an hour of work; None where there are too few."""
        return self.forms * HOUR / self.worked if self.worked and self.forms >= LEAST_MIDDLE else None


def at_work(session: Session, worker: Worker) -> list[Hand]:
    """Everybody of the worker's departments who is there now, or holds a form that the worker sees."""
    held: dict[int, list[Task]] = {}
    wanted = [Task.holder.is_not(None), Task.held_until > now(), *Scope(worker).forms]
    for task in session.scalars(select(Task).where(*wanted).order_by(Task.held_from)):
        held.setdefault(task.holder or 0, []).append(task)
    seen = select(Visit.person, func.max(Visit.seen).label("seen")).group_by(Visit.person).subquery()
    near = [seen.c.seen > now() - THERE, Person.active]
    near += [] if worker.everywhere else [Person.id.in_(_colleagues(worker))]
    people = (
        select(Person, seen.c.seen)
        .outerjoin(seen, seen.c.person == Person.id)
        .where(or_(Person.id.in_(held), and_(*near)))
        .order_by(Person.name)
    )
    return [
        Hand(person.name, person.login, person.role, at, tuple(held.get(person.id, ())))
        for person, at in session.execute(people)
    ]


def receivers(session: Session, worker: Worker) -> list[tuple[Worker, str]]:
    """Whom forms may be given to, with their names: who may answer, and works where the worker does."""
    wanted = [Person.active, Person.role != Role.AUDITOR.value]
    wanted += [] if worker.everywhere else [or_(Person.id.in_(_colleagues(worker)), Person.everywhere)]
    people = session.scalars(select(Person).where(*wanted).order_by(Person.name))
    return [(worker_of(session, person), person.name) for person in people]


def hand(session: Session, worker: Worker, key: Key, to: str) -> None:
    """Give a form to another person; ClaimError if it is not theirs to see, or theirs to key again."""
    task = seen_task(session, worker, key)
    person = session.scalar(select(Person).where(Person.login == to, Person.active))
    if person is None or not worker_of(session, person).sees(task.department):
        raise ClaimError("error.claim-unknown")
    hand_over(session, worker, key, to)


def free(session: Session, worker: Worker, key: Key) -> None:
    """Put a form that anybody holds back into the queue; ClaimError if it is not the worker's to see."""
    task = seen_task(session, worker, key)
    session.refresh(task, with_for_update=True)
    if task.holder is not None:
        task.holder = task.held_from = task.held_until = None
        record(session, worker.login, "freed", f"{key[0][:12]}/{key[1]}")


def choose_share(session: Session, worker: Worker, share: float) -> None:
    """How many of the forms settled from now on are keyed once more, 0 to 1."""
    chosen = session.get(Setting, SHARE) or Setting(name=SHARE)
    chosen.value, chosen.who, chosen.at = str(share), worker.login, now()
    session.add(chosen)
    record(session, worker.login, "second-share", str(share))


def operators(session: Session, scope: Scope, figures: Sequence[Keyed]) -> list[Operator]:
    """Everybody who settled forms in the period, was keyed after or watched, by name."""
    local = cast(extract("epoch", Task.settled), BigInteger) + OFFSET
    done = select(Task.first, local, Task.seconds).where(
        Task.first != "", Task.settled >= scope.since, Task.settled < scope.until, *scope.forms
    )
    days: dict[str, Counter[int]] = {}
    worked: Counter[str] = Counter()
    for login, when, seconds in session.execute(done):
        days.setdefault(login, Counter())[when // DAY] += 1
        worked[login] += seconds
    watched = _watched(session, scope)
    logins = {*days, *watched, *(figure.first for figure in figures if figure.first)}
    names = {login: login for login in logins} | dict(session.execute(select(Person.login, Person.name)).all())
    all_days = sorted({day for counts in days.values() for day in counts})
    line = range(all_days[0], all_days[-1] + 1) if all_days else range(0)
    return [
        Operator(
            login, names[login], days.get(login, Counter()).total(), worked[login],
            tuple(days.get(login, Counter())[day] for day in line),
            agreement(figures, login), *watched.get(login, (Portion(0, 0), Portion(0, 0))),
        )
        for login in sorted(logins, key=lambda login: names[login].casefold())
    ]  # fmt: skip


def _watched(session: Session, scope: Scope) -> dict[str, tuple[Portion, Portion]]:
    """Log-in → crops that did not belong and were struck out, crops that did and were."""
    of_task = and_(Task.source == Watched.source, Task.form == Watched.form)
    wanted = (
        select(Watched.who, Watched.belongs, Watched.struck, func.count())
        .join(Task, of_task)
        .where(Watched.at >= scope.since, Watched.at < scope.until, *scope.forms)
        .group_by(Watched.who, Watched.belongs, Watched.struck)
    )
    counts: dict[str, Counter[tuple[bool, bool]]] = {}
    for who, belongs, struck, count in session.execute(wanted):
        counts.setdefault(who, Counter())[bool(belongs), bool(struck)] += count
    return {who: (_struck(count, belongs=False), _struck(count, belongs=True)) for who, count in counts.items()}


def _struck(count: Counter[tuple[bool, bool]], *, belongs: bool) -> Portion:
    return Portion(count[belongs, True], count[belongs, True] + count[belongs, False])


def _colleagues(worker: Worker) -> Select[int]:
    """Those who work for one of the worker's departments."""
    return select(Membership.person).where(Membership.department.in_(worker.departments))
