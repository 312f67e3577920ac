"""Which walls of a table are drawn: shares of cells' sides, and edges that strokes of text only seem to make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]
Witness = Callable[[Sequence[float], Sequence[float]], tuple[Shares, Shares]]

NEAREST = 3.0  # in `snap`: edges nearer than this are one (double) ruling, not a row or column
WALL_SHARE = 0.5  # share of a cell's side that must be drawn to be a wall
LONE_WALL = 0.9  # share of the only wall on an edge that must be seen on a picture, where strokes of text mislead
FIRM_WALL = 0.7  # likewise of each where several stand on an edge
HALF = 0.5  # share of an edge's walls that may be weaker, if there are so many
SEEN_WALL = 0.75  # share of a wall's length that must be dark on a picture where no ruling was traced
TORN_WALL = 0.25  # share that is enough on an edge with walls nearly everywhere: a stamp or a blot tears rulings
NEARLY_ALL = 0.75  # share of an edge's walls
TORN_EDGE = 0.5  # share of a whole edge that is enough where a fax tears every ruling
MANY = 4  # rows from which one wall on its own is no column


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruling without its direction: where it lies across, and from where to where it runs along."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """How far it runs."""
        return self.end - self.start


def drawn_walls(shares: Shares, seen: Shares | None = None, *, torn_columns: bool = False) -> Flags:
    """Which walls [edge, place] stand, by the share that is traced and, on a picture, the share that is seen.

    On a picture a torn wall stands where nearly all of its edge's other walls do; and where a fax tears every ruling
    (`torn_columns`) an edge between columns runs on between the rows it is seen in.
    """
    if seen is None:
        return shares >= WALL_SHARE
    sure = np.maximum(shares, np.where(seen >= SEEN_WALL, seen, 0.0))
    drawn = sure >= WALL_SHARE
    if not drawn.size:
        return drawn
    most = np.minimum(np.maximum(shares, seen), 1.0)
    whole = drawn.mean(axis=1, keepdims=True) >= NEARLY_ALL
    held = np.pad(drawn, ((0, 0), (1, 1)))  # a heading's missing wall has no wall above
    drawn = np.asarray(drawn | (whole & (shares >= TORN_WALL) & held[:, :-2] & held[:, 2:]))
    if torn_columns and shares.shape[1] >= MANY:
        torn = (most >= TORN_WALL).mean(axis=1, keepdims=True) > HALF
        stubs = drawn | (torn & (most >= TORN_WALL))
        above = np.logical_or.accumulate(stubs, axis=1)
        below = np.logical_or.accumulate(stubs[:, ::-1], axis=1)[:, ::-1]
        drawn = np.asarray(drawn | (torn & above & below))
    return drawn


def wall_shares(strokes: Sequence[Stroke], edges: Sequence[float], marks: Sequence[float], snap: float) -> Shares:
    """[i, k]: how much of edge i is drawn between marks k and k + 1, as a share."""
    share = np.zeros((len(edges), max(len(marks) - 1, 0)))
    low, high = np.array(marks[:-1]), np.array(marks[1:])
    for stroke in strokes:
        nearest = int(np.argmin(np.abs(np.array(edges) - stroke.at)))
        if abs(edges[nearest] - stroke.at) > NEAREST * snap:
            continue
        drawn = np.clip(np.minimum(high, stroke.end + snap / 2) - np.maximum(low, stroke.start - snap / 2), 0, None)
        share[nearest] += drawn / (high - low)
    return share


def true_edges(
    lines: Sequence[Stroke],
    posts: Sequence[Stroke],
    x_edges: list[float],
    y_edges: list[float],
    snap: float,
    witness: Witness,
    *,
    torn: bool = False,
) -> tuple[list[float], list[float]]:
    """The edges without those that strokes of text made; twice, as false rows make false columns look true."""
    for _ in range(2):
        lying = wall_shares(lines, y_edges, x_edges, snap)
        y_edges = supported(y_edges, lying, witness(x_edges, y_edges)[0], many=False, torn=torn)
        standing = wall_shares(posts, x_edges, y_edges, snap)
        x_edges = supported(x_edges, standing, witness(x_edges, y_edges)[1].T, many=True, torn=torn)
    return x_edges, y_edges


def supported(edges: Sequence[float], traced: Shares, seen: Shares, *, many: bool, torn: bool) -> list[float]:
    """The edges that part cells, the outer ones always; a stem of a digit or an underlined word is none.

    `many`: among four and more walls a single one is a stroke of handwriting (columns run on, rows may not), unless
    it stands in a row of equal boxes.
    """
    if len(edges) < 3:
        return list(edges)
    drawn = traced >= WALL_SHARE
    both = np.minimum(traced, seen)
    several = (both >= FIRM_WALL).sum(axis=1) > 1
    lone = (drawn.sum(axis=1) == 1) & (both.max(axis=1) >= LONE_WALL)
    if many and traced.shape[1] >= MANY:
        several |= torn & ((traced >= TORN_WALL).mean(axis=1) > HALF)
        lone &= _evenly_spaced(np.array(edges), np.where(lone, drawn.argmax(axis=1), -1))
    kept = lone | several | (drawn.mean(axis=1) > HALF) | (torn & (both.mean(axis=1) > TORN_EDGE))
    kept[[0, -1]] = True
    return [edge for edge, keep in zip(edges, kept, strict=True) if keep]


def _evenly_spaced(edges: Shares, rows: npt.NDArray[np.int64]) -> Flags:
    """Which edges stand in the same row as three or more others at equal distances."""
    even = np.zeros(len(edges), bool)
    for row in set(rows.tolist()) - {-1}:
        here = np.flatnonzero(rows == row)
        gaps = np.diff(edges[here])
        if len(here) >= MANY and gaps.max() < 1.3 * gaps.min():
            even[here] = True
    return even


def runs_of(flags: Flags) -> list[tuple[int, int]]:
    """First and last place of each run of true flags."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
