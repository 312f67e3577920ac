"""A page with a text layer → its sheet: grids with their texts, code boxes, and the lines between them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from extract.grids.grid import GridFrame, grids_from_rulings
from extract.grids.text_table import Remains
from extract.grids.unruled import completed_frames
from extract.grids.walls import Stroke
from extract.records import Box, BoxRun, Cell, Columns, Crop, Grid, Picture, Segment, Sheet, StoredPage, TextLine, Word
from extract.text.beside import disturbances
from extract.text.boxes import characters, codes_in_rows, is_strip, runs_of_boxes, single_boxes
from extract.text.lines import lines_of, parted_at_gaps, text_of
from extract.text.overflow import over_edges

SNAP = 1.5  # points; ends of rulings this near touch
RESOLUTION = 72.0  # points per inch
DASH = 7.0  # points; shorter collinear pieces may be the dashes of one ruling
DASH_GAP = 5.0  # points between dashes
FEWEST_DASHES = 4
EDGE = 1.6  # points inside a cell's rulings where its ink is not looked for
DARKER = 60  # grey levels below a cell's ground from which a pixel is ink
INK_PIXELS = 8  # of the drawing at 150 dpi: fewer are the fringe of a ruling
FULL_INK = 40  # pixels from which ink without text is certain
INK_WITHOUT_TEXT = "ink-without-text"
INK_OVER_EDGE = "ink-over-edge"
OWN_RULING = 0.8  # points around a word, box or table that its strokes may reach out of it
FEW_ROWS, FEW_COLUMNS = 2, 2  # frames of no more set out the page's head and foot: their texts are lines too
FILLERS = frozenset("_…")


def text_sheet(page: StoredPage, before: Columns | None = None) -> Sheet:
    """The sheet of a page of kind "text", upright by the direction of its words, in points.

    `before`: the columns on the page before.

    A cell's `text` is "" where nothing stands; where the drawing shows ink that is no text, it is None, `crop` shows
    the ink and `marks` say so.
    """
    turned = _turn_of(page.words)
    width, height = (page.height, page.width) if turned in {90, 270} else (page.width, page.height)
    words = [_turned_word(word, turned, page) for word in page.words]
    segments = [_turned_segment(segment, turned, page) for segment in page.segments]
    picture = np.ascontiguousarray(np.rot90(page.picture, -(turned // 90)))
    eye = _Eye(picture, page.scale, words)
    frames, columns = _with_unruled(_frames(segments, Box(0, 0, width, height)), words, segments, before)
    strokes = [s for s in segments if s.x1 - s.x0 > s.y1 - s.y0]
    parts = _structure(frames, words, eye, strokes)
    return Sheet(
        source=page.source,
        number=page.number,
        kind="text",
        unit=page.unit,
        width=width,
        height=height,
        resolution=RESOLUTION,
        to_stored=_to_stored(turned, page.width, page.height),
        grids=tuple(sorted(parts.grids, key=lambda grid: (grid.box.y0, grid.box.x0))),
        boxes=tuple(sorted(parts.boxes, key=lambda run: (run.box.y0, run.box.x0))),
        lines=tuple(_in_order([*_text_lines(parts.rest), *parts.lines])),
        picture=picture,
        scale=page.scale,
        turned=turned,
        columns=columns,
    )


@dataclass(slots=True)
class _Parts:
    """What a page is made of, while it is being found."""

    grids: list[Grid] = field(default_factory=list)
    boxes: list[BoxRun] = field(default_factory=list)
    lines: list[TextLine] = field(default_factory=list)  # of frames that set out the page
    rest: list[Word] = field(default_factory=list)  # words in no frame


def _structure(frames: Sequence[GridFrame], words: Sequence[Word], eye: _Eye, strokes: Sequence[Segment]) -> _Parts:
    """Grids, code boxes, and the words that stand in neither. A word belongs to the smallest frame around it."""
    parts = _Parts()
    runs = runs_of_boxes(single_boxes(frames))
    tables = sorted((f for f in frames if len(f.spans) > 1), key=lambda f: f.box.width * f.box.height)
    homes: list[list[Word]] = [[] for _ in (*runs, *tables)]
    outlines = [*(Box.around(run) for run in runs), *(table.box for table in tables)]
    for word in words:
        x, y = word.box.centre
        next((home for box, home in zip(outlines, homes, strict=True) if box.holds(x, y)), parts.rest).append(word)
    for run, inside in zip(runs, homes, strict=False):
        parts.boxes.append(_box_run(run, characters(inside, run), eye))
    for box in outlines[: len(runs)]:
        eye.forget(box)
    for frame, inside in zip(tables, homes[len(runs) :], strict=True):
        _take_table(parts, frame, inside, eye, strokes)
        eye.forget(frame.box)
    return parts


def _take_table(parts: _Parts, frame: GridFrame, words: Sequence[Word], eye: _Eye, strokes: Sequence[Segment]) -> None:
    """A frame as a grid, as a code where its cells are one, or as both."""
    inside, outside = _by_cell(frame, words)
    parts.rest.extend(outside)
    over = over_edges(frame, inside)
    bare = [frame.cell(span) for span in frame.spans]
    told = [replace(c, marks=(*c.marks, INK_OVER_EDGE)) if i in over else c for i, c in enumerate(bare)]
    told = [replace(c, marks=(*c.marks, *disturbances(w, strokes))) for c, w in zip(told, inside, strict=True)]
    cells = [eye.look(replace(c, text=_unfilled(text_of(w)))) for c, w in zip(told, inside, strict=True)]
    texts = [cell.text or "" for cell in cells]
    if is_strip(frame, texts):
        parts.boxes.append(BoxRun(tuple(cells)))
        return
    parts.grids.append(frame.grid(cells))
    codes = codes_in_rows(frame, texts)
    by_span = dict(zip(frame.spans, cells, strict=True))
    for code in codes:
        parts.boxes.append(BoxRun(tuple(replace(by_span[span], row=0, column=i) for i, span in enumerate(code))))
    if frame.rows <= FEW_ROWS or frame.columns <= FEW_COLUMNS:
        coded = {span for code in codes for span in code}
        for span, members in zip(frame.spans, inside, strict=True):
            if span not in coded:
                parts.lines.extend(_text_lines(members))


def _by_cell(frame: GridFrame, words: Sequence[Word]) -> tuple[list[list[Word]], list[Word]]:
    """The words of each cell of a frame, and those that lie in none."""
    index = {
        (row, column): i
        for i, span in enumerate(frame.spans)
        for row in range(span.row, span.row + span.row_span)
        for column in range(span.column, span.column + span.column_span)
    }
    inside: list[list[Word]] = [[] for _ in frame.spans]
    outside: list[Word] = []
    for word in words:
        x, y = word.box.centre
        place = (bisect_right(frame.y_edges, y) - 1, bisect_right(frame.x_edges, x) - 1)
        (inside[index[place]] if place in index else outside).append(word)
    return inside, outside


def _box_run(boxes: Sequence[Box], texts: Sequence[str], eye: _Eye) -> BoxRun:
    cells = (Cell(box, 0, i, text=_unfilled(text)) for i, (box, text) in enumerate(zip(boxes, texts, strict=True)))
    return BoxRun(tuple(eye.look(cell) for cell in cells))


def _unfilled(text: str) -> str:
    """The text, or "" where only the strokes stand on which something was to be written."""
    return "" if not set(text) - FILLERS - {" ", "\n"} else text


class _Eye:
    """Sees ink that is no text: stamps, pen strokes, notes, text turned into curves."""

    def __init__(self, picture: Picture, scale: float, words: Iterable[Word]) -> None:
        self.picture = picture
        self.scale = scale
        self.bare = picture.copy()  # without its text
        for word in words:
            self.forget(word.box)

    def forget(self, box: Box) -> None:
        """Leaves out what was understood: it is no ink of the cell around it."""
        box = box.grown(OWN_RULING)
        part = self.bare[self._rows(box), self._columns(box)]
        if part.size:
            part[:] = part.max()

    def look(self, cell: Cell) -> Cell:
        """The cell with its ink told; one with ink but no text is left to be read from its crop."""
        if cell.text:
            return replace(cell, ink=1.0)
        box = cell.box.grown(-EDGE)
        part = self.bare[self._rows(box), self._columns(box)]
        if part.size == 0:
            return cell
        ground = int(np.median(part))
        dark = int(np.count_nonzero(part < ground - DARKER)) if int(part.min()) < ground - DARKER else 0
        if dark < INK_PIXELS:
            return cell
        crop = self.picture[self._rows(cell.box), self._columns(cell.box)].copy()
        ink = min(1.0, 0.5 + 0.5 * dark / FULL_INK)
        clean = self.picture[self._rows(box), self._columns(box)]
        return replace(cell, text=None, ink=ink, crop=_crop(crop, clean), marks=(*cell.marks, INK_WITHOUT_TEXT))

    def _rows(self, box: Box) -> slice:
        return slice(max(0, round(box.y0 * self.scale)), max(0, round(box.y1 * self.scale)))

    def _columns(self, box: Box) -> slice:
        return slice(max(0, round(box.x0 * self.scale)), max(0, round(box.x1 * self.scale)))


def _crop(raw: Picture, inner: Picture) -> Crop:
    """The cell as drawn, and the same without its rulings."""
    clean = np.full_like(raw, int(np.median(inner)))
    top, left = (raw.shape[0] - inner.shape[0]) // 2, (raw.shape[1] - inner.shape[1]) // 2
    clean[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return Crop(raw, clean)


def _text_lines(words: Sequence[Word]) -> Iterator[TextLine]:
    """The lines outside grids and boxes, from top to bottom, parted at gaps as wide as columns'."""
    for line in lines_of(words):
        for piece in parted_at_gaps(line):
            yield TextLine(piece.text, piece.box)


