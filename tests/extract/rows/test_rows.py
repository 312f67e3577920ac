"""What counts as a figure in a row of a scan."""

from types import SimpleNamespace

import numpy as np
import pytest

from extract.records import Box, Cell, Crop
from extract.rows.columns import ColumnMap, Witness
from extract.rows.rows import Row, is_filled

MAP = ColumnMap(2, code=0, label=1, oked=2, columns={3: "1"}, witness=Witness.NUMBERS, edges=(0.0, 1.0), header_rows=0)


def row(width, height, *, resolution=200.0):
    """A row with ink of this extent, in pixels, in its one figure cell."""
    ink = np.full((30, 60), 255, np.uint8)
    ink[5 : 5 + height, 5 : 5 + width] = 0
    cell = Cell(Box(0, 0, 60, 30), 0, 3, crop=Crop(ink, ink), ink=0.99)
    sheet = SimpleNamespace(resolution=resolution)
    return Row(sheet, 0, 0, {2: MAP}, {3: cell}, *(False,) * 5)


@pytest.mark.parametrize(("width", "height", "filled"), [(4, 4, False), (8, 20, True), (14, 2, True), (3, 20, True)])
def test_dust_makes_no_row_of_figures(width, height, filled):
    """A digit, a dash and a one do."""
    assert is_filled(row(width, height), 2) is filled
