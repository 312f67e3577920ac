"""Small equal boxes side by side, one character each: told apart from tables, and put in runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from extract.grids.grid import GridFrame
from extract.ink.components import components
from extract.records import Box, Picture
from extract.scan.flatten import picture_of

SMALLEST, LARGEST = 0.1, 0.45  # inches: height and width of a box for one character
SLIMMEST, WIDEST = 0.45, 1.7  # width to height of such a box
ALIKE = 0.3  # share by which boxes of one run may differ in size
LEVEL = 0.4  # of their height, by which neighbours may stand higher or lower
OVERLAP = -0.2  # of their width, the gap between neighbours at least
NEAR = 0.8  # of their width, by which neighbours may stand apart
UNSEEN = 2.4  # likewise where boxes between them were not seen
PITCH = 0.2  # share by which the distance of boxes may differ where one was not seen
FEWEST_WRAPPED = 5  # boxes of a run that wraps: a table's last cells are small, too, and shorter codes fit their line
WRAP = 1.3  # of their height, by which the next line of a run may lie below
SEARCH_STEP = 2.0  # pixels of the survey between the places where such a run is looked for
MARGIN = 2.0  # of their width, from a margin: how near a run that wraps begins and ends
OUTLINE = 0.7  # share of a box's outline that must be drawn on a picture
SURE_OUTLINE = 0.95  # likewise so much that no better place is looked for
RECTANGULAR = 0.85  # share of its outline's rectangle that the inside of a box fills
MOST_BOXES = 300  # single boxes on one page; the grain of a dark surrounding makes more
CLOSE, TIGHT = 0.9, 0.5  # shares of a frame's width and height that a run in it takes up if the frame is its own
STRIP_ROWS = 3  # rows a frame may have whose row of equal small cells is a code, not a table's


Drawn = Callable[[Sequence[Box]], Sequence[float]]  # how much of each box's outline is there


@dataclass(frozen=True, slots=True)
class Parted:
    """A page's frames, tables apart from runs of boxes; a run's boxes in reading order."""

    tables: tuple[GridFrame, ...]
    runs: tuple[tuple[Box, ...], ...]


def part_boxes(
    frames: Sequence[GridFrame], per_inch: float, seen: Sequence[Box] = (), drawn: Drawn | None = None,
    combs: Sequence[Sequence[Box]] = (),
) -> Parted:  # fmt: skip
    """Tell runs of boxes from tables.

    Boxes may stand apart, share walls, be open at the top, a row of a small table, or stand inside a table's cell.
    The places of `combs` are known. A run that wraps at the right margin is one run. Single large frames around
    nothing are tables of one cell; one that holds other frames is a border and no table.

    On a picture `seen` are boxes found otherwise (`enclosed_boxes`), in the frames' units, and `drawn` tells how much
    of each box's outline is there: handwriting hides some boxes, and the others say where to look for them.
    """
    cells = [f.box_of(s) for f in frames if f.rows > STRIP_ROWS for s in f.spans]
    single = [b for b in seen if _is_box(b, per_inch) and not any(_same(b, cell) for cell in cells)]
    if len(single) > MOST_BOXES:
        single = []
    if drawn is not None:
        single = _completed(single, drawn)
        single = _completed([*single, *_over_margin(single, frames, drawn)], drawn)
    for frame in frames:
        boxes = _boxes_of(frame, per_inch) if frame.rows <= STRIP_ROWS else []
        single += [box for box in boxes if not _covered(box, single)]
    places = [place for comb in combs for place in comb]
    single = [*(box for box in single if not _covered(box, places)), *places]
    runs = [part for run in _runs(single) for part in _without_gaps(run)]
    runs = _wrapped([run for run in runs if len(run) > 1 or _stands_alone(run[0], runs, frames, per_inch)], frames)
    tables = [f for f in frames if not _is_scrap(f, frames, per_inch) and not _is_run(f, runs)]
    return Parted(tuple(tables), tuple(tuple(run) for run in runs))


def _completed(boxes: Sequence[Box], drawn: Drawn) -> list[Box]:
    """The boxes that are drawn, and with them their neighbours of the same size, step by step in both directions."""
    known = [box for box, share in zip(boxes, drawn(boxes), strict=True) if share >= OUTLINE]
    steps = _pitches(known)
    for box, step in zip(list(known), steps, strict=True):
        for direction in (-1, 1) if step else ():
            last = box
            while (following := _neighbour(last, direction * step, drawn)) is not None:
                if _covered(following, known):
                    break
                known.append(following)
                last = following
    return known


def _over_margin(boxes: Sequence[Box], frames: Sequence[GridFrame], drawn: Drawn) -> list[Box]:
    """The boxes at the left margin in which runs that break off at the right one go on, a line below."""
    if not frames:
        return []
    left, right = min(f.box.x0 for f in frames), max(f.box.x1 for f in frames)
    found: list[Box] = []
    for box in (run[-1] for run in _runs(boxes) if len(run) >= FEWEST_WRAPPED):
        if right - box.x1 >= MARGIN * box.width:
            continue
        columns = np.arange(left - box.width / 2, left + MARGIN * box.width, SEARCH_STEP)
        rows = np.arange(box.y1 - box.height / 4, box.y1 + WRAP * box.height, SEARCH_STEP)
        places = [Box(x, y, x + box.width, y + box.height) for x in columns for y in rows]
        best = _best(places, drawn, OUTLINE)
        if best is not None and not _covered(best, [*boxes, *found]):
            found.append(best)
    return found


def _pitches(boxes: Sequence[Box]) -> list[float]:
    """For each box the distance to the nearest one beside it, as boxes of its size have it; 0 if none has."""
    x0, y0, x1, y1 = np.array([(b.x0, b.y0, b.x1, b.y1) for b in boxes]).reshape(-1, 4).T
    wide, high, middle = x1 - x0, y1 - y0, (y0 + y1) / 2
    alike = np.abs(wide[:, None] - wide) < ALIKE * wide[:, None]
    alike &= np.abs(high[:, None] - high) < ALIKE * high[:, None]
    level = np.abs(middle[:, None] - middle) < LEVEL * high[:, None]
    gap = (x0 - x1[:, None]) / wide[:, None]
    one, other = np.nonzero(alike & level & (gap > OVERLAP) & (gap < NEAR))
    steps = [(x0[other] - x0[one])[alike[one, box]] for box in range(len(boxes))]
    return [float(np.median(of_its_size)) if of_its_size.size else 0.0 for of_its_size in steps]


def _neighbour(box: Box, step: float, drawn: Drawn) -> Box | None:
    """The box one step farther if it is drawn there, give or take a little."""
    slack = max(1.0, abs(step) / 20)
    shifts = [(dx, dy) for dx in (0.0, -slack, slack) for dy in (0.0, -slack, slack)]
    places = [Box(box.x0 + step + x, box.y0 + y, box.x1 + step + x, box.y1 + y) for x, y in shifts]
    return _best(places[:1], drawn, SURE_OUTLINE) or _best(places, drawn, OUTLINE)


def _best(places: Sequence[Box], drawn: Drawn, least: float) -> Box | None:
    """The place where most of a box is drawn, if it is as much as `least`."""
    share, first = max(((share, -i) for i, share in enumerate(drawn(places))), default=(0.0, 0))
    return places[-first] if share >= least else None


def _alike(one: Box, other: Box) -> bool:
    return abs(one.width - other.width) < ALIKE * one.width and abs(one.height - other.height) < ALIKE * one.height


def enclosed_boxes(walls: Picture, dpi: float) -> list[Box]:
    """The small upright rectangles that walls (255) enclose in a mask of rulings, in its pixels."""
    open_space = cv2.bitwise_not(cv2.dilate(walls, np.ones((3, 3), np.uint8)))
    _, stats = components(picture_of(open_space), connectivity=4)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    full = stats[:, cv2.CC_STAT_AREA] > RECTANGULAR * wide * high
    small = (np.minimum(wide, high) > SMALLEST * dpi) & (np.maximum(wide, high) < LARGEST * dpi)
    return [
        Box(float(x) - 1.5, float(y) - 1.5, float(x + w) + 1.5, float(y + h) + 1.5)  # back to the walls' middle
        for x, y, w, h in stats[full & small][:, :4]
    ]


def _same(one: Box, other: Box) -> bool:
    """Whether two boxes are nearly one."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    shared = max(width, 0) * max(height, 0)
    return shared > 0.6 * max(one.width * one.height, other.width * other.height)


