"""Scans, faxes and photos → sheets: every cell where it is, none lost, none invented."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extract.records import Box
from extract.scan.flatten import even_light
from extract.scan.sheet import find_structure, flatten_page, scan_sheet
from extract.scan.upright import runs_level
from extract.stored import stored_box
from tests.extract.drawn_pages import (
    blank,
    boxes,
    curled,
    faxed,
    form,
    labels,
    line,
    noisy,
    photographed,
    stored,
    table,
    text,
    turned,
)


def either_way(crops):
    """A reader to which up and down look alike."""
    return -1.0 if crops else 0.0


def shapes(sheet):
    return [(grid.rows, grid.columns, len(grid.cells)) for grid in sheet.grids]


def worst_miss(sheet, xs, ys, to_stored=None):
    """How far the edges of the page's last grid lie from where they were drawn, in stored pixels."""
    grid = sheet.grids[-1]
    miss = 0.0
    for cell in grid.cells:
        drawn = np.array([[xs[cell.column], ys[cell.row]], [xs[cell.column + 1], ys[cell.row + 1]]], np.float64)
        if to_stored is not None:
            drawn = cv2.perspectiveTransform(drawn[None], to_stored)[0]
        middle = sheet.to_stored @ np.array([*cell.box.centre, 1.0])
        miss = max(miss, float(np.abs(middle[:2] / middle[2] - drawn.mean(axis=0)).max()))
    return miss


@pytest.mark.parametrize("dpi", [150, 300])
def test_flat_scan(dpi):
    """A plain scan: the strip, both runs of boxes and the table, each cell within a pixel or two of its place."""
    page, xs, ys = form(dpi)
    sheet = scan_sheet(stored(noisy(page)), either_way)
    assert shapes(sheet) == [(1, 6, 6), (9, 9, 81)]
    assert [len(run.cells) for run in sheet.boxes] == [12, 12]
    assert worst_miss(sheet, xs, ys) < 2.5 * dpi / 150
    assert sheet.marks == ()
    assert abs(sheet.resolution - dpi) < 2
    filled, empty = ([cell.ink > 0.5 for cell in run.cells] for run in sheet.boxes)
    assert all(filled)
    assert not any(empty)


def test_ink_decides_blank():
    """Cells with text have ink and a crop, empty ones neither."""
    page, _, _ = form()
    grid = scan_sheet(stored(noisy(page)), either_way).grids[-1]
    for cell in grid.cells:
        written = cell.column in (0, 1) or (cell.column % 2 == 1 and cell.column > 2)
        assert (cell.ink > 0.5) == written, (cell.row, cell.column)
        assert (cell.crop is not None) == written


@pytest.mark.parametrize("degrees", [-4.0, 1.5])
def test_skew(degrees):
    """A page fed in askew comes out straight."""
    page, xs, ys = form()
    height, width = page.shape
    sheet = scan_sheet(stored(noisy(turned(page, degrees))), either_way)
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), [0, 0, 1]])
    assert shapes(sheet) == [(1, 6, 6), (9, 9, 81)]
    assert worst_miss(sheet, xs, ys, matrix) < 3


