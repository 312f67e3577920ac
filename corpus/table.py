"""Draws one section's table: heading, number row, lines that page breaks may cut, figures in their cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.head import Grid, draw_head
from corpus.pen import Align, Area, Fringe, Pen, Valign
from corpus.records import Filled
from corpus.style import PageStyle
from corpus.wording import activity_code, fill_lines, line_code, paragraphs, retype, say
from layouts.model import ColumnKind, Line, Place, TableLayout, Words

OPENING_LINES = 8  # sizes of type: number row and first line
LEAST_LABEL = 40.0  # points
SMALLEST_FIGURE_ROOM = 12.0  # points a figure column is at least wide
KEEP_LINES = 2  # lines of a label that must fit above and below a cut

Half = Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell to draw."""

    lines: tuple[str, ...] = ()
    align: Align = "left"
    valign: Valign = "middle"
    size: float = 0.0
    values: tuple[str, ...] = ()  # what is filled in, line by line
    place: Place | None = None
    half: Half = "first"  # on which part of a cut row it stands
    cuttable: bool = False  # a label: its lines run on over the cut


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table before it has a place on the page."""

    cells: tuple[Cell, ...]
    bold: bool = False


class Flow:
    """Where on the pages the next thing goes."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.y = pen.style.margin[1]

    @property
    def bottom(self) -> float:
        """Lowest y that may be drawn on."""
        return self.pen.style.height - self.pen.style.margin[3]

    @property
    def room(self) -> float:
        """Points left on this page."""
        return self.bottom - self.y

    def break_page(self) -> None:
        """Goes on at the top of a new page."""
        self.pen.next_page()
        self.y = self.pen.style.margin[1]

    def need(self, height: float) -> None:
        """Breaks the page unless this much is left on it."""
        if self.room < height and self.y > self.pen.style.margin[1]:
            self.break_page()


def draw_table(flow: Flow, filled: Filled, table: TableLayout) -> None:
    """The whole table, over as many pages as it takes."""
    pen, style = flow.pen, flow.pen.style
    grid = _grid(pen, filled, table)
    rows = _rows(pen, filled, grid)
    head_height = draw_head(pen, grid, 0.0, paint=False)
    numbers = _number_row(grid, style)
    flow.need(head_height + 5 * style.size * style.leading)
    flow.y = draw_head(pen, grid, flow.y, paint=True)
    if style.table.number_row:
        _draw_row(flow, grid, numbers, _height(numbers, pen))

    def continue_page() -> None:
        flow.break_page()
        if style.table.repeat == "head":
            flow.y = draw_head(pen, grid, flow.y, paint=True)
        if style.table.repeat != "none" and style.table.number_row:
            _draw_row(flow, grid, numbers, _height(numbers, pen))

    for row in rows:
        _place_row(flow, grid, row, continue_page)


def _grid(pen: Pen, filled: Filled, table: TableLayout) -> Grid:
    style = pen.style
    left, _, right, _ = style.margin
    width = style.width - left - right
    shares = [style.table.code_share, style.table.label_share, style.table.oked_share][: len(table.label_columns)]
    few = len(table.columns) < 4
    if few and len(shares) > 1:
        shares[1] = min(0.5, shares[1] * 1.8)
    widths = [max(share * width, floor) for share, floor in zip(shares, _floors(table, style), strict=False)]
    order = [column.number for column in table.columns]
    if style.table.permuted:
        pen.rng.shuffle(order)
    rest = max(width - sum(widths), SMALLEST_FIGURE_ROOM * len(order))
    needs = [_widest(pen, filled, table.section, number) + 2 * style.table.pad_x + 2 for number in order]
    spare = rest - sum(needs)
    columns = [need + spare / len(order) for need in needs] if spare >= 0 else [rest * n / sum(needs) for n in needs]
    if spare >= 0 and rest / len(order) >= max(needs):
        columns = [rest / len(order)] * len(order)
    x = [left]
    for step in (*widths, *columns):
        x.append(x[-1] + step)
    return Grid(table, tuple(order), tuple(x))


