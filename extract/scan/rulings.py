"""Where ruling lines lie on a straightened page: faint, broken, thick or thin, and never the feet of digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.ink.components import components
from extract.records import Picture
from extract.scan.flatten import Floats, Trace, picture_of

THICKEST = 0.045  # inches: a ruling is no thicker; bars and filled boxes are no rulings
DOUBLE = 2.0  # times as thick is a double ruling whose lines touch
SHORT = 0.12  # inches: the least straight stroke taken for part of a ruling (boxes of codes have sides this short)
UNBROKEN = 0.8  # share of that stroke which must be dark: print is broken by noise and crossed by light scratches
DASH_GAP = 0.035  # inches between two dashes of one ruling
DASHED, DASHED_DARK = 0.5, 0.95  # inches that a row of dashes runs on, and the share of them dark once gaps are closed
FAINTEST = 16  # grey levels below its surroundings: the faintest hairline told from the grain of paper
GRAIN = 4.0  # times the usual unevenness of paper that a ruling must stand out by
INK = 190  # grey level below which something is ink, on paper of 250
ASIDE = (0.02, 0.035)  # inches from a stroke: within the letters of small print, and just outside a thick ruling
CERTAIN = 0.4  # inches: what runs on in ink so far is no text, however near text stands
CROWDED = 0.3  # share of ink close beside a stroke from which it is a part of text
SLACK = 2  # pixels by which a wall may be off its computed place
BESIDE = 0.05  # inches from a wall within which its ruling, or both of a double one, lie
SECOND = 0.7  # share of the darkness of a wall's ruling that a second one beside it has
PROBES = 120  # points at most along a wall at which its strip is looked at
EDGE = 0.3  # share of a ruling's darkness down to which its grey edge belongs to it
STEP = 0.25  # inches between the points of a trace
TILT = 0.06  # slope of a piece against the page's rulings: steeper strokes are handwriting

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a picture shows of rulings in one direction, in the frame where they run along x."""

    dark: Picture  # 255 within SLACK of a thin dark stroke, of text or of a ruling
    near: Picture  # 255 likewise of a stroke that stands alone, as a ruling does
    solid: Picture  # 255 where it goes on long enough to be one
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """One side of a cell: from `start` to `end` along, at `first` and `last` across, pixels."""

    lying: bool
    start: float
    end: float
    first: float
    last: float

    def scaled(self, factor: float) -> Wall:
        """The same wall in a picture `factor` times as large."""
        sides = (side * factor for side in (self.start, self.end, self.first, self.last))
        return Wall(self.lying, *sides)


def find_rulings(picture: Picture, dpi: float) -> Evidence:
    """The level rulings of a grey picture with even light; pass its transpose for the upright ones."""
    ridge, faintest = thin_strokes(picture, dpi)
    alone = standing_alone(picture, dpi)
    dark = _above(ridge, faintest)
    solid = picture_of(cv2.bitwise_or(lasting(dark, alone, dpi), dashed(dark, alone, dpi)))
    grown = picture_of(cv2.dilate(dark, np.ones((2 * SLACK + 1, 1), np.uint8)))
    near = picture_of(cv2.dilate(cv2.bitwise_and(dark, alone), np.ones((2 * SLACK + 1, 1), np.uint8)))
    return Evidence(grown, near, solid, tuple(trace_pieces(solid, dpi)))


def thin_strokes(picture: Picture, dpi: float) -> tuple[Picture, float]:
    """How much darker the picture is than above and below within a ruling's thickness, and from where that is ink."""
    reach = 2 * round(THICKEST * dpi / 2 + 0.5) + 3
    calm = cv2.blur(picture, (3, 1))
    ridge = picture_of(cv2.morphologyEx(calm, cv2.MORPH_BLACKHAT, np.ones((reach, 1), np.uint8)))
    grain = float(np.median(ridge[::7, ::7]))
    return ridge, max(FAINTEST, GRAIN * grain)


def _above(ridge: Picture, least: float) -> Picture:
    return picture_of(cv2.threshold(ridge, least, 255, cv2.THRESH_BINARY)[1])


