"""Codes of a text layer that stand in no row of boxes: typed after their label, letter-spaced, or in table cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from extract.fields.labelled import FILLER, label_spans
from extract.records import Box, Cell, Sheet, TextLine
from layouts.model import Layout

LEVEL = 0.3  # of the lower one's height: what overlaps a label by less is not on its level
STACKED = 0.8  # of a line's height: the gap between two lines of one label
LINES_BELOW = 3.0  # heights of the label's last line, in which its code may follow below
DARKER = 60  # grey levels below the ground from which a pixel is ink
INK_PIXELS = 8  # of the drawing: fewer are the fringe of a letter
_LEADING = re.compile(r"[\s_|.:;,)…–—-]*((?:\d[\s_|.\u00a0]*)*)")
_UNREAD = "\ufffd"  # stands for ink that is no text


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands where a code belongs: `text` is its digits, "" if its place was found and is bare."""

    text: str
    box: Box
    drawn: bool  # cells or a line to write on show the place; else it is only what follows the label


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text, or a cell of a table, blank or not."""

    text: str
    box: Box
    cell: bool
    spans: tuple[tuple[int, int, str], ...]  # stretches of print, with the field each labels


def typed_code(sheet: Sheet, lines: Sequence[TextLine], layout: Layout, field: str, length: int) -> Typed | None:
    """The code of `length` digits that follows its label on a text page, or below it; None if its place is not found.

    A stretch of another length is given as it is; a place in which nothing stands only if no better one is found.
    """
    pieces = _pieces(sheet, lines, layout)
    found = [
        typed
        for label in reversed(_labels(pieces, field))
        for typed in (_beside(label, pieces, sheet), _below(label, pieces, length))
        if typed is not None
    ]
    fitting = [typed for typed in found if len(typed.text) == length]
    filled = [typed for typed in found if typed.text]
    return next(iter([*fitting, *filled, *found]), None)


def _pieces(sheet: Sheet, lines: Sequence[TextLine], layout: Layout) -> list[_Piece]:
    """The text lines, and the cells of the rows with labels and of the rows that follow these."""
    cells = [cell for grid in sheet.grids for cell in _labelled_rows(grid.cells, layout)]
    outside = [line for line in lines if not any(cell.box.holds(*line.box.centre) for cell in cells)]
    texts = [(" ".join((_UNREAD if c.text is None else c.text).split()), c.box, True) for c in cells]
    texts += [(line.text, line.box, False) for line in outside]
    return [_Piece(text, box, cell, _told(text, layout)) for text, box, cell in texts]


def _told(text: str, layout: Layout) -> tuple[tuple[int, int, str], ...]:
    return tuple(label_spans(text, layout)) if text else ()


def _labelled_rows(cells: Sequence[Cell], layout: Layout) -> list[Cell]:
    labelled = {
        cell.row
        for cell in cells
        if cell.text and any(field for _, _, field in label_spans(" ".join(cell.text.split()), layout))
    }
    wanted = labelled | {row + 1 for row in labelled}
    return [cell for cell in cells if cell.row in wanted]


@dataclass(frozen=True, slots=True)
class _Label:
    """A field's label, in one line or in several below each other."""

    lines: tuple[Box, ...]  # of its words alone, from top to bottom
    last: _Piece
    end: int  # of the label within the last piece

    @property
    def box(self) -> Box:
        """Around all its lines."""
        return Box.around(self.lines)

    def ends_before(self, box: Box) -> bool:
        """Whether a box lies on the label's level, behind each of its lines that it lies beside."""
        beside = [line for line in self.lines if _level(box, line)]
        return _level(box, self.box) and all(box.x0 >= line.x1 - 1.0 for line in beside or self.lines)


def _labels(pieces: Sequence[_Piece], field: str) -> list[_Label]:
    """The places where a field's label stands, from top to bottom."""
    own = [(piece, spans) for piece in pieces if (spans := [s for s in piece.spans if s[2] == field])]
    labels: list[_Label] = []
    for piece, spans in sorted(own, key=lambda pair: (pair[0].box.y1, pair[0].box.x0)):
        box = piece.box if piece.cell else _part(piece.box, spans[0][0], spans[-1][1], len(piece.text))
        before = labels[-1].box if labels else None
        lines: tuple[Box, ...] = (box,)
        if before and box.x0 < before.x1 and box.y0 - before.y1 < STACKED * box.height and not piece.cell:
            lines = (*labels.pop().lines, box)
        labels.append(_Label(lines, piece, spans[-1][1]))
    return labels


