"""The list of respondents to be asked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from layouts.words import has
from review.answers import FORM, Act
from review.case import open_case
from review.store import Store
from review.work.answering import answer, note
from review.work.claims import ClaimError, claim, release
from review.work.response.asking import AskingError, ask_no_more, sentences, tried, waiting_for_word
from review.work.saying import Given
from review.work.schema import Person, Task
from review.work.staff.people import Role, add_person, worker_of
from review.work.tasks import Share, State
from tests.review.station.forms import LAYOUTS, fill, inked

NONE = Share(0)
PEOPLE = {"asel": Role.OPERATOR, "bolat": Role.OPERATOR, "anna": Role.AUDITOR}


@pytest.fixture
def store(url, monkeypatch):
    monkeypatch.setattr("review.work.staff.people.hashed", lambda *_: "")  # nobody logs in here
    with Store(url, LAYOUTS) as made:
        with made.database.writing() as session:
            for login, role in PEOPLE.items():
                places = ["Алматы"] if login == "bolat" else []
                add_person(session, login, login.title(), "", role, departments=places, everywhere=not places)
        yield made


def who(store, login="asel"):
    with store.database.reading() as session:
        return worker_of(session, session.scalar(select(Person).where(Person.login == login)))


def ask_for(store, form, why="цифры?"):
    with store.database.writing() as session:
        claim(session, who(store), form.key)
        note(session, LAYOUTS, who(store), form.key, Given(*form.key, FORM, "", why, "asel"), Act.ASK, NONE)
        release(session, who(store), form.key)


def listed(store, login="asel"):
    with store.database.reading() as session:
        return waiting_for_word(session, LAYOUTS, who(store, login))[0]


def state(store, form):
    with store.database.reading() as session:
        return session.get_one(Task, form.key).state


def test_the_longest_waiting_come_first_with_what_to_ask(store, tmp_path):
    """Whom, since when, by whom, and each open control with both its sides."""
    forms = [fill(store, tmp_path, f"{n}.png", mistake=True) for n in range(3)]
    for form in (forms[1], forms[0]):
        ask_for(store, form)
    found = listed(store)
    assert [asked.task.source for asked in found] == [forms[1].source, forms[0].source]
    assert (found[0].number.field, found[0].number.value, found[0].who) == ("bin", "020960639692", "Asel")
    assert [said.note for said in found[0].notes] == ["цифры?"]
    (sentence, *_) = found[0].sentences
    told = dict(sentence.told)
    assert sentence.message == "station.ask-equal-line"
    assert told["left"] - told["right"] == told["difference"] == 7
    assert all(has(sentence.message) for asked in found for sentence in asked.sentences)


def test_other_departments_respondents_are_not_on_it(store, tmp_path):
    """Nor may one note anything about them."""
    form = fill(store, tmp_path, "a.png", mistake=True, office="Астана")
    ask_for(store, form)
    assert listed(store, "bolat") == []
    with store.database.writing() as session, pytest.raises(ClaimError):
        tried(session, who(store, "bolat"), form.key, "")


def test_a_note_keeps_a_form_on_the_list_and_an_answer_takes_it_off(store, tmp_path):
    """So does the word that it is asked no more."""
    place = inked(fill(store, tmp_path, "truth.png").truth)[3]
    first, second = (fill(store, tmp_path, f"{n}.png", mistake=True, doubts=[place]) for n in "ab")
    for form in (first, second):
        ask_for(store, form)
        with store.database.writing() as session:
            tried(session, who(store), form.key, "не ответили")
        assert state(store, form) == State.ASKING
    assert [said.note for said in listed(store)[0].notes] == ["цифры?", "не ответили"]
    with store.database.writing() as session:
        claim(session, who(store), first.key)
        given = [Given(*first.key, place, first.truth[place], who="asel")]
        answer(session, LAYOUTS, who(store), first.key, given, "t", NONE)
        ask_no_more(session, LAYOUTS, who(store), second.key, "", NONE)
    assert (state(store, first), state(store, second)) == (State.OPEN, State.OPEN)
    with store.database.writing() as session, pytest.raises(AskingError):
        tried(session, who(store), second.key, "")
    ask_for(store, second)
    assert state(store, second) == State.ASKING


def test_nothing_is_noted_of_a_form_another_works_on_or_by_an_auditor(store, tmp_path):
    """They would not know of it."""
    form = fill(store, tmp_path, "a.png", mistake=True, office="Алматы")
    ask_for(store, form)
    with store.database.writing() as session, pytest.raises(AskingError):
        tried(session, who(store, "anna"), form.key, "")
    with store.database.writing() as session:
        claim(session, who(store, "bolat"), form.key)
    with store.database.writing() as session, pytest.raises(ClaimError):
        tried(session, who(store), form.key, "")


def test_every_kind_of_question_has_a_sentence(store, tmp_path):
    """A figure, a control, a field, the form as a whole."""
    form = fill(store, tmp_path, "a.png", mistake=True, doubts=["s2/1.1/2"])
    with store.database.reading() as session:
        case = open_case(session, LAYOUTS, form.key)
        case.cell("region").status = "review"
        said = {sentence.message for sentence in sentences(case)}
        session.rollback()
    assert {"station.ask-figure", "station.ask-field", "station.ask-equal-line"} <= said
