"""Response control in the browser."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from layouts.words import LANGUAGES, say
from postprocess.identifiers import has_check_digit
from qagaz.roster import owed
from tests.review.station.forms import BIN

LIST = (
    "БИН;Наименование;Телефон;КАТО;Подразделение\n"
    f"{BIN};ТОО «Ромашка»;+7 727 000 00 01;;Алматы\n"
    '030940639760;=HYPERLINK("http://x");@тел;751110000;Алматы\n'
)


@pytest.fixture
def desk(desk):
    return replace(desk, roster=owed)


def number(start):
    """A number whose check digit fits."""
    return next(n for n in (f"{start}{digit}" for digit in range(10)) if has_check_digit(n))


def listed():
    return LIST.replace("030940639760", number("03094063976"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_loaded_and_held_against_what_came(filled, browse, tmp_path, shot, language):
    """Who is missing is found, and the table of them is safe to open."""
    filled("a.png", office="Алматы")
    filled("b.png", seed=2, office="Алматы", bin_=number("05094063976"))
    (tmp_path / "list.csv").write_text(listed(), encoding="cp1251")
    page = browse("saule", language=language)
    page.goto("/response")
    page.fill(".opening [name=department]", "Алматы")
    page.set_input_files("[name=list]", tmp_path / "list.csv")
    page.click("[action='/response/list'] button.main")
    page.wait_for_url("**show=all")
    shown = page.inner_text("main")
    assert "ТОО «Ромашка»" in shown
    shot(page, f"response-{language}")
    page.click(".sums [href*=strangers]")
    page.wait_for_url("**show=strangers**")
    assert "b.png" in page.inner_text("main")
    page.click(".sums [href*=missing]")
    page.wait_for_url("**show=missing**")
    assert "Ромашка" not in page.inner_text("table")
    with page.expect_download() as download:
        page.click("[href*='missing.csv']")
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1][1:4] == ['\'=HYPERLINK("http://x")', "751110000", "'@тел"]
    page.fill("[name=search]", "ромашка")
    page.press("[name=search]", "Enter")
    page.wait_for_url("**search=**")
    assert say("station.response-nothing", {}, language) in page.inner_text("table")
    assert page.wrong == []


def test_a_workbook_s_numbers_may_have_lost_their_zeros(person, filled):
    """The check digit tells that they belong there."""
    filled("a.png", office="Алматы")
    book = openpyxl.Workbook()
    book.active.append(["BIN", "Name", "Phone"])
    book.active.append([int(BIN), "<script>alert(1)</script>", 77270000001])
    file = io.BytesIO()
    book.save(file)
    saule = person("saule")
    told = saule.post(
        "/response/list",
        data={"form_key": saule.key, "year": "2025", "department": "Алматы"},
        files={"list": ("список.xlsx", file.getvalue())},
    )
    assert "&lt;script&gt;" in told.text
    assert BIN in told.text
    assert "77270000001" in told.text


def test_operators_load_no_lists_and_broken_ones_are_told(person):
    """With the file's row and column."""
    asel, saule = person("asel"), person("saule")
    files = {"list": ("a.csv", "БИН;Наименование\n12;А\n".encode())}
    data = {"year": "2025", "department": "Алматы"}
    assert asel.post("/response/list", data=data | {"form_key": asel.key}, files=files).status_code == 403
    told = saule.post("/response/list", data=data | {"form_key": saule.key}, files=files)
    assert told.status_code == 409
    assert "list.csv" in told.text