def opening_height(pen: Pen, filled: Filled, table: TableLayout) -> float:
    """Points the heading and the first lines of a table take: what should stand together on one page."""
    return draw_head(pen, _grid(pen, filled, table), 0.0, paint=False) + OPENING_LINES * pen.style.size


def _floors(table: TableLayout, style: PageStyle) -> tuple[float, float, float]:
    """Least widths of the columns of codes, labels and activity codes: a code is never broken."""
    spaced = [line.oked.replace(".", ". ") for line in table.lines if line.oked]
    codes = [f"{line.code}." for line in table.lines]
    room = 2 * style.table.pad_x + 2
    widest = [max((style.face.width(text, style.size) for text in texts), default=0.0) for texts in (codes, spaced)]
    return widest[0] + room, LEAST_LABEL, widest[1] + room


def _widest(pen: Pen, filled: Filled, section: int, column: str) -> float:
    texts = [e.written for p, e in filled.entries.items() if p.section == section and p.column == column]
    longest = max((pen.value_width(text, pen.style.figure_size) for text in texts if text), default=0.0)
    return max(longest, 3 * pen.style.size)


def _rows(pen: Pen, filled: Filled, grid: Grid) -> list[Row]:
    interludes = [_interlude(grid, words, pen.style) for words in grid.table.interludes]
    rows: list[Row] = []
    for i, line in enumerate(grid.table.lines):
        rows.append(_line_row(pen, filled, grid, line, first=i == 0))
        if i == 0:
            rows += interludes
    return rows


def _interlude(grid: Grid, words: Words, style: PageStyle) -> Row:
    label = _label(grid, say(words, style.wording), style)
    blank = Cell()
    before = (blank, label) if grid.labels > 1 else (label,)
    return Row((*before, *(blank for _ in range(len(grid.x) - 1 - len(before)))))


def _label(grid: Grid, texts: Sequence[str], style: PageStyle) -> Cell:
    at = min(1, grid.labels - 1)
    room = grid.x[at + 1] - grid.x[at] - 2 * style.table.pad_x
    face = style.face
    lines = paragraphs([face.fit(t) for t in texts], face, style.size, room, hyphens=style.table.hyphens)
    return Cell(tuple(lines), "left", style.table.label_valign, style.size, cuttable=True)


def _line_row(pen: Pen, filled: Filled, grid: Grid, line: Line, *, first: bool) -> Row:
    rng, style = pen.rng, pen.style
    wording = style.wording
    code = line.code if first and wording.codes != "dot" else line_code(rng, line.code, wording)
    texts = [retype(rng, text, wording) for text in say(line.label, wording)]
    half: Half = "first" if style.table.cut in {"whole", "top"} else "last"
    oked_half: Half = "first" if style.table.cut == "split" else half
    code_half: Half = rng.choice(("first", "last")) if style.table.cut == "split" else half
    oked = (
        activity_code(rng, line.oked, wording) if line.oked else ("Х" if line.code in grid.table.oked_crossed else "")
    )
    valign = style.table.figure_valign
    cells = [
        Cell((code,) if code else (), "centre", valign, style.size, half=code_half),
        _label(grid, texts, style),
        Cell((oked,) if oked else (), "centre", valign, style.size, half=oked_half),
    ][: grid.labels]
    cells += [_figure_cell(pen, filled, grid, line, number, half) for number in grid.order]
    return Row(tuple(cells))


