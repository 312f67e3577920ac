"""Which form a page belongs to, and which part of it: by the codes, labels and headings that it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extract.readers.combine import read_codes
from extract.records import Cell, Readers, Sheet, TextReader
from extract.rows.align import Alignment, align, line_keys
from extract.rows.codes import with_codes_in_cells
from extract.rows.columns import ColumnMap, Witness
from extract.rows.folding import fold, part_likeness
from extract.rows.rows import Row, label_points, oked_points, page_rows, witnesses
from extract.rows.witness import read_cells_as_text, read_row_codes
from layouts.model import FieldKind, Layout, Notice, TableLayout, Words

MARK_LIKENESS = 88.0  # rapidfuzz points at which a phrase of the form is found in a page's text
SHORTEST_MARK = 8  # letters, folded; shorter phrases occur by chance
DARK = 128  # grey level below which a pixel of an evenly lit page is ink
BARE_SHARE = 0.0005  # of a page's pixels that dust and noise may darken on blank paper
EDGE = 0.03  # of a page's sides: nothing is written so near the edge, where a scanner's shadow falls
TELLING_ROWS = 2  # rows that fit by activity code or label before a table is taken for the layout's
LABELS_TO_TELL = 8  # labels of a scanned page that are read when its codes do not tell the form
TELLING_POINTS = 3.0  # points of one such witness
OTHER_EDITION = 6.0  # points, as many as one code that fits, by which a page alone tells one edition from another


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """A page with what it is: the layout, the stretch of lines on it, whether the form's head stands on it."""

    sheet: Sheet
    layout: Layout | None  # the likeliest; None if there is none to choose from
    rows: tuple[Row, ...]
    span: tuple[int, int] | None  # first and last line of the layout on this page, as positions in `line_keys`
    head: bool  # title, identifiers: the form begins here
    tail: bool  # options, contacts: the form ends here
    telling: int  # witnesses for the layout; none at all: it may still be a page of the form before it
    notice: Notice | None = None
    points: float = 0.0  # of the alignment of its rows
    others: tuple[Recognised, ...] = ()  # the same page taken for other editions of the form that it may be of

    @property
    def inked(self) -> bool:
        """Whether anything at all stands on the page."""
        if self.sheet.lines or self.sheet.grids or self.sheet.boxes:
            return True
        down, across = (round(side * EDGE) for side in self.sheet.picture.shape[:2])
        inner = self.sheet.picture[down:-down, across:-across] if down and across else self.sheet.picture
        return bool((inner < DARK).mean() > BARE_SHARE)

    @property
    def may_belong(self) -> bool:
        """Whether a page that tells no form may yet be part of one: a letter with a text layer is not."""
        if self.sheet.kind == "scan" or self.rows or self.sheet.boxes:
            return True
        fields = self.layout.fields if self.layout else ()
        printed = self.layout.printed if self.layout else ()
        phrases = [words for field in fields for words in (*field.labels, *field.option_labels)]
        return bool(_shows(self.sheet, [text for words in (*phrases, *printed) for text in words.printed()]))

    @property
    def editions(self) -> frozenset[str]:
        """Ids of the layouts it may be of: one, or several editions of a form that print the same here."""
        return frozenset(page.layout.id for page in (self, *self.others) if page.layout is not None)

    @property
    def certain(self) -> bool:
        """Whether the page by itself tells its form."""
        return self.telling >= TELLING_ROWS


def tell_form(
    sheet: Sheet,
    layouts: Sequence[Layout],
    notices: Sequence[Notice],
    readers: Readers,
    before: Recognised | None = None,
) -> Recognised:
    """What this page is, reading of a scan only as much as that takes: codes first, labels if codes do not tell."""
    sheet = with_codes_in_cells(sheet, layouts)
    if sheet.kind == "text":
        return recognise(sheet, layouts, notices, before)
    columns = sorted({i for layout in layouts for table in layout.tables for i in _code_columns(table)})
    coded = read_row_codes(sheet, lambda crops: read_codes(readers, crops), columns)
    page = recognise(coded, layouts, notices, before)
    if page.certain or not page.rows:
        return page
    return recognise(read_cells_as_text(coded, _label_cells(page), readers.text), layouts, notices, before)


def _code_columns(table: TableLayout) -> tuple[int, ...]:
    """Where codes usually stand: the label columns without the label."""
    return tuple(i for i in range(len(table.label_columns)) if i != 1)


def _label_cells(page: Recognised) -> list[tuple[int, Cell]]:
    """Some label cells of a page, enough to tell a form by."""
    found = {
        (row.grid, cell.row, cell.column): (row.grid, cell)
        for row in page.rows
        if not row.heading
        for columns in row.maps.values()
        if (cell := row.cells.get(columns.label)) is not None and cell.text is None and cell.crop is not None
    }
    return list(found.values())[:LABELS_TO_TELL]


