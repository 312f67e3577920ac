"""Combs: long boxes for a code whose places short teeth part, standing on the lower side or hanging from the upper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.grids.grid import GridFrame
from extract.records import Box
from extract.scan.boxes import LARGEST, SLIMMEST, SMALLEST, STRIP_ROWS, WIDEST
from extract.scan.flatten import Floats
from extract.scan.frames import Ruled
from extract.scan.rulings import Wall, drawn_share

FEET = np.array([0.1, 0.13, 0.16, 0.19])  # of the comb's height, from its side: even short teeth stand there
HEIGHTS = np.linspace(0.02, 0.98, 33)  # likewise, where the teeth may end
FEWEST, MOST = 3, 24  # places of a comb
CERTAIN, IN_TABLE = 0.003, 1e-4  # chance below which strokes are teeth by themselves; print in tables is dense
SQUARE, IN_SQUARES = 0.15, 0.03  # places so nearly square are usual, and need less
LIKELY = 0.3  # likewise beside a comb with places as large: a form's combs are alike
ALIKE = 0.07  # share by which such places may differ
SEEN = 0.7  # share of its teeth that must be seen, beyond what digits make be seen anywhere
EVENLY = 0.9  # share of the best score that a finer division may have: every other tooth makes a comb, too
RISE = 0.6  # share of the teeth that still stand at the height at which they end
HOLD = 0.03  # inches by which rulings that meet may miss each other
KNOTS = 9  # points of a side whose place in the picture is computed


@dataclass(frozen=True, slots=True)
class Comb:
    """A comb as pictured: the places of its characters from left to right, and all that is drawn."""

    places: tuple[Box, ...]
    walls: tuple[Wall, ...]  # its long sides, its ends, its teeth
    chance: float  # that other strokes look like these teeth

    @property
    def box(self) -> Box:
        """All its places together."""
        return Box.around(self.places)

    @property
    def certain(self) -> float:
        """The chance below which it is a comb by itself."""
        return IN_SQUARES if abs(self.box.width / len(self.places) / self.box.height - 1) < SQUARE else CERTAIN

    def like(self, other: Comb) -> bool:
        """Whether the places are as large."""
        pairs = ((self.box.width / len(self.places), other.box.width / len(other.places)),
                 (self.box.height, other.box.height))  # fmt: skip
        return all(abs(one - two) < ALIKE * max(one, two) for one, two in pairs)


@dataclass(frozen=True, slots=True)
class _Sides:
    """The side on which teeth stand and the one opposite, as pictured: (2, n) x and y of each pixel along."""

    foot: Floats
    tip: Floats


def find_combs(page: Ruled, frames: Sequence[GridFrame]) -> list[Comb]:
    """The combs among a page's frames, in pixels of the picture on which rulings are traced.

    What handwriting makes of a comb's inside does not matter: only its outline and its teeth are looked at.
    """
    tables = [frame.box for frame in frames if frame.rows > STRIP_ROWS]
    found: list[Comb] = []
    for boxes in ([frame.box for frame in frames if frame.rows == 1], _half_framed(page)):
        low = [box for box in boxes if SMALLEST * page.dpi < box.height < LARGEST * page.dpi]
        unknown = [box for box in low if not any(comb.box.holds(*box.centre) for comb in found)]
        likely = (comb for box in unknown for comb in _combs(page, box))
        for comb in sorted(likely, key=lambda comb: comb.chance):
            certain = IN_TABLE if any(table.holds(*comb.box.centre) for table in tables) else comb.certain
            told = comb.chance < certain or any(comb.like(other) for other in found)
            if told and not any(_same_place(comb, other) for other in found):
                found.append(comb)
    return [comb for comb in found if not any(_parted(frame, comb) for frame in frames)]


def _same_place(one: Comb, other: Comb) -> bool:
    return one.box.holds(*other.box.centre) or other.box.holds(*one.box.centre)


def _half_framed(page: Ruled) -> list[Box]:
    """What a level ruling and an upright one at either of its ends enclose, the other sides being lost in writing."""
    near = HOLD * page.dpi
    posts = [post for post in page.posts if SMALLEST * page.dpi < post.length < LARGEST * page.dpi]
    found: list[Box] = []
    for line in page.lines:
        if not FEWEST * SMALLEST * page.dpi < line.length < MOST * LARGEST * page.dpi:
            continue
        for post in posts:
            if min(abs(post.at - line.start), abs(post.at - line.end)) > near:
                continue
            if abs(post.end - line.at) < near:
                found.append(Box(line.start, post.start, line.end, line.at))
            elif abs(post.start - line.at) < near:
                found.append(Box(line.start, line.at, line.end, post.end))
    return found


def _combs(page: Ruled, box: Box) -> Iterator[Comb]:
    """The comb that a box is, if it is one."""
    lower, upper = (_pictured(page, box, y) for y in (box.y1, box.y0))
    for standing in (True, False):
        sides = _Sides(lower, upper) if standing else _Sides(upper, lower)
        foot = _strokes(page, sides, FEET).mean(axis=1)
        count, chance = _places(foot, box, page.dpi)
        if chance < LIKELY:
            rise = _rise(_strokes(page, sides, HEIGHTS), count)
            yield _divided(sides, count, rise, chance)
            return


def _parted(frame: GridFrame, comb: Comb) -> bool:
    """Whether a frame's own cells are these places: whole walls part them."""
    return (
        frame.rows == 1 and frame.columns == len(comb.places) == len(frame.spans) and comb.box.holds(*frame.box.centre)
    )


