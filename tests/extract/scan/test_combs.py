"""Combs: told by their teeth, whatever is written in them; text in a frame is none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extract.scan.sheet import scan_sheet
from tests.extract.drawn import write_by_hand
from tests.extract.drawn_pages import blank, faxed, noisy, stored, table, text

CODE = "020960639692"


def either_way(crops):
    return -1.0 if crops else 0.0


def comb(page, x, y, count, *, step=32, high=32, rise=0.35, hanging=False, pen=2):
    """One long box with teeth between its places."""
    cv2.rectangle(page, (x, y), (x + count * step, y + high), (0,), pen)
    for i in range(1, count):
        foot, tip = (y, y + rise * high) if hanging else (y + high, y + high - rise * high)
        cv2.line(page, (x + i * step, round(foot)), (x + i * step, round(tip)), (0,), max(1, pen - 1))


def typed(page, x, y, figures, *, step=32, high=32):
    for i, figure in enumerate(figures):
        text(page, figure, x + i * step + 8, y + high - 9, size=0.8)


def handwritten(page, x, y, figures, rng, *, step=32, high=32):
    """Large figures, off the middle of their places, over the teeth and the upper side."""
    for i, figure in enumerate(figures):
        across, down = rng.normal(0, 2, 2)
        write_by_hand(page, figure, x + i * step + 4 + across, y - 2 + down, 0.9 * high, rng, pen=3.0)


def form(draw=typed, **shape):
    """A page with three combs, two of them filled in, above a table."""
    page = blank()
    for y, count, figures in ((200, 4, "2026"), (300, 12, CODE), (400, 12, "")):
        comb(page, 250, y, count, **shape)
        draw(page, 250, y, figures)
    table(page, [100, 300, 800, 1550], [600, 700, 800, 900])
    return page


def runs(page):
    return [len(run.cells) for run in scan_sheet(stored(page), either_way).boxes]


@pytest.mark.parametrize("shape", [{}, {"rise": 0.2}, {"rise": 0.6}, {"hanging": True}, {"pen": 3}])
def test_places_follow_from_the_teeth(shape):
    """Low or high, standing or hanging: each place holds its figure, and no table is made of a comb."""
    page = scan_sheet(stored(noisy(form(**shape))), either_way)
    assert [len(run.cells) for run in page.boxes] == [4, 12, 12]
    assert [grid.columns for grid in page.grids] == [3]
    assert [cell.crop is not None for run in page.boxes for cell in run.cells] == [True] * 16 + [False] * 12
    steps = np.diff([cell.box.centre[0] for cell in page.boxes[1].cells])
    assert steps == pytest.approx([32] * 11, abs=1.5)


def test_handwriting_over_teeth_and_sides_hides_no_long_comb():
    """Of a short one two of three teeth may be lost under figures: then it is none."""
    found = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        page = noisy(form(lambda page, x, y, figures, rng=rng: handwritten(page, x, y, figures, rng)))
        found.append(runs(page))
    assert all(run[-2:] == [12, 12] for run in found)
    assert found.count([4, 12, 12]) >= 5


def test_on_a_fax():
    assert runs(faxed(form(pen=3))) == [4, 12, 12]


def test_a_comb_in_a_cell_of_a_table():
    page = blank()
    table(page, [100, 600, 1100, 1550], [180, 260])
    comb(page, 1200, 204, 4)
    typed(page, 1200, 204, "2026")
    assert runs(noisy(page)) == [4]


def test_teeth_are_erased_and_figures_stay_whole():
    """What is erased is what is drawn: no side of a place that has none."""
    page = blank()
    comb(page, 250, 300, 12)
    typed(page, 250, 300, "000000000000")
    page[300:333] = np.minimum(page[300:333], 255)
    cells = scan_sheet(stored(noisy(page, 3)), either_way).boxes[0].cells
    inked = [int((cell.crop.clean < 128).sum()) for cell in cells]
    assert min(inked) > 0.9 * max(inked)


@pytest.mark.parametrize("words", ["Nur-Sultan city", "1111111111", "IIIIIIIIII HHHH", "no. 17-11/4117"])
def test_text_in_a_frame_is_no_comb(words):
    """Upright strokes stand there as well, but not at even steps from the side on."""
    page = blank()
    cv2.rectangle(page, (250, 300), (634, 334), (0,), 2)
    text(page, words, 262, 326, size=0.9)
    table(page, [100, 300, 800, 1550], [600, 700, 800, 900])
    assert runs(noisy(page)) == []
