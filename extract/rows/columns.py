"""Which printed column is which column of the layout: by the number row, by headings, or by what came before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from extract.records import Cell, Grid
from extract.rows.folding import canonical_code, fold, likeness
from layouts.model import TableLayout

NUMBERS_NEEDED = 0.6  # share of the column numbers that must be legible for a row to be the number row
LONGEST_SIGN = 2  # characters a cell of the number row holds at most («10»)
EDGE_TOLERANCE = 0.02  # of the table's width: how far a column's edge may wander from one page to the next
HEADING_FLOOR = 55.0  # rapidfuzz points below which a heading names no column


class Witness(StrEnum):
    """What a column map rests on, from the strongest to the weakest."""

    NUMBERS = "numbers"
    CONTINUED = "continued"
    HEADINGS = "headings"
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where the columns of one layout table stand in one grid (physical columns from 0)."""

    section: int
    code: int
    label: int
    oked: int | None
    columns: Mapping[int, str]  # physical → column number of the layout
    witness: Witness
    edges: tuple[float, ...]  # of the grid, 0 … 1 of its width
    header_rows: int = 0  # rows of the grid up to and including the number row
    complete: bool = True  # every column of the layout has its place
    doubts: tuple[str, ...] = field(default=())


def relative_edges(grid: Grid) -> tuple[float, ...]:
    """The vertical edges as shares of the grid's width."""
    left, right = grid.x_edges[0], grid.x_edges[-1]
    return tuple((x - left) / max(right - left, 1e-9) for x in grid.x_edges)


def cells_by_position(grid: Grid) -> dict[tuple[int, int], Cell]:
    """Every (row, column) to the cell that covers it."""
    return {
        (row, column): cell
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }


def map_columns(grid: Grid, table: TableLayout, before: ColumnMap | None = None) -> ColumnMap | None:
    """The columns of `table` in `grid`, or None if the grid cannot be a part of that table.

    `before` is the map of the same table's part on the page before.
    """
    at = cells_by_position(grid)
    return (
        _by_numbers(grid, table, at)
        or (before and _continued(grid, table, before))
        or _by_headings(grid, table, at)
        or _by_position(grid, table)
    )


def _labels(table: TableLayout, physical: Mapping[str, int]) -> tuple[int, int, int | None]:
    """Physical columns of code, label and activity code; by position where their letter was not legible."""
    at = [physical.get(fold(letter), index) for index, letter in enumerate(table.label_columns)]
    return at[0], at[1], at[2] if len(at) > 2 else None


def _by_numbers(grid: Grid, table: TableLayout, at: Mapping[tuple[int, int], Cell]) -> ColumnMap | None:
    numbers = {column.number for column in table.columns}
    letters = {fold(letter) for letter in table.label_columns}
    for row in range(grid.rows):
        signs = sum(_is_sign(at.get((row, column))) for column in range(grid.columns))
        if signs < grid.columns - 1:
            continue
        found: dict[str, int] = {}
        seen_letters: dict[str, int] = {}
        for column in range(grid.columns):
            cell = at.get((row, column))
            text = cell.text if cell is not None and cell.column_span == 1 and cell.text else ""
            if fold(text) in letters and len(text.strip()) == 1:
                seen_letters.setdefault(fold(text), column)
            elif (number := canonical_code(text)) in numbers:
                found[number] = -1 if number in found else column
        legible = {number: column for number, column in found.items() if column >= 0}
        if 0 in legible.values() and not seen_letters:
            legible = {number: column for number, column in legible.items() if column > 0}
        lettered = seen_letters.keys() == letters
        enough = max(2, ceil(NUMBERS_NEEDED * len(numbers)))
        enough = min(enough, max(1, len(numbers) - 1)) if lettered else enough
        told = signs == grid.columns or lettered  # print that runs over from the row above
        if told and len(legible) >= min(enough, len(numbers)) and (len(numbers) > 1 or seen_letters):
            return _numbered(grid, table, legible, seen_letters, row)
    return None


def _is_sign(cell: Cell | None) -> bool:
    """Whether a cell holds no more than a letter or number, as every cell of a number row does."""
    if cell is None:
        return True
    return cell.crop is None if cell.text is None else len(cell.text.strip()) <= LONGEST_SIGN


