"""Accounts: who may work at the queue, as what, and on which departments' forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from layouts.errors import QagazError
from layouts.words import Language
from review.answers import now
from review.flatten import clean
from review.work.audit import record
from review.work.schema import Department, Membership, Person
from review.work.staff.passwords import Secret, hashed

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
MOST_LETTERS = 120  # of a person's or department's name


class Role(StrEnum):
    """What a person may do: operators answer, supervisors also steer, auditors see everything and change nothing."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


class PeopleError(QagazError):
    """An account that cannot be made or changed so."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A person at work."""

    id: int
    login: str
    name: str
    role: Role
    everywhere: bool
    departments: frozenset[int]
    language: Language

    def sees(self, department: int | None) -> bool:
        """Whether what a department received is theirs to see; None: nobody said which."""
        return self.everywhere or department in self.departments


def add_person(
    session: Session,
    login: str,
    name: str,
    password: str,
    role: Role,
    *,
    departments: Iterable[str] = (),
    everywhere: bool = False,
    language: Language = "ru",
    by: str = "",
) -> Person:
    """Make an account; PeopleError if the log-in is taken or unfit, SecretError if the password is too weak.

    A password that was hashed before (`passwords.hashed`) keeps nobody waiting while this transaction lasts.
    """
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise PeopleError("error.login-unfit", login=login)
    if session.scalar(select(Person).where(Person.login == login)):
        raise PeopleError("error.login-taken", login=login)
    secret = password if isinstance(password, Secret) else hashed(password, login)
    names = sorted({tidy(name) for name in departments})
    person = Person(
        login=login, name=tidy(name) or login, secret=secret, role=role.value,
        everywhere=everywhere, language=language, active=True, since=now(),
    )  # fmt: skip
    session.add(person)
    session.flush()
    assign(session, person, names)
    record(session, by, "person-added", f"{login}: {reach(role.value, names, everywhere=everywhere)}")
    return person


def reach(role: str, departments: Iterable[str], *, everywhere: bool) -> str:
    """What an account may do and where, as the record tells it: "operator (Алматы, Астана)", "auditor (*)"."""
    return f"{role} ({'*' if everywhere else ', '.join(departments)})"


def tidy(name: str) -> str:
    r"""A name on one line, without control characters; PeopleError if it is too long for one.

    >>> tidy(" Алматы\n қаласы ")
    'Алматы қаласы'
    """
    bare = " ".join(clean(name).split())
    if len(bare) > MOST_LETTERS:
        raise PeopleError("error.name-long", most=MOST_LETTERS)
    return bare


def assign(session: Session, person: Person, departments: Iterable[str]) -> None:
    """The departments a person works for, by name; new ones are made."""
    session.execute(delete(Membership).where(Membership.person == person.id))
    for name in dict.fromkeys(departments):
        session.add(Membership(person=person.id, department=department(session, name).id))
    session.flush()


def department(session: Session, name: str) -> Department:
    """The department of this name, made if there is none; PeopleError if the name is empty."""
    name = tidy(name)
    if not name:
        raise PeopleError("error.department-nameless")
    found = session.scalar(select(Department).where(Department.name == name))
    if found is None:
        found = Department(name=name)
        session.add(found)
        session.flush()
    return found


def worker_of(session: Session, person: Person) -> Worker:
    """The person as what they may do."""
    own = session.scalars(select(Membership.department).where(Membership.person == person.id))
    language: Language = person.language  # type: ignore[assignment]  # written by add_person
    return Worker(person.id, person.login, person.name, Role(person.role), person.everywhere, frozenset(own), language)


def visible(worker: Worker, column: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """The condition that a row belongs to a department whose forms the worker sees."""
    return true() if worker.everywhere else column.in_(worker.departments)
