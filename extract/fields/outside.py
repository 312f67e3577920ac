"""Fields outside the tables: code boxes, written lines, the circled option, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.fields.labelled import Labelled, digits_after, label_boxes, label_values, labels_near
from extract.fields.options import MOST_STRIP_ROWS, ReadFigures, Region, read_option
from extract.ink.marks import signed
from extract.place import Placed
from extract.records import (
    Alternative,
    Box,
    BoxRun,
    Crop,
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

MOST_RUNS = 3  # runs a wrapped row of boxes may fall into
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
        for name, reading in _code_fields(region, layout, read_figures).items():
            found.setdefault(name, reading)
        for name, value in label_values(region.lines, layout).items():
            found.setdefault(name, _text_field(region.sheet, value))
    for field in layout.fields:
        if field.kind is FieldKind.OPTION and (option := read_option(regions, field, read_figures)) is not None:
            found[field.id] = option
        elif field.kind is FieldKind.SIGNATURE and (signature := _signature(regions, layout, field)) is not None:
            found[field.id] = signature
    return tuple(found.get(field.id) or _missing(field) for field in layout.fields)


def _missing(field: FieldLayout) -> FieldReading:
    return FieldReading(field.id, 0, None, "px", Ink.NONE, reasons=("field-missing",))


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


def _text_field(sheet: Sheet, value: Labelled) -> FieldReading:
    ink = Ink.DIGITAL if sheet.kind == "text" else Ink.UNKNOWN
    alternative = Alternative(value.text, 0.0 if sheet.kind == "text" else np.log(0.9), "text")
    return FieldReading(
        value.field, sheet.number, stored_box(sheet, value.box), sheet.unit, ink, (alternative,),
        witnesses=1, readers=1, reasons=() if sheet.kind == "text" else ("single-reader",),
    )  # fmt: skip


def _code_fields(region: Region, layout: Layout, read_figures: ReadFigures) -> dict[str, FieldReading]:
    """BIN and the like: runs of boxes, or digits typed on a line."""
    fields = [field for field in layout.fields if field.kind is FieldKind.BOXES]
    labels = label_boxes(region.lines, layout)
    assigned = assign_runs(region.sheet.boxes, fields, labels)
    used = {id(run) for runs in assigned.values() for run in runs}
    shortest = min((field.length for field in fields), default=0)
    unclear = any(id(run) not in used and len(run.cells) > shortest for run in region.sheet.boxes)
    found = {}
    for field in fields:
        if field.id in assigned:
            reading = _read_run(region.sheet, field, assigned[field.id], read_figures)
            doubt = ("boxes-unclear",) if unclear else ()
            found[field.id] = replace(reading, reasons=(*reading.reasons, *doubt), empty=reading.empty and not unclear)
        elif (typed := digits_after(region.lines, layout, field.id, field.length)) is not None:
            found[field.id] = replace(_text_field(region.sheet, typed), field=field.id)
        elif field.id in labels and region.sheet.kind == "text":
            box = stored_box(region.sheet, labels[field.id])
            found[field.id] = FieldReading(field.id, region.sheet.number, box, region.sheet.unit, Ink.NONE, empty=True)
    return found


def assign_runs(
    runs: Sequence[BoxRun], fields: Sequence[FieldLayout], labels: dict[str, Box]
) -> dict[str, tuple[BoxRun, ...]]:
    """The runs of boxes that make up each field: right in length, near the label, in the order of the form.

    A field's boxes may be wrapped over consecutive runs.
    """
    best = _assign(tuple(runs), tuple(fields), labels, 0, frozenset())
    return {field: tuple(runs[i] for i in part) for field, part in best[1]}


def _assign(
    runs: tuple[BoxRun, ...], fields: tuple[FieldLayout, ...], labels: dict[str, Box], at: int, used: frozenset[str]
) -> tuple[float, tuple[tuple[str, tuple[int, ...]], ...]]:
    """The best assignment of the runs from `at` on: (points, pairs of field and run indices)."""
    if at >= len(runs):
        return 0.0, ()
    best = _assign(runs, fields, labels, at + 1, used)
    for count in range(1, min(MOST_RUNS, len(runs) - at) + 1):
        part = tuple(range(at, at + count))
        boxes = sum(len(runs[i].cells) for i in part)
        for order, field in enumerate(fields):
            if field.length != boxes or field.id in used:
                continue
            rest = _assign(runs, fields, labels, at + count, used | {field.id})
            points = boxes - 0.5 * (count - 1) + _nearness(runs[at], field, labels)
            points -= 0.1 * sum(1 for later in fields[order + 1 :] if later.id in used)
            if points + rest[0] > best[0]:
                best = (points + rest[0], ((field.id, part), *rest[1]))
    return best


def _nearness(run: BoxRun, field: FieldLayout, labels: dict[str, Box]) -> float:
    near = labels_near(run.box, labels, run.box.height)
    own = near.get(field.id, 0.0)
    other = max((points for name, points in near.items() if name != field.id), default=0.0)
    return 3.0 * (own - 0.5 * other)


def _read_run(sheet: Sheet, field: FieldLayout, runs: Sequence[BoxRun], read_figures: ReadFigures) -> FieldReading:
    cells = [cell for run in runs for cell in run.cells]
    box = stored_box(sheet, Box.around(cell.box for cell in cells))
    if sheet.kind == "text":
        text = "".join((cell.text or "").strip() for cell in cells)
        said = (Alternative(text, 0.0, "text"),) if text else ()
        return FieldReading(field.id, sheet.number, box, sheet.unit, Ink.DIGITAL, said, 1, 1, (), empty=not text)
    crops = [cell.crop for cell in cells if cell.crop is not None]
    if not crops:
        return FieldReading(field.id, sheet.number, box, sheet.unit, Ink.NONE, empty=True)
    alternatives, witnesses, readers = _read_digits(crops, read_figures)
    reasons = () if len(crops) == field.length else ("boxes-left-empty",)
    return FieldReading(field.id, sheet.number, box, sheet.unit, Ink.UNKNOWN, alternatives, witnesses, readers, reasons)


def _read_digits(crops: Sequence[Crop], read_figures: ReadFigures) -> tuple[tuple[Alternative, ...], int, int]:
    """The digits of separate boxes: set side by side and read as one line, else box by box."""
    together = read_figures([in_a_row(crops)])[0]
    fitting = tuple(a for a in together[0] if len(a.text.replace(" ", "")) == len(crops))
    if fitting and fitting[0] == together[0][0]:
        return tuple(replace(a, text=a.text.replace(" ", "")) for a in fitting), together[1], together[2]
    apart = read_figures(crops)
    text = "".join(a[0].text.strip()[:1] if a else "?" for a, _, _ in apart)
    logp = sum(a[0].logp if a else np.log(0.1) for a, _, _ in apart)
    merged = (Alternative(text, float(logp), "box by box"), *(replace(a, logp=a.logp + logp) for a in fitting))
    return merged, min(w for _, w, _ in apart), max(n for _, _, n in apart)


def in_a_row(crops: Sequence[Crop]) -> Crop:
    """Single signs set side by side on white, as if they had been written on one line without boxes."""
    height = max(crop.clean.shape[0] for crop in crops)
    gap = np.full((height, max(2, height // 6)), 255, np.uint8)
    parts = [gap]
    for crop in crops:
        above = (height - crop.clean.shape[0]) // 2
        below = height - crop.clean.shape[0] - above
        parts += [np.pad(crop.clean, ((above, below), (0, 0)), constant_values=255), gap]
    line = np.hstack(parts)
    return Crop(line, line)


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
