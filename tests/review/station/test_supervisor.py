"""The supervisor's page: numbers a supervisor may see, charts that say the same as their tables, people handed work."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from layouts.words import LANGUAGES
from review.answers import now
from review.station.boards import FRESH, STALE, Boards
from review.station.charts import Point, area, bar, columns, scale, whisker
from review.station.words import number
from review.work.schema import Batch, Department, Person, Record, Setting, Task
from review.work.staff.people import Role, add_person, assign
from tests.review.pile import pile
from tests.review.station.conftest import PASSWORD
from tests.review.station.forms import task_of

CELLS = tuple(f"s2/1.{n}/1" for n in range(1, 7))


@pytest.fixture
def piled(store):
    """Six hundred forms of two departments, up to now; `erlan` supervises one of them."""
    with store.database.writing() as session:
        add_person(session, "erlan", "Ерлан", PASSWORD, Role.SUPERVISOR, departments=["Алматы"])
    pile(store, 600, cells=CELLS, days=6, end=now())
    return store


def test_the_page_says_what_the_tables_hold(piled, person):
    """The large numbers, and each chart's table."""
    text = person("saule").get("/supervisor?days=0").text
    with piled.database.reading() as session:
        tasks = session.scalars(select(Task)).all()
    waiting = sum(task.state == "open" for task in tasks)
    settled = sum(bool(task.first) for task in tasks)
    assert [f'<p class="big">{number(n, "ru")}</p>' in text for n in (waiting, settled)] == [True, True]
    tables = re.findall(r"<details>.*?</details>", text, re.DOTALL)
    shown = [[int(n.replace("\u00a0", "")) for n in re.findall(r'<td class="n">([\d\u00a0]+)</td>', t)] for t in tables]
    assert shown[0][-1] == waiting  # the queue over time ends with what waits
    assert sum(shown[1]) == waiting  # ages
    assert sum(shown[2]) == sum(shown[3]) == settled  # by day, by hour
    drawn = re.findall(r"<title>[^<]* · ([\d\u00a0]+)</title>", text)
    assert [int(n.replace("\u00a0", "")) for n in drawn[: len(shown[0])]] == shown[0]


def test_others_do_not_see_it(piled, person):
    """An operator is refused; a department's supervisor sees its forms and people alone, whatever is asked for."""
    assert person("asel").get("/supervisor").status_code == 403
    assert person("anna").get("/supervisor").status_code == 200
    with piled.database.writing() as session:
        assign(session, session.scalar(select(Person).where(Person.login == "bolat")), ["Астана"])
    erlan = person("erlan")
    person("bolat")  # is there now, in another department
    text = erlan.get("/supervisor?days=0").text
    assert "Астана" not in text
    assert "Болат</" not in text.partition('id="people"')[2]
    assert '<p class="big">0</p>' not in text
    with piled.database.reading() as session:
        foreign = session.scalars(select(Department.id).where(Department.name == "Астана")).one()
        batch = session.scalars(select(Batch.id).where(Batch.department == foreign)).first()
    for query in (f"department={foreign}", f"batch={batch}", f"department={foreign + 90}"):
        assert erlan.get(f"/supervisor?days=0&{query}").text.count('<p class="big">0</p>') == 2


