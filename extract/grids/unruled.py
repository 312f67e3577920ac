"""Tables whose rulings are missing: their frames from how the text stands, with what is left of the rulings as hints.

A row of column numbers says how many columns there are and where; the line codes of the first column say where rows
are. Sizes are counted in the usual height of the page's words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from extract.grids.grid import GridFrame, Span
from extract.grids.valleys import Neighbours
from extract.grids.walls import Stroke
from extract.records import Box, Columns

LEVEL = 0.5  # words whose middles lie nearer than this stand on one line
FEWEST_SIGNS = 4  # signs that make a number row
MANY_SIGNS = 8
FEWEST_ROWS = 2  # with a code that make a table under so few signs
WIDEST_SIGN = 2.0  # of «10», or of the widest letter
SIGN_HEIGHT = (0.5, 1.7)  # least and greatest height of a sign
APART = 1.5  # gap between neighbours in a number row at least
TABLE_WIDTH = 0.35  # share of the width of the page's text that a number row spans at least
WORD_GAP = 0.65  # a wider gap parts a line into pieces that have nothing to do with each other
FIGURE_GAP = 0.45  # likewise figures: wider than the space that groups digits, narrower than that between columns
BEYOND = 0.6  # text that reaches so far over the first column's edge on both sides is no row of a table
ALIGNED = 0.3  # share of the texts right of the codes that begin at one edge
CODE_ASIDE = 2.0  # how far a code's middle may stand from that of its column's sign
WIDEST_CODE = 6.0  # of «1.16.1»
MARGIN = 0.6  # left free around the outermost text
HEADINGS = 25.0  # how far headings may reach above their number row; rulings between them run on below
LOW = 0.5  # what is lower is a dash, or a piece of a ruling
ON_EDGE = 0.3  # a low mark as near to an edge between rows is part of its ruling
FOOT = 1.5  # how far under the last line of text the table's last ruling may lie
IN_LINE = 0.25  # pieces of one upright ruling lie within
UPRIGHT = 3.0  # length of an upright ruling's pieces together that says where it lies
RULED = 0.08  # share of the table's width that remains of a ruling must cover to say where a row ends
RULING_SLACK = 0.3  # by which such remains may reach into what is written
SAME_RULING = 0.6  # remains nearer than this are of one ruling
SHIFTED = 5.0  # how far a table may lie aside from where it lay on the page before
ASTRAY = 0.6  # how far the labels of one table may begin from each other
SIGN_ABOVE = 0.6  # where the number row of the page before is thought to stand over the first row
BY_FAR = 0.9  # share of the widest gaps' sum that the gaps under one rule must reach for the rule to hold


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of rulings: level pieces and upright ones."""

    lying: Sequence[Stroke] = ()
    standing: Sequence[Stroke] = ()


