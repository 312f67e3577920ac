"""The code of a place: proposed, chosen, found by the letters of its name; codes that look wrong are warned of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layouts.words import LANGUAGES
from review.case import open_case
from review.schema import Cell
from tests.review.station.forms import BIN
from tests.review.test_proposals import BARE, EMPTY, PROPOSED
from tests.validate.test_lists import PLACES

WORDS = {"kk": "Екібастұз", "ru": "Экибас", "en": "екибаст"}  # what is typed, in the letters of any language
WARNED = {"kk": "жіктеуіште жоқ", "ru": "нет в переданном классификаторе", "en": "no such KATO code"}


@pytest.fixture
def desk(desk):
    """A station that was handed a classifier."""
    return replace(desk, classifier=PLACES)


def answers(store, form):
    with store.database.reading() as session:
        return {place: word.value for place, word in open_case(session, store.layouts, form.key).answers.items()}


def opened(page, form, at="kato"):
    page.goto(form.address)
    page.wait_for_selector("#work[data-ready]")  # a key struck before that is refused
    if page.locator(".hold button").count():
        page.keyboard.press("Enter")
        page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine")
    page.goto(f"{form.address}?at={at}")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-at="{at}"]')


def found(page, words, code):
    """Type letters until the place is listed; the number it is chosen by."""
    page.keyboard.type(words)
    chip = page.wait_for_selector(f'#places[data-found] [data-chip="{code}"]')
    return chip.query_selector("kbd").text_content().removeprefix("Alt ")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_place_is_chosen_or_found_and_an_unknown_code_is_warned_of(filled, store, browse, language):
    """By keyboard alone: nothing is filled in, Enter on the empty input says nothing, one key chooses, one keeps."""
    form = filled("a.png", blanks=[BARE], fields=[EMPTY], findings=[PROPOSED])
    page = browse("asel", language=language)
    opened(page, form)
    assert page.input_value(".main-input") == ""
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .trouble")
    assert answers(store, form) == {}
    assert "Экибастуз" in page.text_content("#places")
    number = found(page, WORDS[language], "551610000")
    page.keyboard.press(f"Alt+{number}")
    assert page.input_value(".main-input") == "551610000"
    page.fill(".main-input", "559990000")
    page.wait_for_selector("#places:not([data-found]) [data-chip]")
    page.keyboard.press("Enter")
    assert WARNED[language] in page.wait_for_selector("#said .warning").text_content()
    assert answers(store, form) == {}
    page.fill(".main-input", "")
    page.keyboard.press("Alt+1")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel[data-at="{BARE}"]')
    assert answers(store, form) == {"kato": "551610000"}
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_in_ink_of_which_readings_compete_is_chosen(filled, store, browse, language):
    """It is not looked over with the rest: the input is empty, Enter on it says nothing, one key chooses."""
    ink = EMPTY._replace(written="551610000", value="551610000", status="review", reason="low-confidence")
    address = ink._replace(field="address", written="Абай 5", value="Абай 5")
    form = filled("a.png", blanks=[BARE], fields=[ink, address])
    with store.database.writing() as session:
        session.get_one(Cell, (*form.key, "kato")).alternatives = "551610000;551640000"
    page = browse("asel", language=language)
    opened(page, form)
    assert page.input_value(".main-input") == ""
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .trouble")
    assert page.locator("[data-chip]").count() >= 2
    page.keyboard.press("Alt+2")
    assert page.input_value(".main-input") == "551640000"
    page.keyboard.press("Alt+1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel[data-kind=rest]")
    assert answers(store, form) == {"kato": "551610000"}
    assert page.locator("[name=value][data-place=kato]").count() == 0
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_code_sent_twice_is_kept(filled, store, browse, language):
    """The paper may say what no list knows."""
    form = filled("a.png", blanks=[BARE], fields=[EMPTY])
    page = browse("asel", language=language)
    opened(page, form)
    page.keyboard.type("559990000")
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .warning")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel[data-at="{BARE}"]')
    assert answers(store, form) == {"kato": "559990000"}


def test_a_wrong_check_digit_is_warned_of_and_kept_when_sent_twice(filled, store, person):
    """A respondent may have written it so; a browser without scripts is asked as well."""
    form = filled("a.png", blanks=[BARE])
    asel = person("asel")
    asel.say(f"{form.address}/claim")
    wrong = BIN[:-1] + str((int(BIN[-1]) + 1) % 10)
    said = {"place": "bin", "at": "bin", "value": wrong, "token": "t", "do": "answer"}
    warned = asel.say(f"{form.address}/answer", **said)
    assert warned.status_code == 422
    assert f'name="sure" value="bin={wrong}"' in warned.text
    assert answers(store, form) == {}
    assert asel.say(f"{form.address}/answer", **said, sure=f"bin={wrong}").status_code == 200
    assert answers(store, form) == {"bin": wrong}


def test_without_a_classifier_nothing_is_searched(station, person):
    """With one, letters find places, those of the region that the form names first."""
    asel = person("asel")
    told = asel.get("/kato", params={"q": "акколь", "near": "11"}).text
    assert told.index("119020100") < told.index("551630000")
    assert 'data-chip="' not in asel.get("/kato", params={"q": "а"}).text
    object.__setattr__(station.desk, "classifier", None)
    assert asel.get("/kato", params={"q": "акколь"}).status_code == 404
