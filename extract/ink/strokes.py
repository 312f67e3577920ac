"""How pieces of ink lie to each other: lines of writing, and strokes drawn through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from extract.records import Picture

TALL = 0.45  # of a digit and of the highest piece; what is lower makes no line of its own
HIGH = 0.8  # digits; lower ink is a dash, not a figure struck out
STRIKE_SHARE = 0.9  # of a line's width, that a stroke through it covers
STRIKE_LEAST = 1.2  # digits; a shorter stroke may be the bar of a 7 or 4
SLANTS = (-0.5, -0.35, -0.2, -0.1, 0.0, 0.1, 0.2, 0.35, 0.5)  # rise over run of strokes looked for
GRAIN = 0.5  # digits; lower pieces are no figures, and far from all figures are none of their signs
APART = 0.7  # digits; so far from figures
FLAT, SHORTEST_DASH = 1.7, 0.3  # a dash is so many times wider than high, and so long, in digits
FIGURE = 0.6  # digits; a piece as high is a figure
SCRIBBLE = 0.55  # share of a line's rectangle that is inked where it is scribbled over


class Span(NamedTuple):
    """A rectangle of ink in whole pixels."""

    x: int
    y: int
    width: int
    height: int

    def near(self, x: float, y: float, by: float) -> bool:
        """Whether a point lies inside or within `by` of the rectangle."""
        return self.x - by <= x <= self.x + self.width + by and self.y - by <= y <= self.y + self.height + by

    def with_(self, other: Span) -> Span:
        """Around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Span(
            x,
            y,
            max(self.x + self.width, other.x + other.width) - x,
            max(self.y + self.height, other.y + other.height) - y,
        )


def written(spans: Sequence[Span], digit: float) -> npt.NDArray[np.bool_]:
    """Which pieces are writing: beside figures, a low piece far from all of them is dust, or the foot of a figure that
    stands in the row above. Not so a stroke on the figures' own line: it may be their minus.

    A crop that reached out to dust would show a reader figures too small to be read.
    """
    figures = [span for span in spans if span.height >= FIGURE * digit]
    if not figures:
        return np.ones(len(spans), dtype=np.bool_)
    return np.array([span.height >= GRAIN * digit or _belongs(span, figures, digit) for span in spans], dtype=np.bool_)


def _belongs(span: Span, figures: Sequence[Span], digit: float) -> bool:
    x, y = span.x + span.width / 2, span.y + span.height / 2
    dash = span.width >= FLAT * span.height and span.width > SHORTEST_DASH * digit
    return any(
        figure.near(x, y, APART * digit) or (dash and figure.y <= y <= figure.y + figure.height) for figure in figures
    )


def lines_of(spans: Sequence[Span], digit: float) -> list[Span]:
    """The lines of writing that pieces of ink form, from top to bottom; low pieces join a line or none.

    Where every piece is low (a dash), all of them are one line.
    """
    least = TALL * max([digit, *(s.height for s in spans)])
    tall = sorted((s for s in spans if s.height >= least), key=lambda s: s.y + s.height / 2)
    lines: list[Span] = []
    for span in tall:
        middle = span.y + span.height / 2
        if lines and middle < lines[-1].y + lines[-1].height and span.y < lines[-1].y + 0.7 * lines[-1].height:
            lines[-1] = lines[-1].with_(span)
        else:
            lines.append(span)
    if not lines and spans:
        whole = spans[0]
        for span in spans[1:]:
            whole = whole.with_(span)
        return [whole]
    return lines


def is_struck(mask: npt.NDArray[np.uint8], line: Span, spans: Sequence[Span], digit: float) -> bool:
    """Whether a long level or slanted stroke, or a scribble, goes through a line of figures (`mask` is 1 on ink).

    `spans` are the connected pieces of ink: a stroke through figures joins them.
    """
    widest = joined_piece(line, spans, digit)
    if widest is None:
        return False
    part = mask[widest.y : widest.y + widest.height, widest.x : widest.x + widest.width]
    return cv2.countNonZero(part) > SCRIBBLE * part.size or any(_through(part, slant) for slant in SLANTS)


def joined_piece(line: Span, spans: Sequence[Span], digit: float) -> Span | None:
    """The piece of ink that is nearly all of a line, as figures struck out are; None where no piece is."""
    if line.width < STRIKE_LEAST * digit or line.height < HIGH * digit:
        return None
    widest = max((s for s in spans if line.near(s.x + s.width / 2, s.y + s.height / 2, 0)), key=lambda s: s.width)
    long = widest.width >= max(STRIKE_SHARE * line.width, STRIKE_LEAST * digit)
    return widest if long and widest.height >= HIGH * digit else None


def _through(part: npt.NDArray[np.uint8], slant: float) -> bool:
    """Whether one straight stroke of this slant covers the line's width with ink on both its sides."""
    height, width = part.shape
    rows = np.arange(height)[:, None] + np.round(slant * (np.arange(width) - width / 2)).astype(int)[None, :]
    inside = (rows >= 0) & (rows < height)
    values = np.where(inside, part[np.clip(rows, 0, height - 1), np.arange(width)[None, :]], 0)
    smooth = cv2.dilate(values.astype(np.uint8), np.ones((3, 1), np.uint8))
    covered = smooth.sum(axis=1) / width
    best = int(np.argmax(covered))
    if covered[best] < STRIKE_SHARE:
        return False
    total = float(values.sum())
    above, below = float(values[: max(0, best - 2)].sum()), float(values[best + 3 :].sum())
    return min(above, below) > 0.15 * total


def bridge(inked: Picture, ruled: Picture, reach: float) -> Picture:
    """The ink with the strokes joined again that a ruling was erased from.

    A stroke goes on over the ruling where it meets it on both sides; one that ends on it keeps its foot.
    """
    if cv2.countNonZero(ruled) == 0:
        return inked
    length = 2 * round(reach) + 3
    joined = inked.copy()
    for across in ((1, 3), (3, 1)):  # rows, columns: a stroke stands out from the ruling, its grey edge does not
        anchor = cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones(across[::-1], np.uint8))
        kernel = np.ones((length, 3) if across == (1, 3) else (3, length), np.uint8)
        closed = cv2.morphologyEx(anchor, cv2.MORPH_CLOSE, kernel)
        joined |= np.asarray(closed, dtype=np.uint8) & ruled
    return joined
