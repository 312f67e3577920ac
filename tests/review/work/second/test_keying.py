"""Second keying and disputes: blind, by others, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from review.answers import Act, AnswerError, Origin, now
from review.case import open_case
from review.portions import Portion
from review.schema import Event
from review.store import Store
from review.work.answering import answer
from review.work.claims import ClaimError, claim, claim_next, hand_over, release
from review.work.measures.keyed import agreement, measured
from review.work.measures.keyed import keyed as told
from review.work.measures.scope import Scope
from review.work.saying import Given
from review.work.schema import Person, Task
from review.work.second.disputes import decide, disputes
from review.work.second.keying import KeyingError, key_cell, keyed, places_to_key
from review.work.staff.people import Role, add_person, worker_of
from review.work.tasks import Share, State
from tests.review.station.forms import LAYOUTS, fill, inked

ALL = Share(1)
PEOPLE = {"asel": Role.OPERATOR, "bolat": Role.OPERATOR, "dana": Role.OPERATOR, "saule": Role.SUPERVISOR}


@pytest.fixture
def store(url, monkeypatch):
    monkeypatch.setattr("review.work.staff.people.hashed", lambda *_: "")  # nobody logs in here
    with Store(url, LAYOUTS) as made:
        with made.database.writing() as session:
            for login, role in PEOPLE.items():
                add_person(session, login, login.title(), "", role, everywhere=True)
        yield made


@pytest.fixture
def settled(store, tmp_path):
    """A form that asel settled, drawn for second keying; what stands in its doubtful cell may be told."""

    def make(name="a.png", value=None, **how):
        form = fill(store, tmp_path, name, doubts=[(place := inked(_truth(store, tmp_path))[0])], **how)
        say(store, form, "asel", place, value if value is not None else form.truth[place])
        return form, place

    return make


def _truth(store, tmp_path):
    return fill(store, tmp_path, "truth.png").truth


def who(store, login):
    with store.database.reading() as session:
        return worker_of(session, session.scalar(select(Person).where(Person.login == login)))


def say(store, form, login, place, value, **more):
    with store.database.writing() as session:
        claim(session, who(store, login), form.key)
        given = [Given(*form.key, place, value, who=login, **more)]
        answer(session, LAYOUTS, who(store, login), form.key, given, f"{form.source}{place}{value}", ALL)


def state(store, form):
    with store.database.reading() as session:
        return session.get_one(Task, form.key).state


def cells(store, form):
    with store.database.reading() as session:
        return places_to_key(open_case(session, LAYOUTS, form.key), ALL)


def take(store, login, state=State.SECOND):
    with store.database.writing() as session:
        return claim_next(session, who(store, login), states=(state,))


def key_all(store, form, login, **typed):
    """Key what stands on the paper, but what is told otherwise."""
    other = {place.replace("_", "/"): value for place, value in typed.items()}
    for place in cells(store, form):
        with store.database.writing() as session:
            value = other.get(place, form.truth[place] or "blank")
            key_cell(session, LAYOUTS, who(store, login), form.key, place, value, ALL)


def test_it_is_keyed_by_another_person(store, settled):
    """Not by who settled it, nor by who answered anything on it, by name or from the queue."""
    form, place = settled()
    assert state(store, form) == State.SECOND
    assert take(store, "asel") is None
    with store.database.writing() as session:
        claim(session, who(store, "asel"), form.key)  # as any form they settled
        with pytest.raises(KeyingError):
            key_cell(session, LAYOUTS, who(store, "asel"), form.key, place, "1", ALL)
        release(session, who(store, "asel"), form.key)
    with store.database.writing() as session, pytest.raises(ClaimError, match=r"claim-own"):
        hand_over(session, who(store, "saule"), form.key, "asel")
    assert take(store, "bolat") == form.key


def test_who_answered_a_part_of_it_keys_it_not_again(store, tmp_path):
    """Though another person settled it."""
    places = inked(_truth(store, tmp_path))[:2]
    form = fill(store, tmp_path, "a.png", doubts=places)
    for login, place in zip(("dana", "asel"), places, strict=True):
        say(store, form, login, place, form.truth[place])
        with store.database.writing() as session:
            release(session, who(store, login), form.key)
    assert state(store, form) == State.SECOND
    assert take(store, "dana") is None
    assert take(store, "bolat") == form.key


def test_cells_people_answered_are_keyed_and_a_few_that_nobody_doubts(store, settled):
    """The same ones each time; another seed draws others."""
    form, place = settled()
    first = cells(store, form)
    assert place in first
    assert 3 <= len(first) < len(inked(form.truth))
    assert first == cells(store, form)
    with store.database.reading() as session:
        case = open_case(session, LAYOUTS, form.key)
        assert len({places_to_key(case, Share(1, str(seed))) for seed in range(10)}) > 1


def test_what_agrees_is_done(store, settled):
    """And counts as agreed, for people and for the machine apart."""
    form, _ = settled()
    take(store, "bolat")
    key_all(store, form, "bolat")
    assert state(store, form) == State.DONE
    with store.database.reading() as session:
        found = told(session, Scope(who(store, "saule"), since=now() - timedelta(hours=1)))
        assert agreement(found) == Portion(1, 1)
        machine = measured(found, accepted=True)
        assert (machine.wrong, machine.cells) == (0, len(cells(store, form)) - 1)
        assert told(session, Scope(who(store, "saule"), since=now() + timedelta(hours=1))) == []


def test_it_counts_for_nothing_but_comparison(store, settled):
    """The figures stay as they were settled."""
    form, place = settled()
    take(store, "bolat")
    key_all(store, form, "bolat", **{place.replace("/", "_"): "777"})
    with store.database.reading() as session:
        assert open_case(session, LAYOUTS, form.key).values[place] == form.truth[place]


def test_what_differs_is_for_a_third_person(store, settled):
    """Neither the first nor the second; both words are shown, and nothing tells whose they are."""
    form, place = settled()
    take(store, "bolat")
    key_all(store, form, "bolat", **{place.replace("/", "_"): "777"})
    assert state(store, form) == State.DISPUTE
    assert take(store, "asel", State.DISPUTE) is None
    assert take(store, "bolat", State.DISPUTE) is None
    assert take(store, "saule", State.DISPUTE) == form.key
    with store.database.reading() as session:
        case = open_case(session, LAYOUTS, form.key)
        (one,) = disputes(session, case, session.get_one(Task, form.key), "")
        assert {word.value for word in one.words} == {"777", form.truth[place]}
        right = next(word for word in one.words if word.value == form.truth[place])
        assert {side.off for side in right.sides} == {""}
        assert any(side.off for word in one.words if word is not right for side in word.sides)
        order = [disputes(session, case, session.get_one(Task, form.key), str(n))[0].words[0].value for n in range(20)]
        assert len(set(order)) == 2


@pytest.mark.parametrize("decided", ["777", "12"])
def test_a_decision_is_an_answer_and_ends_the_dispute(store, settled, decided):
    """One of the two words or a third; a control that fails with it is asked about anew, and never keyed again."""
    form, place = settled()
    take(store, "bolat")
    key_all(store, form, "bolat", **{place.replace("/", "_"): "777"})
    take(store, "saule", State.DISPUTE)
    with store.database.writing() as session, pytest.raises(AnswerError):
        decide(session, LAYOUTS, who(store, "saule"), form.key, {}, ALL)
    with store.database.writing() as session:
        decide(session, LAYOUTS, who(store, "saule"), form.key, {place: decided}, ALL)
    with store.database.reading() as session:
        case = open_case(session, LAYOUTS, form.key)
        assert case.values[place] == decided
        assert (case.answers[place].who, case.answers[place].note) == ("saule", "adjudicated")
        questions = [question.place for question in case.questions]
    assert questions
    assert state(store, form) == State.OPEN
    for question in questions:
        say(store, form, "saule", question, "confirm")
    assert state(store, form) == State.DONE
    with store.database.reading() as session:
        found = told(session, Scope(who(store, "saule"), since=now() - timedelta(hours=1)))
        assert agreement(found, "asel") == Portion(0, 1)


def test_a_decision_with_which_all_holds_is_the_end(store, settled):
    """The first word was right after all."""
    form, place = settled()
    take(store, "bolat")
    key_all(store, form, "bolat", **{place.replace("/", "_"): "777"})
    take(store, "dana", State.DISPUTE)
    with store.database.writing() as session:
        decide(session, LAYOUTS, who(store, "dana"), form.key, {place: form.truth[place]}, ALL)
    assert state(store, form) == State.DONE


def test_a_respondents_word_is_not_what_is_keyed(store, settled):
    """The paper is compared with the paper: what the respondent corrected stands beside it."""
    form, place = settled()
    with store.database.writing() as session:
        given = Given(*form.key, place, "999", who="asel", origin=Origin.RESPONDENT)
        session.add(
            Event(
                source=form.source, form=1, place=place, act=Act.ANSWER.value, origin=given.origin.value, value="999",
                note="", who="asel", versions="", at=now(),
            )
        )  # fmt: skip
    take(store, "bolat")
    key_all(store, form, "bolat")
    assert state(store, form) == State.DONE


def test_another_begins_anew_and_no_word_is_kept_that_means_nothing(store, settled):
    """Nothing typed is no word; words count by the person who keyed all."""
    form, place = settled()
    take(store, "bolat")
    for given, error in (("", AnswerError), ("abc", AnswerError), ("confirm", AnswerError)):
        with store.database.writing() as session, pytest.raises(error):
            key_cell(session, LAYOUTS, who(store, "bolat"), form.key, place, given, ALL)
    with store.database.writing() as session, pytest.raises(KeyingError):
        key_cell(session, LAYOUTS, who(store, "bolat"), form.key, "s2/99/1", "1", ALL)
    with store.database.writing() as session:
        key_cell(session, LAYOUTS, who(store, "bolat"), form.key, place, "777", ALL)
        release(session, who(store, "bolat"), form.key)
    assert take(store, "dana") == form.key
    with store.database.writing() as session, pytest.raises(ClaimError):
        key_cell(session, LAYOUTS, who(store, "bolat"), form.key, place, "1", ALL)
    with store.database.reading() as session:
        assert keyed(session, form.key, "dana") == {}
    key_all(store, form, "dana")
    assert state(store, form) == State.DONE
