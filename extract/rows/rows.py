"""The rows of a form's tables with their three witnesses: code, label, activity code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from extract.records import Cell, Grid, Picture, Sheet
from extract.rows.codes import MOST_HEAD_ROWS, heads_form
from extract.rows.columns import ColumnMap, Witness, cells_by_position, map_columns
from extract.rows.folding import canonical_code, digits_of, fold, part_likeness
from layouts.model import ColumnKind, Layout, Line, TableLayout

# Points are natural-logarithm odds in spirit: a code that fits outweighs a label that half fits.
CODE_FITS, CODE_DIGITS_FIT, CODE_NEAR, CODE_OTHER, CODE_MISSING = 6.0, 4.0, 0.0, -4.0, -0.5
OKED_FITS, OKED_NEAR, OKED_OTHER, OKED_MISSING, OKED_NONE, OKED_UNEXPECTED = 6.0, -0.5, -5.0, -1.0, 0.5, -4.0
LABEL_NEUTRAL = 62.0  # rapidfuzz points at which a label speaks neither for nor against a line
LABEL_WEIGHT = 6.0 / (100.0 - LABEL_NEUTRAL)  # a perfect label counts as much as a code that fits
LABEL_WORST = -4.0
SKIP_PLAIN, SKIP_CODED, SKIP_FIGURES, SKIP_INTERLUDE = -1.0, -3.0, -4.0, 2.0
INTERLUDE_LIKENESS = 80.0
DUST = 0.045  # inches that dust does not reach, and every dash and digit does
PAPER = 200  # grey level from which a pixel is paper
CONTENT_WRONG = -3.0  # points of something in a cell that is not what its column holds
INDEX_LIKENESS = 88.0  # rapidfuzz points at which the form's index stands in a cell
SHORTEST_HEADING = 6  # letters
HEADING_LIKENESS = 85.0  # rapidfuzz points at which a label is the label column's heading


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One printed row, or a piece of one, under one section's column map."""

    sheet: Sheet
    grid: int  # which grid of the sheet
    index: int  # which row of the grid
    maps: Mapping[int, ColumnMap]  # section → where its columns would stand
    cells: Mapping[int, Cell]  # physical column → cell
    heading: bool  # stands above or is the number row
    first: bool  # of its grid, headings apart: may go on from the page before
    last: bool  # of its grid: may go on overleaf
    open_top: bool
    open_bottom: bool


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What a row says of itself under one column map; None is unread, "" is blank."""

    code: str
    oked: str
    label: str | None
    figures: int

    def and_then(self, other: Witnesses) -> Witnesses:
        """The witnesses of two pieces of one cut row."""
        label = None if self.label is None or other.label is None else f"{self.label} {other.label}".strip()
        return Witnesses(self.code or other.code, self.oked or other.oked, label, self.figures + other.figures)


def page_rows(sheet: Sheet, layout: Layout, before: Mapping[int, ColumnMap]) -> list[Row]:
    """The rows of all grids of a page that may be a part of one of the layout's tables."""
    known = dict(before)
    rows: list[Row] = []
    for index, grid in enumerate(sheet.grids):
        maps: dict[int, ColumnMap] = {}
        if _bears_index(grid, layout) or heads_form(grid, sheet, layout):
            continue
        for table in layout.tables:
            found = map_columns(grid, table, known.get(table.section))
            if found is not None:
                maps[table.section] = found
        maps = _possible(_strongest(maps), maps, grid, layout)
        known |= maps
        if maps:
            rows += _rows_of(sheet, index, grid, maps, layout)
    return rows


def _strongest(maps: Mapping[int, ColumnMap]) -> dict[int, ColumnMap]:
    """Of several sections a grid may belong to, those with the strongest witness."""
    order = list(Witness)
    if not maps:
        return {}
    top = min(order.index(m.witness) for m in maps.values())
    most = max(len(m.columns) for m in maps.values() if order.index(m.witness) == top)
    return {s: m for s, m in maps.items() if order.index(m.witness) == top and len(m.columns) == most}


def _possible(
    strongest: Mapping[int, ColumnMap], maps: Mapping[int, ColumnMap], grid: Grid, layout: Layout
) -> dict[int, ColumnMap]:
    """The sections a grid may belong to although a number row tells another: it may be another table's, repeated.

    Programs repeat the first table's heading rows on every page; under them a table with fewer columns goes on. That
    it does is certain where the rows have no cells in the columns too many, and possible where nothing stands in them
    and something that is no amount does where the narrower table has countries.
    """
    possible = dict(strongest)
    for section, narrow in maps.items():
        for wide in [w for s, w in strongest.items() if s != section]:
            if not narrow.witness == wide.witness == Witness.NUMBERS or narrow.header_rows != wide.header_rows:
                continue
            under = _under_number_row(grid, wide)
            beyond = [cells.get(column) for cells in under for column in wide.columns if column not in narrow.columns]
            if under and not any(beyond):
                possible.pop(wide.section, None)
                possible[section] = narrow
            elif not any(cell is not None and _inked(cell) for cell in beyond) and any(
                content_points(cells, wide, layout.table(wide.section)) < 0.0 for cells in under
            ):
                possible[section] = narrow
    return possible


