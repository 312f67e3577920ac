"""Writes texts the way hands do: digits that lean, touch, overlap and drift, in one pen, with strokes for the signs."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from corpus.writers import RENDERED, Hand, Ink, Shape, strokes_drawn

Drawn = tuple[list[list[tuple[float, float]]], float]  # strokes (x right, y up, in digit heights) and the width
HAND_SIZES = (18, 60)  # pixels; height of handwritten digits
FREE = 12  # pixels around a glyph, room for distortion and a broader pen
HANGING = "79ру,"  # signs that reach below the line in many hands
UNSET = -1_000_000  # column of a row without ink


@dataclass(frozen=True, slots=True)
class Style:
    """How one person writes one string; lengths in digit heights unless said otherwise."""

    size: int  # pixels
    pen: float
    gap: float  # least distance of ink between neighbours; below zero they overlap
    uneven_gap: float
    uneven_size: float
    uneven_base: float
    drift: float  # rise of the line a digit height
    wave: float  # how far the line swings
    wide: float  # stretch along the line
    slant: float  # columns a row
    hang: float  # how far 7 and 9 reach below the line
    shrink: float  # size of the zeros at the end
    bend: float  # elastic distortion
    joined: float  # share of neighbours joined by a stroke
    one_pen: bool  # whether digits of sets are inked again, all with this pen

    @classmethod
    def drawn(cls, rng: random.Random) -> Style:
        """A style as common as it is among people."""
        size = rng.randint(*HAND_SIZES)
        tight, loose, wide = (0.04, 0.06), (0.14, 0.06), (0.4, 0.15)
        gap, spread = rng.choices((tight, loose, wide), (38, 47, 15))[0]
        wild = rng.random() < 0.35
        return cls(
            size=size,
            pen=rng.uniform(0.04, 0.13),
            gap=rng.gauss(gap, spread),
            uneven_gap=rng.uniform(0.01, 0.1),
            uneven_size=rng.uniform(0.08, 0.18) if wild else rng.uniform(0.02, 0.08),
            uneven_base=rng.uniform(0.04, 0.12) if wild else rng.uniform(0.0, 0.05),
            drift=min(max(rng.gauss(0, 0.03), -0.07), 0.07),
            wave=abs(rng.gauss(0, 0.04)),
            wide=rng.uniform(0.7, 1.3),
            slant=rng.gauss(0.08, 0.2),
            hang=rng.uniform(0.1, 0.4) if rng.random() < 0.3 else 0.0,
            shrink=rng.uniform(0.55, 0.9) if rng.random() < 0.15 else 1.0,
            bend=rng.uniform(0.0, 0.05),
            joined=rng.uniform(0.2, 0.8) if rng.random() < 0.15 else 0.0,
            one_pen=rng.random() < 0.7,
        )


class _Line:
    """A canvas on which glyphs are laid next to each other by the distance of their ink."""

    def __init__(self, style: Style, signs: int) -> None:
        self.size = style.size
        self.ink: Ink = np.zeros((style.size * 5, int(style.size * 1.7 * (signs + 3))), dtype=np.uint8)
        self.edge = np.full(self.ink.shape[0], UNSET, dtype=np.int64)  # the last inked column of each row
        self.end = float(style.size)  # the last inked column of all
        self.last = self.end  # the first column of the last glyph

    def lay(self, glyph: Ink, top: int, gap: float) -> tuple[int, int]:
        """Lays a glyph so that no ink is nearer than the gap, in pixels; where it went, left and right."""
        rows, columns = np.nonzero(glyph > 90)
        if not len(rows):
            return round(self.end), round(self.end)
        top = max(0, min(top, self.ink.shape[0] - glyph.shape[0]))
        first = np.full(glyph.shape[0], -UNSET, dtype=np.int64)
        np.minimum.at(first, rows, columns)
        edge = self._smeared()[top : top + glyph.shape[0]]
        near = int((edge - first[: len(edge)]).max())
        left = near + gap if near > UNSET // 2 else self.end + gap - int(columns.min())
        body = int(columns.max() - columns.min())
        left = max(left, self.last + 0.35 * self.size - int(columns.min()) if body > 0.3 * self.size else left)
        left = min(left, self.end + max(gap, 0) + 0.15 * self.size - int(columns.min()))
        x = max(0, min(round(left), self.ink.shape[1] - glyph.shape[1] - 1))
        part = self.ink[top : top + glyph.shape[0], x : x + glyph.shape[1]]
        np.maximum(part, glyph[: part.shape[0]], out=part)
        last = np.full(glyph.shape[0], UNSET, dtype=np.int64)
        np.maximum.at(last, rows, columns + x)
        own = self.edge[top : top + glyph.shape[0]]
        np.maximum(own, last[: len(own)], out=own)
        self.last, self.end = float(x + columns.min()), max(self.end, float(x + columns.max()))
        return x + int(columns.min()), x + int(columns.max())

    def _smeared(self) -> npt.NDArray[np.int64]:
        """The edge, each row taking the furthest of those near it."""
        reach = 2 * max(1, self.size // 14) + 1
        padded = np.pad(self.edge, reach // 2, constant_values=UNSET)
        return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, reach).max(axis=1), dtype=np.int64)

    def space(self, width: float) -> None:
        """Leaves room; what comes after is laid beside a straight edge."""
        self.end += width
        self.edge[:] = np.maximum(self.edge, round(self.end))


def handwritten(text: str, hand: Hand, rng: random.Random, style: Style | None = None) -> Ink:
    """The text in a hand, ink 255 on 0. KeyError for a sign that neither the hand nor the pen here writes."""
    style = style or Style.drawn(rng)
    line = _Line(style, len(text))
    start, swing = line.end, rng.uniform(0, 2 * math.pi)
    ending = len(text) - len(text.rstrip("0"))
    before: tuple[int, int] | None = None  # where the last stroke may be taken up again
    for place, sign in enumerate(text):
        along = (line.end - start) / style.size
        base = 3.0 * style.size - style.size * (
            style.drift * along + style.wave * math.sin(along + swing) + rng.gauss(0, style.uneven_base)
        )
        gap = style.gap + rng.gauss(0, style.uneven_gap)
        if sign == " ":
            line.space(style.size * (max(style.gap, 0.0) * 0.7 + rng.uniform(0.25, 0.6)))
            before = None
        elif sign in hand.shapes:
            small = style.shrink if place >= len(text) - ending else 1.0
            before = _digit(line, hand, sign, style, (base, gap * style.size, small), before, rng)
        else:
            glyph, below = _sign(sign, style, rng, last=place == len(text) - 1)
            line.lay(glyph, round(base) + below - glyph.shape[0], (max(gap, 0.02) + 0.03) * style.size)
            before = None
    return _slanted(line.ink, style.slant + 0.02)


def _digit(
    line: _Line,
    hand: Hand,
    sign: str,
    style: Style,
    where: tuple[float, float, float],
    before: tuple[int, int] | None,
    rng: random.Random,
) -> tuple[int, int]:
    """Writes one sign of the hand at (line, gap, size); returns the point where a stroke to the next may begin."""
    base, gap, small = where
    shape = rng.choice(hand.shapes[sign])
    tall = style.size * small * min(max(rng.gauss(1.0, style.uneven_size), 0.6), 1.5)
    height = max(4.0, tall * (shape.high - shape.low))
    glyph = drawn_glyph(shape, height, style, rng)
    low = base - tall * shape.low + (style.hang * style.size * rng.uniform(0.5, 1) if sign in HANGING else 0.0)
    top = max(0, round(low - height) - FREE // 2)
    left, right = line.lay(glyph, top, gap)
    joint = (right, top + glyph.shape[0] // 2)
    if before is not None and rng.random() < style.joined:
        _joined(line, before, (left, top + glyph.shape[0] // 2), style)
    return joint


def drawn_glyph(shape: Shape, height: float, style: Style, rng: random.Random) -> Ink:
    """One glyph of that height, in pixels, with room around it, bent and inked by the style."""
    pen = style.pen * RENDERED * (style.size / max(height, 1.0))
    if shape.strokes is not None:
        ink = strokes_drawn(shape.strokes, max(1, round(pen)))
    else:
        ink = np.asarray(shape.ink, dtype=np.uint8)
        scale = RENDERED / ink.shape[0]
        ink = np.asarray(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    framed = np.asarray(cv2.copyMakeBorder(ink, FREE, FREE, FREE, FREE, cv2.BORDER_CONSTANT, value=0), dtype=np.uint8)
    if shape.strokes is None and style.one_pen:
        framed = _inked_again(framed, pen)
    if style.bend > 0.01:
        framed = _bent(framed, style.bend * RENDERED, rng)
    scale = height / RENDERED
    lean = min(max(style.wide * rng.gauss(1.0, style.uneven_size * 0.6), 0.55), 1.6)
    width = min(max(3, round(framed.shape[1] * scale * lean)), round(1.6 * height + 2 * FREE * scale))
    small = cv2.resize(framed, (width, max(3, round(framed.shape[0] * scale))), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _inked_again(ink: Ink, pen: float) -> Ink:
    """The same glyph in strokes about `pen` pixels thick: figures of one string are written with one pen."""
    dark = (ink > 110).astype(np.uint8)
    if not dark.any():
        return ink
    inside = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    outside = cv2.distanceTransform(1 - dark, cv2.DIST_L2, 3)
    half = max(2.0 * float(inside[dark > 0].mean()) - 1.0, 0.7)  # of a stroke w wide the mean depth is w / 4 + 1/2
    grow = min(max(pen / 2 - half, -0.4 * half), 1.2 * half)
    signed = np.where(dark > 0, inside - 0.5, 0.5 - outside) + grow + 0.5
    return np.asarray(np.clip(signed, 0.0, 1.0) * 255, dtype=np.uint8)


def _bent(ink: Ink, amount: float, rng: random.Random) -> Ink:
    """Smooth distortion by so many pixels."""
    height, width = ink.shape
    noise = np.random.default_rng(rng.getrandbits(32))
    field = cv2.resize(noise.normal(0, amount, (4, 4, 2)).astype(np.float32), (width, height))
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.asarray(cv2.remap(ink, x + field[..., 0], y + field[..., 1], cv2.INTER_LINEAR), dtype=np.uint8)


def _joined(line: _Line, start: tuple[int, int], end: tuple[int, int], style: Style) -> None:
    """The stroke a hurried pen leaves between two figures."""
    if end[0] - start[0] > 0.6 * style.size:
        return
    pen = max(1, round(style.pen * style.size * 0.7))
    sag = (start[1] + end[1]) // 2 + style.size // 12
    path = np.array([start, ((start[0] + end[0]) // 2, sag), end], dtype=np.int32)
    cv2.polylines(line.ink, [path], False, 230, pen, cv2.LINE_AA)


def _sign(sign: str, style: Style, rng: random.Random, *, last: bool) -> tuple[Ink, int]:
    """A sign as the pen draws it and how far it reaches below the line, pixels."""
    strokes, width = SIGNS[sign](rng)
    if sign == "-" and last and rng.random() < 0.2:  # the flourish after an amount: two strokes as often as one
        strokes = [[(x, y + 0.12) for x, y in strokes[0]], [(x, y - 0.12) for x, y in strokes[0]]]
    size, pen = style.size, max(1, round(style.pen * style.size))
    below = round(0.7 * size)
    glyph = np.zeros((round(1.4 * size) + below, round((width + 0.4) * size) + 2 * pen), dtype=np.uint8)
    for stroke in strokes:
        path = np.array([(pen + (0.2 + x) * size, 1.4 * size - y * size) for x, y in stroke])
        cv2.polylines(glyph, [np.round(path * 16).astype(np.int32)], False, 255, pen, cv2.LINE_AA, 4)
    return glyph, below


def _dash(rng: random.Random) -> Drawn:
    u, width = rng.uniform, rng.uniform(0.25, 0.9)
    if rng.random() < 0.15:  # a wavy one
        bow = [(width * k / 6, 0.5 + u(-0.06, 0.06) + (0.08 if k % 2 else -0.08)) for k in range(7)]
        return [bow], width
    return [[(0, 0.5 + u(-0.12, 0.12)), (width * 0.5, 0.5 + u(-0.08, 0.08)), (width, 0.5 + u(-0.12, 0.12))]], width


def _comma(rng: random.Random) -> Drawn:
    deep = rng.uniform(0.12, 0.3) if rng.random() < 0.8 else rng.uniform(0.3, 0.5)
    return [[(0.12, rng.uniform(0.0, 0.14)), (rng.uniform(-0.05, 0.12), -deep)]], 0.2


def _point(rng: random.Random) -> Drawn:
    long = 0.05 if rng.random() < 0.8 else 0.16
    return [[(0.06, rng.uniform(0.0, 0.06)), (0.06 + rng.uniform(0, long), rng.uniform(0.0, 0.04))]], 0.18


def _apostrophe(rng: random.Random) -> Drawn:
    return [[(0.1, 1.1), (rng.uniform(0.03, 0.1), rng.uniform(0.8, 0.92))]], 0.18


def _bracket(rng: random.Random, *, closing: bool) -> Drawn:
    deep = rng.uniform(0.18, 0.3)
    bow = [(0.32 - deep * math.sin(t), 1.1 - 1.3 * t / math.pi) for t in np.linspace(0, math.pi, 8)]
    return [[(0.36 - x if closing else x, y) for x, y in bow]], 0.38


def _per_cent(rng: random.Random) -> Drawn:
    radius = rng.uniform(0.1, 0.16)
    turns = np.linspace(0, 2 * math.pi, 10)
    rings = [
        [(x + radius * math.cos(t), y + radius * math.sin(t)) for t in turns] for x, y in ((0.15, 0.82), (0.65, 0.18))
    ]
    return [[(0.1, 0.0), (0.7, 1.0)], *rings], 0.85


def _cross(rng: random.Random) -> Drawn:
    u, width = rng.uniform, rng.uniform(0.5, 0.9)
    down = [(0.0, 0.98 + u(-0.1, 0.1)), (width, u(-0.08, 0.08))]
    return [down, [(width * u(0.8, 1.1), 1 + u(-0.1, 0.1)), (u(-0.1, 0.1), u(-0.08, 0.08))]], width


SIGNS: dict[str, Callable[[random.Random], Drawn]] = {
    "-": _dash,
    ",": _comma,
    ".": _point,
    "'": _apostrophe,
    "(": partial(_bracket, closing=False),
    ")": partial(_bracket, closing=True),
    "%": _per_cent,
    "Х": _cross,
}


def _slanted(ink: Ink, slant: float) -> Ink:
    height, width = ink.shape
    room = round(abs(slant) * height / 2)
    turn = np.array([[1, -slant, slant * height / 2 + room], [0, 1, 0]], dtype=np.float64)
    return np.asarray(cv2.warpAffine(ink, turn, (width + 2 * room, height)), dtype=np.uint8)
