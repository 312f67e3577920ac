"""The station stands: log-in, queue, a form."""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import expect

from extract.records import Source
from layouts.words import LANGUAGES, say
from review.flatten import rejected_rows
from review.keep import Filed
from tests.review.station.conftest import PASSWORD
from tests.review.station.forms import fill


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_is_taken_and_looked_at(filled, browse, language):
    """From the log-in to a form with one press of Enter."""
    form = filled("a.png", doubts=["s2/1/1"])
    page = browse("asel", language=language)
    assert "a.png" in page.content()
    page.wait_for_selector("button.main:focus")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{form.address}")
    assert page.wrong == []


def test_the_way_in_and_the_language(filled, browse):
    """Switched on any page and kept; a wrong password is told in the language one chose."""
    filled("a.png", doubts=["s2/1/1"])
    page = browse("asel")
    for language in LANGUAGES:
        page.click(f".languages [value={language}]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("h1")).to_have_text(say("station.queue", {}, language))
    page.click("[action='/logout'] button")
    for language in LANGUAGES:
        page.click(f".languages [value={language}]")
        expect(page.locator("h1")).to_have_text(say("station.login", {}, language))
        page.fill("[name=login]", "asel")
        page.fill("[name=password]", "not this one")
        page.press("[name=password]", "Enter")
        expect(page.locator("[role=alert]")).to_have_text(say("error.login-wrong", {}, language))
    page.fill("[name=login]", "asel")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text(say("station.queue", {}, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_ones_own_account_is_changed_in_the_browser(browse, language):
    """Another language from now on; another password; the old one opens nothing any more."""
    page = browse("asel", language=language)
    page.goto("/me")
    other = LANGUAGES[LANGUAGES.index(language) - 1]
    page.select_option("[action='/me/language'] [name=language]", other)
    page.press("[action='/me/language'] button", "Enter")
    expect(page.locator("html")).to_have_attribute("lang", other)
    page.fill("[name=old]", PASSWORD)
    for name in ("password", "again"):
        page.fill(f"[name={name}]", "тағы бір 2026")
    page.press("[name=again]", "Enter")
    expect(page.locator("p.good")).to_have_text(say("station.told-changed", {}, other))
    page.click("[action='/me/logout'] button")
    for password, name in ((PASSWORD, "station.login"), ("тағы бір 2026", "station.queue")):
        page.fill("[name=login]", "asel")
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        expect(page.locator("h1")).to_have_text(say(name, {}, other))


def test_pictures_are_for_those_who_may_see_the_form(filled, person):
    """A page and a crop; another department's person gets neither."""
    form = filled("a.png", doubts=["s2/1/1"], office="Астана")
    asel, bolat = person("asel"), person("bolat")
    for path in ("pages/1.jpg", "crops/s2/1/1.jpg"):
        assert asel.get(f"{form.address}/{path}").headers["content-type"] == "image/jpeg"
        assert bolat.get(f"{form.address}/{path}").status_code == 404
    assert bolat.get(form.address).status_code != 200


def test_pages_that_no_form_was_read_from_stay_closed(store, tmp_path, person):
    """A paper that was rejected, perhaps for hanging its reader, is not opened again to be shown."""
    path = tmp_path / "hostile.pdf"
    path.write_bytes(b"%PDF-1.7 whatever")
    source = hashlib.sha256(path.read_bytes()).hexdigest()
    store.came_in([Source(source, path.name, path)])
    store.put(Filed(source, path.name, "versions"), [rejected_rows("timeout", "error.timeout", (("file", path.name),))])
    form = fill(store, tmp_path, "a.png", doubts=["s2/1/1"])
    asel = person("asel")
    assert asel.get(f"/forms/{source}/0/pages/1.jpg").status_code == 404
    assert asel.get(f"{form.address}/pages/2.jpg").status_code == 404
    assert asel.get(f"{form.address}/pages/1.jpg").status_code == 200
    assert not (tmp_path / "pictures" / source[:2] / source).exists()