def _under_number_row(grid: Grid, columns: ColumnMap) -> list[dict[int, Cell]]:
    """The cells of every row below a grid's number row, by physical column."""
    at = cells_by_position(grid)
    rows = range(columns.header_rows, grid.rows)
    return [{c: at[r, c] for c in range(grid.columns) if (r, c) in at} for r in rows]


def content_points(cells: Mapping[int, Cell], columns: ColumnMap, table: TableLayout) -> float:
    """What speaks against a row being of this table by the kind of what stands in it: words where amounts belong."""
    kinds = {column.number: column.kind for column in table.columns}
    points = 0.0
    for physical, number in columns.columns.items():
        cell = cells.get(physical)
        text = fold(cell.text or "") if cell is not None else ""
        wrong = str.isalpha if kinds[number] is ColumnKind.AMOUNT else str.isdigit
        points += CONTENT_WRONG if text and all(wrong(sign) for sign in text) else 0.0
    return points


def _bears_index(grid: Grid, layout: Layout) -> bool:
    """Whether a grid is the frame around the form's index: it may have as many columns as a table."""
    if grid.rows > MOST_HEAD_ROWS:
        return False
    texts = [cell.text for cell in grid.cells if cell.text]
    return any(part_likeness(index, text) >= INDEX_LIKENESS for text in texts for index in layout.index.printed())


def _rows_of(sheet: Sheet, index: int, grid: Grid, maps: Mapping[int, ColumnMap], layout: Layout) -> list[Row]:
    """The rows of one grid, top to bottom."""
    at = cells_by_position(grid)
    header = max((m.header_rows for m in maps.values()), default=0)
    rows: list[Row] = []
    for r in range(grid.rows):
        cells = {c: at[r, c] for c in range(grid.columns) if (r, c) in at}
        if not cells:
            continue
        headed = any(_is_heading(cells, m, layout.table(s)) for s, m in maps.items())
        heading = r < header or headed or _only_headings(cells, layout)
        rows.append(
            Row(
                sheet, index, r, maps, cells, heading,
                first=not heading and all(row.heading for row in rows),
                last=r == grid.rows - 1,
                open_top=r == 0 and any(c.open_top for c in cells.values()),
                open_bottom=r == grid.rows - 1 and any(c.open_bottom for c in cells.values()),
            )
        )  # fmt: skip
    return rows


def _is_heading(cells: Mapping[int, Cell], columns: ColumnMap, table: TableLayout) -> bool:
    """Whether a row repeats the headings of the label columns, as the top of a table does on every page."""
    cell = cells.get(columns.label)
    if cell is None or not cell.text or len(table.label_headings) < 2:
        return False
    heading = table.label_headings[1]
    return label_likeness(cell.text, heading.kk, heading.ru) >= HEADING_LIKENESS


def _only_headings(cells: Mapping[int, Cell], layout: Layout) -> bool:
    """Whether nothing but printed headings stands in a row, of whichever of the form's tables."""
    texts = {cell.text for cell in cells.values() if cell.text}
    unread = any(cell.text is None and cell.crop is not None for cell in cells.values())
    return bool(texts) and not unread and all(_heads(text, layout) for text in texts)


def _heads(text: str, layout: Layout) -> bool:
    """Whether a text is printed above some column."""
    headings = (
        words
        for table in layout.tables
        for words in (*table.label_headings, *(c.heading for c in table.columns), *(g.words for g in table.groups))
    )
    return len(fold(text)) >= SHORTEST_HEADING and any(
        label_likeness(text, words.kk, words.ru) >= HEADING_LIKENESS for words in headings
    )


def witnesses(row: Row, columns: ColumnMap) -> Witnesses:
    """What the row says of itself if its columns are these."""

    def text(column: int | None) -> str | None:
        cell = row.cells.get(column) if column is not None else None
        if cell is None:
            return ""
        return cell.text if cell.text is not None else (None if cell.crop is not None else "")

    label = row.cells.get(columns.label)
    filled = [row.cells[c] for c in columns.columns if c in row.cells]
    figures = sum(_inked(cell, row.sheet.resolution) for cell in filled if not (cell is label and _is_wording(cell)))
    return Witnesses(text(columns.code) or "", text(columns.oked) or "", text(columns.label), figures)


