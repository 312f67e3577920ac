"""One order-preserving alignment of all rows of a form, over all its pages, against the lines of its layout.

Dynamic programming over rows × lines: a row is a line, a piece of a line that a page break cut in two, or no line
(heading, interlude). Lines may be missing, at a price that is affine in their number, as missing pages take many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.rows.rows import (
    Row,
    Witnesses,
    apart_points,
    content_points,
    is_filled,
    joint_points,
    match_points,
    may_join,
    skip_points,
    witnesses,
)
from layouts.model import Layout, Line

GAP_OPEN, GAP_EXTEND = 2.0, 0.4  # points a run of missing lines costs: the first line, each further one
ROW_MARGIN = 2.0  # points by which a row's line must beat any other; below it a person decides
IMPOSSIBLE = -1e6

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LineKey:
    """A line of a section."""

    section: int
    line: Line


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """The rows (one, or two pieces of one) that are a line, and by how much that beats any other reading."""

    key: LineKey
    rows: tuple[Row, ...]
    margin: float


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """The outcome for all rows but headings."""

    matches: tuple[Match, ...]
    skipped: tuple[Row, ...]  # rows that are no line
    points: float

    def span(self, keys: Sequence[LineKey]) -> tuple[int, int] | None:
        """First and last line that is surely met, as positions in `keys`; None if none is."""
        index = [keys.index(match.key) for match in self.matches if match.margin >= ROW_MARGIN]
        return (min(index), max(index)) if index else None


@dataclass(frozen=True, slots=True, eq=False)
class _Scores:
    single: Floats  # rows × lines
    joint: Floats  # rows × lines: row i together with row i + 1
    skip: Floats  # rows


def line_keys(layout: Layout) -> tuple[LineKey, ...]:
    """Every line of every table, in the order of the form."""
    return tuple(LineKey(table.section, line) for table in layout.tables for line in table.lines)


def align(rows: Sequence[Row], layout: Layout, *, whole: bool = True) -> Alignment:
    """The best alignment of these rows, in this order.

    `whole` says that they are all of a form; otherwise lines missing before the first and after the last are free.
    """
    keys = line_keys(layout)
    rows = [row for row in rows if not row.heading]
    if not rows:
        return Alignment((), (), 0.0)
    scores = _scores(rows, keys, layout)
    ahead = _forward(scores, whole)
    behind = _backward(scores, whole)
    matches: list[Match] = []
    used: set[int] = set()
    for first, count, line in _walk(scores, ahead, behind):
        used.update(range(first, first + count))
        pieces = range(first, first + count)
        margins = {piece: _margin(scores, ahead, behind, piece, line) for piece in pieces}
        filled = [margins[piece] for piece in pieces if is_filled(rows[piece], keys[line].section)]
        margin = min(filled) if filled else max(margins.values())  # a piece without figures can misplace none
        matches.append(Match(keys[line], tuple(rows[first : first + count]), margin))
    skipped = tuple(row for i, row in enumerate(rows) if i not in used)
    return Alignment(tuple(matches), skipped, float(behind[0].max() if not whole else behind[0, 0]))


def _scores(rows: Sequence[Row], keys: Sequence[LineKey], layout: Layout) -> _Scores:
    seen: list[dict[int, Witnesses]] = [{s: witnesses(row, m) for s, m in row.maps.items()} for row in rows]
    n, m = len(rows), len(keys)
    single, joint = np.full((n, m), IMPOSSIBLE), np.full((n, m), IMPOSSIBLE)
    skip = np.zeros(n)
    for i, row in enumerate(rows):
        skip[i] = min((skip_points(w, layout.table(s)) for s, w in seen[i].items()), default=0.0)
        kind = _content(row, layout)
        below = rows[i + 1] if i + 1 < n and may_join(row, rows[i + 1]) else None
        for j, key in enumerate(keys):
            own = seen[i].get(key.section)
            if own is None:
                continue
            single[i, j] = match_points(own, key.line) + kind[key.section]
            other = seen[i + 1].get(key.section) if below is not None else None
            if below is not None and other is not None:
                both = match_points(own.and_then(other), key.line) + joint_points(row, below, own, other)
                joint[i, j] = both + kind[key.section]
        if i and may_join(rows[i - 1], row):  # row i begins anew although the rulings may say it goes on
            apart = apart_points(rows[i - 1], row)
            skip[i] += apart
            single[i] += apart
            joint[i] += apart
    return _Scores(single, joint, skip)


def _content(row: Row, layout: Layout) -> dict[int, float]:
    """By section what the kind of a row's contents says; it only tells apart the sections a row may belong to."""
    if len(row.maps) < 2:
        return dict.fromkeys(row.maps, 0.0)
    return {s: content_points(row.cells, m, layout.table(s)) for s, m in row.maps.items()}


