"""Forms that a browser prints: another program's pages, with the same truth, read without a doubt."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import sys
from dataclasses import replace

import pypdfium2
import pytest

from corpus.fill import fill
from corpus.truth import plain
from corpus.web.look import web_look
from corpus.web.page import as_html
from corpus.web.printing import printed
from layouts.load import shipped_layouts

LAYOUT = next(iter(shipped_layouts().values()))
SEED = 960_001
LOOKS = (
    {"borders": "dotted", "merged": True, "boxes": False, "language": "kk", "numbered": False},
    {"borders": "striped", "merged": False, "boxes": True, "language": "both", "numbered": True, "repeated": False},
    {"borders": "dashed", "merged": True, "boxes": True, "language": "ru", "numbered": False, "repeated": True},
)


def drawn(number):
    rng = random.Random(SEED + number)
    filled = replace(fill(rng, LAYOUT, "eval"), signed=(False, False, False))
    look = replace(web_look(rng, "eval"), **LOOKS[number], wide=False, size=9)
    return filled, look


def test_what_respondents_write_is_no_markup():
    filled, look = drawn(0)
    named = replace(filled, answers={**filled.answers, "name": "<b>& Co"})
    assert "&lt;b&gt;&amp; Co" in as_html(named, look)


def test_the_same_seed_prints_the_same_text():
    filled, look = drawn(2)
    pages = [pypdfium2.PdfDocument(printed(as_html(filled, look)).pdf) for _ in range(2)]
    texts = [[page.get_textpage().get_text_range() for page in document] for document in pages]
    assert texts[0] == texts[1]
    assert sum(map(len, texts[0])) > 2000


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed: scripts/system.sh browser")
def test_a_browsers_forms_are_read_to_the_last_figure(tmp_path):
    """Dots for rulings, a row merged across the table, a column more than the layout has, codes on a line."""
    (tmp_path / "papers").mkdir()
    forms = {f"web-{number}.pdf": drawn(number) for number in range(len(LOOKS))}
    for file, (filled, look) in forms.items():
        (tmp_path / "papers" / file).write_bytes(printed(as_html(filled, look)).pdf)
    command = [sys.executable, "-m", "qagaz.cli", "read", tmp_path / "papers", "--out", tmp_path / "out"]
    subprocess.run([*map(str, command), "--db", "sqlite://"], capture_output=True, timeout=300, check=False)
    cells = {(c["file"], f"s{c['section']}/{c['line']}/{c['column']}"): c for c in rows(tmp_path / "out" / "cells.csv")}
    fields = {(f["file"], f["field"]): f for f in rows(tmp_path / "out" / "fields.csv")}
    for file, (filled, _) in forms.items():
        told = {str(place): "" if e.amount is None else plain(e.amount) for place, e in filled.entries.items()}
        assert {place: cells[file, place]["value"] for place in told} == told
        assert {cells[file, place]["status"] for place in told} == {"accepted"}
        codes = {"bin": filled.respondent.bin, "iin": filled.respondent.iin, "year": str(filled.year)}
        assert {code: fields[file, code]["value"] for code in codes} == codes
        assert {fields[file, code]["status"] for code in codes} == {"accepted"}


def rows(table):
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
