"""Ink in cells: blank is told from ink under damage, digits keep their feet, neighbours keep their figures."""

import numpy as np
import pytest

from extract.ink.page import PageInk, cut_cell
from extract.records import Box
from tests.extract.drawn import blur, fax, grain, ruled_table, type_text, write_by_hand

DAMAGE = {
    "clean": lambda page, dpi, rng: page,
    "scan": lambda page, dpi, rng: grain(blur(page, dpi / 350), 4, rng),
    "noisy": lambda page, dpi, rng: grain(blur(page, dpi / 250), 9, rng),
    "fax": lambda page, dpi, rng: fax(blur(page, dpi / 350), rng),
}
ERRORS_ALLOWED = 0.005  # of cells decided wrongly, over all damage
DOUBTS_ALLOWED = 0.04  # of cells with a probability between 0.2 and 0.8


def filled_page(dpi, rng):
    """A table with a random choice of what respondents write in cells, and what it was."""
    table = ruled_table(8, 8, dpi=dpi, height=0.4)
    written = {}
    for row, cells in enumerate(table.cells):
        for column, box in enumerate(cells):
            text = str(rng.choice(["", "", "", "-", "1", "0", str(rng.integers(10, 999999))]))
            written[row, column] = text
            if not text:
                continue
            if rng.random() < 0.5:
                size = rng.uniform(9, 11) * dpi / 72
                type_text(table.page, text, box.x0 + 0.06 * dpi, box.y0 + 0.12 * dpi, size, which=int(rng.integers(5)))
            else:
                size = rng.uniform(0.12, 0.16) * dpi
                write_by_hand(table.page, text, box.x0 + 0.06 * dpi, box.y0 + 0.12 * dpi, size, rng, pen=dpi / 80)
    return table, written


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_blank_is_told_from_ink(dpi):
    """Of cells blank, dashed, with a lone 1 or 0 and with amounts, typed and written, hardly any is taken wrongly."""
    rng = np.random.default_rng(dpi)
    wrong = doubtful = every = 0
    for damage in DAMAGE.values():
        for _ in range(2):
            table, written = filled_page(dpi, rng)
            ink = PageInk(damage(table.page, dpi, rng), table.rulings, resolution=dpi)
            for (row, column), text in written.items():
                seen = ink.cut(table.cells[row][column])
                every += 1
                wrong += (seen.crop is None) == bool(text)
                doubtful += 0.2 < seen.ink < 0.8
    assert wrong <= ERRORS_ALLOWED * every, f"{wrong} of {every}"
    assert doubtful <= DOUBTS_ALLOWED * every, f"{doubtful} of {every}"


def one_cell(dpi=300):
    table = ruled_table(3, 3, dpi=dpi, height=0.4)
    return table, table.cells[1][1]


def test_bare_cell_has_no_crop():
    """A ruled cell without ink has probability next to nothing, no crop and no marks."""
    table, box = one_cell()
    seen = cut_cell(table.page, table.rulings, box, resolution=300)
    assert seen.crop is None
    assert seen.ink < 0.05
    assert seen.marks == ()


def test_noise_of_the_scanner_alone_is_no_ink():
    """A hundred cells full of grain and specks are all blank."""
    rng = np.random.default_rng(5)
    table = ruled_table(10, 10, dpi=200)
    for page in (grain(table.page, 12, rng), fax(table.page, rng, specks=0.0015)):
        ink = PageInk(page, table.rulings, resolution=200)
        assert all(ink.cut(box).ink < 0.5 for row in table.cells for box in row)


def test_print_of_the_other_side_is_no_ink():
    """Figures that shine through from the back, faint and blurred, leave a cell blank."""
    table, box = one_cell()
    back = table.page.copy()
    for row in table.cells:
        type_text(back, "48213", row[1].x0 + 30, row[1].y0 + 40, 42)
    shine = np.clip(table.page - 0.13 * (255.0 - blur(back, 3)), 0, 255).astype(np.uint8)
    type_text(shine, "77", table.cells[0][0].x0 + 30, table.cells[0][0].y0 + 40, 42)
    ink = PageInk(shine, table.rulings, resolution=300)
    assert ink.cut(box).crop is None
    assert ink.cut(table.cells[0][0]).crop is not None


def test_pencil_is_ink():
    """Figures a third as dark as the print are found."""
    table, box = one_cell()
    type_text(table.page, "Атауы", table.cells[0][0].x0 + 20, table.cells[0][0].y0 + 30, 42)
    write_by_hand(table.page, "308", box.x0 + 40, box.y0 + 30, 45, np.random.default_rng(1), pen=3, grey=165)
    assert PageInk(table.page, table.rulings, resolution=300).cut(box).crop is not None


def test_foot_on_the_ruling_stays():
    """A figure that stands on the ruling and a tail across it are whole in the cleaned crop, the ruling is gone."""
    table, box = one_cell()
    rng = np.random.default_rng(2)
    write_by_hand(table.page, "79", box.x0 + 60, box.y1 - 46, 60, rng, pen=4)
    seen = PageInk(table.page, table.rulings, resolution=300).cut(box)
    assert seen.crop is not None
    assert "ink-over-edge" in seen.marks
    assert seen.crop.clean.shape == seen.crop.raw.shape
    alone = np.full_like(table.page, 255)
    rng = np.random.default_rng(2)
    write_by_hand(alone, "79", box.x0 + 60, box.y1 - 46, 60, rng, pen=4)
    written, kept = np.count_nonzero(alone < 150), np.count_nonzero(seen.crop.clean < 150)
    assert 0.93 * written < kept < 1.1 * written