def _enter(before: Floats) -> Floats:
    """For each line the best score with which it can be entered.

    State 0 is "no line yet", state j + 1 "line j was the last"; entering line j from state s misses j − s lines.
    """
    m = len(before) - 1
    states = np.arange(m + 1)
    running = np.maximum.accumulate(before + GAP_EXTEND * states)
    entered = before[:m].copy()
    entered[1:] = np.maximum(entered[1:], running[: m - 1] - GAP_OPEN - GAP_EXTEND * states[: m - 1])
    return entered


def _leave(after: Floats) -> Floats:
    """For each state the best score of going on to some line, whose own score and future `after` holds."""
    m = len(after)
    lines = np.arange(m)
    running = np.maximum.accumulate((after - GAP_EXTEND * lines)[::-1])[::-1]
    left = np.full(m + 1, IMPOSSIBLE)
    left[:m] = after
    left[: m - 1] = np.maximum(left[: m - 1], running[1:] - GAP_OPEN + GAP_EXTEND * (lines[1:] - 1))
    return left


def _forward(scores: _Scores, whole: bool) -> Floats:
    """The best score of all rows before row i, by state: (rows + 1) × (lines + 1)."""
    n, m = scores.single.shape
    best = np.full((n + 1, m + 1), IMPOSSIBLE)
    best[0] = np.concatenate(([0.0], np.full(m, IMPOSSIBLE if whole else 0.0)))
    for i in range(n):
        entered = _enter(best[i])
        best[i + 1] = np.maximum(best[i + 1], best[i] + scores.skip[i])
        best[i + 1, 1:] = np.maximum(best[i + 1, 1:], entered + scores.single[i])
        if i + 2 <= n:
            best[i + 2, 1:] = np.maximum(best[i + 2, 1:], entered + scores.joint[i])
    return best


def _backward(scores: _Scores, whole: bool) -> Floats:
    """The best score of row i and all after it, by the state before row i: (rows + 1) × (lines + 1)."""
    n, m = scores.single.shape
    best = np.full((n + 1, m + 1), IMPOSSIBLE)
    left = m - np.arange(m + 1)
    best[n] = np.where(left > 0, -GAP_OPEN - GAP_EXTEND * (left - 1), 0.0) if whole else 0.0
    for i in reversed(range(n)):
        best[i] = np.maximum(best[i + 1] + scores.skip[i], _leave(_onward(scores, best, i)))
    return best


def _onward(scores: _Scores, behind: Floats, i: int) -> Floats:
    """For each line the score of row i being it, alone or with row i + 1, and of all that follows."""
    single: Floats = scores.single[i] + behind[i + 1, 1:]
    if i + 2 > len(scores.skip):
        return single
    both: Floats = np.maximum(single, scores.joint[i] + behind[i + 2, 1:])
    return both


def _walk(scores: _Scores, ahead: Floats, behind: Floats) -> list[tuple[int, int, int]]:
    """The best path as (first row, number of rows, line), found by what is best on from each state."""
    n = len(scores.skip)
    path: list[tuple[int, int, int]] = []
    i, state = 0, int(np.argmax(ahead[0] + behind[0]))
    while i < n:
        onward = _onward(scores, behind, i)
        missed = np.arange(len(onward)) - state
        gaps = np.where(missed > 0, GAP_OPEN + GAP_EXTEND * (missed - 1), 0.0)
        reached = np.where(missed >= 0, onward - gaps, IMPOSSIBLE)
        line = int(np.argmax(reached))
        if scores.skip[i] + behind[i + 1, state] >= reached[line]:
            i += 1
            continue
        alone = scores.single[i, line] + behind[i + 1, line + 1]
        count = 1 if alone >= onward[line] else 2
        path.append((i, count, line))
        i, state = i + count, line + 1
    return path


def _margin(scores: _Scores, ahead: Floats, behind: Floats, row: int, line: int) -> float:
    """By how much the best alignment beats the best one in which this row is another line, or none."""
    n = len(scores.skip)
    others = [float((ahead[row] + scores.skip[row] + behind[row + 1]).max())]
    entered = _enter(ahead[row])
    ways = [entered + scores.single[row] + behind[row + 1, 1:]]
    if row + 2 <= n:
        ways.append(entered + scores.joint[row] + behind[row + 2, 1:])
    if row:
        ways.append(_enter(ahead[row - 1]) + scores.joint[row - 1] + behind[row + 1, 1:])
    for way in ways:
        way[line] = IMPOSSIBLE
        others.append(float(way.max()))
    return float((ahead[0] + behind[0]).max()) - max(others)
