"""Dashes as witnesses of each other: what lies where its table's dashes lie, and is as long, may be one.

A fax or a pale stripe leaves of some dashes no more than of dust. Who fills cells in with dashes writes or types them
alike: of one length, in one place of the cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extract.ink.page import CellInk
from extract.records import Box

FEWEST = 3  # dashes of a table that say how dashes look in it
LOW = 0.5  # digits; higher ink is no dash
FLAT = 1.7  # times as wide as high: a dash
LONGEST = 1.6  # digits
SLACK = 0.2  # digits by which a dash may lie aside from the others' usual place
SPREAD = 3.0  # times the usual deviation of their places, where that is more
LEFT = 0.5  # share of a dash's length that may be left of it
MAY_BE = 0.25  # probability given to what may be a dash: neither bare nor ink


@dataclass(frozen=True, slots=True)
class _Habit:
    """How long a table's dashes are, and where in a cell they lie: from which edges counted, how far, give or take."""

    length: float
    across: tuple[float, float, float]  # share of the cell from which is counted, usual distance, tolerance
    down: tuple[float, float, float]

    def left(self, seen: CellInk, cell: Box) -> float:
        """How much of a dash's length lies where this cell's dash should lie."""
        x, y = (
            cell.x0 + self.across[0] * cell.width + self.across[1],
            cell.y0 + self.down[0] * cell.height + self.down[1],
        )
        start, end = x - self.length / 2 - self.across[2], x + self.length / 2 + self.across[2]
        covered = [
            min(piece.x1, end) - max(piece.x0, start)
            for piece in seen.pieces
            if abs(piece.centre[1] - y) <= self.down[2] and piece.height <= piece.width + 1
        ]
        return sum(length for length in covered if length > 0) / self.length


def doubted(seen: Sequence[CellInk], cells: Sequence[Box], digit: float) -> list[CellInk]:
    """The ink of a table's cells; one that seemed bare is doubtful where what is there may be left of a dash.

    `cells` are their boxes, `digit` the height of a printed digit, both in page pixels.
    """
    habit = _habit([(ink.pieces[0], box) for ink, box in zip(seen, cells, strict=True) if _is_dash(ink, digit)], digit)
    if habit is None:
        return list(seen)
    return [
        replace(ink, ink=max(ink.ink, MAY_BE)) if ink.crop is None and habit.left(ink, box) >= LEFT else ink
        for ink, box in zip(seen, cells, strict=True)
    ]


def _is_dash(ink: CellInk, digit: float) -> bool:
    if ink.crop is None or len(ink.pieces) != 1:
        return False
    (piece,) = ink.pieces
    return piece.height <= LOW * digit and FLAT * piece.height <= piece.width <= LONGEST * digit


def _habit(dashes: Sequence[tuple[Box, Box]], digit: float) -> _Habit | None:
    if len(dashes) < FEWEST:
        return None
    across = [(dash.centre[0], box.x0, box.width) for dash, box in dashes]
    down = [(dash.centre[1], box.y0, box.height) for dash, box in dashes]
    return _Habit(float(np.median([dash.width for dash, _ in dashes])), _usual(across, digit), _usual(down, digit))


def _usual(places: Sequence[tuple[float, float, float]], digit: float) -> tuple[float, float, float]:
    """From the edge or the middle of the cell, wherever these places vary least: their usual distance and tolerance."""
    ways = []
    for share in (0.0, 0.5, 1.0):
        away = np.array([at - start - share * size for at, start, size in places])
        usual = float(np.median(away))
        ways.append((float(np.median(np.abs(away - usual))), share, usual))
    spread, share, usual = min(ways)
    return share, usual, max(SLACK * digit, SPREAD * spread)
