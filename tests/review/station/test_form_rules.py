"""The rules of the work on the form page: holds, hand-over, lost lines, and a browser without scripts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from layouts.words import LANGUAGES
from review.answers import now
from review.case import open_case
from review.work.claims import hand_over
from review.work.schema import Task
from review.work.staff.people import Role, Worker
from tests.review.station.forms import inked, task_of


def answers(store, form):
    with store.database.reading() as session:
        return open_case(session, store.layouts, form.key).answers


def token(told):
    return told.text.partition('name="token" value="')[2].partition('"')[0]


def test_a_browser_without_scripts_settles_a_form(filled, store, person):
    """Take it, see why an answer is not kept, say it right; the token keeps a form sent twice from counting twice."""
    form = filled("a.png", blanks=["s3/1.1/1"])
    asel = person("asel")
    assert "disabled" in asel.get(form.address).text
    told = asel.say(f"{form.address}/claim")
    said = {"place": "s3/1.1/1", "at": "s3/1.1/1", "token": token(told), "do": "answer"}
    refused = asel.say(f"{form.address}/answer", value="", **said)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert 'value="x&lt;&gt;1"' in asel.say(f"{form.address}/answer", value="x<>1", **said).text
    for _ in range(2):
        done = asel.say(f"{form.address}/answer", value="", blank="s3/1.1/1", **said)
        assert done.status_code == 200
    assert answers(store, form)["s3/1.1/1"].value == ""
    assert task_of(store, form).state in {"done", "second"}


def test_a_slip_is_warned_of_without_scripts_too(filled, store, person):
    """The page comes back with the figure and a question; the same figure a second time is kept."""
    sample = filled("sample.png")
    place = next(p for p in inked(sample.truth) if p.startswith("s2/1.") and p.endswith("/2"))
    form = filled("a.png", wrong={place: str(Decimal(sample.truth[place]) + 5)}, offers={place: [sample.truth[place]]})
    asel = person("asel")
    told = asel.say(f"{form.address}/claim")
    said = {"place": place, "value": "3", "at": place, "token": token(told), "do": "answer"}
    warned = asel.say(f"{form.address}/answer", **said)
    assert warned.status_code == 422
    assert f'name="sure" value="{place}=3"' in warned.text
    assert answers(store, form) == {}
    asel.say(f"{form.address}/answer", **said, sure=f"{place}=3")
    assert answers(store, form)[place].value == "3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_persons_form_is_only_looked_at(filled, store, person, browse, language):
    """Who works on it is said; a supervisor may take it over; an auditor cannot answer."""
    form = filled("a.png", doubts=["s2/1/1", "s2/1/2"])
    person("asel").say(f"{form.address}/claim")
    page = browse("saule", language=language)
    page.goto(form.address)
    page.wait_for_selector(".hold >> text=Асель")
    assert page.is_disabled(".main-input")
    page.click(".hold button")
    page.wait_for_url("**/")
    assert task_of(store, form).holder == 3
    page.goto(form.address)
    page.wait_for_selector("#work[data-ready][data-pictured] .panel.mine")
    anna = person("anna")
    assert anna.get(form.address).status_code == 200
    assert anna.say(f"{form.address}/answer", place="s2/1/1", value="1", token="t").status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_hold_loses_nothing_typed(filled, store, browse, language):
    """The page says so beside what was typed; taken again, the same is kept."""
    form = filled("a.png", doubts=["s2/1/1", "s2/1/2"])
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel[data-at="s2/1/1"]')
    with store.database.writing() as session:
        task = session.get_one(Task, form.key)
        task.holder, task.held_until = None, now() - timedelta(minutes=1)
    page.fill(".main-input", form.truth["s2/1/1"])
    page.keyboard.press("Enter")
    page.click("#said [data-take]")
    page.wait_for_selector("#said .trouble", state="detached")
    assert page.input_value(".main-input") == form.truth["s2/1/1"]
    page.keyboard.press("Enter")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel[data-at="s2/1/2"]')
    assert answers(store, form)["s2/1/1"].value == form.truth["s2/1/1"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("arrives", [False, True], ids=["request lost", "answer lost"])
def test_a_lost_line_is_waited_for(filled, store, browse, arrives, language):
    """What was typed is sent until it has arrived, and counts once."""
    form = filled("a.png", doubts=["s2/1/1", "s2/1/2"])
    page = browse("asel", language=language)
    page.press("[action='/next'] button", "Enter")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel[data-at="s2/1/1"]')
    tried = []

    def cut(route):
        tried.append(1)
        if len(tried) > 2:
            route.continue_()
            return
        if arrives:
            route.fetch()
        route.abort()

    page.route("**/answer", cut)
    page.fill(".main-input", form.truth["s2/1/1"])
    page.keyboard.press("Enter")
    page.wait_for_selector("#waiting")
    page.wait_for_selector('#work[data-ready][data-pictured] .panel[data-at="s2/1/2"]')
    assert len(tried) == 3
    assert page.locator("#waiting").count() == 0
    with store.database.reading() as session:
        word = open_case(session, store.layouts, form.key).answers["s2/1/1"]
    assert word.value == form.truth["s2/1/1"]


def test_a_hold_lasts_while_the_page_is_in_use(filled, store, person):
    """Each sign of life moves its end; after the form was handed over the sign says so."""
    form = filled("a.png", doubts=["s2/1/1"])
    asel = person("asel")
    asel.say(f"{form.address}/claim")
    with store.database.writing() as session:
        session.get_one(Task, form.key).held_until = now()
    assert asel.say(f"{form.address}/stay").status_code == 204
    assert task_of(store, form).held_until.replace(tzinfo=None) > now().replace(tzinfo=None) + timedelta(minutes=10)
    asel.say(f"{form.address}/hand-over", to="saule")
    assert task_of(store, form).holder == 3
    assert asel.say(f"{form.address}/stay").status_code == 409


def test_handing_over_stays_within_the_department(filled, store, person):
    """Only those who may see the form are offered, and auditors are not."""
    form = filled("a.png", doubts=["s2/1/1"], office="Астана")
    told = person("asel").say(f"{form.address}/claim").text
    assert 'value="saule"' in told
    assert 'value="bolat"' not in told
    assert 'value="anna"' not in told


def test_a_form_keyed_blind_shows_no_answers(filled, store, person):
    """An operator sees nothing of a form that is keyed a second time."""
    form = filled("a.png", doubts=["s2/1/1"])
    with store.database.writing() as session:
        session.get_one(Task, form.key).state = "second"
    for path in ("", "/figures"):
        told = person("asel").get(f"{form.address}{path}")
        assert told.status_code == 403
        assert form.truth["s2/1/1"] not in told.text
    assert person("saule").get(form.address).status_code == 200


def test_another_departments_form_is_no_form(filled, person):
    """Every address of it answers like one that does not exist."""
    form = filled("a.png", doubts=["s2/1/1"], office="Астана")
    bolat, nothing = person("bolat"), f"/forms/{'0' * 64}/1"
    for path in ("", "/figures"):
        one, other = bolat.get(form.address + path), bolat.get(nothing + path)
        assert (one.status_code, one.text.replace(form.address, nothing)) == (other.status_code, other.text)
    for path in ("claim", "answer", "undo", "remark", "stay", "hand-over"):
        sent = {"place": "s2/1/1", "value": "1", "token": path, "note": "x", "to": "bolat"}
        one, other = bolat.say(f"{form.address}/{path}", **sent), bolat.say(f"{nothing}/{path}", **sent)
        assert one.status_code == other.status_code == 409
        assert form.name not in one.text


def test_hands_given_by_a_supervisor(filled, store):
    """The rule the page calls: a supervisor may hand over any form of theirs."""
    form = filled("a.png", doubts=["s2/1/1"])
    boss = Worker(3, "saule", "Сәуле", Role.SUPERVISOR, True, frozenset(), "ru")
    with store.database.writing() as session:
        hand_over(session, boss, form.key, "asel")
    assert task_of(store, form).holder == 1
