"""Reads, on scans, what tells a row: line codes, activity codes, the number row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from extract.records import Alternative, Cell, Crop, Grid, Picture, Sheet, TextReader
from extract.rows.columns import cells_by_position

WIDEST_CODE = 9.0  # widths a height of the ink: «63.11.5» has about 4.5; a sentence has more
TALLEST_CODE = 0.30  # inches: codes are one line of print
NUMBER_ROW_INKED = 0.7  # share of a row's cells that hold one short sign in the number row
WIDEST_SIGN = 1.8  # widths a height of «10» in the number row

ReadCodes = Callable[[Sequence[Crop]], Sequence[tuple[Alternative, ...]]]


def read_row_codes(sheet: Sheet, read: ReadCodes, code_columns: Sequence[int]) -> Sheet:
    """The sheet with the text of its code cells and number row filled in; a text page is returned as it is.

    `code_columns` are the physical columns where layouts usually have codes.
    """
    if sheet.kind == "text":
        return sheet
    wanted = [
        (g, cell)
        for g, grid in enumerate(sheet.grids)
        if grid.columns > max(code_columns, default=0)
        for cell in _code_cells(grid, sheet.resolution, code_columns)
    ]
    if not wanted:
        return sheet
    found = read([cell.crop for _, cell in wanted if cell.crop is not None])
    texts = {
        (g, cell.row, cell.column): _best(alternatives) for (g, cell), alternatives in zip(wanted, found, strict=True)
    }
    return with_texts(sheet, texts)


def with_texts(sheet: Sheet, texts: Mapping[tuple[int, int, int], str]) -> Sheet:
    """The sheet with these cells' texts, by (grid, row, column)."""
    touched = {g for g, _, _ in texts}
    grids = tuple(
        grid
        if g not in touched
        else replace(
            grid,
            cells=tuple(
                replace(cell, text=texts[g, cell.row, cell.column]) if (g, cell.row, cell.column) in texts else cell
                for cell in grid.cells
            ),
        )
        for g, grid in enumerate(sheet.grids)
    )
    return replace(sheet, grids=grids)


def read_cells_as_text(sheet: Sheet, cells: Sequence[tuple[int, Cell]], text: TextReader) -> Sheet:
    """The sheet with these cells (grid, cell) read as print, all in one call."""
    if not cells:
        return sheet
    found = text.read([cell_picture(sheet, cell) for _, cell in cells])
    return with_texts(sheet, {(g, c.row, c.column): read for (g, c), read in zip(cells, found, strict=True)})


def cell_picture(sheet: Sheet, cell: Cell) -> Picture:
    """The pixels of one cell of a sheet."""
    height, width = sheet.picture.shape[:2]
    x0, y0 = (max(0, round(v * sheet.scale)) for v in (cell.box.x0, cell.box.y0))
    x1, y1 = min(width, round(cell.box.x1 * sheet.scale)), min(height, round(cell.box.y1 * sheet.scale))
    return sheet.picture[y0:y1, x0:x1]


def _best(alternatives: tuple[Alternative, ...]) -> str:
    return alternatives[0].text if alternatives else ""


def _code_cells(grid: Grid, resolution: float, code_columns: Sequence[int]) -> list[Cell]:
    at = cells_by_position(grid)
    rows = {row for row in range(grid.rows) if _may_be_numbers(grid, at, row, resolution)}
    return [
        cell
        for cell in grid.cells
        if cell.crop is not None
        and cell.text is None
        and (cell.row in rows or (cell.column in code_columns and _short(cell.crop, resolution, WIDEST_CODE)))
    ]


def _may_be_numbers(grid: Grid, at: Mapping[tuple[int, int], Cell], row: int, resolution: float) -> bool:
    cells = [cell for column in range(grid.columns) if (cell := at.get((row, column))) is not None]
    single = [cell for cell in cells if cell.column_span == 1 and cell.row == row]
    signs = [c for c in single if c.crop is not None and _short(c.crop, resolution, WIDEST_SIGN)]
    return len(single) == len(cells) > 0 and len(signs) >= NUMBER_ROW_INKED * grid.columns


def _short(crop: Crop, resolution: float, widest: float) -> bool:
    height, width = crop.raw.shape[:2]
    return bool(height <= TALLEST_CODE * resolution and width <= widest * height)
