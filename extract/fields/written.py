"""A code on a line of a scan, without boxes: its ink found by the gaps around it, for the readers of figures."""

from __future__ import annotations

import cv2
import numpy as np

from extract.fields.labelled import Labelled
from extract.ink.page import cut_cell
from extract.records import Box, Crop, Picture, Sheet

DARK = 0.5  # of the way from paper to ink: ink
GAP = 0.3  # of the line's height: white as wide parts words
MARGIN = 0.25  # of the line's height: what is cut with it on all sides
UNDERLINE = 2.5  # line heights: what is ruled on for longer is no letter
COLON = 0.45  # of the line's height: what is narrower and stands alone is no code
LEEWAY = 2.0  # line heights by which the place of a text that was read in one go may be off


def line_crop(sheet: Sheet, typed: Labelled) -> tuple[Box, Crop] | None:
    """Where the words lie that a text was read from, working coordinates, and their ink; None if there is none.

    A line's text is told without places of its letters: `typed.box` is about right, the gaps between words are exact.
    """
    high = typed.box.height
    reach = Box(typed.box.x0 - LEEWAY * high, typed.box.y0, typed.box.x1 + LEEWAY * high, typed.box.y1)
    rows, columns, part = _cut(sheet, reach.grown(MARGIN * high))
    if part.size == 0:
        return None
    pixels = high * sheet.scale
    ruled = _underlines(part, pixels)
    pieces = _words(np.where(ruled > 0, 255, part).astype(np.uint8), GAP * pixels)
    words = [(start, end) for start, end in pieces if end - start > COLON * pixels]
    if not words:
        return None
    start = min((word[0] for word in words), key=lambda x: abs(columns + x - typed.box.x0 * sheet.scale))
    end = min(
        (word[1] for word in words if word[1] > start), key=lambda x: abs(columns + x - typed.box.x1 * sheet.scale)
    )
    box = Box(start, 0, end, part.shape[0]).grown(MARGIN * pixels)
    box = Box(max(0.0, box.x0), 0, min(part.shape[1], box.x1), part.shape[0])
    crop = cut_cell(part, ruled, box, resolution=sheet.resolution).crop
    place = Box((columns + start) / sheet.scale, rows / sheet.scale, (columns + end) / sheet.scale, typed.box.y1)
    return (place, crop) if crop is not None else None


def _cut(sheet: Sheet, box: Box) -> tuple[int, int, Picture]:
    """The first row and column of the page's picture in a box, and the pixels."""
    y0, x0 = max(0, round(box.y0 * sheet.scale)), max(0, round(box.x0 * sheet.scale))
    part = sheet.picture[y0 : max(y0, round(box.y1 * sheet.scale)), x0 : max(x0, round(box.x1 * sheet.scale))]
    return y0, x0, np.ascontiguousarray(part)


def _dark(part: Picture) -> Picture:
    paper, ink = np.percentile(part, 90), np.percentile(part, 1)
    return (part < paper - DARK * (paper - ink)).astype(np.uint8)


def _underlines(part: Picture, pixels: float) -> Picture:
    """255 where a line to write on runs."""
    long = np.ones((1, max(3, round(UNDERLINE * pixels))), np.uint8)
    found = cv2.morphologyEx(_dark(part), cv2.MORPH_OPEN, long)
    return (255 * cv2.dilate(found, np.ones((3, 1), np.uint8))).astype(np.uint8)


def _words(part: Picture, gap: float) -> list[tuple[int, int]]:
    """First and last column of each stretch of ink, parted by white of at least this width."""
    inked = np.flatnonzero(_dark(part).any(axis=0))
    if inked.size == 0:
        return []
    cuts = np.flatnonzero(np.diff(inked) > gap)
    starts, ends = [inked[0], *inked[cuts + 1]], [*inked[cuts], inked[-1]]
    return [(int(start), int(end) + 1) for start, end in zip(starts, ends, strict=True)]
