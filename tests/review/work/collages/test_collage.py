"""Collages: what is shown side by side, what becomes of it, and how it is seen whether anybody looked."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from review.answers import Act, now
from review.case import open_case
from review.schema import Cell, Event
from review.store import Store
from review.work.answering import answer as answer_form
from review.work.claims import claim
from review.work.collages import collage
from review.work.collages.collage import CollageError, answer, groups, hand_out, in_hand
from review.work.measures.crew import operators
from review.work.measures.scope import Scope
from review.work.saying import Given
from review.work.schema import Collage, Doubt, Paper, Person, Task, Watched
from review.work.staff.people import Role, add_person, department, worker_of
from review.work.tasks import Share, State
from tests.review.station.forms import LAYOUTS, fill, inked

NONE = Share(0)
PLACE = "s2/1/1"


@pytest.fixture
def store(url, monkeypatch):
    monkeypatch.setattr("review.work.staff.people.hashed", lambda *_: "")  # nobody logs in here
    with Store(url, LAYOUTS) as made:
        with made.database.writing() as session:
            for login, role in {"asel": Role.OPERATOR, "bolat": Role.OPERATOR, "saule": Role.SUPERVISOR}.items():
                add_person(
                    session, login, login.title(), "", role,
                    departments=["Алматы"] if login == "bolat" else [], everywhere=login != "bolat",
                )  # fmt: skip
        yield made


@pytest.fixture
def alike(store, tmp_path):
    """Forms of which the same cell was read as the same; the function that adds more."""

    def add(count=3, value="125", place=PLACE, **how):
        start = len(list((tmp_path / "papers").glob("*"))) if (tmp_path / "papers").exists() else 0
        return [fill(store, tmp_path, f"{start + n}.png", wrong={place: value}, **how) for n in range(count)]

    return add


def who(store, login):
    with store.database.reading() as session:
        return worker_of(session, session.scalar(select(Person).where(Person.login == login)))


def hand(store, login="asel", value="125", seed=1):
    with store.database.writing() as session:
        return hand_out(session, who(store, login), value, random.Random(seed))


def hand_with(store, fits):
    """A collage with a planted crop that fits, and no other in hand."""
    for seed in range(50):
        with store.database.writing() as session:
            session.execute(delete(Collage))
        handed = hand(store, seed=seed)
        if any(fits(crop) for crop in handed.crops):
            return handed
    raise AssertionError("no such crop was planted")


def say(store, handed, login="asel", left=(), also=()):
    """Strike out the planted odd ones but those in `left`, and `also`."""
    odd = {n for n, crop in enumerate(handed.crops) if crop.known not in (None, handed.value)}
    with store.database.writing() as session:
        return answer(session, LAYOUTS, who(store, login), handed.id, (odd - set(left)) | set(also), NONE)


def asked(handed):
    return [n for n, crop in enumerate(handed.crops) if crop.known is None]


def words(store, form, place=PLACE):
    with store.database.reading() as session:
        events = select(Event).where(Event.source == form.source, Event.place == place, Event.act != Act.READ.value)
        return [(e.act, e.value, e.who, e.note) for e in session.scalars(events.order_by(Event.id))]


def shown(store, login="asel"):
    with store.database.reading() as session:
        return {(group.value, group.crops) for group in groups(session, who(store, login))}


def test_what_was_read_alike_is_counted_the_largest_group_first(store, alike):
    """By value, over forms; one alone is no group."""
    alike(2, "125")
    alike(3, "")
    alike(1, "777")
    with store.database.reading() as session:
        assert [(g.value, g.crops) for g in groups(session, who(store, "asel"))] == [("", 3), ("125", 2)]


def test_of_one_form_only_a_few_are_shown(store, tmp_path):
    """However many cells of it were read the same."""
    fill(store, tmp_path, "a.png", wrong={f"s2/1.{n}/1": "5" for n in range(1, 9)})
    fill(store, tmp_path, "b.png", wrong={"s2/1/1": "5"})
    assert shown(store) == {("5", 9)}
    handed = hand(store, value="5")
    assert len(asked(handed)) == 4


@pytest.mark.parametrize("reason", ["row-doubtful", "unit-suspected;low-confidence", "negative", "columns-drift"])
def test_a_doubt_beyond_the_reading_is_not_for_a_collage(store, alike, reason):
    """Whose cell it is, or in which unit it stands, no crop tells."""
    alike(3, reasons=reason)
    assert shown(store) == set()


def test_a_group_is_what_the_person_may_see_and_nobody_else_holds(store, alike):
    """Another department's forms, and forms others work on, are not in it."""
    forms = alike(4, office="Астана")
    assert shown(store, "bolat") == set()
    with store.database.writing() as session:
        claim(session, who(store, "saule"), forms[0].key)
    assert shown(store) == {("125", 3)}


