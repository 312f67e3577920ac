"""Cells to places: every row to a line, every column to a column, by one alignment over all pages of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extract.grids.grid import EDGE_UNSURE
from extract.records import Cell, Doubt, Sheet, TextReader
from extract.rows.align import ROW_MARGIN, Alignment, Match, align, line_keys
from extract.rows.columns import ColumnMap, Witness, headings_conflict
from extract.rows.folding import canonical_code, digits_of
from extract.rows.overlooked import overlooked_pages
from extract.rows.rows import Row, is_filled, page_rows
from extract.rows.witness import cell_picture, with_texts
from extract.split import MIXED, Bundle
from layouts.model import ColumnKind, Layout, Line, Place

PAGE_RUN = 3  # lines missing in a row between two pages from which a whole page is taken to be missing


@dataclass(frozen=True, slots=True, eq=False)
class PlacedCell:
    """One figure or country cell of the layout with the printed cells it stands in: none, one, or two pieces."""

    place: Place
    pieces: tuple[tuple[Sheet, Cell], ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A form with every cell in its place."""

    bundle: Bundle
    cells: Mapping[Place, PlacedCell]  # figure and country places alike
    alignment: Alignment
    doubts: tuple[Doubt, ...]

    @property
    def layout(self) -> Layout:
        """The form's layout."""
        return self.bundle.layout

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Its pages in order."""
        return tuple(page.sheet for page in self.bundle.pages)


def place_on_layout(bundle: Bundle, text: TextReader) -> Placed:
    """Put every printed row on its line, every printed column on its column.

    Labels and headings of scans are read only if codes and activity codes leave a row or column in doubt.
    """
    layout = bundle.layout
    sheets = [page.sheet for page in bundle.pages]
    sheets = _read_unsure_headings(sheets, layout, text)
    rows = _form_rows(sheets, layout)
    alignment = align(rows, layout)
    unsure = _unread_labels(rows, alignment)
    if unsure:
        sheets = _with_read(sheets, unsure, text)
        rows = _form_rows(sheets, layout)
        alignment = align(rows, layout)
    pages = tuple(replace(page, sheet=sheet) for page, sheet in zip(bundle.pages, sheets, strict=True))
    cells, doubts = _cells(alignment, layout)
    if any(doubt.code == MIXED for doubt in bundle.doubts):
        cells = {place: replace(cell, reasons=(*cell.reasons, MIXED)) for place, cell in cells.items()}
    doubts += tuple(Doubt("row-unplaced", page) for page in overlooked_pages(sheets, rows, layout))
    return Placed(replace(bundle, pages=pages), cells, alignment, (*bundle.doubts, *doubts))


def _form_rows(sheets: Sequence[Sheet], layout: Layout) -> list[Row]:
    rows: list[Row] = []
    before: dict[int, ColumnMap] = {}
    for sheet in sheets:
        found = page_rows(sheet, layout, before)
        for row in found:
            before |= row.maps
        rows += found
    return rows


def _read_unsure_headings(sheets: Sequence[Sheet], layout: Layout, text: TextReader) -> list[Sheet]:
    """Where a table's first part shows no number row, its headings are read, if they are not text already.

    Not where that part is nothing but headings, told as such, and the number row stands overleaf.
    """
    rows = _form_rows(sheets, layout)
    numbered = {section for row in rows for section, columns in row.maps.items() if columns.witness is Witness.NUMBERS}
    bodies = {(row.sheet.number, row.grid) for row in rows if not row.heading}
    unsure: set[tuple[int, int]] = set()
    seen: set[int] = set()
    for row in rows:
        place = row.sheet.number, row.grid
        for section, columns in row.maps.items():
            first = section not in seen and columns.witness is Witness.POSITION and row.sheet.kind == "scan"
            if first and (place in bodies or section not in numbered):
                unsure.add(place)
            seen.add(section)
    if not unsure:
        return list(sheets)
    wanted = [
        (sheet, g, cell)
        for sheet in sheets
        for g, grid in enumerate(sheet.grids)
        if (sheet.number, g) in unsure
        for cell in grid.cells
        if cell.row < HEADING_ROWS and cell.crop is not None and cell.text is None
    ]
    return _with_read(sheets, wanted, text)


HEADING_ROWS = 5  # rows of a table that may hold its headings


def _unread_labels(rows: Sequence[Row], alignment: Alignment) -> list[tuple[Sheet, int, Cell]]:
    """The label cells of scans that would settle a doubt about a row."""
    weak = {id(row) for match in alignment.matches if match.margin < ROW_MARGIN for row in match.rows}
    weak |= {
        id(row) for row in alignment.skipped if (_told(row) or any(is_filled(row, section) for section in row.maps))
    }
    wanted = []
    body = [row for row in rows if not row.heading]
    for i, row in enumerate(body):
        near = any(id(other) in weak for other in body[max(0, i - 1) : i + 2])
        at_break = (row.first or row.last) and not _told(row)
        if not (id(row) in weak or at_break or (near and not _told(row))):
            continue
        for columns in row.maps.values():
            cell = row.cells.get(columns.label)
            if cell is not None and cell.text is None and cell.crop is not None:
                wanted.append((row.sheet, row.grid, cell))
                break
    return wanted


def _told(row: Row) -> bool:
    """Whether a row carries a code or activity code of its own."""
    return any(
        digits_of(cell.text or "")
        for columns in row.maps.values()
        for column in (columns.code, columns.oked)
        if column is not None and (cell := row.cells.get(column)) is not None
    )


def _with_read(sheets: Sequence[Sheet], wanted: Sequence[tuple[Sheet, int, Cell]], text: TextReader) -> list[Sheet]:
    """The sheets with these cells' texts read, all in one call."""
    if not wanted:
        return list(sheets)
    found = text.read([cell_picture(sheet, cell) for sheet, _, cell in wanted])
    texts: dict[int, dict[tuple[int, int, int], str]] = {}
    for (sheet, grid, cell), read in zip(wanted, found, strict=True):
        texts.setdefault(sheet.number, {})[grid, cell.row, cell.column] = read
    return [with_texts(sheet, texts.get(sheet.number, {})) for sheet in sheets]


