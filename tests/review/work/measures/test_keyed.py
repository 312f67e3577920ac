"""Second keying told honestly, and the people at the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from layouts.load import shipped_layouts
from review.answers import now
from review.intervals import upper_bound
from review.portions import Portion
from review.schema import Event
from review.store import Store
from review.work.audit import verify
from review.work.claims import ClaimError, claim
from review.work.measures.crew import at_work, choose_share, free, hand, operators, receivers
from review.work.measures.keyed import agreement, keyed, measured
from review.work.measures.scope import Scope
from review.work.schema import Person, Record, Task, Watched
from review.work.staff.people import Role, add_person, worker_of
from review.work.tasks import Share as Drawn
from review.work.tasks import share_now
from tests.review.pile import pile

CELLS = tuple(f"s2/1.{n}/1" for n in range(1, 7))
PEOPLE = {"asel": Role.OPERATOR, "bolat": Role.OPERATOR, "saule": Role.SUPERVISOR}


@pytest.fixture
def store(url):
    """Twenty forms, each with two figures, nothing said about them; three people."""
    with Store(url, shipped_layouts()) as made:
        pile(made, 20, cells=CELLS, days=1, logins=("asel", "bolat"))
        with made.database.writing() as session:
            for login, role in PEOPLE.items():
                places = ["Алматы"] if login == "bolat" else []
                add_person(
                    session, login, login.title(), "қағаз 2026 ok", role, everywhere=not places, departments=places
                )
            for task in session.scalars(select(Task)):
                task.state, task.first, task.seconds, task.settled = "done", "", 0, None
            for row in session.scalars(select(Watched)):
                session.delete(row)
        yield made


def person(session, login):
    return worker_of(session, session.scalar(select(Person).where(Person.login == login)))


def inked(session, number):
    """Places of a form that hold a figure, with its value; nobody said anything about them beside the machine."""
    wanted = select(Event.place, Event.value).where(Event.source == f"{number:064x}", Event.act == "read")
    return list(session.execute(wanted.order_by(Event.place)))


def say(session, number, place, act, value, who, origin="operator"):
    session.add(
        Event(
            source=f"{number:064x}", form=1, place=place, act=act, origin=origin, value=value, note="", who=who,
            versions="", at=now(),
        )
    )  # fmt: skip
    session.flush()


def fresh(session):
    """Only what is said from now on: pile's own second keying is before it."""
    return Scope(person(session, "saule"), since=now() - timedelta(minutes=1))


def test_what_second_keying_finds(store):
    """Equal is agreement; a difference counts as wrong until somebody decides for the first word."""
    with store.database.writing() as session:
        (a, x), (b, y) = inked(session, 0)[:2]
        say(session, 0, a, "second", x, "bolat")  # accepted as read, and right
        say(session, 0, b, "answer", "5", "asel")
        say(session, 0, b, "second", y, "bolat")  # two people differ
        found = {each.place: each for each in keyed(session, fresh(session))}
        assert (found[a].first, found[a].agreed, found[a].wrong) == ("", True, False)
        assert (found[b].first, found[b].before, found[b].agreed) == ("asel", "5", False)
        session.get_one(Task, (f"{0:064x}", 1)).state = "dispute"
        assert [each.wrong for each in keyed(session, fresh(session)) if each.place == b] == [True]
        say(session, 0, b, "answer", "5", "saule")  # decided for the first
        session.get_one(Task, (f"{0:064x}", 1)).state = "done"
        assert [each.wrong for each in keyed(session, fresh(session)) if each.place == b] == [False]
        say(session, 0, b, "answer", y, "saule")  # decided for the second
        now_ = keyed(session, fresh(session))
        assert [(each.wrong, each.before, each.now) for each in now_ if each.place == b] == [(True, "5", y)]
        assert agreement(now_, "asel") == Portion(0, 1)
        assert agreement(now_, "bolat") == Portion(0, 0)


