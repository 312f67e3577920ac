"""From the upright, flattened page back to the page as it is stored."""

from __future__ import annotations

import numpy as np

from extract.records import Box, Sheet


def stored_box(sheet: Sheet, box: Box) -> Box:
    """The upright rectangle in stored coordinates around a box in working coordinates, kept within the page."""
    corners = np.array([[box.x0, box.y0, 1], [box.x1, box.y0, 1], [box.x1, box.y1, 1], [box.x0, box.y1, 1]]).T
    mapped = sheet.to_stored @ corners
    x, y = mapped[0] / mapped[2], mapped[1] / mapped[2]
    return Box(max(0.0, float(x.min())), max(0.0, float(y.min())), float(x.max()), float(y.max()))
