"""Printed rows of the form's tables that no table took up: figures in them must not vanish unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.records import Cell, Sheet
from extract.rows.columns import cells_by_position
from extract.rows.folding import digits_of, fold
from extract.rows.rows import Row, label_likeness
from layouts.model import Layout, Line

LABEL_LIKENESS = 85.0  # rapidfuzz points at which a text is a line's label


def overlooked_pages(sheets: Iterable[Sheet], rows: Iterable[Row], layout: Layout) -> list[int]:
    """The pages on which a line's activity code or label stands beside something filled in, but not in these rows."""
    taken = {(row.sheet.number, row.grid, row.index) for row in rows if not row.heading}
    lines = [line for table in layout.tables for line in table.lines]
    return [
        sheet.number
        for sheet in sheets
        if any(
            _is_line_with_figures([at[r, c] for c in range(grid.columns) if (r, c) in at], lines)
            for index, grid in enumerate(sheet.grids)
            for at in (cells_by_position(grid),)
            for r in range(grid.rows)
            if (sheet.number, index, r) not in taken
        )
    ]


def _is_line_with_figures(cells: Sequence[Cell], lines: Sequence[Line]) -> bool:
    """Whether one of these cells, from left to right, tells a line and one right of it is filled in."""
    told = [i for i, cell in enumerate(cells) if cell.text and _tells(cell.text, lines)]
    return bool(told) and any(_is_filled(cell) for cell in cells[told[-1] + 1 :])


def _tells(text: str, lines: Sequence[Line]) -> bool:
    """Whether a text is a line's activity code or its label; a mere line code stands in other tables, too."""
    digits = digits_of(text)
    if digits:
        return any(line.oked is not None and digits == digits_of(line.oked) for line in lines)
    return len(fold(text)) > 2 and any(
        label_likeness(text, line.label.kk, line.label.ru) >= LABEL_LIKENESS for line in lines
    )


def _is_filled(cell: Cell) -> bool:
    """Whether an amount may stand in a cell: digits, or ink that was not read."""
    if cell.text is None:
        return cell.crop is not None
    return bool(digits_of(cell.text)) or any(sign.isdigit() for sign in cell.text)