def test_what_is_confirmed_becomes_answers_and_what_is_struck_out_stays(store, alike):
    """The note says how it was answered; what was struck out is asked on the form's page and in no collage again."""
    forms = alike(4)
    handed = hand(store)
    odd = asked(handed)[0]
    outcome = say(store, handed, also=[odd])
    assert (outcome.kept, outcome.struck, outcome.passed, outcome.missed) == (3, 1, (), ())
    struck = next(form for form in forms if form.source == handed.crops[odd].source)
    for form in forms:
        assert words(store, form) == ([] if form is struck else [("answer", "125", "asel", "collage")])
    with store.database.reading() as session:
        assert session.get_one(Task, struck.key).state == State.OPEN
        assert PLACE in [question.place for question in open_case(session, LAYOUTS, struck.key).questions]
    assert shown(store) == set()


def test_blank_ones_are_confirmed_as_blank(store, alike):
    """The answer is an empty figure."""
    forms = alike(3, "", reasons="blank-doubtful")
    assert say(store, hand(store, value="")).kept == 3
    assert words(store, forms[0]) == [("answer", "", "asel", "collage")]


def test_known_crops_are_planted_at_any_place(store, alike):
    """About one in ten, at least one; nobody can tell where."""
    alike(3)
    at = set()
    for seed in range(20):
        handed = hand(store, seed=seed)
        (planted,) = [n for n, crop in enumerate(handed.crops) if crop.known is not None]
        at.add(planted)
    assert at == {0, 1, 2, 3}


def test_a_planted_figure_has_as_many_digits_and_one_of_them_another(store, alike):
    """If there is such a figure among those that nobody doubts."""
    alike(3)
    near = alike(1, "999", place="s2/1.1/1")[0]
    with store.database.writing() as session:
        cell = session.get_one(Cell, (*near.key, "s2/1.2/1"))
        cell.value = cell.written = "124"
        cell.status, cell.reason = "accepted", ""
    odd = {c.known for seed in range(12) for c in hand(store, seed=seed).crops if c.known not in (None, "125")}
    assert odd == {"124"}


def test_who_leaves_in_what_does_not_belong_keeps_nothing(store, alike):
    """And is shown it; the collage is handed out anew, with another plant, and the watch is on record."""
    forms = alike(4)
    handed = hand_with(store, lambda crop: crop.known not in (None, "125"))
    odd = next(n for n, crop in enumerate(handed.crops) if crop.known not in (None, "125"))
    outcome = say(store, handed, left=[odd])
    assert outcome.missed == (handed.crops[odd],)
    assert outcome.kept == 0
    assert all(words(store, form) == [] for form in forms)
    with store.database.reading() as session:
        assert in_hand(session, who(store, "asel")) is None
    again = hand(store, seed=99)
    assert again.id != handed.id
    assert say(store, again).kept == 4
    with store.database.reading() as session:
        scope = Scope(who(store, "saule"), since=now() - timedelta(hours=1))
        (asel,) = operators(session, scope, [])
        assert asel.caught.hits < asel.caught.total
        assert asel.caught.low < asel.caught.part < asel.caught.high


def test_a_plant_that_belongs_is_noted_too(store, alike):
    """Whether or not it was struck out."""
    alike(3)
    for form in alike(1, "999", place="s2/1.1/1"):
        with store.database.writing() as session:
            cell = session.get_one(Cell, (*form.key, "s2/1.2/1"))
            cell.value = cell.written = "125"
            cell.status, cell.reason = "accepted", ""
    handed = hand_with(store, lambda crop: crop.known == "125")
    assert say(store, handed).kept == 3
    with store.database.reading() as session:
        assert [(w.belongs, w.struck) for w in session.scalars(select(Watched))] == [(True, False)]


