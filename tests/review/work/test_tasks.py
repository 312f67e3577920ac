"""What is to be done about each form follows from what is said of it."""

from __future__ import annotations

import pytest

from review.answers import FORM, Act, Origin
from review.case import open_case
from review.work.answering import note
from review.work.claims import claim
from review.work.saying import Given
from review.work.schema import Task
from review.work.tasks import Share, State, refresh
from tests.review.station.forms import LAYOUTS
from tests.review.work.conftest import ALWAYS

CELL, NEXT = "s2/1/1", "s2/1/2"


def task_of(office, form):
    with office.reading() as session:
        task = session.get_one(Task, form.key)
        session.expunge(task)
        return task


def settle(office, worker, form, *places):
    with office.writing() as session:
        claim(session, worker, form.key)
    for place in places:
        office.say(worker, form, place, form.truth[place])


def test_a_form_that_asks_nothing_is_clear(office):
    """It never comes up in the queue."""
    task = task_of(office, office.form())
    assert (task.state, task.open, task.asked, task.settled) == ("clear", 0, 0, None)


def test_the_task_counts_down_to_done(office):
    """What was asked stays known."""
    form = office.form(doubts=[CELL, NEXT])
    asel = office.hire("asel")
    assert (task_of(office, form).open, task_of(office, form).reasons) == (2, "low-confidence")
    settle(office, asel, form, CELL)
    assert (task_of(office, form).open, task_of(office, form).state) == (1, "open")
    settle(office, asel, form, NEXT)
    task = task_of(office, form)
    assert (task.open, task.needed, task.asked, task.state, task.first) == (0, 0, 2, "done", "asel")


def test_what_is_drawn_is_keyed_once_more(office):
    """By another person; what nobody had to say anything about is not drawn."""
    office.share = ALWAYS
    form, bare = office.form(doubts=[CELL]), office.form("b.png", seed=2)
    settle(office, office.hire("asel"), form, CELL)
    assert (task_of(office, form).state, task_of(office, form).again) == ("second", True)
    assert task_of(office, bare).state == "clear"


def test_nobody_who_knows_the_program_can_tell_which_are_drawn(office):
    """Without a seed of the house, a secret of the store draws."""
    key = ("a" * 64, 1)
    form = office.form(doubts=[CELL])
    office.share = Share(0.5)
    drawn = []
    with office.writing() as session:
        refresh(session, LAYOUTS, form.key, office.share, who="asel")
        from review.work.audit import secret  # noqa: PLC0415

        drawn = [Share(0.5, secret(session).hex()).draws((str(n), 1)) for n in range(64)]
    assert drawn != [Share(0.5).draws((str(n), 1)) for n in range(64)]
    assert key


def test_undo_opens_a_settled_form_again(office):
    """It is nobody's until somebody claims it."""
    form = office.form(doubts=[CELL])
    asel = office.hire("asel")
    settle(office, asel, form, CELL)
    with office.writing() as session:
        claim(session, asel, form.key)
    office.say(asel, form, CELL, undo=True)
    task = task_of(office, form)
    assert (task.state, task.open, task.settled) == ("open", 1, None)


def test_asking_the_respondent_lasts_until_something_else_is_said(office):
    """An answer ends it."""
    form = office.form(doubts=[CELL, NEXT])
    asel = office.hire("asel")
    with office.writing() as session:
        claim(session, asel, form.key)
    with office.writing() as session:
        note(session, LAYOUTS, asel, form.key, Given("", 0, FORM, ""), Act.ASK, office.share)
    assert task_of(office, form).state == State.ASKING
    with office.writing() as session:
        claim(session, asel, form.key)
    office.say(asel, form, CELL, form.truth[CELL], origin=Origin.RESPONDENT)
    assert task_of(office, form).state == "open"


def test_a_form_left_out_asks_nothing_more(office):
    """Said of the form or of a finding: it leaves the queue, and its figures stay here."""
    form, other = office.form(doubts=[CELL, NEXT]), office.form("b.png", seed=2, mistake=True)
    asel = office.hire("asel")
    for each, place in ((form, "form"), (other, "s2.columns@s2/1/1")):
        with office.writing() as session:
            claim(session, asel, each.key)
        office.say(asel, each, place, "exclude")
        task = task_of(office, each)
        assert (task.state, task.open, task.again) == ("done", 0, False)
        with office.reading() as session:
            case = open_case(session, LAYOUTS, each.key)
            assert (case.left_out, case.figures) == (True, ())


def test_a_yes_to_the_form_leaves_its_doubtful_figures_open(office):
    """There is one way to settle a figure: to say what it is."""
    form = office.form(doubts=[CELL])
    asel = office.hire("asel")
    with office.writing() as session:
        claim(session, asel, form.key)
    office.say(asel, form, "form", "confirm")
    assert (task_of(office, form).state, task_of(office, form).open) == ("open", 1)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_draws_none_and_all(share):
    """At its ends."""
    assert {Share(share, "s").draws((str(n), 1)) for n in range(50)} == {bool(share)}
