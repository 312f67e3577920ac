"""Who is at the other end: log-ins that last, kept in a cookie no script can read.

A log-in is noted as a failure before the password is looked at and forgiven afterwards, so that many guesses at the
same moment are no more than as many one after the other. The password is checked between two transactions, not in one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import aware, now
from review.database import Database
from review.work.audit import in_turn, record
from review.work.schema import Attempt, Person, Visit
from review.work.staff.accounts import end_visits
from review.work.staff.passwords import fits
from review.work.staff.people import Worker, worker_of

COOKIE = "qagaz"
LASTS = timedelta(hours=12)  # a working day
IDLE = timedelta(hours=1)
WINDOW = timedelta(minutes=15)  # in which failures are counted
MOST_BY_LOGIN = 5
MOST_BY_ADDRESS = 30
TOUCH = timedelta(minutes=1)  # how exactly it is known when somebody was last there
MOST_LETTERS = 64  # of a log-in that is tried


class LoginError(QagazError):
    """The log-in did not work; it does not say whether name or password was wrong."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is logged in."""

    worker: Worker
    form_key: str
    old: bool  # it is time to note that they are still there


@dataclass(frozen=True, slots=True)
class Proved:
    """An account whose password was just given."""

    person: int
    login: str
    secret: str


def log_in(database: Database, login: str, password: str, address: str, *, before: str = "") -> str:
    """The key of a new visit; the visit of the key `before`, if there is one, ends.

    LoginError if log-in or password is wrong, or there were too many failures before.
    """
    proved = prove(database, login, password, address)
    with database.writing() as session:
        session.execute(delete(Visit).where(Visit.key == _hash(before)))
        person = session.get_one(Person, proved.person)
        if not person.active or person.secret != proved.secret:
            raise LoginError("error.login-wrong")
        record(session, person.login, "login", person.login)
        return begin(session, person.id)


def prove(database: Database, login: str, password: str, address: str) -> Proved:
    """The account whose password this is; LoginError as `log_in`. Failures count, success forgives the log-in's."""
    login = login.strip().lower()[:MOST_LETTERS]
    _admit(database, login, address)
    with database.reading() as session:
        known = (Person.login == login, Person.active)
        found = session.execute(select(Person.id, Person.secret).where(*known)).first()
    fine = fits(password, found.secret if found else None)
    with database.writing() as session:
        if not fine or found is None:
            record(session, "", "login-failed", _known(session, login))
        else:
            session.execute(delete(Attempt).where(Attempt.login == login))
    if not fine or found is None:
        raise LoginError("error.login-wrong")
    return Proved(found.id, login, found.secret)


def begin(session: Session, person: int) -> str:
    """The key of a new visit of somebody who has proved who they are."""
    key = secrets.token_urlsafe(32)
    session.add(Visit(key=_hash(key), person=person, form_key=secrets.token_urlsafe(32), begun=now(), seen=now()))
    return key


def log_out(session: Session, key: str, *, everywhere: bool = False) -> None:
    """End a visit, or all visits of whoever it is."""
    visit = session.get(Visit, _hash(key))
    if visit is not None:
        person = session.get_one(Person, visit.person)
        session.delete(visit)
        if everywhere:
            session.flush()
            end_visits(session, person.id)
        record(session, person.login, "logout-everywhere" if everywhere else "logout", person.login)


def present(session: Session, key: str) -> Present | None:
    """Whose visit this is; None if it is over, or the account was closed."""
    wanted = select(Visit, Person).join(Person, Person.id == Visit.person)
    found = session.execute(wanted.where(Visit.key == _hash(key), Person.active)).first()
    if found is None:
        return None
    visit, person = found
    unseen = now() - aware(visit.seen)
    if now() - aware(visit.begun) > LASTS or unseen > IDLE:
        return None
    return Present(worker_of(session, person), visit.form_key, unseen > TOUCH)


def touch(session: Session, key: str) -> None:
    """Note that somebody is still there."""
    session.execute(update(Visit).where(Visit.key == _hash(key)).values(seen=now()))


def _admit(database: Database, login: str, address: str) -> None:
    """LoginError if there were too many failures; else this is one until it turns out not to be.

    That somebody is kept out is put on record once, not at every try: nobody can flood the record from outside.
    """
    with database.writing() as session:
        in_turn(session)
        _sweep(session)
        barred = _barred(session, login, address)
        if barred is None:
            session.add(Attempt(login=login, address=address, at=now(), refused=False))
        elif not session.scalar(select(Attempt.id).where(barred, Attempt.refused).limit(1)):
            session.add(Attempt(login=login, address=address, at=now(), refused=True))
            record(session, "", "login-refused", _known(session, login))
    if barred is not None:
        raise LoginError("error.login-wait", minutes=WINDOW.seconds // 60)


def _barred(session: Session, login: str, address: str) -> ColumnElement[bool] | None:
    """What there were too many failures of: this log-in, known or not, or this address."""
    for mine, most in ((Attempt.login == login, MOST_BY_LOGIN), (Attempt.address == address, MOST_BY_ADDRESS)):
        count = session.scalar(select(func.count()).select_from(Attempt).where(mine, ~Attempt.refused))
        if (count or 0) >= most:
            return mine
    return None


def _sweep(session: Session) -> None:
    """Forget failures that count no longer, and visits that are over."""
    session.execute(delete(Attempt).where(Attempt.at <= now() - WINDOW))
    session.execute(delete(Visit).where(or_(Visit.begun < now() - LASTS, Visit.seen < now() - IDLE)))


def _known(session: Session, login: str) -> str:
    """The log-in if it is one: what else is typed there, perhaps a password, is not kept."""
    return login if session.scalar(select(Person.id).where(Person.login == login)) else "?"


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