def test_sideways_and_upside_down():
    """A page stored turned is turned back, with the readers' word where its look leaves a doubt."""
    page, xs, ys = form()
    upright = scan_sheet(stored(noisy(page)), either_way).grids[-1]

    for quarter in (1, 2, 3):
        lying = np.ascontiguousarray(np.rot90(noisy(page), quarter))
        wrong = flatten_page(stored(lying)).turned != 90 * quarter
        answers = iter([-3.0, -0.1] if wrong else [-0.1, -3.0])  # as found, then turned over
        sheet = scan_sheet(stored(lying), lambda _, answers=answers: next(answers))
        assert sheet.turned == 90 * quarter
        assert shapes(sheet)[-1] == (9, 9, 81)
        assert [c.ink > 0.5 for c in sheet.grids[-1].cells] == [c.ink > 0.5 for c in upright.cells]
        corner = stored_box(sheet, sheet.grids[-1].cells[0].box)
        height, width = page.shape
        x, y = (xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2
        expected = {1: (y, width - x), 2: (width - x, height - y), 3: (height - y, x)}[quarter]
        assert np.abs(np.array(corner.centre) - expected).max() < 4


def test_photo():
    """A photo at an angle in uneven light on a dark table: same cells, boxes lead back to the photo's pixels."""
    page, xs, ys = form()
    photo, matrix = photographed(page)
    sheet = scan_sheet(stored(cv2.cvtColor(photo, cv2.COLOR_GRAY2BGR)), either_way)
    assert "photo" in sheet.marks
    assert shapes(sheet)[-1] == (9, 9, 81)
    assert [len(run.cells) for run in sheet.boxes] == [12, 12]
    assert worst_miss(sheet, xs, ys, matrix) < 5


def test_fax():
    """Torn rulings and specks lose no row."""
    page, xs, ys = form()
    sheet = scan_sheet(stored(faxed(page)), either_way)
    assert "bilevel" in sheet.marks
    assert shapes(sheet) == [(1, 6, 6), (9, 9, 81)]
    assert worst_miss(sheet, xs, ys) < 3


def test_curl():
    """Rulings bowed by ten pixels part the same cells, and cells follow the bow."""
    page, _, _ = form()
    sheet = scan_sheet(stored(noisy(curled(page))), either_way)
    assert shapes(sheet)[-1] == (9, 9, 81)
    middles = [sheet.grids[-1].at(3, column).box.centre[1] for column in (0, 4, 8)]
    assert middles[1] - (middles[0] + middles[2]) / 2 > 4


@pytest.mark.parametrize(("grey", "width"), [(150, 1), (0, 1), (0, 5), (190, 2)])
def test_faint_and_thick_rulings(grey, width):
    """Hairlines, grey rulings and heavy ones alike."""
    page = blank()
    xs, ys = [100, 240, 800, 1100, 1550], [200, 260, 380, 440, 520, 700]
    table(page, xs, ys, grey=grey, width=width)
    labels(page, xs, ys)
    assert shapes(scan_sheet(stored(noisy(page, 4)), either_way)) == [(5, 4, 20)]


def test_page_break_and_cut_border():
    """Rows cut open at the page's break and a last column without its border are cells and say so."""
    page = blank()
    xs, ys = [100, 200, 700, 1000, 1300, 1550], [80, 200, 330, 460, 900, 1300, 2250]
    table(page, xs, ys, open_top=True, open_bottom=True, open_right=True)
    labels(page, xs, ys)
    sheet = scan_sheet(stored(noisy(page)), either_way)
    assert shapes(sheet) == [(6, 5, 30)]
    grid = sheet.grids[0]
    assert all(cell.open_top == (cell.row == 0) and cell.open_bottom == (cell.row == 5) for cell in grid.cells)


def test_spanned_headings():
    """Headings over several columns and beside several rows keep their spans."""
    page = blank()
    xs, ys = [100, 400, 700, 1000, 1300], [200, 260, 320, 400, 480, 560]
    table(page, xs, ys)
    page[258:263, 105:395] = 255  # the first column's heading runs over two rows
    page[205:255, 697:704] = 255  # a heading over three columns
    page[205:255, 997:1004] = 255
    labels(page, xs, ys[2:])
    spans = {
        (c.row, c.column): (c.row_span, c.column_span)
        for c in scan_sheet(stored(noisy(page)), either_way).grids[0].cells
    }
    assert spans[0, 0] == (2, 1)
    assert spans[0, 1] == (1, 3)
    assert len(spans) == 20 - 1 - 2


def test_boxes_of_all_kinds():
    """Boxes sharing walls, in a table's cell and wrapped at the margin are runs; none of them is a grid."""
    page = blank()
    table(page, [100, 500, 900, 1550], [150, 240])
    boxes(page, 600, 180, 4, gap=5, figures="2026")
    boxes(page, 300, 300, 12, gap=0, figures="020960639692")
    text(page, "Code of the territory", 110, 440)
    boxes(page, 1250, 420, 8, gap=6, figures="15101000")
    boxes(page, 105, 470, 1, figures="0")
    xs, ys = [100, 300, 800, 1550], [600, 700, 800, 900]
    table(page, xs, ys)
    sheet = scan_sheet(stored(noisy(page)), either_way)
    assert [len(run.cells) for run in sheet.boxes] == [4, 12, 9]
    assert shapes(sheet) == [(1, 3, 3), (3, 3, 9)]
    assert sheet.boxes[2].cells[-1].box.y0 > sheet.boxes[2].cells[0].box.y1 - 5


def test_digits_on_rulings_keep_their_feet():
    """A figure that stands on a ruling loses no more of its ink than the ruling's own width."""
    page = blank()
    xs, ys = [100, 400, 700, 1000], [200, 260, 320, 380]
    table(page, xs, ys)
    for x in (150, 450, 750):
        text(page, "124", x, 259)
    grid = scan_sheet(stored(noisy(page, 3)), either_way).grids[0]
    for column in range(3):
        crop = grid.at(0, column).crop
        assert crop is not None
        height = int((crop.clean.min(axis=1) < 128).sum())
        assert height >= 14  # the figures are 18 pixels high, the ruling takes up to 3


def test_tables_below_each_other():
    """Tables with text between are apart; a strip of one row is a grid."""
    page = blank()
    table(page, [100, 800, 1550], [200, 280, 360])
    text(page, "4. Time spent on this form", 110, 420)
    table(page, [100, 340, 580, 820, 1060, 1300, 1550], [460, 520])
    assert shapes(scan_sheet(stored(noisy(page)), either_way)) == [(2, 2, 4), (1, 6, 6)]


def test_nothing_on_the_page():
    """White paper, text alone and noise give no cells and no error."""
    empty = scan_sheet(stored(blank()), either_way)
    assert (empty.grids, empty.boxes) == ((), ())
    letter = blank()
    for row in range(20):
        text(letter, "We had no activity in this year and ask you to take note", 150, 300 + 60 * row)
    sheet = scan_sheet(stored(noisy(turned(letter, 2.0))), either_way)
    assert sheet.grids == ()
    assert abs(np.degrees(np.arctan2(sheet.to_stored[1, 0], sheet.to_stored[0, 0])) + 2.0) < 0.4
    noise = np.random.default_rng(1).integers(0, 255, (800, 600)).astype(np.uint8)
    scan_sheet(stored(noise), either_way)


def test_points_of_a_pdf():
    """On a page measured in points boxes lead back to points, and its resolution is the picture's own."""
    page, xs, ys = form(150)
    sheet = scan_sheet(stored(noisy(page), unit="pt", scale=150 / 72), either_way)
    assert sheet.resolution == pytest.approx(150)
    cell = sheet.grids[-1].cells[0]
    assert stored_box(sheet, cell.box).centre == pytest.approx(
        ((xs[0] + xs[1]) * 36 / 150, (ys[0] + ys[1]) * 36 / 150), abs=1.5
    )


def test_fine_scan_is_worked_on_at_less():
    """A page of 400 dpi is reduced; boxes still lead back to its own pixels."""
    page, xs, ys = form(400)
    sheet = scan_sheet(stored(page), either_way)
    assert sheet.resolution == pytest.approx(300, abs=2)
    assert shapes(sheet)[-1] == (9, 9, 81)
    assert worst_miss(sheet, xs, ys) < 6


def test_stroke_between_rulings_is_no_column():
    """A handwritten one from ruling to ruling parts no cell."""
    page, xs, ys = form()
    line(page, xs[7] + 60, ys[4] + 3, xs[7] + 57, ys[5] - 3, width=3)
    assert shapes(scan_sheet(stored(noisy(page)), either_way))[-1] == (9, 9, 81)


def test_seal_over_rulings():
    """A coloured ring over the table takes no cell away."""
    page, _, _ = form()
    colour = cv2.cvtColor(noisy(page), cv2.COLOR_GRAY2BGR)
    for radius in (110, 100, 60):
        cv2.circle(colour, (1000, 1000), radius, (190, 90, 60), 4)
    assert shapes(scan_sheet(stored(colour), either_way))[-1] == (9, 9, 81)


def test_crops_lie_in_cells():
    """Every cell's box lies on the working page."""
    page, _, _ = form()
    sheet = scan_sheet(stored(noisy(page)), either_way)
    around = Box(-1, -1, sheet.width + 1, sheet.height + 1)
    assert all(around.holds(*cell.box.centre) for grid in sheet.grids for cell in grid.cells)


def test_torn_hairlines():
    """A fax tears thin rulings for up to two thirds of an inch, each elsewhere; the table is whole all the same."""
    page, xs, ys = form()
    rng = np.random.default_rng(3)
    for x in xs:
        for top in range(int(ys[0]) + 60, int(ys[-1]), 260):
            start = top + int(rng.integers(0, 100))
            page[start : start + int(rng.integers(60, 130)), int(x) - 3 : int(x) + 4] = 255
    assert shapes(scan_sheet(stored(faxed(page)), either_way))[-1] == (9, 9, 81)


def test_small_print_is_no_ruling():
    """Lines of small print that fill their cell, softened as a photo does, part no rows."""
    page = blank(200)
    xs, ys = (100, 190, 430, 560, 730, 900), (300, 520, 740, 960)
    table(page, xs, ys)
    for y0 in ys[:-1]:
        for i in range(10):
            text(page, "eniaomasureunioscer", 194, y0 + 22 + 20 * i, size=0.42)
    soft = cv2.GaussianBlur(page, (0, 0), 1.4)
    assert [(f.rows, f.columns) for f in find_structure(even_light(soft, 200), 200).parted.tables] == [(3, 5)]


def test_cell_around_a_run_keeps_its_sides():
    """Boxes that nearly fill the cell they stand in take no side of it away."""
    page = blank(200)
    xs = (100, 350, 600, 850, 1030, 1200)
    table(page, xs, (180, 230))
    boxes(page, 862, 190, 4, side=32, gap=6, figures="2025")
    found = find_structure(page, 200).parted
    assert [(f.rows, f.columns) for f in found.tables] == [(1, 5)]
    assert [len(run) for run in found.runs] == [4]


def test_hairlines_broken_into_dashes():
    """Rulings that black and white breaks regularly are rulings; the sides of boxes apart from each other are none."""
    page = blank(150)
    xs, ys = (100, 300, 500, 700, 1000), (200, 300, 400, 500, 600, 700, 800)
    for y in ys:
        for x in range(xs[0], xs[-1], 36):
            line(page, x, y, min(x + 22, xs[-1]), y, width=1)
    for x in xs:
        for y in range(ys[0], ys[-1], 36):
            line(page, x, y, x, min(y + 22, ys[-1]), width=1)
    boxes(page, 150, 1000, 9, side=26, gap=6)
    found = find_structure(page, 150).parted
    assert [(f.rows, f.columns) for f in found.tables] == [(6, 4)]
    assert [len(run) for run in found.runs] == [9]


def test_pale_print_between_broken_rulings_runs_level():
    """What is left of upright rulings is no text, and text may be hardly darker than the paper."""
    page = np.full((1100, 800), 250, np.uint8)
    for x in range(100, 760, 90):
        for y in range(60, 1000, 34):
            page[y : y + 27, x : x + 5] = 100  # a ruling in pieces of a quarter of an inch
    for y in range(80, 1000, 40):
        for x in range(120, 180, 7):
            page[y : y + 9, x : x + 5] = 182
    assert runs_level(page, 100.0) > 0.3
    assert runs_level(np.ascontiguousarray(np.rot90(page)), 100.0) < -0.3