def _numbered(
    grid: Grid, table: TableLayout, legible: Mapping[str, int], letters: Mapping[str, int], row: int
) -> ColumnMap:
    """The map from a number row; numbers that were not legible are filled in where only one place is left."""
    columns = {physical: number for number, physical in legible.items()}
    order = [column.number for column in table.columns]
    offset = len(table.label_columns)
    regular = all(physical == offset + order.index(number) for physical, number in columns.items())
    missing = [number for number in order if number not in legible]
    code, label, oked = _labels(table, letters)
    oked = None if oked in columns else oked  # a form printed without activity codes
    if regular:
        columns |= {
            offset + order.index(number): number for number in missing if offset + order.index(number) < grid.columns
        }
    elif len(missing) == 1:
        free = set(range(grid.columns)) - set(columns) - {code, label, oked}
        if len(free) == 1:
            columns[free.pop()] = missing[0]
    return ColumnMap(
        table.section, code, label, oked, columns, Witness.NUMBERS, relative_edges(grid), row + 1,
        complete=len(columns) == len(order),
    )  # fmt: skip


def _continued(grid: Grid, table: TableLayout, before: ColumnMap) -> ColumnMap | None:
    edges = relative_edges(grid)
    if len(edges) != len(before.edges):
        return None
    drift = max(abs(a - b) for a, b in zip(edges, before.edges, strict=True))
    if drift > 2 * EDGE_TOLERANCE:
        return None
    doubts = ("columns-drift",) if drift > EDGE_TOLERANCE and before.witness is not Witness.NUMBERS else ()
    return ColumnMap(
        table.section, before.code, before.label, before.oked, before.columns, Witness.CONTINUED, edges, 0,
        before.complete, doubts,
    )  # fmt: skip


def _by_headings(grid: Grid, table: TableLayout, at: Mapping[tuple[int, int], Cell]) -> ColumnMap | None:
    """Headings against headings, the likest pair first; needs a text for every column of the table."""
    first = next((r for r in range(grid.rows) if (c := at.get((r, 0))) and canonical_code(c.text or "")), grid.rows)
    heads = {c: _heading(at, first, c) for c in range(grid.columns)}
    wanted = {f"#{i}": words for i, words in enumerate(table.label_headings)}
    wanted |= {column.number: column.heading for column in table.columns}
    pairs = sorted(
        (
            (max(likeness(text, words.kk + words.ru), likeness(text, words.ru), likeness(text, words.kk)), c, key)
            for c, text in heads.items()
            if text
            for key, words in wanted.items()
        ),
        reverse=True,
    )
    taken: dict[int, str] = {}
    for points, column, key in pairs:
        if points >= HEADING_FLOOR and column not in taken and key not in taken.values():
            taken[column] = key
    if len(taken) < len(wanted):
        return None
    place = {key: column for column, key in taken.items()}
    columns = {column: key for column, key in taken.items() if not key.startswith("#")}
    return ColumnMap(
        table.section, place["#0"], place["#1"], place.get("#2"), columns, Witness.HEADINGS, relative_edges(grid), first
    )


def _heading(at: Mapping[tuple[int, int], Cell], rows: int, column: int) -> str:
    """The lowest heading above a column: what stands higher spans its neighbours too."""
    for row in reversed(range(rows)):
        cell = at.get((row, column))
        if cell is not None and cell.text and cell.column_span == 1 and len(cell.text.strip()) > 2:
            return cell.text
    return ""


def _by_position(grid: Grid, table: TableLayout) -> ColumnMap | None:
    offset = len(table.label_columns)
    if grid.columns != offset + len(table.columns):
        return None
    columns = {offset + i: column.number for i, column in enumerate(table.columns)}
    return ColumnMap(
        table.section, 0, 1, 2 if offset > 2 else None, columns, Witness.POSITION, relative_edges(grid),
        doubts=("columns-by-position",),
    )  # fmt: skip


CONFLICT_LEAD = 15.0  # rapidfuzz points by which another column's heading must fit better than a column's own
CONFLICT_FLOOR = 80.0  # rapidfuzz points that other heading must reach


def headings_conflict(grid: Grid, table: TableLayout, columns: ColumnMap) -> bool:
    """Whether the headings above a number row name other columns than it does.

    Both languages are compared together, as one language's headings may resemble each other.
    """
    at = cells_by_position(grid)
    words = {column.number: column.heading for column in table.columns}
    for physical, number in columns.columns.items():
        text = _heading(at, columns.header_rows - 1, physical)
        if not text:
            continue
        fits = {n: max(likeness(text, t) for t in (w.kk + w.ru, w.ru, w.kk) if t) for n, w in words.items()}
        if max(fits.values()) >= CONFLICT_FLOOR and max(fits.values()) - fits[number] > CONFLICT_LEAD:
            return True
    return False
