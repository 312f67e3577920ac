"""The picture of a single cell → a sheet of one cell: evenly lit, at the working resolution, its rulings known.

Such a picture shows little of its page. Which straight strokes are rulings is told by where they end: at the picture's
edges, or at one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.grids.walls import runs_of
from extract.ink.components import components
from extract.ink.page import PageInk
from extract.records import Box, Cell, Grid, Picture, Sheet, StoredPage
from extract.scan.flatten import PAPER, even_light, picture_of, reduced
from extract.scan.rulings import FAINTEST, TILT, Wall, find_rulings, paint_walls, slope
from extract.scan.sheet import COARSEST, FINEST, RULING_DPI, SHORTEST_WALL
from extract.scan.stamp import lift_stamp

ROOM = 0.1  # inch of paper put around the picture: ink at its very edge is not the edge's
NEAR = 0.03  # inch; how near to the picture's edge a ruling ends
MEETS = 0.04  # inch; likewise to another ruling: corners are not drawn exactly
BREAK, PIECE = 0.2, 0.15  # inch; a ruling goes on after a break as long, in a piece as long
SHORTEST = 0.1  # inch; shorter strokes are no side of a cell
LOWEST = 0.18  # inch; a lower picture is cut around its ink and shows no upright ruling, a narrower one no level one
ALONG = 0.25  # inch; a stroke as long that leaves the picture slantwise is the rest of a ruling
LONG = 0.4  # inch; a ruling as long may end in the open on one side: tables are not always closed
RIM, LEVEL = 0.03, 2.0  # inch from the edge, and lengths a breadth, of what a ruling outside the picture leaves in it
SOLID = 0.5  # share of a ruling that is drawn in runs that count
RUN = (
    0.08,
    0.2,
)  # inches of a run that counts: alone, and where ink stands beside it all along as in a line of figures
CROWDED = 0.5  # share of a stroke's length with ink beside it
STRADDLED = 0.25  # share of the ink's width that goes on across a ruling which runs through the figures
BESIDE = 0.025  # inch beside a ruling where it is looked for
DARK = 40  # grey levels below the paper from which that is ink


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A straight stroke, in a frame where it runs along the first coordinate: from (start, first) to (end, last)."""

    start: float
    end: float
    first: float
    last: float

    @property
    def length(self) -> float:
        return self.end - self.start

    @property
    def at(self) -> float:
        return (self.first + self.last) / 2


def single_sheet(page: StoredPage, dpi: float) -> Sheet:
    """The sheet of a picture that shows one cell, perhaps its rulings and paper around, at `dpi` pixels an inch."""
    lifted, stamped = lift_stamp(page.picture)
    working = min(max(dpi, COARSEST), FINEST)
    even = even_light(_resized(lifted, working / dpi), working)
    _clear_rim(even, working)
    room = round(ROOM * working)
    paper = (int(PAPER),) * 3
    grey = picture_of(cv2.copyMakeBorder(even, room, room, room, room, cv2.BORDER_CONSTANT, value=paper))
    lying, standing = _rulings(grey, room, working)
    walls = [Wall(True, s.start, s.end, s.first, s.last) for s in lying]
    walls += [Wall(False, s.start, s.end, s.first, s.last) for s in standing]
    mask = np.zeros_like(grey)
    paint_walls(grey, mask, walls, working, SHORTEST_WALL * working)
    box = _cell_box(grey, mask, (lying, standing), working)
    height, width = grey.shape
    seals = (Box(0, 0, width, height),) if stamped else ()
    seen = PageInk(grey, mask, resolution=working, seals=seals).cut(box)
    cell = Cell(box, 0, 0, crop=seen.crop, ink=seen.ink, marks=seen.marks)
    back = page.picture.shape[1] / even.shape[1]
    return Sheet(
        source=page.source,
        number=page.number,
        kind="scan",
        unit=page.unit,
        width=float(width),
        height=float(height),
        resolution=working,
        to_stored=np.array([[back, 0, -room * back], [0, back, -room * back], [0, 0, 1.0]]),
        grids=(Grid(box, 1, 1, (box.x0, box.x1), (box.y0, box.y1), (cell,)),),
        boxes=(),
        lines=(),
        picture=grey,
    )


def _resized(picture: Picture, factor: float) -> Picture:
    if factor <= 1.0:
        return reduced(picture, factor)
    return picture_of(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR))