def test_hands_over_frees_and_sets_the_share(piled, person):
    """Supervisors only; on record; the share is a percentage."""
    asel, saule, anna = person("asel"), person("saule"), person("anna")
    form = str(asel.say("/next").url).partition("/forms/")[2].split("/")[0]
    assert form in saule.get("/supervisor").text
    sent = {"source": form, "form": "1"}
    for path in ("hand", "free", "share"):
        assert anna.say(f"/supervisor/{path}", **sent).status_code == 403
        assert asel.say(f"/supervisor/{path}", **sent).status_code == 403
    assert saule.say("/supervisor/hand", to="nobody", **sent).status_code == 409
    assert saule.say("/supervisor/hand", to="saule", **sent).status_code == 200
    assert saule.say("/supervisor/free", **sent).status_code == 200
    assert person("erlan").say("/supervisor/free", source="0" * 64, form="1").status_code == 409
    for wrong in ("", "101", "-5", "١٢", "1e1", "nan", "5.5.5"):
        assert saule.say("/supervisor/share", percent=wrong).status_code == 409
    assert saule.say("/supervisor/share", percent="12,5").status_code == 200
    with piled.database.reading() as session:
        assert session.get_one(Setting, "second-share").value == "0.125"
        acts = session.scalars(select(Record.act).order_by(Record.id)).all()
        assert session.get_one(Task, (form, 1)).holder is None
    assert [act for act in acts if act in {"handed-over", "freed", "second-share"}] == [
        "handed-over", "freed", "second-share",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_work_is_steered_in_the_browser(filled, store, person, browse, language):
    """A form in hand is handed to another person, then freed; the share of second keying is set."""
    form = filled("a.png", doubts=["s2/1/1"])
    person("asel").say(f"{form.address}/claim")
    page = browse("saule", language=language)
    page.goto("/supervisor")
    page.select_option("[action='/supervisor/hand'] [name=to]", "saule")
    with page.expect_navigation():
        page.press("[action='/supervisor/hand'] button", "Enter")
    assert task_of(store, form).holder == 3
    page.goto("/supervisor")
    with page.expect_navigation():
        page.press("[action='/supervisor/free'] button", "Enter")
    assert task_of(store, form).holder is None
    page.goto("/supervisor")
    page.fill("[name=percent]", number("12.5", language))
    with page.expect_navigation():
        page.press("[name=percent]", "Enter")
    with store.database.reading() as session:
        assert session.get_one(Setting, "second-share").value == "0.125"
    assert page.wrong == []


def test_an_empty_house_has_a_page(person):
    """Before any form: nothing is divided by nothing, and nothing is claimed."""
    text = person("saule").get("/supervisor").text
    assert "слишком мало данных" in text
    assert "NaN" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize(("language", "scheme"), [("ru", "light"), ("kk", "light"), ("en", "light"), ("en", "dark")])
def test_it_can_be_looked_at(piled, browse, shot, language, scheme):
    """No error of scripts or policy, nothing wider than the window, no word left without translation."""
    page = browse("saule", language=language, color_scheme=scheme)
    page.goto("/supervisor")
    assert page.wrong == []
    assert "station." not in page.inner_text("main")
    if scheme == "dark":
        page.set_viewport_size({"width": 1366, "height": 2200})  # the whole of its charts
    shot(page, "supervisor-dark" if scheme == "dark" else f"supervisor-{language}")
    page.set_viewport_size({"width": 683, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click("summary >> nth=0")
    assert page.locator("details[open] table").first.is_visible()


def test_charts_draw_what_they_are_given():
    """Heights and lengths go with the numbers; words are escaped; nothing needs a style."""
    drawn = columns([Point("a<b", 10), Point("b", 5)], str, "t", numbers=True)
    heights = [float(h) for h in re.findall(r'class="bar"[^>]*height="([\d.]+)"', drawn)]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert "a&lt;b" in drawn
    widths = [float(re.search(r'width="([\d.]+)%" height="10"', bar(Point("x", n), 8))[1]) for n in (2, 8)]
    assert widths == [25, 100]
    dots = [float(re.search(r'cx="([\d.]+)%"', whisker(Point("x", v, "", 0.1, 0.9)))[1]) for v in (0.25, 0.75)]
    assert dots[0] + dots[1] == pytest.approx(100)
    assert "circle" not in whisker(Point("x", 0.5))
    assert area([], str, "t").count("<text") == 1  # the scale alone
    assert "style" not in drawn
    for most in (0, 1, 3, 7, 99, 1000, 12345):
        end, marks = scale(most)
        assert end >= most
        assert marks[-1] == end
        assert len(marks) <= 4


def test_numbers_are_worked_out_once():
    """Kept for half a minute, worked out aside for ten more, then anew; at once where that is asked for."""
    at, made = [now()], []

    def make():
        made.append(at[0])
        return len(made)

    boards = Boards(lambda: at[0])
    assert [boards.get("a", make)[0], boards.get("a", make)[0], boards.get("b", make)[0]] == [1, 1, 2]
    assert boards.get("a", make, anew=True)[0] == 3
    at[0] += STALE + timedelta(seconds=1)
    assert boards.get("a", make)[0] == 4
    at[0] += FRESH + timedelta(seconds=1)
    assert boards.get("a", make)[0] == 4  # the old ones, while new ones are made
