"""Pages to forms: several forms in one file, pages out of order, missing or scanned twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extract.editions import agreed, settled
from extract.ink.twins import same_ink
from extract.parting import clash, parted, whole
from extract.recognise import Recognised
from extract.records import Cell, Doubt, TextReader
from extract.rows.align import align, line_keys
from extract.rows.folding import fold
from layouts.model import Layout


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """The pages of one form, in the order of the form."""

    number: int  # 1, 2, … within the file
    layout: Layout
    pages: tuple[Recognised, ...]
    doubts: tuple[Doubt, ...] = ()


LOOSE_PAGES = 2  # pages that tell nothing of themselves but may belong to the form beside them (contacts, a last row)
REORDER_GAIN = 6.0  # points of all rows' alignment, as many as one code that fits: less is no reason to move a page
MIXED = "forms-mixed"
TABLE_SIDE = 3  # rows and columns from which a grid is a table, which may be one of a form that is not known


def split_forms(pages: Iterable[Recognised], text: TextReader | None = None) -> Iterator[Bundle]:
    """The forms of a file in turn; each is handed on as soon as the next one is complete, or nothing more comes.

    Pages that tell no form are kept where they directly follow one (at most LOOSE_PAGES in a row) or lead it;
    all others (cover letters, foreign papers) fall away, so that memory stays flat in a file of any length. A form
    carries a doubt that names the pages that fell away around it; and one where it may hold a page of the form beside
    it, or that one a page of its own: where either is not whole.
    """
    number, intact = 0, True  # whether the form before is whole
    held: _Held | None = None  # a form that is complete, kept until what follows it is known
    for found in _parts(pages):
        if held is not None:
            number += 1
            alone = intact and held.whole and found.whole
            yield _bundle(number, held.pages, (*held.left_out, *_mixed(held, alone=alone)), text)
            intact = held.whole
        held = found
    if held is not None:
        number += 1
        alone = number == 1 or (intact and held.whole)
        yield _bundle(number, held.pages, (*held.left_out, *_mixed(held, alone=alone)), text)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The pages of one form as they lie in the file, and what is to be said of pages around them."""

    pages: list[Recognised]
    left_out: tuple[Doubt, ...]

    @property
    def whole(self) -> bool:
        return whole(self.pages)


def _mixed(held: _Held, *, alone: bool) -> tuple[Doubt, ...]:
    return () if alone else (Doubt(MIXED, held.pages[0].sheet.number),)


def _parts(pages: Iterable[Recognised]) -> Iterator[_Held]:
    """The pages of each form in turn."""
    left = _LeftOut()
    done: list[Recognised] = []  # a form that is complete, kept until what follows it is known to be another form
    group: list[Recognised] = []
    loose: list[Recognised] = []
    for page in pages:
        if not (page.certain or page.head):
            loose = left.trimmed([*loose, page], follow=bool(group))
            continue
        if group and _begins_another(group, page):
            before, after = parted([*group, *loose, page])
            done = left.formed(before, []) or done
            group, loose = after[:-1], []
        group = agreed([*group, *loose, page])
        loose = []
        if done and page.certain:
            yield _Held(done, left.told())
            done = []
    last = left.formed(group, loose)
    for complete in filter(None, (done, last)):
        yield _Held(complete, left.told())


