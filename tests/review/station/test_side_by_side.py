"""Cells in which nothing is written, looked over side by side; cells of a page that is not there, keyed as a list."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from layouts.words import LANGUAGES, say
from review.case import open_case
from tests.review.station.forms import inked, task_of


def answers(store, form):
    with store.database.reading() as session:
        return {place: word.value for place, word in open_case(session, store.layouts, form.key).answers.items()}


def look_over(page, at="noughts"):
    """Take the next form and wait for its cells side by side."""
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-at="{at}"]')
    page.wait_for_load_state()


def bare(truth, count):
    return [place for place, value in truth.items() if not value and place.startswith("s2/1.1")][:count]


@pytest.mark.parametrize("language", LANGUAGES)
def test_noughts_are_settled_with_one_look(filled, store, browse, shot, language):
    """A dash among blanks is gone to with arrows and typed; one key keeps all, another takes all of it back."""
    truth = filled("sample.png").truth
    noughts = bare(truth, 9)
    form = filled("a.png", blanks=noughts)
    page = browse("asel", language=language)
    look_over(page)
    assert page.locator(".card-row").count() == len(noughts)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-")
    assert page.locator(".card-row.other").count() == 1
    shot(page, f"form-noughts-{language}")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "none=1" in url)
    assert answers(store, form) == {place: "0" if place == noughts[1] else "" for place in noughts}
    assert task_of(store, form).open == 0
    page.goto(form.address)
    page.wait_for_selector("#work[data-ready][data-pictured] .panel")
    page.keyboard.press("u")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel.mine[data-at="noughts"]')
    assert answers(store, form) == {}
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_typed_among_noughts_is_a_figure(filled, store, browse, language):
    """It was overlooked: it is kept as typed, and the sums that it breaks ask."""
    truth = filled("sample.png").truth
    noughts = bare(truth, 4)
    form = filled("a.png", blanks=noughts)
    page = browse("asel", language=language)
    look_over(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.type("12,5")
    page.keyboard.press("Enter")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel.mine[data-kind="control"]')
    assert answers(store, form)[noughts[0]] == "12.5"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_number_is_told_and_nothing_is_kept(filled, store, browse, language):
    """The whole look is kept or nothing."""
    noughts = bare(filled("sample.png").truth, 3)
    form = filled("a.png", blanks=noughts)
    page = browse("asel", language=language)
    look_over(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.type("1x2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .trouble")
    assert answers(store, form) == {}
    assert inked(form.truth)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_of_a_lost_page_are_keyed_as_a_list(filled, store, browse, shot, language):
    """A figure, a dash, blank by the key that writes the word; one Enter keeps what is typed, the rest stays open."""
    figure, dash, *bare, left = lost = [place for place in filled("sample.png").truth if place.startswith("s3/1.1")][:5]
    form = filled("a.png", lost=lost)
    page = browse("asel", language=language)
    look_over(page, "missing")
    page.keyboard.press("ArrowRight")
    for keys in ("12,5", "-", "Delete", "Delete"):
        page.keyboard.press(keys) if len(keys) > 4 else page.keyboard.type(keys)
        page.keyboard.press("ArrowRight")
    shot(page, f"form-missing-{language}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#work[data-ready] .panel.mine[data-at="{left}"]')
    assert answers(store, form) == {figure: "12.5", dash: "0", **dict.fromkeys(bare, "")}
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_lost_page_the_figures_are_typed_and_the_rest_said_to_be_blank(filled, store, browse, language):
    """A letter goes to its cell; one chord says the rest, and only of cells whose page is not there."""
    lost = [place for place in filled("sample.png").truth if place.startswith("s3/")]
    form = filled("a.png", lost=lost)
    page = browse("asel", language=language)
    look_over(page, "missing")
    names = page.locator(".card-row .letter").all_inner_texts()
    assert len(set(names)) == len(names) == len(lost) > len("ASDGHJKLETYIOPNMQVXZ")
    assert not [one for one in names for other in names if one != other and other.startswith(one)]
    page.keyboard.press("Control+Enter")
    expect(page.locator("#said .trouble")).to_have_text(say("station.missing-sure", {}, language))
    for place, figure in ((lost[3], "12,5"), (lost[-1], "7")):
        for letter in names[lost.index(place)]:
            page.keyboard.press(letter.lower())
        page.keyboard.type(figure)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector('#work[data-ready] .panel.mine:not([data-at="missing"])')
    assert answers(store, form) == dict.fromkeys(lost, "") | {lost[3]: "12.5", lost[-1]: "7"}
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_that_a_blank_is_a_nought_and_takes_it_back(filled, store, browse, language):
    """Wherever the cursor is among the cards; what the letters do elsewhere on the page they do not do here."""
    noughts = bare(filled("sample.png").truth, 5)
    form = filled("a.png", blanks=noughts)
    page = browse("asel", language=language)
    look_over(page)
    first, second, *_, last = page.locator(".card-row .letter").all_inner_texts()
    for letter in (first, second, last, second):
        page.keyboard.press(letter.lower())
    expect(page.locator(".card-row.other")).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "none=1" in url)
    assert answers(store, form) == dict.fromkeys(noughts, "") | {noughts[0]: "0", noughts[-1]: "0"}
    assert page.wrong == []
