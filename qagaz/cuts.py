"""Figure cells of a run as they look on its papers, turned to be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from compare.run import Key, Run
from extract.records import Source
from layouts.errors import QagazError
from layouts.model import Place
from review.boxes import box_of
from review.pictures import Album, Pages, turn_of_lines
from review.store import FILE
from review.whereabouts import Whereabouts


class Cuts:
    """Cuts cells out of a run's papers. These lie below the folders told, or where they were when they were read."""

    def __init__(
        self, run: Run, cells: Iterable[tuple[Key, Place]], folders: Sequence[Path], album: Path, pages: Pages
    ) -> None:
        wanted = list(cells)
        sources = {source for (source, _form), _place in wanted}
        self._spots = run.boxes(wanted)
        self._turns = {page: turn_of_lines(lines) for page, lines in run.lines(sources).items()}
        self._kept = last_seen([run.folder], sources)
        self._album = Album(album, pages, Whereabouts(folders))

    def placed(self, key: Key, place: Place) -> bool:
        """Whether the cell stands anywhere on the paper; those of a page that is missing do not."""
        spot = self._spots.get((key, place))
        return spot is not None and spot.page is not None and box_of(spot) is not None

    def __call__(self, key: Key, file: str, place: Place) -> Path | None:
        """A JPEG of the cell, framed, and a little around it; None where it stands nowhere, or the paper is gone."""
        spot = self._spots.get((key, place))
        box = box_of(spot) if spot is not None else None
        if spot is None or spot.page is None or box is None:
            return None
        source = key[0]
        paper = Source(source, file, self._kept.get(source, Path(file)))
        try:
            return self._album.crop(paper, spot.page, box, self._turns.get((source, spot.page), 0), marked=True)
        except (QagazError, OSError):  # the paper is gone, or its page no longer opens
            return None


def last_seen(folders: Iterable[Path], sources: set[str]) -> Mapping[str, Path]:
    """Where papers lay when they were read, as the runs' own stores know; nothing is written there."""
    found: dict[str, Path] = {}
    for folder in folders:
        if not (folder / FILE).is_file():
            continue
        try:
            with closing(sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=ro", uri=True)) as store:
                for source, path in store.execute("SELECT source, path FROM papers"):
                    if source in sources and path:
                        found.setdefault(source, Path(path))
        except sqlite3.Error:
            continue  # of another version, or in use: then papers are only looked for where they are named
    return found
