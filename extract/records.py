"""What the stages of extraction hand on, from the page as stored to the reading of a cell.

Coordinates: origin top left. *Stored* coordinates are those of the results: pixels of the stored image before any
turning ("px"), or points of the unrotated PDF page ("pt"). *Working* coordinates are those of the upright,
flattened page; `Sheet.to_stored` leads back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from layouts.model import Layout, Place

Picture = npt.NDArray[np.uint8]  # (height, width) grey or (height, width, 3) BGR; white paper is 255
Unit = Literal["px", "pt"]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle; x1 and y1 lie outside."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def grown(self, by: float) -> Box:
        """The same box with every side moved outward (inward if negative)."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of them; ValueError if there are none."""
        every = list(boxes)
        return Box(
            min(b.x0 for b in every), min(b.y0 for b in every), max(b.x1 for b in every), max(b.y1 for b in every)
        )


@dataclass(frozen=True, slots=True)
class Source:
    """One input: a file, or a folder whose images are pages."""

    sha256: str
    file: str  # relative to the input it was found under; what results call it
    path: Path = field(compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text layer."""

    text: str
    box: Box
    turn: int = 0  # degrees clockwise the page must be turned by for it to stand upright: 0, 90, 180, 270


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight stroke of a vector page: a ruling, or one side of a box."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True, eq=False)
class StoredPage:
    """One page as it lies in the file, not yet turned.

    A page of kind "text" has `words` and `segments` in points and its rendering as `picture`;
    of kind "scan" it has only the picture.
    """

    source: Source
    number: int  # 1, 2, … as stored
    kind: Literal["text", "scan"]
    unit: Unit
    width: float  # in `unit`
    height: float
    picture: Picture  # grey or BGR, in stored orientation
    scale: float  # pixels of `picture` per `unit`; 1.0 where the unit is the pixel
    words: tuple[Word, ...] = ()
    segments: tuple[Segment, ...] = ()
    stretch: float = 1.0  # `picture` is this much higher than the stored image, whose pixels are no squares (old faxes)


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """The ink of one cell, both as it is and cleaned; the same pixels in both."""

    raw: Picture  # grey, rulings and background as scanned
    clean: Picture  # grey, rulings erased, paper white


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell of a grid. On a scan `text` is None until a reader has spoken; `crop` is None where there is no ink."""

    box: Box  # working coordinates
    row: int  # 0, 1, … within its grid
    column: int
    row_span: int = 1
    column_span: int = 1
    text: str | None = None
    crop: Crop | None = None
    ink: float = 0.0  # evidence of ink, 0 (bare) … 1 (certainly inked); 0.5 is the decision
    open_top: bool = False  # no ruling closes it: the row goes on from the page before
    open_bottom: bool = False  # likewise on the page after
    marks: tuple[str, ...] = ()  # reason codes: "struck-out", "ink-over-edge", "seal", …


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The cells between ruling lines that belong together: a table, or the part of one on this page."""

    box: Box
    rows: int
    columns: int
    x_edges: tuple[float, ...]  # columns + 1 values
    y_edges: tuple[float, ...]  # rows + 1 values
    cells: tuple[Cell, ...]  # by row, then column; a spanned cell stands once, at its top left

    def at(self, row: int, column: int) -> Cell | None:
        """The cell that covers this position, or None."""
        for cell in self.cells:
            if cell.row <= row < cell.row + cell.row_span and cell.column <= column < cell.column + cell.column_span:
                return cell
        return None


@dataclass(frozen=True, slots=True, eq=False)
class BoxRun:
    """Small equal boxes side by side on one line, one character each: the parts of a code."""

    cells: tuple[Cell, ...]  # left to right; row is 0, column 0, 1, …

    @property
    def box(self) -> Box:
        """Around all of them."""
        return Box.around(cell.box for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table stand, in inches of the straightened page: its next page may not say it again."""

    signs: tuple[Box, ...]  # of the number row
    x_edges: tuple[float, ...]
    labels: float | None  # where the texts of the second column begin; None if no row was seen

    def scaled(self, factor: float) -> Columns:
        """The same in a unit of which `factor` make one of these."""
        signs = (Box(s.x0 * factor, s.y0 * factor, s.x1 * factor, s.y1 * factor) for s in self.signs)
        return Columns(tuple(signs), tuple(x * factor for x in self.x_edges), self.labels and self.labels * factor)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text outside the tables."""

    text: str
    box: Box
    words: tuple[Box, ...] = ()  # where each of its words stands, as spaces part them; () if that is not known

    def part(self, start: int, end: int) -> Box:
        """The box of a stretch of letters; those of one word, or of the line, count as equally wide."""
        tokens = self.text.split(" ")
        words = self.words if len(self.words) == len(tokens) else (self.box,)
        lengths = [len(token) for token in tokens] if len(words) > 1 else [len(self.text)]
        firsts = [sum(lengths[:at]) + at for at in range(len(words))]
        spans = [(first, max(length, 1), box) for first, length, box in zip(firsts, lengths, words, strict=True)]
        left = (b.x0 + max(0, start - f) / n * b.width for f, n, b in spans if f + n > start)
        right = (b.x0 + min(n, end - f) / n * b.width for f, n, b in reversed(spans) if f < end)
        x0 = next(left, self.box.x1)
        return Box(x0, self.box.y0, max(x0, next(right, self.box.x0)), self.box.y1)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One page, upright and flat, with its grids found. Everything later stages need of the page is here."""

    source: Source
    number: int
    kind: Literal["text", "scan"]
    unit: Unit
    width: float  # working units
    height: float
    resolution: float  # working units per inch: 72 for text pages, about the dpi for scans
    to_stored: npt.NDArray[np.float64]  # 3 × 3, working → stored
    grids: tuple[Grid, ...]  # from top to bottom
    boxes: tuple[BoxRun, ...]  # in reading order
    lines: tuple[TextLine, ...]  # text layer outside tables, in reading order; empty on scans
    picture: Picture  # grey, upright; working pixels on scans
    scale: float = 1.0  # pixels of `picture` per working unit
    turned: int = 0  # degrees clockwise the stored page was turned by: 0, 90, 180, 270
    marks: tuple[str, ...] = ()  # reason codes that hold for the whole page: "photo", "bilevel", "low-resolution", …
    columns: Columns | None = None  # of the last table that begins here

    @property
    def quality(self) -> str:
        """What a reader may expect of the page: "photo", "bilevel", "coarse", or "clear"."""
        known = {"photo": "photo", "bilevel": "bilevel", "low-resolution": "coarse"}
        return next((quality for mark, quality in known.items() if mark in self.marks), "clear")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing a cell may say."""

    text: str  # as written, "" for blank
    logp: float  # natural logarithm of its probability
    reader: str


class FigureReader(Protocol):
    """Reads one line of figures a crop."""

    @property
    def name(self) -> str:
        """Name and version, as results carry it."""
        ...

    def read(self, crops: Sequence[Crop]) -> list[tuple[Alternative, ...]]:
        """For each crop the best readings, best first; an empty tuple where it sees nothing."""
        ...


class TextReader(Protocol):
    """Reads printed text, one or several lines a picture."""

    @property
    def name(self) -> str:
        """Name and version."""
        ...

    def read(self, pictures: Sequence[Picture]) -> list[str]:
        """The text of each picture, lines parted by newlines; "" where there is none."""
        ...

    def read_lines(self, pictures: Sequence[Picture]) -> list[list[TextLine]]:
        """The lines of each picture, a whole page or part of one, with boxes in its pixels."""
        ...


class Calibrated(Protocol):
    """Makes claimed probabilities true."""

    def apply(self, texts: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """Strings with log-probabilities, best first, made true."""
        ...


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers a run uses. The first figure reader leads, the others bear witness."""

    figures: tuple[FigureReader, ...]
    text: TextReader
    together: Mapping[str, Calibrated] = field(default_factory=dict)  # of their common word, by case, where learnt


class Ink(StrEnum):
    """With what a cell was filled in."""

    NONE = "none"
    DIGITAL = "digital"  # text layer
    TYPED = "typed"
    HAND = "hand"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something seen on the way that a person may have to know: an id of the catalogue with its parameters."""

    code: str
    page: int = 0
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one figure or country cell may say, best first; no alternative at all means blank."""

    place: Place
    page: int  # 0 where the page is missing
    box: Box | None  # stored coordinates
    unit: Unit
    ink: Ink
    alternatives: tuple[Alternative, ...] = ()
    witnesses: int = 0  # how many independent readers gave the first alternative
    readers: int = 0  # how many were asked
    reasons: tuple[str, ...] = ()  # reason codes
    quality: str = "clear"  # of the page: "clear", "coarse", "bilevel" or "photo"
    look: tuple[float, ...] = ()  # of the ink, see extract.ink.looks; empty where there is no picture of any
    said: tuple[Alternative, ...] = ()  # each reader's own first words, before any other's; "" where it sees nothing


@dataclass(frozen=True, slots=True)
class FieldReading:
    """What one field outside the tables may say."""

    field: str  # id of the layout's field
    page: int
    box: Box | None
    unit: Unit
    ink: Ink
    alternatives: tuple[Alternative, ...] = ()
    witnesses: int = 0
    readers: int = 0
    reasons: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()  # of an option field: the options that are marked
    empty: bool = False  # certainly nothing stands there
    said: tuple[Alternative, ...] = ()  # of a code in boxes: each reader's own words about its row, then its boxes


@dataclass(frozen=True, slots=True)
class FormReading:
    """All that was read of one form, every figure cell of the layout included, blank or not."""

    source: Source
    form: int  # 1, 2, … within the file
    layout: Layout
    pages: tuple[int, ...]  # stored numbers, in the order of the form
    cells: tuple[Reading, ...]  # in the order of `layout.places`
    countries: tuple[Reading, ...]  # in the order of `layout.country_places`
    fields: tuple[FieldReading, ...]
    doubts: tuple[Doubt, ...] = ()
