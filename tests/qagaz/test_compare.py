"""`qagaz compare` and `qagaz sample` from the command line: tables, report, a sample that comes back."""

import csv
import json
import os
import shutil
import stat
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import sync_playwright

from layouts.words import LANGUAGES
from qagaz.cli import main
from training.comparisons import write
from training.typists import trials

HOSTILE = "<img src=x onerror=alert(1)>&'\"/=cmd|x.pdf"
SHOTS = Path(__file__).parents[2] / "docs" / "compare"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run of sixty forms and a manual table with one slip a form; one file has a hostile name."""
    made = list(trials(3, 60))
    machine = replace(made[16].machine, file=HOSTILE)
    made[16] = replace(made[16], machine=machine, entry=replace(made[16].entry, file=HOSTILE))
    where = tmp_path_factory.mktemp("comparison")
    write(where, made)
    return where


@pytest.fixture
def compare(folder, tmp_path, capsys):
    """`compare(*more)`: the exit status and what was printed."""

    def call(*more, language="en"):
        status = main(
            ["compare", str(folder / "run"), str(folder / "typed.csv"), *map(str, more), "--language", language]
        )
        return status, capsys.readouterr()

    return call


def test_what_is_told_and_written(compare, tmp_path):
    out = tmp_path / "out"
    status, said = compare("--out", out)
    assert status == 3
    assert "digits transposed" in said.out
    rows = rows_of(out / "comparison.csv")
    names = ["file", "form", "section", "line", "column", "machine", "manual", "class", "wrong", "probability"]
    assert list(rows[0])[: len(names)] == names
    assert {row["wrong"] for row in rows} >= {"machine", "person", "respondent"}
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["forms"]["compared"] == len({row["file"] for row in rows_of(out / "matching.csv")})
    assert summary["wrong"]["person"]["hits"] == sum(
        r["wrong"] == "person" and r["class"] != "blank-zero" for r in rows
    )
    assert not [left.name for left in out.iterdir() if left.name.startswith(".")]
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_numbers_are_numbers_and_names_no_formulas_in_the_workbook(compare, tmp_path):
    compare("--out", tmp_path / "out")
    book = openpyxl.load_workbook(tmp_path / "out" / "comparison.xlsx")
    assert book.sheetnames == ["rates", "classes", "comparison", "matching"]
    head, *rows = book["comparison"].iter_rows(values_only=True)
    at = {name: number for number, name in enumerate(head)}
    assert {type(row[at["machine"]]) for row in rows} <= {int, float, type(None)}
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_equal_tables_give_equal_bytes(compare, tmp_path):
    for name in ("one", "two"):
        compare("--out", tmp_path / name)
    for file in ("comparison.csv", "matching.csv", "summary.json", "report.html"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_in_every_language_and_width(compare, tmp_path, language):
    """It runs nothing, asks for nothing, does not scroll sideways, and prints."""
    compare("--out", tmp_path / "out", language=language)
    page_of = tmp_path / "out" / "report.html"
    text = page_of.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    assert "onerror=alert(1)>" not in text
    assert "report." not in text.partition("</style>")[2]  # no message without words
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        asked, wrong = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: wrong.append(said.text))
        for width in (1366, 800, 400):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(page_of.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if os.environ.get("QAGAZ_SHOTS") and language == "ru":
                SHOTS.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=SHOTS / f"report-{width}.png")
        assert page.pdf(format="A4").startswith(b"%PDF")
        browser.close()
    assert set(asked) == {page_of.as_uri()}
    assert wrong == []


def test_a_report_without_names(compare, tmp_path):
    compare("--out", tmp_path / "out", "--unnamed")
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "form-000" not in text
    assert "typed.csv" not in text
    assert not (tmp_path / "out" / "comparison.xlsx").exists()


def test_agreement_is_keyed_once_more(compare, folder, tmp_path, capsys):
    """The sheet tells nothing of what was agreed on; what comes back raises the rate that is claimed."""
    sheet = tmp_path / "sheet.csv"
    given = ["sample", str(folder / "run"), str(folder / "typed.csv"), "--cells", "60", "--seed", "q"]
    assert main([*given, "--out", str(sheet), "--language", "en"]) == 0
    capsys.readouterr()
    rows = rows_of(sheet)
    assert len(rows) == 60
    assert {row["value"] for row in rows} == {""}
    cells = {
        (row["source"], f"s{row['section']}/{row['line']}/{row['column']}"): row["value"]
        for row in rows_of(folder / "run" / "cells.csv")
    }
    agreed = [cells[row["source"], row["place"]] for row in rows]
    assert 20 < sum(bool(value) for value in agreed) < 40
    for row, value in zip(rows, agreed, strict=True):
        row["value"] = value.replace(".", ",") if value else "пусто"
    assert audited(compare, sheet, rows)["claimed"]["hits"] == plain(compare)["wrong"]["machine_accepted"]["hits"]
    wrong = next(n for n, value in enumerate(agreed) if Decimal(value or 0))
    rows[wrong]["value"] = "999999"
    told = audited(compare, sheet, rows)
    assert told["wrong"]["inked"]["hits"] == 1
    assert told["claimed"]["hits"] > plain(compare)["wrong"]["machine_accepted"]["hits"]
    compare("--audit", sheet, "--out", tmp_path / "out")
    assert "keying once more did not" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    rows[wrong]["value"] = ""
    assert audited(compare, sheet, rows)["not_keyed"] == 1


def audited(compare, sheet, rows):
    save(sheet, rows)
    status, said = compare("--audit", sheet, "--json")
    assert status == 3
    return json.loads(said.out)["audit"]


def plain(compare):
    return json.loads(compare("--json")[1].out)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def save(sheet, rows):
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def test_a_sheet_that_is_not_the_draw(compare, folder, tmp_path):
    """Rows taken out, something that is no figure, another file."""
    sheet = tmp_path / "sheet.csv"
    main(["sample", str(folder / "run"), str(folder / "typed.csv"), "--cells", "9", "--out", str(sheet)])
    rows = rows_of(sheet)
    save(sheet, rows[1:])
    assert "rows are gone" in compare("--audit", sheet)[1].err
    save(sheet, [{**rows[0], "value": "twelve"}, *rows[1:]])
    assert 'row 2: "twelve"' in compare("--audit", sheet)[1].err
    sheet.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "lacks columns" in compare("--audit", sheet)[1].err


def test_plans_and_wrong_calls(capsys, folder, tmp_path):
    assert main(["sample", "--limit", "1/1000", "--good", "0.2/1000", "--language", "en"]) == 0
    assert "2995 cells, 0 of them wrong" in capsys.readouterr().out
    assert main(["sample", "--limit", "1/1000", "--good", "1/1000", "--language", "en"]) == 2
    assert main(["sample", str(folder / "run"), "--language", "en"]) == 2
    assert main(["compare", str(tmp_path), str(folder / "typed.csv"), "--language", "en"]) == 2
    assert "cells.parquet" in (told := capsys.readouterr().err) or "forms.parquet" in told
    (tmp_path / "broken.csv").write_text("файл;раздел;строка;графа;значение\na;2;1;1;01.05.2026\n", encoding="utf-8")
    assert main(["compare", str(folder / "run"), str(tmp_path / "broken.csv"), "--language", "en"]) == 4
    assert "row 2, column E" in capsys.readouterr().err