def crowding(picture: Picture, dpi: float) -> Picture:
    """How much ink stands close above or below, 0 … 255: much beside a stroke of text, little beside a ruling.

    Another ruling close by (a double line, the wall of the next box) does not count.
    """
    length = round(SHORT * dpi) | 1
    ink = cv2.threshold(picture, INK, 255, cv2.THRESH_BINARY_INV)[1]
    unbroken = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    density = cv2.blur(cv2.subtract(ink, cv2.dilate(unbroken, np.ones((3, 1), np.uint8))), (length, 1))
    sides = np.zeros_like(density)
    for reach in ASIDE:
        aside = round(reach * dpi)
        both = np.maximum(density[: -2 * aside], density[2 * aside :])
        np.maximum(sides[aside:-aside], both, out=sides[aside:-aside])
    certain = cv2.morphologyEx(unbroken, cv2.MORPH_OPEN, np.ones((1, round(CERTAIN * dpi)), np.uint8))
    return picture_of(cv2.bitwise_and(sides, cv2.bitwise_not(cv2.dilate(certain, np.ones((3, 1), np.uint8)))))


def standing_alone(picture: Picture, dpi: float) -> Picture:
    """255 where so little ink stands close above and below that a stroke there may be a ruling."""
    return picture_of(cv2.threshold(crowding(picture, dpi), int(CROWDED * 255), 255, cv2.THRESH_BINARY_INV)[1])


def lasting(dark: Picture, alone: Picture, dpi: float) -> Picture:
    """Only those strokes that run level for the length of a ruling's piece, alone, small breaks allowed."""
    length = round(SHORT * dpi) | 1
    # a stroke that drifts by a pixel over its length is still one: look one pixel up and down
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8))
    full = cv2.threshold(cv2.blur(thick, (length, 1)), UNBROKEN * 255, 255, cv2.THRESH_BINARY)[1]
    kept = cv2.dilate(cv2.bitwise_and(full, alone), np.ones((1, length), np.uint8))
    return picture_of(cv2.bitwise_and(kept, cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, 5)))))


def dashed(dark: Picture, alone: Picture, dpi: float) -> Picture:
    """Strokes of short dashes, as far as they run on: gaps smaller than those of text, over more than words have."""
    closed = picture_of(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, round(DASH_GAP * dpi) | 1), np.uint8)))
    length = round(DASHED * dpi) | 1
    full = cv2.threshold(cv2.blur(closed, (length, 1)), DASHED_DARK * 255, 255, cv2.THRESH_BINARY)[1]
    kept = cv2.dilate(cv2.bitwise_and(full, alone), np.ones((1, length), np.uint8))
    return picture_of(cv2.bitwise_and(kept, closed))


