"""The collage in the browser, by keyboard alone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from layouts.words import LANGUAGES, say
from review.answers import Act
from review.schema import Event
from review.work.collages import plants
from review.work.schema import Collage, Watched
from tests.review.station.forms import inked


@pytest.fixture
def alike(filled):
    """Fifteen forms of which one cell was read as the same; on one of the papers something else stands there."""
    truth = filled("truth.png").truth
    place = next(place for place in inked(truth) if len(truth[place]) >= 3)
    same = [filled(f"{n:02}.png", doubts=[place]) for n in range(14)]
    odd = next(seed for seed in range(2, 40) if len(_value(filled, place, seed)) >= 3)
    other = filled("odd.png", seed=odd, wrong={place: truth[place]})
    return same, other, place, truth[place]


def _value(filled, place, seed):
    return filled(f"look-{seed}.png", seed=seed).truth[place]


@pytest.fixture
def always_odd(monkeypatch):
    """Every planted crop is one that does not belong."""
    monkeypatch.setattr(plants, "ODD", 1.1)


def odd_ones(station, *sources):
    """Which crops of the collage handed out last do not say what it says."""
    with station.store.database.reading() as session:
        handed = session.scalar(select(Collage).order_by(Collage.at.desc()).limit(1))
        crops = json.loads(handed.crops)
    return [n for n, crop in enumerate(crops) if crop[4] not in (None, handed.value) or crop[0] in sources]


def answers(station, place):
    with station.store.database.reading() as session:
        wanted = select(Event.source, Event.note).where(Event.act == Act.ANSWER.value, Event.place == place)
        return {row.source: row.note for row in session.execute(wanted)}


def step_to(page, at):
    """With the arrows, from wherever one is."""
    page.keyboard.press("Home")
    for _ in range(at):
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_collage_is_struck_through_and_confirmed_by_keyboard(
    alike, station, browse, shot, always_odd, language, colours
):
    """Nothing is selected before; Enter confirms only when all was in view; what was struck out is not answered."""
    same, other, place, _ = alike
    page = browse("asel", language=language, height=360)
    page.goto("/collage")
    confirm = page.locator("button.confirm")
    boxes = page.locator("[name=struck]")
    assert page.locator("[name=struck]:checked").count() == 0
    assert confirm.is_disabled()
    page.keyboard.press("Enter")  # leads on to what was not seen yet
    assert answers(station, place) == {}
    for n, at in enumerate(odd_ones(station, other.source)):
        step_to(page, at)
        page.keyboard.press(("Space", "x")[n % 2])
    page.keyboard.press("End")
    expect(page.locator("button.confirm")).to_be_enabled()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.keyboard.press("Home")
    for scheme in colours(page):
        shot(page, f"collage-{language}-{scheme}")
    assert boxes.count() == 17
    page.keyboard.press("Enter")  # all was seen: to the button
    page.keyboard.press("Enter")
    page.wait_for_url("**/collage?kept=14*")
    assert say("station.collage-kept", {"kept": 14, "struck": 1}, language) in page.content()
    assert answers(station, place) == {form.source: "collage" for form in same}
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_confirms_without_looking_keeps_nothing_and_is_shown_why(
    alike, station, browse, shot, always_odd, colours, language
):
    """Then gets it anew, with other plants."""
    page = browse("asel", language=language)
    page.goto("/collage")
    page.keyboard.press("End")
    expect(page.locator("button.confirm")).to_be_enabled()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    page.wait_for_selector("a.button:focus")
    for scheme in colours(page):
        shot(page, f"collage-missed-{language}-{scheme}")
    assert answers(station, alike[2]) == {}
    assert page.locator("figure.crop").count() == 2
    with station.store.database.reading() as session:
        assert {(w.belongs, w.struck, w.who) for w in session.scalars(select(Watched))} == {(False, False, "asel")}
    page.keyboard.press("Enter")
    page.wait_for_selector("form.collage")
    assert page.wrong == []


def test_a_page_loaded_again_is_the_same_collage_and_works_without_script(alike, station, person, always_odd):
    """Another person gets no part of it; an auditor none at all."""
    asel = person("asel")
    first, again = (asel.get("/collage").text for _ in range(2))
    name = first.partition('name="collage" value="')[2].partition('"')[0]
    assert name
    assert name in again
    assert "form.collage" not in person("saule").get("/collage").text
    assert person("anna").get("/collage").status_code == 403
    assert person("saule").say("/collage", collage=name).status_code == 409
    assert "checked" not in first
    told = asel.say("/collage", collage=name, struck=[str(at) for at in odd_ones(station)])
    assert "kept=15" in str(told.url)
    assert "again=1" in str(asel.say("/collage", collage=name).url)
