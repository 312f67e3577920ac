"""The differences that a page shows: the first of every kind, with what the paper looks like there."""

from __future__ import annotations

import base64
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from extract.records import Source
from layouts.errors import QagazError
from qagaz.diff.records import Change, Kind
from qagaz.opener import Opener
from review.boxes import box_of
from review.pictures import Album, Pages
from review.whereabouts import Whereabouts

MOST = 200  # of a kind on the page; the table has all
NO_PICTURE = frozenset({Kind.PAPER_NEW, Kind.PAPER_GONE, Kind.FORM_NEW, Kind.FORM_GONE, Kind.FORM_HEAD})


class Gathered:
    """Counts every kind and keeps the first of each."""

    def __init__(self, most: int = MOST) -> None:
        self.counts: Counter[Kind] = Counter()
        self.first: dict[Kind, list[Change]] = {kind: [] for kind in Kind}
        self._most = most

    def take(self, change: Change) -> Change:
        """One difference more."""
        self.counts[change.kind] += 1
        if len(self.first[change.kind]) < self._most:
            self.first[change.kind].append(change)
        return change


class Crops:
    """What stands at the places of differences, as pictures that a page holds within itself."""

    def __init__(self, folders: Sequence[Path], kept: Mapping[str, Path], album: Path, pages: Pages) -> None:
        self._kept = kept  # hash → where the paper was last seen
        self._where = Whereabouts(folders)
        self._album = Album(album, pages, self._where)
        self.missing: set[str] = set()  # names of papers that are nowhere

    def of(self, change: Change) -> str:
        """A data address of the crop; "" where there is none: it stands nowhere, or the paper is not at hand."""
        box = box_of(change.spot)
        if box is None or change.spot.page is None:
            return ""
        paper = Source(change.source, change.file, self._kept.get(change.source, Path(change.file)))
        if self._where.find(paper) is None:
            self.missing.add(change.file)
            return ""
        try:
            picture = self._album.crop(paper, change.spot.page, box, change.turn)
        except (QagazError, OSError):  # a page that no longer opens, of a paper that is there
            return ""
        return "data:image/jpeg;base64," + base64.b64encode(picture.read_bytes()).decode()


@contextmanager
def crops(folders: Sequence[Path], kept: Mapping[str, Path], out: Path) -> Iterator[Crops]:
    """Pictures of papers below these folders or where they were last seen; nothing of them stays in `out`."""
    with tempfile.TemporaryDirectory(prefix=".diff-", dir=out) as album, Opener() as opener:
        yield Crops(folders, kept, Path(album), opener.pages)
