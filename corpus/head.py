"""The heading of a table: the columns' own headings, and those over several columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.pen import Area, Fringe, Pen
from corpus.style import PageStyle
from corpus.wording import paragraphs, say
from layouts.model import HeadingGroup, TableLayout


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of a table as drawn: `order` says which of the layout's columns stand from left to right."""

    table: TableLayout
    order: tuple[str, ...]
    x: tuple[float, ...]  # edges, one more than columns

    @property
    def labels(self) -> int:
        """How many columns stand before the figures."""
        return len(self.x) - 1 - len(self.order)


@dataclass(frozen=True, slots=True)
class Level:
    """A heading over several columns, and how many stand above it."""

    group: HeadingGroup
    level: int


def levels(groups: Iterable[HeadingGroup]) -> list[Level]:
    """Each group's depth: how many earlier groups hold all its columns."""
    found: list[Level] = []
    for group in groups:
        above = [known.level for known in found if set(group.columns) <= set(known.group.columns)]
        found.append(Level(group, max(above, default=-1) + 1))
    return found


def depth(groups: Iterable[Level], column: str) -> int:
    """How many group headings stand above a column's own."""
    return max((known.level + 1 for known in groups if column in known.group.columns), default=0)


def draw_head(pen: Pen, grid: Grid, y: float, *, paint: bool) -> float:
    """Draws the heading with its top at `y`; the y below it."""
    style = pen.style
    nested = style.table.nested_head and not style.table.permuted
    used = levels(grid.table.groups) if nested else []
    deepest = max((depth(used, column) for column in grid.order), default=0)
    leading = style.size * style.leading
    heights = [0.0] * (deepest + 1)
    for known in used:
        lines = _group_lines(known.group, grid, style)
        heights[known.level] = max(heights[known.level], len(lines) * leading + 2 * style.table.pad_y)
    texts = _leaf_lines(grid, style)
    for i, lines in enumerate(texts):
        start = depth(used, grid.order[i - grid.labels]) if i >= grid.labels else 0
        tall = len(lines) * leading + 2 * style.table.pad_y
        heights[-1] = max(heights[-1], tall - sum(heights[start:-1]))
    bottom = y + sum(heights)
    if not paint:
        return bottom
    fringes = []
    for i, lines in enumerate(texts):
        start = depth(used, grid.order[i - grid.labels]) if i >= grid.labels else 0
        area = Area(grid.x[i], y + sum(heights[:start]), grid.x[i + 1], bottom)
        fringes.append((area, lines))
    for known in used:
        at = sorted(grid.order.index(column) + grid.labels for column in known.group.columns)
        top = y + sum(heights[: known.level])
        area = Area(grid.x[at[0]], top, grid.x[at[-1] + 1], top + heights[known.level])
        fringes.append((area, _group_lines(known.group, grid, style)))
    for area, lines in fringes:
        pen.print_lines(lines, area.inner(style.table.pad_x, style.table.pad_y), style.size, "centre", "middle")
    edge = grid.x[-1]
    pen.rule([Fringe(a, right=a.x1 < edge - 0.01 or style.rulings.right_border) for a, _ in fringes], style.rulings)
    return bottom


def _leaf_lines(grid: Grid, style: PageStyle) -> list[list[str]]:
    headings = dict(zip((c.number for c in grid.table.columns), (c.heading for c in grid.table.columns), strict=True))
    words = [*grid.table.label_headings, *(headings[number] for number in grid.order)]
    result = []
    for i, heading in enumerate(words):
        room = grid.x[i + 1] - grid.x[i] - 2 * style.table.pad_x
        texts = [style.face.fit(text) for text in say(heading, style.wording)]
        result.append(paragraphs(texts, style.face, style.size, room, hyphens=style.table.hyphens))
    return result


def _group_lines(group: HeadingGroup, grid: Grid, style: PageStyle) -> list[str]:
    at = sorted(grid.order.index(column) + grid.labels for column in group.columns)
    room = grid.x[at[-1] + 1] - grid.x[at[0]] - 2 * style.table.pad_x
    texts = [style.face.fit(text) for text in say(group.words, style.wording)]
    return paragraphs(texts, style.face, style.size, room, hyphens=style.table.hyphens)
