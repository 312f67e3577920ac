"""The text under a number row as a table: where its columns and rows part, by how the text stands.

What is left of rulings is taken as a hint. Sizes are counted in the height of text.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from extract.grids.grid import GridFrame, Span
from extract.grids.valleys import Neighbours
from extract.grids.walls import Stroke
from extract.records import Box

LEVEL = 0.5  # words whose middles lie nearer than this stand on one line
FEWEST_SIGNS = 4  # signs that make a number row
FEWEST_ROWS = 2  # with a code that make a table under so few signs
WORD_GAP = 0.65  # a wider gap parts a line into pieces that have nothing to do with each other
FIGURE_GAP = 0.45  # likewise figures: wider than the space that groups digits, narrower than that between columns
BEYOND = 0.6  # text that reaches so far over the first column's edge on both sides is no row of a table
ALIGNED = 0.3  # share of the texts right of the codes that begin at one edge
CODE_ASIDE = 2.0  # how far a code's middle may stand from that of its column's sign
WIDEST_CODE = 6.0  # of «1.16.1»
MARGIN = 0.6  # left free around the outermost text
HEADINGS = 25.0  # how far headings may reach above their number row; rulings between them run on below
ON_EDGE = 0.3  # a low mark as near to an edge between rows is part of its ruling
FOOT = 1.5  # how far under the last line of text the table's last ruling may lie
IN_LINE = 0.25  # pieces of one upright ruling lie within
UPRIGHT = 3.0  # length of an upright ruling's pieces together that says where it lies
RULED = 0.08  # share of the table's width that remains of a ruling must cover to say where a row ends
RULING_SLACK = 0.3  # by which such remains may reach into what is written
SAME_RULING = 0.6  # remains nearer than this are of one ruling
BY_FAR = 0.9  # share of the widest gaps' sum that the gaps under one rule must reach for the rule to hold


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of rulings: level pieces and upright ones."""

    lying: Sequence[Stroke] = ()
    standing: Sequence[Stroke] = ()


def lines_of(words: Sequence[Box], height: float) -> list[list[Box]]:
    """Words in lines from top to bottom, each from left to right; a line may lean a little."""
    lines: list[list[Box]] = []
    ends: list[float] = []  # how far down each line's last word stands
    for word in sorted(words, key=lambda w: w.x0):
        down = word.centre[1]
        aside, nearest = min(((abs(end - down), i) for i, end in enumerate(ends)), default=(math.inf, 0))
        if aside <= LEVEL * height:
            lines[nearest].append(word)
            ends[nearest] = down
        else:
            lines.append([word])
            ends.append(down)
    return sorted(lines, key=lambda line: median(word.centre[1] for word in line))


def pieces_of(line: Sequence[Box], gap: float) -> list[Box]:
    """A line's words joined where they stand no farther apart."""
    pieces: list[list[Box]] = []
    for word in line:
        if pieces and word.x0 - pieces[-1][-1].x1 <= gap:
            pieces[-1].append(word)
        else:
            pieces.append([word])
    return [Box.around(piece) for piece in pieces]


