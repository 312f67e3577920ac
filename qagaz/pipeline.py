"""The whole way of a file, from its bytes to checked figures, in one function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from extract.differences import Differences, as_parameters, differences, doubted
from extract.intake import open_pages
from extract.orders import orders_on
from extract.place import Placed, place_on_layout
from extract.read import read_cells
from extract.recognise import Recognised, names_form, notice_on, tell_form, with_print
from extract.records import Readers, Sheet, Source, StoredPage
from extract.sheets import find_cells
from extract.split import ranges, split_forms
from layouts.errors import Rejected
from layouts.model import Layout, Notice
from postprocess.normalise import normalise
from validate.decide import decide
from validate.outside.knowledge import NO_KNOWLEDGE, Knowledge
from validate.records import CheckedForm
from validate.settings import Settings
from validate.trust import Trust


def digitise(
    source: Source,
    layouts: Mapping[str, Layout],
    notices: Sequence[Notice],
    readers: Readers,
    settings: Settings,
    trust: Trust,
    knowledge: Knowledge = NO_KNOWLEDGE,
) -> Iterator[CheckedForm | Notice]:
    """Turn one paper or PDF file into the checked figures of each form in it, or the notice it is.

    Pages flow: no more than three forms' are in memory. Raises Rejected if nothing in the file is a known form, and
    after the forms that are known if another is of an edition that is not.
    """
    seen = _Seen()
    sheets = _sheets(open_pages(source), readers)
    pages = map(seen.note, pages_told(sheets, list(layouts.values()), notices, readers))
    for bundle in split_forms(pages, readers.text):
        placed = place_on_layout(bundle, readers.text)
        if (strange := differences(placed)).tell_another:
            seen.strange(placed, strange, readers)
            continue
        readings = read_cells(doubted(placed, strange), readers)
        figures = normalise(readings)
        seen.forms += 1
        yield decide(figures, settings, trust, knowledge)
    seen.refuse(source)
    if not seen.forms:
        yield seen.notice(notices, layouts, readers, source)


def _sheets(pages: Iterable[StoredPage], readers: Readers) -> Iterator[Sheet]:
    """The sheet of each page; columns without rulings go on as on the page before."""
    columns = None
    for page in pages:
        sheet = find_cells(page, readers, columns)
        columns = sheet.columns or columns
        yield sheet


def pages_told(
    sheets: Iterable[Sheet], layouts: Sequence[Layout], notices: Sequence[Notice], readers: Readers
) -> Iterator[Recognised]:
    """What each page is; a table without headings goes on as on the last page that had one."""
    before = None
    for sheet in sheets:
        page = tell_form(sheet, layouts, notices, readers, before)
        before = page if page.rows else before
        yield page


class _Seen:
    """What the pages of a file were, for the case that none of them is a form."""

    def __init__(self) -> None:
        self.forms = 0
        self.pages = 0
        self.inked = 0
        self.tabled = 0  # pages with rows of a table as some layout has
        self.first: list[Recognised] = []
        self._unknown: list[tuple[str, dict[str, str]]] = []  # pages of forms of unknown editions, what is told of them

    def note(self, page: Recognised) -> Recognised:
        self.pages += 1
        self.inked += page.inked
        self.tabled += bool(page.rows)
        if len(self.first) < 2:
            self.first.append(page)
        return page

    def strange(self, placed: Placed, found: Differences, readers: Readers) -> None:
        """A form of an edition that is not known; what it says of itself, print of a scan included."""
        orders = found.orders or sorted(orders_on(with_print(placed.sheets[0], readers.text)))
        told = {**as_parameters(replace(found, orders=tuple(orders))), "layout": placed.layout.id}
        self._unknown.append((ranges(sorted(sheet.number for sheet in placed.sheets)), told))

    def refuse(self, source: Source) -> None:
        """Rejected, if any form of the file was of an unknown edition."""
        if self._unknown:
            told = {
                name: "; ".join(dict.fromkeys(each[name] for _, each in self._unknown)) for name in self._unknown[0][1]
            }
            pages = ", ".join(pages for pages, _ in self._unknown)
            raise Rejected("error.unknown-edition", file=source.file, pages=pages, **told)

    def notice(
        self, notices: Sequence[Notice], layouts: Mapping[str, Layout], readers: Readers, source: Source
    ) -> Notice:
        """The notice the file is; Rejected, with the reason, if it is none."""
        told = {"file": source.file, "pages": self.pages}
        for page in self.first:
            sheet = with_print(page.sheet, readers.text)
            if (notice := page.notice or notice_on(sheet, notices)) is not None:
                return notice
            if not self.tabled and any(names_form(sheet, layout) for layout in layouts.values()):
                raise Rejected("error.tables-not-found", **told)
        raise Rejected("error.not-this-form" if self.inked else "error.blank-paper", **told)