def test_words_taken_back_and_the_respondents_do_not_count_as_read(store):
    """An answer undone before is none; what the respondent corrects is not what the paper says."""
    with store.database.writing() as session:
        (a, x), (b, y) = inked(session, 1)[:2]
        say(session, 1, a, "answer", "77", "asel")
        say(session, 1, a, "undo", "", "asel")
        say(session, 1, a, "second", x, "bolat")
        say(session, 1, b, "answer", "99", "asel", "respondent")
        say(session, 1, b, "second", y, "bolat")
        found = keyed(session, fresh(session))
        assert [(each.first, each.agreed) for each in found] == [("", True), ("", True)]


def test_bounds_are_those_of_the_cells_and_forms(store):
    """Without an error the exact bound; with errors of one form together it is wider than with errors apart."""
    with store.database.writing() as session:
        for number in range(20):
            for place, value in inked(session, number):
                say(session, number, place, "second", value, "bolat")
        found = keyed(session, fresh(session))
        assert len(found) == 40
        doubted = measured(found, accepted=True)
        assert doubted.wrong == 0
        assert doubted.bound == pytest.approx(1 - 0.05 ** (1 / doubted.cells), rel=1e-6)
        for place, value in inked(session, 3):
            say(session, 3, place, "second", value + "1", "bolat")
        session.get_one(Task, (f"{3:064x}", 1)).state = "dispute"
        worse = measured(keyed(session, fresh(session)), accepted=True)
        assert worse.wrong == 2
        assert worse.bound > upper_bound(2, 40) > doubted.bound


def test_only_figures_of_departments_seen_are_compared(store):
    """Another department's second keying is not there."""
    with store.database.writing() as session:
        for place, value in inked(session, 0):
            say(session, 0, place, "second", value, "bolat")  # received by Астана
        assert len(keyed(session, fresh(session))) == 2
        assert keyed(session, Scope(person(session, "bolat"))) == []
        assert operators(session, Scope(person(session, "bolat")), []) == []


def test_attention_is_what_was_struck_of_what_did_not_belong(store):
    """Crops that belong and were struck out are told apart."""
    with store.database.writing() as session:
        for belongs, struck, times in ((False, True, 9), (False, False, 1), (True, True, 2), (True, False, 8)):
            for _ in range(times):
                crop = {"source": f"{0:064x}", "form": 1, "place": "s2/1.1/1", "at": now()}
                session.add(Watched(who="asel", belongs=belongs, struck=struck, **crop))
        session.flush()
        (asel,) = operators(session, fresh(session), [])
        assert (asel.name, asel.caught, asel.struck) == ("Asel", Portion(9, 10), Portion(2, 10))


def test_a_held_form_is_handed_over_or_freed(store):
    """To somebody who may see it; it is on record, and the chain holds."""
    key = (f"{0:064x}", 1)
    with store.database.writing() as session:
        asel, saule, bolat = (person(session, login) for login in ("asel", "saule", "bolat"))
        claim(session, asel, key)
        (hand_,) = [each for each in at_work(session, saule) if each.login == "asel"]
        assert [task.source for task in hand_.tasks] == [key[0]]
        assert {worker.login for worker, _ in receivers(session, saule)} == {"asel", "bolat", "saule"}
        with pytest.raises(ClaimError):
            hand(session, saule, key, "bolat")  # works for another department
        with pytest.raises(ClaimError):
            hand(session, bolat, key, "bolat")
        hand(session, saule, key, "saule")
        assert session.get_one(Task, key).holder == saule.id
        free(session, saule, key)
        assert session.get_one(Task, key).holder is None
        with pytest.raises(ClaimError):
            free(session, bolat, key)
    with store.database.reading() as session:
        assert [broken for broken in verify(session) if broken.what != "audit.unrecorded"] == []
        assert [r.act for r in session.scalars(select(Record).order_by(Record.id))][-2:] == ["handed-over", "freed"]


def test_the_share_that_is_set_is_the_one_drawn_by(store):
    """Until then the house's own; raised, the forms drawn before stay drawn."""
    with store.database.writing() as session:
        assert share_now(session, Drawn(0.05, "x")) == Drawn(0.05, "x")
        choose_share(session, person(session, "saule"), 0.2)
        raised = share_now(session, Drawn(0.05, "x"))
        assert raised == Drawn(0.2, "x")
        keys = [(str(n), 1) for n in range(500)]
        assert {key for key in keys if Drawn(0.05, "x").draws(key)} < {key for key in keys if raised.draws(key)}
