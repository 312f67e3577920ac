"""Tables whose rulings are missing: their frames from how the text stands, with what is left of the rulings as hints.

A row of column numbers says how many columns there are and where; the line codes of the first column say where rows
are. Sizes are counted in the usual height of the page's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from extract.grids.grid import GridFrame, Span
from extract.grids.text_table import (
    CODE_ASIDE,
    FEWEST_ROWS,
    FEWEST_SIGNS,
    HEADINGS,
    LEVEL,
    WORD_GAP,
    Remains,
    TextTable,
    lines_of,
    pieces_of,
)
from extract.records import Box, Columns

MANY_SIGNS = 8  # for each so many, one may be hidden or none
WIDEST_SIGN = 1.3  # of «10», or of the widest letter; three figures are wider
SIGN_HEIGHT = (0.5, 1.7)  # least and greatest height of a sign
ALIKE = 0.35  # of their usual height, by which signs of one row may differ in height
APART = 1.5  # gap between neighbours in a number row at least
TABLE_WIDTH = 0.35  # share of the width of the page's text that a number row spans at least
LOW = 0.5  # what is lower is a dash, or a piece of a ruling
SHIFTED = 5.0  # how far a table may lie aside from where it lay on the page before
ASTRAY = 0.6  # how far the labels of one table may begin from each other
RULED_LINES = 0.3  # share of rows that stand in ruled tables from which no other table is made of them
SIGN_ABOVE = 0.6  # where the number row of the page before is thought to stand over the first row


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
    lines = lines_of(words, height)
    rows = [i for i, line in enumerate(lines) if _is_number_row(line, words, height)]
    page = _Page(lines, [lines[i] for i in rows], dashes, height, remains)
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
    number_rows: Sequence[Sequence[Box]]  # those of the lines that look like one
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
        inside = ruled.rows == 1 or any(_rules(ruled, line) for line in self.number_rows if line[0].y0 < signs[0].y0)
        if inside:  # a code in its boxes, or a row of figures as short as signs
            return frames, columns
        whole = _parted_off(ruled, signs)
        frames = [whole if frame is ruled else frame for frame in frames]
        table = self.table(signs, below)
        if whole.box.y1 - max(sign.y1 for sign in signs) < LEVEL * self.height and whole.columns == len(signs):
            body = table.frame(whole.x_edges)  # only the headings are ruled
            frames = frames if body is None else [*frames, body]
        return frames, _columns(table, whole) or columns

    def table(
        self, signs: Sequence[Box], below: Sequence[Sequence[Box]], headings: Sequence[Sequence[Box]] = ()
    ) -> TextTable:
        """The text under a number row as a table."""
        return TextTable(signs, below, headings, self.dashes, self.height, self.remains)

    def gone_on(self, frames: list[GridFrame], lines: Sequence[Sequence[Box]], before: Columns) -> list[GridFrame]:
        """The frames with the table that goes on from the page before on these lines, unless it is ruled."""
        shift = self._shift(lines, before)
        signs = [Box(s.x0 + shift, s.y0, s.x1 + shift, s.y1) for s in before.signs]
        first = before.x_edges[1] + shift
        coded = [i for i, line in enumerate(lines) if self._starts_row(line, signs[0], first)]
        if len(coded) < FEWEST_ROWS or _are_ruled([lines[i] for i in coded], frames):
            return frames
        begin = coded[0]
        while begin and lines[begin - 1][0].x0 > first:  # the upper part of the first row's label
            begin -= 1
        top = min(word.y0 for word in lines[begin]) - SIGN_ABOVE * self.height
        signs = [Box(s.x0, top - s.height, s.x1, top) for s in signs]
        return _with_table(frames, self.table(signs, lines[begin:]).frame([x + shift for x in before.x_edges]))

    def _shift(self, lines: Sequence[Sequence[Box]], before: Columns) -> float:
        """How far aside the table lies from where it lay on the page before, by where its codes and labels stand."""
        if before.labels is None:
            return 0.0
        pieces = [piece for line in lines for piece in pieces_of(line, WORD_GAP * self.height)]
        near, code = ASTRAY * self.height, before.signs[0].centre[0]
        shifts = [piece.x0 - before.labels for piece in pieces]
        shifts = [shift for shift in shifts if abs(shift) <= SHIFTED * self.height]
        fitting = [
            sum(abs(p.x0 - before.labels - shift) <= near or abs(p.centre[0] - code - shift) <= near for p in pieces)
            for shift in shifts
        ]
        return shifts[int(np.argmax(fitting))] if shifts else 0.0

    def _starts_row(self, line: Sequence[Box], sign: Box, first: float) -> bool:
        """Whether a code stands in the first column and nothing runs over its edge."""
        pieces = pieces_of(line, WORD_GAP * self.height)
        coded = any(abs(p.centre[0] - sign.centre[0]) <= CODE_ASIDE * self.height and p.x1 <= first for p in pieces)
        return coded and len(pieces) > 1 and not any(p.x0 < first < p.x1 for p in pieces)


def _are_ruled(lines: Sequence[Sequence[Box]], frames: Sequence[GridFrame]) -> bool:
    """Whether rulings part these rows already, whatever table they make."""
    tables = [frame for frame in frames if frame.columns >= FEWEST_SIGNS and frame.rows > 1]
    held = sum(any(table.box.holds(*line[0].centre) for table in tables) for line in lines)
    return held >= RULED_LINES * len(lines)


def _with_columns_of(frame: GridFrame, homes: Sequence[Span]) -> GridFrame:
    """The frame without edges that run through a cell of the number row: pen strokes, no columns."""
    crossing = {edge for home in homes for edge in range(home.column + 1, home.column + home.column_span)}
    if not crossing:
        return frame
    kept = [i for i in range(frame.columns + 1) if i not in crossing]
    owner = {
        (row, column): span
        for span in frame.spans
        for row in range(span.row, span.row + span.row_span)
        for column in range(span.column, span.column + span.column_span)
    }
    grid = [[owner.get((row, column)) for column in kept[:-1]] for row in range(frame.rows)]
    spans, taken = [], set[tuple[int, int]]()
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if cell is None or (row, column) in taken:
                continue
            right = next((c for c in range(column, len(cells)) if cells[c] is not cell), len(cells))
            whole = cells[column:right]
            below = next((r for r in range(row, frame.rows) if grid[r][column:right] != whole), frame.rows)
            spans.append(Span(row, column, below - row, right - column))
            taken |= {(r, c) for r in range(row, below) for c in range(column, right)}
    return replace(frame, x_edges=tuple(frame.x_edges[i] for i in kept), spans=tuple(spans))


def _with_table(frames: Sequence[GridFrame], table: GridFrame | None) -> list[GridFrame]:
    """The frames with one more, without those made of what is left of its rulings; a ruled one with as much wins."""
    if table is None:
        return list(frames)
    under = [frame for frame in frames if table.box.holds(*frame.box.centre)]
    if any(frame.columns >= table.columns and frame.rows >= table.rows / 2 for frame in under):
        return list(frames)
    return [*(frame for frame in frames if frame not in under), table]


def _columns(table: TextTable, frame: GridFrame | None) -> Columns | None:
    """A table's columns for the next page to go on with."""
    if frame is None or frame.columns != len(table.signs):
        return None
    return Columns(tuple(table.signs), frame.x_edges, table.labels if table.lines else None)


