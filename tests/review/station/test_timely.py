"""Keys struck before a question is there: none of them answers it, and none of them is half of what is typed next."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from layouts.words import LANGUAGES, say
from review.case import open_case
from tests.review.station.conftest import PATIENCE
from tests.review.station.forms import inked

READY = "#work[data-ready][data-pictured]"
SHORT = 40  # milliseconds between two keys of somebody who types fast
LONG = 3000  # milliseconds in which a busy machine has struck a few keys


def answers(store, form):
    with store.database.reading() as session:
        return {place: word.value for place, word in open_case(session, store.layouts, form.key).answers.items()}


def begun(browse, language="ru"):
    """Somebody at the first question of the first form."""
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector(f"{READY} .panel.mine")
    return page


def paced(page, **milliseconds):
    """How long the page takes for a hand's PAUSE or an eye's SIGHT: this machine may be slower than both."""
    page.evaluate("told => { Object.assign(Qagaz.Timely, told); }", milliseconds)


def held_back(page, address):
    """What is sent there waits until it is let go."""
    held = []

    def hold(route):
        held.append(route)

    page.route(address, hold)
    return held


def until(page, held, count=1):
    """Wait until so much is held back; the last of it."""
    for _ in range(PATIENCE // 10):
        if len(held) >= count:
            return held.pop()
        page.wait_for_timeout(10)
    raise AssertionError(page.url)


def untouched(page):
    """Whether the input holds what it was shown with."""
    return page.evaluate("() => (input => input.value === input.defaultValue)(document.querySelector('.main-input'))")


def keep_striking(page, asked, key):
    """One key again and again until another question is there."""
    for _ in range(PATIENCE // SHORT):
        if page.get_attribute(".panel", "data-at") != asked:
            return
        page.keyboard.press(key)
        page.wait_for_timeout(SHORT)
    raise AssertionError(asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_begun_before_its_question_is_typed_anew(filled, store, browse, language):
    """Digits typed while an answer is on its way, and right after, are refused as a whole, and it is said."""
    first, second = inked(filled("sample.png").truth)[:2]
    form = filled("a.png", doubts=[first, second], offers={first: [], second: []})
    page = begun(browse, language)
    asked = page.get_attribute(".panel", "data-at")
    other = second if asked == first else first
    paced(page, PAUSE=PATIENCE)
    held = held_back(page, "**/answer")
    page.keyboard.type(form.truth[asked])
    page.keyboard.press("Enter")
    on_its_way = until(page, held)
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    on_its_way.continue_()
    keep_striking(page, asked, "9")
    page.keyboard.type("987", delay=SHORT)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'{READY} .panel.mine[data-at="{other}"]')
    expect(page.locator("#said .trouble")).to_have_text(say("station.too-early", {}, language))
    assert untouched(page)  # all sums vouch for what it holds: Enter alone would have kept it
    assert answers(store, form) == {asked: form.truth[asked]}
    page.unroute("**/answer")
    paced(page, PAUSE=SHORT)
    page.wait_for_timeout(2 * SHORT)
    page.keyboard.type(form.truth[other])
    assert page.input_value(".main-input") == form.truth[other]
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "none=1" in url)
    assert answers(store, form) == {place: form.truth[place] for place in (asked, other)}
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_enter_struck_twice_accepts_nothing_unseen(filled, store, browse, language):
    """The second one comes before what follows can have been seen: noughts wait to be looked at."""
    truth = filled("sample.png").truth
    place = inked(truth)[0]
    noughts = [name for name, value in truth.items() if not value and name.startswith("s2/1.1")][:3]
    form = filled("a.png", doubts=[place], blanks=noughts)
    page = begun(browse, language)
    paced(page, SIGHT=LONG)
    held = held_back(page, "**/answer")
    page.keyboard.type(form.truth[place])
    page.keyboard.press("Enter")
    until(page, held).continue_()
    keep_striking(page, place, "Enter")
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")  # it repeats while it is held
    page.wait_for_selector(f'{READY} .panel.mine[data-at="noughts"]')
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    assert held == []
    assert answers(store, form) == {place: form.truth[place]}
    page.unroute("**/answer")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "none=1" in url)
    assert answers(store, form) == {place: form.truth[place], **dict.fromkeys(noughts, "")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_accepted_before_its_crops_are_there(filled, store, browse, language):
    """What cannot be seen yet is not right; once it can, the same key says so."""
    truth = filled("sample.png").truth
    noughts = [name for name, value in truth.items() if not value and name.startswith("s2/1.1")][:3]
    form = filled("a.png", blanks=noughts)
    page = browse("asel", language=language)
    held = held_back(page, re.compile("/(crops|looks)/"))
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector("#work[data-ready] .panel.mine")
    page.keyboard.press("Enter")
    expect(page.locator("#said .trouble")).to_have_text(say("station.picture-comes", {}, language))
    assert answers(store, form) == {}
    until(page, held, len(noughts)).continue_()
    for crop in held:
        crop.continue_()
    page.wait_for_selector(f"{READY} .panel.mine")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "none=1" in url)
    assert answers(store, form) == dict.fromkeys(noughts, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_a_figure_is_not_typed_into_the_next_question(filled, store, browse, language):
    """Tab, and digits while the other question is on its way: they go to none of the two."""
    first, second = inked(filled("sample.png").truth)[:2]
    form = filled("a.png", doubts=[first, second], offers={first: [], second: []})
    page = begun(browse, language)
    asked = page.get_attribute(".panel", "data-at")
    paced(page, PAUSE=PATIENCE)
    held = held_back(page, "**at=*")
    page.keyboard.press("Tab")
    on_its_way = until(page, held)
    page.keyboard.type("12")
    on_its_way.continue_()
    keep_striking(page, asked, "3")
    page.keyboard.type("45", delay=SHORT)
    page.wait_for_selector(f"{READY} .panel.mine")
    assert untouched(page)
    expect(page.locator("#said .trouble")).to_have_text(say("station.too-early", {}, language))
    assert answers(store, form) == {}
