"""What ink stands in a cell: whether there is any, cut out tight, with the rulings erased.

Blank is decided here, before any reader: readers see figures in empty ruled cells. All sizes are counted in the
height of a digit as printed on this page, all darkness as a share of the ink of the text nearby: toner fades in
stripes, and the shadow of a lid is no text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from extract.ink.components import components, piece_of
from extract.ink.dust import dust_among, dust_size
from extract.ink.levels import FAINTEST_TEXT, paper_noise, text_level, word_level
from extract.ink.strokes import Span, bridge, is_struck, joined_piece, lines_of, written
from extract.records import Box, Crop, Picture

DIGIT = 0.09  # inch; height of a printed digit at 9–10 points, the unit of every size below
SMALLEST_DIGIT = 0.5  # of that, on sheets that are copied smaller
DIGIT_OF_WORD = 0.9  # height of a digit, as a share of the usual height of a word with its tails
FEWEST_WORDS = 12  # that say how large and dark a page's text is
NEIGHBOURS = 9  # words whose darkness a cell's ink is held against
LIGHTEST = 0.4  # of the page's usual text: words lighter than that say nothing of a cell's ink
RULING_EDGE = 0.012  # inch; how far the grey edge of a ruling reaches beyond its mask, and half its own width
SEEN = 0.20  # share of the text ink's darkness from which a pixel may be ink
NOISE = 4.5  # deviations of the paper's noise a pixel must stand out by
CONTRAST = (0.25, 0.04)  # logistic middle and width: bleed-through lies at 0.05–0.2, pencil from 0.3 on
SIZE = (0.27, 0.13)  # digits, logarithmic: a speck is 0.1, a point 0.16, a hyphen 0.3–0.5
DASH_SIZE = 0.22  # the middle for what is clearly wider than high
MASS = (0.016, 0.25)  # digits squared at full darkness, logarithmic: specks have 0.01, a hyphen 0.03, a figure 0.3
HAIR = 0.007  # inch; thinner than any pen
SPECK = 0.23  # digits; smaller pieces are dirt if there are many
DIRT = 0.01  # by this share the middle size grows with each speck on a patch of four by four digits: specks touch
CORE = 0.68  # share of the ink's darkness; figures that touch by their soft edges are apart above it
KEPT_POINT = 0.055  # digits; smaller specks beside figures are not kept as points
NEAR = 0.7  # digits; a point stands within this of the figures it belongs to
SHARED = 0.30  # a component with more than this share in either of two cells is parted between them
OVER = 0.25  # digits; ink that reaches farther over the cell's edge is marked
EDGE_TIP = 0.5  # digits from an upper or lower edge; a low mark as near may be the tip of a figure beyond it
MARGIN = 0.15  # of the height of the ink's lines, left free around it
LEAST_MARGIN = 0.012  # inch


@dataclass(frozen=True, slots=True, eq=False)
class CellInk:
    """The ink of one cell: `ink` is the probability that there is any, `crop` the ink cut out (None if blank)."""

    crop: Crop | None
    ink: float
    marks: tuple[str, ...] = ()  # "struck-out", "several-lines", "ink-over-edge", "seal"
    pieces: tuple[Box, ...] = ()  # page pixels: what the ink consists of; of a blank cell, what was taken for dirt


BARE = CellInk(None, 0.01)


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """A cell and its surroundings: component labels, and which of them belong to the cell."""

    left: int  # of the window on the page
    top: int
    erased: Picture  # 255 on rulings
    labels: npt.NDArray[np.int32]
    stats: npt.NDArray[np.int32]  # x, y, width, height, area of each component, window pixels
    own: npt.NDArray[np.intp]  # components of this cell
    over: bool  # some of them reach over the cell's edge

    def around(self, labels: npt.NDArray[np.intp]) -> tuple[slice, slice]:
        """The rows and columns of the window in which components lie."""
        x, y, width, height = self.stats[labels, :4].T
        return slice(int(y.min()), int((y + height).max())), slice(int(x.min()), int((x + width).max()))

    def mask(self, labels: Sequence[int]) -> npt.NDArray[np.uint8]:
        """1 on these components; they are looked for only where they lie."""
        chosen = np.zeros(len(self.stats), dtype=np.uint8)
        chosen[labels] = 1
        mask = np.zeros(self.labels.shape, dtype=np.uint8)
        where = self.around(np.asarray(labels, np.intp))
        mask[where] = chosen[self.labels[where]]
        return mask

    def boxes(self, labels: npt.NDArray[np.intp]) -> tuple[Box, ...]:
        """Where components lie on the page."""
        at = (self.stats[labels, :4] + (self.left, self.top, 0, 0)).tolist()
        return tuple(Box(float(x), float(y), float(x + width), float(y + height)) for x, y, width, height in at)


class PageInk:
    """The ink of one page, prepared once; `cut` then looks at single cells."""

    def __init__(
        self,
        grey: Picture,
        rulings: Picture,
        *,
        resolution: float,
        seals: Sequence[Box] = (),
        words: Sequence[Box] = (),
        tables: Sequence[Box] = (),
    ) -> None:
        """`grey` is upright and evened (white 255), `rulings` 255 where a ruling lies, `resolution` in dpi.

        `words` are where words stand, page pixels: they say how large and dark the print is. What lies outside them
        and the `tables` says how large dust is; without tables nothing is taken for dust.
        """
        self.grey = grey
        self.rulings = rulings
        self.resolution = resolution
        self.seals = tuple(seals)
        self.tables = tuple(tables)
        self.words = [word for word in words if word.height >= 3] if len(words) >= FEWEST_WORDS else []
        usual = DIGIT * resolution
        if self.words:
            printed = DIGIT_OF_WORD * float(np.median([word.height for word in self.words]))
            usual = min(usual, max(printed, SMALLEST_DIGIT * usual))
        self.digit = max(usual, 5.0)

    @cached_property
    def _erased(self) -> Picture:
        """The rulings with their grey edges."""
        return cv2.dilate(self.rulings, np.ones((3, 3), np.uint8)).astype(np.uint8, copy=False)

    @cached_property
    def level(self) -> float:
        """Darkness of the page's own text, 0 … 255."""
        if self.words:
            return max(float(np.median(self._darkness)), FAINTEST_TEXT)
        return text_level(self.grey, self._erased)

    @cached_property
    def _darkness(self) -> npt.NDArray[np.float64]:
        """How dark the ink of each word is."""
        return np.array([word_level(self.grey, word) for word in self.words])

    @cached_property
    def _faintest(self) -> float:
        """How dark the lighter words of the page are."""
        if not self.words:
            return self.level
        return min(self.level, max(float(np.percentile(self._darkness, 10)), LIGHTEST * self.level))

    def level_at(self, box: Box) -> float:
        """Darkness of the text around a cell, as far as the page's usual text may fade."""
        if not self.words:
            return self.level
        x, y = box.centre
        away = np.hypot(self._middles[:, 0] - x, self._middles[:, 1] - y)
        few = len(away) <= NEIGHBOURS
        near = self._darkness if few else self._darkness[np.argpartition(away, NEIGHBOURS)[:NEIGHBOURS]]
        return min(self.level, max(float(np.median(near)), LIGHTEST * self.level))

    @cached_property
    def _middles(self) -> npt.NDArray[np.float64]:
        return np.array([word.centre for word in self.words])

    @cached_property
    def _dark(self) -> Picture:
        """255 where a pixel may be ink, rulings included."""
        threshold = max(SEEN * self._faintest, NOISE * paper_noise(self.grey, self._erased, self.level))
        return cv2.threshold(self.grey, 255 - min(threshold, 0.5 * self.level), 255, cv2.THRESH_BINARY_INV)[1].astype(
            np.uint8, copy=False
        )

    @cached_property
    def _inked(self) -> Picture:
        """255 where a pixel may be ink and no ruling lies."""
        return cv2.subtract(self._dark, self._erased).astype(np.uint8, copy=False)

    @cached_property
    def _dust(self) -> float:
        """The size up to which specks are dust, pixels."""
        return dust_size(self._inked, self.words, self.tables, self.digit) if self.tables and self.words else 0.0

    def cut(self, box: Box) -> CellInk:
        """The ink of the cell in this box (page pixels)."""
        x0, y0, x1, y1 = self._within(box, -self._inset)
        if x1 - x0 < 2 or y1 - y0 < 2 or self._is_bare(x0, y0, x1, y1):
            return BARE
        window = self._window(box)
        if not window.own.size:
            return BARE
        evidence = self._evidence(window, box)
        best = float(evidence.max())
        if best < 0.5:
            return CellInk(None, best, (), window.boxes(window.own))
        return self._cut_out(window, evidence, box, best)

    def _is_bare(self, x0: int, y0: int, x1: int, y1: int) -> bool:
        """Whether too few pixels inside are dark to be a sign; sides of boxes drawn inside the cell count as ink."""
        part = np.s_[y0:y1, x0:x1]
        if cv2.countNonZero(self._inked[part]) >= self._least:
            return False
        deep = round(2 * self._inset)
        within = self._erased[y0 + deep : max(y0 + deep, y1 - deep), x0 + deep : max(x0 + deep, x1 - deep)]
        return within.size == 0 or cv2.countNonZero(within) == 0

    @property
    def _inset(self) -> float:
        return RULING_EDGE * self.resolution

    @property
    def _least(self) -> int:
        """Fewer dark pixels than this are no sign."""
        return max(3, round(MASS[0] * 0.3 * self.digit**2))

    def _within(self, box: Box, by: float) -> tuple[int, int, int, int]:
        height, width = self.grey.shape[:2]
        grown = box.grown(by)
        return (
            max(0, round(grown.x0)),
            max(0, round(grown.y0)),
            min(width, round(grown.x1)),
            min(height, round(grown.y1)),
        )

    def _window(self, box: Box) -> _Window:
        """The components in and around the cell, strokes over rulings bridged."""
        x0, y0, x1, y1 = self._within(box, self.digit)
        bx0, by0, bx1, by1 = self._within(box, 0.0)
        inside = (bx0 - x0, by0 - y0, bx1 - x0, by1 - y0)
        erased = self._rulings_around(box, (x0, y0, x1, y1))
        dark = self._dark[y0:y1, x0:x1]
        ink = bridge(dark & ~erased, dark & erased, self._inset)
        labels, stats = components(ink)
        own, over = _belonging(labels, stats, inside, OVER * self.digit)
        return _Window(x0, y0, erased, labels, stats, own, over)

    def _rulings_around(self, box: Box, window: tuple[int, int, int, int]) -> Picture:
        """The rulings to erase in a window: not what lies wholly inside the cell, for that is written there."""
        x0, y0, x1, y1 = window
        erased = self._erased[y0:y1, x0:x1]
        dx0, dy0, dx1, dy1 = self._within(box, -3 * self._inset)
        if dx1 - dx0 < 3 or dy1 - dy0 < 3 or cv2.countNonZero(self._erased[dy0:dy1, dx0:dx1]) == 0:
            return erased
        labels, stats = components(erased)
        left, top = stats[:, 0] + x0, stats[:, 1] + y0
        inner = (left >= dx0) & (top >= dy0) & (left + stats[:, 2] <= dx1) & (top + stats[:, 3] <= dy1)
        return np.where(inner[labels], np.uint8(0), erased)

    def _evidence(self, window: _Window, box: Box) -> npt.NDArray[np.float64]:
        """For each component of the cell the probability that it is ink of the respondent or the print."""
        stats = window.stats[window.own].astype(np.float64)
        width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
        reach = np.maximum(width, height) / self.digit
        dirt = np.count_nonzero(reach < SPECK) * (4 * self.digit) ** 2 / max(box.width * box.height, 1.0)
        middle = np.where(width >= 1.7 * height, DASH_SIZE, SIZE[0]) * (1 + DIRT * min(dirt, 15.0))
        size = _logistic((np.log(reach) - np.log(middle)) / SIZE[1])
        probability = size * self._off_edge(stats, window, box) * (area > MASS[0] * 0.3 * self.digit**2)
        probability *= dust_among(window.stats, window.own, lambda: self._dust, self.digit)
        return np.asarray(probability * self._substance(window, self.level_at(box))[window.own])

    def _off_edge(self, stats: npt.NDArray[np.float64], window: _Window, box: Box) -> npt.NDArray[np.float64]:
        """Near 0 for what hugs an edge of the cell as the remains of a ruling do, else 1."""
        reach = 2 * self._inset
        left, top = stats[:, 0] + window.left, stats[:, 1] + window.top
        right, bottom = left + stats[:, 2], top + stats[:, 3]
        thin = np.minimum(stats[:, 2], stats[:, 3]) <= reach
        length = np.maximum(stats[:, 2], stats[:, 3])
        hair = (stats[:, 4] / length <= HAIR * self.resolution) & (length > 1.5 * self.digit)  # a bowed ruling's rim
        within = np.where(hair, 2.5 * reach, reach)
        thin |= hair
        level = (bottom <= box.y0 + within) | (top >= box.y1 - within)
        upright = (right <= box.x0 + within) | (left >= box.x1 - within)
        return np.where(thin & (level | upright), 0.03, 1.0)

    def _substance(self, window: _Window, level: float) -> npt.NDArray[np.float64]:
        """For each component how surely it is as dark as ink here is, and enough of it; true of the cell's own."""
        rows, columns = window.around(window.own)
        labels = window.labels[rows, columns]
        places = np.flatnonzero(labels != 0)  # of truths, which are found five times as fast as of numbers
        part = self.grey[window.top :, window.left :][rows, columns]
        share = (255.0 - part.ravel()[places]) / level
        names, count = labels.ravel()[places], len(window.stats)
        total = np.bincount(names, np.minimum(share, 1.0), count) + 1e-6
        contrast = np.bincount(names, share * share, count) / np.maximum(np.bincount(names, share, count), 1e-6)
        mass = (np.log(total / self.digit**2) - math.log(MASS[0])) / MASS[1]
        return _logistic((contrast - CONTRAST[0]) / CONTRAST[1]) * _logistic(mass)

    def _seal_marks(self, box: Box) -> tuple[str, ...]:
        met = any(s.x0 < box.x1 and s.x1 > box.x0 and s.y0 < box.y1 and s.y1 > box.y0 for s in self.seals)
        return ("seal",) if met else ()

    def _cut_out(self, window: _Window, evidence: npt.NDArray[np.float64], box: Box, best: float) -> CellInk:
        """The crop around all that is ink, with the points that stand near it."""
        sure = window.own[evidence >= min(0.5, best)]
        spans = [Span(*place) for place in window.stats[sure, :4].tolist()]
        ink = written(spans, self.digit)
        sure, spans = sure[ink], [span for span, is_ink in zip(spans, ink, strict=True) if is_ink]
        kept = [*sure, *self._points(window, evidence, spans)]
        lines = lines_of(spans, self.digit)
        marks = list(self._seal_marks(box))
        mask = window.mask(kept)
        if len(lines) > 1:
            marks.append("several-lines")
        joined = [line for line in lines if joined_piece(line, spans, self.digit)] if len(lines) <= 3 else []
        if any(is_struck(self._core(window, mask), line, spans, self.digit) for line in joined):
            marks.append("struck-out")
        if window.over or self._at_edge(spans, window, box):
            marks.append("ink-over-edge")
        return CellInk(self._crop(window, mask, lines), best, tuple(marks), window.boxes(sure))

    def _at_edge(self, spans: Sequence[Span], window: _Window, box: Box) -> bool:
        """Whether all there is are low marks at the upper or lower edge: tips of what is written in the next row."""
        near, low = EDGE_TIP * self.digit, 0.5 * self.digit
        tops = [window.top + span.y for span in spans]
        return all(
            span.height <= low and (top - box.y0 <= near or box.y1 - (top + span.height) <= near)
            for span, top in zip(spans, tops, strict=True)
        )

    def _core(self, window: _Window, mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The ink without its soft edges, which join figures that stand close."""
        height, width = mask.shape
        grey = self.grey[window.top : window.top + height, window.left : window.left + width]
        return mask & (grey < 255 - CORE * min(self.level, 255.0 - float(grey.min())))

    def _points(self, window: _Window, evidence: npt.NDArray[np.float64], spans: Sequence[Span]) -> list[int]:
        """Small components near the figures: points, commas, pieces of strokes."""
        near = NEAR * self.digit
        found = []
        for label in window.own[evidence < 0.5]:
            x, y, width, height, area = (int(v) for v in window.stats[label])
            if area < (KEPT_POINT * self.digit) ** 2 or max(width, height) < KEPT_POINT * self.digit * 1.5:
                continue
            if any(span.near(x + width / 2, y + height / 2, near) for span in spans):
                found.append(int(label))
        return found

    def _crop(self, window: _Window, mask: npt.NDArray[np.uint8], lines: Sequence[Span]) -> Crop:
        x, y, width, height = cv2.boundingRect(mask)
        tall = max(line.height for line in lines)
        margin = math.ceil(max(MARGIN * tall, LEAST_MARGIN * self.resolution, 3.0))
        top, left = max(0, window.top + y - margin), max(0, window.left + x - margin)
        bottom, right = window.top + y + height + margin, window.left + x + width + margin
        raw = self.grey[top:bottom, left:right]
        at = top - window.top, left - window.left
        seen, rulings = piece_of(mask, *at, raw.shape), piece_of(window.erased, *at, raw.shape)
        soft = cv2.dilate(seen, np.ones((3, 3), np.uint8))
        soft[(rulings > 0) & (seen == 0)] = 0
        clean = np.where(soft > 0, raw, np.uint8(255))
        return Crop(raw.copy(), clean)


def cut_cell(grey: Picture, rulings: Picture, box: Box, *, resolution: float) -> CellInk:
    """The ink of one cell; for many cells of a page keep one `PageInk`."""
    return PageInk(grey, rulings, resolution=resolution).cut(box)


def _belonging(
    labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32], inside: tuple[int, int, int, int], over: float
) -> tuple[npt.NDArray[np.intp], bool]:
    """The components that belong to the cell, those shared with a neighbour parted in place; whether ink is over."""
    x0, y0, x1, y1 = inside
    left, top = stats[:, 0], stats[:, 1]
    right, bottom = left + stats[:, 2], top + stats[:, 3]
    meets = (right > x0) & (left < x1) & (bottom > y0) & (top < y1)
    whole = meets & (left >= x0) & (right <= x1) & (top >= y0) & (bottom <= y1)
    meets[0] = whole[0] = False
    own = list(np.flatnonzero(whole))
    reaches = False
    for label in np.flatnonzero(meets & ~whole):
        part = labels[y0:y1, x0:x1]
        share = np.count_nonzero(part == label) / float(stats[label, 4])
        aside = max(x0 - left[label], right[label] - x1)  # figures of neighbours join sideways, tails hang down
        if share <= (SHARED if aside > over else 0.5):
            continue
        own.append(label)
        reaches |= bool(max(aside, y0 - top[label], bottom[label] - y1) > over)
        if share < 1 - SHARED and aside > over:
            _part(labels, stats, int(label), inside)
    return np.asarray(own, dtype=np.intp), reaches


def _part(
    labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32], label: int, inside: tuple[int, int, int, int]
) -> None:
    """Cuts a component at the cell's edges: only what lies inside keeps the label."""
    x0, y0, x1, y1 = inside
    held = np.zeros(labels.shape, dtype=bool)
    held[y0:y1, x0:x1] = labels[y0:y1, x0:x1] == label
    labels[(labels == label) & ~held] = 0
    x, y, width, height = cv2.boundingRect(held.astype(np.uint8))
    stats[label] = (x, y, width, height, np.count_nonzero(held))


def _logistic(value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(value, -50.0, 50.0))))
