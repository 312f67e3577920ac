"""Accounts looked after: who may change whose, and what a change ends.

Supervisors who work everywhere look after all accounts; others after those that work for no department but theirs, and
grant no more than they have. Somebody who works everywhere and looks after accounts is always left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from layouts.words import Language
from review.work.audit import in_turn, record
from review.work.schema import Department, Membership, Person, Task, Visit
from review.work.staff.passwords import Secret
from review.work.staff.people import PeopleError, Role, Worker, add_person, assign, department, reach, tidy

By = Worker | None  # who changes something; None: whoever has the command line


@dataclass(frozen=True, slots=True)
class Account:
    """An account as others see it."""

    id: int
    login: str
    name: str
    role: Role
    everywhere: bool
    departments: tuple[str, ...]
    language: str
    active: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an account should be from now on."""

    name: str
    role: Role
    departments: tuple[str, ...]
    everywhere: bool
    language: Language


def accounts(session: Session, by: By) -> list[Account]:
    """The accounts one looks after, by log-in."""
    theirs = _departments_of(session)
    people = session.scalars(select(Person).order_by(Person.login))
    return [_account(person, theirs) for person in people if _looks_after(by, person, theirs)]


def account(session: Session, by: By, login: str) -> Account:
    """One account; PeopleError, the same whether there is none or it is not one's to look after."""
    return _account(_person(session, by, login), _departments_of(session))


def departments(session: Session, by: By) -> Sequence[Department]:
    """The departments one works for, or all of them."""
    every = session.scalars(select(Department).order_by(Department.name)).all()
    return [each for each in every if by is None or by.sees(each.id)]


def add_account(session: Session, by: By, login: str, secret: Secret, wanted: Wanted) -> None:
    """Make an account; PeopleError if it cannot be made so, or would have more than its maker."""
    _check_grant(session, by, wanted)
    add_person(
        session, login, wanted.name, secret, wanted.role,
        departments=wanted.departments, everywhere=wanted.everywhere, language=wanted.language, by=_login(by),
    )  # fmt: skip


def change_account(session: Session, by: By, login: str, wanted: Wanted) -> None:
    """Change an account. What it may do or see being other than before ends its visits; its forms are let go."""
    in_turn(session)
    person = _person(session, by, login)
    before = _account(person, _departments_of(session))
    _check_grant(session, by, wanted)
    places = tuple(sorted({tidy(name) for name in wanted.departments}))
    person.name, person.language = tidy(wanted.name) or login, wanted.language
    if (before.role, before.everywhere, before.departments) != (wanted.role, wanted.everywhere, places):
        person.role, person.everywhere = wanted.role.value, wanted.everywhere
        assign(session, person, places)
        _check_someone_is_left(session)
        end_visits(session, person.id)
        _let_go(session, person.id)
    told = reach(wanted.role.value, places, everywhere=wanted.everywhere)
    record(session, _login(by), "person-changed", f"{login}: {told}")


def set_password(session: Session, by: By, login: str, secret: Secret) -> None:
    """Another password; whoever is logged in with the old one no longer is."""
    person = session.get(Person, by.id) if by is not None and by.login == login else _person(session, by, login)
    if person is None:
        raise PeopleError("error.account-unknown", login=login)
    person.secret = secret
    end_visits(session, person.id)
    record(session, _login(by), "person-password", login)


def set_active(session: Session, by: By, login: str, *, active: bool) -> None:
    """Close an account or open it again; a closed one's visits end and its forms are let go."""
    in_turn(session)
    person = _person(session, by, login)
    if person.active == active:
        return
    person.active = active
    _check_someone_is_left(session)
    end_visits(session, person.id)
    _let_go(session, person.id)
    record(session, _login(by), "person-opened" if active else "person-closed", login)


def add_department(session: Session, by: By, name: str) -> None:
    """Make a department; PeopleError if there is one of this name, or one does not work everywhere."""
    if by is not None and not by.everywhere:
        raise PeopleError("error.grant-more")
    if session.scalar(select(Department.id).where(Department.name == tidy(name))):
        raise PeopleError("error.department-taken", name=tidy(name))
    record(session, _login(by), "department-added", department(session, name).name)


def speak(session: Session, worker: Worker, language: Language) -> None:
    """The language somebody is spoken to in from the next log-in on."""
    session.execute(update(Person).where(Person.id == worker.id).values(language=language))


def end_visits(session: Session, person: int) -> None:
    """Whoever is logged in with this account no longer is."""
    session.execute(delete(Visit).where(Visit.person == person))


def _login(by: By) -> str:
    return "" if by is None else by.login


def _person(session: Session, by: By, login: str) -> Person:
    person = session.scalar(select(Person).where(Person.login == login).with_for_update())
    if person is None or not _looks_after(by, person, _departments_of(session)):
        raise PeopleError("error.account-unknown", login=login)
    return person


def _looks_after(by: By, person: Person, theirs: dict[int, list[Department]]) -> bool:
    if by is None or by.everywhere:
        return True
    own = {each.id for each in theirs.get(person.id, [])}
    return not person.everywhere and bool(own) and own <= by.departments


def _departments_of(session: Session) -> dict[int, list[Department]]:
    wanted = select(Membership.person, Department).join(Department, Department.id == Membership.department)
    found: dict[int, list[Department]] = {}
    for person, place in session.execute(wanted.order_by(Department.name)):
        found.setdefault(person, []).append(place)
    return found


def _account(person: Person, theirs: dict[int, list[Department]]) -> Account:
    names = tuple(sorted(each.name for each in theirs.get(person.id, [])))
    return Account(
        person.id,
        person.login,
        person.name,
        Role(person.role),
        person.everywhere,
        names,
        person.language,
        person.active,
    )


def _check_grant(session: Session, by: By, wanted: Wanted) -> None:
    """PeopleError if the account would see more than who grants it, or nothing at all."""
    if not wanted.everywhere and not wanted.departments:
        raise PeopleError("error.grant-nothing")
    if by is None or by.everywhere:
        return
    own = {each.name for each in departments(session, by)}
    if wanted.everywhere or not {tidy(name) for name in wanted.departments} <= own:
        raise PeopleError("error.grant-more")


def _check_someone_is_left(session: Session) -> None:
    session.flush()
    able = (Person.active, Person.everywhere, Person.role == Role.SUPERVISOR.value)
    if not session.scalar(select(func.count()).select_from(Person).where(*able)):
        raise PeopleError("error.last-supervisor")


def _let_go(session: Session, person: int) -> None:
    free = {"holder": None, "held_from": None, "held_until": None}
    session.execute(update(Task).where(Task.holder == person).values(**free))


def own_account(session: Session, worker: Worker) -> Account:
    """The account of whoever asks."""
    return _account(session.get_one(Person, worker.id), _departments_of(session))