def is_filled(row: Row, section: int) -> bool:
    """Whether figures stand in a row, taken for one of this section."""
    return section in row.maps and witnesses(row, row.maps[section]).figures > 0


def _inked(cell: Cell, resolution: float = 0.0) -> bool:
    """Whether something other than a printed «Х» stands in a cell, nor dust if the page's pixels an inch are given."""
    if cell.text is not None:
        return fold(cell.text) not in ("", fold("Х"))
    return cell.crop is not None and _extent(cell.crop.clean) >= DUST * resolution


def _is_wording(cell: Cell) -> bool:
    """Whether only words stand in a cell that runs on from the label over the figures' columns: «оның ішінде:»."""
    return cell.text is not None and not digits_of(cell.text)


def _extent(picture: Picture) -> int:
    """How far ink reaches in a picture, across or down, in pixels."""
    dark = picture < PAPER
    return int(max(dark.any(axis=0).sum(), dark.any(axis=1).sum()))


def code_points(read: str, code: str) -> float:
    """How far a code that was read speaks for a line.

    >>> code_points("1,3", "1.3"), code_points("131", "1.3.1"), code_points("", "1.3"), code_points("1.8", "1.3")
    (6.0, 4.0, -0.5, -4.0)
    """
    if not read.strip():
        return CODE_MISSING
    canonical = canonical_code(read)
    if canonical == code or (not canonical and fold(read) == fold(code)):
        return CODE_FITS
    digits = canonical.replace(".", "")
    wanted = code.replace(".", "")
    if digits and digits == wanted:
        return CODE_DIGITS_FIT
    if not canonical:
        return CODE_NEAR  # not a code at all: a witness that cannot speak
    return CODE_OTHER


def oked_points(read: str, oked: str | None) -> float:
    """How far an activity code that was read speaks for a line.

    >>> oked_points("62O11", "62.01.1"), oked_points("", None), oked_points("62.01.1", None)
    (6.0, 0.5, -4.0)
    """
    digits = digits_of(read)
    if oked is None:
        return OKED_UNEXPECTED if len(digits) >= 4 else OKED_NONE
    wanted = oked.replace(".", "")
    if not digits:
        return OKED_MISSING
    if digits == wanted:
        return OKED_FITS
    near = len(digits) == len(wanted) and sum(a != b for a, b in zip(digits, wanted, strict=True)) == 1
    return OKED_NEAR if near else OKED_OTHER


def label_points(read: str | None, line: Line) -> float:
    """How far a label speaks for a line, whichever of its languages is printed; 0 where it was not read."""
    if not read or not fold(read):
        return 0.0
    best = label_likeness(read, line.label.kk, line.label.ru)
    return max(LABEL_WORST, (best - LABEL_NEUTRAL) * LABEL_WEIGHT)


def label_likeness(read: str, kk: str, ru: str) -> float:
    """The best likeness to the label in one language or both, 0 … 100."""
    text = fold(read)
    return max(fuzz.ratio(text, fold(kk + ru)), fuzz.ratio(text, fold(kk)), fuzz.ratio(text, fold(ru)))


def match_points(seen: Witnesses, line: Line) -> float:
    """All three witnesses together."""
    return code_points(seen.code, line.code) + oked_points(seen.oked, line.oked) + label_points(seen.label, line)


def skip_points(seen: Witnesses, table: TableLayout) -> float:
    """What it costs to take a row for no line at all: a heading, an interlude, a stray grid."""
    points = SKIP_CODED if canonical_code(seen.code) or digits_of(seen.oked) else SKIP_PLAIN
    if seen.label and not digits_of(seen.oked):
        likest = max((label_likeness(seen.label, w.kk, w.ru) for w in table.interludes), default=0.0)
        points += SKIP_INTERLUDE if likest >= INTERLUDE_LIKENESS else 0.0
    return points + (SKIP_FIGURES if seen.figures else 0.0)


def may_join(upper: Row, lower: Row) -> bool:
    """Whether two rows may be the pieces of one that a page break cut."""
    return upper.last and lower.first and upper.sheet is not lower.sheet


def joint_points(upper: Row, lower: Row, first: Witnesses, second: Witnesses) -> float:
    """What the rulings at the break say for two pieces being one row, and against it if both carry a code."""
    points = 1.0 * upper.open_bottom + 1.0 * lower.open_top
    clash = (first.code and second.code) or (digits_of(first.oked) and digits_of(second.oked))
    return points + (CODE_OTHER if clash else 0.0)


def apart_points(upper: Row, lower: Row) -> float:
    """What the rulings say against two rows at a break being whole."""
    return -0.75 * upper.open_bottom - 0.75 * lower.open_top