def _in_order(lines: Iterable[TextLine]) -> Iterator[TextLine]:
    """Lines in reading order: from top to bottom, those on one level from left to right."""
    for level in lines_of(Word(line.text, line.box) for line in lines):
        yield from (TextLine(word.text, word.box) for word in level.words)


def _frames(segments: Iterable[Segment], page: Box) -> list[GridFrame]:
    horizontal: list[Segment] = []
    vertical: list[Segment] = []
    for segment in segments:
        cut = Segment(
            max(segment.x0, page.x0), max(segment.y0, page.y0), min(segment.x1, page.x1), min(segment.y1, page.y1)
        )
        if cut.x1 >= cut.x0 and cut.y1 >= cut.y0:
            (horizontal if cut.x1 - cut.x0 >= cut.y1 - cut.y0 else vertical).append(cut)
    horizontal.extend(_dashed(horizontal, lying=True))
    vertical.extend(_dashed(vertical, lying=False))
    return grids_from_rulings(horizontal, vertical, snap=SNAP)


def _with_unruled(
    frames: Sequence[GridFrame], words: Sequence[Word], segments: Sequence[Segment], before: Columns | None
) -> tuple[list[GridFrame], Columns | None]:
    """The frames with those of tables of which not all rulings were drawn, and the columns of the last table."""
    runs = [Box.around(run) for run in runs_of_boxes(single_boxes(frames))]
    upright = [w.box for w in words if w.turn == 0 and not any(run.holds(*w.box.centre) for run in runs)]
    lying = [Stroke(s.y0, s.x0, s.x1) for s in segments if s.x1 - s.x0 > s.y1 - s.y0]
    standing = [Stroke(s.x0, s.y0, s.y1) for s in segments if s.x1 - s.x0 <= s.y1 - s.y0]
    return completed_frames(upright, frames, Remains(lying, standing), before, RESOLUTION)