def _text_height(words: Sequence[Box]) -> float:
    """The usual height of words, dashes apart."""
    heights = np.array([word.height for word in words])
    return float(np.median(heights[heights >= LOW * np.percentile(heights, 75)]))


def _is_number_row(line: Sequence[Box], words: Sequence[Box], height: float) -> bool:
    """Whether a line holds nothing but single signs, far apart, over much of the page's width."""
    if len(line) < FEWEST_SIGNS:
        return False
    low, high = SIGN_HEIGHT
    usual = float(np.median([w.height for w in line]))
    signs = all(w.width <= WIDEST_SIGN * height and low * height <= w.height <= high * height for w in line)
    signs = signs and all(abs(w.height - usual) <= ALIKE * usual for w in line)
    apart = all(right.x0 - left.x1 >= APART * height for left, right in pairwise(line))
    width = max(w.x1 for w in words) - min(w.x0 for w in words)
    return signs and apart and line[-1].x1 - line[0].x0 >= TABLE_WIDTH * width


def _apart_from_edges(frame: GridFrame, signs: Sequence[Box]) -> list[Box]:
    """The signs without what lies on an edge of the frame: a stump of its ruling."""
    return [sign for sign in signs if not any(abs(sign.centre[0] - x) <= sign.width for x in frame.x_edges)]


def _homes(frame: GridFrame, signs: Sequence[Box]) -> list[Span]:
    """The cells in which the signs stand."""
    homes = [next((s for s in frame.spans if frame.box_of(s).holds(*sign.centre)), None) for sign in signs]
    return [home for home in homes if home is not None]


def _rules(frame: GridFrame, signs: Sequence[Box]) -> bool:
    """Whether a frame has these signs in columns of their own, in cells that end with one row; one of many may miss."""
    signs = _apart_from_edges(frame, signs)
    homes = _homes(frame, signs)
    columns, ends = {home.column for home in homes}, {home.row + home.row_span for home in homes}
    enough = max(FEWEST_SIGNS - 1, len(signs) - len(signs) // MANY_SIGNS)
    return len(columns) == len(homes) >= enough and len(ends) == 1


def _parted_off(frame: GridFrame, signs: Sequence[Box]) -> GridFrame:
    """The frame with the columns that its number row has, and that row parted from headings if their ruling is lost."""
    signs = _apart_from_edges(frame, signs)
    frame = _with_columns_of(frame, _homes(frame, signs))
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
