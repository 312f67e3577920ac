"""Pages and cells as pictures, cut from the paper as it is stored and turned so that a person can read them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from extract.records import Source, StoredPage
from layouts.errors import QagazError, Rejected
from review.boxes import Corners, Placed, box_of
from review.whereabouts import Whereabouts

QUALITY = 88  # of JPEG: rulings stay sharp, a page of 300 dpi takes about half a megabyte
LONGEST = 3600  # pixels of a kept page's longer side: 300 dpi of A4
ASIDE = 0.6  # what is shown beside a cell, in its heights
LEAST_ASIDE = 12.0  # pixels
TALL = 0.45  # height to width of a cell from which only what is inked of it is shown: it holds one line all the same
EDGE = 0.08  # of a cell's height beside its ruling that is not searched for ink
DARK = 40  # grey levels below the paper's own from which a pixel is ink
PALE = 0.6  # of white, over what stands around a marked cell
FRAME, FRAME_WIDE = (46, 110, 190), 2  # colour and pixels of a marked cell's edge
LEAST_HIGH = 0.22  # of its width that is shown of a tall cell, so that the figure is seen in its place


Pages = Callable[[Source, int], Iterator[StoredPage]]  # of a paper from a page on; Rejected where it does not open


class NoPictureError(QagazError):
    """The paper is not where it was, has no such page, or does not open."""


def rgb(page: StoredPage) -> Image.Image:
    """The page's picture as it is stored."""
    picture = page.picture
    colours = picture if picture.ndim == 2 else np.ascontiguousarray(picture[:, :, ::-1])  # BGR
    return Image.fromarray(colours).convert("RGB")


def turn_of_lines(lines: Iterable[Sequence[Placed]]) -> int:
    """Degrees clockwise that make the cells of lines run from left to right: 0, 90, 180 or 270.

    Where every line has one cell alone, the lines themselves tell: they run from top to bottom.
    """
    told = [list(cells) for cells in lines]
    runs = [step for cells in told for step in _steps(cells)]
    if not runs:
        runs = [(down, -right) for right, down in _steps([cells[0] for cells in told if cells])]
    if not runs:
        return 0
    x, y = sum(run[0] for run in runs), sum(run[1] for run in runs)
    if abs(x) >= abs(y):
        return 0 if x >= 0 else 180
    return 270 if y >= 0 else 90


def _steps(cells: Sequence[Placed]) -> Iterator[tuple[float, float]]:
    """From each cell to the next one, in stored coordinates."""
    for left, right in pairwise(cells):
        one, other = box_of(left), box_of(right)
        if one and other and left.page == right.page:
            yield other[0] - one[0], other[1] - one[1]


class Album:
    """Pictures of pages, made once and kept in a folder that only its owner reads.

    `pages` opens papers, for whoever looks at them: `qagaz.opener` does it in a process that is shut in.
    """

    def __init__(self, folder: Path, pages: Pages, whereabouts: Whereabouts | None = None) -> None:
        self._folder = folder
        self._pages = pages
        self._whereabouts = whereabouts or Whereabouts()
        self._lock = threading.Lock()  # one paper at a time is opened: pages are large

    def page(self, paper: Source, number: int) -> Path:
        """A page as it is stored, as JPEG; NoPictureError if the paper is gone, has no such page or does not open."""
        kept = self._kept(paper.sha256, f"{number}.jpg")
        if not kept.exists():
            with self._lock:
                if not kept.exists():
                    self._open(paper, number, kept)
        return kept

    def size(self, paper: Source, number: int) -> tuple[float, float]:
        """Width and height of a page in the unit of its coordinates; NoPictureError as above."""
        with Image.open(self.page(paper, number)) as page:
            return _size(page)

    def crop(self, paper: Source, number: int, box: Corners, turn: int, *, marked: bool = False) -> Path:
        """What stands in a box of a page and a little around it, turned to be read; NoPictureError as above.

        Of a cell much higher than what is written in it only the height of the ink is shown. `marked`: what is around
        the cell is pale and the cell has a frame, so that nobody takes its neighbour's figure for its own.
        """
        kind = "marked" if marked else "ink"
        name = f"{number}-" + "-".join(f"{edge:.2f}" for edge in box) + f"-{turn}-{kind}.jpg"
        kept = self._kept(paper.sha256, name)
        if not kept.exists():
            with Image.open(self.page(paper, number)) as page:
                width, height = _size(page)
                x, y = page.width / width, page.height / height
                cell = (box[0] * x, box[1] * y, box[2] * x, box[3] * y)
                view = _view(page, _inked(page, cell, turn))
                shown = page.convert("RGB").crop(view)
                if marked:
                    shown = _marked(shown, (cell[0] - view[0], cell[1] - view[1], cell[2] - view[0], cell[3] - view[1]))
                _save(shown.rotate(-turn, expand=True), kept)
        return kept

    def _kept(self, source: str, name: str) -> Path:
        return self._folder / source[:2] / source / name

    def _open(self, paper: Source, number: int, kept: Path) -> None:
        """Keep the picture of one page; the paper must be the one that was read."""
        path = self._whereabouts.find(paper)
        if path is None:
            raise NoPictureError("error.picture-no-paper", file=paper.file)
        try:
            page = next(self._pages(replace(paper, path=path), number), None)
        except Rejected as error:
            raise NoPictureError("error.picture-not-opened", file=paper.file, page=number) from error
        if page is None:
            raise NoPictureError("error.picture-no-page", file=paper.file, page=number)
        picture = rgb(page)
        width, height = round(page.width * page.scale), round(page.height * page.scale * page.stretch)
        shrink = min(1.0, LONGEST / max(width, height))
        size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        shown = picture.resize(size, Image.Resampling.LANCZOS) if size != picture.size else picture
        _save(shown, kept, f"{page.width:.2f} {page.height:.2f}")


