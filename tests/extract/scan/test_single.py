"""Pictures of single cells: what is ruling and what is written, however much paper is around."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from extract.records import Source, StoredPage
from extract.scan.scale import scale_of
from extract.scan.single import single_sheet
from tests.extract.drawn import type_text

DPI = 200
DIGIT = 0.09 * DPI


def cell(
    *, around: int = 14, text: str = "7 104", rulings: str = "tblr", paper: int = 255, through: bool = False
) -> np.ndarray:
    """A cell of 60 × 180 pixels with `around` pixels of paper beyond its rulings (top, bottom, left, right)."""
    page = np.full((60 + 2 * around, 180 + 2 * around), 255, np.uint8)
    top, left = around, around
    bottom, right = around + 59, around + 179
    if text:
        type_text(page, text, left + 70, top + 17, 25)
    for side, line in {
        "t": np.s_[top : top + 2, max(0, left - 4) : right + 4],
        "b": np.s_[bottom - 1 : bottom + 1, max(0, left - 4) : right + 4],
        "l": np.s_[max(0, top - 4) : bottom + 4, left : left + 2],
        "r": np.s_[max(0, top - 4) : bottom + 4, right - 1 : right + 1],
    }.items():
        if side in rulings:
            page[line] = 40
    if through:
        page[top + 30 : top + 32] = 60
    return (page.astype(np.float32) * (paper / 255)).astype(np.uint8)


def stored(picture: np.ndarray) -> StoredPage:
    height, width = picture.shape[:2]
    return StoredPage(Source("0" * 64, "cell.png", Path("cell.png")), 1, "scan", "px", width, height, picture, 1.0)


def seen(picture: np.ndarray):
    return single_sheet(stored(picture), DPI).grids[0].cells[0]


@pytest.mark.parametrize("paper", [255, 170])
@pytest.mark.parametrize("around", [0, 2, 14, 40])
def test_rulings_around_are_no_ink(around, paper):
    """Cut along its rulings or with paper around them: the crop holds the figures and nothing else."""
    found = seen(cell(around=around, paper=paper))
    assert found.ink > 0.9
    height, width = found.crop.clean.shape
    assert 17 < height < 34
    assert 55 < width < 90
    assert found.marks == ()


@pytest.mark.parametrize("rulings", ["", "tb", "lr", "tblr", "l", "b"])
@pytest.mark.parametrize("around", [0, 20])
def test_an_empty_cell_is_blank_whatever_rulings_are_seen(rulings, around):
    """No ruling is taken for a dash or a «1»."""
    found = seen(cell(around=around, text="", rulings=rulings if around == 0 or len(rulings) == 4 else ""))
    assert found.crop is None
    assert found.ink < 0.5


def test_a_ruling_through_the_figures_does_not_halve_them():
    """Its ink is erased, the figures stay whole."""
    found = seen(cell(through=True, rulings=""))
    assert found.crop.clean.shape[0] > 17
    above, below = (found.crop.clean[part].min() for part in (np.s_[:10], np.s_[-10:]))
    assert max(above, below) < 128


@pytest.mark.parametrize("text", ["1", "-", "7", "11", "104"])
def test_what_is_cut_tight_is_no_ruling(text):
    """A picture cut close around a lone stroke shows that stroke."""
    whole = cell(text=text, rulings="", around=0)
    ink = cv2.boundingRect((whole < 200).astype(np.uint8))
    x, y, w, h = ink
    found = seen(whole[max(0, y - 2) : y + h + 2, max(0, x - 2) : x + w + 2])
    assert found.crop is not None
    assert np.count_nonzero(found.crop.clean < 128) > 0.6 * np.count_nonzero(whole < 128)


def test_a_neighbours_figures_beyond_the_ruling_are_left_out():
    """Paper around may show what the next cell says."""
    page = cell(around=40)
    type_text(page, "99", 1, 58, 25)
    assert seen(page).crop.clean.shape[1] < 90


def test_the_ink_of_a_coloured_stamp_is_lifted_off_black_figures():
    """Only part of the stamp is seen; the figures below it stay, the arc goes."""
    page = cv2.cvtColor(cell(around=0, rulings=""), cv2.COLOR_GRAY2BGR)
    arc = np.full_like(page, 255)
    cv2.circle(arc, (60, 120), 95, (190, 90, 60), 5)
    found = seen(np.minimum(page, arc))
    plain = seen(page)
    assert found.marks == ("seal",)
    assert found.crop.clean.shape[1] == pytest.approx(plain.crop.clean.shape[1], abs=4)


def test_figures_in_coloured_ink_are_no_stamp():
    """A blue pen writes figures, and nothing black stands beside them."""
    grey = cell(around=0, rulings="")
    blue = np.stack([np.maximum(grey, 170), np.maximum(grey, 60), grey], axis=2)
    found = seen(blue)
    assert found.marks == ()
    assert found.crop is not None


def test_boxes_lead_back_to_the_picture_as_stored():
    """The sheet's way back holds for a picture that was enlarged and given room."""
    picture = cv2.resize(cell(around=14), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    sheet = single_sheet(stored(picture), DPI / 2)
    assert sheet.resolution > DPI / 2
    box = sheet.grids[0].cells[0].box
    x, y = (sheet.to_stored @ np.array([box.x0, box.y0, 1]))[:2]
    assert (x, y) == pytest.approx((7.5, 7.5), abs=1.5)


@pytest.mark.parametrize("factor", [0.75, 1.0, 2.0, 8.0])
@pytest.mark.parametrize("rulings", ["", "tblr"])
def test_the_scale_is_guessed_from_the_figures(factor, rulings):
    """Whatever the picture's size; the guess is good to a third."""
    picture = cv2.resize(cell(rulings=rulings), None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    scale = scale_of(picture)
    assert scale.known == "ink"
    assert scale.dpi == pytest.approx(DPI * factor, rel=0.35)


def test_a_file_is_believed_unless_it_names_a_screens_resolution():
    """72 and 96 dpi are what programs write that know nothing; what is given goes before all."""
    picture = cell()
    assert scale_of(picture, 0.0, 300.0) == scale_of(picture, 300.0, 600.0).__class__(300.0, "file")
    assert scale_of(picture, 0.0, 96.0).known == "ink"
    assert scale_of(picture, 150.0, 300.0).known == "given"
    assert scale_of(cell(text=""), 0.0, 0.0).known == "size"
