"""Ways through a form that are less travelled, in a real browser: units, the rest, notes, copies, other hands."""

from __future__ import annotations

import io
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from layouts.words import LANGUAGES, say
from review.answers import FORM, Act, now
from review.case import open_case
from review.rows import FieldRow, FindingRow
from review.schema import Event
from review.station.words import number
from review.work.schema import Setting
from review.work.tasks import SHARE
from tests.review.station.forms import inked, task_of


def about(rule, message, places="", **told):
    """A finding of a check."""
    return FindingRow(1, rule, "check", "", "undecided", places, "", "", "", "", message, tuple(told.items()))


def written(name, text, row):
    """A field in doubt that no figure waits for."""
    return FieldRow(1, name, "", text, text, 0.6, "review", "low-confidence", 1, 60, 30 + row, 420, 60 + row, "px")


def case_of(store, form):
    with store.database.reading() as session:
        return open_case(session, store.layouts, form.key)


def acts_on(store, form):
    with store.database.reading() as session:
        words = session.query(Event).filter_by(source=form.source).order_by(Event.id)
        return [(word.act, word.place, word.note) for word in words if word.act != Act.READ.value]


def begin(page):
    """Take the next form."""
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine")


def settled(page):
    """Wait for the queue, where no form is left."""
    page.wait_for_url(lambda url: "none=1" in url)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_filled_in_in_tenge_is_divided_with_one_key(filled, store, browse, shot, language):
    """The first question of all: one answer settles every figure; taken back, all of them ask again."""
    truth = filled("sample.png").truth
    places = inked(truth)
    huge = places[0]
    unit = about("check.unit", "finding.unit", huge, place=huge, value=truth[huge])
    form = filled("a.png", doubts=places, reasons="unit-suspected", findings=[unit])
    page = browse("asel", language=language)
    begin(page)
    panel = page.locator(".panel[data-kind=unit]")
    expect(panel.locator(".sentence").first).to_contain_text(number(truth[huge], language))
    expect(panel.locator("[data-choice]").first).to_contain_text(say("station.unit-tenge", {}, language))
    shot(page, f"form-unit-{language}")
    page.keyboard.press("Enter")  # there is no answer that Enter could mean
    page.keyboard.press("Alt+Digit1")
    settled(page)
    final = {f"s{f.section}/{f.line}/{f.column}": f.final_value for f in case_of(store, form).figures}
    assert all(Decimal(final[place]) == Decimal(form.truth[place]) / 1000 for place in places)
    expect(page.locator(".done")).to_contain_text(say("station.settled-now", {}, language))
    page.keyboard.press("u")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine[data-kind=unit]")
    assert case_of(store, form).answers == {}
    assert task_of(store, form).state == "open"
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rest_is_accepted_at_one_look(filled, store, browse, shot, language):
    """Names and addresses: what is wrong is typed over, one key keeps all, one takes all of it back."""
    fields = [
        written("name", "ЖШС «Жібек»", 0),
        written("address", "Абай к., 5", 40),
        written("executor", "Омарова", 80),
    ]
    place = inked(filled("sample.png").truth)[0]
    form = filled("a.png", doubts=[place], fields=fields)
    page = browse("asel", language=language)
    begin(page)
    page.keyboard.type(form.truth[place])
    page.keyboard.press("Enter")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine[data-kind=rest]")
    assert page.locator(".panel[data-kind=rest] .row").count() == 3
    expect(page.locator("#accept")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("[data-place=address]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Абай к., 6")
    shot(page, f"form-rest-{language}")
    page.keyboard.press("Enter")
    settled(page)
    said = {place: word.value for place, word in case_of(store, form).answers.items()}
    assert said == {place: form.truth[place], "name": "ЖШС «Жібек»", "address": "Абай к., 6", "executor": "Омарова"}
    page.click("[data-undo]")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine[data-kind=rest]")
    assert set(case_of(store, form).answers) == {place}
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_is_kept_and_nobody_is_told_off_for_long(filled, store, browse, language):
    """An empty note is none; one that is kept stands in the history and settles nothing."""
    form = filled("a.png", mistake=True)
    page = browse("asel", language=language)
    begin(page)
    page.click(".more summary")
    page.press(".more [name=note]", "Enter")
    expect(page.locator("#said .trouble")).to_have_text(say("error.note-empty", {}, language))
    page.fill(".more [name=note]", "<b>после 15:00</b>")
    page.press(".more [name=note]", "Enter")
    page.click(".history summary")
    expect(page.locator(".history")).to_contain_text("<b>после 15:00</b>")
    expect(page.locator(".history")).to_contain_text(say("station.act-note", {}, language))
    assert acts_on(store, form) == [("note", FORM, "<b>после 15:00</b>")]
    assert task_of(store, form).state == "open"
    assert page.wrong == []


@pytest.mark.parametrize(
    ("language", "key", "counts"),
    [("ru", "Alt+Digit2", False), ("kk", "Alt+Digit2", False), ("en", "Alt+Digit1", True)],
)
def test_of_two_forms_alike_a_person_says_which_counts(filled, store, browse, shot, language, key, counts):
    """The other one is a click away; what is left out leaves the queue and its figures, and comes back when undone."""
    first = filled("first.png", seed=2)
    again = about("check.revision", "finding.revision", file=first.name, form="1", source=first.source)
    form = filled("again.png", findings=[again])
    page = browse("asel", language=language)
    begin(page)
    expect(page.locator(".sentence").first).to_contain_text("first.png")
    shot(page, f"form-alike-{language}")
    with page.context.expect_page() as opened:
        page.click(".choices a")
    opened.value.wait_for_selector(f'#work[data-ready][data-pictured] .panel[data-address="{first.address}"]')
    opened.value.close()
    page.keyboard.press(key)
    settled(page)
    case = case_of(store, form)
    assert case.left_out is not counts
    assert task_of(store, form).state == "done"
    page.click("[data-undo]")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-address="{form.address}"] .choices')
    assert not case_of(store, form).left_out
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_changes_hands(filled, store, browse, language):
    """Who holds it gives it on; it is the first thing the other is told of, and no longer one's own."""
    form = filled("a.png", doubts=["s2/1/1", "s2/1/2"])
    page = browse("asel", language=language)
    begin(page)
    page.click(".more summary")
    page.select_option(".more [name=to]", "saule")
    page.click(f".more button >> text='{say('station.hand-over', {}, language)}'")
    page.wait_for_url("**/")
    assert task_of(store, form).holder == 3
    page.goto(form.address)
    expect(page.locator(".hold .warning")).to_contain_text("Сәуле")
    assert page.is_disabled(".main-input")
    other = browse("saule", language=language)
    other.click("text=a.png >> nth=0")
    other.wait_for_selector("#work[data-ready][data-pictured] .panel.mine")
    other.click(".more summary")
    other.click(f".more button >> text='{say('station.let-go', {}, language)}'")
    other.wait_for_url("**/")
    assert task_of(store, form).holder is None
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_scanned_on_its_side_is_shown_upright(filled, browse, shot, language):
    """The line of figures runs from left to right, the cell in view; its crop holds the figure the right way up."""
    place = inked(filled("sample.png").truth)[0]
    upright, lying = filled("a.png", doubts=[place]), filled("b.png", doubts=[place], sideways=True)
    page = browse("asel", language=language)
    crops = []
    for form in (upright, lying):
        page.goto(form.address)
        page.wait_for_selector("#work[data-ready][data-pictured] .frame")
        frame, stage = page.locator(".frame").first.bounding_box(), page.locator("#stage").bounding_box()
        assert frame["width"] > 2 * frame["height"]
        assert stage["x"] <= frame["x"]
        assert frame["x"] + frame["width"] <= stage["x"] + stage["width"]
        assert stage["y"] <= frame["y"]
        assert frame["y"] + frame["height"] <= stage["y"] + stage["height"]
        seen = page.request.get(f"{form.address}/crops/{place}.jpg")
        crops.append(np.asarray(Image.open(io.BytesIO(seen.body())).convert("L"), dtype=float))
    shot(page, f"form-sideways-{language}")
    bands = page.locator(".band").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(b => b.width / b.height)"
    )
    assert max(bands) > 5  # its line
    assert min(bands) < 1  # its column
    assert crops[0].shape == crops[1].shape
    assert np.abs(crops[0] - crops[1]).mean() < 4  # grey levels: what JPEG makes of one picture, turned or not
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_moves_while_pictures_come(filled, person, browse, language):
    """What one is about to press is where it was when the crops are there."""
    form = filled("a.png", mistake=True)
    person("asel").say(f"{form.address}/claim")
    page = browse("asel", language=language)
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route("**/crops/**", hold)
    page.goto(form.address, wait_until="domcontentloaded")
    page.wait_for_selector("#work[data-ready] .panel.mine[data-kind=control]")
    page.click(".more summary")
    where = (
        "() => [...document.querySelectorAll('.panel button, .panel input')].map(e => e.getBoundingClientRect().top)"
    )
    before = page.evaluate(where)
    assert waiting
    for route in waiting:
        route.continue_()
    for crop in page.locator("img.crop").all():
        expect(crop).to_have_js_property("complete", True)
        expect(crop).not_to_have_js_property("naturalWidth", 0)
    assert page.evaluate(where) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_two_panels_on_their_way_the_last_one_is_shown(filled, store, browse, language):
    """Tab, and Enter before its answer has come: what is answered leads on, what was asked for before does not."""
    places = inked(filled("sample.png").truth)[:3]
    form = filled("a.png", doubts=places, offers={place: [] for place in places})
    page = browse("asel", language=language)
    begin(page)
    first = page.get_attribute(".panel", "data-at")
    held = []
    page.route("**at=*", lambda route: held.append(route) if not held else route.continue_())
    page.keyboard.press("Tab")
    page.keyboard.type(form.truth[first])
    page.keyboard.press("Enter")
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel:not([data-at="{first}"])')
    now = page.get_attribute(".panel", "data-at")
    page.fill(".main-input", "12")
    with page.expect_response("**at=*"):
        held[0].continue_()
    page.wait_for_timeout(200)  # milliseconds: what would be shown is shown by then
    assert page.input_value(".main-input") == "12"
    assert page.get_attribute(".panel", "data-at") == now
    assert set(case_of(store, form).answers) == {first}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("share", ["0", "1"], ids=["none drawn", "all drawn"])
