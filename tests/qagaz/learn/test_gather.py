"""From the store: answers are corrections, what was keyed blind audits, what was accepted rehearses."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from compare.run import place_of
from compare.sheets import Keyed
from extract.intake import open_pages
from extract.records import Crop
from layouts.errors import Rejected
from qagaz.learn import cut as cutting
from qagaz.learn.calibrate import weighted
from qagaz.learn.cut import cut
from qagaz.learn.gather import SHEET, gather
from qagaz.learn.records import Use, Why
from review.case import open_case
from review.store import Store
from review.work.answering import answer
from review.work.claims import claim
from review.work.saying import Given
from review.work.schema import Person
from review.work.second.disputes import decide
from review.work.second.keying import key_cell, places_to_key
from review.work.staff.people import Role, add_person, worker_of
from review.work.tasks import Share
from tests.qagaz.learn.makers import item
from tests.review.station.forms import LAYOUTS, fill, inked


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr("review.work.staff.people.hashed", lambda *_: "")  # nobody logs in here
    with Store.beside(tmp_path, LAYOUTS) as made:
        with made.database.writing() as session:
            for login in ("asel", "bolat", "dana"):
                add_person(session, login, login, "", Role.OPERATOR, everywhere=True)
        yield made


def who(session, login):
    return worker_of(session, session.scalar(select(Person).where(Person.login == login)))


def say(store, form, login, place, value, share=0.0):
    with store.database.writing() as session:
        claim(session, who(session, login), form.key)
        answer(session, LAYOUTS, who(session, login), form.key, [Given(*form.key, place, value)], "", Share(share, "s"))


def key_again(store, form, login, typed):
    with store.database.writing() as session:
        claim(session, who(session, login), form.key)
        for place in places_to_key(open_case(session, LAYOUTS, form.key), Share(1, "s")):
            value = typed.get(place, form.truth[place]) or "blank"
            key_cell(session, LAYOUTS, who(session, login), form.key, place, value, Share(1, "s"))


@pytest.fixture
def form(store, tmp_path):
    """A form whose last figure is in doubt, and read wrongly."""
    doubted = inked(fill(store, tmp_path, "truth.png").truth)[-1]
    made = fill(store, tmp_path, "a.png", wrong={doubted: "4711"})
    return SimpleNamespace(key=made.key, source=made.source, truth=made.truth, place=doubted)


def uses(store, form, **how):
    return {s.spot[2]: s for s in gather(store, **how).settled if s.key == form.key}


def test_an_answer_is_a_correction_and_accepted_figures_rehearse(store, form):
    assert {s.use for s in uses(store, form).values()} == {Use.REHEARSAL}
    say(store, form, "asel", form.place, form.truth[form.place])
    told = uses(store, form)
    asked = told.pop(form.place)
    assert (asked.use, asked.value, asked.machine, asked.who) == (
        Use.CORRECTION, form.truth[form.place], "4711", "asel",
    )  # fmt: skip
    assert asked.broken == 0
    assert {s.use for s in told.values()} == {Use.REHEARSAL}
    assert set(told) == set(inked(form.truth)) - {form.place}


def test_sums_that_hold_with_the_machine_and_break_with_a_word_are_counted(store, tmp_path):
    place = inked(fill(store, tmp_path, "truth.png").truth)[-1]
    form = fill(store, tmp_path, "a.png", doubts=[place])
    say(store, form, "asel", place, "4711")
    assert uses(store, form)[place].broken > 0


def test_what_was_keyed_blind_audits_once_all_of_it_is_decided(store, form):
    """No other cell of the form is learnt from: its writer is measured on."""
    say(store, form, "asel", form.place, form.truth[form.place], share=1.0)
    key_again(store, form, "bolat", {})
    told = uses(store, form)
    assert {s.use for s in told.values()} == {Use.AUDIT}
    assert form.place in told
    assert 2 < len(told) + 1 < len(inked(form.truth))
    assert {s.who for s in told.values()} == {"bolat"}


def test_a_dispute_audits_when_a_third_person_decided(store, form):
    say(store, form, "asel", form.place, form.truth[form.place], share=1.0)
    key_again(store, form, "bolat", {form.place: "815"})
    assert Use.AUDIT not in {s.use for s in uses(store, form).values()}
    with store.database.writing() as session:
        claim(session, who(session, "dana"), form.key)
        decide(session, LAYOUTS, who(session, "dana"), form.key, {form.place: form.truth[form.place]}, Share(1, "s"))
    told = uses(store, form)
    assert (told[form.place].use, told[form.place].who) == (Use.AUDIT, "dana")
    assert told[form.place].value == form.truth[form.place]


def test_a_drawn_sheet_audits(store, form):
    place = inked(form.truth)[0]
    at = (form.key, place_of(place))
    sheet = Keyed(1, "s", frozenset({at}), {at: Decimal(form.truth[place])})
    told = uses(store, form, sheets=[sheet])[place]
    assert (told.use, told.who, told.value) == (Use.AUDIT, SHEET, form.truth[place])


def test_audits_stand_for_the_accepted_and_the_asked_cells_of_a_run():
    audits = [item(n, accepted=n < 10, use=Use.AUDIT) for n in range(40)]
    found = weighted(audits, {True: 900, False: 100})
    assert sum(i.weight for i in found) == pytest.approx(40)
    assert {round(i.weight, 3) for i in found if i.settled.accepted} == {3.6}
    assert sum(i.weight for i in found if not i.settled.accepted) == pytest.approx(4)


def test_a_paper_that_is_gone_or_no_longer_opens_costs_its_cells_only(store, form, tmp_path, monkeypatch):
    say(store, form, "asel", form.place, form.truth[form.place])
    wanted = [s for s in gather(store).settled if s.key == form.key]
    crop = Crop(item(0).crop.raw, item(0).crop.clean)

    def placed(source, _forms, _readers, _pages):
        places = [place_of(form.place)]
        layout = SimpleNamespace(places=places)
        yield SimpleNamespace(layout=layout, bundle=SimpleNamespace(number=1), cells={places[0]: crop})
        raise Rejected("error.unknown-edition")

    monkeypatch.setattr(cutting, "placed_forms", placed)
    monkeypatch.setattr(cutting, "crop_of", lambda cell: cell)
    items, aside = cut(wanted, store, [], ({}, []), None, open_pages)
    assert [i.settled.spot[2] for i in items] == [form.place]
    assert {each.why for each in aside} == {Why.NO_PICTURE}
    assert len(items) + len(aside) == len(wanted)
    (tmp_path / "papers" / "a.png").unlink()
    assert cut(wanted, store, [], ({}, []), None, open_pages)[0] == []
