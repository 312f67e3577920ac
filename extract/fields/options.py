"""The circled option: where the printed options stand, and which of them is marked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extract.fields.bold import bold_option
from extract.ink.crossed import crossed_out
from extract.ink.marks import has_ink, marked_options
from extract.readers.combine import FigureReading
from extract.records import Alternative, Box, Cell, Crop, FieldReading, Grid, Ink, Sheet, TextLine
from extract.rows.folding import digits_of, fold, part_likeness
from extract.stored import stored_box
from layouts.model import FieldLayout, Words

PROPOSED = 0.7  # belief in a mark that is told by bold print alone, or beside (traces of) another: a person looks
RIVAL = 0.05  # probability from which another option shows a trace of a mark
MARKED = 0.5  # probability from which an option counts as marked
MOST_STRIP_ROWS = 2  # a strip of options has one row, or two if its print is ruled in two
OPTIONS_SEEN = 2  # printed options that must be recognised before a strip is taken for them
WORD_LIKENESS = 88.0  # rapidfuzz points at which a line is (a part of) an option's words
WORD_MARGIN = 0.7  # of a word's height: how far around plain words their mark is looked for
WALL, LOST_WALLS = 0.06, 2  # of the step, how far from its even place a strip's wall may be; how many may be lost
BESIDE = 1.2  # of their height: how far beside words a mark for them stands
UNEVEN = 0.1  # of the step from option to option: how far from its place one may stand
REACH = 0.25  # of the step: how far from its middle an unread option's print and mark may lie
BETWEEN = 0.05  # of the step: how broad the paper is, halfway between options, on which nothing stands

ReadFigures = Callable[[Sequence[Crop]], Sequence[FigureReading]]


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A page with its text lines outside the tables, read if it is a scan."""

    sheet: Sheet
    lines: tuple[TextLine, ...]


def read_option(regions: Sequence[Region], field: FieldLayout, read: ReadFigures) -> FieldReading | None:
    """Which of the field's options are marked; None if the printed options are found nowhere.

    Options stand in a strip of cells or as plain words; a strip counts only if some of its print is recognised.
    """
    for region in reversed(regions):
        strips = [grid for grid in region.sheet.grids if grid.rows <= MOST_STRIP_ROWS]
        for grid in reversed(strips):
            if boxes := _strip(grid, region, field, read):
                return _reading(region.sheet, field, boxes)
        if boxes := _words(region, field):
            return _reading(region.sheet, field, boxes)
    return None


def _strip(grid: Grid, region: Region, field: FieldLayout, read: ReadFigures) -> list[Box]:
    """The boxes of a strip of options; [] if a grid is none.

    Where walls were lost, or strokes taken for walls, the cells follow from their even steps, some words from text.
    """
    count = len(field.options)
    if grid.columns == count and _options_seen(grid, field, read) >= OPTIONS_SEEN:
        return [Box.around(cell.box for cell in grid.cells if cell.column == at) for at in range(count)]
    if region.sheet.kind != "scan" or grid.columns < 2:
        return []
    edges = np.linspace(grid.x_edges[0], grid.x_edges[-1], count + 1)
    step = (edges[-1] - edges[0]) / count
    walls = sum(min(abs(edge - wall) for wall in grid.x_edges[1:-1]) < WALL * step for edge in edges[1:-1])
    boxes = [Box(float(x0), grid.box.y0, float(x1), grid.box.y1) for x0, x1 in pairwise(edges)]
    told = sum(_says(line.text, words) for box, words in zip(boxes, field.option_labels, strict=True)
               for line in region.lines if box.holds(*line.box.centre))  # fmt: skip
    return boxes if walls >= count - 1 - LOST_WALLS and told >= OPTIONS_SEEN else []


def _reading(sheet: Sheet, field: FieldLayout, boxes: Sequence[Box]) -> FieldReading:
    pixels = [_pixels(sheet, box) for box in boxes]
    chances = marked_options(sheet.picture, pixels)
    chosen = tuple(option for option, p in zip(field.options, chances, strict=True) if p >= MARKED)
    sure = min(max(p, 1.0 - p) for p in chances)
    marked = (at for at, option in enumerate(field.options) if option in chosen)
    taken_back = {field.options[at] for at in marked if crossed_out(sheet.picture, pixels, at)}
    if taken_back:
        chosen, sure = tuple(option for option in chosen if option not in taken_back), min(sure, PROPOSED)
    if len(chosen) == 1 and any(RIVAL < p < MARKED for p in chances):
        sure = min(sure, PROPOSED)
    bold = bold_option(sheet.picture, pixels) if not chosen and not taken_back else -1
    if bold >= 0:
        chosen, sure = (field.options[bold],), PROPOSED
    reasons = () if len(chosen) == 1 else (("several-options",) if chosen else ("no-option",))
    return FieldReading(
        field.id, sheet.number, stored_box(sheet, Box.around(boxes)), sheet.unit, Ink.UNKNOWN,
        (Alternative(";".join(chosen), float(np.log(max(sure, 1e-6))), "marks"),), 1, 1, reasons, chosen,
        empty=not chosen,
    )  # fmt: skip


