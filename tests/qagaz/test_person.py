"""Accounts and the audit log at the command line."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import create_engine, text

from qagaz.cli import main
from review.store import FILE
from review.work.staff.passwords import fits

PASSWORD = "қағаз 2026 ok"


@pytest.fixture
def person(tmp_path, monkeypatch, capsys):
    """The function that runs `qagaz person ACTION DIR …`: its exit status and what it prints."""

    def run(action, *given, password=PASSWORD):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\nanother line\n"))
        status = main(["person", action, str(tmp_path / "new"), *given, "--language", "kk"])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def rows(tmp_path, query):
    engine = create_engine(f"sqlite:///{tmp_path / 'new' / FILE}")
    with engine.connect() as connection:
        found = connection.execute(text(query)).all()
    engine.dispose()
    return [tuple(row) for row in found]


def test_the_first_account_may_do_everything_and_the_next_is_an_operator(person, tmp_path):
    """The store is made where there is none; the password is kept as its hash and shown nowhere."""
    status, out, err = person("add", "Saule", "--name", "Сәуле", "--password-stdin")
    assert (status, out) == (0, "")
    assert "supervisor (*)" in err
    assert PASSWORD not in err
    assert person("add", "asel", "--department", "Алматы", "--department", "Астана", "--password-stdin")[0] == 0
    assert person("list")[1].splitlines() == [
        "asel\toperator\tАлматы, Астана\topen\tkk\tasel",
        "saule\tsupervisor\t*\topen\tkk\tСәуле",
    ]
    assert all(fits(PASSWORD, secret) for (secret,) in rows(tmp_path, "SELECT secret FROM people"))


def test_a_password_is_asked_twice(person, monkeypatch):
    """Without showing it; two different ones make no account."""
    typed = iter([PASSWORD, PASSWORD, PASSWORD, "another one 1"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert person("add", "saule")[0] == 0
    status, _, err = person("add", "asel", "--everywhere")
    assert status == 2
    assert "Құпия сөздер бірдей емес" in err
    assert "asel" not in person("list")[1]


def test_accounts_are_changed(person):
    """Role, departments, password, closed and open."""
    person("add", "saule", "--password-stdin")
    person("add", "asel", "--department", "Алматы", "--password-stdin")
    for action, given in (
        ("role", ["--role", "auditor"]),
        ("departments", ["--everywhere"]),
        ("password", ["--password-stdin"]),
        ("close", []),
    ):
        assert person(action, "asel", *given)[0] == 0
    assert person("list")[1].splitlines()[0] == "asel\tauditor\t*\tclosed\tkk\tasel"
    assert person("open", "asel")[0] == 0
    assert person("departments", "asel", "--department", "Тараз")[0] == 0
    assert person("list")[1].splitlines()[0] == "asel\tauditor\tТараз\topen\tkk\tasel"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["close", "saule"], "соңғы жетекші"),
        (["close", "nobody"], "«nobody»"),
        (["role", "saule"], "--role"),
        (["close"], "Логин көрсетілмеген"),
        (["add", "asel", "--password-stdin"], "Кемінде бір бөлімшені"),
        (["add", "saule", "--everywhere", "--password-stdin"], "бос емес"),
    ],
)
def test_what_cannot_be_done_is_told(person, given, told):
    """In the language spoken, with exit status 2."""
    person("add", "saule", "--password-stdin")
    status, _, err = person(*given)
    assert status == 2
    assert told in err


def test_only_adding_makes_a_store(person, tmp_path):
    """A slip of the folder's name is told."""
    assert person("list")[0] == 2
    assert not (tmp_path / "new").exists()


def test_the_log_is_checked_and_its_end_printed(person, tmp_path, capsys):
    """0 where it fits, 3 with a line for each break where it does not."""
    person("add", "saule", "--password-stdin")
    folder = str(tmp_path / "new")
    assert main(["audit", "show", folder]) == 0
    count, link = capsys.readouterr().out.split()
    assert (count, len(link)) == ("1", 64)
    person("add", "asel", "--everywhere", "--password-stdin")
    assert main(["audit", "verify", folder, "--head", link]) == 0
    assert main(["audit", "verify", folder, "--head", "f" * 64, "--language", "en"]) == 3
    assert "the end that was noted is not in the log" in capsys.readouterr().out
    engine = create_engine(f"sqlite:///{tmp_path / 'new' / FILE}")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET who = 'asel' WHERE id = 2"))
    engine.dispose()
    assert main(["audit", "verify", folder, "--language", "en"]) == 3
    assert capsys.readouterr().out == "entry 2 was changed, put in or taken out\n"


def test_where_nobody_can_type_it_the_password_is_asked_for_otherwise(person, monkeypatch):
    """Called by a script without a terminal: a sentence, no traceback."""

    def nobody(_prompt):
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    status, _out, err = person("add", "saule")
    assert status == 2
    assert "--password-stdin" in err
