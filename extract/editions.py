"""Which of several editions of a form its pages are of: by the lines they print, then by the order they name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from extract.orders import orders_of, orders_on
from extract.recognise import Recognised, with_print
from extract.records import Doubt, TextReader
from extract.rows.align import GAP_OPEN
from layouts.model import Layout

EDITION_MARGIN = GAP_OPEN  # points by which all rows of a form must fit one edition better: as much as one line counts
UNSURE = "edition-unsure"


def agreed(pages: Sequence[Recognised]) -> list[Recognised]:
    """The pages of one form, each taken for that edition which all of them together fit best."""
    common = _common(pages)
    if len(common) < 2 and all(len(page.editions) < 2 for page in pages):
        return list(pages)
    order = {layout.id: layout for layout in _layouts(pages) if layout.id in common}
    best = max(order, key=lambda name: (_fit(pages, name), order[name].valid_from), default="")
    return [_taken_for(page, best, common) for page in pages]


def settled(pages: Sequence[Recognised], text: TextReader | None) -> tuple[list[Recognised], tuple[Doubt, ...]]:
    """The pages of a whole form as the edition they are of, and a doubt where several fit them alike.

    A tie is decided by the order that the first pages name, of scans if `text` can read it; else the newest edition
    is taken, and a person must look.
    """
    common = _common(pages)
    if len(common) < 2:
        return list(pages), ()
    layouts = {layout.id: layout for layout in _layouts(pages) if layout.id in common}
    fits = {name: _fit(pages, name) for name in layouts}
    near = [name for name, points in fits.items() if points > max(fits.values()) - EDITION_MARGIN]
    if len(near) > 1:
        near = _named(near, layouts.values(), pages, text) or near
    best = max(near, key=lambda name: layouts[name].valid_from)
    told = (("editions", ", ".join(sorted(near))),)
    doubts = (Doubt(UNSURE, pages[0].sheet.number, told),) if len(near) > 1 else ()
    return [_taken_for(page, best, frozenset({best})) for page in pages], doubts


def _named(
    near: Collection[str], layouts: Iterable[Layout], pages: Sequence[Recognised], text: TextReader | None
) -> list[str]:
    """Those whose orders the form's first page with a head names, if others' it does not."""
    head = next((page.sheet for page in pages if page.head), pages[0].sheet)
    read = orders_on(with_print(head, text) if text is not None else head)
    return [layout.id for layout in layouts if layout.id in near and read & orders_of(layout)]


def _common(pages: Iterable[Recognised]) -> frozenset[str]:
    """The editions that no page which tells its form excludes."""
    known = [page.editions for page in pages if page.certain]
    return frozenset.intersection(*known) if known else frozenset()


def _layouts(pages: Iterable[Recognised]) -> list[Layout]:
    return [one.layout for page in pages for one in (page, *page.others) if one.layout is not None]


def _as(page: Recognised, name: str) -> Recognised:
    """The page taken for an edition; as it is where it cannot be of it."""
    every = (page, *page.others)
    return next((one for one in every if one.layout is not None and one.layout.id == name), page)


def _taken_for(page: Recognised, name: str, among: Collection[str]) -> Recognised:
    """The same, with the other editions that the form may still be of."""
    chosen = _as(page, name)
    rest = (one for one in (page, *page.others) if one is not chosen and one.layout and one.layout.id in among)
    return replace(chosen, others=tuple(replace(one, others=()) for one in rest))


def _fit(pages: Iterable[Recognised], name: str) -> float:
    """How well the rows of each page fit an edition's lines; what pages lack of it, no page can tell."""
    return sum(_as(page, name).points for page in pages)
