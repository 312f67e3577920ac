"""Ruling lines → the frames of tables: their edges, their cells, and the sides where no ruling closes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extract.grids.walls import NEAREST, Flags, Shares, Stroke, Witness, drawn_walls, true_edges, wall_shares
from extract.records import Box, Cell, Grid, Segment

OPEN_SIDE = 3.0  # in `snap`: rulings reach at least this far over the last crossing one where a side is open
EDGE_UNSURE = "column-edge-unsure"
OUTSIDE_SHARE = 0.2  # an outer side drawn less than this is no side of a table


@dataclass(frozen=True, slots=True)
class Span:
    """The place of one cell: its first row and column and how many of each it covers."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class GridFrame:
    """A table's rulings, understood: the edges of rows and columns and the cells between them.

    An open side has an edge at the rulings' ends, but no ruling closes the cells there: at top and bottom the row
    goes on on another page, at left and right the border is cut off or was never drawn.
    """

    x_edges: tuple[float, ...]  # ascending, columns + 1 values
    y_edges: tuple[float, ...]  # ascending, rows + 1 values
    spans: tuple[Span, ...]  # by row, then column
    open_top: bool = False
    open_bottom: bool = False
    open_left: bool = False
    open_right: bool = False
    ruled: bool = True  # False: its edges were told by how the text stands
    unsure: frozenset[tuple[int, int]] = frozenset()  # row and x edge, where the edge may lie elsewhere

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.y_edges) - 1

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.x_edges) - 1

    @property
    def box(self) -> Box:
        """From the first edges to the last."""
        return Box(self.x_edges[0], self.y_edges[0], self.x_edges[-1], self.y_edges[-1])

    def box_of(self, span: Span) -> Box:
        """Where a cell lies, ruling to ruling."""
        return Box(
            self.x_edges[span.column],
            self.y_edges[span.row],
            self.x_edges[span.column + span.column_span],
            self.y_edges[span.row + span.row_span],
        )

    def cell(self, span: Span) -> Cell:
        """The empty record of a cell: place, box and open sides."""
        return Cell(
            box=self.box_of(span),
            row=span.row,
            column=span.column,
            row_span=span.row_span,
            column_span=span.column_span,
            open_top=self.open_top and span.row == 0,
            open_bottom=self.open_bottom and span.row + span.row_span == self.rows,
            marks=(EDGE_UNSURE,) if self._is_unsure(span) else (),
        )

    def _is_unsure(self, span: Span) -> bool:
        rows = range(span.row, span.row + span.row_span)
        return any((row, edge) in self.unsure for row in rows for edge in (span.column, span.column + span.column_span))

    def grid(self, cells: Sequence[Cell] | None = None) -> Grid:
        """The frame as a grid of these cells, or of empty ones."""
        filled = tuple(self.cell(span) for span in self.spans) if cells is None else tuple(cells)
        return Grid(self.box, self.rows, self.columns, self.x_edges, self.y_edges, filled)


def grids_from_rulings(horizontal: Sequence[Segment], vertical: Sequence[Segment], *, snap: float) -> list[GridFrame]:
    """The tables, strips and single boxes that axis-parallel segments draw, from top to bottom, then left to right.

    `snap`: how far apart ends may lie and still touch, in the segments' unit (about twice the thickness of a ruling;
    1.5 suits PDF points). Rulings that touch belong together, so a table inside another's cell is a frame of its own,
    and so is a single box (one row, one column). A lone line is nothing.
    """
    across = join_strokes([_stroke(s.y0, s.y1, s.x0, s.x1) for s in horizontal], snap)
    down = join_strokes([_stroke(s.x0, s.x1, s.y0, s.y1) for s in vertical], snap)
    return frames_of(across, down, snap=snap)


def frames_of(
    across: Sequence[Stroke],
    down: Sequence[Stroke],
    *,
    snap: float,
    witness: Witness | None = None,
    pieces: tuple[Sequence[Stroke], Sequence[Stroke]] | None = None,
) -> list[GridFrame]:
    """`grids_from_rulings` on joined strokes.

    A `witness`, asked for the x and y edges of a frame, tells what share of each wall it sees, lying walls as
    [y edge, column] and standing ones as [row, x edge]: on a picture rulings are broken, and once their place is
    known, weaker traces suffice. `pieces` are the strokes as drawn (across, down) where `across` and `down` are joined
    over gaps: the gaps may be tears, or the inside of a heading that spans them.
    """
    frames: list[GridFrame] = []
    for lines, posts in families(across, down, snap):
        frame = _frame(lines, posts, snap, witness, pieces)
        frames.extend(_split_stacked(frame) if frame.spans else [])
    return sorted(frames, key=lambda f: (round(f.box.y0 / snap), f.box.x0))


