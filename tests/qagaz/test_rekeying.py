"""The sheet of a sample: pictures of the drawn cells, nothing of what was read, and what comes back is understood."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from PIL import Image

from layouts.words import LANGUAGES
from qagaz.cli import main
from training.comparisons import write
from training.typists import trials

CELLS = 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run of four forms and a manual table; the paper of the first form is at hand."""
    where = tmp_path_factory.mktemp("rekeying")
    made = list(trials(8, 4, ["digit-lost"]))
    paper = where / "scans" / "paper.png"
    paper.parent.mkdir()
    Image.fromarray(np.full((400, 300), 255, np.uint8)).save(paper)
    source = hashlib.sha256(paper.read_bytes()).hexdigest()
    machine = replace(made[0].machine, source=source, file=paper.name)
    made[0] = replace(made[0], machine=machine, entry=replace(made[0].entry, file=paper.name))
    write(where, made)
    return where


@pytest.fixture
def sheet(folder, tmp_path, capsys):
    """The sheet as it goes out, and what was said of it."""
    out = tmp_path / "sheet.xlsx"
    told = ["--cells", str(CELLS), "--seed", "2026", "--papers", str(folder / "scans"), "--out", str(out)]
    assert main(["sample", str(folder / "run"), str(folder / "typed.csv"), *told, "--language", "ru"]) == 0
    return out, capsys.readouterr()


@pytest.fixture
def agreed(folder):
    """(source, place) → what the machine and the table say."""
    with (folder / "run" / "cells.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["source"], f"s{row['section']}/{row['line']}/{row['column']}"): row["value"] for row in rows}


@pytest.fixture
def audit(folder, capsys):
    """`audit(sheet)`: what the comparison makes of it, or what it says against it."""

    def call(sheet):
        run = [str(folder / "run"), str(folder / "typed.csv"), "--audit", str(sheet)]
        status = main(["compare", *run, "--json", "--language", "en"])
        said = capsys.readouterr()
        return json.loads(said.out)["audit"] if status == 3 else said.err

    return call


def opened(path):
    """The workbook, its sheet, and where each column stands."""
    book = openpyxl.load_workbook(path)
    page = book.active
    return book, page, {cell.value: cell.column for cell in page[3] if cell.value}


def fill(path, agreed):
    """Somebody types what stands on the paper."""
    book, page, at = opened(path)
    for row in range(4, page.max_row + 1):
        place = (page.cell(row, at["source"]).value, page.cell(row, at["place"]).value)
        page.cell(row, at["value"]).value = agreed[place].replace(".", ",") or "пусто"
    book.save(path)
    return at


def test_a_picture_beside_an_empty_field_and_nothing_of_what_was_read(sheet, agreed):
    """Blank cells are among them; where the paper is gone, its page is named and the command says so."""
    path, said = sheet
    _book, page, at = opened(path)
    rows = range(4, page.max_row + 1)
    drawn = [agreed[page.cell(row, at["source"]).value, page.cell(row, at["place"]).value] for row in rows]
    assert len(drawn) == CELLS
    assert 5 < sum(not value for value in drawn) < 25
    assert {page.cell(row, at["value"]).value for row in rows} == {None}
    with_paper = [
        row for row in rows if page.cell(row, at["source"]).value in {s for s, _ in agreed if len(set(s)) > 9}
    ]
    assert sorted(image.anchor._from.row + 1 for image in page._images) == with_paper
    assert f"{CELLS - len(with_paper)}" in said.err
    shown = {str(page.cell(row, column).value) for row in rows for column in range(1, page.max_column + 1)}
    assert not shown & {value for value in drawn if len(value) > 3}


def test_only_the_fields_to_fill_in_can_be_written_to(sheet):
    """Against slips: no password keeps anybody who means it from unlocking it."""
    _book, page, at = opened(sheet[0])
    assert page.protection.sheet
    assert {c.column for row in page.iter_rows(min_row=4) for c in row if not c.protection.locked} == {at["value"]}
    assert page.row_dimensions[3].hidden
    assert page.cell(4, at["value"]).number_format == "@"  # 1,10 stays what was typed


def test_what_comes_back_is_understood(sheet, agreed, audit):
    """Filled in and saved by another program; one figure of all is wrong; one is left empty."""
    path, _ = sheet
    at = fill(path, agreed)
    assert [rate["hits"] for rate in audit(path)["wrong"].values()] == [0, 0]
    book, page, _ = opened(path)
    inked = next(row for row in range(4, page.max_row + 1) if page.cell(row, at["value"]).value not in {"пусто", "0"})
    page.cell(inked, at["value"]).value = 999_999
    page.cell(inked + 1, at["value"]).value = None
    book.save(path)
    told = audit(path)
    assert told["wrong"]["inked"]["hits"] == 1
    assert told["not_keyed"] == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251"])
def test_it_may_come_back_as_csv(sheet, agreed, audit, tmp_path, encoding):
    """As a spreadsheet saves it: words above the names, semicolons."""
    path, _ = sheet
    fill(path, agreed)
    _book, page, _at = opened(path)
    back = tmp_path / "back.csv"
    with back.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";").writerows(page.iter_rows(values_only=True))
    assert [rate["hits"] for rate in audit(back)["wrong"].values()] == [0, 0]


def test_a_sheet_that_cannot_be_right_is_refused(sheet, agreed, audit):
    """A row taken out; a key written over; words for a figure."""
    path, _ = sheet
    at = fill(path, agreed)
    whole = path.read_bytes()
    for column, text in (("value", "двенадцать"), ("place", "где-то"), ("drawn", "")):
        book, page, _ = opened(path)
        page.cell(5, at[column]).value = text or None
        book.save(path)
        assert "двенадцать" in (said := audit(path)) or "rows are gone" in said
        path.write_bytes(whole)
    book, page, _ = opened(path)
    page.delete_rows(6)
    book.save(path)
    assert "rows are gone" in audit(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_every_language(folder, tmp_path, language):
    out = tmp_path / "sheet.xlsx"
    main(["sample", str(folder / "run"), str(folder / "typed.csv"), "--out", str(out), "--language", language])
    _book, page, _at = opened(out)
    words = [str(cell.value) for row in page.iter_rows(max_row=2) for cell in row if cell.value]
    assert len(words) == 10
    assert not [word for word in words if word.startswith("sample.")]