def test_tail_belongs_to_the_cell_of_its_figure():
    """A tail that hangs into the next row does not make that row inked."""
    table, box = one_cell()
    write_by_hand(table.page, "9", box.x0 + 60, box.y1 - 46, 60, np.random.default_rng(2), pen=4)
    below = table.cells[2][1]
    assert PageInk(table.page, table.rulings, resolution=300).cut(below).crop is None


def test_figures_joined_over_a_ruling_are_parted():
    """Ink that lies half in each of two neighbours counts in both and is marked in both."""
    table, box = one_cell()
    middle = round(box.y0 + 60)
    table.page[middle : middle + 5, round(box.x1) - 90 : round(box.x1) + 90] = 40
    for at in (-80, -40, 40, 80):
        x = round(box.x1) + at
        table.page[middle - 25 : middle + 25, x : x + 5] = 40
    ink = PageInk(table.page, table.rulings, resolution=300)
    for cell in (box, table.cells[1][2]):
        seen = ink.cut(cell)
        assert "ink-over-edge" in seen.marks
        assert seen.crop is not None
        assert seen.crop.clean.shape[1] < 140


@pytest.mark.parametrize(("rise", "where"), [(0, 0.5), (12, 0.45), (-18, 0.55)])
def test_struck_out_is_marked(rise, where):
    """A level or slanted stroke through all figures is marked, the figures without it are not."""
    table, box = one_cell()
    rng = np.random.default_rng(3)
    lies = write_by_hand(table.page, "4827", box.x0 + 30, box.y0 + 30, 48, rng, pen=4)
    ink = PageInk(table.page.copy(), table.rulings, resolution=300)
    assert "struck-out" not in ink.cut(box).marks
    y = lies.y0 + where * 48
    for x in range(round(lies.x0) - 8, round(lies.x1) + 8):
        at = round(y + rise * (x - lies.x0) / (lies.x1 - lies.x0) - rise / 2)
        table.page[at : at + 4, x] = 50
    assert "struck-out" in PageInk(table.page, table.rulings, resolution=300).cut(box).marks


def test_two_lines_are_marked_and_both_cut():
    """Figures written above others are in the crop, and said."""
    table = ruled_table(2, 2, dpi=300, height=0.6)
    box = table.cells[0][0]
    type_text(table.page, "4827", box.x0 + 40, box.y0 + 15, 40)
    type_text(table.page, "512", box.x0 + 40, box.y0 + 95, 40)
    seen = PageInk(table.page, table.rulings, resolution=300).cut(box)
    assert "several-lines" in seen.marks
    assert seen.crop is not None
    assert seen.crop.clean.shape[0] > 100


def test_points_and_commas_stay_with_their_figures():
    """The comma of an amount is in the cleaned crop; a lone speck far away is not."""
    table, box = one_cell()
    type_text(table.page, "12,5", box.x0 + 30, box.y0 + 40, 42)
    with_comma = PageInk(table.page, table.rulings, resolution=300).cut(box)
    table.page[round(box.y1) - 15 : round(box.y1) - 12, round(box.x1) - 20 : round(box.x1) - 17] = 0
    with_speck = PageInk(table.page, table.rulings, resolution=300).cut(box)
    assert with_comma.crop is not None
    assert with_speck.crop is not None
    assert with_comma.crop.clean.shape == with_speck.crop.clean.shape


def test_cell_under_a_seal_is_marked():
    """Where a seal's box meets a cell in which something is written, the cell says so."""
    table, box = one_cell()
    type_text(table.page, "5", box.x0 + 30, box.y0 + 40, 42)
    seal = Box(box.x0 - 50, box.y0 - 50, box.x0 + 60, box.y1)
    ink = PageInk(table.page, table.rulings, resolution=300, seals=[seal])
    assert "seal" in ink.cut(box).marks
    assert "seal" not in ink.cut(table.cells[2][2]).marks


def test_what_a_lifted_seal_leaves_in_a_blank_cell_is_judged_as_any_dirt():
    """Specks of its ring: how likely they are ink is said by them, and no mark asks besides."""
    table, box = one_cell()
    for step in range(4):
        x, y = int(box.x0) + 40 + 25 * step, int(box.y0) + 40 + 7 * step
        table.page[y : y + 4, x : x + 3] = 120
    seal = Box(box.x0 - 50, box.y0 - 50, box.x0 + 160, box.y1)
    seen = PageInk(table.page, table.rulings, resolution=300, seals=[seal]).cut(box)
    assert seen.pieces
    assert seen.crop is None
    assert seen.marks == ()
    assert seen.ink < 0.05


@pytest.mark.parametrize("box", [Box(0, 0, 0, 0), Box(-50, -50, -10, -10), Box(5000, 5000, 6000, 6000)])
def test_box_outside_the_page_is_blank(box):
    """A box without area or beside the page has no ink and raises nothing."""
    table, _ = one_cell()
    assert cut_cell(table.page, table.rulings, box, resolution=300).crop is None
