"""Fields outside the tables: code boxes, written lines, the circled option, signatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from extract.fields.bands import Band, bands, read_bands
from extract.fields.codes import FIELD_MISSING, code_fields, text_field
from extract.fields.labelled import Labelled, label_boxes, label_spans, label_values
from extract.fields.options import MOST_STRIP_ROWS, ReadFigures, Region, read_option
from extract.ink.marks import signed
from extract.place import Placed
from extract.records import (
    Alternative,
    Box,
    FieldReading,
    Grid,
    Ink,
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
SIGNATURE = "_signature"  # how a signature's field is called, after the name it belongs to
DOUBTFUL = "signature-doubtful"
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
    for region, name, value in _values(regions, layout):
        found.setdefault(name, text_field(region.sheet, value))
    for field in layout.fields:
        if field.kind is FieldKind.OPTION and (option := read_option(regions, field, read_figures)) is not None:
            found[field.id] = option
        elif field.kind is FieldKind.SIGNATURE and (signature := _signature(regions, layout, field)) is not None:
            found[field.id] = signature
    return tuple(found.get(field.id) or _missing(field) for field in layout.fields)


def _values(regions: Sequence[Region], layout: Layout) -> Iterator[tuple[Region, str, Labelled]]:
    """What is written after labels, page by page.

    What the form asks for after its options («Наименование») stands below them; the same words above are others'.
    """
    options = [i for i, field in enumerate(layout.fields) if field.kind is FieldKind.OPTION]
    last = {field.id for field in layout.fields[options[-1] :]} if options else set()
    marks = {layout.fields[i].id for i in options}
    spots = [
        (page, at)
        for page, region in enumerate(regions)
        for at, line in enumerate(region.lines)
        if any(field in marks for _, _, field in label_spans(line.text, layout))
    ]
    start = max(spots, default=(0, -1))
    for page, region in enumerate(regions):
        yield from ((region, n, v) for n, v in label_values(region.lines, layout).items() if n not in last)
        below = region.lines[start[1] + 1 :] if page == start[0] else region.lines if page > start[0] else ()
        yield from ((region, n, v) for n, v in label_values(below, layout).items() if n in last)


def _missing(field: FieldLayout) -> FieldReading:
    return FieldReading(field.id, 0, None, "px", Ink.NONE, reasons=(FIELD_MISSING,))


def _regions(placed: Placed, reader: TextReader) -> list[Region]:
    """Every page with its lines; of a scan those that may belong to a field, all read in one go."""
    lines = {s.number: _outside_tables(s, placed.layout) for s in placed.sheets if s.kind == "text"}
    asked = bands(placed.sheets, placed.layout)
    for band, read in zip(asked, read_bands(asked, reader), strict=True):
        lines[band.sheet.number] = (*lines.get(band.sheet.number, ()), *read)
    return [_region(sheet, lines.get(sheet.number, ()), placed.layout, reader) for sheet in placed.sheets]


def _region(sheet: Sheet, lines: tuple[TextLine, ...], layout: Layout, reader: TextReader) -> Region:
    """A page with its lines; a scan without tables, which nothing has turned upright yet, is tried all ways up."""
    if sheet.kind == "text" or sheet.grids or len(label_boxes(lines, layout)) >= LABELS_THIS_WAY_UP:
        return Region(sheet, lines)
    for degrees in (180, 90, 270):
        other = turned(sheet, degrees)
        lines = tuple(read_bands([Band(other, 0.0, other.height)], reader)[0])
        if len(label_boxes(lines, layout)) >= LABELS_THIS_WAY_UP:
            return Region(other, lines)
    return Region(sheet, ())


def _outside_tables(sheet: Sheet, layout: Layout) -> tuple[TextLine, ...]:
    """The lines of a text page without the headings of a table whose rows stand overleaf."""
    heads = [grid.box for grid in sheet.grids if any(_is_head(grid, table) for table in layout.tables)]
    return tuple(line for line in sheet.lines if not any(box.holds(*line.box.centre) for box in heads))


def _is_head(grid: Grid, table: TableLayout) -> bool:
    """Whether a grid is a table's, its headings perhaps alone."""
    if grid.columns != len(table.label_columns) + len(table.columns):
        return False
    headings = [words for words in table.label_headings if words.printed()]
    texts = [cell.text for cell in grid.cells if cell.text]
    return grid.rows > MOST_STRIP_ROWS or any(
        label_likeness(text, words.kk, words.ru) >= HEADING_LIKENESS for text in texts for words in headings
    )


def _signature(regions: Sequence[Region], layout: Layout, field: FieldLayout) -> FieldReading | None:
    """Whether something is signed to the right of a signature's own label and of the name it belongs to.

    Absence is certain only where the signature's label was found, and nothing stands beside the name either.
    """
    name = field.id.removesuffix(SIGNATURE)
    for region in reversed(regions):
        boxes, own = label_boxes(region.lines, layout), _signing_place(region.lines, layout, name)
        label = own or boxes.get(name)
        if label is None:
            continue
        sheet, values = region.sheet, label_values(region.lines, layout)
        beside = [(label, label.x1)]
        if own is not None and name in boxes:
            beside.append((boxes[name], values[name].box.x1 if name in values else boxes[name].x1))
        elif name in values:
            beside = [(label, values[name].box.x1)]
        chances = [_signed_beside(sheet, box, left) for box, left in beside]
        chance = max(chances)
        low, high = SIGNATURE_SURE
        agreed = all(c < low for c in chances) or chances[0] > high
        reasons = () if agreed and (own is not None or chance > high) else (DOUBTFUL,)
        sure = max(chance, 1.0 - chance)
        return FieldReading(
            field.id, sheet.number, stored_box(sheet, _beside(sheet, *beside[0])), sheet.unit, Ink.UNKNOWN,
            (Alternative("present" if chance >= SIGNED else "absent", float(np.log(sure)), "marks"),), 1, 1, reasons,
        )  # fmt: skip
    return None


def _signing_place(lines: Sequence[TextLine], layout: Layout, name: str) -> Box | None:
    """Where a signature's own label stands: the first one after the label of the name it belongs to."""
    signatures = {field.id for field in layout.fields if field.kind is FieldKind.SIGNATURE}
    owner = ""
    for line in lines:
        spans = label_spans(line.text, layout)
        for at, (_, _, field) in enumerate(spans):
            if field in signatures and owner == name:
                parts = [span for span in spans[at:] if span[2] in signatures]
                return line.part(parts[0][0], parts[-1][1])
            owner = field if field + SIGNATURE in signatures else owner
    return None


def _signed_beside(sheet: Sheet, label: Box, left: float) -> float:
    area = _beside(sheet, label, left)
    return signed(sheet.picture, Box(*(v * sheet.scale for v in (area.x0, area.y0, area.x1, area.y1))))


def _beside(sheet: Sheet, label: Box, left: float) -> Box:
    """The stretch of a page right of a label, as high as people sign."""
    height = max(label.height, 0.15 * sheet.resolution)
    return Box(left, label.y0 - 0.8 * height, sheet.width, label.y1 + 0.5 * height)
