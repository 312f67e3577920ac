"""Fields outside the tables: code boxes, written lines, the circled option, signatures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.fields.codes import FIELD_MISSING, code_fields, text_field
from extract.fields.labelled import label_boxes, label_values
from extract.fields.options import MOST_STRIP_ROWS, ReadFigures, Region, read_option
from extract.ink.marks import signed
from extract.place import Placed
from extract.records import (
    Alternative,
    Box,
    FieldReading,
    Grid,
    Ink,
    Picture,
    Readers,
    Sheet,
    TextLine,
    TextReader,
)
from extract.rows.rows import HEADING_LIKENESS, label_likeness
from extract.stored import stored_box, turned
from layouts.model import FieldKind, FieldLayout, Layout, TableLayout

SIGNED = 0.5  # probability from which a signature counts as present
SIGNATURE_SURE = (0.2, 0.8)  # probabilities of a signature below and above which its absence or presence is certain
LEAST_BAND = 0.1  # inch; a lower band holds no line of print
BOX_EDGE = 0.02  # inch; how far the printed edge of a box for one sign reaches beyond it
LABELS_THIS_WAY_UP = 2  # labels that must be found on a page without tables before it is taken to be upright


def read_fields(placed: Placed, readers: Readers, read_figures: ReadFigures) -> tuple[FieldReading, ...]:
    """Every field of the layout, in its order; one that is not found carries the reason `field-missing`."""
    layout = placed.layout
    regions = _regions(placed, readers.text)
    found: dict[str, FieldReading] = {}
    for region in regions:
        for name, reading in code_fields(region, layout, read_figures).items():
            if name not in found or FIELD_MISSING in found[name].reasons:
                found[name] = reading
        for name, value in label_values(region.lines, layout).items():
            found.setdefault(name, text_field(region.sheet, value))
    for field in layout.fields:
        if field.kind is FieldKind.OPTION and (option := read_option(regions, field, read_figures)) is not None:
            found[field.id] = option
        elif field.kind is FieldKind.SIGNATURE and (signature := _signature(regions, layout, field)) is not None:
            found[field.id] = signature
    return tuple(found.get(field.id) or _missing(field) for field in layout.fields)


def _missing(field: FieldLayout) -> FieldReading:
    return FieldReading(field.id, 0, None, "px", Ink.NONE, reasons=(FIELD_MISSING,))


def _regions(placed: Placed, reader: TextReader) -> list[Region]:
    """Every page with its lines; of a scan those above the first and below the last table, all read in one go."""
    bands = {sheet.number: _bands(sheet, placed) for sheet in placed.sheets if sheet.kind == "scan"}
    asked = [(sheet, top, bottom) for sheet in placed.sheets for top, bottom in bands.get(sheet.number, ())]
    lines = {s.number: _outside_tables(s, placed.layout) for s in placed.sheets if s.kind == "text"}
    for (sheet, _, _), read in zip(asked, _read_bands(asked, reader), strict=True):
        lines[sheet.number] = (*lines.get(sheet.number, ()), *read)
    return [_region(sheet, lines.get(sheet.number, ()), placed.layout, reader) for sheet in placed.sheets]


def _region(sheet: Sheet, lines: tuple[TextLine, ...], layout: Layout, reader: TextReader) -> Region:
    """A page with its lines; a scan without tables, which nothing has turned upright yet, is tried all ways up."""
    if sheet.kind == "text" or sheet.grids or len(label_boxes(lines, layout)) >= LABELS_THIS_WAY_UP:
        return Region(sheet, lines)
    for degrees in (180, 90, 270):
        other = turned(sheet, degrees)
        lines = tuple(_read_bands([(other, 0.0, other.height)], reader)[0])
        if len(label_boxes(lines, layout)) >= LABELS_THIS_WAY_UP:
            return Region(other, lines)
    return Region(sheet, ())


def _bands(sheet: Sheet, placed: Placed) -> list[tuple[float, float]]:
    """Where a scan's lines worth reading stand: above the form's first table and below its last; all of other pages."""
    tables = {s.number: [grid.box for grid in s.grids if _is_table(grid)] for s in placed.sheets}
    own, numbers = tables[sheet.number], [number for number, boxes in tables.items() if boxes]
    if not own:
        return [(0.0, sheet.height)]
    bands: list[tuple[float, float]] = []
    if sheet.number == numbers[0]:
        bands.append((0.0, min(box.y0 for box in own)))
    if sheet.number == numbers[-1]:
        bands.append((max(box.y1 for box in own), sheet.height))
    return [(top, bottom) for top, bottom in bands if bottom - top >= LEAST_BAND * sheet.resolution]


def _outside_tables(sheet: Sheet, layout: Layout) -> tuple[TextLine, ...]:
    """The lines of a text page without the headings of a table whose rows stand overleaf."""
    heads = [grid.box for grid in sheet.grids if any(_is_head(grid, table) for table in layout.tables)]
    return tuple(line for line in sheet.lines if not any(box.holds(*line.box.centre) for box in heads))


def _is_head(grid: Grid, table: TableLayout) -> bool:
    """Whether a grid is a table's, its headings perhaps alone."""
    if grid.columns != len(table.label_columns) + len(table.columns):
        return False
    headings = [words for words in table.label_headings if words.all()]
    texts = [cell.text for cell in grid.cells if cell.text]
    return grid.rows > MOST_STRIP_ROWS or any(
        label_likeness(text, words.kk, words.ru) >= HEADING_LIKENESS for text in texts for words in headings
    )