def _covered(box: Box, others: Sequence[Box]) -> bool:
    return any(other.holds(*box.centre) or box.holds(*other.centre) for other in others)


def _is_run(frame: GridFrame, runs: Sequence[Sequence[Box]]) -> bool:
    """Whether a frame is made of the boxes of a run, of what stands between them, or of print close above them."""
    for run in runs:
        whole = Box.around(run)
        around = whole.grown(0.5 * run[0].height)
        if around.holds(frame.box.x0, frame.box.y0) and around.holds(frame.box.x1, frame.box.y1):
            return True
        as_wide = around.x0 <= frame.box.x0 and frame.box.x1 <= around.x1 and whole.width > CLOSE * frame.box.width
        if as_wide and frame.box.holds(*whole.centre) and whole.height > TIGHT * frame.box.height:
            return True
    return False


def _boxes_of(frame: GridFrame, per_inch: float) -> list[Box]:
    """The cells of a frame that are boxes for a character: all of a row's, or many equal ones beside each other."""
    found: list[Box] = []
    for row in range(frame.rows):
        cells = [frame.box_of(s) for s in frame.spans if s.row == row and s.row_span == 1]
        small = [box for box in cells if _is_box(box, per_inch)]
        if small and (len(small) == len(cells) or len(small) > 3) and _equal(small):
            found += small
    return found


