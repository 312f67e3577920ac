"""One form, one person."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from review.answers import aware, now
from review.work.audit import verify
from review.work.claims import (
    HELD_FOR,
    ClaimError,
    check_claim,
    claim,
    claim_next,
    hand_over,
    held,
    is_impartial,
    release,
)
from review.work.schema import Record, Task
from review.work.staff.people import Role
from review.work.tasks import State
from tests.review.load.made import copy


def task_of(office, form):
    with office.reading() as session:
        task = session.get_one(Task, form.key)
        session.expunge(task)
        return task


def lapse(office, form):
    """As if nothing had been done about it for too long."""
    with office.writing() as session:
        session.get_one(Task, form.key).held_until = now() - timedelta(seconds=1)


def next_of(office, worker, *states):
    with office.writing() as session:
        return claim_next(session, worker, states or (State.OPEN,))


def test_two_people_are_given_two_forms_and_a_third_none(office):
    """The one with the fewest questions first; whoever asks again gets the form they hold."""
    one = office.form("a.png", doubts=["s2/1/1", "s2/1/2"])
    other = office.form("b.png", seed=2, doubts=["s2/1/1"])
    asel, bolat, dina = (office.hire(name) for name in ("asel", "bolat", "dina"))
    assert next_of(office, asel) == other.key
    assert next_of(office, bolat) == one.key
    assert next_of(office, asel) == other.key
    assert next_of(office, dina) is None


def test_what_is_forgotten_is_free_again_and_its_former_holder_loses_it(office):
    """The time lapses; the next one takes it over, which goes on record; the former one's answer is refused."""
    form = office.form(doubts=["s2/1/1"])
    asel, bolat = office.hire("asel"), office.hire("bolat")
    office.claim(asel, form)
    with pytest.raises(ClaimError, match="claim-held"):
        office.claim(bolat, form)
    lapse(office, form)
    assert next_of(office, bolat) == form.key
    with pytest.raises(ClaimError, match="claim-held"):
        office.say(asel, form, "s2/1/1", "5")
    with office.reading() as session:
        assert [entry.who for entry in session.query(Record).filter_by(act="claimed")] == ["asel", "bolat"]
    with office.reading() as session:
        assert list(verify(session)) == []


def test_a_lapsed_claim_that_nobody_took_still_holds(office):
    """Whoever comes back from lunch goes on."""
    form = office.form(doubts=["s2/1/1"])
    asel = office.hire("asel")
    office.claim(asel, form)
    lapse(office, form)
    office.say(asel, form, "s2/1/1", form.truth["s2/1/1"])
    assert task_of(office, form).holder is None


def test_how_long_a_form_is_held_is_the_house_s_to_say(office):
    """Each answer prolongs it."""
    form = office.form(doubts=["s2/1/1"])
    asel = office.hire("asel")
    office.store.database.told[HELD_FOR] = timedelta(hours=2)
    office.claim(asel, form)
    assert aware(task_of(office, form).held_until) > now() + timedelta(minutes=100)
    lapse(office, form)
    with office.writing() as session:
        check_claim(session, asel, form.key)
    assert aware(task_of(office, form).held_until) > now() + timedelta(minutes=100)


def test_time_is_counted_and_breaks_are_not(office):
    """A minute's thinking is work, an hour's is a break of which five minutes count."""
    form = office.form(doubts=["s2/1/1", "s2/1/2"])
    asel = office.hire("asel")
    office.claim(asel, form)
    for ago in (60, 3600):
        with office.writing() as session:
            session.get_one(Task, form.key).held_from = now() - timedelta(seconds=ago)
        with office.writing() as session:
            check_claim(session, asel, form.key)
    assert 360 <= task_of(office, form).seconds <= 365