def _figure_cell(pen: Pen, filled: Filled, grid: Grid, line: Line, number: str, half: Half) -> Cell:
    style = pen.style
    place = Place(grid.table.section, line.code, number)
    column = next(c for c in grid.table.columns if c.number == number)
    align, valign = style.table.figure_align, style.table.figure_valign
    if column.kind is ColumnKind.COUNTRY:
        written = filled.countries.get(place, "")
        if line.code in column.crossed:
            return Cell(("Х",), "centre", valign, style.size, half=half)
        at = grid.labels + grid.order.index(number)
        room = grid.x[at + 1] - grid.x[at] - 2 * style.table.pad_x
        values = tuple(fill_lines(pen, written, room)) if written else ()
        return Cell((), align, valign, style.size, values, place, half)
    entry = filled.entries[place]
    return Cell((), align, valign, style.size, (entry.written,) if entry.written else (), place, half)


def _number_row(grid: Grid, style: PageStyle) -> Row:
    names = (*grid.table.label_columns, *grid.order)
    return Row(tuple(Cell((name,), "centre", "middle", style.size) for name in names))


def _height(row: Row, pen: Pen) -> float:
    style = pen.style
    leading = style.size * style.leading
    text = max(len(cell.lines) for cell in row.cells) * leading
    value = pen.value_height * max(len(cell.values) for cell in row.cells)
    return max(text, value, leading) + 2 * style.table.pad_y


def _place_row(flow: Flow, grid: Grid, row: Row, continue_page: Callable[[], None]) -> None:
    style = flow.pen.style
    height = _height(row, flow.pen)
    if height <= flow.room:
        _draw_row(flow, grid, row, height)
        return
    leading = style.size * style.leading
    fits = int((flow.room - 2 * style.table.pad_y) / leading)
    longest = max(len(cell.lines) for cell in row.cells)
    tall = height > flow.pen.style.height - flow.pen.style.margin[1] - flow.pen.style.margin[3]
    wanted = style.table.cut != "whole" or tall
    if not wanted or fits < KEEP_LINES or longest - fits < 1:
        continue_page()
        _draw_row(flow, grid, row, min(height, flow.room))
        return
    first, last = _cut(row, fits)
    _draw_row(flow, grid, first, flow.room, open_bottom=not style.table.cut_closed)
    continue_page()
    _draw_row(flow, grid, last, _height(last, flow.pen), open_top=not style.table.cut_closed)


def _cut(row: Row, fits: int) -> tuple[Row, Row]:
    """The two halves of a row of which only `fits` lines of the label stay on this page."""
    first, last = [], []
    for cell in row.cells:
        if cell.cuttable:
            first.append(replace(cell, lines=cell.lines[:fits], valign="top"))
            last.append(replace(cell, lines=cell.lines[fits:], valign="top"))
            continue
        empty = replace(cell, lines=(), values=(), place=None)
        first.append(cell if cell.half == "first" else empty)
        last.append(cell if cell.half == "last" else empty)
    return replace(row, cells=tuple(first)), replace(row, cells=tuple(last))


def _draw_row(
    flow: Flow, grid: Grid, row: Row, height: float, *, open_top: bool = False, open_bottom: bool = False
) -> None:
    pen, style = flow.pen, flow.pen.style
    y0, y1 = flow.y, flow.y + height
    fringes = []
    for i, cell in enumerate(row.cells):
        area = Area(grid.x[i], y0, grid.x[i + 1], y1)
        last = i == len(row.cells) - 1
        right = not last or style.rulings.right_border
        fringes.append(Fringe(area, top=not open_top, bottom=not open_bottom, right=right))
        inner = area.inner(style.table.pad_x, style.table.pad_y)
        if cell.lines:
            pen.print_lines(cell.lines, inner, cell.size, cell.align, cell.valign, bold=row.bold)
        if cell.values and cell.place is not None:
            pen.values(cell.values, inner, cell.align, cell.valign, cell.place)
    pen.rule(fringes, style.rulings)
    if style.rulings.double and not open_top and not open_bottom:
        pen.frame(Area(grid.x[0] - 2, y0, grid.x[-1] + 2, y1), style.rulings.weight)
    flow.y = y1
