"""Second keying, disputes and the list of respondents in the browser, by keyboard alone."""

from __future__ import annotations

import dataclasses

import pytest

from layouts.words import LANGUAGES, say
from review.answers import FORM, Act
from review.schema import Cell
from review.work.answering import answer, note
from review.work.claims import claim, release
from review.work.saying import Given
from review.work.schema import Person
from review.work.staff.people import worker_of
from review.work.tasks import Share, State
from tests.review.station.forms import inked, task_of


def focused(page):
    """Somebody who sees where the focus is."""
    page.wait_for_selector("input:focus, button:focus, a:focus")


def moved_on(page, place):
    """Wait until another cell is asked about, or none."""
    page.wait_for_selector(f'form.word[data-ready] [name=place]:not([value="{place}"]), p.good', state="attached")


@pytest.fixture
def desk(desk):
    """Every settled form is keyed once more."""
    return dataclasses.replace(desk, share=Share(1, "seed"))


def worker(station, login):
    with station.store.database.reading() as session:
        return worker_of(session, session.query(Person).filter_by(login=login).one())


@pytest.fixture
def settled(filled, station):
    """A form that asel settled: two cells, one of them with a word that is not what the paper says."""
    truth = filled("truth.png").truth
    first, second = inked(truth)[2:4]
    form = filled("a.png", doubts=[first, second], office="Алматы")
    with station.store.database.writing() as session:
        asel = worker(station, "asel")
        claim(session, asel, form.key)
        given = [Given(*form.key, place, truth[place], who="asel") for place in (first, second)]
        answer(session, station.store.layouts, asel, form.key, given, "t", Share(1, "seed"))
    assert task_of(station.store, form).state == State.SECOND
    return form, first