def _part(box: Box, start: int, end: int, length: int) -> Box:
    """The box of a stretch of a line, as if all letters were equally wide."""
    each = box.width / max(length, 1)
    return Box(box.x0 + start * each, box.y0, box.x0 + end * each, box.y1)


def _beside(label: _Label, pieces: Sequence[_Piece], sheet: Sheet) -> Typed | None:
    """What follows a label on its level, up to other print."""
    tail = _Piece(label.last.text[label.end :], label.last.box, cell=False, spans=())
    level = [p for p in pieces if p is not label.last and label.ends_before(p.box)]
    following = [tail, *sorted(level, key=lambda piece: piece.box.x0)]
    taken = list(_until_print(following))
    digits = "".join(_digits(piece.text) for piece in taken)
    boxes = [piece.box for piece in taken[1:]] or [label.box]
    drawn = any(piece.cell for piece in taken[1:]) or any(_is_line(piece.text) for piece in taken)
    if digits:
        return Typed(digits, Box.around(boxes), drawn)
    stop = following[len(taken)] if len(taken) < len(following) else None
    if _rest(tail.text) or (stop is not None and _UNREAD in stop.text):
        return None
    if any(_level(run.box, label.box) and any(cell.text for cell in run.cells) for run in sheet.boxes):
        return None  # a frame around something typed, of which no code was made
    if drawn:
        return Typed("", Box.around(boxes), drawn=True)
    end = label.lines[-1]
    place = Box(end.x1, end.y0, stop.box.x0 if stop else sheet.width, end.y1)
    return Typed("", place, drawn=False) if _bare(sheet, place) else None


def _below(label: _Label, pieces: Sequence[_Piece], length: int) -> Typed | None:
    """What stands below a label, before the next one: a code as long as it must be, or a place to write one."""
    height = label.last.box.height
    under = [p for p in pieces if -0.3 * height <= p.box.y0 - label.box.y1 and p is not label.last]
    near = sorted((p for p in under if p.box.y0 - label.box.y1 < LINES_BELOW * height), key=lambda p: p.box.y0)
    near = list(takewhile(lambda p: not any(field for _, _, field in p.spans), near))
    while near:
        level = sorted((p for p in near if _level(p.box, near[0].box)), key=lambda p: p.box.x0)
        taken = list(_until_print(level))
        digits = "".join(_digits(piece.text) for piece in taken)
        if len(taken) == len(level) and (len(digits) == length or (not digits and _is_place(taken))):
            return Typed(digits, Box.around(p.box for p in taken), drawn=True)
        near = [p for p in near if p not in level]
    return None


def _is_place(pieces: Sequence[_Piece]) -> bool:
    return any(piece.cell or _is_line(piece.text) for piece in pieces)


def _until_print(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """The pieces up to other print than digits; a piece that begins with digits is the last one."""
    for piece in pieces:
        rest = _rest(piece.text)
        if not rest:
            yield piece
        else:
            if _digits(piece.text):
                yield piece
            return


def _leading(text: str) -> re.Match[str]:
    found = _LEADING.match(text)
    assert found is not None  # it matches the empty text, too
    return found


def _digits(text: str) -> str:
    return re.sub(r"\D", "", _leading(text).group(1))


def _rest(text: str) -> str:
    """What other print follows the digits that a text begins with."""
    return text[_leading(text).end() :].strip(FILLER)


def _is_line(text: str) -> bool:
    """Whether a text ends with the line on which something is to be written."""
    return "__" in text


def _level(box: Box, label: Box) -> bool:
    shared = min(box.y1, label.y1) - max(box.y0, label.y0)
    return shared > LEVEL * min(box.height, label.height)


def _bare(sheet: Sheet, place: Box) -> bool:
    """Whether the drawing shows nothing at a place: no boxes either, in which digits might be drawn."""
    x0, y0, x1, y1 = (max(0, round(v * sheet.scale)) for v in (place.x0, place.y0, place.x1, place.y1))
    part = sheet.picture[y0:y1, x0:x1]
    return part.size > 0 and int(np.count_nonzero(part < int(np.median(part)) - DARKER)) < INK_PIXELS
