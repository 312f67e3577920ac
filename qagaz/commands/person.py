"""`qagaz person`: accounts of the review station, at the command line. The first one can only be made here."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from layouts.errors import QagazError
from layouts.words import Language
from qagaz.arguments import Arguments, Command
from qagaz.commands.stores import add_store, open_store
from qagaz.speech import tell, worded
from review.store import FILE, Store
from review.work.staff import accounts
from review.work.staff.accounts import Account, Wanted
from review.work.staff.passwords import Secret, hashed
from review.work.staff.people import Role, reach


class PersonError(QagazError):
    """The command is not complete."""


def build(arguments: Arguments) -> None:
    """Its arguments."""
    arguments.choice("action", tuple(ACTIONS))
    add_store(arguments)
    arguments.optional("login", "LOGIN")
    arguments.add("--name", metavar="NAME", default="")
    arguments.one_of("--role", tuple(Role), "")
    arguments.repeated("--department", "NAME")
    arguments.flag("--everywhere")
    arguments.flag("--password-stdin")


def run(parsed: argparse.Namespace, language: Language) -> int:
    """Do what is asked; only adding makes a store where there is none."""
    parsed.login = parsed.login.strip().lower()
    if parsed.action != "list" and not parsed.login:
        raise PersonError("error.person-no-login")
    with _store(parsed) as store:
        ACTIONS[parsed.action](store, parsed, language)
    return 0


def _store(parsed: argparse.Namespace) -> Store:
    folder: Path = parsed.folder
    if parsed.action != "add" or parsed.db or (folder / FILE).is_file():
        return open_store(folder, parsed.db)
    folder.mkdir(parents=True, exist_ok=True)
    return Store.beside(folder)


def _add(store: Store, parsed: argparse.Namespace, language: Language) -> None:
    with store.database.reading() as session:
        first = not accounts.accounts(session, None)
    role = Role(parsed.role or (Role.SUPERVISOR if first else Role.OPERATOR))
    everywhere = parsed.everywhere or (first and not parsed.department)
    wanted = Wanted(parsed.name, role, tuple(parsed.department), everywhere, language)
    secret = _secret(parsed, language)
    with store.database.writing() as session:
        accounts.add_account(session, None, parsed.login, secret, wanted)
    tell("told.person-added", language, login=parsed.login, reach=_reach(wanted))


def _list(store: Store, _parsed: argparse.Namespace, _language: Language) -> None:
    """One account a line: log-in, role, departments, open or closed, language, name."""
    with store.database.reading() as session:
        for each in accounts.accounts(session, None):
            places = "*" if each.everywhere else ", ".join(each.departments)
            state = "open" if each.active else "closed"
            print(f"{each.login}\t{each.role}\t{places}\t{state}\t{each.language}\t{each.name}")


def _password(store: Store, parsed: argparse.Namespace, language: Language) -> None:
    with store.database.reading() as session:
        accounts.account(session, None, parsed.login)
    secret = _secret(parsed, language)
    with store.database.writing() as session:
        accounts.set_password(session, None, parsed.login, secret)
    tell("told.person-password", language, login=parsed.login)


def _role(store: Store, parsed: argparse.Namespace, language: Language) -> None:
    if not parsed.role:
        raise PersonError("error.person-no-role")
    with store.database.writing() as session:
        before = _wanted(accounts.account(session, None, parsed.login))
        _change(session, parsed, language, replace(before, role=Role(parsed.role)))


def _departments(store: Store, parsed: argparse.Namespace, language: Language) -> None:
    with store.database.writing() as session:
        before = _wanted(accounts.account(session, None, parsed.login))
        places = () if parsed.everywhere else tuple(parsed.department)
        _change(session, parsed, language, replace(before, departments=places, everywhere=parsed.everywhere))


def _close(store: Store, parsed: argparse.Namespace, language: Language) -> None:
    with store.database.writing() as session:
        accounts.set_active(session, None, parsed.login, active=False)
    tell("told.person-closed", language, login=parsed.login)


def _open(store: Store, parsed: argparse.Namespace, language: Language) -> None:
    with store.database.writing() as session:
        accounts.set_active(session, None, parsed.login, active=True)
    tell("told.person-opened", language, login=parsed.login)


def _change(session: Session, parsed: argparse.Namespace, language: Language, wanted: Wanted) -> None:
    accounts.change_account(session, None, parsed.login, wanted)
    tell("told.person-changed", language, login=parsed.login, reach=_reach(wanted))


def _wanted(account: Account) -> Wanted:
    spoken: Language = account.language  # type: ignore[assignment]  # written by add_person
    return Wanted(account.name, account.role, account.departments, account.everywhere, spoken)


def _reach(wanted: Wanted) -> str:
    return reach(wanted.role, wanted.departments, everywhere=wanted.everywhere)


def _secret(parsed: argparse.Namespace, language: Language) -> Secret:
    """The password's hash: typed twice without showing it, or the first line of standard input."""
    if parsed.password_stdin:
        return hashed(sys.stdin.readline().rstrip("\r\n"), parsed.login)
    try:
        typed = getpass.getpass(f"{worded('ask.password', {'login': parsed.login}, language)} ")
        again = getpass.getpass(f"{worded('ask.password-again', {}, language)} ")
    except EOFError:  # nobody is there to type it
        raise PersonError("error.password-none") from None
    if typed != again:
        raise PersonError("error.password-differs")
    return hashed(typed, parsed.login)


ACTIONS: dict[str, Callable[[Store, argparse.Namespace, Language], None]] = {
    "add": _add,
    "list": _list,
    "password": _password,
    "role": _role,
    "departments": _departments,
    "close": _close,
    "open": _open,
}

COMMAND = Command(
    "person",
    build,
    run,
    (
        "qagaz person add results saule --name Сәуле --language kk",
        "qagaz person add results bolat --department Алматы --department Шымкент",
        "qagaz person list results",
        "qagaz person role results bolat --role supervisor",
        "qagaz person departments results bolat --everywhere",
        "qagaz person password results bolat --password-stdin < secret",
        "qagaz person close results bolat",
    ),
)
