"""The form page in a real browser: whole ways through a form, by keyboard alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from layouts.words import LANGUAGES
from review.case import open_case
from review.station.words import number
from tests.review.station.forms import inked, task_of

ROW = "s2/1.4/1"


def answers(store, form):
    """Place → the word that counts, of everything people said about a form."""
    with store.database.reading() as session:
        return open_case(session, store.layouts, form.key).answers


def at(page, place):
    """Wait until the page asks about a place."""
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-at="{place}"]')


def in_sums(form):
    """Two inked figures of one line: each is in controls with the other."""
    line = next(p.rpartition("/")[0] for p in inked(form.truth) if p.endswith("/2"))
    return f"{line}/1", f"{line}/2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_at_the_keyboard(filled, store, browse, shot, language):
    """Readings compete: Enter on nothing is no answer, a key chooses; the next form comes by itself; undo goes back."""
    seen = filled("sample.png")
    one, other = in_sums(seen)
    truth = seen.truth[one]
    wrong = str(Decimal(truth) + 70)
    first = filled("a.png", seed=1, wrong={one: wrong}, offers={one: [wrong, truth]})
    second = filled("b.png", seed=1, doubts=[one, other], offers={one: [truth], other: [seen.truth[other]]})
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    at(page, one)
    assert page.input_value(".main-input") == ""
    page.wait_for_selector(".frame")
    assert page.locator(".band").count() == 2
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .trouble")
    assert answers(store, first) == {}
    shot(page, f"form-{language}")
    chips = page.locator(".chip").all_inner_texts()
    assert [number(v, language) in text for v, text in zip(sorted([truth, wrong], key=Decimal), chips, strict=True)]
    keys = {value: f"Alt+{n}" for n, value in enumerate(sorted([truth, wrong], key=Decimal), 1)}
    assert set(page.locator(".controls .term.here .amount").all_inner_texts()) == {"?"}  # no sum gives it away
    assert set(page.locator("[data-difference]").all_inner_texts()) == {"–"}
    page.keyboard.press(keys[wrong])
    page.wait_for_selector(".control.fails")
    page.keyboard.press(keys[truth])
    page.wait_for_selector(".control.fails", state="detached")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-address="{second.address}"]')
    assert answers(store, first)[one].value == truth
    assert answers(store, first)[one].who == "asel"
    page.click(".done button")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-address="{first.address}"]')
    at(page, one)
    assert answers(store, first) == {}
    assert task_of(store, first).state == "open"
    page.keyboard.type(truth)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-address="{second.address}"]')
    at(page, one)
    page.keyboard.press("Tab")
    at(page, other)
    page.keyboard.press("Shift+Tab")
    at(page, one)
    page.keyboard.type(truth.replace(".", ","))
    page.keyboard.press("Enter")
    at(page, other)
    page.keyboard.press("u")
    at(page, one)
    assert answers(store, second) == {}
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_blank_dash_and_a_slip_of_the_fingers(filled, store, browse, language):
    """Blank is one key on any board; a dash is zero; a figure nobody read that breaks a sum wants a second Enter."""
    seen = filled("sample.png")
    one, _ = in_sums(seen)
    bare = next(place for place, value in seen.truth.items() if not value and place.startswith("s3/"))
    form = filled(
        "a.png", wrong={one: str(Decimal(seen.truth[one]) + 70)}, offers={one: [seen.truth[one]]}, blanks=[bare]
    )
    page = browse("asel", language=language)
    page.goto(form.address)
    page.wait_for_selector("#work[data-ready][data-pictured] [data-first] button")
    page.keyboard.press("Enter")
    at(page, one)
    page.keyboard.type("12x")
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .trouble")
    page.fill(".main-input", "31")
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .warning")
    assert answers(store, form) == {}
    page.fill(".main-input", "32")  # another figure: warned of anew
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .warning")
    page.keyboard.press("Enter")
    at(page, bare)
    assert page.input_value(".main-input") == ""  # nothing of the figure before
    assert answers(store, form)[one].value == "32"
    page.dispatch_event(".main-input", "keydown", {"code": "KeyB", "key": "и", "bubbles": True, "cancelable": True})
    page.wait_for_selector('#work[data-ready][data-pictured] .panel:not([data-at="' + bare + '"])')
    assert answers(store, form)[bare].value == ""
    page.keyboard.press("Control+z")
    at(page, bare)
    page.keyboard.type("-")
    page.keyboard.press("Enter")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel:not([data-at="' + bare + '"])')
    assert page.input_value("[name=value]") == ""
    assert answers(store, form)[bare].value == "0"
    assert page.locator(".panel[data-kind=control]").count() == 1  # what 32 broke is asked about
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failed_control_is_corrected_by_the_respondent(filled, store, browse, shot, language):
    """The sums follow what is typed; the respondent's figure stands beside the paper's."""
    form = filled("a.png", mistake=True)
    right = str(Decimal(form.truth["s2/1/1"]) - 7)
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel[data-kind=control]")
    page.wait_for_selector(".frame.other")
    shot(page, f"form-control-{language}")
    assert page.locator(".control.fails [data-difference]").inner_text() == "7"
    page.fill("#value-1", right)
    page.wait_for_selector(".control.holds")
    page.keyboard.press("Alt+KeyR")
    page.wait_for_selector("[name=who]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .trouble")  # who said so?
    page.fill("[name=who]", "A. Omarov")
    page.fill("[name=phone]", "+7 701 111 22 33")
    shot(page, f"form-respondent-{language}")
    page.press("[name=who]", "Enter")
    page.wait_for_selector("#work", state="detached")
    assert "none=1" in page.url
    said = answers(store, form)["s2/1/1"]
    assert (said.origin.value, said.value) == ("respondent", right)
    assert said.note.startswith("respondent | A. Omarov | +7 701 111 22 33 | 20")
    with store.database.reading() as session:
        figure = next(f for f in open_case(session, store.layouts, form.key).figures if (f.line, f.column) == ("1", 1))
    assert (figure.paper_value, figure.final_value) == (form.truth["s2/1/1"], right)
    page.goto(f"{form.address}?at=s2/1/1")
    page.wait_for_selector("#why >> text=A. Omarov")
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_control_stands_so_on_paper(filled, store, browse, language):
    """One chord confirms it; nothing in the inputs is an answer."""
    form = filled("a.png", mistake=True)
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel[data-kind=control]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .trouble")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#work", state="detached")
    assert "none=1" in page.url
    assert answers(store, form)["s2.columns@s2/1/1"].act.value == "confirm"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_respondent_is_asked_and_the_form_leaves(filled, store, browse, language):
    """What is to be asked is noted, and the next form comes."""
    first, second = filled("a.png", mistake=True), filled("b.png", seed=2, mistake=True)
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel[data-kind=control]")
    page.click(".more summary")
    page.fill(".more [name=note]", "графа 1?")
    page.click("[data-ask]")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-address="{second.address}"]')
    task = task_of(store, first)
    assert (task.state, task.holder) == ("asking", None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_form_and_a_wrong_accepted_figure(filled, store, browse, shot, language):
    """Any figure can be opened and corrected; what was said of it is shown."""
    form = filled("a.png", mistake=True)
    place = next(p for p in inked(form.truth) if p.endswith("/6"))
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel[data-kind=control]")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.wait_for_selector("#whole[open] .slot.here, #whole[open] .slot")
    shot(page, f"form-whole-{language}")
    assert page.locator("#whole .sheet-table").count() == 3
    page.click(f'#whole [data-goto="{place}"]')
    at(page, place)
    assert page.input_value(".main-input") == ""
    page.fill(".main-input", "12 345,60")
    page.keyboard.press("Enter")
    if page.locator("#said .warning").count() or not answers(store, form):
        page.wait_for_selector("#said .warning")
        page.keyboard.press("Enter")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel[data-kind=control]")
    assert answers(store, form)[place].value == "12345.6"
    page.goto(f"{form.address}?at={place}")
    page.click(".history summary")
    assert "12345.6" in page.inner_text(".history")
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_moves_by_keyboard(filled, browse, shot, language):
    """Zoom, pan, turn, light and pages; the keys are shown on «?»."""
    form = filled("a.png", doubts=["s2/1/1", "s2/1/2"])
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    at(page, "s2/1/1")
    page.wait_for_selector(".frame")
    sheet = page.locator("#sheet")
    seen = [sheet.get_attribute("style")]
    for key in ("Alt+Equal", "Shift+ArrowRight", "r", "w", "c"):
        page.keyboard.press(key)
        expect(sheet).not_to_have_attribute("style", seen[-1])
        seen.append(sheet.get_attribute("style"))
    assert "rotate(90deg)" in seen[3]
    page.keyboard.press("]")
    assert "brightness" in page.evaluate("document.querySelector('#sheet img').style.filter")
    assert page.input_value(".main-input") == ""
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    shot(page, f"form-keys-{language}")
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys", state="hidden")
    assert page.url.endswith(form.address)
    assert page.wrong == []
