"""A layout's first version, from a form drawn on the spot."""

from __future__ import annotations

import tomllib

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extract.intake import open_pages
from qagaz.draft import NoTableError, draft
from qagaz.drawing import font_of

ROWS = [
    ("Жол коды", "Атауы Наименование", "Барлығы", "Страна"),
    ("А", "Б", "1", "2"),
    ("1", "Барлығы Всего", "", "Х"),
    ("1.1", "Өзге де", "", ""),
]


def blank(path, rows):
    font = font_of(10)
    pdfmetrics.registerFont(TTFont("own", font.path))
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("own", 9)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            canvas.rect(60 + 110 * column, 700 - 30 * number, 110, 30)
            canvas.drawString(64 + 110 * column, 710 - 30 * number, text)
    canvas.drawString(60, 760, "Есеп")
    canvas.save()
    return path


def test_codes_columns_and_crosses_are_found(tmp_path):
    """The draft is TOML with the table's lines, its columns, and where «Х» is printed."""
    table = tomllib.loads(draft(blank(tmp_path / "blank.pdf", ROWS), open_pages))["tables"][0]
    assert [line["code"] for line in table["lines"]] == ["1", "1.1"]
    assert [column["number"] for column in table["columns"]] == ["1", "2"]
    assert [label["letter"] for label in table["label_columns"]] == ["А", "Б"]
    assert (table["columns"][1]["kind"], table["columns"][1]["crossed"]) == ("country", ["1"])


def test_a_paper_without_a_table_is_refused(tmp_path):
    """With an error that says what is needed."""
    with pytest.raises(NoTableError, match="draft-no-table"):
        draft(blank(tmp_path / "letter.pdf", []), open_pages)