class TextTable:
    """One table under its number row, while its edges are being found."""

    def __init__(
        self,
        signs: Sequence[Box],
        below: Sequence[Sequence[Box]],
        headings: Sequence[Sequence[Box]],
        dashes: Sequence[Box],
        height: float,
        remains: Remains,
    ) -> None:
        self.signs = signs
        self.headings = [
            piece for line in headings for piece in pieces_of(line, WORD_GAP * height) if self._heads_one(piece)
        ]
        self.height = height
        self.remains = remains
        self.lines = list(below)
        self.lines = self._own(below)
        self.words = [word for line in self.lines for word in line]
        self.dashes = dashes

    def frame(self, known: Sequence[float] | None = None) -> GridFrame | None:
        """The frame, or None if no row of the table was found; `known` are its x edges where they are known."""
        first = self._end_of_codes()
        coded = [[word for word in line if word.x1 <= first and self._may_be_code(word)] for line in self.lines]
        codes = [Box.around(words) for words in coded if words]
        if len(codes) < (1 if len(self.signs) > FEWEST_SIGNS else FEWEST_ROWS):
            return None
        y_edges = self._y_edges(codes)
        lines = self._texts(self._written_dashes(y_edges))
        x_edges, doubtful = self._x_edges(first, lines) if known is None else self._checked(known, lines)
        unsure = _beside(doubtful, [text for line in lines for text in line], x_edges, y_edges)
        rows, columns = len(y_edges) - 1, len(x_edges) - 1
        spans = tuple(Span(row, column) for row in range(rows) for column in range(columns))
        return GridFrame(tuple(x_edges), tuple(y_edges), spans, ruled=False, unsure=unsure)

    def _heads_one(self, piece: Box) -> bool:
        """Whether a piece of the headings stands over one column: one over several says nothing of their edges."""
        return sum(piece.x0 < sign.centre[0] < piece.x1 for sign in self.signs) == 1

    def _written_dashes(self, y_edges: Sequence[float]) -> list[Box]:
        """Low marks inside the rows: those on an edge are what is left of a ruling."""
        near = ON_EDGE * self.height
        inside = [dash for dash in self.dashes if y_edges[1] < dash.centre[1] < y_edges[-1]]
        return [dash for dash in inside if min(abs(edge - dash.centre[1]) for edge in y_edges) > near]

    def _end_of_codes(self) -> float:
        """Where the first column ends: between the codes and the edge that labels are aligned at."""
        pieces = [piece for line in self.lines for piece in pieces_of(line, WORD_GAP * self.height)]
        ends = [self.signs[0].x1, *(piece.x1 for piece in pieces if self._may_be_code(piece))]
        start = self.labels
        return (max(end for end in ends if end < start) + start) / 2

    @property
    def labels(self) -> float:
        """The edge that labels are aligned at."""
        pieces = [piece for line in self.lines for piece in pieces_of(line, WORD_GAP * self.height)]
        low, high = self.signs[0].x1, self.signs[1].x0
        starts = sorted(p.x0 for p in pieces if low < p.x0 < high and not self._may_be_code(p))
        enough = max(1, ALIGNED * len(starts))
        aligned = [at for at in starts if sum(at <= other <= at + self.height for other in starts) >= enough]
        return aligned[0] if aligned else high

    def _may_be_code(self, piece: Box) -> bool:
        """Whether a short piece stands under the first column's sign."""
        aside = abs(piece.centre[0] - self.signs[0].centre[0])
        return aside <= CODE_ASIDE * self.height and piece.width <= WIDEST_CODE * self.height

    def _own(self, below: Sequence[Sequence[Box]]) -> list[Sequence[Box]]:
        """The lines up to the first that runs over the edge between codes and labels as no row does."""
        first, over = self._end_of_codes(), BEYOND * self.height
        own = []
        for line in below:
            if any(p.x0 < first - over and p.x1 > first + over for p in pieces_of(line, WORD_GAP * self.height)):
                break
            own.append(line)
        return own

    def _texts(self, dashes: Sequence[Box]) -> list[list[Box]]:
        """What stands in the rows, line by line, figures whole."""
        lines = lines_of([*self.words, *dashes], self.height)
        return [pieces_of(line, FIGURE_GAP * self.height) for line in lines]

    def _checked(self, known: Sequence[float], lines: Sequence[Sequence[Box]]) -> tuple[list[float], list[int]]:
        """The known edges, and those of them that something is written over."""
        texts = [text for line in lines for text in line]
        over = [i for i, x in enumerate(known) if any(text.x0 < x < text.x1 for text in texts)]
        return list(known), [i for i in over if 1 < i < len(known) - 1]

    def _x_edges(self, first: float, lines: Sequence[Sequence[Box]]) -> tuple[list[float], list[int]]:
        """Edges between columns, `first` ending that of the codes, and which of them are unsure."""
        valleys = [
            Neighbours(a, b, lines, self.headings, self._posts(a.x1, b.x0), self.height).valley()
            for a, b in pairwise(self.signs[1:])
        ]
        inner = [first, *(valley.at for valley in valleys)]
        margin = MARGIN * self.height
        codes = [word.x0 for word in self.words if word.x1 <= first and self._may_be_code(word)]
        left = min(min(codes, default=self.signs[0].x0) - margin, 2 * self.signs[0].centre[0] - first)
        end = max(text.x1 for line in lines for text in line)
        right = max(end + margin, 2 * self.signs[-1].centre[0] - inner[-1])
        return [left, *inner, right], [i + 2 for i, valley in enumerate(valleys) if not valley.sure]

    def _posts(self, low: float, high: float) -> list[float]:
        """Where remains of upright rulings lie, the surest first: stems of letters are not so many in one line."""
        top, bottom = self.signs[0].y0, max((word.y1 for word in self.words), default=self.signs[0].y1)
        near = [
            s
            for s in self.remains.standing
            if low < s.at < high and s.start < bottom and s.end > top - HEADINGS * self.height
        ]
        groups: list[list[Stroke]] = []
        for stroke in sorted(near, key=lambda s: s.at):
            if groups and stroke.at - groups[-1][0].at <= IN_LINE * self.height:
                groups[-1].append(stroke)
            else:
                groups.append([stroke])
        lengths = [(sum(s.length for s in group), group) for group in groups]
        sure = [(length, group) for length, group in lengths if length >= UPRIGHT * self.height]
        return [float(np.median([s.at for s in group])) for _, group in sorted(sure, key=lambda pair: -pair[0])]

    def _y_edges(self, codes: Sequence[Box]) -> list[float]:
        """Edges between rows, the number row's own first: as remains of rulings say, or where the gaps are widest."""
        margin = MARGIN * self.height
        top = min(s.y0 for s in self.signs) - margin
        anchors = [Box.around(self.signs), *codes]
        gaps = [self._gaps(upper, lower) for upper, lower in pairwise(anchors)]
        ruled = [self._ruled(between) for between in gaps]
        open_gaps = [between for between, edges in zip(gaps[1:], ruled[1:], strict=True) if not edges]
        place = _usual_place(open_gaps)
        edges = [top, *(ruled[0] or _middles(gaps[0][:1]))]
        for between, known in zip(gaps[1:], ruled[1:], strict=True):
            edges += known or _middles([_chosen(between, place)])
        foot = max(word.y1 for word in self.words)
        bottom = next(iter(self._ruled([(foot, foot + FOOT * self.height)])), foot + margin)
        return [edge for i, edge in enumerate([*edges, bottom]) if i == 0 or edge > edges[min(i, len(edges)) - 1]]

    def _gaps(self, upper: Box, lower: Box) -> list[tuple[float, float]]:
        """The bands between two codes in which nothing is written, from top to bottom."""
        start, end = upper.centre[1], lower.centre[1]
        taken = sorted((w.y0, w.y1) for w in [upper, lower, *self.words] if w.y1 > start and w.y0 < end)
        gaps, reach = [], taken[0][1] if taken else start
        for y0, y1 in taken:
            if y0 > reach:
                gaps.append((reach, y0))
            reach = max(reach, y1)
        return gaps or [((start + end) / 2, (start + end) / 2)]

    def _ruled(self, gaps: Sequence[tuple[float, float]]) -> list[float]:
        """Where remains of level rulings lie in these gaps, each ruling once."""
        slack = RULING_SLACK * self.height
        left, right = self.signs[0].x0, self.signs[-1].x1
        across = [s for s in self.remains.lying if s.end > left and s.start < right]
        across = [s for s in across if any(low - slack <= s.at <= high + slack for low, high in gaps)]
        rulings: list[list[Stroke]] = []
        for stroke in sorted(across, key=lambda s: s.at):
            if rulings and stroke.at - rulings[-1][0].at <= SAME_RULING * self.height:
                rulings[-1].append(stroke)
            else:
                rulings.append([stroke])
        least = RULED * (right - left)
        firm = [pieces for pieces in rulings if sum(s.length for s in pieces) >= least]
        return [float(np.average([s.at for s in p], weights=[s.length for s in p])) for p in firm]