def join_strokes(strokes: Sequence[Stroke], snap: float) -> list[Stroke]:
    """The strokes with pieces of one ruling joined: they lie within `snap` of each other and leave no wider gap."""
    joined: list[Stroke] = []
    for group in _groups(sorted(strokes, key=lambda s: s.at), snap):
        run: list[Stroke] = []
        for stroke in sorted(group, key=lambda s: s.start):
            if run and stroke.start > max(s.end for s in run) + snap:
                joined.append(_merged(run))
                run = []
            run.append(stroke)
        joined.append(_merged(run))
    return joined


def cells_between(x_edges: Sequence[float], y_edges: Sequence[float], lying: Flags, standing: Flags) -> list[Span]:
    """The rectangles that walls part off, by row, then column.

    `lying[i, c]`: a wall lies on edge i over column c; `standing[r, j]`: one stands on edge j along row r. Where walls
    leave no rectangle (a ruling is broken), the upper left rectangle is taken first.
    """
    rows, columns = len(y_edges) - 1, len(x_edges) - 1
    taken = np.zeros((rows, columns), bool)
    spans: list[Span] = []
    for row in range(rows):
        for column in range(columns):
            if taken[row, column]:
                continue
            right = column + 1
            while right < columns and not standing[row, right] and not taken[row, right]:
                right += 1
            below = row + 1
            while below < rows and _goes_on(below, column, right, lying, standing):
                below += 1
            taken[row:below, column:right] = True
            spans.append(Span(row, column, below - row, right - column))
    return spans


def _goes_on(row: int, left: int, right: int, lying: Flags, standing: Flags) -> bool:
    return not lying[row, left:right].any() and not standing[row, left + 1 : right].any()


def _stroke(at0: float, at1: float, start: float, end: float) -> Stroke:
    return Stroke((at0 + at1) / 2, min(start, end), max(start, end))


def _groups(ordered: Sequence[Stroke], snap: float) -> list[list[Stroke]]:
    """Strokes in order of `at`, parted where the next lies more than `snap` from its group's first."""
    groups: list[list[Stroke]] = []
    for stroke in ordered:
        if groups and stroke.at - groups[-1][0].at <= snap:
            groups[-1].append(stroke)
        else:
            groups.append([stroke])
    return groups


def _merged(run: Sequence[Stroke]) -> Stroke:
    """One stroke for several; the longer ones say where it lies."""
    weights = [s.length + 1e-6 for s in run]  # two dots must not divide by zero
    at = sum(s.at * w for s, w in zip(run, weights, strict=True)) / sum(weights)
    return Stroke(at, min(s.start for s in run), max(s.end for s in run))


def families(across: Sequence[Stroke], down: Sequence[Stroke], snap: float) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Rulings that touch, directly or through others, as (lines, posts); a post is an upright ruling."""
    touching = _touching(across, down, snap)
    left, above = set(range(len(down))), set(range(len(across)))
    families: list[tuple[list[Stroke], list[Stroke]]] = []
    while above:
        lines, posts, fresh = {above.pop()}, set[int](), set[int]()
        fresh |= lines
        while fresh:
            new_posts = {int(j) for i in fresh for j in np.flatnonzero(touching[i])} & left
            left -= new_posts
            posts |= new_posts
            fresh = {int(i) for j in new_posts for i in np.flatnonzero(touching[:, j])} & above
            above -= fresh
            lines |= fresh
        if len(posts) > 1:
            families.append(([across[i] for i in sorted(lines)], [down[j] for j in sorted(posts)]))
    return families


def _touching(across: Sequence[Stroke], down: Sequence[Stroke], snap: float) -> Flags:
    """[i, j]: line i and post j cross or touch."""
    if not across or not down:
        return np.zeros((len(across), len(down)), bool)
    y, x0, x1 = np.array([(s.at, s.start, s.end) for s in across]).T
    x, y0, y1 = np.array([(s.at, s.start, s.end) for s in down]).T
    beside = (x[None] >= x0[:, None] - snap) & (x[None] <= x1[:, None] + snap)
    level = (y[:, None] >= y0[None] - snap) & (y[:, None] <= y1[None] + snap)
    return np.asarray(beside & level)


def _edges(strokes: Sequence[Stroke], snap: float) -> list[float]:
    """Where rulings lie, those too near to part a row or column taken as one."""
    groups = _groups(sorted(strokes, key=lambda s: s.at), NEAREST * snap)
    return [_merged(group).at for group in groups]


def _long(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Those that run at least half as far as the longest: short ones say nothing of the table's outline."""
    longest = max(s.length for s in strokes)
    return [s for s in strokes if s.length >= longest / 2]


def _overhang(ends: Sequence[float], edge: float, snap: float) -> float | None:
    """Where rulings end that reach beyond the last edge (`ends` and `edge` grow outward), or None where they stop."""
    beyond = [end for end in ends if end - edge > OPEN_SIDE * snap]
    return float(np.median(beyond)) if len(beyond) >= max(2, len(ends) / 2) else None