def _pictured(page: Ruled, box: Box, y: float) -> Floats:
    """The pixels along a level line of a box, (2, n) x and y in the picture: between knots the bend is straight."""
    some = np.linspace(box.x0, box.x1, KNOTS)
    seen = page.bend.pictured(some, np.full(KNOTS, y))
    columns = np.arange(box.x0, box.x1 + 1)
    return np.stack([np.interp(columns, some, line) for line in seen])


def _strokes(page: Ruled, sides: _Sides, share: Floats) -> npt.NDArray[np.bool_]:
    """Where upright strokes are seen: every pixel along × shares of the height up from the teeth's side."""
    x, y = sides.foot[..., None] + share * (sides.tip - sides.foot)[..., None]
    return drawn_share(page.standing.dark, y[..., None], x[..., None]) > 0


def _places(foot: Floats, box: Box, dpi: float) -> tuple[int, float]:
    """How many places the teeth make of a box, and how likely digits would make as many be seen; (0, 1) if none."""
    fewest = max(FEWEST, round(box.width / (WIDEST * box.height)))
    most = min(MOST, int(box.width / max(SLIMMEST * box.height, SMALLEST * dpi)))
    usual = float(foot.mean())
    scores = {count: float(foot[_edges(len(foot), count)].mean()) for count in range(fewest, most + 1)}
    best = max(scores.values(), default=0.0)
    if best - usual < SEEN * (1 - usual):
        return 0, 1.0
    count = max(count for count, score in scores.items() if score >= EVENLY * best)
    return count, usual ** (scores[count] * (count - 1))


def _edges(width: int, count: int) -> npt.NDArray[np.intp]:
    """The columns of a comb's teeth, both ends left out."""
    return np.rint(np.arange(1, count) * (width - 1) / count).astype(np.intp)


def _rise(seen: npt.NDArray[np.bool_], count: int) -> float:
    """How high the teeth are, as a share of the comb's height."""
    stands = seen[_edges(len(seen), count)].mean(axis=0) >= RISE
    ends = HEIGHTS[~stands & (FEET.max() < HEIGHTS)]
    return float(ends.min(initial=1.0))


def _divided(sides: _Sides, count: int, rise: float, chance: float) -> Comb:
    edges = [0, *_edges(sides.foot.shape[1], count), -1]
    foot, tip = sides.foot[:, edges], sides.tip[:, edges]
    x = (foot[0] + tip[0]) / 2
    levels = np.sort(np.stack([(side[1, 1:] + side[1, :-1]) / 2 for side in (foot, tip)]), axis=0)
    places = tuple(Box(*map(float, place)) for place in zip(x[:-1], levels[0], x[1:], levels[1], strict=True))
    ends = tip.copy()
    ends[:, 1:-1] = foot[:, 1:-1] + rise * (tip - foot)[:, 1:-1]
    upright = (_wall(start[::-1], end[::-1], lying=False) for start, end in zip(foot.T, ends.T, strict=True))
    level = (_wall(side[:, place], side[:, place + 1], lying=True) for side in (foot, tip) for place in range(count))
    return Comb(places, (*level, *upright), chance)


def _wall(start: Floats, end: Floats, *, lying: bool) -> Wall:
    """A wall between two points, each (along, across)."""
    (first, last) = sorted((start.tolist(), end.tolist()))
    return Wall(lying, first[0], last[0], first[1], last[1])
