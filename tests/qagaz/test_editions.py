"""Editions and other forms in one archive: each read by its own layout, or rejected as what it is."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

import corpus
from corpus.__main__ import main as corpus_command
from layouts.load import shipped_layouts
from qagaz import cli
from qagaz.commands.stores import open_store
from review.case import open_case
from review.schema import Form
from review.station.pages.named import name_of

DATA = Path(corpus.__file__).parent / "data"
OLDER, INVEST = DATA / "2-uslugi-it.older.toml", DATA / "1-invest.example.toml"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A form of each edition, both in one file, and another form."""
    folder = tmp_path_factory.mktemp("archive")
    papers = folder / "papers"
    papers.mkdir()
    made = {"now": (), "older": ("--layout", str(OLDER)), "invest": ("--layout", str(INVEST))}
    for name, options in made.items():
        corpus_command(["make", str(folder / name), "--seed", "3", "--forms", "1", "--kinds", "digital", *options])
        (folder / name / "digital-000.pdf").rename(papers / f"{name}.pdf")
    with pypdfium2.PdfDocument.new() as both:
        for name in ("older", "now"):
            with pypdfium2.PdfDocument(papers / f"{name}.pdf") as part:
                both.import_pages(part)
        both.save(papers / "both.pdf")
    return papers


def table(folder, name):
    return list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


def test_an_edition_that_is_not_known_is_rejected_as_such(archive, tmp_path, capsys):
    """With the nearest layout and what differs; the known form beside it in the file is read, and keeps its number."""
    assert cli.main(["read", str(archive), "--out", str(tmp_path), "--jobs", "1", "--language", "en"]) == 4
    forms = {(row["file"], row["form"]): row for row in table(tmp_path, "forms")}
    assert {key: row["reasons"] for key, row in forms.items() if row["status"] == "rejected"} == {
        ("both.pdf", "0"): "unknown-edition",
        ("invest.pdf", "0"): "not-this-form",
        ("older.pdf", "0"): "unknown-edition",
    }
    assert forms["both.pdf", "2"]["layout"] == forms["now.pdf", "1"]["layout"] == "2-uslugi-it.2026"
    assert {row["file"] for row in table(tmp_path, "cells")} == {"both.pdf", "now.pdf"}
    (said,) = [row["message"] for row in table(tmp_path, "findings") if row["file"] == "older.pdf"]
    for word in ("2-uslugi-it.2026", "1.5.1, 1.6.1, 1.14, 1.15", "1.14.1", "199", "--layouts"):
        assert word in said
    assert "unknown" not in capsys.readouterr().out


def test_each_form_takes_its_own_layout(archive, tmp_path, capsys):
    """With line codes of its own, side by side, in one run and in one file; the results keep the layouts they need."""
    layouts = tmp_path / "layouts"
    layouts.mkdir()
    for file in (OLDER, INVEST):
        shutil.copy(file, layouts)
    out = tmp_path / "out"
    read = ["read", str(archive), "--out", str(out), "--layouts", str(layouts), "--jobs", "1"]
    assert cli.main(read) in (0, 3)
    capsys.readouterr()
    told = {(row["file"], row["form"]): row["layout"] for row in table(out, "forms")}
    assert told == {
        ("both.pdf", "1"): "2-uslugi-it.older",
        ("both.pdf", "2"): "2-uslugi-it.2026",
        ("invest.pdf", "1"): "1-invest.example",
        ("now.pdf", "1"): "2-uslugi-it.2026",
        ("older.pdf", "1"): "2-uslugi-it.older",
    }
    lines: dict[tuple[str, str], set[str]] = {}
    for row in table(out, "cells"):
        lines.setdefault((row["file"], row["form"]), set()).add(row["line"])
    assert "1.14.1" in lines["older.pdf", "1"]
    assert "1.16" not in lines["older.pdf", "1"]
    assert lines["both.pdf", "2"] == lines["now.pdf", "1"]
    assert max(lines["invest.pdf", "1"]) == "1.5"
    shutil.rmtree(layouts)  # the results know their forms' layouts without it
    with open_store(out, "") as store, store.database.reading() as session:
        for form in session.scalars(select(Form)):
            case = open_case(session, store.layouts, (form.source, form.form))
            assert case.layout is not None
            assert case.layout.id == form.layout
            assert case.balances
            figure = next(cell for cell in case.cells if cell.figure)
            assert name_of(case.layout, figure.place, "ru").label
    assert cli.main(["read", str(archive), "--out", str(out), "--jobs", "1", "--again"]) == 4
    with open_store(out, "") as store:
        assert list(store.layouts) == list(shipped_layouts())