def _size(page: Image.Image) -> tuple[float, float]:
    """As `_open` wrote it into the picture."""
    width, height = page.info["comment"].decode().split()
    return float(width), float(height)


def _inked(page: Image.Image, box: Corners, turn: int) -> Corners:
    """The part of a tall cell, in pixels, that holds ink; the cell itself where it is not tall, or bare."""
    upright = turn % 180 == 0
    high, wide = (box[3] - box[1], box[2] - box[0]) if upright else (box[2] - box[0], box[3] - box[1])
    if high < TALL * wide:
        return box
    inset = EDGE * min(high, wide)
    inner = (round(box[0] + inset), round(box[1] + inset), round(box[2] - inset), round(box[3] - inset))
    grey = np.asarray(page.convert("L").crop(inner), dtype=np.int16)
    rows = np.flatnonzero((grey < np.median(grey) - DARK).any(axis=1 if upright else 0))
    if not len(rows):
        return box
    first, last = int(rows[0]), int(rows[-1]) + 1
    more = max(0.0, LEAST_HIGH * wide - (last - first)) / 2
    start = inner[1] if upright else inner[0]
    low, top = max(start - inset, start + first - more), min(start + high - inset, start + last + more)
    return (box[0], low, box[2], top) if upright else (low, box[1], top, box[3])


def _view(page: Image.Image, box: Corners) -> tuple[int, int, int, int]:
    """A box in pixels with what stands around it, one pixel at least."""
    aside = max(LEAST_ASIDE, ASIDE * min(box[3] - box[1], box[2] - box[0]))
    view = np.array([box[0] - aside, box[1] - aside, box[2] + aside, box[3] + aside])
    left, top, right, bottom = np.clip(view, 0, [page.width, page.height] * 2).round().astype(int).tolist()
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _marked(shown: Image.Image, cell: Corners) -> Image.Image:
    """The picture with all but the cell made pale, and a frame on the cell's edge."""
    inside = Image.new("L", shown.size, 0)
    edges = [round(edge) for edge in cell]
    ImageDraw.Draw(inside).rectangle(edges, fill=255)
    pale = Image.blend(shown, Image.new("RGB", shown.size, "white"), PALE)
    marked = Image.composite(shown, pale, inside)
    ImageDraw.Draw(marked).rectangle(edges, outline=FRAME, width=FRAME_WIDE)
    return marked


def _save(picture: Image.Image, kept: Path, comment: str = "") -> None:
    """Whole or not at all, for its owner only."""
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = kept.with_name(f".{kept.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    picture.save(temporary, "JPEG", quality=QUALITY, comment=comment.encode())
    temporary.chmod(0o600)
    temporary.replace(kept)
