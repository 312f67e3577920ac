"""Accounts, one's own account and the audit log, in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from layouts.words import LANGUAGES, say
from review.station.pages import record as record_page
from review.work.audit import end_of, record
from review.work.schema import Person, Visit
from review.work.staff.people import Role, add_person
from tests.review.station.conftest import PASSWORD

OTHER = "тағы бір 2026"
ACTS = ("act.department-added", "act.person-added", "act.person-changed", "act.person-closed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_supervisor_makes_and_changes_accounts(filled, browse, shot, store, language):
    """A department, an account, another role, another password, closed: all in the browser, all on record."""
    filled("a.png", doubts=["s2/1/1"])

    def said(message):
        return say(message, {}, language)

    page = browse("saule", language=language)
    page.click("nav [href='/people']")
    page.fill("form[action='/departments'] [name=name]", "Шымкент")
    page.click("[action='/departments'] button")
    page.wait_for_selector("li >> text=Шымкент")
    new = page.locator("form[action='/people']")
    new.locator("[name=login]").fill("dana")
    new.locator("[name=name]").fill("Дана")
    new.get_by_label("Шымкент").check()
    for name in ("password", "again"):
        new.locator(f"[name={name}]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("p.good")).to_have_text(said("station.told-made"))
    assert page.locator("tr", has_text="dana").inner_text().split("\t")[1:] == [
        "Дана", said("station.role-operator"), "Шымкент",
        said(f"station.speaks-{language}"), said("station.account-open"),
    ]  # fmt: skip
    shot(page, f"people-{language}")
    page.click("a >> text=dana")
    page.select_option("[name=role]", "auditor")
    page.get_by_label(said("station.everywhere"), exact=True).check()
    page.click("[action='/people/dana'] button.main")
    expect(page.locator("p.good")).to_have_text(said("station.told-changed"))
    shot(page, f"person-{language}")
    page.click("button[name=active][value=no]")
    page.wait_for_selector("button[name=active][value=yes]")
    page.click("nav [href='/record']")
    told = page.locator("table.record").inner_text()
    for act in ACTS:
        assert said(act) in told
    assert "dana: auditor (*)" in told
    assert page.locator(".good").count() == 1
    shot(page, f"record-{language}")
    assert page.wrong == []


def test_what_cannot_be_done_is_told_where_it_was_tried(person):
    """And what was typed stays, but for the password."""
    saule = person("saule")
    fine = {
        "name": "Дана",
        "role": "operator",
        "language": "kk",
        "everywhere": "yes",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    for wrong, words in (
        ({"login": "Да"}, "не годится для логина"),
        ({"login": "asel"}, "занят"),
        ({"login": "dana", "again": "x"}, "Пароли не совпадают"),
        ({"login": "dana", "password": "short", "again": "short"}, "слишком прост"),
        ({"login": "dana", "everywhere": ""}, "хотя бы одно подразделение"),
        ({"login": "dana", "role": "king"}, "Выберите роль"),
        ({"login": "dana", "name": "x" * 200}, "слишком длинное"),
    ):
        told = saule.say("/people", **fine | wrong)
        assert told.status_code == 422
        assert words in told.text
        assert 'value="Дана"' in told.text or wrong.get("name")
        assert PASSWORD not in told.text
    assert saule.say("/people/saule", **fine | {"role": "auditor"}).status_code == 422
    assert saule.say("/people/saule/active", active="no").status_code == 422
    assert saule.say("/people/asel/password", password=PASSWORD, again="x").status_code == 422
    assert saule.say("/departments", name="  ").status_code == 422


def test_one_s_own_password(person, station, store):
    """The old one is asked for and counts as a log-in; this visit goes on under another key, all others end."""
    asel, elsewhere = person("asel"), person("asel")
    for given, words in (
        ({"old": "wrong", "password": OTHER, "again": OTHER}, "Логин или пароль неверны"),
        ({"old": PASSWORD, "password": OTHER, "again": "x"}, "Пароли не совпадают"),
        ({"old": PASSWORD, "password": "asel", "again": "asel"}, "слишком прост"),
    ):
        told = asel.say("/me/password", **given)
        assert told.status_code == 422
        assert words in told.text
    before = asel.cookies["qagaz"]
    assert "Изменения сохранены" in asel.say("/me/password", old=PASSWORD, password=OTHER, again=OTHER).text
    assert asel.cookies["qagaz"] != before
    assert elsewhere.get("/", follow_redirects=False).headers["location"] == "/login"
    with store.database.reading() as session:
        assert len(session.scalars(select(Visit)).all()) == 1


def test_logging_out_everywhere(person):
    """All visits end, this one too; another person's go on."""
    here, there, bolat = person("asel"), person("asel"), person("bolat")
    here.say("/me/logout")
    for each, location in ((here, "/login"), (there, "/login"), (bolat, None)):
        assert each.get("/", follow_redirects=False).headers.get("location") == location