def _frame(
    lines: Sequence[Stroke],
    posts: Sequence[Stroke],
    snap: float,
    witness: Witness | None,
    pieces: tuple[Sequence[Stroke], Sequence[Stroke]] | None,
) -> GridFrame:
    """The frame of rulings that belong together."""
    y_edges, x_edges = _edges(lines, snap), _edges(posts, snap)
    long_lines, long_posts = _long(lines), _long(posts)
    top = _overhang([-s.start for s in long_posts], -y_edges[0], snap)
    bottom = _overhang([s.end for s in long_posts], y_edges[-1], snap)
    left = _overhang([-s.start for s in long_lines], -x_edges[0], snap)
    right = _overhang([s.end for s in long_lines], x_edges[-1], snap)
    y_edges = [*([] if top is None else [-top]), *y_edges, *([] if bottom is None else [bottom])]
    x_edges = [*([] if left is None else [-left]), *x_edges, *([] if right is None else [right])]
    if len(x_edges) < 2 or len(y_edges) < 2:
        return GridFrame(tuple(x_edges), tuple(y_edges), ())
    torn, pieces = pieces is not None, pieces or (lines, posts)
    seen_lying, seen_standing = None, None
    if witness is not None:
        x_edges, y_edges = true_edges(*pieces, x_edges, y_edges, snap, witness, torn=torn)
        seen_lying, seen_standing = witness(x_edges, y_edges)
    lying, standing = wall_shares(pieces[0], y_edges, x_edges, snap), wall_shares(pieces[1], x_edges, y_edges, snap)
    drawn = (
        drawn_walls(lying, seen_lying),
        drawn_walls(standing, None if seen_standing is None else seen_standing.T, torn_columns=torn),
    )
    lying, standing = np.maximum(lying, drawn[0]), np.maximum(standing, drawn[1]).T
    spans = cells_between(x_edges, y_edges, drawn[0], drawn[1].T)
    frame = GridFrame(
        tuple(x_edges),
        tuple(y_edges),
        tuple(spans),
        open_top=top is not None,
        open_bottom=bottom is not None,
        open_left=left is not None,
        open_right=right is not None,
    )
    return _part(replace(frame, spans=tuple(s for s in spans if _inside(s, frame, lying, standing))), 0, frame.rows)


def _inside(span: Span, frame: GridFrame, lying: Shares, standing: Shares) -> bool:
    """Whether a cell is one: a corner of the outline that rulings leave out (an L-shaped table) is not."""
    below, right = span.row + span.row_span, span.column + span.column_span
    columns, rows = slice(span.column, right), slice(span.row, below)
    missing = [
        span.row == 0 and not frame.open_top and lying[0, columns].mean() < OUTSIDE_SHARE,
        below == frame.rows and not frame.open_bottom and lying[-1, columns].mean() < OUTSIDE_SHARE,
        span.column == 0 and not frame.open_left and standing[rows, 0].mean() < OUTSIDE_SHARE,
        right == frame.columns and not frame.open_right and standing[rows, -1].mean() < OUTSIDE_SHARE,
    ]
    return sum(map(bool, missing)) < 2


def _split_stacked(frame: GridFrame) -> list[GridFrame]:
    """Tables that share a ruling, one below the other, with no column in common: each its own frame."""
    for row in range(1, frame.rows):
        if any(s.row < row < s.row + s.row_span for s in frame.spans):
            continue
        upper = _inner_edges(frame, [s for s in frame.spans if s.row + s.row_span == row])
        lower = _inner_edges(frame, [s for s in frame.spans if s.row == row])
        if upper and lower and not upper & lower:
            return [_part(frame, 0, row), *_split_stacked(_part(frame, row, frame.rows))]
    return [frame]


def _inner_edges(frame: GridFrame, spans: Sequence[Span]) -> set[int]:
    """The edges that part neighbours of one row."""
    sides = {s.column for s in spans} | {s.column + s.column_span for s in spans}
    return sides - {0, frame.columns}


def _part(frame: GridFrame, first: int, last: int) -> GridFrame:
    """Rows `first` … `last` (excluded) as a frame, without the edges that part none of its cells."""
    spans = [s for s in frame.spans if first <= s.row < last]
    kept_x = sorted({s.column for s in spans} | {s.column + s.column_span for s in spans})
    kept_y = sorted({s.row for s in spans} | {s.row + s.row_span for s in spans})
    moved = [
        Span(
            kept_y.index(s.row),
            kept_x.index(s.column),
            kept_y.index(s.row + s.row_span) - kept_y.index(s.row),
            kept_x.index(s.column + s.column_span) - kept_x.index(s.column),
        )
        for s in spans
    ]
    return replace(
        frame,
        x_edges=tuple(frame.x_edges[i] for i in kept_x),
        y_edges=tuple(frame.y_edges[i] for i in kept_y),
        spans=tuple(moved),
        open_top=frame.open_top and first == 0,
        open_bottom=frame.open_bottom and last == frame.rows,
    )