def _beside(
    edges: Sequence[int], texts: Sequence[Box], x_edges: Sequence[float], y_edges: Sequence[float]
) -> frozenset[tuple[int, int]]:
    """Row and edge of the cells that an unsure edge concerns: where both are bare, it does not matter where it lies."""
    return frozenset(
        (bisect_right(y_edges, text.centre[1]) - 1, edge)
        for edge in edges
        for text in texts
        if x_edges[edge - 1] < text.centre[0] < x_edges[edge + 1]
    )


def _usual_place(gaps: Sequence[Sequence[tuple[float, float]]]) -> int | None:
    """Which gap between two codes parts their rows all over a table: the first (codes stand at the rows' foot), the
    last (at their head), or None where it is each time the widest.
    """
    widest = sum(max(high - low for low, high in between) for between in gaps)
    for place in (0, -1):
        if sum(between[place][1] - between[place][0] for between in gaps) >= BY_FAR * widest:
            return place
    return None


def _chosen(gaps: Sequence[tuple[float, float]], place: int | None) -> tuple[float, float]:
    return max(gaps, key=lambda gap: gap[1] - gap[0]) if place is None else gaps[place]


def _middles(gaps: Sequence[tuple[float, float]]) -> list[float]:
    return [(low + high) / 2 for low, high in gaps]