def _options_seen(grid: Grid, field: FieldLayout, read: ReadFigures) -> int:
    """In how many cells of a strip its option's print is recognised, as far as that takes; on scans only figures are
    read.
    """
    pairs = [(cell, field.option_labels[cell.column]) for cell in grid.cells if cell.column < len(field.options)]
    seen = sum(1 for cell, words in pairs if cell.text and _fits(cell.text, words))
    unread = [(cell, words) for cell, words in pairs if not cell.text and cell.crop and _figures(words)]
    if seen >= OPTIONS_SEEN or not unread:
        return seen
    for first in range(0, len(unread), OPTIONS_SEEN):
        few = unread[first : first + OPTIONS_SEEN]
        found = read([_crop(cell) for cell, _ in few])
        said = (reading.alternatives[0].text if reading.alternatives else "" for reading in found)
        seen += sum(1 for text, (_, words) in zip(said, few, strict=True) if digits_of(text) == _figures(words))
        if seen >= OPTIONS_SEEN:
            break
    return seen


def _crop(cell: Cell) -> Crop:
    assert cell.crop is not None
    return cell.crop


def _figures(words: Words) -> str:
    """The digits of an option that is printed as figures alone («2-4»), else ""."""
    return digits_of(words.ru or words.kk)


def _fits(text: str, words: Words) -> bool:
    return any(fold(text) == fold(w) or part_likeness(w, text) >= WORD_LIKENESS for w in words.printed())


def _words(region: Region, field: FieldLayout) -> list[Box]:
    """The boxes of options printed as plain words, each around all lines that hold its words; [] if they are not there.

    On scans short words far from others, and what is ringed, are often not read: they follow from the rest.
    """
    found: dict[int, list[Box]] = {}
    for at, words in enumerate(field.option_labels):
        own = [line.box for line in region.lines if _says(line.text, words)]
        if own:
            found[at] = own
    places = {at: Box.around(own) for at, own in found.items()}
    if len(places) < len(field.option_labels):
        places |= _between(region.sheet, places, len(field.option_labels))
    if len(places) < len(field.option_labels):
        return []
    margins = {at: WORD_MARGIN * min(box.height for box in own) for at, own in found.items()}
    return _with_room([places[at].grown(margins.get(at, 0.0)) for at in range(len(field.option_labels))])


def _with_room(words: Sequence[Box]) -> list[Box]:
    """The boxes of words in a line with the room beside them, where ticks and crosses are set as well."""
    roomy = []
    for at, box in enumerate(words):
        before = box.x0 - words[at - 1].x1 if at else math.inf
        after = words[at + 1].x0 - box.x1 if at + 1 < len(words) else math.inf
        aside = [min(max(0.0, gap) / 2, BESIDE * box.height) for gap in (before, after)]
        roomy.append(Box(box.x0 - aside[0], box.y0, box.x1 + aside[1], box.y1))
    return roomy


def _between(sheet: Sheet, known: Mapping[int, Box], count: int) -> dict[int, Box]:
    """The boxes of options that were not read, of so many in a line at even steps; {} if they do not stand so.

    Both ends must be known, on one level, ink must lie in each box, and halfway to its neighbours nothing but a wall.
    What was read on another level or at another option's place was misread; what stands between places contradicts.
    """
    if sheet.kind != "scan" or not {0, count - 1} <= set(known):
        return {}
    ends = (known[0], known[count - 1])
    band = Box.around(ends)
    middles = {at: box.centre[0] for at, box in known.items()}
    step = (middles[count - 1] - middles[0]) / (count - 1)
    if max(box.y0 for box in ends) >= min(box.y1 for box in ends) or step <= band.height:
        return {}
    level = {at for at, box in known.items() if band.y0 < box.centre[1] < band.y1}
    places = {at: (middles[at] - middles[0]) / step for at in level}
    if any(abs(place - round(place)) > UNEVEN for place in places.values()):
        return {}
    found = {}
    for at in range(1, count - 1):
        if round(places.get(at, -1.0)) == at:
            continue
        middle = middles[0] + at * step
        found[at] = Box(middle - REACH * step, band.y0, middle + REACH * step, band.y1)
        gaps = [middle + side * step / 2 for side in (-1, 1)]
        paper = [Box(x - BETWEEN * step, band.y0, x + BETWEEN * step, band.y1) for x in gaps]
        if not has_ink(sheet.picture, _pixels(sheet, found[at])) or any(
            has_ink(sheet.picture, _pixels(sheet, each), walls=False) for each in paper
        ):
            return {}
    return found


def _says(text: str, words: Words) -> bool:
    """Whether a line is an option's words, or a part of them."""
    whole = any(fold(text) == fold(w) for w in words.printed())
    return whole or (not _figures(words) and any(_is_part(text, w) for w in words.printed()))


def _pixels(sheet: Sheet, box: Box) -> Box:
    return Box(*(v * sheet.scale for v in (box.x0, box.y0, box.x1, box.y1)))


def _is_part(text: str, words: str) -> bool:
    """Whether a line is some of an option's words and nothing else."""
    return len(fold(text)) <= len(fold(words)) and part_likeness(text, words) >= WORD_LIKENESS