def test_a_form_is_handed_over_to_whoever_may_see_it(office):
    """Not to another department's person, not to an auditor, not by a colleague who does not hold it."""
    form = office.form(doubts=["s2/1/1"], office="Алматы")
    asel = office.hire("asel", departments=["Алматы"])
    bolat = office.hire("bolat", departments=["Алматы"])
    office.hire("dina", departments=["Астана"])
    office.hire("anna", Role.AUDITOR)
    saule = office.hire("saule", Role.SUPERVISOR)
    office.claim(asel, form)
    for to in ("dina", "anna", "nobody"):
        with pytest.raises(ClaimError, match="claim-unknown"), office.writing() as session:
            hand_over(session, asel, form.key, to)
    with pytest.raises(ClaimError, match="claim-lost"), office.writing() as session:
        hand_over(session, bolat, form.key, "bolat")
    with office.writing() as session:
        hand_over(session, asel, form.key, "bolat")
    with office.reading() as session:
        assert [task.source for task in held(session, bolat)] == [form.source]
    with office.writing() as session:
        hand_over(session, saule, form.key, "asel")
    office.say(asel, form, "s2/1/1", "5")


def test_what_is_another_department_s_is_as_if_it_were_not_there(office):
    """Neither claimed, nor offered, nor told apart from nothing."""
    form = office.form(doubts=["s2/1/1"], office="Алматы")
    dina = office.hire("dina", departments=["Астана"])
    assert next_of(office, dina) is None
    with pytest.raises(ClaimError, match="claim-unknown"):
        office.claim(dina, form)
    with pytest.raises(ClaimError, match="claim-unknown"), office.writing() as session:
        claim(session, dina, ("0" * 64, 1))


def test_an_auditor_claims_nothing(office):
    """Neither this form nor the next."""
    form = office.form(doubts=["s2/1/1"])
    anna = office.hire("anna", Role.AUDITOR)
    with pytest.raises(ClaimError, match="claim-auditor"):
        office.claim(anna, form)
    with pytest.raises(ClaimError, match="claim-auditor"):
        next_of(office, anna)


def test_nobody_keys_their_own_form_once_more(office):
    """Nor is it handed to them, nor do they settle what they differ about with another."""
    form = office.form(doubts=["s2/1/1"])
    asel, bolat = office.hire("asel"), office.hire("bolat")
    with office.writing() as session:
        task = session.get_one(Task, form.key)
        task.state, task.first = State.SECOND.value, "asel"
    assert next_of(office, asel, State.SECOND, State.DISPUTE) is None
    office.claim(asel, form)  # it is as any other they settled
    with office.writing() as session:
        assert not is_impartial(session, "asel", form.key)
        release(session, asel, form.key)
        session.get_one(Task, form.key).state = State.DISPUTE.value
    with pytest.raises(ClaimError, match="claim-own"):
        office.claim(asel, form)
    with office.writing() as session:
        session.get_one(Task, form.key).state = State.SECOND.value
    assert next_of(office, bolat, State.SECOND) == form.key
    with pytest.raises(ClaimError, match="claim-own"), office.writing() as session:
        hand_over(session, bolat, form.key, "asel")


def test_letting_go_of_another_s_form_does_nothing(office):
    """And of one's own it frees it."""
    form = office.form(doubts=["s2/1/1"])
    asel, bolat = office.hire("asel"), office.hire("bolat")
    office.claim(asel, form)
    for who, holder in ((bolat, asel.id), (asel, None)):
        with office.writing() as session:
            release(session, who, form.key)
        assert task_of(office, form).holder == holder


def test_twelve_at_the_same_moment_are_given_twelve_forms(office):
    """Nobody waits for anybody, nobody gets another's."""
    form = office.form(doubts=["s2/1/1"])
    with office.writing() as session:
        copy(session, form.source, 12)
    workers = [office.hire(f"w{number}") for number in range(13)]
    start, taken = threading.Barrier(13), []

    def take(worker):
        start.wait()
        taken.append(next_of(office, worker))

    threads = [threading.Thread(target=take, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    forms = [key for key in taken if key]
    assert (len(taken), len(forms), len(set(forms))) == (13, 12, 12)
