"""Marks people make: an option circled or ticked, a signature, handwriting as against print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from extract.ink.components import components
from extract.percentiles import percentiles
from extract.records import Box, Crop, Picture

AROUND = 0.7  # of an option's height: how far outside it its mark may reach
WITHIN = 0.15  # of a piece's height: less of it inside an option is a line of print above or below
SPILT = 0.35  # of an option's width: what lies at its edge and is narrower may come from its neighbour
INKED = 0.35  # share of the range between paper and darkest ink from which a pixel is ink
LEAST_INK = 40  # grey values between paper and darkest ink; less is an empty picture
NO_SPECK = 0.18  # of a box's height, from which a piece of ink in it is no speck
WALL = (0.9, 0.2)  # of a box's height: a line through it at least as high and no wider is a wall
RULED = 0.75  # share of an option's side that a straight run must cover to be its ruling
THICK = 2.2  # times the thickness of the other options' edges, from which an edge is drawn over
PIECE = 1.45  # text heights; what is no higher and not long is print
TALL = (1.75, 0.12)  # text heights, logistic: height from which a piece of ink is a mark
LONG = (2.6, 0.25)  # text heights, logistic: length from which a thin piece is an arc or underline
THIN = 0.33  # inked share of its rectangle below which a long piece is a curve, not letters grown together
LINE, LOW = 5.0, 0.5  # times as long as high, and so low in text heights: a piece of ink is a line
REST = (0.1, 0.15)  # of a box's height from its edge, text heights: a level piece as near and low is left of its ruling
UNDERLINED = (0.4, 0.05)  # logistic: the share of a short line that print stands on, if it underlines
SOLID = 0.5  # likewise above which a high piece is letters of two lines grown together, or a blot
PEN_RUN = (4.0, 1.0)  # text heights, logistic: how far pen strokes of a signature reach
LOOSE = 1.5  # text heights; a thin piece of ink this wide is no printed letter
UNTOLD = 0.4  # probability of a signature of which only loose pieces are seen
SIGNATURE_HEIGHT = 1.6  # text heights; print on a signature line is lower

# Logistic weights of `hand_features`, the constant last: fitted on 1,500 printed amounts in five fonts and 1,500
# written by 112 people, at 150–300 dpi with blur, noise and fax damage, and 135 real cheque amounts. Of amounts of
# three and more figures 1.3 % of printed ones pass for written, 5 % of written ones for printed; of shorter ones 2 %
# and 37 %.
HAND_FEW = (21.4, 0.0, 3.1, 0.0, -1.4, 2.0, -3.7, 3.3, 0.3, 37.5, -10.9, 13.8, -22.4, -13.5, -1.2)
HAND_MANY = (52.5, 32.5, 13.8, -1.9, -61.3, 0.5, -13.0, 8.2, -3.9, 65.3, -20.3, 24.7, -41.2, -26.2, 2.3)

Mask = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


class _Piece(NamedTuple):
    """A connected piece of ink."""

    x: int
    y: int
    width: int
    height: int
    area: int

    @property
    def fill(self) -> float:
        return self.area / (self.width * self.height)


def marked_options(picture: Picture, boxes: Sequence[Box]) -> tuple[float, ...]:
    """The probability that each printed option is circled, ticked, crossed, underlined or framed.

    The boxes are cells with rulings on their edges or the rectangles of plain words; the picture is grey, upright.
    """
    if not boxes:
        return ()
    height = float(np.median([box.height for box in boxes]))
    region = Box.around(boxes).grown(AROUND * height)
    part, left, top = part_of(picture, region)
    ink = ink_of(part)
    if ink is None:
        return (0.0,) * len(boxes)
    local = [Box(b.x0 - left, b.y0 - top, b.x1 - left, b.y1 - top) for b in boxes]
    bare = without_rulings(ink, local)
    pieces = pieces_of(bare)
    text = text_height(pieces, local, height)
    evidence = _evidence(pieces, local, text)
    evidence = 1 - (1 - evidence) * (1 - _drawn_over(ink, local, text))
    return tuple(float(value) for value in evidence)


def signed(picture: Picture, box: Box) -> float:
    """The probability that somebody signed in this region, over or near a printed line; print alone is no signature."""
    around = Box(0, box.y0 - 4 * box.height, picture.shape[1], box.y1 + 4 * box.height)
    wide, _, top = part_of(picture, around)
    wide_ink = ink_of(wide)
    if wide_ink is None:
        return 0.0
    text = _letter_height(wide_ink) or box.height / 3
    x0, y0, x1, y1 = (max(0, round(v)) for v in (box.x0, box.y0 - top, box.x1, box.y1 - top))
    ink = wide_ink[y0:y1, x0:x1].copy()
    if ink.size == 0:
        return 0.0
    ink = _without_long_runs(ink, max(round(2.5 * text), 12))
    pieces = pieces_of(ink)
    strokes = [p for p in pieces if _pen_like(p, text)]
    reach = sum(float(np.hypot(p.width, p.height)) for p in strokes) / text
    chance = float(_logistic((reach - PEN_RUN[0]) / PEN_RUN[1])) if strokes else 0.02
    # A shallow signature falls to pieces with the ruling it lies on: thin ones that together reach far leave a doubt.
    thin = sum(p.width for p in pieces if p.fill < THIN and p.width > LOOSE * text) / text
    return max(chance, UNTOLD) if thin > PEN_RUN[0] else chance


def _letter_height(ink: Mask) -> float:
    """How high the taller letters among pieces of ink are; 0 where too few look like letters."""
    _, width, height, area = components(ink)[1][1:, 1:].T
    slim = width / height
    heights = height[(height > 4) & (area > 8) & (slim > 0.2) & (slim < 2)]
    return float(np.percentile(heights, 75)) if len(heights) >= 8 else 0.0


UNTOLD = 0.5  # probability of handwriting of a dash or a dot


def handwritten(crop: Crop) -> float:
    """The probability that the ink of a crop is written by hand, not printed; UNTOLD where there is too little."""
    features = hand_features(crop.clean)
    if features is None:
        return UNTOLD
    weights = np.array(HAND_MANY if features[1] or features[3] else HAND_FEW)  # feet and steps want three figures
    return float(_logistic(float(np.dot(weights[:-1], features) + weights[-1])))


def hand_features(picture: Picture) -> Floats | None:
    """What tells handwriting from print: uneven heights, feet, widths and steps, the strokes' thickness and its
    unevenness, and how much of the outline runs in each of eight directions; None where there is too little ink.
    """
    ink = ink_of(picture)
    pieces = [] if ink is None else [p for p in pieces_of(ink) if p.height >= 5]
    tallest = max((p.height for p in pieces), default=0)
    figures = sorted(p for p in pieces if p.height > 0.6 * tallest)
    if ink is None or not figures or tallest < 9:
        return None
    tall = float(np.mean([p.height for p in figures]))
    feet = np.diff([float(p.y + p.height) for p in figures])
    steps = np.diff([p.x + p.width / 2 for p in figures])
    depth = cv2.distanceTransform(ink, cv2.DIST_L2, 3)
    ridge = depth[(depth > 0.9) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)) - 0.01)]
    stroke = float(ridge.mean()) if ridge.size else 1.0
    own = [
        float(np.std([p.height for p in figures])) / tall,
        _unevenness(feet) / tall,
        float(np.std([p.width for p in figures])) / tall,
        _unevenness(steps) / tall,
        stroke / tall,
        float(ridge.std()) / stroke if ridge.size else 0.0,
    ]
    return np.concatenate([np.minimum(own, 1.0), _directions(picture, tall)])


def _unevenness(steps: Floats) -> float:
    """How much steps differ from the usual step."""
    return float(np.median(np.abs(steps - np.median(steps)))) if len(steps) > 1 else 0.0


def _directions(picture: Picture, tall: float) -> Floats:
    """The share of the outlines' length in each of eight directions; 0 is upright, 4 level."""
    calm = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), max(0.7, tall / 25))
    across, down = cv2.Sobel(calm, cv2.CV_32F, 1, 0), cv2.Sobel(calm, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    strength[strength < 0.25 * strength.max()] = 0
    turn = np.mod(np.arctan2(down, across) / np.pi + 1 / 16, 1.0)
    shares = np.bincount((turn * 8).astype(int).clip(0, 7).ravel(), strength.ravel(), 8)
    return np.asarray(shares / max(shares.sum(), 1e-6))


def has_ink(picture: Picture, box: Box, *, walls: bool = True) -> bool:
    """Whether more than specks stands in a box of a grey picture, pixels; thin upright lines through it are `walls`."""
    part, _left, _top = part_of(picture, box)
    ink = ink_of(part)
    return ink is not None and any(
        max(piece.width, piece.height) >= NO_SPECK * box.height
        and (walls or piece.height < WALL[0] * box.height or piece.width > WALL[1] * box.height)
        for piece in pieces_of(ink)
    )


def part_of(picture: Picture, region: Box) -> tuple[Picture, int, int]:
    """The pixels of a region, and where it begins."""
    left, top = max(0, round(region.x0)), max(0, round(region.y0))
    return picture[top : max(top, round(region.y1)), left : max(left, round(region.x1))], left, top


def ink_of(part: Picture, share: float = INKED) -> Mask | None:
    """1 on ink, so dark as a share of the darkest; None where nothing stands out from the paper."""
    if part.size == 0:
        return None
    paper, dark = percentiles(part[::2, ::2], 80, 0.5)
    if paper - dark < LEAST_INK:
        return None
    return (part < paper - share * (paper - dark)).astype(np.uint8)


def pieces_of(ink: Mask) -> list[_Piece]:
    """The connected pieces of ink but for single pixels."""
    _, stats = components(ink)
    return [_Piece(*row) for row in stats[1:][stats[1:, 4] > 3].tolist()]


def _without_long_runs(ink: Mask, length: int) -> Mask:
    """The ink without level straight runs of this length; strokes through them are joined again."""
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    if cv2.countNonZero(lines) == 0:
        return ink
    thick = cv2.dilate(lines, np.ones((3, 1), np.uint8))
    left = np.asarray(cv2.subtract(ink, thick), dtype=np.uint8)
    across = np.asarray(cv2.morphologyEx(left, cv2.MORPH_CLOSE, np.ones((9, 3), np.uint8)), dtype=np.uint8)
    return left | (across & np.asarray(thick, dtype=np.uint8))


def without_rulings(ink: Mask, boxes: Sequence[Box]) -> Mask:
    """The ink without straight runs along the edges of the boxes."""
    bare = ink.copy()
    for box in boxes:
        reach = max(2, round(0.07 * box.height))
        for at in (box.y0, box.y1):
            _erase(bare, Box(box.x0 - reach, at - reach, box.x1 + reach, at + reach), box.width)
        for at in (box.x0, box.x1):
            _erase(bare, Box(at - reach, box.y0 - reach, at + reach, box.y1 + reach), box.height)
    return bare


def _erase(bare: Mask, strip: Box, side: float) -> None:
    """Erases a straight ruling within a strip, in place, if it covers most of the side; strokes across stay joined."""
    part, left, top = part_of(bare, strip)
    if part.size == 0:
        return
    lying = part if strip.width >= strip.height else part.T
    thick = lying.sum(axis=0)
    if np.count_nonzero(thick) < RULED * side:
        return
    usual = max(1, int(np.median(thick[thick > 0])))
    keep = thick > usual + 2  # something crosses or runs along here
    rows = np.flatnonzero(lying.mean(axis=1) > 0.3)
    if not rows.size:
        return
    first, last = int(rows[0]), int(rows[-1])
    gone = lying.copy()
    gone[max(0, first - 1) : last + 2] = 0
    above = lying[max(0, first - 3) : first].any(axis=0)
    below = lying[last + 1 : last + 4].any(axis=0)
    stays = keep & above & below
    gone[:, stays] = lying[:, stays]
    bare[top : top + part.shape[0], left : left + part.shape[1]] = gone if lying is part else gone.T


def text_height(pieces: Sequence[_Piece], boxes: Sequence[Box], height: float) -> float:
    """The height of capitals and digits of the print in the options."""
    heights = [
        p.height
        for p in pieces
        if 0.1 * height < p.height < 0.9 * height
        and 0.25 < p.width / p.height < 1.6
        and any(b.holds(p.x + p.width / 2, p.y + p.height / 2) for b in boxes)
    ]
    return float(np.percentile(heights, 75)) if len(heights) >= 3 else 0.35 * height


def _evidence(pieces: Sequence[_Piece], boxes: Sequence[Box], text: float) -> Floats:
    """How likely each option is marked by one of the pieces of ink.

    What only looks over the edge from a marked neighbour is the neighbour's mark.
    """
    evidence = np.zeros(len(boxes))
    spilt: list[tuple[int, int, float]] = []  # option, the neighbour it comes from, likelihood
    for piece in pieces:
        owner, share = _owner(piece, boxes)
        if owner < 0:
            continue
        if _left_of_ruling(piece, boxes[owner], text):
            continue
        like = share * max(_mark_like(piece, text), _underlining(piece, pieces, text))
        neighbour = _neighbour(piece, owner, boxes)
        if neighbour < 0:
            evidence[owner] = max(evidence[owner], like)
        else:
            spilt.append((owner, neighbour, like))
    sure = evidence.copy()
    for owner, neighbour, like in spilt:
        if sure[neighbour] < 0.5:
            evidence[owner] = max(evidence[owner], like)
    return evidence


def _left_of_ruling(piece: _Piece, box: Box, text: float) -> bool:
    """Whether a piece is the rim of a box's upper or lower ruling."""
    middle = piece.y + piece.height / 2
    return piece.height < REST[1] * text and min(abs(middle - box.y0), abs(middle - box.y1)) < REST[0] * box.height


def _underlining(piece: _Piece, pieces: Sequence[_Piece], text: float) -> float:
    """How likely a piece of ink is a line drawn under print: print stands close above most of it."""
    if piece.width < max(LINE * piece.height, 0.9 * text) or piece.height > 0.3 * text:
        return 0.0
    above = [p for p in pieces if -2.2 * text < p.y + 0.5 * p.height - piece.y < -0.3 * text and p.height > 0.4 * text]
    covered = sum(
        max(0, min(p.x + p.width, piece.x + piece.width) - max(p.x, piece.x))
        for p in above
        if p.y + p.height < piece.y + 0.4 * text
    )
    return float(_logistic((covered / piece.width - UNDERLINED[0]) / UNDERLINED[1]))


def _neighbour(piece: _Piece, owner: int, boxes: Sequence[Box]) -> int:
    """The option from which a narrow piece at the edge of another comes over; -1 if it is no such piece."""
    box = boxes[owner]
    if piece.width > SPILT * box.width:
        return -1
    reach = 0.15 * box.height
    for other, beside in enumerate(boxes):
        if other == owner or beside.y0 >= box.y1 or beside.y1 <= box.y0:
            continue
        right = abs(beside.x0 - box.x1) < reach and piece.x + piece.width > box.x1 - reach
        left = abs(beside.x1 - box.x0) < reach and piece.x < box.x0 + reach
        if left or right:
            return other
    return -1


def _owner(piece: _Piece, boxes: Sequence[Box]) -> tuple[int, float]:
    """The option a piece lies at (-1: none), and how surely it is this one."""
    reach = [_overlap(piece.x, piece.x + piece.width, b.x0, b.x1) for b in boxes]
    down = [_overlap(piece.y, piece.y + piece.height, b.y0 - 0.3 * b.height, b.y1 + 0.3 * b.height) for b in boxes]
    within = [_overlap(piece.y, piece.y + piece.height, b.y0, b.y1) >= WITHIN for b in boxes]
    shares = np.array([r * d * w for r, d, w in zip(reach, down, within, strict=True)])
    best = int(np.argmax(shares))
    return (best, float(shares[best])) if shares[best] > 0.4 else (-1, 0.0)


def _overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """The share of the first interval that lies in the second."""
    return max(0.0, min(a1, b1) - max(a0, b0)) / max(a1 - a0, 1.0)


def _mark_like(piece: _Piece, text: float) -> float:
    """How likely a piece of ink is a mark rather than print, by its size and shape."""
    wide, high = piece.width / text, piece.height / text
    tall = float(_logistic(np.float64((high - TALL[0]) / TALL[1]))) * (wide > 0.6)
    if piece.fill > SOLID:
        tall *= 0.3
    line = wide > LINE * high and (high < LOW or piece.fill < SOLID)  # else a word whose letters ran together
    long = float(_logistic(np.float64((wide - LONG[0]) / LONG[1]))) * (piece.fill < THIN or line)
    return max(tall, long)


def _drawn_over(ink: Mask, boxes: Sequence[Box], text: float) -> Floats:
    """How likely each option is framed by hand: its level edges much thicker than the other options'."""
    thickness = []
    for box in boxes:
        edges = []
        for at in (box.y0, box.y1):
            part, _, _ = part_of(ink, Box(box.x0, at - 0.5 * text, box.x1, at + 0.5 * text))
            edges.append(float(np.median(part.sum(axis=0))) if part.size else 0.0)
        thickness.append(min(edges))
    usual = max(float(np.median(thickness)), 1.5)
    return np.array([0.9 if len(boxes) > 2 and value > THICK * usual else 0.0 for value in thickness])


def _pen_like(piece: _Piece, text: float) -> bool:
    """Whether a piece of ink is larger than a printed letter, and drawn, not a blot."""
    high, wide = piece.height / text, piece.width / text
    return piece.fill < SOLID and (high > SIGNATURE_HEIGHT or (wide > 2.5 and high > 0.9)) and max(high, wide) > 1.0


def _logistic(value: np.float64 | float) -> np.float64:
    return np.float64(1.0 / (1.0 + np.exp(-np.clip(value, -50.0, 50.0))))
