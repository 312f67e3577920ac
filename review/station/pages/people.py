"""Accounts and departments, and everybody's own account."""

from __future__ import annotations

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from layouts.errors import QagazError
from review.station.ask import Ask
from review.station.pages.login import greet, language_of, leave, set_language
from review.station.shown import show
from review.station.visits import LoginError, begin, log_out, prove
from review.work.staff import accounts
from review.work.staff.accounts import Wanted
from review.work.staff.passwords import LEAST, SecretError, hashed
from review.work.staff.people import PeopleError, Role

MADE, CHANGED = "made", "changed"  # what is said above the page after a redirect
TROUBLE = 422  # the status of a form that has to be filled in anew


def show_all(ask: Ask) -> Response:
    """The accounts one looks after, and the departments."""
    return _all(ask)


def add(ask: Ask) -> Response:
    """Make an account."""
    login = ask.text("login").strip().lower()
    try:
        _check_twice(ask)
        secret = hashed(ask.text("password"), login)
        with ask.desk.store.database.writing() as session:
            accounts.add_account(session, ask.person, login, secret, _wanted(ask))
    except (PeopleError, SecretError) as error:
        return _all(ask, error)
    return RedirectResponse(f"/people?told={MADE}", 303)


def add_place(ask: Ask) -> Response:
    """Make a department."""
    try:
        with ask.desk.store.database.writing() as session:
            accounts.add_department(session, ask.person, ask.text("name"))
    except PeopleError as error:
        return _all(ask, error)
    return RedirectResponse(f"/people?told={CHANGED}#departments", 303)


def show_one(ask: Ask) -> Response:
    """One account, to be changed."""
    return _one(ask)


def change(ask: Ask) -> Response:
    """Change what an account is called, may do and sees."""
    try:
        with ask.desk.store.database.writing() as session:
            accounts.change_account(session, ask.person, ask.path["login"], _wanted(ask))
    except PeopleError as error:
        return _one(ask, error)
    return _changed(ask)


def give_password(ask: Ask) -> Response:
    """Give somebody who forgot theirs another password."""
    login = ask.path["login"]
    try:
        _check_twice(ask)
        secret = hashed(ask.text("password"), login)
        with ask.desk.store.database.writing() as session:
            accounts.account(session, ask.person, login)
            accounts.set_password(session, ask.person, login, secret)
    except (PeopleError, SecretError) as error:
        return _one(ask, error)
    return _changed(ask)


def open_or_close(ask: Ask) -> Response:
    """Close an account, or open it again."""
    try:
        with ask.desk.store.database.writing() as session:
            accounts.set_active(session, ask.person, ask.path["login"], active=ask.text("active") == "yes")
    except PeopleError as error:
        return _one(ask, error)
    return _changed(ask)


def show_own(ask: Ask) -> Response:
    """One's own account."""
    return _own(ask)


def change_own_password(ask: Ask) -> Response:
    """Choose another password, the old one given; this visit goes on under a new key, all others end."""
    database, login = ask.desk.store.database, ask.person.login
    try:
        _check_twice(ask)
        prove(database, login, ask.text("old"), ask.address)
        secret = hashed(ask.text("password"), login)
        with database.writing() as session:
            accounts.set_password(session, ask.person, login, secret)
            key = begin(session, ask.person.id)
    except (PeopleError, SecretError, LoginError) as error:
        return _own(ask, error)
    response = RedirectResponse(f"/me?told={CHANGED}", 303)
    greet(ask, response, key)
    return response


def change_own_language(ask: Ask) -> Response:
    """Choose the language one is spoken to in."""
    response = RedirectResponse("/me", 303)
    set_language(ask, response, ask.text("language"))
    return response


def log_out_everywhere(ask: Ask) -> Response:
    """End all of one's visits, wherever they were begun."""
    with ask.desk.store.database.writing() as session:
        log_out(session, ask.cookie, everywhere=True)
    return leave(ask)


def _changed(ask: Ask) -> Response:
    return RedirectResponse(f"/people/{ask.path['login']}?told={CHANGED}", 303)


def _wanted(ask: Ask) -> Wanted:
    """PeopleError if there is no such role or language."""
    language = language_of(ask.text("language"))
    if ask.text("role") not in set(Role) or language is None:
        raise PeopleError("error.role-unknown")
    everywhere = ask.text("everywhere") == "yes"
    places = () if everywhere else tuple(ask.texts("department"))
    return Wanted(ask.text("name"), Role(ask.text("role")), places, everywhere, language)


def _check_twice(ask: Ask) -> None:
    if ask.text("password") != ask.text("again"):
        raise SecretError("error.password-differs")


def _all(ask: Ask, trouble: QagazError | None = None) -> Response:
    with ask.desk.store.database.reading() as session:
        found = accounts.accounts(session, ask.person)
        places = _places(ask, session)
    status = TROUBLE if trouble else 200
    return show(ask, "people.html", status=status, accounts=found, places=places, **_told(ask, trouble))


def _one(ask: Ask, trouble: QagazError | None = None) -> Response:
    try:
        with ask.desk.store.database.reading() as session:
            found = accounts.account(session, ask.person, ask.path["login"])
            places = _places(ask, session)
    except PeopleError as error:
        raise HTTPException(404) from error
    status = TROUBLE if trouble else 200
    return show(ask, "person.html", status=status, account=found, places=places, **_told(ask, trouble))


def _own(ask: Ask, trouble: QagazError | None = None) -> Response:
    with ask.desk.store.database.reading() as session:
        own = accounts.own_account(session, ask.person)
    return show(ask, "me.html", status=TROUBLE if trouble else 200, account=own, **_told(ask, trouble))


def _places(ask: Ask, session: Session) -> list[str]:
    return [each.name for each in accounts.departments(session, ask.person)]


def _told(ask: Ask, trouble: QagazError | None) -> dict[str, object]:
    told = ask.query.get("told", "")
    return {
        "trouble": trouble, "roles": tuple(Role), "least": LEAST, "sent": ask.text,
        "told": told if told in {MADE, CHANGED} and trouble is None else "",
    }  # fmt: skip