def _cells(alignment: Alignment, layout: Layout) -> tuple[dict[Place, PlacedCell], tuple[Doubt, ...]]:
    met = {(match.key.section, match.key.line.code): match for match in alignment.matches}
    absent = _absent_lines(alignment, layout)
    cells: dict[Place, PlacedCell] = {}
    doubts: list[Doubt] = []
    conflicts = _conflicts(alignment, layout)
    beside = _beside_unplaced(alignment) | _beside_missing(absent, layout)
    for place in (*layout.places, *layout.country_places):
        match = met.get((place.section, place.line))
        if match is None:
            cells[place] = PlacedCell(place, (), (absent[place.section, place.line],))
        else:
            cells[place] = _placed(place, match, conflicts, beside)
            if any(_figures_among_words(row, row.maps[place.section], layout) for row in match.rows):
                cells[place] = replace(cells[place], reasons=(*cells[place].reasons, EDGE_UNSURE))
    lost = [line for (_, line), reason in absent.items() if reason == "page-missing"]
    if lost:
        doubts.append(Doubt("page-missing", 0, (("lines", ", ".join(lost)),)))
    doubts += [Doubt("row-unplaced", row.sheet.number) for row in _unplaced(alignment)]
    return cells, tuple(doubts)


def _unplaced(alignment: Alignment) -> list[Row]:
    """Rows that carry figures and are no line: nothing of them may be lost silently."""
    return [row for row in alignment.skipped if any(is_filled(row, section) for section in row.maps)]


def _beside_unplaced(alignment: Alignment) -> frozenset[tuple[int, str]]:
    """The lines above and below a row of figures that found no line: it may be theirs."""
    found = set()
    order = [(match.key, row.sheet.number, row.grid, row.index) for match in alignment.matches for row in match.rows]
    pages = {number: position for position, number in enumerate(dict.fromkeys(n for _, n, _, _ in order))}
    for row in _unplaced(alignment):
        here = (pages.get(row.sheet.number, -1), row.grid, row.index)
        above = [key for key, n, g, i in order if (pages[n], g, i) < here]
        below = [key for key, n, g, i in order if (pages[n], g, i) > here]
        found |= {(key.section, key.line.code) for key in (*above[-1:], *below[:1])}
    return frozenset(found)


