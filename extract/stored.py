"""From the upright, flattened page back to the page as it is stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extract.records import Box, Sheet


def stored_box(sheet: Sheet, box: Box) -> Box:
    """The upright rectangle in stored coordinates around a box in working coordinates, kept within the page."""
    corners = np.array([[box.x0, box.y0, 1], [box.x1, box.y0, 1], [box.x1, box.y1, 1], [box.x0, box.y1, 1]]).T
    mapped = sheet.to_stored @ corners
    x, y = mapped[0] / mapped[2], mapped[1] / mapped[2]
    return Box(max(0.0, float(x.min())), max(0.0, float(y.min())), float(x.max()), float(y.max()))


def turned(sheet: Sheet, degrees: int) -> Sheet:
    """A sheet without tables turned clockwise by 90, 180 or 270 degrees: its picture, and the way back."""
    width, height = sheet.width, sheet.height
    back = {
        90: [[0.0, 1.0, 0.0], [-1.0, 0.0, height], [0.0, 0.0, 1.0]],
        180: [[-1.0, 0.0, width], [0.0, -1.0, height], [0.0, 0.0, 1.0]],
        270: [[0.0, -1.0, width], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
    }[degrees]
    return replace(
        sheet,
        picture=np.ascontiguousarray(np.rot90(sheet.picture, -degrees // 90)),
        width=height if degrees != 180 else width,
        height=width if degrees != 180 else height,
        to_stored=sheet.to_stored @ np.array(back),
        turned=(sheet.turned + degrees) % 360,
    )
