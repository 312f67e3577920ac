"""Who is at the other end: log-ins that last, kept in a cookie no script can read."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import now
from review.work.audit import record
from review.work.claims import aware
from review.work.passwords import fits
from review.work.people import Worker, worker_of
from review.work.schema import Attempt, Person, Visit

COOKIE = "qagaz"
LASTS = timedelta(hours=12)  # a working day
IDLE = timedelta(hours=1)
WINDOW = timedelta(minutes=15)  # in which failures are counted
MOST_BY_LOGIN = 5
MOST_BY_ADDRESS = 30
TOUCH = timedelta(minutes=1)  # how exactly it is known when somebody was last there


class LoginError(QagazError):
    """The log-in did not work; it does not say whether name or password was wrong."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is logged in."""

    worker: Worker
    form_key: str


def log_in(session: Session, login: str, password: str, address: str) -> str | None:
    """The key of a new visit, None if it did not work. LoginError if there were too many failures before."""
    login = login.strip().lower()[:64]
    if _too_many(session, login, address):
        record(session, "", "login-refused", _known(session, login))
        raise LoginError("error.login-wait", minutes=WINDOW.seconds // 60)
    person = session.scalar(select(Person).where(Person.login == login, Person.active))
    if not fits(password, person.secret if person else None) or person is None:
        session.add(Attempt(login=login, address=address, at=now()))
        record(session, "", "login-failed", _known(session, login))
        return None
    session.execute(delete(Attempt).where(Attempt.login == login))
    key = secrets.token_urlsafe(32)
    session.add(Visit(key=_hash(key), person=person.id, form_key=secrets.token_urlsafe(32), begun=now(), seen=now()))
    record(session, person.login, "login", person.login)
    return key


def log_out(session: Session, key: str) -> None:
    """End a visit."""
    visit = session.get(Visit, _hash(key))
    if visit is not None:
        person = session.get_one(Person, visit.person)
        session.delete(visit)
        record(session, person.login, "logout", person.login)


def present(session: Session, key: str) -> Present | None:
    """Whose visit this is; None if it is over, or the account was closed."""
    visit = session.get(Visit, _hash(key))
    if visit is None:
        return None
    person = session.get_one(Person, visit.person)
    if not person.active or now() - aware(visit.begun) > LASTS or now() - aware(visit.seen) > IDLE:
        return None
    return Present(worker_of(session, person), visit.form_key)


def touch(session: Session, key: str) -> None:
    """Note that somebody is still there."""
    visit = session.get(Visit, _hash(key))
    if visit is not None:
        visit.seen = now()


def stale(session: Session, key: str) -> bool:
    """Whether it was long ago that this was noted."""
    visit = session.get(Visit, _hash(key))
    return visit is not None and now() - aware(visit.seen) > TOUCH


def _too_many(session: Session, login: str, address: str) -> bool:
    since = now() - WINDOW
    for column, value, most in ((Attempt.login, login, MOST_BY_LOGIN), (Attempt.address, address, MOST_BY_ADDRESS)):
        count = session.scalar(select(func.count()).select_from(Attempt).where(column == value, Attempt.at > since))
        if (count or 0) >= most:
            return True
    return False


def _known(session: Session, login: str) -> str:
    """The log-in if it is one: what else is typed there, perhaps a password, is not kept."""
    return login if session.scalar(select(Person.id).where(Person.login == login)) else "?"


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