@pytest.mark.parametrize("login", ["asel", "anna"])
def test_accounts_are_for_supervisors_and_the_log_also_for_auditors(person, login):
    """An operator reads neither."""
    worker = person(login)
    assert worker.get("/people").status_code == 403
    assert worker.get("/record").status_code == (200 if login == "anna" else 403)


def test_the_log_is_read_by_person_and_form_page_by_page(filled, person, store):
    """Latest first; a form is found by its file's name or its hash, and leads there."""
    form = filled("a.png", doubts=["s2/1/1"])
    asel, anna = person("asel"), person("anna")
    asel.say(f"{form.address}/claim")
    asel.say(f"{form.address}/answer", place="s2/1/1", value="5", sure="s2/1/1=5", token="t")
    for wanted in ("a.png", form.source[:16]):
        told = anna.get("/record", params={"form": wanted}).text
        assert f'href="{form.address}"' in told
        assert "s2/1/1" in told
    assert "Здесь пусто" in anna.get("/record", params={"form": "b.png"}).text
    assert "Здесь пусто" in anna.get("/record", params={"who": "bolat"}).text
    with store.database.writing() as session:
        for number in range(120):
            record(session, "bolat", "logout", f"n{number}")
    seen, path = [], "/record?who=bolat"
    while path:
        told = anna.get(path).text
        seen += [part.partition("<")[0] for part in told.split("<td>n")[1:]]
        path = told.partition(">Раньше<")[0].rpartition('href="')[2].partition('"')[0] if ">Раньше<" in told else ""
        path = path.replace("&amp;", "&")
    assert seen == [str(number) for number in reversed(range(120))]


def test_whoever_works_for_one_department_reads_its_part_of_the_log(filled, person, store):
    """What people of the department did, and what was done about its forms."""
    doubts = ["s2/1/1", "s2/1/2"]  # one answer settles neither: whoever gives it goes on to no other form
    there = filled("there.png", doubts=doubts, office="Астана")
    here = filled("here.png", seed=2, doubts=doubts, office="Алматы")
    with store.database.writing() as session:
        add_person(session, "dana", "Дана", PASSWORD, Role.SUPERVISOR, departments=["Алматы"])
    asel, bolat, dana = person("asel"), person("bolat"), person("dana")
    for worker, form in ((asel, there), (bolat, here), (asel, here)):
        worker.say(f"{form.address}/claim")
        worker.say(f"{form.address}/answer", place="s2/1/1", value=form.truth["s2/1/1"], token=f"{worker}{form.name}")
    every = dana.get("/record").text
    assert "Болат" in every
    assert "here.png" in every
    assert "Асель" not in every
    assert "there.png" not in every
    assert "Здесь пусто" in dana.get("/record", params={"form": "there.png"}).text
    assert "here.png" in dana.get("/record", params={"form": "here.png"}).text


def test_the_chain_is_checked_on_the_page(person, store, monkeypatch):
    """Against an end that was noted; a long log is checked on request."""
    anna = person("anna")
    with store.database.reading() as session:
        noted = end_of(session)
    assert noted.link in anna.get("/record").text
    assert "отмеченный конец в ней есть" in anna.say("/record/check", head=f" {noted.link.upper()} ").text
    assert "Цепочка нарушена" in anna.say("/record/check", head="f" * 64).text
    monkeypatch.setattr(record_page, "AT_ONCE", 0)
    assert "проверяется по запросу" in anna.get("/record").text


def test_pages_look_right_in_the_dark_and_small(filled, browse, shot, store):
    """Nothing is wider than the window, at 1366 by 768 and at twice the size of the letters."""
    filled("a.png", doubts=["s2/1/1"])
    with store.database.writing() as session:
        for person in session.scalars(select(Person)):
            person.name += " Қуанышбайқызы"
    for language, width, scheme in (("kk", 1366, "dark"), ("en", 683, "light"), ("ru", 683, "dark")):
        page = browse("saule", language=language, width=width, color_scheme=scheme)
        for path in ("people", "people/asel", "me", "record"):
            page.goto(f"/{path}")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, (path, language)
            shot(page, f"{path.replace('/', '-')}-{language}-{scheme}")
        assert page.wrong == []