def _beside_missing(absent: Mapping[tuple[int, str], str], layout: Layout) -> frozenset[tuple[int, str]]:
    """The lines next to those of a missing page: the other piece of their row may lie on it."""
    order = [(key.section, key.line.code) for key in line_keys(layout)]
    lost = [absent.get(line) == "page-missing" for line in order]
    return frozenset(
        line for i, line in enumerate(order) if not lost[i] and any(lost[max(0, i - 1) : i] + lost[i + 1 : i + 2])
    )


def _placed(place: Place, match: Match, conflicts: frozenset[int], beside: frozenset[tuple[int, str]]) -> PlacedCell:
    reasons: list[str] = []
    merged = any(is_merged(row, row.maps[place.section]) for row in match.rows)
    if match.margin < ROW_MARGIN or (place.section, place.line) in beside or merged:
        reasons.append("row-doubtful")
    if place.section in conflicts:
        reasons.append("columns-conflict")
    pieces = []
    for row in match.rows:
        columns = row.maps[place.section]
        reasons += [doubt for doubt in columns.doubts if doubt not in reasons]
        if is_split(row, columns) and "row-split" not in reasons:
            reasons.append("row-split")
        physical = next((p for p, number in columns.columns.items() if number == place.column), None)
        cell = row.cells.get(physical) if physical is not None else None
        if cell is not None:
            pieces.append((row.sheet, cell))
    if not pieces:
        reasons.append("column-missing")
    inked = [piece for piece in pieces if piece[1].text or piece[1].crop is not None]
    if len(inked) > 1:
        reasons.append("cut-by-page-break")
    likeliest = sorted(pieces, key=lambda piece: -piece[1].ink)[:1]  # a doubt about either piece is the cell's
    return PlacedCell(place, tuple(inked or likeliest), tuple(reasons))


def _figures_among_words(row: Row, columns: ColumnMap, layout: Layout) -> bool:
    """Whether digits stand where the row has words, countries: they may be the figure of the column beside it."""
    kinds = {column.number: column.kind for column in layout.table(columns.section).columns}
    cells = (
        row.cells.get(physical) for physical, number in columns.columns.items() if kinds[number] is ColumnKind.COUNTRY
    )
    return any(cell is not None and cell.text and any(map(str.isdigit, cell.text)) for cell in cells)


def is_merged(row: Row, columns: ColumnMap) -> bool:
    """Whether several codes stand in the row's code cell: a ruling too few, perhaps between figures of two lines."""
    cell = row.cells.get(columns.code)
    codes = {code for part in (cell.text or "").split("\n") if (code := canonical_code(part))} if cell else set()
    return len(codes) > 1 or (cell is not None and "several-lines" in cell.marks)


def is_split(row: Row, columns: ColumnMap) -> bool:
    """Whether the row's code or label stands over several printed rows: a ruling too many, perhaps over the figures."""
    told = [row.cells.get(columns.code), row.cells.get(columns.label)]
    return any(cell is not None and cell.row_span > 1 for cell in told)


def _conflicts(alignment: Alignment, layout: Layout) -> frozenset[int]:
    """The sections whose number row and headings contradict each other."""
    found = set()
    for row in (row for match in alignment.matches for row in match.rows):
        for section, columns in row.maps.items():
            if columns.witness is Witness.NUMBERS and section not in found:
                grid = row.sheet.grids[row.grid]
                if headings_conflict(grid, layout.table(section), columns):
                    found.add(section)
    return frozenset(found)


def _absent_lines(alignment: Alignment, layout: Layout) -> dict[tuple[int, str], str]:
    """Each line that no row is, with why: its page is missing, or the row alone."""
    keys = line_keys(layout)
    page_of: dict[int, int] = {}
    for match in alignment.matches:
        page_of[keys.index(match.key)] = match.rows[-1].sheet.number
    reasons: dict[tuple[int, str], str] = {}
    run: list[tuple[int, Line]] = []
    previous: int | None = None
    for j in range(len(keys) + 1):
        here = page_of.get(j)
        if j < len(keys) and here is None:
            run.append((keys[j].section, keys[j].line))
            continue
        inside = previous is not None and here is not None and previous == here
        reason = "row-missing" if inside or len(run) < PAGE_RUN else "page-missing"
        reasons |= {(section, line.code): reason for section, line in run}
        run, previous = [], here
    return reasons
