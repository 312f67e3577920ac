"""Codes on a line of a scan: cut out by the gaps around them, and whose word counts."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extract.fields.codes import code_fields
from extract.fields.labelled import Labelled
from extract.fields.options import Region
from extract.fields.written import line_crop
from extract.readers.combine import FigureReading
from extract.records import Alternative, Box, TextLine
from tests.extract.drawn import type_text
from tests.extract.paper import sheet, small_layout

BIN = "020240001235"
RESOLUTION = 200.0


def page(*, underlined=True, angle=0.0):
    """A page on which a label and a code are typed; where the code's ink lies, and the line's."""
    picture = np.full((300, 900), 250, np.uint8)
    label = type_text(picture, "код БИН:", 60, 100, 28)
    code = type_text(picture, BIN, label.x1 + 14, 100, 28)
    if underlined:
        cv2.line(picture, (round(label.x1) + 6, 136), (880, 136 + round(angle)), 40, 2)
    return picture, code, Box(label.x0, min(label.y0, code.y0), code.x1, max(label.y1, code.y1))


def scanned(picture):
    blank = sheet(1)
    return replace(blank, kind="scan", unit="px", picture=picture, scale=1.0, resolution=RESOLUTION, grids=(), lines=())


@pytest.mark.parametrize("off", [-25.0, 0.0, 25.0])
@pytest.mark.parametrize("underlined", [True, False])
def test_the_gaps_around_a_code_tell_where_it_stands(off, underlined):
    """Its place among the letters of the line is only about right; the line to write on is not its ink."""
    picture, code, line = page(underlined=underlined)
    typed = Labelled("bin", BIN, Box(code.x0 + off, line.y0, code.x1 + off, line.y1))
    place, crop = line_crop(scanned(picture), typed)
    assert (place.x0, place.x1) == pytest.approx((code.x0, code.x1), abs=4)
    long_rows = (crop.clean < 128).mean(axis=1) > 0.9
    assert not long_rows.any()


def test_where_nothing_stands_nothing_is_cut():
    picture = np.full((300, 900), 250, np.uint8)
    assert line_crop(scanned(picture), Labelled("bin", BIN, Box(200, 100, 500, 130))) is None


def said(text, witnesses):
    best = Alternative(text, -0.001, "figures")
    return lambda crops: [FigureReading((best,), witnesses, 2, (best,)) for _ in crops]


@pytest.mark.parametrize(
    ("read", "witnesses", "told", "sure"),
    [
        (BIN, 2, BIN, 2),  # two readers of figures agree
        (BIN, 1, BIN, 1),
        ("0202 4000 1235", 2, BIN, 2),
        ("12", 2, BIN, 1),  # another length: the text stands, with its single reader
    ],
)
def test_readers_of_figures_bear_witness_to_a_code_on_a_line(read, witnesses, told, sure):
    picture, _, line = page()
    region = Region(scanned(picture), (TextLine(f"код БИН: {BIN}", line),))
    reading = code_fields(region, small_layout(), said(read, witnesses))["bin"]
    assert reading.alternatives[0].text == told
    assert (reading.witnesses, "single-reader" in reading.reasons) == (sure, sure == 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("код БИН: 02024|00123S", BIN),  # misread as text
        ("код БИН: o2o24ooo", BIN),
        ("код БИН: нет", None),  # too short for a code
        ("код БИН: не присвоен, в стадии регистрации", None),
    ],
)
def test_where_text_is_no_code_the_readers_of_figures_are_asked(text, told):
    """Nobody else bears witness to what they see."""
    picture, _, line = page()
    found = code_fields(Region(scanned(picture), (TextLine(text, line),)), small_layout(), said(BIN, 1))
    assert (found["bin"].alternatives[0].text if "bin" in found else None) == told
    if told:
        assert "single-reader" in found["bin"].reasons


def test_a_word_as_long_as_a_code_is_none():
    """The rest of a label that wrapped."""
    picture, _, line = page()
    region = Region(scanned(picture), (TextLine("код БИН: организации", line),))
    assert "bin" not in code_fields(region, small_layout(), said("организации)", 2))


def test_a_line_that_reads_as_another_length_is_no_code():
    picture, _, line = page()
    region = Region(scanned(picture), (TextLine("код БИН: 02024000", line),))
    assert "bin" not in code_fields(region, small_layout(), said("02024000", 2))


def test_a_year_counts_as_read_where_its_text_says_the_same():
    """No check digit speaks for it."""
    picture, _, line = page()
    region = Region(scanned(picture), (TextLine("отчетный период: 2026", line),))
    assert code_fields(region, small_layout(), said("2026", 2))["year"].witnesses == 2
    assert code_fields(region, small_layout(), said("2025", 2))["year"].witnesses == 1
