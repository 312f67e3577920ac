"""Codes of a text layer without boxes: behind their label, letter-spaced, below it, in cells; and places left bare."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.fields.codes import FIELD_MISSING, code_fields
from extract.fields.options import Region
from extract.records import Box, TextLine
from layouts.load import shipped_layouts
from tests.extract.paper import grid, sheet

LAYOUT = next(iter(shipped_layouts().values()))
CODE = "100741954344"


def line(text: str, x: float, y: float) -> TextLine:
    return TextLine(text, Box(x, y, x + 5.0 * len(text), y + 10.0))


def codes(*lines: TextLine, grids=(), ink: Box | None = None):
    page = replace(sheet(1, *grids), lines=lines)
    if ink is not None:
        page.picture[round(ink.y0) : round(ink.y1), round(ink.x0) : round(ink.x1)] = 0
    return code_fields(Region(page, lines), LAYOUT, lambda _: [])


def said(reading) -> str:
    return reading.alternatives[0].text if reading.alternatives else ""


def test_a_code_typed_behind_its_label_is_read():
    found = codes(line(f"БСН коды / код БИН {CODE}", 30, 100), line("ЖСН коды / код ИИН", 30, 120))
    assert said(found["bin"]) == CODE
    assert found["iin"].empty


def test_digits_far_apart_behind_a_label_in_two_lines_are_one_code():
    digits = [line(d, 90 + 18 * i, 105) for i, d in enumerate(CODE)]
    found = codes(line("БСН коды", 30, 100), line("код БИН", 30, 110), *digits)
    assert said(found["bin"]) == CODE


def test_a_code_below_its_label_is_read():
    found = codes(line("ӘАОЖ / КАТО", 30, 100), *[line(d, 30 + 18 * i, 114) for i, d in enumerate("231010000")])
    assert said(found["kato"]) == "231010000"


@pytest.mark.parametrize("digits", [["2", "0", "2", "5"], ["", "2", "0", "2", "5", ""], ["2 0 2 5"], ["2025"]])
def test_the_year_stands_in_cells_of_the_index_table(digits):
    row = ["2-услуги (IT)", "годовая", "есепті кезең отчетный период", *digits, "жыл год"]
    assert said(codes(grids=[grid([row])])["year"]) == "2025"


def test_a_label_in_a_merged_cell_with_its_code_in_the_row_below():
    found = codes(grids=[grid([[f"БСН коды / код БИН {CODE}"], ["ӘАОЖ / КАТО"], ["791110000"], ["2. Резиденттерге"]])])
    assert (said(found["bin"]), said(found["kato"])) == (CODE, "791110000")


def test_a_line_to_write_on_and_a_blank_cell_are_places_seen_empty():
    found = codes(line("ЖСН коды / код ИИН ____________", 30, 60), grids=[grid([["ӘАОЖ КАТО", ""]])])
    assert found["iin"].empty
    assert found["kato"].empty


def test_a_label_alone_does_not_say_that_its_code_is_empty():
    """Nobody knows where the code would stand if not behind the label."""
    found = codes(line("есепті кезең / отчетный период", 30, 60), line("ЖСН коды / код ИИН", 30, 120))
    assert {name: (r.empty, r.reasons) for name, r in found.items()} == {
        "year": (False, (FIELD_MISSING,)),
        "iin": (False, (FIELD_MISSING,)),
    }


def test_ink_behind_a_label_is_no_empty_place():
    """Digits may be drawn there, or boxes that were not made out."""
    lines = line(f"БСН коды / код БИН {CODE}", 30, 100), line("ЖСН коды / код ИИН", 30, 120)
    assert not codes(*lines, ink=Box(150, 122, 260, 128))["iin"].empty


def test_a_code_of_another_length_is_given_as_it_is_and_doubted():
    found = codes(line("БСН коды / код БИН 10074195434", 30, 100))
    assert (said(found["bin"]), found["bin"].reasons) == ("10074195434", ("boxes-left-empty",))


def test_other_words_behind_a_label_are_no_code_and_no_empty_place():
    found = codes(line("БСН коды / код БИН жоқ", 30, 100), line(f"ЖСН коды / код ИИН {CODE}", 30, 120))
    assert (found["bin"].empty, found["bin"].reasons) == (False, (FIELD_MISSING,))


def test_a_code_typed_behind_the_bracket_that_ends_its_label_is_read():
    label = "при представлении респондентом статистической формы на бумажном носителе):"
    found = codes(
        line("1.1 Код территории согласно Классификатору (КАТО) (заполняется", 30, 100),
        line(f"{label} 231010000", 30, 111),
    )
    assert said(found["kato"]) == "231010000"


def test_a_code_behind_the_last_line_of_a_long_label_is_read():
    """The lines above reach farther to the right than where the code stands."""
    long = "1.1 Код территории согласно Классификатору административно-территориальных объектов (КАТО) (заполняется"
    label = [line(long, 30, 100), line("статистической формы на бумажном носителе)", 30, 111)]
    behind = [line(d, 260 + 18 * i, 114) for i, d in enumerate("231010000")]
    assert said(codes(*label, *behind)["kato"]) == "231010000"
    assert not codes(*label, ink=Box(260, 114, 300, 122))["kato"].empty
