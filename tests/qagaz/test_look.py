"""Drawing: boxes land where the paper has them, however it lies."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from extract.records import Source, StoredPage
from qagaz.drawing import HEADER, Mark, Shade, draw_page
from qagaz.look import picture_of
from review.flatten import flatten
from tests.qagaz.fakes import make_form

SIZE = (200, 300)


def page(source, picture):
    return StoredPage(source, 1, "scan", "px", picture.shape[1], picture.shape[0], picture, 1.0)


def rows_at(boxes):
    """The fake form with its first cells moved to these boxes."""
    source = Source("a" * 64, "a.pdf", None)
    rows = flatten(make_form(source))
    moved = [cell._replace(x0=b[0], y0=b[1], x1=b[2], y1=b[3]) for cell, b in zip(rows.cells, boxes, strict=True)]
    return source, [type(rows)(rows.form, tuple(moved), (), (), ())]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_turned_so_that_its_columns_run_to_the_right(turn):
    """A dark first cell, drawn on a page that lies anyhow, ends in the upper left."""
    upright = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    upright[20:40, 20:60] = 0
    boxes = [
        (20 + 90 * column, 20 + 60 * row, 60 + 90 * column, 40 + 60 * row) for row in range(3) for column in range(2)
    ]
    stored = np.ascontiguousarray(np.rot90(upright, turn // 90))
    size = SIZE
    marks = [Mark(box, "", Shade.BLANK) for box in boxes]
    for _ in range(turn // 90):  # a quarter against the clock is three with it
        marks = [mark.turned(270, size) for mark in marks]
        size = (size[1], size[0])
    source, forms = rows_at([mark.box for mark in marks])
    drawn = np.asarray(picture_of(page(source, stored), forms, "a.pdf", "en").convert("L"))[HEADER:]
    height, width = drawn.shape
    assert width / height == pytest.approx(SIZE[0] / SIZE[1], rel=0.01)
    scale = width / SIZE[0]
    assert drawn[round(36 * scale), round(25 * scale)] < 90
    assert drawn[round(280 * scale), round(150 * scale)] == 255


def test_doubts_are_seen_from_afar():
    """A cell for a person is warmer than one read for certain, and a culprit has a red edge."""
    blank = Image.new("RGB", (100, 100), "white")
    marks = [Mark((10, 10, 40, 40), "", Shade.REVIEW), Mark((60, 60, 90, 90), "", Shade.ACCEPTED, culprit=True)]
    drawn = draw_page(blank, marks, "title", [])
    red, _green, blue = drawn.getpixel((25, 25 + HEADER))
    assert red > blue + 50
    assert drawn.getpixel((62, 75 + HEADER))[0] > drawn.getpixel((62, 75 + HEADER))[1] + 100


def test_the_legend_tells_what_the_red_edge_means():
    """Where a shade is told of only, no red is in it."""
    blank = Image.new("RGB", (600, 100), "white")

    def red(legend):
        strip = np.asarray(draw_page(blank, [], "title", legend))[:HEADER].astype(int)
        return bool(((strip[..., 0] - strip[..., 1]) > 150).any())

    assert red([(None, "a rule fails")])
    assert not red([(Shade.ACCEPTED, "read for certain"), (Shade.BLANK, "blank")])
