"""Codes in the cells of a table over the page's width; frames of the form's head are no part of a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extract.recognise import recognise_as
from extract.records import Crop
from extract.rows.codes import with_codes_in_cells
from layouts.load import shipped_layouts
from tests.extract.paper import grid, sheet

LAYOUT = next(iter(shipped_layouts().values()))
INDEX = ["Индексі Индекс", "2-услуги (IT)", "годовая", "отчетный период", "2", "0", "2", "5", "жыл год"]
BIN = ["БСН коды код БИН", *"100741954344"]
IIN = ["ЖСН коды код ИИН", *[""] * 12]


def drawn(width: int, height: int) -> Crop:
    return Crop(np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8))


def scanned(page):
    """The page as a scan: labels wide and high, digits as large as digits are."""

    def cell(c):
        size = (12, 20) if len(c.text) == 1 else (60, 40)
        return replace(c, text=None, crop=drawn(*size) if c.text else None)

    grids = tuple(replace(g, cells=tuple(cell(c) for c in g.cells)) for g in page.grids)
    return replace(page, kind="scan", unit="px", resolution=200.0, grids=grids)


def head():
    return sheet(1, grid([INDEX], top=50.0), grid([BIN], top=100.0), grid([IIN], top=150.0))


def test_rows_of_cells_as_long_as_a_code_are_its_boxes():
    page = with_codes_in_cells(head(), [LAYOUT])
    assert ["".join(c.text or "" for c in run.cells) for run in page.boxes] == ["2025", "100741954344", ""]


def test_on_a_scan_signs_are_told_by_the_size_of_their_ink():
    """The label of the next field, in two short lines, is no sign."""
    page = with_codes_in_cells(scanned(head()), [LAYOUT])
    assert [len(run.cells) for run in page.boxes] == [4, 12, 12]
    assert [sum(c.crop is not None for c in run.cells) for run in page.boxes] == [4, 12, 0]


def test_a_short_code_is_told_only_above_a_long_one():
    """Four signs side by side may stand in a table's row, too."""
    row = ["1.9", "Иное", "62.03.2", "12 345", "5", "", "3", "8", "16 789"]
    page = sheet(1, grid([BIN], top=100.0), grid([row], top=300.0))
    assert [len(run.cells) for run in with_codes_in_cells(page, [LAYOUT]).boxes] == [12]
    assert with_codes_in_cells(sheet(1, grid([row])), [LAYOUT]).boxes == ()


def test_a_frame_of_the_head_with_as_many_columns_as_a_table_is_no_part_of_it():
    """Told by the form's index on a text page, on a scan by the identifiers below it."""
    for page in (sheet(1, grid([INDEX])), with_codes_in_cells(scanned(head()), [LAYOUT])):
        assert recognise_as(page, LAYOUT).rows == ()