def recognise(
    sheet: Sheet, layouts: Sequence[Layout], notices: Sequence[Notice], before: Recognised | None = None
) -> Recognised:
    """What this page is, judged by itself and by where columns stood before; a scan's codes must have been read."""
    best = _likeliest([recognise_as(sheet, layout, _columns_of(before, layout)) for layout in layouts])
    if best is not None and best.certain:
        return best
    notice = next((n for n in notices if _shows(sheet, [text for words in n.marks for text in words.printed()])), None)
    if best is not None and notice is None:
        return best
    return Recognised(sheet, None, (), None, head=False, tail=False, telling=0, notice=notice)


def _likeliest(taken: Sequence[Recognised]) -> Recognised | None:
    """The page as what it tells most of, with the other editions of that form that its rows fit about as well."""
    best = max(taken, key=lambda page: (page.telling, page.points), default=None)
    if best is None or best.layout is None:
        return best
    index = best.layout.index
    others = (p for p in taken if p is not best and p.layout is not None and same_form(p.layout.index, index))
    return replace(best, others=tuple(p for p in others if p.points > best.points - OTHER_EDITION))


def same_form(first: Words, second: Words) -> bool:
    """Whether two indices name one form, of which there may be several editions."""
    return bool({fold(text) for text in first.all()} & {fold(text) for text in second.all()})


def recognise_as(sheet: Sheet, layout: Layout, before: Mapping[int, ColumnMap] | None = None) -> Recognised:
    """The page taken for a part of this layout; `before` are the column maps in force on the page before."""
    rows = page_rows(sheet, layout, before or {})
    found = align(rows, layout, whole=False)
    telling = _telling(found)
    span = found.span(line_keys(layout)) if telling or any(_numbered(row) for row in rows) else None
    head = _identified(sheet, layout) or _titled(sheet, layout)
    telling += any(_numbered(row) for row in rows) if telling else 0
    return Recognised(sheet, layout, tuple(rows), span, head, _tail(sheet, layout), telling, points=found.points)


def _columns_of(page: Recognised | None, layout: Layout) -> Mapping[int, ColumnMap]:
    """Where a layout's columns stand at the end of a page that was taken for a part of it."""
    found: dict[int, ColumnMap] = {}
    for taken in (page, *page.others) if page is not None else ():
        for row in taken.rows if taken.layout is layout else ():
            found |= row.maps
    return found


def _telling(found: Alignment) -> int:
    """How many rows fit their line by more than a bare number, which any form has."""
    count = 0
    for match in found.matches:
        for row in match.rows:
            seen = witnesses(row, row.maps[match.key.section])
            if oked_points(seen.oked, match.key.line.oked) >= TELLING_POINTS:
                count += 1
                break
            if label_points(seen.label, match.key.line) >= TELLING_POINTS:
                count += 1
                break
    return count


def _numbered(row: Row) -> bool:
    return any(m.witness is Witness.NUMBERS for m in row.maps.values())


def page_text(sheet: Sheet) -> str:
    """All text of a page that is known without a reader, folded."""
    cells = (cell.text or "" for grid in sheet.grids for cell in grid.cells)
    return fold(" ".join(line.text for line in sheet.lines) + " ".join(cells))


def _shows(sheet: Sheet, phrases: Sequence[str]) -> int:
    """How many of the phrases stand on the page."""
    text = page_text(sheet)
    return sum(
        1 for phrase in phrases if len(fold(phrase)) >= SHORTEST_MARK and part_likeness(phrase, text) >= MARK_LIKENESS
        and len(text) >= len(fold(phrase))
    )  # fmt: skip


def _identified(sheet: Sheet, layout: Layout) -> bool:
    """Whether runs of boxes as long as the form's longest identifier stand here."""
    longest = max((f.length for f in layout.fields if f.kind is FieldKind.BOXES), default=0)
    return bool(longest) and any(len(run.cells) == longest for run in sheet.boxes)


def _titled(sheet: Sheet, layout: Layout) -> bool:
    """Whether the form's title stands here to the letter: headings of its sections resemble it."""
    text = page_text(sheet)
    return any(fold(title) in text for title in layout.title.printed())


def _tail(sheet: Sheet, layout: Layout) -> bool:
    """Whether a strip of as many cells as the form has options stands here."""
    counts = {len(f.options) for f in layout.fields if f.kind is FieldKind.OPTION}
    return any(grid.columns in counts and grid.rows <= 2 for grid in sheet.grids)


def with_print(sheet: Sheet, text: TextReader) -> Sheet:
    """The page with all its print read, if it is a scan."""
    return replace(sheet, lines=tuple(text.read_lines([sheet.picture])[0])) if sheet.kind == "scan" else sheet


def notice_on(sheet: Sheet, notices: Sequence[Notice]) -> Notice | None:
    """The notice that a page with its print is; None if it is none."""
    return next((n for n in notices if _shows(sheet, [t for words in n.marks for t in words.printed()])), None)


def names_form(sheet: Sheet, layout: Layout) -> bool:
    """Whether a page with its print bears a form's title or section headings, though its tables were not understood."""
    return _shows(sheet, [t for words in (layout.title, *layout.marks) for t in words.printed()]) >= TELLING_ROWS
