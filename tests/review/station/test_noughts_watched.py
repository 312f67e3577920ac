"""A planted card among noughts on the form page: nothing tells it apart, and who leaves it is told so at once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from layouts.words import LANGUAGES
from review.case import open_case
from review.schema import Event
from review.work.audit import verify
from review.work.schema import Look, Watched
from tests.review.station.forms import task_of

MISSED = {"kk": "сақталмады", "ru": "ничего не сохранено", "en": "Nothing of the list was kept"}


@pytest.fixture
def desk(desk):
    """A station at which every look has a planted card."""
    return replace(desk, watched=1.0)


def bare(truth, count):
    return [place for place, value in truth.items() if not value and place.startswith("s2/1.1")][:count]


def answers(store, form):
    with store.database.reading() as session:
        return {place: word.value for place, word in open_case(session, store.layouts, form.key).answers.items()}


def planted(store):
    with store.database.reading() as session:
        (look,) = session.scalars(select(Look).where(Look.state == "open")).all()
        return re.search(r'"at": "([^"]+)"', look.planted)[1]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_who_leaves_a_planted_card_is_shown_it_and_asked_one_by_one(filled, store, browse, language):
    """The page shows the crop; nothing is kept, and each nought of the look is a question of its own."""
    filled("known.png", seed=2)
    noughts = bare(filled("sample.png").truth, 3)
    form = filled("a.png", blanks=noughts)
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel.mine[data-at="noughts"]')
    assert page.locator(".card-row").count() == len(noughts) + 1
    page.keyboard.press("Enter")
    told = page.wait_for_selector(".missed")
    assert MISSED[language] in told.text_content()
    page.wait_for_function("() => document.querySelector('.missed img').naturalWidth > 0")
    assert answers(store, form) == {}
    for place in noughts:
        page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-at="{place}"]')
        assert page.input_value(".main-input") == ""
        page.keyboard.press("Delete")
    page.wait_for_url(lambda url: "none=1" in url)
    assert answers(store, form) == dict.fromkeys(noughts, "")
    assert task_of(store, form).open == 0
    with store.database.reading() as session:
        assert [(w.who, w.belongs, w.struck) for w in session.scalars(select(Watched))] == [("asel", False, False)]
        assert list(verify(session)) == []
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_sees_it_goes_on_and_its_card_is_no_answer(filled, store, browse, language):
    """What was typed there is kept nowhere; the look stays the same when the page is loaded anew."""
    filled("known.png", seed=2)
    noughts = bare(filled("sample.png").truth, 3)
    form = filled("a.png", blanks=noughts)
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel.mine[data-at="noughts"]')
    at = planted(store)
    page.reload()
    page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine")
    assert planted(store) == at
    page.focus(f'.card-row [data-place="{at}"]')
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "none=1" in url)
    assert answers(store, form) == dict.fromkeys(noughts, "")
    with store.database.reading() as session:
        assert [w.struck for w in session.scalars(select(Watched))] == [True]
        assert session.scalars(select(Event).where(Event.place == at, Event.who == "asel")).all() == []


def test_nothing_on_the_page_tells_the_planted_card(filled, store, person):
    """Its row is word for word as the others' but for its place, number and value; pictures have alike addresses."""
    filled("known.png", seed=2)
    truth = filled("sample.png").truth
    form = filled("a.png", blanks=bare(truth, 3))
    asel = person("asel")
    asel.say(f"{form.address}/claim")
    told = asel.get(form.address).text
    rows = re.findall(r'<div class="row card-row".*?</div>', told, re.DOTALL)
    assert len(rows) == 4
    at = planted(store)
    alike = set()
    for row in rows:
        place = re.search(r'data-row="([^"]+)"', row)[1]
        _section, line, column = place.split("/")
        bare_row = (
            row.replace(place, "PLACE")
            .replace(f"{line}, графа {column}", "WHERE")
            .replace(f"{line} / {column}", "WHERE")
        )
        bare_row = re.sub(r"/looks/([\w-]+)/\d+\.jpg", r"/looks/\1/N.jpg", bare_row)
        bare_row = re.sub(r'value-\d+"', 'value-N"', bare_row)
        alike.add(re.sub(r'(value|data-now)="[^"]*"', r'\1="V"', bare_row))
    assert len(alike) == 1, alike
    sources = re.findall(r"[0-9a-f]{64}", told)
    assert set(sources) == {form.source}
    crops = re.findall(r'src="(/forms/[^"]+/looks/[^"]+)"', told)
    assert [asel.get(crop).status_code for crop in crops] == [200] * 4
    assert at in told
    other = person("saule")
    assert [other.get(crop).status_code for crop in crops] == [404] * 4
    assert asel.get(crops[0].replace("/0.jpg", "/9.jpg")).status_code == 404


def test_noughts_without_their_look_are_refused(filled, store, person):
    """Nobody gets round the planted card by leaving it out."""
    filled("known.png", seed=2)
    noughts = bare(filled("sample.png").truth, 3)
    form = filled("a.png", blanks=noughts)
    asel = person("asel")
    told = asel.say(f"{form.address}/claim").text
    look = re.search(r'name="look" value="([^"]+)"', told)[1]
    for name in ("", look):
        said = {"at": "noughts", "place": noughts, "value": ["", "", ""], "token": "t", "do": "rest", "list": "1"}
        assert asel.say(f"{form.address}/answer", look=name, **said).status_code == 422
    assert answers(store, form) == {}