def _is_table(grid: Grid) -> bool:
    """Whether a grid is a table rather than a strip of options or the head's frame."""
    return grid.rows > MOST_STRIP_ROWS and grid.columns > 2


def _read_bands(bands: Sequence[tuple[Sheet, float, float]], reader: TextReader) -> list[list[TextLine]]:
    """The printed lines of horizontal bands of scans (page, top, bottom), in working coordinates."""
    found = reader.read_lines([_band_picture(sheet, top, bottom) for sheet, top, bottom in bands])
    return [
        [
            TextLine(
                line.text,
                Box(
                    line.box.x0 / sheet.scale, line.box.y0 / sheet.scale + top,
                    line.box.x1 / sheet.scale, line.box.y1 / sheet.scale + top,
                ),
            )
            for line in lines
        ]
        for (sheet, top, _), lines in zip(bands, found, strict=True)
    ]  # fmt: skip


def _band_picture(sheet: Sheet, top: float, bottom: float) -> Picture:
    """The pixels of a band, runs of boxes left white: read as a line of text they spoil the print beside them."""
    first = round(top * sheet.scale)
    band = sheet.picture[first : round(bottom * sheet.scale)]
    runs = [run for run in sheet.boxes if len(run.cells) > 1 and top < run.box.centre[1] < bottom]
    if not runs:
        return band
    band = band.copy()
    for run in runs:
        for box in (cell.box.grown(BOX_EDGE * sheet.resolution) for cell in run.cells):
            x0, y0, x1, y1 = (max(0, round(v * sheet.scale)) for v in (box.x0, box.y0, box.x1, box.y1))
            band[max(0, y0 - first) : max(0, y1 - first), x0:x1] = 255
    return band


def _signature(regions: Sequence[Region], layout: Layout, field: FieldLayout) -> FieldReading | None:
    """Whether something is signed to the right of a signature's label or of the name it belongs to."""
    name = field.id.removesuffix("_signature")
    for region in reversed(regions):
        boxes = label_boxes(region.lines, layout)
        label = boxes.get(name) or boxes.get(field.id)
        if label is None:
            continue
        sheet = region.sheet
        values = label_values(region.lines, layout)
        left = values[name].box.x1 if name in values else label.x1
        height = max(label.height, 0.15 * sheet.resolution)
        area = Box(left, label.y0 - 0.8 * height, sheet.width, label.y1 + 0.5 * height)
        chance = signed(sheet.picture, Box(*(v * sheet.scale for v in (area.x0, area.y0, area.x1, area.y1))))
        low, high = SIGNATURE_SURE
        reasons = () if not low < chance < high else ("signature-doubtful",)
        present = "present" if chance >= SIGNED else "absent"
        sure = max(chance, 1.0 - chance)
        return FieldReading(
            field.id, sheet.number, stored_box(sheet, area), sheet.unit, Ink.UNKNOWN,
            (Alternative(present, float(np.log(sure)), "marks"),), 1, 1, reasons,
        )  # fmt: skip
    return None