class _LeftOut:
    """The pages that belong to no form, by number."""

    def __init__(self) -> None:
        self._pages: list[int] = []
        self._tables = False

    def trimmed(self, loose: list[Recognised], *, follow: bool) -> list[Recognised]:
        """The loose pages that may belong to the form before them (`follow`) or to the next one."""
        known = loose if loose[-1].may_belong else loose[:-1]
        kept = known[:LOOSE_PAGES] if follow else known[-LOOSE_PAGES:]
        self._add(page for page in loose if page not in kept)
        return kept

    def formed(self, group: list[Recognised], loose: list[Recognised]) -> list[Recognised]:
        """The pages of the form these are; none where they are no form."""
        if _is_form(group):
            return group + loose
        self._add(group + loose)
        return []

    def told(self) -> tuple[Doubt, ...]:
        """What is to be said of them, once."""
        if not self._pages:
            return ()
        code = "tables-left-out" if self._tables else "pages-left-out"
        told = Doubt(code, self._pages[0], (("pages", ranges(sorted(self._pages))),))
        self._pages, self._tables = [], False
        return (told,)

    def _add(self, pages: Iterable[Recognised]) -> None:
        for page in pages:
            if page.inked:
                self._pages.append(page.sheet.number)
                self._tables |= any(min(grid.rows, grid.columns) >= TABLE_SIDE for grid in page.sheet.grids)


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers, briefly.

    >>> ranges([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9-10'
    """
    starts = [n for i, n in enumerate(numbers) if i == 0 or numbers[i - 1] != n - 1]
    ends = [n for i, n in enumerate(numbers) if i == len(numbers) - 1 or numbers[i + 1] != n + 1]
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))


def _is_form(group: Sequence[Recognised]) -> bool:
    """Whether any of the pages tells its form; boxes for an identifier alone are on many papers."""
    return any(page.certain for page in group)


def _begins_another(group: Sequence[Recognised], page: Recognised) -> bool:
    """Whether a page is of the next form: of another layout, with another head, or with lines that are here already."""
    twin = next((p for p in group if p.span is not None and p.span == page.span and p.head == page.head), None)
    if twin is not None and same_content(twin, page):
        return False
    return any(clash(known, page) for known in group)


def same_content(first: Recognised, second: Recognised) -> bool:
    """Whether two pages show the same figures in the same cells: one page, copied or scanned twice."""
    left, right = _inked(first), _inked(second)
    return bool(first.rows) and left.keys() == right.keys() and all(_same(left[at], right[at]) for at in left)


def _inked(page: Recognised) -> dict[tuple[int, int], Cell]:
    """The cells in which anything stands, by row and column."""
    return {
        (position, column): cell
        for position, row in enumerate(page.rows)
        for column, cell in sorted(row.cells.items())
        if cell.column == column and cell.row == row.index and (cell.crop is not None or fold(cell.text or ""))
    }


def _same(first: Cell, second: Cell) -> bool:
    if first.crop is not None and second.crop is not None:
        return same_ink(first.crop.clean, second.crop.clean)
    return first.crop is second.crop and fold(first.text or "") == fold(second.text or "")


def _bundle(number: int, group: Sequence[Recognised], left_out: tuple[Doubt, ...], text: TextReader | None) -> Bundle:
    doubts = [*left_out]
    kept: list[Recognised] = []
    for page in group:
        twin = next((p for p in kept if p.span == page.span and p.head == page.head and same_content(p, page)), None)
        if twin is None:
            kept.append(page)
        else:
            code = "page-doubled" if page.sheet.kind == "text" else "page-rescanned"
            doubts.append(Doubt(code, page.sheet.number, (("twin", str(twin.sheet.number)),)))
    kept, unsure = settled(kept, text)
    doubts += unsure
    layout = next(page.layout for page in kept if page.certain and page.layout is not None)
    ordered = _in_order(kept, layout)
    if [p.sheet.number for p in ordered] != [p.sheet.number for p in kept]:
        order = ", ".join(str(p.sheet.number) for p in ordered)
        doubts.append(Doubt("pages-shuffled", ordered[0].sheet.number, (("order", order),)))
    doubts += [
        Doubt("page-turned", p.sheet.number, (("degrees", str(p.sheet.turned)),)) for p in ordered if p.sheet.turned
    ]
    return Bundle(number, layout, tuple(ordered), tuple(doubts))


def _in_order(pages: Sequence[Recognised], layout: Layout) -> list[Recognised]:
    """The pages as the form orders them; one that does not tell its place stays behind the page before it.

    Pages mostly lie in order: they are moved only if the rows of all of them then fit the lines clearly better.
    """
    places: list[tuple[float, float]] = []
    for page in pages:
        unplaced = page.span is None and not page.head and not page.tail
        behind = places[-1] if places else (-2.0, 0.0)
        places.append(behind if unplaced else _position(page, layout))
    ordered = [page for _, page in sorted(zip(places, pages, strict=True), key=lambda pair: pair[0])]
    rows, moved = ([row for page in order for row in page.rows] for order in (pages, ordered))
    if [id(row) for row in rows] == [id(row) for row in moved]:
        return ordered
    gain = align(moved, layout).points - align(rows, layout).points
    return ordered if gain >= REORDER_GAIN else list(pages)


def _position(page: Recognised, layout: Layout) -> tuple[float, float]:
    """Where a page stands in its form: by its lines; a page without any by whether it opens or closes the form."""
    if page.span is not None:
        return (0.0 if page.head and page.span[0] <= 1 else float(page.span[0]), float(page.span[1]))
    if page.head:
        return (-1.0, 0.0)
    return (float(len(line_keys(layout))), 0.0)
