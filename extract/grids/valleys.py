"""Where two columns part that no ruling parts: in the white between what stands in the one and in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.grids.walls import runs_of
from extract.records import Box

STEPS = 0.1  # of a text's height: how finely places between two columns are tried
FEWEST_STEPS = 8
NEAR_MIDDLE = 0.15  # of the distance of two columns: what stands as near to the middle may belong to either
CONFLICT = 2  # how much two texts in one cell speak against an edge, against one text beside its column's middle


@dataclass(frozen=True, slots=True)
class Valley:
    """The edge between two columns; `sure` if nothing speaks for another place."""

    at: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two columns side by side, by the signs over them, and what stands in and over them."""

    left: Box
    right: Box
    lines: Sequence[Sequence[Box]]  # texts of the rows, line by line
    headings: Sequence[Box]
    posts: Sequence[float]  # where upright rulings are known to have stood, the surest first
    height: float  # of text

    def valley(self) -> Valley:
        """Where they part: at what is left of a ruling, or in the white that parts the texts best.

        A text belongs to the column whose sign is nearer, and two texts of one line stand in two columns. Where that
        leaves a choice, headings and then the width of the white decide.
        """
        low, high = self.left.x1, self.right.x0
        places = np.linspace(low, high, max(FEWEST_STEPS, round((high - low) / (STEPS * self.height))))
        step = places[1] - places[0]
        texts = [text for line in self.lines for text in line]
        written, headed = _cover(places, texts), _cover(places, self.headings)
        white = runs_of(written == written.min())
        posts = [(at, run) for at in self.posts for run in white if _within(at, places, run, step)]
        if posts:
            return Valley(posts[0][0], sure=True)
        best = min(white, key=lambda run: (self._against(places[run[0]], places[run[1]]), run[0] - run[1]))
        free = headed[best[0] : best[1] + 1]
        inner = max(runs_of(free == free.min()), key=lambda run: run[1] - run[0])
        at = float((places[best[0] + inner[0]] + places[best[0] + inner[1]]) / 2)
        clear = written.min() == 0 and self._against(at, at) == 0 and not self._undecided()
        return Valley(at, sure=clear or len(white) == 1)

    @property
    def _middle(self) -> float:
        return (self.left.centre[0] + self.right.centre[0]) / 2

    @property
    def _distance(self) -> float:
        return self.right.centre[0] - self.left.centre[0]

    def _near(self, line: Sequence[Box]) -> list[float]:
        """The middles of a line's texts that stand in these columns."""
        reach = 1.0 * self._distance
        return [text.centre[0] for text in line if abs(text.centre[0] - self._middle) < reach]

    def _against(self, start: float, end: float) -> int:
        """How much speaks against an edge in this white."""
        at, points = (start + end) / 2, 0
        for line in self.lines:
            middles = self._near(line)
            points += sum((middle < self._middle) != (middle < at) for middle in middles)
            left = sum(middle < at for middle in middles)
            points += CONFLICT * (max(0, left - 1) + max(0, len(middles) - left - 1))
        return points

    def _undecided(self) -> bool:
        """Whether a text stands so near the middle that it may belong to either column."""
        return any(
            abs(middle - self._middle) < NEAR_MIDDLE * self._distance
            for line in self.lines
            for middle in self._near(line)
        )


def _within(at: float, places: npt.NDArray[np.float64], run: tuple[int, int], step: float) -> bool:
    return bool(places[run[0]] - step <= at <= places[run[1]] + step)


def _cover(places: npt.NDArray[np.float64], boxes: Sequence[Box]) -> npt.NDArray[np.int64]:
    """How many boxes stand over or under each place."""
    cover = np.zeros(len(places), np.int64)
    for box in boxes:
        cover += (places > box.x0) & (places < box.x1)
    return cover