def _is_box(box: Box, per_inch: float) -> bool:
    width, height = box.width / per_inch, box.height / per_inch
    return min(width, height) > SMALLEST and max(width, height) < LARGEST and SLIMMEST < width / height < WIDEST


def _equal(boxes: Sequence[Box]) -> bool:
    widths = np.array([b.width for b in boxes])
    middle = float(np.median(widths))
    return bool((np.abs(widths - middle) < ALIKE * middle).all())


def _is_scrap(frame: GridFrame, frames: Sequence[GridFrame], per_inch: float) -> bool:
    """Whether a frame is no table: too small to be written in, or a border around others."""
    if frame.rows * frame.columns > 1:
        return min(frame.box.width, frame.box.height) < SMALLEST * per_inch or (
            len(frame.spans) < 3 and max(frame.box.width, frame.box.height) < 2 * LARGEST * per_inch
        )
    if frame.box.width < 2 * LARGEST * per_inch or frame.box.height < SMALLEST * per_inch:
        return True
    return any(other is not frame and frame.box.holds(*other.box.centre) for other in frames)


def _runs(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes in runs: alike, level, and near one another."""
    runs: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b.x0):
        for run in runs:
            if _continues(run[-1], box):
                run.append(box)
                break
        else:
            runs.append([box])
    runs.sort(key=lambda run: run[0].centre[1])
    ordered: list[list[Box]] = []
    while runs:  # a line of runs from left to right, then the next line
        level = [run for run in runs if run[0].centre[1] < runs[0][0].y1]
        ordered += sorted(level, key=lambda run: run[0].x0)
        runs = runs[len(level) :]
    return ordered


def _continues(last: Box, box: Box) -> bool:
    level = abs(last.centre[1] - box.centre[1]) < LEVEL * last.height
    return _alike(last, box) and level and OVERLAP * last.width < box.x0 - last.x1 < UNSEEN * last.width


def _without_gaps(run: list[Box]) -> list[list[Box]]:
    """The run, parted at real gaps, with boxes put in where their regular distance says that some were not seen."""
    steps = np.diff([b.centre[0] for b in run])
    near = steps < (1 + NEAR) * run[0].width
    pitch = float(np.median(steps[near])) if near.sum() > 1 else 0.0
    parts = [[run[0]]]
    for last, box, step in zip(run, run[1:], steps, strict=False):
        count = round(step / pitch) if pitch else 0
        if count > 1 and abs(step / pitch - count) < PITCH:
            parts[-1] += [_between(last, box, i / count) for i in range(1, count)]
        elif step > (1 + NEAR) * box.width:
            parts.append([])
        parts[-1].append(box)
    return parts


def _between(last: Box, box: Box, share: float) -> Box:
    corners = zip((last.x0, last.y0, last.x1, last.y1), (box.x0, box.y0, box.x1, box.y1), strict=True)
    return Box(*(a + share * (b - a) for a, b in corners))


def _stands_alone(box: Box, runs: Sequence[Sequence[Box]], frames: Sequence[GridFrame], per_inch: float) -> bool:
    """Whether a single box is one to be written in: it is like those of a run, or it stands apart from everything."""
    others = [run for run in runs if len(run) > 1]
    if any(Box.around(run).grown(box.width).holds(*box.centre) for run in others):
        return False
    if any(_alike(run[0], box) for run in others):
        return True
    within = any(f.box.holds(*box.centre) for f in frames if len(f.spans) > 1)
    return not within and min(box.width, box.height) > 1.3 * SMALLEST * per_inch


def _wrapped(runs: Sequence[list[Box]], frames: Sequence[GridFrame]) -> list[list[Box]]:
    """Runs with those joined that break at the right margin and go on at the left one, a line below."""
    if not frames:
        return list(runs)
    left, right = min(f.box.x0 for f in frames), max(f.box.x1 for f in frames)
    joined: list[list[Box]] = []
    for run in runs:
        last = joined[-1] if joined else []
        if last and len(run) < len(last) and _wraps(last[-1], run[0], left, right):
            last += run
        else:
            joined.append(list(run))
    return joined


def _wraps(end: Box, start: Box, left: float, right: float) -> bool:
    at_margins = right - end.x1 < MARGIN * end.width and start.x0 - left < MARGIN * start.width
    return _alike(end, start) and at_margins and 0 < start.y0 - end.y1 + 0.3 * end.height < WRAP * end.height
