"""The station under attack by people who may come in: what belongs to others, and what their role may not do."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.review.station.attempts import lasting_client, snapshot
from tests.review.station.conftest import PASSWORD
from tests.review.station.others import NOBODY, WITHHELD
from tests.review.station.walk import getting, posting

OPEN_TO_ALL = {
    "/login": "nobody is logged in yet",
    "/logout": "ends one's own visit",
    "/language": "one's own language",
    "/me": "one's own account",
    "/me/password": "one's own account",
    "/me/language": "one's own account",
    "/me/logout": "one's own visits",
}


@pytest.mark.parametrize("login", ["bolat", "dana"])
def test_another_department_s_things_answer_like_things_that_are_not(other, desk, person, login):
    """At every address that is looked at: same status, same words, nothing of what is there."""
    worker = person(login)
    for there, nowhere in zip(getting(desk, other), getting(desk, NOBODY), strict=True):
        if there.route in OPEN_TO_ALL:
            continue
        told, missing = (worker.get(each.path, follow_redirects=False) for each in (there, nowhere))
        assert told.status_code == missing.status_code, there
        if there.path != nowhere.path:
            assert told.status_code != 200, there
            assert _nameless(told.text, there.path) == _nameless(missing.text, nowhere.path), there
        _tells_nothing(told, there)


@pytest.mark.parametrize("login", ["bolat", "dana"])
def test_nothing_is_done_to_another_department_s_things(other, desk, store, person, login):
    """At every address that something is sent to, whether it is named in the address or in what is sent."""
    worker = person(login)
    before = snapshot(store)
    guesses = {
        **{name: str(value) for name, value in other.items()}, "key": f"{other['source']}/1", "value": "5",
        "token": "t", "to": login, "state": "open", "role": "operator", "language": "ru", "department": "Астана",
        "password": PASSWORD, "again": PASSWORD, "active": "no", "text": "x", "note": "x", "reason": "x",
    }  # fmt: skip
    taking = {"/next", "/second/next", "/second/disputes/next"}  # one's own next form, which may be there
    for address in posting(desk, other):
        if address.route in OPEN_TO_ALL or address.route in taking:
            continue
        told = worker.say(address.path, **guesses)
        if "/people" not in address.route and "/departments" not in address.route:
            _tells_nothing(told, address)
    after = snapshot(store)
    assert {name for name in after if after[name] != before[name]} <= {"deliveries", "collages", "watched"}


def test_lists_and_searches_show_nothing_of_another_department(other, desk, person):
    """Whatever is asked for in the address."""
    dana = person("dana")
    asked = {name: str(value) for name, value in other.items()} | {
        "form": "astana-paper.png", "who": "zhanar", "q": "astana", "department": "Астана", "search": "astana",
    }  # fmt: skip
    for address in getting(desk, NOBODY):
        if address.route not in OPEN_TO_ALL:
            _tells_nothing(dana.get(address.path, params=asked), address, words=("astana-batch", "Жанар", WITHHELD))


def _nameless(page, path):
    return page.replace(path, "").replace(quote(path, safe=""), "")


def _tells_nothing(told, address, words=("astana-paper", "astana-batch", "Жанар", "98765432", "98 765 432")):
    if told.headers.get("content-type", "").startswith("text/html"):
        for word in words:
            assert word not in told.text, (address, word)
    else:
        assert not told.headers.get("content-type", "").startswith("image/") or told.status_code != 200, address


AUDITORS_MAY = {*OPEN_TO_ALL, "/record/check", "/export"}  # to check, and to take out what they check


def test_an_auditor_changes_nothing(other, desk, store, person):
    """Every address that something is sent to refuses, but for those about one's own account, checking and export."""
    anna = person("anna")
    before = snapshot(store)
    for address in posting(desk, other):
        if address.route not in AUDITORS_MAY:
            assert anna.say(address.path, value="1").status_code in {403, 409}, address
    assert anna.say("/record/check").status_code == 200
    assert snapshot(store) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "GET", "POST"])
def test_another_method_does_nothing(other, desk, store, person, method):
    """What is sent is not done by looking, and what is looked at takes nothing."""
    saule = person("saule")
    before = snapshot(store)
    looked = {each.path for each in getting(desk, other)}
    sent = {each.path for each in posting(desk, other)}
    wanted = {"GET": sent - looked, "POST": looked - sent}.get(method, looked | sent)
    for path in wanted:
        told = saule.request(method, path, headers={"x-form-key": saule.key, "content-length": "0"})
        assert told.status_code in {403, 404, 405}, (method, path)
    assert snapshot(store) == before


def test_who_is_not_logged_in_gets_nothing(other, desk, station):
    """Every address but the log-in leads there, or refuses."""
    with lasting_client(station) as client:
        key = client.cookies["qagaz_form_key"]
        for address in getting(desk, other):
            if address.route != "/login":
                told = client.get(address.path)
                assert told.status_code == 303, address
                assert told.headers["location"].startswith("/login"), address
                assert told.text == "", address
        for address in posting(desk, other):
            if address.route not in {"/login", "/language"}:
                told = client.post(address.path, data={"form_key": key})
                assert (told.status_code, told.headers["location"]) == (303, "/login"), address
        assert client.get("/", headers={"x-requested-with": "qagaz"}).status_code == 401