def _dashed(segments: Iterable[Segment], *, lying: bool) -> list[Segment]:
    """The rulings that rows of short pieces make."""
    pieces = sorted(
        (round(at, 1), start, end)
        for at, start, end in ((s.y0, s.x0, s.x1) if lying else (s.x0, s.y0, s.y1) for s in segments)
        if end - start <= DASH
    )
    found: list[Segment] = []
    run: list[tuple[float, float, float]] = []
    for piece in [*pieces, (float("inf"), 0.0, 0.0)]:
        if run and (piece[0] - run[-1][0] > 0.2 or piece[1] - run[-1][2] > DASH_GAP):
            if len(run) >= FEWEST_DASHES:
                at, start, end = run[0][0], run[0][1], max(p[2] for p in run)
                found.append(Segment(start, at, end, at) if lying else Segment(at, start, at, end))
            run = []
        run.append(piece)
    return found


def _turn_of(words: Iterable[Word]) -> int:
    """The turn that makes most of the text upright."""
    votes: Counter[int] = Counter()
    for word in words:
        votes[word.turn] += len(word.text)
    return max(votes, key=lambda turn: (votes[turn], -turn), default=0)


def _turned_point(x: float, y: float, turned: int, page: StoredPage) -> tuple[float, float]:
    if turned == 90:
        return page.height - y, x
    if turned == 180:
        return page.width - x, page.height - y
    if turned == 270:
        return y, page.width - x
    return x, y


def _turned_word(word: Word, turned: int, page: StoredPage) -> Word:
    (x0, y0), (x1, y1) = (
        _turned_point(word.box.x0, word.box.y0, turned, page),
        _turned_point(word.box.x1, word.box.y1, turned, page),
    )
    box = Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    return Word(word.text, box, (word.turn - turned) % 360)


def _turned_segment(segment: Segment, turned: int, page: StoredPage) -> Segment:
    x0, y0 = _turned_point(segment.x0, segment.y0, turned, page)
    x1, y1 = _turned_point(segment.x1, segment.y1, turned, page)
    return Segment(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _to_stored(turned: int, width: float, height: float) -> npt.NDArray[np.float64]:
    """Working → stored, for a stored page of this size turned clockwise."""
    rows = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
    }[turned]
    return np.array(rows, np.float64)
