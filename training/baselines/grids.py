"""Ruled tables on a page, by OpenCV: rulings by opening, cells by what they enclose, rows by their upper edges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from training.baselines.pages import Grey

LEAST_RULING = 40  # pixels at 200 dpi
LEAST_CELL = 12  # pixels a side
MOST_TILT = 5.0  # degrees
LONG_SHARE = 0.2  # of the page's width, from which on a ruling tells the tilt
NEAR = 10  # pixels; cells whose upper edges are no further apart stand in one row
INSET = 3  # pixels cut off each side of a cell
DARKER = 70  # grey levels by which ink is darker than paper
LEAST_SIGN = 6  # pixels; the longer side of the smallest sign, a dash; smaller ones are dust
MOST_HIGH = 70  # pixels; higher is more than one line
ROOM = 4  # pixels left around a line


class Box(NamedTuple):
    """A cell: pixels, origin top left."""

    x: int
    y: int
    width: int
    height: int


def straight(page: Grey) -> Grey:
    """The page turned so that its rulings lie level, as far as the longest of them say."""
    dark = _dark(page)
    level = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, LEAST_RULING), np.uint8))
    contours, _ = cv2.findContours(level, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    tilts = []
    for contour in contours:
        if cv2.boundingRect(contour)[2] > page.shape[1] * LONG_SHARE:
            across, down = (float(v) for v in cv2.fitLine(contour, cv2.DIST_L2, 0, 0.01, 0.01).ravel()[:2])
            tilts.append(float(np.degrees(np.arctan2(down, across))))
    tilt = float(np.median(tilts)) if tilts else 0.0
    if not 0 < abs(tilt) < MOST_TILT:
        return page
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
    turned = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)
    return np.asarray(turned, np.uint8)


def _dark(page: Grey) -> Grey:
    dark = cv2.adaptiveThreshold(page, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    return np.asarray(dark, np.uint8)


def rulings(page: Grey) -> Grey:
    """255 where a ruling is."""
    dark = _dark(page)
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, LEAST_RULING), np.uint8))
    down = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((LEAST_RULING // 2, 1), np.uint8))
    both = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.morphologyEx(both, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.uint8)


def tables(page: Grey) -> list[list[list[Box]]]:
    """The tables of a level page from top to bottom, each as rows of cells from left to right."""
    lines = rulings(page)
    count, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    frames = [Box(*(int(v) for v in stats[i][:4])) for i in range(1, count)]
    frames = [frame for frame in frames if min(frame.width, frame.height) > LEAST_CELL]
    found = [_rows(_cells(lines, frame)) for frame in sorted(frames, key=lambda frame: (frame.y, frame.x))]
    return _side_by_side([rows for rows in found if rows])


def _cells(lines: Grey, frame: Box) -> list[Box]:
    inside = lines[frame.y : frame.y + frame.height, frame.x : frame.x + frame.width]
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(255 - inside, np.uint8), connectivity=4)
    boxes = [Box(int(s[0]) + frame.x, int(s[1]) + frame.y, int(s[2]), int(s[3])) for s in stats[1:count]]
    whole = frame.width * frame.height
    fitting = (box for box in boxes if box.width * box.height < 0.9 * whole or len(boxes) == 1)
    return [box for box in fitting if min(box.width, box.height) >= LEAST_CELL]


def _rows(cells: Sequence[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for cell in sorted(cells, key=lambda cell: cell.y):
        if rows and cell.y - rows[-1][0].y <= NEAR:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [sorted(row) for row in rows]


def _side_by_side(found: list[list[list[Box]]]) -> list[list[list[Box]]]:
    """Single boxes that stand apart on one level are one row."""
    merged: list[list[list[Box]]] = []
    for rows in found:
        lone = len(rows) == 1 and len(rows[0]) == 1
        before = merged[-1] if merged else []
        if lone and len(before) == 1 and abs(before[0][-1].y - rows[0][0].y) <= NEAR:
            before[0].append(rows[0][0])
            before[0].sort()
        else:
            merged.append(rows)
    return merged


def inside(page: Grey, box: Box) -> Grey:
    """A cell's picture without its edges."""
    return page[box.y + INSET : box.y + box.height - INSET, box.x + INSET : box.x + box.width - INSET]


def written(picture: Grey) -> Grey | None:
    """The line of text in a cell, cut close around its ink; None where nothing stands there, or more than a line."""
    if picture.size == 0:
        return None
    paper = float(np.percentile(picture, 90))
    ink = np.asarray(picture < paper - DARKER, np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    signs = [s for s in stats[1:count] if max(s[2], s[3]) >= LEAST_SIGN]
    if not signs:
        return None
    left, top = (int(min(s[side] for s in signs)) for side in (0, 1))
    right, low = (int(max(s[side] + s[side + 2] for s in signs)) for side in (0, 1))
    if low - top > MOST_HIGH:
        return None
    top, left = max(0, top - ROOM), max(0, left - ROOM)
    return picture[top : low + ROOM, left : right + ROOM]
