"""What of a scan's print is worth reading: what stands outside the tables and may belong to a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extract.fields.options import MOST_STRIP_ROWS
from extract.fields.runs import assign_runs
from extract.records import Box, Grid, Picture, Sheet, TextLine, TextReader
from layouts.model import FieldKind, Layout

LEAST_BAND = 0.1  # inch; a lower band holds no line of print
BOX_EDGE = 0.02  # inch; how far the printed edge of a box for one sign reaches beyond it
LABEL_ROOM = (0.5, 2.0)  # heights of a box; so far above it may lie the gap over which nothing belongs to it


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A stretch of a page over its whole width, in working coordinates."""

    sheet: Sheet
    top: float
    bottom: float


def bands(sheets: Sequence[Sheet], layout: Layout) -> list[Band]:
    """The bands of the scans among a form's pages that may hold a field's label or value.

    Fields follow each other as in the layout, so what is printed above the first one is not read.
    """
    first = _first_field(sheets, layout) or (0, 0.0)
    found: list[Band] = []
    for page, sheet in enumerate(sheets):
        start = sheet.height if page < first[0] else first[1] if page == first[0] else 0.0
        if sheet.kind == "scan":
            found += [Band(sheet, max(top, start), bottom) for top, bottom in _open(sheet, sheets)]
    return [band for band in found if band.bottom - band.top >= LEAST_BAND * band.sheet.resolution]


def is_table(grid: Grid) -> bool:
    """Whether a grid is a table rather than a strip of options or the head's frame."""
    return grid.rows > MOST_STRIP_ROWS and grid.columns > 2


def _open(sheet: Sheet, sheets: Sequence[Sheet]) -> list[tuple[float, float]]:
    """What stands above the form's first table and below its last; all of pages without tables."""
    tables = {s.number: [grid.box for grid in s.grids if is_table(grid)] for s in sheets}
    own, numbers = tables[sheet.number], [number for number, boxes in tables.items() if boxes]
    if not own:
        return [(0.0, sheet.height)]
    found: list[tuple[float, float]] = []
    if sheet.number == numbers[0]:
        found.append((0.0, min(box.y0 for box in own)))
    if sheet.number == numbers[-1]:
        found.append((max(box.y1 for box in own), sheet.height))
    return found


def _first_field(sheets: Sequence[Sheet], layout: Layout) -> tuple[int, float] | None:
    """On which page of the form, and how far down, its first field begins; None unless that is certain.

    It is where the layout's first field is a code, told by length and order alone, and no other boxes stand above it.
    """
    codes = [field for field in layout.fields if field.kind is FieldKind.BOXES]
    if not codes or codes[0] is not layout.fields[0]:
        return None
    for page, sheet in enumerate(sheets):
        runs = assign_runs(sheet.boxes, codes, {}).get(codes[0].id, ())
        if runs and runs[0].box.y0 <= min(run.box.y0 for run in sheet.boxes):
            return page, gap_above(sheet, runs[0].box)
        if sheet.boxes:
            return None
    return None


def gap_above(sheet: Sheet, box: Box) -> float:
    """The barest line of pixels somewhat above a box: what stands above that is not beside or over the box."""
    near, far = (max(0, round((box.y0 - share * box.height) * sheet.scale)) for share in LABEL_ROOM)
    if far >= near:
        return 0.0
    light = sheet.picture[far:near].mean(axis=1)
    return float(far + int(np.flatnonzero(light == light.max())[-1])) / sheet.scale


def read_bands(asked: Sequence[Band], reader: TextReader) -> list[list[TextLine]]:
    """The printed lines of each band, in working coordinates; all are read in one go."""
    found = reader.read_lines([_picture(band) for band in asked])
    return [[_moved(line, band) for line in lines] for band, lines in zip(asked, found, strict=True)]


def _moved(line: TextLine, band: Band) -> TextLine:
    scale = band.sheet.scale
    box, *words = (
        Box(box.x0 / scale, box.y0 / scale + band.top, box.x1 / scale, box.y1 / scale + band.top)
        for box in (line.box, *line.words)
    )
    return TextLine(line.text, box, tuple(words))


def _picture(band: Band) -> Picture:
    """The pixels of a band, runs of boxes left white: read as a line of text they spoil the print beside them."""
    sheet, first = band.sheet, round(band.top * band.sheet.scale)
    picture = sheet.picture[first : round(band.bottom * sheet.scale)]
    runs = [run for run in sheet.boxes if len(run.cells) > 1 and band.top < run.box.centre[1] < band.bottom]
    if not runs:
        return picture
    picture = picture.copy()
    for run in runs:
        for box in (cell.box.grown(BOX_EDGE * sheet.resolution) for cell in run.cells):
            x0, y0, x1, y1 = (max(0, round(v * sheet.scale)) for v in (box.x0, box.y0, box.x1, box.y1))
            picture[max(0, y0 - first) : max(0, y1 - first), x0:x1] = 255
    return picture
