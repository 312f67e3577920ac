"""Answers are taken back in the order they were given, and only one's own."""

from __future__ import annotations

import pytest

from layouts.errors import QagazError
from review.case import open_case
from review.work.claims import ClaimError, claim, claim_next, release
from review.work.colleagues import colleagues
from review.work.schema import Task
from review.work.second.keying import KeyingError, key_cell
from review.work.staff.people import Role
from review.work.taking_back import NothingSaidError, last_said, take_back
from review.work.tasks import State
from tests.review.station.forms import LAYOUTS, task_of
from tests.review.work.conftest import ALWAYS

ONE, OTHER = "s2/1/1", "s2/1/2"


def back(office, worker, form, token="t"):
    with office.writing() as session:
        return take_back(session, LAYOUTS, worker, form.key, token, office.share)


def values(office, form):
    with office.reading() as session:
        return {place: said.value for place, said in open_case(session, LAYOUTS, form.key).answers.items()}


def test_the_last_answer_first_until_none_is_left(office):
    """Each time one more; the same request sent again takes nothing more back."""
    asel, form = office.hire("asel"), office.form(doubts=[ONE, OTHER])
    office.claim(asel, form)
    office.say(asel, form, ONE, "1")
    office.say(asel, form, ONE, "2")
    office.say(asel, form, OTHER, "3")
    assert back(office, asel, form, "a") == OTHER
    assert back(office, asel, form, "a") == ""
    assert values(office, form) == {ONE: "2"}
    assert back(office, asel, form, "b") == ONE
    assert values(office, form) == {ONE: "1"}
    back(office, asel, form, "c")
    with pytest.raises(NothingSaidError):
        back(office, asel, form, "d")


def test_a_settled_form_is_taken_up_again(office):
    """It is one's own and open after its last answer was taken back; not where another works on it."""
    asel, bolat = office.hire("asel"), office.hire("bolat")
    form = office.form(doubts=["s2/1/1"])
    office.claim(asel, form)
    office.say(asel, form, ONE, form.truth[ONE])
    assert (task_of(office.store, form).state, task_of(office.store, form).holder) == ("done", None)
    back(office, asel, form)
    assert (task_of(office.store, form).state, task_of(office.store, form).holder) == ("open", asel.id)
    office.say(asel, form, ONE, form.truth[ONE])
    office.claim(bolat, form)
    with pytest.raises(ClaimError):
        back(office, asel, form, "again")


def test_a_form_drawn_for_second_keying_is_taken_back_until_it_is_begun(office):
    """To whoever settled it it is as any other; they cannot key it, and once another has, it is out of their hands."""
    office.share = ALWAYS
    asel, bolat = office.hire("asel"), office.hire("bolat")
    form = office.form(doubts=[ONE])
    office.claim(asel, form)
    office.say(asel, form, ONE, form.truth[ONE])
    assert task_of(office.store, form).state == "second"
    back(office, asel, form, "a")
    assert (task_of(office.store, form).state, task_of(office.store, form).holder) == ("open", asel.id)
    office.say(asel, form, ONE, form.truth[ONE])
    assert task_of(office.store, form).state == "second"
    office.claim(asel, form)
    with pytest.raises(KeyingError), office.writing() as session:
        key_cell(session, LAYOUTS, asel, form.key, ONE, form.truth[ONE], office.share)
    with office.writing() as session:
        release(session, asel, form.key)
        assert claim_next(session, bolat, (State.SECOND,)) == form.key
        key_cell(session, LAYOUTS, bolat, form.key, ONE, form.truth[ONE], office.share)
        release(session, bolat, form.key)
    assert task_of(office.store, form).state == "second"
    with pytest.raises(ClaimError) as told:
        back(office, asel, form, "b")
    assert told.value.message_id == "error.claim-own"


def test_another_s_answer_is_not_taken_back(office):
    """Nor one's own that another has spoken after."""
    asel, saule = office.hire("asel"), office.hire("saule", Role.SUPERVISOR)
    form = office.form(doubts=[ONE, OTHER])
    office.claim(asel, form)
    office.say(asel, form, ONE, "1")
    with office.writing() as session:
        session.get_one(Task, form.key).holder = None
    office.claim(saule, form)
    office.say(saule, form, ONE, "2")
    with office.reading() as session:
        assert last_said(session, asel, form.key) is None
        assert last_said(session, saule, form.key).value == "2"


def test_colleagues_are_of_the_department_and_no_auditors(office):
    """Whoever may be handed the form, without oneself."""
    asel = office.hire("asel", departments=["A"])
    office.hire("bolat", departments=["B"])
    office.hire("dana", departments=["A", "B"])
    office.hire("saule", Role.SUPERVISOR)
    office.hire("anna", Role.AUDITOR)
    form = office.form(doubts=[ONE], office="A")
    with office.reading() as session:
        found = colleagues(session, asel, session.get_one(Task, form.key))
        assert [person.login for person in found] == ["dana", "saule"]


def test_no_form_of_others_is_told_of(office):
    """Another department's form is unknown, taken back or not."""
    asel, form = office.hire("asel", departments=["A"]), office.form(doubts=[ONE], office="B")
    with pytest.raises(QagazError) as told:
        back(office, asel, form)
    assert told.value.message_id == "error.claim-unknown"
    with pytest.raises(ClaimError), office.writing() as session:
        claim(session, asel, form.key)
