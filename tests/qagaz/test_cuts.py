"""Cells cut out of papers that lie anyhow are shown as they are read."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from PIL import Image

from compare.run import Run
from extract.intake import open_pages
from layouts.model import Place
from qagaz.cuts import Cuts
from qagaz.tables import CELLS, TableWriter

WIDE, HIGH = 800, 1100
LINES = ("1", "1.1", "1.2")


def boxes(columns):
    """Upright boxes of a table's cells."""
    return {
        (line, column): (100 + 200 * n, 200 + 80 * row, 280 + 200 * n, 260 + 80 * row)
        for row, line in enumerate(LINES) for n, column in enumerate(columns)
    }  # fmt: skip


def turned(box, turn):
    """The box on a page stored so that it has to be turned clockwise by so much."""
    x0, y0, x1, y1 = box
    return {
        0: box, 90: (y0, WIDE - x1, y1, WIDE - x0), 180: (WIDE - x1, HIGH - y1, WIDE - x0, HIGH - y0),
        270: (HIGH - y1, x0, HIGH - y0, x1),
    }[turn]  # fmt: skip


@pytest.fixture
def run(tmp_path):
    """`run(turn, columns)`: a run of one page with a mark in the left upper corner of the cell in line 1.1."""

    def make(turn, columns):
        page = np.full((HIGH, WIDE), 255, np.uint8)
        x0, y0, _x1, _y1 = boxes(columns)["1.1", columns[0]]
        page[y0 + 10 : y0 + 25, x0 + 10 : x0 + 60] = 0
        paper = tmp_path / "scans" / "page.png"
        paper.parent.mkdir()
        Image.fromarray(np.ascontiguousarray(np.rot90(page, turn // 90))).save(paper)
        source = hashlib.sha256(paper.read_bytes()).hexdigest()
        with TableWriter(tmp_path, CELLS) as table:
            table.add(
                (source, "page.png", 1, 2, line, int(column), "", "", 1.0, "accepted", "", "", "none", 1,
                 *map(float, turned(box, turn)), "px")
                for (line, column), box in boxes(columns).items()
            )  # fmt: skip
            table.finish()
            table.commit()
        return (source, 1), Cuts(
            Run(tmp_path), [((source, 1), Place(2, "1.1", columns[0]))], [paper.parent], tmp_path, open_pages
        )

    return make


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("columns", [("1", "2", "3"), ("1",)])
def test_a_cell_is_shown_the_right_way_up(run, turn, columns):
    """Also of a table with one column, whose lines alone tell how the page lies."""
    key, cuts = run(turn, columns)
    picture = np.asarray(Image.open(cuts(key, "page.png", Place(2, "1.1", columns[0]))).convert("L"))
    high, wide = picture.shape
    assert wide > high
    rows, across = np.nonzero(picture < 128)
    assert rows.mean() < high / 2
    assert across.mean() < wide / 2


def test_no_picture_where_there_is_no_paper(run, tmp_path):
    key, cuts = run(0, ("1",))
    assert cuts(key, "page.png", Place(2, "1.2", "1")) is None  # nobody asked for it beforehand
    (tmp_path / "scans" / "page.png").unlink()
    assert cuts(key, "page.png", Place(2, "1.1", "1")) is None
