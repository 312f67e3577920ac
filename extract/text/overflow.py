"""Figures too long for their cell: a spreadsheet prints them on over the ruling, into the cell beside."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.grids.grid import GridFrame
from extract.records import Word

LEVEL = 0.35  # of the height: figures of one number stand level within this
SPACE = 0.3  # of the height: no wider gap is the space within a number; beside a ruling there are two margins
BEYOND = 1.0  # points by which a word reaches over its cell's edge


def over_edges(frame: GridFrame, inside: Sequence[Sequence[Word]]) -> set[int]:
    """The cells, by number, in which a figure stands that goes on over the ruling between them."""
    found: set[int] = set()
    for left, right in pairwise(range(len(frame.spans))):
        one, other = frame.spans[left], frame.spans[right]
        if one.row == other.row and one.column + one.column_span == other.column:
            edge = frame.x_edges[other.column]
            if any(_reaches(word, edge) for word in inside[left]) or any(
                _one_number(a, b) for a in inside[left] for b in inside[right]
            ):
                found |= {left, right}
            found |= {right} if any(word.box.x0 < edge - BEYOND and _figure(word) for word in inside[right]) else set()
    return found


def _figure(word: Word) -> bool:
    return word.turn == 0 and word.text[:1].isdigit() and word.text[-1:].isdigit()


def _reaches(word: Word, edge: float) -> bool:
    return _figure(word) and word.box.x1 > edge + BEYOND


def _one_number(left: Word, right: Word) -> bool:
    """Whether two words on either side of a ruling are groups of one number."""
    height = min(left.box.height, right.box.height)
    level = abs(left.box.centre[1] - right.box.centre[1]) <= LEVEL * height
    return level and _figure(left) and _figure(right) and right.box.x0 - left.box.x1 <= SPACE * height