def _clear_rim(grey: Picture, dpi: float) -> None:
    """Makes paper of what a ruling just outside the picture left at its edge: thin ink that lies along it."""
    height, width = grey.shape
    labels, stats = components(picture_of((grey < PAPER - FAINTEST).astype(np.uint8)))
    left, top, wide, high = stats[:, :4].T
    above = ((top == 0) | (top + high == height)) & (high <= RIM * dpi) & (wide > LEVEL * high)
    beside = ((left == 0) | (left + wide == width)) & (wide <= RIM * dpi) & (high > LEVEL * wide)
    rest = (above & (height > LOWEST * dpi)) | (beside & (width > LOWEST * dpi))
    rest[0] = False
    if rest.any():
        soft = cv2.dilate(rest[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
        grey[soft > 0] = int(PAPER)


def _rulings(grey: Picture, room: int, dpi: float) -> tuple[list[_Stroke], list[_Stroke]]:
    """The level and the upright rulings of a picture with `room` pixels of paper put around it."""
    height, width = grey.shape
    across, down = (room, width - room), (room, height - room)
    survey = reduced(grey, RULING_DPI / dpi)
    factor = width / survey.shape[1]
    lying = _strokes(survey, factor, dpi) if width - 2 * room >= LOWEST * dpi else []
    standing = _strokes(picture_of(cv2.transpose(survey)), factor, dpi) if height - 2 * room >= LOWEST * dpi else []
    while True:
        level = [s for s in lying if _is_ruling(s, standing, across, down, dpi)]
        upright = [s for s in standing if _is_ruling(s, lying, down, across, dpi)]
        if (len(level), len(upright)) == (len(lying), len(standing)):
            return level, upright
        lying, standing = level, upright  # what ended at a stroke that is no ruling is none either


def _strokes(survey: Picture, factor: float, dpi: float) -> list[_Stroke]:
    """The straight level strokes, in working pixels; those that go on after a break are one."""
    found: list[_Stroke] = []
    for trace in sorted(find_rulings(survey, RULING_DPI).traces, key=lambda t: t.start):
        lean = slope(trace)
        if len(trace.along) == 0 or abs(lean) > TILT:
            continue
        middle = float(trace.along.mean())
        first, last = (trace.at + lean * (end - middle) for end in (trace.start, trace.end))
        stroke = _Stroke(trace.start * factor, trace.end * factor, first * factor, last * factor)
        if _drawn_share(survey, trace.start, trace.end, first, last) < SOLID:
            continue
        before = next((s for s in found if _goes_on(s, stroke, dpi)), None)
        if before is not None:
            found.remove(before)
            stroke = _Stroke(before.start, max(before.end, stroke.end), before.first, stroke.last)
        found.append(stroke)
    return [s for s in found if s.length >= SHORTEST * dpi]


def _drawn_share(survey: Picture, start: float, end: float, first: float, last: float) -> float:
    """How much of a stroke is dark in long runs: most of a ruling, little of figures in a row."""
    along = np.arange(max(0, round(start)), min(survey.shape[1], round(end) + 1))
    if len(along) < 2:
        return 0.0
    middle = np.rint(np.interp(along, (start, end), (first, last))).astype(np.intp)

    def dark(offsets: Sequence[int]) -> npt.NDArray[np.bool_]:
        rows = np.clip(middle + np.array(offsets)[:, None], 0, survey.shape[0] - 1)
        return np.asarray((survey[rows, along] < PAPER - FAINTEST).any(axis=0))

    beside = dark([-6, -5, -4, -3]) | dark([3, 4, 5, 6])
    run = RUN[1] if float(beside.mean()) > CROWDED else RUN[0]
    return sum(b - a + 1 for a, b in runs_of(dark([-1, 0, 1])) if b - a + 1 >= run * RULING_DPI) / len(along)


def _goes_on(before: _Stroke, stroke: _Stroke, dpi: float) -> bool:
    gap = stroke.start - before.end
    if min(before.length, stroke.length) < PIECE * dpi:
        return False  # bars of figures in a row
    return -NEAR * dpi < gap < BREAK * dpi and abs(stroke.first - before.last) < NEAR / 2 * dpi


def _is_ruling(
    stroke: _Stroke, crossing: Sequence[_Stroke], along: tuple[float, float], across: tuple[float, float], dpi: float
) -> bool:
    """Whether a stroke ends where rulings do. `along` and `across` are the picture's edges in the stroke's frame."""
    near, meets = NEAR * dpi, MEETS * dpi
    slanting = stroke.length >= ALONG * dpi

    def ends(at: float, aside: float) -> bool:
        if at <= along[0] + near or at >= along[1] - near:
            return True
        if slanting and (aside <= across[0] + near or aside >= across[1] - near):
            return True
        return any(abs(c.at - at) <= meets and c.start - meets <= aside <= c.end + meets for c in crossing)

    both = (ends(stroke.start, stroke.first), ends(stroke.end, stroke.last))
    return all(both) or (any(both) and stroke.length >= LONG * dpi)


def _cell_box(grey: Picture, mask: Picture, rulings: tuple[list[_Stroke], list[_Stroke]], dpi: float) -> Box:
    """The cell: from ruling to ruling around the picture's middle; a ruling that runs through figures is no edge."""
    height, width = grey.shape
    ink = picture_of(((grey < PAPER - DARK) & (mask == 0)).astype(np.uint8))
    reach = max(2, round(BESIDE * dpi))
    y0, y1 = _between([s for s in rulings[0] if not _straddled(ink, s, reach)], height, dpi)
    x0, x1 = _between([s for s in rulings[1] if not _straddled(picture_of(cv2.transpose(ink)), s, reach)], width, dpi)
    return Box(x0, y0, x1, y1)


def _between(rulings: Sequence[_Stroke], extent: int, dpi: float) -> tuple[float, float]:
    """The nearest rulings before and after the middle, else the picture's ends."""
    before = [s.at for s in rulings if s.at < extent / 2 - NEAR * dpi]
    after = [s.at for s in rulings if s.at > extent / 2 + NEAR * dpi]
    return max(before, default=0.0), min(after, default=float(extent))


def _straddled(ink: Picture, ruling: _Stroke, reach: int) -> bool:
    """Whether much of the ink stands on both sides of a ruling, as figures do that it runs through."""
    at, gap = round(ruling.at), 2
    above = ink[max(0, at - gap - reach) : max(0, at - gap)].any(axis=0)
    below = ink[at + gap + 1 : at + gap + reach + 1].any(axis=0)
    return int(np.count_nonzero(above & below)) > STRADDLED * max(1, int(np.count_nonzero(ink.any(axis=0))))