def trace_pieces(solid: Picture, dpi: float) -> list[Trace]:
    """The connected pieces of rulings, each as points `STEP` apart."""
    labels, stats = components(solid)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    thickness = stats[:, cv2.CC_STAT_AREA] / np.maximum(wide, 1)
    kept = (
        (wide >= SHORT * dpi * UNBROKEN)
        & (high < wide * TILT + THICKEST * dpi * 2)
        & (thickness < DOUBLE * THICKEST * dpi)
    )
    kept[0] = False
    step = max(4, round(STEP * dpi))
    places = np.flatnonzero(solid.view(bool))
    rows, columns = np.divmod(places, solid.shape[1])
    names = labels.ravel()[places]
    inside = kept[names]
    rows, columns, names = rows[inside], columns[inside], names[inside]
    bins = solid.shape[1] // step + 1
    keys = names * bins + columns // step
    count = len(stats)
    total = np.bincount(keys, minlength=count * bins)
    filled = np.flatnonzero(total > step * 0.25)
    along = np.bincount(keys, columns, count * bins)[filled] / total[filled]
    across = np.bincount(keys, rows, count * bins)[filled] / total[filled]
    return [
        Trace(along[first:last], across[first:last], float(left), float(left + width), float(thick))
        for first, last, left, width, thick in _by_piece(filled // bins, stats, thickness)
    ]


def _by_piece(
    names: npt.NDArray[np.int64], stats: npt.NDArray[np.int32], thickness: Floats
) -> list[tuple[int, int, int, int, float]]:
    """For each piece: first and last point, left end, width, thickness."""
    if len(names) == 0:
        return []
    starts = np.flatnonzero(np.diff(names, prepend=-1))
    ends = np.append(starts[1:], len(names))
    return [
        (
            int(first),
            int(last),
            int(stats[names[first], cv2.CC_STAT_LEFT]),
            int(stats[names[first], cv2.CC_STAT_WIDTH]),
            float(thickness[names[first]]),
        )
        for first, last in zip(starts, ends, strict=True)
    ]


def slope(trace: Trace) -> float:
    """How much a piece tilts, 0 for one too short to say."""
    if len(trace.along) < 2:
        return 0.0
    return float((trace.across[-1] - trace.across[0]) / max(trace.along[-1] - trace.along[0], 1.0))


def drawn_share(seen: Picture, along: Floats, across: Floats) -> Floats:
    """Share of the points along the last axis of `along`, `across` (pixels) where a picture of strokes shows one."""
    height, width = seen.shape
    x = np.minimum(np.maximum(along + 0.5, 0), width - 1).astype(np.intp)
    y = np.minimum(np.maximum(across + 0.5, 0), height - 1).astype(np.intp)
    return np.asarray((seen[y, x] > 0).mean(axis=-1), np.float64)


def paint_walls(picture: Picture, mask: Picture, walls: Sequence[Wall], dpi: float, least: float = 0.0) -> None:
    """Paint 255 into the mask where walls are drawn, as thin as they are: a digit's foot on a wall is no part of it.

    `picture` is grey with even light. Middle and thickness are measured over each wall's own strip, a wall shorter
    than `least` pixels with what goes on beyond its ends: a dash between two strokes of a seal is no wall.
    """
    half, thickest = max(3, round(BESIDE * dpi)), max(3, round(THICKEST * dpi / 2) + 1)
    for wall in walls:
        high, wide = picture.shape if wall.lying else picture.shape[::-1]
        more = max(0.0, (least - (wall.end - wall.start)) / 2)
        along = np.arange(max(0, round(wall.start - more)), min(wide, round(wall.end + more) + 1))
        if len(along) < 2:
            continue
        slope = (wall.last - wall.first) / max(wall.end - wall.start, 1.0)
        middle = np.rint(wall.first + slope * (along - wall.start)).astype(np.intp)
        some = slice(None, None, -(-len(along) // PROBES))
        across = np.clip(middle[some] + np.arange(-half, half + 1)[:, None], 0, high - 1)
        seen = picture[across, along[some]] if wall.lying else picture[along[some], across]
        drawn = [row - half for row in _drawn(seen, thickest)]
        own = (along >= round(wall.start)) & (along <= round(wall.end))
        _paint(mask if wall.lying else mask.T, along[own], middle[own], drawn)


def _paint(mask: Picture, along: Places, middle: Places, drawn: Sequence[int]) -> None:
    """Paint 255 into a mask so far beside a wall's middle, over each stretch on which that stays in one row."""
    turns = (np.flatnonzero(np.diff(middle)) + 1).tolist()
    for first, end in zip([0, *turns], [*turns, len(along)], strict=True) if len(along) else ():
        for row in {min(max(int(middle[first]) + aside, 0), len(mask) - 1) for aside in drawn}:
            mask[row, along[first] : along[end - 1] + 1] = 255


def _drawn(strip: Picture, thickest: int) -> list[int]:
    """Which rows of a strip along a wall its rulings cover (two, around cells drawn apart); empty if none is drawn.

    A second ruling is as dark and thin as the first and apart from it: the blur of one that leans is none.
    """
    middles = ((strip.shape[1] - 1) // 2, strip.shape[1] // 2)
    ordered = np.partition(strip, middles, axis=1)[:, middles].astype(float)
    light = ordered[:, 0] + ordered[:, 1]  # twice the median of each row
    profile = ((light.max() - light) / 2).tolist()
    darkest = max(profile)
    if darkest < FAINTEST / 2:
        return []
    peak = profile.index(darkest)
    runs = _runs_above(profile, darkest * EDGE)
    first, last = next((start, end) for start, end in runs if start <= peak <= end)
    first, last = max(first, peak - thickest), min(last, peak + thickest)
    drawn = set(range(first, last + 1))
    for start, end in runs:
        apart = end < first - 1 or start > last + 1
        if apart and end - start <= last - first + 1 and max(profile[start : end + 1]) > darkest * SECOND:
            drawn |= set(range(start, end + 1))
    return sorted(drawn)


def _runs_above(profile: Sequence[float], least: float) -> list[tuple[int, int]]:
    """First and last place of each run of greater values; of so few this is faster than by arrays."""
    runs: list[tuple[int, int]] = []
    for i, value in enumerate(profile):
        if value <= least:
            continue
        if runs and runs[-1][1] == i - 1:
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return runs
