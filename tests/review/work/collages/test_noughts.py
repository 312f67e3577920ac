"""Noughts accepted side by side: a card of another form among them tells whether anybody looked."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from review.answers import AnswerError, now
from review.case import open_case
from review.portions import Portion
from review.schema import Cell, Event
from review.work.claims import ClaimError
from review.work.collages.noughts import PROVEN, apart, check, hand_out, handed_out, in_hand
from review.work.measures.crew import operators
from review.work.measures.scope import Scope
from review.work.schema import Look, Watched
from review.work.staff.people import Role
from tests.review.station.forms import LAYOUTS

BLANKS = ["s3/1.1/1", "s3/1.2/1", "s3/1.3/1"]


@pytest.fixture
def asel(office):
    return office.hire("asel")


def look_at(office, worker, form, share=1.0, seed=1, places=BLANKS):
    with office.writing() as session:
        case = open_case(session, LAYOUTS, form.key)
        return hand_out(session, worker, case, places, share, random.Random(seed))


def sent(look, **instead):
    """What the page sends where nobody touches a card, but for those named."""
    shown = dict.fromkeys(look.places, "blank")
    if look.planted and look.planted.shown:
        shown[look.planted.at] = look.planted.shown
    return shown | instead


def say(office, worker, form, look, said):
    with office.writing() as session:
        return check(session, worker, form.key, look.id, said)


def watched(office):
    with office.reading() as session:
        return [(w.who, w.belongs, w.struck) for w in session.scalars(select(Watched).order_by(Watched.id))]


def test_a_cell_of_another_form_is_planted_as_what_it_is_not(office, asel):
    """At a place where the form has a sure cell in which the same stands; never a cell of the form itself."""
    other, form = office.form("b.png", seed=2), office.form("a.png", blanks=BLANKS)
    for seed in range(10):
        look = look_at(office, asel, form, seed=seed)
        planted = look.planted
        assert (planted.source, planted.known, planted.shown) == (other.source, "", "0")
        assert planted.at == planted.place
        assert planted.at not in BLANKS
        assert form.truth[planted.at] == other.truth[planted.at] == ""
        assert list(look.own) == BLANKS
        assert set(look.places) == {*BLANKS, planted.at}
        assert look.lies(form.key, look.card) == (other.source, 1, planted.at)
        assert look.lies(form.key, look.places.index(BLANKS[0])) == (*form.key, BLANKS[0])


def test_a_sure_nought_is_shown_as_the_blanks_beside_it(office, asel):
    """Where there is one: it looks like the others to whoever does not look at it."""
    other, form = office.form("b.png", seed=2), office.form("a.png", blanks=BLANKS)
    with office.writing() as session:
        at = (Cell.place == "s2/1.1/4", Cell.source.in_([other.source, form.source]))
        session.execute(update(Cell).where(*at).values(value="0", written="-"))
    planted = look_at(office, asel, form).planted
    assert (planted.at, planted.known, planted.shown) == ("s2/1.1/4", "-", "")


def test_nothing_is_planted_of_what_somebody_spoke_on_or_the_person_may_not_see(office):
    """Nor where no other form is known."""
    bolat = office.hire("bolat", departments=["Алматы"])
    form = office.form("a.png", blanks=BLANKS, office="Алматы")
    assert look_at(office, bolat, form).planted is None
    office.form("b.png", seed=2, office="Астана")
    assert look_at(office, bolat, form).planted is None
    office.form("c.png", seed=3, office="Алматы")
    assert look_at(office, bolat, form).planted is not None
    with office.writing() as session:
        for source, place in session.execute(select(Cell.source, Cell.place).where(Cell.figure)).all():
            session.add(
                Event(
                    source=source, form=1, place=place, act="answer", origin="operator", value="", note="", who="x",
                    versions="", at=now(),
                )
            )  # fmt: skip
    assert look_at(office, bolat, form).planted is None


def test_where_nothing_can_be_planted_only_those_who_have_looked_see_noughts_together(office, asel):
    """Of others nobody would know whether they looked: the noughts are asked one by one, whoever has the form next."""
    form = office.form("a.png", blanks=BLANKS)
    look = look_at(office, asel, form)
    assert (look.apart, look.planted) == (True, None)
    with office.writing() as session:
        assert apart(session, form.key) == set(BLANKS)
        assert in_hand(session, asel, form.key, BLANKS, 1.0) is None
        crop = {"source": form.source, "form": 1, "place": BLANKS[0]}
        session.add_all(Watched(who="asel", **crop, belongs=False, struck=True, at=now()) for _ in range(PROVEN))
    assert not look_at(office, asel, form, places=BLANKS[:2]).apart
    assert not look_at(office, office.hire("bolat"), form, share=0).apart  # nobody watches


def test_who_leaves_it_has_its_noughts_asked_one_by_one(office, asel):
    """It counts once in the measure of attention, however often it is sent; nothing of it becomes an answer."""
    office.form("b.png", seed=2)
    form = office.form("a.png", blanks=BLANKS)
    office.claim(asel, form)
    look = look_at(office, asel, form)
    for _ in range(2):
        assert say(office, asel, form, look, sent(look)).missed
    assert watched(office) == [("asel", False, False)]
    with office.reading() as session:
        assert apart(session, form.key) == set(BLANKS)
        assert open_case(session, LAYOUTS, form.key).answers == {}
        saule = Scope(asel, since=now() - timedelta(hours=1))
        assert [each.caught for each in operators(session, saule, [])] == [Portion(0, 1)]


@pytest.mark.parametrize(("typed", "missed"), [("0", True), ("0.0", True), ("blank", False), ("12,5", False)])
def test_who_says_something_else_has_looked(office, asel, typed, missed):
    """Whatever it is; the same word in other signs is none."""
    office.form("b.png", seed=2)
    form = office.form("a.png", blanks=BLANKS)
    office.claim(asel, form)
    look = look_at(office, asel, form)
    said = sent(look, **{look.planted.at: typed})
    assert say(office, asel, form, look, said).missed is missed
    assert watched(office) == [("asel", False, not missed)]


def test_people_are_watched_until_they_have_shown_that_they_look(office, asel):
    """And again after one that was missed; then by the share alone, and never where there is none."""
    office.form("b.png", seed=2)
    form = office.form("a.png", blanks=BLANKS)
    office.claim(asel, form)
    rare = 1e-9
    for _ in range(PROVEN):
        look = look_at(office, asel, form, share=rare)
        say(office, asel, form, look, sent(look, **{look.planted.at: "blank"}))
    assert look_at(office, asel, form, share=rare).planted is None
    look = look_at(office, asel, form, share=1.0)
    say(office, asel, form, look, sent(look))
    assert look_at(office, asel, form, share=rare).planted is not None
    assert look_at(office, asel, form, share=0).planted is None


def test_a_look_stays_the_same_until_it_is_answered(office, asel):
    """However often the page is loaded; other noughts are another look."""
    office.form("b.png", seed=2)
    form = office.form("a.png", blanks=BLANKS)
    office.claim(asel, form)
    look = look_at(office, asel, form)
    with office.reading() as session:
        assert in_hand(session, asel, form.key, BLANKS, 1.0) == look
        assert in_hand(session, asel, form.key, BLANKS[1:], 1.0) is None
    say(office, asel, form, look, sent(look, **{look.planted.at: "blank"}))
    with office.reading() as session:
        assert in_hand(session, asel, form.key, BLANKS, 1.0) is None


def test_a_look_is_one_persons_at_one_form(office, asel):
    """Another's, or one that is not told of as a whole, is refused; so is one at a form somebody else holds."""
    saule = office.hire("saule", Role.SUPERVISOR)
    office.form("b.png", seed=2)
    form, third = office.form("a.png", blanks=BLANKS), office.form("c.png", seed=3, blanks=BLANKS)
    look = look_at(office, asel, form)
    with pytest.raises(ClaimError):
        say(office, asel, form, look, sent(look))
    office.claim(asel, form)
    for worker, where, said in (
        (saule, form, sent(look)),
        (asel, third, sent(look)),
        (asel, form, dict.fromkeys(BLANKS, "blank")),
    ):
        with pytest.raises(AnswerError):
            say(office, worker, where, look, said)
    with office.reading() as session, pytest.raises(AnswerError):
        handed_out(session, saule, form.key, look.id)
    assert watched(office) == []


def test_looks_that_were_never_answered_are_forgotten(office, asel):
    """After a day; one that was missed stays known, as its noughts are asked one by one."""
    office.form("b.png", seed=2)
    form = office.form("a.png", blanks=BLANKS)
    office.claim(asel, form)
    missed = look_at(office, asel, form)
    say(office, asel, form, missed, sent(missed))
    look_at(office, asel, form)
    with office.writing() as session:
        session.execute(update(Look).values(at=now() - timedelta(days=2)))
    last = look_at(office, asel, form)
    with office.reading() as session:
        assert set(session.scalars(select(Look.id))) == {missed.id, last.id}