def place_of(page):
    return page.locator("form.word [name=place]").get_attribute("value")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_is_keyed_blind_and_a_dispute_decided_by_keyboard(settled, station, browse, shot, colours, language):
    """From the queue of second keying to a decision; nothing tells what stood there."""
    form, wrong = settled
    page = browse("bolat", language=language)
    page.goto("/second")
    focused(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("form.word[data-ready]")
    for scheme in colours(page):
        shot(page, f"second-{language}-{scheme}")
    focused(page)
    page.keyboard.press("Enter")  # an empty field is no word
    page.wait_for_selector("[role=alert]")
    while page.locator("form.word").count():
        place = place_of(page)
        focused(page)
        assert page.locator("form.word [name=value]").input_value() == ""
        told = page.locator("main").inner_html()
        assert form.truth[place] not in told.replace(place, "").replace(form.source, "")
        page.keyboard.type("777" if place == wrong else form.truth[place].replace(".", ","))
        page.keyboard.press("Enter")
        moved_on(page, place)
    page.wait_for_url("**/second?done=1")
    assert task_of(station.store, form).state == State.DISPUTE
    page.goto("/second/disputes")
    assert say("station.dispute-none", {}, language) in page.content()
    assert [said for said in page.wrong if "409" not in said] == []

    page = browse("saule", language=language)
    page.goto("/second/disputes")
    focused(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("form.decide")
    for scheme in colours(page):
        shot(page, f"dispute-{language}-{scheme}")
    told = page.locator("form.decide").inner_text()
    assert "asel" not in told.lower()
    assert "bolat" not in told.lower()
    assert page.locator("[type=radio]:checked").count() == 0
    words = page.locator("[type=radio]").evaluate_all("all => all.map(one => one.value)")
    assert set(words) == {"777", form.truth[wrong], "typed"}
    focused(page)
    page.keyboard.press("Space")
    for _ in range(words.index(form.truth[wrong])):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/second/disputes?done=1")
    assert task_of(station.store, form).state == State.DONE
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_blank_cell_is_said_to_be_blank_with_one_key(filled, station, browse, language):
    """Space in the empty field; an empty field alone is no word."""
    truth = filled("truth.png").truth
    place = next(place for place in truth if not truth[place])
    form = filled("a.png", blanks=[place], office="Алматы")
    with station.store.database.writing() as session:
        asel = worker(station, "asel")
        claim(session, asel, form.key)
        given = [Given(*form.key, place, "", who="asel")]
        answer(session, station.store.layouts, asel, form.key, given, "t", Share(1, "seed"))
    page = browse("bolat", language=language)
    page.goto("/second")
    focused(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("form.word[data-ready]")
    while page.locator("form.word").count():
        now = place_of(page)
        focused(page)
        if form.truth[now]:
            page.keyboard.type(form.truth[now])
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Space")
        moved_on(page, now)
    assert task_of(station.store, form).state == State.DONE


@pytest.fixture
def asked(filled, station):
    """Two respondents to be asked, one of them with a telephone and a name read from the form."""
    forms = [filled("a.png", mistake=True, doubts=["s2/1.1/2"]), filled("b.png", mistake=True, seed=3)]
    with station.store.database.writing() as session:
        asel = worker(station, "asel")
        for form in forms:
            claim(session, asel, form.key)
            about = Given(*form.key, FORM, "", "итог по строке 1", "asel")
            note(session, station.store.layouts, asel, form.key, about, Act.ASK, Share(0))
            release(session, asel, form.key)
        for place, value, status, box in (
            ("name", "ТОО «Қазына Софт»", "accepted", None),
            ("phone", "8 (7172) 55-01-23", "accepted", None),
            ("mobile", "+7 701 555 01 2З", "review", (60, 30, 300, 60)),
        ):
            edges = box or (None,) * 4
            told = dict(zip(("x0", "y0", "x1", "y1"), edges, strict=True))
            session.add(
                Cell(
                    source=forms[0].source, form=1, place=place, position=-1, figure=False, written=value, value=value,
                    confidence=0.9, status=status, reason="", page=1 if box else None, unit="px", alternatives="",
                    **told,
                )
            )  # fmt: skip
    return forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_respondents_are_asked_from_a_list(asked, station, browse, shot, colours, language):
    """Whom, how to reach them, what to ask in one sentence each; a call without answer is noted."""
    page = browse("asel", language=language)
    page.goto("/asking")
    assert page.locator("h1").inner_text() == say("station.asking", {}, language)
    for scheme in colours(page):
        shot(page, f"asking-{language}-{scheme}")
    first = page.locator("article").first
    told = first.inner_text()
    assert "ТОО «Қазына Софт»" in told
    assert "8 (7172) 55-01-23" in told
    assert first.locator("img.scrap").count() == 1
    sentence = say("station.ask-equal-line", {"section": 2, "at": 1, "total": 1, "difference": 7}, language)
    assert sentence.partition("{left}")[0] in told
    assert sentence.rpartition("}")[2] in told  # by how much it is off
    for letter in first.locator("textarea").all():
        assert "разница 7" in letter.input_value() or "айырма 7" in letter.input_value()
        assert "Қазына" not in letter.input_value()
        assert "55-01-23" not in letter.input_value()
    first.locator("a.main").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/asking?noted=1*")
    assert say("station.asking-no-answer", {}, language) in page.locator("article").first.inner_text()
    assert task_of(station.store, asked[0]).state == State.ASKING
    page.locator("article").first.locator("[name=note]").focus()
    page.keyboard.type("после <b>обеда</b>")
    page.keyboard.press("Enter")
    page.wait_for_selector("article >> text=после <b>обеда</b>")
    page.locator("article").first.locator(".do form:last-child button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/asking?stopped=1")
    assert task_of(station.store, asked[0]).state == State.OPEN
    page.emulate_media(media="print")
    shot(page, "asking-print")
    assert page.wrong == []


def test_pages_of_second_keying_are_for_those_who_answer(settled, person):
    """An auditor looks at the list of respondents and answers nothing; strangers to a form cannot key it."""
    form, place = settled
    anna, bolat = person("anna"), person("bolat")
    assert [anna.get(path).status_code for path in ("/second", "/second/disputes", "/asking")] == [403, 403, 200]
    told = {"source": form.source, "form": "1", "place": place, "value": "1"}
    assert bolat.say("/second/key", **told).status_code == 409
    assert person("asel").say("/second/next").url.query == b"none=1"
    assert bolat.say("/second/next").status_code == 200
    assert bolat.say("/second/key", **(told | {"value": "abc"})).status_code == 409
