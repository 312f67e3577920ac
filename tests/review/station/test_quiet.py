"""Personal data never stands in a log: not what is typed, not what is searched, not what goes wrong with it."""

from __future__ import annotations

import logging

import httpx
import pytest
import uvicorn

from review.database import DatabaseError
from review.station.quiet import hush, kind_and_place
from tests.review.station.conftest import PASSWORD

TELLTALES = ("Дүйсенбаева", "020960639692", "7654321", "87017654321", "искомое", PASSWORD)
DOUBT = "s2/1/1"


@pytest.fixture
def heard(caplog, capfd):
    """The function that tells everything that was logged or printed."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, "httpx")  # the tests' own browser tells where it goes

    def everything():
        out, err = capfd.readouterr()
        return f"{caplog.text}\n{out}\n{err}"

    return everything


def test_a_day_s_work_leaves_nothing_personal_in_the_log(filled, person, heard):
    """Log-ins that work and that fail, searches, answers, notes, refusals."""
    form = filled("Дүйсенбаева 020960639692.png", doubts=[DOUBT])
    asel = person("asel")
    asel.post("/login", data={"login": "87017654321", "password": PASSWORD, "form_key": asel.key})
    asel.get("/", params={"q": "искомое 020960639692"})
    asel.say(f"{form.address}/claim")
    asel.say(f"{form.address}/answer", place=DOUBT, value="7654321", note="Дүйсенбаева, 87017654321", token="t")
    asel.say(f"{form.address}/answer", place="bin", value="020960639690", note="Дүйсенбаева", token="u")
    asel.get(f"{form.address}?name=Дүйсенбаева")
    with httpx.Client(base_url=asel.base_url) as stranger:
        stranger.get("/login")
        data = {"login": "Дүйсенбаева", "password": "7654321", "form_key": stranger.cookies["qagaz_form_key"]}
        assert stranger.post("/login", data=data).status_code == 401
    told = heard()
    assert [each for each in TELLTALES if each in told] == []


@pytest.mark.parametrize("kind", [ValueError, KeyError, DatabaseError])
def test_what_goes_wrong_is_logged_as_kind_and_place_and_the_page_says_nothing_of_it(kind, heard, monkeypatch, station):
    """Nobody reads a value in a log, nor on a page that failed."""

    def fail(*_):
        raise kind("error.database: Дүйсенбаева 7654321")

    monkeypatch.setattr("review.station.pages.waiting.held", fail)
    with httpx.Client(base_url=station.url, timeout=60) as asel:
        asel.get("/login")
        data = {"login": "asel", "password": PASSWORD, "form_key": asel.cookies["qagaz_form_key"]}
        asel.post("/login", data=data)
        told = asel.get("/", params={"q": "искомое"})
    assert told.status_code == 500
    assert "журнал" in told.text.lower()
    logged = heard()
    assert f"unforeseen: {kind.__name__} at review.station.pages.waiting:" in logged
    for text in (told.text, logged):
        assert [each for each in TELLTALES if each in text] == []
    assert "Traceback" not in logged


def test_the_server_s_own_log_keeps_quiet_too(caplog):
    """Should an error reach it, or somebody turn its access log on."""
    uvicorn.Config(None, log_level="info")
    hush()
    caplog.set_level(logging.INFO)
    for name in ("uvicorn.error", "uvicorn.access"):
        monitored = logging.getLogger(name)
        monitored.addHandler(caplog.handler)
    try:
        int("7654321 x")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/?q=искомое", "1.1", 200)
    for name in ("uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).removeHandler(caplog.handler)
    assert "unforeseen: ValueError at " in caplog.text
    assert '"GET / HTTP/1.1" 200' in caplog.text
    assert "7654321" not in caplog.text
    assert "искомое" not in caplog.text


def test_causes_are_told_by_kind():
    """The outermost first; an error that is its own cause ends the list."""
    inner, outer = KeyError("7654321"), ValueError("7654321")
    outer.__cause__ = inner
    assert kind_and_place(outer) == "ValueError from KeyError"
    inner.__cause__ = outer
    assert kind_and_place(outer) == "ValueError from KeyError"
    with pytest.raises(ZeroDivisionError) as caught:
        kind_and_place(1 / 0)
    assert kind_and_place(caught.value).startswith("ZeroDivisionError at ")
