"""BIN and the like: digits in runs of boxes, in cells of a table, or typed on a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.fields.boxed import BOXES_LEFT_EMPTY, read_boxes
from extract.fields.joint import bare
from extract.fields.labelled import Labelled, code_places, digits_after, label_boxes
from extract.fields.options import ReadFigures, Region
from extract.fields.runs import assign_runs, without_margins
from extract.fields.typed import Typed, typed_code
from extract.fields.written import line_crop
from extract.records import Alternative, BoxRun, FieldReading, Ink, Sheet
from extract.stored import stored_box
from layouts.model import CHECK_DIGITS, FieldKind, FieldLayout, Layout

FIELD_MISSING = "field-missing"
BOXES_UNCLEAR = "boxes-unclear"
FAR = 3.0  # nats: a line that reads so much likelier as something of another length is no such code


def code_fields(region: Region, layout: Layout, read_figures: ReadFigures) -> dict[str, FieldReading]:
    """The codes found on a page.

    A code is empty for certain only where its place was found and nothing stands there; where just its label was
    found, it carries the reason `field-missing`.
    """
    fields = [field for field in layout.fields if field.kind is FieldKind.BOXES]
    labels, sheet = label_boxes(region.lines, layout), region.sheet
    runs = without_margins(sheet.boxes, fields, labels)
    assigned = assign_runs(runs, fields, labels)
    places = {} if sheet.kind == "scan" else _places(region, layout, [f for f in fields if f.id not in assigned])
    unclear = _unclear(runs, assigned, places, fields)
    found = {}
    for field in fields:
        if field.id in assigned:
            read = read_boxes(sheet, field, assigned[field.id], read_figures)
            found[field.id] = _doubted(read, unclear=field.length + 1 >= unclear > 0)
        elif field.id in places:
            found[field.id] = _doubted(
                _typed(sheet, field, places[field.id]), unclear=unclear > 0 and not places[field.id].text
            )
        elif sheet.kind == "scan":
            on_line = _on_line(region, layout, field, read_figures)
            found |= {field.id: on_line} if on_line is not None else {}
        elif sheet.kind == "text" and field.id in labels:
            box = stored_box(sheet, labels[field.id])
            found[field.id] = FieldReading(field.id, sheet.number, box, sheet.unit, Ink.NONE, reasons=(FIELD_MISSING,))
    return found


def _places(region: Region, layout: Layout, fields: Sequence[FieldLayout]) -> dict[str, Typed]:
    """The codes of a text page that stand in no boxes.

    Bare paper behind a label is a code's empty place only where another code is typed that way.
    """
    found = {
        field.id: typed
        for field in fields
        if (typed := typed_code(region.sheet, region.lines, layout, field.id, field.length)) is not None
    }
    typed_so = any(typed.text and not typed.drawn for typed in found.values())
    return {name: typed for name, typed in found.items() if typed.text or typed.drawn or typed_so}


def _unclear(
    runs: Sequence[BoxRun], assigned: dict[str, tuple[BoxRun, ...]], places: dict[str, Typed],
    fields: Sequence[FieldLayout],
) -> int:  # fmt: skip
    """How many boxes are left over in a row that may be a code's, 0 for none: codes as long may have been exchanged."""
    used = {id(run) for part in assigned.values() for run in part}
    taken = [typed.box for typed in places.values() if typed.text]
    shortest = min((field.length for field in fields), default=0)
    left = (run for run in runs if id(run) not in used and not any(run.box.holds(*box.centre) for box in taken))
    return min((len(run.cells) for run in left if len(run.cells) > shortest), default=0)


def _doubted(reading: FieldReading, *, unclear: bool) -> FieldReading:
    return replace(reading, reasons=(*reading.reasons, BOXES_UNCLEAR), empty=False) if unclear else reading


def _typed(sheet: Sheet, field: FieldLayout, typed: Typed) -> FieldReading:
    """A code of a text page that stands in no boxes; one of another length than it must have is a doubt."""
    box = stored_box(sheet, typed.box)
    if not typed.text:
        return FieldReading(field.id, sheet.number, box, sheet.unit, Ink.NONE, empty=True)
    reasons = () if len(typed.text) == field.length else (BOXES_LEFT_EMPTY,)
    said = (Alternative(typed.text, 0.0, "text"),)
    return FieldReading(field.id, sheet.number, box, sheet.unit, Ink.DIGITAL, said, 1, 1, reasons)


def _on_line(region: Region, layout: Layout, field: FieldLayout, read_figures: ReadFigures) -> FieldReading | None:
    """A code on a line of a scan: what was read there as text, borne witness to by the readers of figures.

    Where no such text was read, the readers of figures are asked what stands after or below the label.
    """
    typed = digits_after(region.lines, layout, field.id, field.length)
    if typed is not None:
        return _written(region.sheet, field, typed, read_figures) or text_field(region.sheet, typed)
    places = code_places(region.lines, layout, field.id, field.length)
    return next((read for place in places if (read := _written(region.sheet, field, place, read_figures))), None)


def _written(sheet: Sheet, field: FieldLayout, place: Labelled, read_figures: ReadFigures) -> FieldReading | None:
    """What the readers of figures see where text was read; None if that is no such code."""
    cut = line_crop(sheet, place)
    if cut is None:
        return None
    box, crop = cut
    (read,) = read_figures([crop])
    fitting = tuple(
        replace(a, text=t) for a in read.alternatives if len(t := bare(a)) == field.length and t.isdecimal()
    )
    if not fitting or fitting[0].logp < read.alternatives[0].logp - FAR:
        return None
    first = bare(read.alternatives[0]) == fitting[0].text
    agreed = read.witnesses if first and (field.check in CHECK_DIGITS or fitting[0].text == place.text) else 1
    return FieldReading(
        field.id, sheet.number, stored_box(sheet, box), sheet.unit, Ink.UNKNOWN, fitting, agreed, read.readers,
        () if agreed > 1 else ("single-reader",), said=(*read.said, *text_field(sheet, place).alternatives),
    )  # fmt: skip


def text_field(sheet: Sheet, value: Labelled) -> FieldReading:
    """What was read in one go as text: certain on a page with a text layer only."""
    ink = Ink.DIGITAL if sheet.kind == "text" else Ink.UNKNOWN
    alternative = Alternative(value.text, 0.0 if sheet.kind == "text" else np.log(0.9), "text")
    return FieldReading(
        value.field, sheet.number, stored_box(sheet, value.box), sheet.unit, ink, (alternative,),
        witnesses=1, readers=1, reasons=() if sheet.kind == "text" else ("single-reader",),
    )  # fmt: skip
