"""Exports: what is settled and seen, safe in a spreadsheet, on record, and gone from the station's disk."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import openpyxl
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from layouts.words import LANGUAGES
from qagaz.tables import ANSWERS, FIGURES, LEAVING_FORMS
from review.defused import defused
from review.work.saying import Given
from review.work.schema import Department, Record, Task
from review.work.staff.people import Role, add_person
from tests.review.station.conftest import PASSWORD

PAYLOADS = (
    '=HYPERLINK("http://evil","a")', "+1+1", "-1+1|cmd", "@SUM(1)", "\t=1", "\r=1", "\n=1", "  =1", '"=1', "'=1",
    "\u00a0=1", "\ufeff=1", "\uff1d1+1", "верно;=1+1", "a\n=1+1", "a\t@SUM(1)",
)  # fmt: skip
STARTS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def tables(content):
    """Name of each table → its rows, from an archive of CSV."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
        }


def settle(store, form, place, note="", who="asel"):
    store.settle([Given(form.source, 1, place, form.truth[place] or "blank", note, who)])


@pytest.fixture
def forms(filled, store):
    """Four forms: accepted, settled, waiting, and one of another department; hostile names everywhere."""
    made = {
        "clear": filled("=clear.png", seed=1),
        "settled": filled("+settled.png", seed=2, doubts=["s2/1/1"], office="Алматы"),
        "open": filled("open.png", seed=3, doubts=["s2/1/1"]),
        "other": filled("@other.png", seed=4, doubts=["s2/1/1"], office="=Астана"),
    }
    settle(store, made["settled"], "s2/1/1", "=cmd|' /C calc'!A0", "@Асель")
    settle(store, made["other"], "s2/1/1")
    return made


def test_every_format_holds_the_same(forms, person, station):
    """Figures, forms and answers; numbers as numbers, line codes as text, 1.10 among them."""
    saule = person("saule")
    told = saule.say("/export", format="csv")
    day = f"{datetime.now(tz=UTC):%Y-%m-}"
    assert f'filename="qagaz-{day}' in told.headers["content-disposition"]
    plain = tables(told.content)
    assert [list(plain[table.name][0]) for table in (FIGURES, LEAVING_FORMS, ANSWERS)] == [
        [column.name for column in table.columns] for table in (FIGURES, LEAVING_FORMS, ANSWERS)
    ]
    assert {row["source"] for row in plain["figures"]} == {forms[n].source for n in ("clear", "settled", "other")}
    assert len(plain["figures"]) == 3 * 154
    assert [(row["status"], row["department"]) for row in plain["forms"]] == [
        ("settled", "Алматы"), ("accepted", ""), ("settled", "'=Астана"),
    ]  # fmt: skip
    assert [(r["place"], r["act"], r["note"]) for r in plain["answers"]] == [
        ("s2/1/1", "answer", "'=cmd|' /C calc'!A0"), ("s2/1/1", "answer", ""),
    ]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(saule.say("/export", format="parquet").content)) as archive:
        same = pq.read_table(io.BytesIO(archive.read("figures.parquet"))).to_pylist()
    assert [{k: f"{v:.2f}" if isinstance(v, float) else str(v) for k, v in row.items()} for row in same] == [
        row | {"file": row["file"].lstrip("'"), "note": row["note"].lstrip("'"), "who": row["who"].lstrip("'")}
        for row in plain["figures"]
    ]
    book = openpyxl.load_workbook(io.BytesIO(saule.say("/export", format="xlsx").content))
    assert book.sheetnames == ["figures", "forms", "answers"]
    heads, *rows = book["figures"].iter_rows()
    names = [cell.value for cell in heads]
    assert len(rows) == len(same)
    for row, known in zip(rows, same, strict=True):
        cells = dict(zip(names, row, strict=True))
        assert {cell.data_type for cell in row} <= {"n", "s", "inlineStr"}
        assert cells["line"].value == known["line"]
        assert str(cells["final_value"].value or "") == known["final_value"].removesuffix(".0")
        assert cells["file"].value == known["file"]
        assert cells["file"].quotePrefix
    assert "1.10" in {dict(zip(names, row, strict=True))["line"].value for row in rows}
    assert list((station.desk.folder / "exports").iterdir()) == []


def test_who_may_export_what(forms, person, store):
    """Operators nothing; others what their departments received; each time on record with the number of forms."""
    assert person("asel").say("/export", format="csv").status_code == 403
    saule, anna = person("saule"), person("anna")
    assert saule.say("/export", format="exe").status_code == 400
    every = tables(anna.say("/export", format="csv").content)
    assert len(every["forms"]) == 3
    office = next(r for r in every["forms"] if r["department"] == "Алматы")["source"]
    with store.database.reading() as session:
        number = session.scalar(select(Department.id).where(Department.name == "Алматы"))
        assert session.get_one(Task, (office, 1)).department == number
    one = tables(saule.say("/export", format="csv", department=str(number)).content)
    assert [row["source"] for row in one["forms"]] == [office]
    assert {row["source"] for row in one["figures"] + one["answers"]} == {office}
    with store.database.reading() as session:
        told = session.scalars(select(Record).where(Record.act == "exported").order_by(Record.id)).all()
    assert [(r.who, r.subject.split()[1]) for r in told] == [("anna", "3"), ("saule", "1")]


def test_another_departments_forms_are_not_exported(forms, person, store):
    """Neither when all is asked for nor by its number."""
    with store.database.writing() as session:
        add_person(session, "erlan", "Ерлан", PASSWORD, Role.SUPERVISOR, departments=["Алматы"])
    erlan = person("erlan")
    for department in ("0", "1", "2", "3", "x"):
        told = tables(erlan.say("/export", format="csv", department=department).content)
        assert {row["source"] for row in told["forms"]} <= {forms["settled"].source}
    assert "Астана" not in erlan.get("/export").text


def test_two_at_once(forms, person):
    """Each gets a whole file of its own."""
    people = [person("saule"), person("anna")]
    with ThreadPoolExecutor(2) as pool:
        files = list(pool.map(lambda each: each.say("/export", format="csv").content, people))
    assert [len(tables(each)["figures"]) for each in files] == [3 * 154] * 2


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_begins_a_formula_in_csv(payload):
    """Whether a spreadsheet parts fields by commas, semicolons, tabs or lines, none begins one."""
    shown = defused(payload)
    for part in re.split(r"[;\t\r\n]", shown):
        assert not part.lstrip(' "\u00a0\ufeff').startswith(STARTS), shown
    assert shown.replace("'", "") == payload.replace("'", "")


def test_plain_words_and_numbers_stay():
    """Amounts keep their minus; names and notes their hyphens and signs inside."""
    for text in ("-5", "-12.50", "12", "отчёт-2025.pdf", "a=b", "50 + 1", "Қ-1; екі", ""):
        assert defused(text) == text


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_workbook(forms, person, tmp_path):
    """And finds no formula in it."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(person("saule").say("/export", format="xlsx").content)
    subprocess.run(["soffice", "--headless", "--convert-to", "csv", "--outdir", tmp_path, file], check=True)
    assert "=clear.png" in (tmp_path / "a.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_browser(forms, browse, shot, language):
    """Chosen, pressed, and the file is there."""
    page = browse("saule", language=language)
    page.goto("/export")
    shot(page, f"export-{language}")
    with page.expect_download() as download:
        page.click("button.main")
    assert download.value.suggested_filename.endswith(".xlsx")
    assert page.wrong == []
