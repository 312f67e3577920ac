"""Accounts looked after: who may change whose, and what a change ends."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from layouts.errors import QagazError
from review.answers import now
from review.station import visits
from review.station.visits import LoginError, log_in, log_out, present
from review.store import Store
from review.work.audit import verify
from review.work.schema import Attempt, Person, Record, Task, Visit
from review.work.staff import accounts, passwords
from review.work.staff.accounts import Wanted
from review.work.staff.passwords import fits, hashed
from review.work.staff.people import PeopleError, Role, add_person, tidy, worker_of

PASSWORD = "қағаз 2026 ok"
SECRET = hashed(PASSWORD, "x-y-z")


@pytest.fixture
def store(url):
    """Two supervisors: `saule` of everything, `aigul` of Almaty, with an operator in each of two departments."""
    with Store(url, {}) as made:
        with made.database.writing() as session:
            for login, role, places in (
                ("saule", Role.SUPERVISOR, []),
                ("aigul", Role.SUPERVISOR, ["Алматы"]),
                ("asel", Role.OPERATOR, ["Алматы"]),
                ("bolat", Role.OPERATOR, ["Алматы", "Астана"]),
            ):
                add_person(session, login, login.title(), SECRET, role, departments=places, everywhere=not places)
        yield made


def worker(store, login):
    with store.database.reading() as session:
        return worker_of(session, session.scalars(select(Person).where(Person.login == login)).one())


def wanted(role=Role.OPERATOR, *places, everywhere=False, name="N"):
    return Wanted(name, role, places, everywhere, "kk")


def change(store, by, login, wish):
    by = worker(store, by) if by else None
    with store.database.writing() as session:
        accounts.change_account(session, by, login, wish)


def acts(store):
    with store.database.reading() as session:
        return [(each.who, each.act, each.subject) for each in session.scalars(select(Record).order_by(Record.id))]


def enter(store, login="asel", password=PASSWORD, address="10.0.0.1"):
    return log_in(store.database, login, password, address)


def who(store, key):
    with store.database.reading() as session:
        found = present(session, key)
        return found.worker.login if found else ""


def test_who_looks_after_whom(store):
    """A supervisor of one department sees no account that works for another one too."""
    with store.database.reading() as session:
        seen = {
            login: [each.login for each in accounts.accounts(session, worker(store, login))]
            for login in ("saule", "aigul")
        }
    assert seen == {"saule": ["aigul", "asel", "bolat", "saule"], "aigul": ["aigul", "asel"]}


@pytest.mark.parametrize("login", ["bolat", "saule", "nobody"])
def test_somebody_else_s_account_is_like_none(store, login):
    """The same words whether there is none or it is not theirs to look after."""
    aigul = worker(store, "aigul")
    for act in (
        lambda session: accounts.account(session, aigul, login),
        lambda session: accounts.change_account(session, aigul, login, wanted(Role.OPERATOR, "Алматы")),
        lambda session: accounts.set_password(session, aigul, login, SECRET),
        lambda session: accounts.set_active(session, aigul, login, active=False),
    ):
        with pytest.raises(PeopleError, match="account-unknown"), store.database.writing() as session:
            act(session)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (wanted(everywhere=True), "grant-more"),
        (wanted(Role.OPERATOR, "Астана"), "grant-more"),
        (wanted(Role.OPERATOR, "Алматы", "Новое"), "grant-more"),
        (wanted(), "grant-nothing"),
    ],
)
def test_nobody_grants_more_than_they_have(store, wish, message):
    """Neither to others nor to themselves, nor by a new account."""
    for login in ("asel", "aigul"):
        with pytest.raises(PeopleError, match=message):
            change(store, "aigul", login, wish)
    with pytest.raises(PeopleError, match=message), store.database.writing() as session:
        accounts.add_account(session, worker(store, "aigul"), "new", SECRET, wish)


def test_a_department_is_made_by_those_who_work_everywhere(store):
    """Once, whatever spaces its name has."""
    with store.database.writing() as session:
        accounts.add_department(session, worker(store, "saule"), " Шымкент\n қаласы ")
    with pytest.raises(PeopleError, match="grant-more"), store.database.writing() as session:
        accounts.add_department(session, worker(store, "aigul"), "Тараз")
    with pytest.raises(PeopleError, match="department-taken"), store.database.writing() as session:
        accounts.add_department(session, worker(store, "saule"), "Шымкент қаласы")
    assert acts(store)[-1] == ("saule", "department-added", "Шымкент қаласы")


@pytest.mark.parametrize("how", ["closed", "role", "departments"])
def test_the_last_supervisor_of_everything_stays(store, how):
    """One of a single department is not enough; once there is another, the first may go."""

    def lessen():
        if how == "closed":
            with store.database.writing() as session:
                accounts.set_active(session, None, "saule", active=False)
        elif how == "role":
            change(store, "", "saule", wanted(Role.AUDITOR, everywhere=True))
        else:
            change(store, "", "saule", wanted(Role.SUPERVISOR, "Алматы"))

    with pytest.raises(PeopleError, match="last-supervisor"):
        lessen()
    with store.database.writing() as session:
        accounts.add_account(session, None, "dana", SECRET, wanted(Role.SUPERVISOR, everywhere=True))
    lessen()


def test_two_who_close_each_other_do_not_both_succeed(store):
    """Of two supervisors at the same moment, one is left."""
    with store.database.writing() as session:
        accounts.add_account(session, None, "dana", SECRET, wanted(Role.SUPERVISOR, everywhere=True))
    together, refused = threading.Barrier(2), []

    def close(by, login):
        person = worker(store, by)
        together.wait()
        try:
            with store.database.writing() as session:
                accounts.set_active(session, person, login, active=False)
        except PeopleError as error:
            refused.append(error.message_id)

    threads = [threading.Thread(target=close, args=pair) for pair in (("saule", "dana"), ("dana", "saule"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert refused == ["error.last-supervisor"]


@pytest.mark.parametrize("how", ["password", "role", "departments", "closed"])
def test_a_change_ends_visits_and_frees_forms(store, how):
    """Whoever is logged in is no longer; a change of the name or language alone ends nothing."""
    key = enter(store)
    change(store, "saule", "asel", wanted(Role.OPERATOR, "Алматы", name="Асель"))
    assert who(store, key) == "asel"
    with store.database.writing() as session:
        if how == "password":
            accounts.set_password(session, worker(store, "saule"), "asel", hashed("another one 1", "asel"))
        elif how == "closed":
            accounts.set_active(session, worker(store, "saule"), "asel", active=False)
        else:
            role, place = (Role.AUDITOR, "Алматы") if how == "role" else (Role.OPERATOR, "Астана")
            accounts.change_account(session, worker(store, "saule"), "asel", wanted(role, place))
    assert who(store, key) == ""


def test_a_closed_account_holds_no_form_and_opens_again(store):
    """What it held is free; the password from before works once it is open."""
    with store.database.writing() as session:
        session.add(Task(
            source="a" * 64, form=1, file="a", state="open", later=False, open=1, needed=1, asked=1, causes="",
            reasons="",
            since=now(), holder=worker(store, "asel").id, held_from=now(), held_until=now(), seconds=0, first="",
            again=False, second="",
        ))  # fmt: skip
    with store.database.writing() as session:
        accounts.set_active(session, worker(store, "saule"), "asel", active=False)
    with store.database.reading() as session:
        assert session.get_one(Task, ("a" * 64, 1)).holder is None
    with pytest.raises(LoginError, match="login-wrong"):
        enter(store)
    with store.database.writing() as session:
        accounts.set_active(session, worker(store, "saule"), "asel", active=True)
    assert who(store, enter(store)) == "asel"


def test_every_change_is_on_record_with_who_made_it(store):
    """And what it grants; never a password."""
    key = enter(store)
    change(store, "saule", "asel", wanted(Role.AUDITOR, "Астана", "Алматы"))
    with store.database.writing() as session:
        log_out(session, enter(store, "bolat"), everywhere=True)
        accounts.set_password(session, worker(store, "saule"), "asel", SECRET)
        accounts.set_active(session, worker(store, "saule"), "asel", active=False)
    assert acts(store)[4:] == [
        ("asel", "login", "asel"),
        ("saule", "person-changed", "asel: auditor (Алматы, Астана)"),
        ("bolat", "login", "bolat"),
        ("bolat", "logout-everywhere", "bolat"),
        ("saule", "person-password", "asel"),
        ("saule", "person-closed", "asel"),
    ]
    assert key
    with store.database.reading() as session:
        assert list(verify(session)) == []


def test_failures_are_on_record_and_refusals_once(store):
    """Kept although the log-in ends in an error; what is typed as a log-in and is none, is not kept."""
    for login in ("asel", "secret word typed here"):
        for _ in range(visits.MOST_BY_LOGIN):
            with pytest.raises(LoginError, match="login-wrong"):
                enter(store, login, "wrong")
        for _ in range(3):
            with pytest.raises(LoginError, match="login-wait"):
                enter(store, login)
    told = [(act, subject) for _, act, subject in acts(store)[4:]]
    each = visits.MOST_BY_LOGIN
    assert told == [
        *[("login-failed", "asel")] * each, ("login-refused", "asel"),
        *[("login-failed", "?")] * each, ("login-refused", "?"),
    ]  # fmt: skip


def test_failures_by_address_count_whatever_names_are_tried(store, monkeypatch):
    """Another address may still log in."""
    monkeypatch.setattr(visits, "fits", lambda *_: False)
    for number in range(visits.MOST_BY_ADDRESS):
        with pytest.raises(LoginError, match="login-wrong"):
            enter(store, f"name{number}")
    monkeypatch.setattr(visits, "fits", fits)
    with pytest.raises(LoginError, match="login-wait"):
        enter(store)
    assert who(store, enter(store, address="10.0.0.2")) == "asel"


def test_guesses_at_the_same_moment_are_no_more_than_one_after_the_other(store, monkeypatch):
    """A failure is noted before the password is looked at."""
    looked = []
    monkeypatch.setattr(visits, "fits", lambda *_: looked.append(1) and False)
    many = 12
    together = threading.Barrier(many)

    def guess():
        together.wait()
        with pytest.raises(LoginError):
            enter(store, password="wrong")

    threads = [threading.Thread(target=guess) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(looked) == visits.MOST_BY_LOGIN


def test_success_forgives_and_time_heals(store, monkeypatch):
    """Failures before a success do not count; after a quarter of an hour none does, and they are swept away."""
    for _ in range(2):
        for _ in range(visits.MOST_BY_LOGIN - 1):
            with pytest.raises(LoginError, match="login-wrong"):
                enter(store, password="wrong")
        enter(store)
    with store.database.writing() as session:
        for _ in range(visits.MOST_BY_LOGIN):
            session.add(Attempt(login="asel", address="", at=now() - visits.WINDOW, refused=False))
    enter(store)
    with store.database.reading() as session:
        assert session.query(Attempt).count() == 0


def test_a_visit_lasts_as_long_as_somebody_is_there(store, monkeypatch):
    """An idle hour ends it, each sign of life begins the hour anew, a working day ends it anyway; then it is swept."""
    key = enter(store)
    begun = now()
    for minutes, there in ((50, True), (100, True), (159, True), (220, False)):
        monkeypatch.setattr(visits, "now", lambda minutes=minutes: begun + timedelta(minutes=minutes))
        assert bool(who(store, key)) is there
        with store.database.writing() as session:
            visits.touch(session, key) if there else None
    monkeypatch.setattr(visits, "now", lambda: begun + visits.LASTS + timedelta(minutes=1))
    with store.database.writing() as session:
        visits.touch(session, key)
    assert who(store, key) == ""
    enter(store)
    with store.database.reading() as session:
        assert session.query(Visit).count() == 1


def test_a_password_is_looked_at_outside_of_any_transaction(store, monkeypatch):
    """While it is, others write."""

    def slow(*_):
        with store.database.writing() as session:
            accounts.add_department(session, None, "meanwhile")
        return True

    monkeypatch.setattr(visits, "fits", slow)
    assert who(store, enter(store)) == "asel"


def test_a_password_changed_while_it_is_looked_at_no_longer_opens(store, monkeypatch):
    """Nor does that of an account closed at that moment."""

    def meanwhile(*_):
        with store.database.writing() as session:
            accounts.set_password(session, None, "asel", hashed("another one 1", "asel"))
        return True

    monkeypatch.setattr(visits, "fits", meanwhile)
    with pytest.raises(LoginError, match="login-wrong"):
        enter(store)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaa", "xx-asel-2026", "x" * 201 + "abc"])
def test_a_weak_password_is_refused(weak):
    """Short, one letter, the log-in inside, or too long to be typed."""
    with pytest.raises(QagazError, match="password-weak"):
        hashed(weak, "asel")


def test_a_password_is_the_same_however_it_is_put_together():
    """«й» of one code point and of two; halves of code points and zeros stop nothing."""
    secret = hashed("пароль й 2026", "asel")
    assert fits("пароль и\u0306 2026", secret)
    assert not fits("\ud800\0", secret)
    assert not fits("x" * (1 << 20), secret)
    assert not fits("", None)
    assert secret.startswith("$argon2id$")


def test_only_so_many_passwords_are_looked_at_at_once(monkeypatch):
    """A flood of log-ins waits instead of eating the memory."""
    now_, most, lock = [0], [0], threading.Lock()

    class Slow:
        def verify(self, *_):
            with lock:
                now_[0] += 1
                most[0] = max(most[0], now_[0])
            threading.Event().wait(0.02)
            with lock:
                now_[0] -= 1
            return True

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    threads = [threading.Thread(target=fits, args=("x", "y")) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert 1 < most[0] <= passwords.AT_ONCE


def test_names_are_one_line_and_not_endless():
    """Nothing in them ends a header or a line of the log."""
    assert tidy("A\r\nSet-Cookie: x\0") == "A Set-Cookie: x"
    with pytest.raises(PeopleError, match="name-long"):
        tidy("x" * 121)
