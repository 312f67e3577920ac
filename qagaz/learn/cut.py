"""Crops of settled cells, cut from their papers by the same steps that read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from extract.place import Placed, place_on_layout
from extract.read import crop_of
from extract.recognise import tell_form
from extract.records import Crop, Readers, Source
from extract.sheets import find_cells
from extract.split import split_forms
from layouts.errors import Rejected
from layouts.model import Layout, Notice
from qagaz.learn.records import Aside, Item, Settled, Spot, Why
from review.pictures import Pages
from review.store import Store
from review.whereabouts import Whereabouts
from review.work.schema import Paper


def cut(
    settled: Sequence[Settled],
    store: Store,
    folders: Sequence[Path],
    forms: tuple[Mapping[str, Layout], Sequence[Notice]],
    readers: Readers,
    pages: Pages,
) -> tuple[list[Item], list[Aside]]:
    """Each cell with its picture, in the order given; those that have none are set aside.

    A paper is looked for where it was read, then below these folders, by its hash.
    """
    where = Whereabouts(folders)
    items: list[Item] = []
    aside: list[Aside] = []
    for source, group in groupby(settled, key=lambda each: each.spot[0]):
        cells = list(group)
        crops = _crops(_paper(store, source), where, {each.spot for each in cells}, forms, readers, pages)
        for each in cells:
            crop = crops.get(each.spot)
            if crop is not None:
                items.append(Item(each, crop))
            else:
                aside.append(Aside(each.spot, each.who, Why.NO_PICTURE))
    return items, aside


def _paper(store: Store, source: str) -> Source:
    with store.database.reading() as session:
        paper = session.get(Paper, source)
        return Source(source, paper.file if paper else source, Path(paper.path) if paper else Path(source))


def _crops(
    paper: Source,
    where: Whereabouts,
    wanted: Collection[Spot],
    forms: tuple[Mapping[str, Layout], Sequence[Notice]],
    readers: Readers,
    pages: Pages,
) -> dict[Spot, Crop]:
    """The crops of a paper; none where it is not at hand, or does not open."""
    path = where.find(paper)
    if path is None:
        return {}
    found: dict[Spot, Crop] = {}
    try:
        for placed in placed_forms(Source(paper.sha256, paper.file, path), forms, readers, pages):
            for place in placed.layout.places:
                spot = (paper.sha256, placed.bundle.number, str(place))
                crop = crop_of(placed.cells[place]) if spot in wanted else None
                if crop is not None:
                    found[spot] = crop
    except Rejected:  # what comes after the forms that are known
        pass
    return found


def placed_forms(
    source: Source, forms: tuple[Mapping[str, Layout], Sequence[Notice]], readers: Readers, pages: Pages
) -> Iterator[Placed]:
    """The forms of a paper with their cells found and named, as `qagaz.pipeline` has them. Raises Rejected."""
    layouts, notices = list(forms[0].values()), forms[1]
    sheets = (find_cells(page, readers, None) for page in pages(source, 1))
    for bundle in split_forms((tell_form(sheet, layouts, notices, readers) for sheet in sheets), readers.text):
        yield place_on_layout(bundle, readers.text)