def test_who_settled_a_form_cannot_tell_that_it_is_keyed_once_more(filled, store, browse, share, language):
    """It is shown, taken back and settled again as any other, until somebody has begun to key it."""
    with store.database.writing() as session:
        session.add(Setting(name=SHARE, value=share, who="saule", at=now()))
    place = inked(filled("sample.png").truth)[0]
    form = filled("a.png", doubts=[place])
    page = browse("asel", language=language)
    for _ in range(2):
        begin(page)
        page.fill(".main-input", form.truth[place])
        page.keyboard.press("Enter")
        settled(page)
        assert task_of(store, form).state == {"0": "done", "1": "second"}[share]
        page.keyboard.press("u")
        page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine")
        assert task_of(store, form).state == "open"
        page.goto("/")
    begin(page)
    page.fill(".main-input", form.truth[place])
    page.keyboard.press("Enter")
    settled(page)
    page.goto("/?state=done")
    expect(page.locator(".tabs a")).to_have_count(3)
    page.click("text=a.png")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel[data-kind=none]")
    page.click(".hold button")
    page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine")
    page.goto("/second")
    assert page.locator("form.word").count() == 0
    assert page.wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_word_answers_for_all_controls_that_one_figure_breaks(filled, store, browse, shot, language):
    """The sums of its line and of its column are shown together, the cell they share first; undone together as well."""
    place = next(p for p in inked(filled("sample.png").truth) if p.startswith("s2/1.") and p.endswith("/2"))
    line = place.split("/")[1]
    form = filled("a.png", doubts=[place], offers={place: []})
    page = browse("asel", language=language)
    begin(page)
    page.keyboard.type(str(Decimal(form.truth[place]) + 5))
    page.keyboard.press("Enter")
    page.wait_for_selector("#said .trouble, #said .warning")
    page.keyboard.press("Enter")
    both = [f"s2.columns@s2/{line}/1", "s2.total@s2/1/2"]
    page.wait_for_selector(f'#work[data-ready][data-pictured] .panel.mine[data-at="{both[0]}"]')
    assert [each.get_attribute("data-control") for each in page.locator("[data-control]").all()] == both
    assert page.locator(".row [name=value]").first.get_attribute("data-place") == place
    expect(page.locator("[data-confirm]")).to_be_in_viewport(ratio=1)
    shot(page, f"form-controls-{language}")
    page.keyboard.press("Control+Enter")
    settled(page)
    assert set(case_of(store, form).answers) == {place, *both}
    page.keyboard.press("u")
    page.wait_for_selector(f'#work[data-ready] .panel.mine[data-at="{both[0]}"]')
    assert set(case_of(store, form).answers) == {place}
    assert page.wrong == []
