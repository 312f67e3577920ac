"""Answers of whoever holds a form."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from review.answers import Act, AnswerError, Origin
from review.case import open_case
from review.schema import Event
from review.work.answering import AnotherSaidError, note
from review.work.audit import verify
from review.work.claims import ClaimError, claim_next
from review.work.saying import Given
from review.work.schema import Task
from review.work.staff.people import Role
from review.work.tasks import State
from tests.review.station.forms import LAYOUTS

TOLD = Origin.RESPONDENT
CELL = "s2/1/1"


def words(office):
    with office.reading() as session:
        said = session.scalars(select(Event).where(Event.act != "read").order_by(Event.id))
        return [(event.who, event.place, event.act, event.value) for event in said]


def final(office, form, place=CELL):
    with office.reading() as session:
        figures = open_case(session, LAYOUTS, form.key).figures
        found = [f for f in figures if f"s{f.section}/{f.line}/{f.column}" == place]
        return [(f.paper_value, f.final_value, f.origin) for f in found]


@pytest.fixture
def form(office):
    return office.form(doubts=[CELL, "s2/1/2"], wrong={CELL: "1"})


def test_the_same_sent_again_is_kept_once(office, form):
    """Also where the first of them settled the form and let go of it, and where both come at the same moment."""
    asel = office.hire("asel")
    office.claim(asel, form)
    office.say(asel, form, "s2/1/2", form.truth["s2/1/2"], token="t1")
    errors = []

    def send():
        try:
            office.say(asel, form, CELL, form.truth[CELL], token="t2")
        except Exception as error:  # noqa: BLE001  # whatever it is, it must not be
            errors.append(error)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.say(asel, form, CELL, form.truth[CELL], token="t2")
    assert (errors, len(words(office))) == ([], 2)


def test_another_answer_under_a_used_token_is_another_answer(office, form):
    """A page gone back to sends its token again; what is typed there now must not be lost."""
    asel = office.hire("asel")
    office.claim(asel, form)
    office.say(asel, form, CELL, "5", token="t")
    office.say(asel, form, CELL, "6", token="t")
    assert [value for *_, value in words(office)] == ["5", "6"]


def test_a_token_is_used_up_by_its_owner_alone(office, form):
    """Nor does an answer without one count as sent before."""
    asel, bolat = office.hire("asel"), office.hire("bolat")
    for who, place in ((asel, CELL), (bolat, "s2/1/2")):
        with office.writing() as session:
            task = session.get_one(Task, form.key)
            task.holder, task.held_until = who.id, None
        office.say(who, form, place, "5", token="t")
        office.say(who, form, place, "5", token="")
    assert [who for who, *_ in words(office)] == ["asel", "asel", "bolat", "bolat"]


def test_whoever_speaks_is_who_is_logged_in(office, form):
    """Whatever the browser says."""
    asel = office.hire("asel")
    office.claim(asel, form)
    office.say(asel, form, CELL, "5")
    assert words(office) == [("asel", CELL, "answer", "5")]


def test_nothing_is_kept_of_answers_one_of_which_is_none(office, form):
    """All or none; and the token is not used up."""
    asel = office.hire("asel")
    office.claim(asel, form)
    with pytest.raises(AnswerError):
        office.say(asel, form, CELL, "a lot", token="t")
    office.say(asel, form, CELL, "5", token="t")
    assert len(words(office)) == 1


def test_a_form_one_does_not_hold_is_not_answered(office, form):
    """Nor noted on."""
    asel = office.hire("asel")
    with pytest.raises(ClaimError, match="claim-lost"):
        office.say(asel, form, CELL, "5")
    with pytest.raises(ClaimError), office.writing() as session:
        note(session, LAYOUTS, asel, form.key, Given("", 0, "form", ""), Act.NOTE, office.share)
    assert words(office) == []


def take(office, worker, form):
    with office.writing() as session:
        task = session.get_one(Task, form.key)
        task.holder, task.held_until = worker.id, None


def test_another_s_answer_stands(office, form):
    """Neither replaced nor taken back, but by a supervisor; what the respondent says goes on top of it."""
    asel, bolat = office.hire("asel"), office.hire("bolat")
    saule = office.hire("saule", Role.SUPERVISOR)
    take(office, asel, form)
    office.say(asel, form, CELL, "5")
    take(office, bolat, form)
    for how in ({"value": "6"}, {"value": "confirm"}, {"undo": True}):
        with pytest.raises(AnotherSaidError):
            office.say(bolat, form, CELL, **how)
    office.say(bolat, form, CELL, "7", origin=TOLD)
    take(office, saule, form)
    office.say(saule, form, CELL, "8")
    office.say(saule, form, CELL, undo=True)
    assert len(words(office)) == 4


def test_what_was_read_under_the_respondent_s_word_is_protected_too(office, form):
    """Its reader's own undo takes back their reading, and another's undo nothing."""
    asel, bolat, dina = (office.hire(name) for name in ("asel", "bolat", "dina"))
    take(office, asel, form)
    office.say(asel, form, CELL, "5")
    take(office, bolat, form)
    office.say(bolat, form, CELL, "7", origin=TOLD)
    take(office, dina, form)
    with pytest.raises(AnotherSaidError):
        office.say(dina, form, CELL, "9")
    take(office, asel, form)
    office.say(asel, form, CELL, "6")
    take(office, bolat, form)
    with pytest.raises(AnotherSaidError):
        office.say(bolat, form, CELL, undo=True)
    take(office, asel, form)
    office.say(asel, form, CELL, undo=True)
    take(office, bolat, form)
    office.say(bolat, form, CELL, undo=True)
    assert words(office)[-2:] == [("asel", CELL, "undo", ""), ("bolat", CELL, "undo", "")]


def test_a_settled_form_is_let_go_and_all_is_on_record(office, form):
    """The next one in the queue is another."""
    asel = office.hire("asel")
    other = office.form("b.png", seed=2, doubts=[CELL, "s2/1/2", "s2/1/3"])
    office.claim(asel, form)
    office.say(asel, form, CELL, form.truth[CELL])
    office.say(asel, form, "s2/1/2", form.truth["s2/1/2"])
    with office.writing() as session:
        task = session.get_one(Task, form.key)
        assert (task.state, task.first, task.holder, task.open) == (State.DONE.value, "asel", None, 0)
        assert claim_next(session, asel) == other.key
    with office.reading() as session:
        assert list(verify(session)) == []
    assert final(office, form) == [(form.truth[CELL], form.truth[CELL], "operator")]
