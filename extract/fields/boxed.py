"""A code in boxes: every box by itself, all side by side, and both once more as scanned where ink meets the walls."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extract.fields.joint import READER, Digits, bare, box_digits, in_a_row, joint_codes
from extract.fields.options import ReadFigures
from extract.readers.combine import FigureReading
from extract.records import Alternative, Box, BoxRun, Crop, FieldReading, Ink, Sheet
from extract.stored import stored_box
from layouts.model import FieldLayout

BOXES_LEFT_EMPTY = "boxes-left-empty"
OVER_EDGE = "ink-over-edge"
DOUBTS = frozenset({OVER_EDGE, "seal", "struck-out"})  # marks of a box whose sign may not be what stands there
INKED = 160  # grey level below which a pixel is part of a stroke or a wall
MET = 0.02  # of a crop's pixels: walls beside its ink from which strokes may have gone with them
UNSAID = 1e-3  # likelihood of a digit that one of two looks does not list


@dataclass(frozen=True, slots=True)
class _Look:
    """What was read of all boxes in one state: side by side, and each by itself."""

    row: FigureReading
    apart: tuple[FigureReading, ...]
    fitting: tuple[Alternative, ...]  # what the row may say that has as many signs as there are boxes
    digits: tuple[Digits, ...]


def read_boxes(sheet: Sheet, field: FieldLayout, runs: Sequence[BoxRun], read_figures: ReadFigures) -> FieldReading:
    """A field's code from its runs of boxes: on a text page their text, on a scan what the readers see there."""
    cells = [cell for run in runs for cell in run.cells]
    box = stored_box(sheet, Box.around(cell.box for cell in cells))
    if sheet.kind == "text":
        text = "".join((cell.text or "").strip() for cell in cells)
        said = (Alternative(text, 0.0, "text"),) if text else ()
        return FieldReading(field.id, sheet.number, box, sheet.unit, Ink.DIGITAL, said, 1, 1, (), empty=not text)
    signs = [cell for cell in cells if cell.crop is not None]
    crops = [cell.crop for cell in signs if cell.crop is not None]
    if not crops:
        return FieldReading(field.id, sheet.number, box, sheet.unit, Ink.NONE, empty=True)
    doubts = dict.fromkeys(mark for cell in signs for mark in cell.marks if mark in DOUBTS)
    read = read_digits(crops, read_figures, over=OVER_EDGE in doubts)
    if read.witnesses > 1:
        doubts.pop(OVER_EDGE, None)  # with its walls and without them, box by box and in a row: it is what stands there
    reasons = (*doubts,) if len(crops) == field.length else (*doubts, BOXES_LEFT_EMPTY)
    return FieldReading(
        field.id, sheet.number, box, sheet.unit, Ink.UNKNOWN, read.alternatives, read.witnesses, read.readers, reasons,
        said=read.said,
    )  # fmt: skip


def read_digits(crops: Sequence[Crop], read_figures: ReadFigures, *, over: bool = False) -> FigureReading:
    """The digits of separate boxes, all looks at them joined.

    A wall that is erased takes a part of the stroke with it that runs along it: a 6 becomes a 5, and every reader is
    sure of it. So boxes whose ink meets their walls, or lies over them, are read once more with these, and then a 1
    below its wall may look like a 7. Readers bear witness to a code only where all looks say the same.
    """
    states = [list(crops)]
    if over or any(meets_walls(crop) for crop in crops):
        states.append([Crop(crop.raw, crop.raw) for crop in crops])
    asked = [crop for state in states for crop in (in_a_row(state), *(in_a_row([sign]) for sign in state))]
    read = read_figures(asked)
    size = len(crops) + 1
    looks = [_look(read[start : start + size]) for start in range(0, len(read), size)]
    readers = max(box.readers for box in read)
    own = tuple(word for look in looks for word in (*look.row.said, *_box_by_box(look.apart)))
    digits, fitting = (looks[0].digits, looks[0].fitting) if len(looks) == 1 else _mixed(*looks)
    joint = joint_codes(digits, fitting)
    if not joint:
        text = "".join(next(iter(box), "?") for box in digits)
        unread = Alternative(text, float(np.log(0.1)) * max(1, text.count("?")), READER)
        return FigureReading((*fitting, unread), 1, readers, own)
    best = joint[0].text
    return FigureReading(joint, min(_witnesses(look, best) for look in looks), readers, own)


def meets_walls(crop: Crop) -> bool:
    """Whether strokes reach the walls that were erased around them, which may have taken a part of them along."""
    ink = (crop.clean < INKED).astype(np.uint8)
    walls = (crop.raw < INKED) & (ink == 0)
    beside = cv2.dilate(ink, np.ones((3, 3), np.uint8)) > 0
    return bool(np.count_nonzero(walls & beside) > MET * np.count_nonzero(ink))


def _look(read: Sequence[FigureReading]) -> _Look:
    row, *apart = read
    fitting = tuple(replace(a, text=t) for a in row.alternatives if len(t := bare(a)) == len(apart))
    return _Look(row, tuple(apart), fitting, tuple(box_digits(box.alternatives) for box in apart))


def _witnesses(look: _Look, code: str) -> int:
    """How many readers say a code in both ways, side by side and box by box."""
    seen = min(
        box.witnesses if next(iter(signs), "") == digit else 1
        for box, signs, digit in zip(look.apart, look.digits, code, strict=True)
    )
    whole = look.fitting and look.fitting[0].text == code and bare(look.row.alternatives[0]) == code
    return min(seen, look.row.witnesses if whole else 1)


def _mixed(clean: _Look, scanned: _Look) -> tuple[tuple[Digits, ...], tuple[Alternative, ...]]:
    """Two looks at the same boxes, averaged: either may have lost what the other sees."""
    digits = tuple(_average(one, other) for one, other in zip(clean.digits, scanned.digits, strict=True))
    rows = [{a.text: math.exp(a.logp) for a in reversed(look.fitting)} for look in (clean, scanned)]
    codes = _average(*rows)
    return digits, tuple(Alternative(code, math.log(share), READER) for code, share in codes.items())


def _average(clean: Digits, scanned: Digits) -> Digits:
    """The geometric mean of two distributions, the likeliest first; where one shows nothing, the other."""
    if not clean or not scanned:
        return clean or scanned
    mean = {
        sign: math.sqrt(clean.get(sign, UNSAID) * scanned.get(sign, UNSAID))
        for sign in dict.fromkeys([*scanned, *clean])
    }
    total = max(1.0, sum(mean.values()))
    return {sign: share / total for sign, share in sorted(mean.items(), key=lambda item: -item[1])}


def _box_by_box(boxes: Sequence[FigureReading]) -> Iterator[Alternative]:
    """Each reader's first word about every box, one after the other; "?" where it sees nothing."""
    firsts = [{word.reader: word for word in reversed(box.said)} for box in boxes]
    for name in dict.fromkeys(word.reader for box in boxes for word in box.said):
        words = [first.get(name) for first in firsts]
        text = "".join((bare(word) if word else "") or "?" for word in words)
        yield Alternative(text, sum(word.logp for word in words if word), f"{name} {READER}")