def test_another_persons_collage_is_refused_and_an_unknown_one_alike(store, alike):
    """With the same words."""
    alike(3)
    handed = hand(store)
    said = set()
    for stranger in (handed, replace(handed, id="x" * 32)):
        with pytest.raises(CollageError) as caught:
            say(store, stranger, "saule")
        said.add(str(caught.value.message_id))
    assert len(said) == 1


def test_sent_twice_it_is_kept_once(store, alike):
    """As when somebody presses Enter twice."""
    forms = alike(3)
    handed = hand(store)
    assert say(store, handed).kept == 3
    assert say(store, handed).again
    assert len(words(store, forms[0])) == 1


def test_what_one_is_shown_nobody_else_is(store, alike):
    """Until it is answered, or was forgotten."""
    alike(4)
    hand(store, "asel")
    assert hand(store, "saule") is None
    with store.database.writing() as session:
        session.execute(update(Doubt).values(shown_until=now() - timedelta(seconds=1)))
    assert len(asked(hand(store, "saule"))) == 4


def test_a_form_claimed_meanwhile_is_passed_over_and_told(store, alike):
    """Also one that was answered, or read anew."""
    claimed, answered, anew, _, free = forms = alike(5)
    handed = hand(store)
    with store.database.writing() as session:
        for form in (claimed, answered):
            claim(session, who(store, "saule"), form.key)
        given = Given(*answered.key, PLACE, "126", who="saule")
        answer_form(session, LAYOUTS, who(store, "saule"), answered.key, [given], "t", NONE)
        open_case(session, LAYOUTS, anew.key).form.content = "another reading"
    outcome = say(store, handed)
    assert set(outcome.passed) == {claimed.key, answered.key, anew.key}
    assert outcome.kept == 2
    assert [len(words(store, form)) for form in forms] == [0, 1, 0, 1, 1]
    assert words(store, free) == [("answer", "125", "asel", "collage")]


def test_a_form_given_to_another_department_meanwhile_is_passed_over(store, alike):
    """Its crops were seen, but are no longer theirs to answer."""
    form, *_ = alike(3, office="Алматы")
    handed = hand(store, "bolat")
    with store.database.writing() as session:
        session.get_one(Task, form.key).department = department(session, "Астана").id
    assert say(store, handed, "bolat").passed == (form.key,)


def test_two_who_send_the_same_crop_at_once_give_one_answer(store, alike):
    """On both engines: the second is told that it was passed over."""
    forms = alike(6)
    first = hand(store, "asel")
    with store.database.writing() as session:
        session.execute(update(Doubt).values(shown_until=now() - timedelta(seconds=1)))
    second = hand(store, "saule")
    outcomes, ready = [], threading.Barrier(2)

    def send(handed, login):
        ready.wait()
        outcomes.append(say(store, handed, login))

    threads = [threading.Thread(target=send, args=each) for each in ((first, "asel"), (second, "saule"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcome.kept for outcome in outcomes) == 6
    assert sum(len(outcome.passed) for outcome in outcomes) == 6
    assert all(len(words(store, form)) == 1 for form in forms)


def test_two_who_are_handed_out_at_once_share_no_crop(store, alike):
    """Each gets what the other does not."""
    alike(6)
    handed, ready = [], threading.Barrier(2)

    def get(login):
        ready.wait()
        handed.append(hand(store, login))

    threads = [threading.Thread(target=get, args=[login]) for login in ("asel", "saule")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    crops = [crop.source for each in handed if each for crop in each.crops if crop.known is None]
    assert len(crops) == len(set(crops))
    assert crops


def test_an_answer_by_collage_does_not_end_the_asking_of_a_respondent(store, tmp_path):
    """A reading was confirmed; what the respondent is asked about still waits."""
    forms = [fill(store, tmp_path, f"{n}.png", wrong={PLACE: "125"}, mistake=True) for n in range(2)]
    worker = who(store, "asel")
    with store.database.writing() as session:
        claim(session, worker, forms[0].key)
        collage.add_event(session, forms[0].key, Given(*forms[0].key, "form", "", "", "asel"), Act.ASK, "")
        collage.refresh(session, LAYOUTS, forms[0].key, NONE, who="asel")
    say(store, hand(store))
    with store.database.reading() as session:
        assert session.get_one(Task, forms[0].key).state == State.ASKING
        assert session.scalar(select(func.count()).select_from(Collage)) == 1
        assert session.get(Paper, forms[0].source) is not None
    assert inked(forms[0].truth)