def completed_frames(
    words: Sequence[Box], frames: Sequence[GridFrame], remains: Remains, before: Columns | None, per_inch: float
) -> tuple[list[GridFrame], Columns | None]:
    """The frames, with those tables that a number row stands over and no frame rules, and the number rows parted off.

    `words` are boxes of words and dashes on an upright page, `frames` the tables that were found by their rulings; all
    in one unit, `per_inch` of which make an inch. A table without rulings begins at its number row: headings above it
    are left out. Frames made of what is left of its rulings are dropped. A page without a number row goes on with the
    columns of the page `before`. Also the columns of the last table that begins on this page.
    """
    if len(words) < FEWEST_SIGNS:
        return list(frames), None
    height = _text_height(words)
    dashes = [word for word in words if word.height < LOW * height]
    words = [word for word in words if word.height >= LOW * height]
    lines = _lines(words, height)
    rows = [i for i, line in enumerate(lines) if _is_number_row(line, words, height)]
    page = _Page(lines, dashes, height, remains)
    complete, columns = list(frames), None
    if before is not None:
        top = lines[: rows[0]] if rows else lines
        complete = page.gone_on(complete, top, before.scaled(per_inch))
    for i, end in pairwise([*rows, len(lines)]):
        complete, columns = page.begun(complete, i, end, columns)
    columns = None if columns is None else columns.scaled(1 / per_inch)
    return sorted(complete, key=lambda frame: frame.box.y0), columns


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's text in lines, and what is left of rulings on it."""

    lines: Sequence[Sequence[Box]]
    dashes: Sequence[Box]
    height: float  # of text
    remains: Remains

    def begun(
        self, frames: list[GridFrame], row: int, end: int, columns: Columns | None
    ) -> tuple[list[GridFrame], Columns | None]:
        """The frames with the table that begins with the number row on line `row`, and its columns."""
        signs, below = self.lines[row], self.lines[row + 1 : end]
        ruled = next((frame for frame in frames if _rules(frame, signs)), None)
        if ruled is None:
            headings = [line for line in self.lines[:row] if signs[0].y0 - line[0].y1 < HEADINGS * self.height]
            table = self.table(signs, below, headings)
            frame = table.frame()
            return _with_table(frames, frame), _columns(table, frame) or columns
        whole = _parted_off(ruled, signs)
        frames = [whole if frame is ruled else frame for frame in frames]
        table = self.table(signs, below)
        if whole.box.y1 - max(sign.y1 for sign in signs) < LEVEL * self.height and whole.columns == len(signs):
            body = table.frame(whole.x_edges)  # only the headings are ruled
            frames = frames if body is None else [*frames, body]
        return frames, _columns(table, whole) or columns

    def table(
        self, signs: Sequence[Box], below: Sequence[Sequence[Box]], headings: Sequence[Sequence[Box]] = ()
    ) -> _Table:
        """The text under a number row as a table."""
        return _Table(signs, below, headings, self.dashes, self.height, self.remains)

    def gone_on(self, frames: list[GridFrame], lines: Sequence[Sequence[Box]], before: Columns) -> list[GridFrame]:
        """The frames with the table that goes on from the page before on these lines, unless it is ruled."""
        enough, foot = len(before.signs) - 1, lines[-1][0].y1 if lines else 0.0
        if not lines or any(frame.columns >= enough and frame.box.centre[1] < foot for frame in frames):
            return frames
        shift = self._shift(lines, before)
        signs = [Box(s.x0 + shift, s.y0, s.x1 + shift, s.y1) for s in before.signs]
        first = before.x_edges[1] + shift
        coded = [i for i, line in enumerate(lines) if self._starts_row(line, signs[0], first)]
        if len(coded) < FEWEST_ROWS:
            return frames
        begin = coded[0]
        while begin and lines[begin - 1][0].x0 > first:  # the upper part of the first row's label
            begin -= 1
        top = min(word.y0 for word in lines[begin]) - SIGN_ABOVE * self.height
        signs = [Box(s.x0, top - s.height, s.x1, top) for s in signs]
        return _with_table(frames, self.table(signs, lines[begin:]).frame([x + shift for x in before.x_edges]))

    def _shift(self, lines: Sequence[Sequence[Box]], before: Columns) -> float:
        """How far aside the table lies from where it lay on the page before, by the edge its labels begin at."""
        if before.labels is None:
            return 0.0
        starts = [piece.x0 for line in lines for piece in _pieces(line, WORD_GAP * self.height)]
        near = [start for start in starts if abs(start - before.labels) <= SHIFTED * self.height]
        fitting = [sum(abs(other - start) <= ASTRAY * self.height for other in starts) for start in near]
        return near[int(np.argmax(fitting))] - before.labels if near else 0.0

    def _starts_row(self, line: Sequence[Box], sign: Box, first: float) -> bool:
        """Whether a code stands in the first column and nothing runs over its edge."""
        pieces = _pieces(line, WORD_GAP * self.height)
        coded = any(abs(p.centre[0] - sign.centre[0]) <= CODE_ASIDE * self.height and p.x1 <= first for p in pieces)
        return coded and len(pieces) > 1 and not any(p.x0 < first < p.x1 for p in pieces)


def _with_table(frames: Sequence[GridFrame], table: GridFrame | None) -> list[GridFrame]:
    """The frames with one more, without those that were made of what is left of its rulings."""
    if table is None:
        return list(frames)
    return [*(frame for frame in frames if not table.box.holds(*frame.box.centre)), table]


def _columns(table: _Table, frame: GridFrame | None) -> Columns | None:
    """A table's columns for the next page to go on with."""
    if frame is None or frame.columns != len(table.signs):
        return None
    return Columns(tuple(table.signs), frame.x_edges, table.labels if table.lines else None)


