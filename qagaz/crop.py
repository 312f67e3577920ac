"""The paper's own picture of one cell, cut out of the page as it is stored, with what stands around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from extract.intake import find_sources, sha256_of
from extract.records import Source
from qagaz.drawing import CULPRIT, Box
from qagaz.explain import ExplainError, Explanation
from review.pictures import Pages, rgb

ACROSS = 1.0  # context left and right, in widths of the cell
ALONG = 1.5  # context above and below, in heights
LEAST = 24.0  # context on every side, pixels: a cell as narrow as a digit is seen in its row
FRAME = 2  # pixels, outside the cell: no ink is covered


def find_paper(explanation: Explanation, folder: Path, given: Path | None) -> Source:
    """The paper a value was read from, known by its hash; ExplainError if it is not where it is looked for.

    Looked for as named, or below the folder named, whatever it is called there; without a name, below the current
    folder and beside the results.
    """
    history = explanation.history
    roots = [given] if given is not None else [Path(), folder.parent]
    for path in _candidates(roots, history.file):
        if sha256_of(path) == history.source:
            return Source(history.source, history.file, path)
    for source in find_sources([given]).sources if given is not None and given.is_dir() else ():
        if source.sha256 == history.source:
            return Source(history.source, history.file, source.path)
    told = " ".join(map(str, roots))
    raise ExplainError("error.explain-no-paper", file=history.file, source=history.source, where=told)


def _candidates(roots: list[Path], file: str) -> Iterator[Path]:
    for path in (path for root in roots for path in (root / file, root)):
        if path.is_file() or (path.is_dir() and path.name == Path(file).name):
            yield path


def cut_out(explanation: Explanation, paper: Source, turn: int, pages: Pages) -> Image.Image:
    """The cell in a red frame, turned by `turn` degrees clockwise; ExplainError if it stands nowhere on the paper."""
    cell = explanation.cell
    if cell.page is None or cell.x0 is None or cell.y0 is None or cell.x1 is None or cell.y1 is None:
        raise ExplainError("error.explain-no-box", place=cell.place)
    page = next(pages(paper, cell.page), None)
    if page is None:
        raise ExplainError("error.explain-no-box", place=cell.place)
    x, y = page.scale, page.scale * page.stretch
    return framed(rgb(page), (cell.x0 * x, cell.y0 * y, cell.x1 * x, cell.y1 * y)).rotate(-turn, expand=True)


def framed(page: Image.Image, box: Box) -> Image.Image:
    """A part of a page around a box (pixels), which is framed.

    >>> framed(Image.new("RGB", (1000, 800)), (100, 100, 300, 150)).size
    (500, 200)
    """
    x0, y0, x1, y1 = box
    aside, above = max(LEAST, ACROSS * (x1 - x0)), max(LEAST, ALONG * (y1 - y0))
    view = np.array([x0 - aside, y0 - above, x1 + aside, y1 + above])
    left, top, right, bottom = np.clip(view, 0, [page.width, page.height] * 2).round().astype(int).tolist()
    part = page.crop((left, top, right, bottom))
    edges = (x0 - left - FRAME, y0 - top - FRAME, x1 - left + FRAME, y1 - top + FRAME)
    ImageDraw.Draw(part).rectangle(edges, outline=CULPRIT[:3], width=FRAME)
    return part
