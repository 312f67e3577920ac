"""Fields outside the tables: code boxes, written lines, the circled option, signatures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.fields.bands import Band, bands, read_bands
from extract.fields.codes import FIELD_MISSING, code_fields, text_field
from extract.fields.labelled import label_boxes, label_values, labels_in_order
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
SIGNED_BELOW = 5.0  # heights of print: how far below its name's label the word for a signature may stand
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
    headings = [words for words in table.label_headings if words.all()]
    texts = [cell.text for cell in grid.cells if cell.text]
    return grid.rows > MOST_STRIP_ROWS or any(
        label_likeness(text, words.kk, words.ru) >= HEADING_LIKENESS for text in texts for words in headings
    )


def _signature(regions: Sequence[Region], layout: Layout, field: FieldLayout) -> FieldReading | None:
    """Whether something is signed to the right of a signature's own label, or of the name it belongs to.

    Either may be the place; that nobody signed is certain only where neither bears a mark.
    """
    for region in reversed(regions):
        places = _signature_places(region, layout, field)
        if not places:
            continue
        sheet = region.sheet
        chances = [signed(sheet.picture, Box(*(v * sheet.scale for v in (a.x0, a.y0, a.x1, a.y1)))) for a in places]
        chance, area = max(zip(chances, places, strict=True), key=lambda pair: pair[0])
        low, high = SIGNATURE_SURE
        reasons = () if not low < chance < high else ("signature-doubtful",)
        present = "present" if chance >= SIGNED else "absent"
        sure = max(chance, 1.0 - chance)
        return FieldReading(
            field.id, sheet.number, stored_box(sheet, area), sheet.unit, Ink.UNKNOWN,
            (Alternative(present, float(np.log(sure)), "marks"),), 1, 1, reasons,
        )  # fmt: skip
    return None


def _signature_places(region: Region, layout: Layout, field: FieldLayout) -> list[Box]:
    """Where a signature may stand: right of the name it belongs to, and right of the word for it that follows there."""
    name = field.id.removesuffix("_signature")
    labels, values, sheet = label_boxes(region.lines, layout), label_values(region.lines, layout), region.sheet
    known = name if name in labels else field.id
    if known not in labels:
        return []
    starts = [(labels[known], values[name].box.x1 if name in values else labels[known].x1)]
    if known == name and (word := _word_after(labels_in_order(region.lines, layout), name, layout)) is not None:
        starts.append((word, word.x1))
    found = []
    for label, left in starts:
        height = max(label.height, 0.15 * sheet.resolution)
        found.append(Box(left, label.y0 - 0.8 * height, sheet.width, label.y1 + 0.5 * height))
    return found


def _word_after(labels: Sequence[tuple[str, Box]], name: str, layout: Layout) -> Box | None:
    """The word «signature» that follows the label of a name closely: several fields share it, so order tells whose."""
    words = {f.id for f in layout.fields if f.kind is FieldKind.SIGNATURE}
    names = {word.removesuffix("_signature") for word in words}
    current: tuple[str, Box] | None = None
    for field, box in labels:
        if field in names:
            current = (field, box)
        elif field in words and current is not None and current[0] == name:
            near = -box.height < box.y0 - current[1].y0 < SIGNED_BELOW * max(box.height, current[1].height)
            return box if near else None
    return None
