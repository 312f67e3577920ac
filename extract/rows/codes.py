"""Codes whose boxes are the cells of a table over the page's width, as word processors make them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from extract.records import BoxRun, Cell, Grid, Sheet
from layouts.model import FieldKind, Layout

MOST_HEAD_ROWS = 2  # of a frame in the form's head: one, or two if its print is ruled in two
EQUAL = 0.2  # of a cell's width: cells of one code differ by less
TALLEST_SIGN = 0.3  # inch; a label in several lines is higher
WIDEST_SIGN = 1.3  # of its height; a label is wider
WIDER = 1.8  # times the usual sign: what is wider than that at a code's end is a label


def with_codes_in_cells(sheet: Sheet, layouts: Iterable[Layout]) -> Sheet:
    """The sheet with the codes among its boxes that are rows of cells, one sign or none in each.

    A row of just as many cells as a code has is one if no table of the form is as wide; shorter codes are told only in
    frames that stand above such a one.
    """
    known = list(layouts)
    lengths = {field.length for layout in known for field in layout.fields if field.kind is FieldKind.BOXES}
    widest = max((len(table.columns) for layout in known for table in layout.tables), default=0)
    found = list(_rows_of_signs(sheet, {length for length in lengths if length > widest}))
    runs = [*sheet.boxes, *found]
    bottom = max((run.box.y1 for run in runs if len(run.cells) > widest and len(run.cells) in lengths), default=0.0)
    found += [run for run in _rows_of_signs(sheet, {n for n in lengths if n <= widest}) if run.box.y1 <= bottom]
    new = [run for run in found if not any(run.box.holds(*box.box.centre) for box in sheet.boxes)]
    boxes = sorted([*sheet.boxes, *new], key=lambda run: (run.box.y0, run.box.x0))
    return replace(sheet, boxes=tuple(boxes)) if new else sheet


def heads_form(grid: Grid, sheet: Sheet, layout: Layout) -> bool:
    """Whether a grid stands above the form's identifiers: a frame of its head, though it have a table's columns."""
    longest = max((f.length for f in layout.fields if f.kind is FieldKind.BOXES), default=0)
    bottom = max((run.box.y1 for run in sheet.boxes if len(run.cells) == longest), default=0.0)
    return bool(longest) and grid.rows <= MOST_HEAD_ROWS and grid.box.y1 <= bottom + 1.0


def _rows_of_signs(sheet: Sheet, lengths: Collection[int]) -> Iterator[BoxRun]:
    for grid in sheet.grids:
        for row in range(grid.rows) if grid.rows <= MOST_HEAD_ROWS else ():
            cells = [cell for cell in grid.cells if cell.row == row]
            for stretch in _stretches(cells, sheet.resolution):
                if len(stretch) in lengths and len(stretch) < len(cells) and _equal(stretch):
                    yield BoxRun(tuple(replace(cell, row=0, column=i) for i, cell in enumerate(stretch)))


def _stretches(cells: Sequence[Cell], resolution: float) -> list[list[Cell]]:
    """The longest stretches of cells beside each other with a sign or nothing in each."""
    stretches: list[list[Cell]] = [[]]
    for cell in cells:
        if _is_sign(cell, resolution):
            stretches[-1].append(cell)
        else:
            stretches.append([])
    return [_of_one_size(stretch) for stretch in stretches if stretch]


def _of_one_size(cells: list[Cell]) -> list[Cell]:
    """A stretch without a short label at either end, which is much wider than the signs."""
    wide = [cell.crop.raw.shape[1] for cell in cells if cell.crop is not None]
    most = WIDER * median(wide) if wide else 0.0
    kept = [i for i, cell in enumerate(cells) if cell.crop is None or cell.crop.raw.shape[1] <= most]
    return cells[kept[0] : kept[-1] + 1] if kept else []


def _is_sign(cell: Cell, resolution: float) -> bool:
    """Whether a cell holds one digit at most; on a scan, ink no larger than a sign."""
    if cell.text is not None:
        text = cell.text.strip()
        return not text or (len(text) == 1 and text.isdigit())
    if cell.crop is None:
        return True
    height, width = cell.crop.raw.shape[:2]
    return bool(height <= TALLEST_SIGN * resolution and width <= WIDEST_SIGN * height)


def _equal(cells: Sequence[Cell]) -> bool:
    usual = median(cell.box.width for cell in cells)
    return all(abs(cell.box.width - usual) <= EQUAL * usual for cell in cells)