def _text_height(words: Sequence[Box]) -> float:
    """The usual height of words, dashes apart."""
    heights = np.array([word.height for word in words])
    return float(np.median(heights[heights >= LOW * np.percentile(heights, 75)]))


def _lines(words: Sequence[Box], height: float) -> list[list[Box]]:
    """Words in lines from top to bottom, each from left to right; a line may lean a little."""
    lines: list[list[Box]] = []
    for word in sorted(words, key=lambda w: w.x0):
        fitting = [line for line in lines if abs(line[-1].centre[1] - word.centre[1]) <= LEVEL * height]
        if fitting:
            min(fitting, key=lambda line: abs(line[-1].centre[1] - word.centre[1])).append(word)
        else:
            lines.append([word])
    return sorted(lines, key=lambda line: float(np.median([word.centre[1] for word in line])))


def _is_number_row(line: Sequence[Box], words: Sequence[Box], height: float) -> bool:
    """Whether a line holds nothing but single signs, far apart, over much of the page's width."""
    if len(line) < FEWEST_SIGNS:
        return False
    low, high = SIGN_HEIGHT
    signs = all(w.width <= WIDEST_SIGN * height and low * height <= w.height <= high * height for w in line)
    apart = all(right.x0 - left.x1 >= APART * height for left, right in pairwise(line))
    width = max(w.x1 for w in words) - min(w.x0 for w in words)
    return signs and apart and line[-1].x1 - line[0].x0 >= TABLE_WIDTH * width


def _homes(frame: GridFrame, signs: Sequence[Box]) -> list[Span]:
    """The cells in which the signs stand."""
    homes = [next((s for s in frame.spans if frame.box_of(s).holds(*sign.centre)), None) for sign in signs]
    return [home for home in homes if home is not None]


def _rules(frame: GridFrame, signs: Sequence[Box]) -> bool:
    """Whether a frame has each of these signs in a column of its own, in cells that end with one row.

    Among many one may be none: a stump of a ruling stands beside a real sign.
    """
    homes = _homes(frame, signs)
    columns, ends = {home.column for home in homes}, {home.row + home.row_span for home in homes}
    return len(columns) >= len(signs) - len(signs) // MANY_SIGNS and len(ends) == 1


def _parted_off(frame: GridFrame, signs: Sequence[Box]) -> GridFrame:
    """The frame with its number row parted from headings where the ruling between them is lost."""
    homes = _homes(frame, signs)
    row = max(home.row for home in homes)
    torn = {home for home in homes if home.row < row}
    if not torn:
        return frame
    spans = [span for span in frame.spans if span not in torn]
    for span in torn:
        spans.append(replace(span, row_span=row - span.row))
        spans.append(replace(span, row=row, row_span=span.row + span.row_span - row))
    return replace(frame, spans=tuple(sorted(spans, key=lambda s: (s.row, s.column))))


def _pieces(line: Sequence[Box], gap: float) -> list[Box]:
    """A line's words joined where they stand no farther apart."""
    pieces: list[list[Box]] = []
    for word in line:
        if pieces and word.x0 - pieces[-1][-1].x1 <= gap:
            pieces[-1].append(word)
        else:
            pieces.append([word])
    return [Box.around(piece) for piece in pieces]


class _Table:
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
            piece for line in headings for piece in _pieces(line, WORD_GAP * height) if self._heads_one(piece)
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
        pieces = [piece for line in self.lines for piece in _pieces(line, WORD_GAP * self.height)]
        ends = [self.signs[0].x1, *(piece.x1 for piece in pieces if self._may_be_code(piece))]
        start = self.labels
        return (max(end for end in ends if end < start) + start) / 2

    @property
    def labels(self) -> float:
        """The edge that labels are aligned at."""
        pieces = [piece for line in self.lines for piece in _pieces(line, WORD_GAP * self.height)]
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
            if any(p.x0 < first - over and p.x1 > first + over for p in _pieces(line, WORD_GAP * self.height)):
                break
            own.append(line)
        return own

    def _texts(self, dashes: Sequence[Box]) -> list[list[Box]]:
        """What stands in the rows, line by line, figures whole."""
        return [_pieces(line, FIGURE_GAP * self.height) for line in _lines([*self.words, *dashes], self.height)]

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
