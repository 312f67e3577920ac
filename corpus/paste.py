"""Writes figures into the cells of a drawn form with real people's digits, one writer a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from corpus.damage import Rng
from corpus.records import Split, Spot
from corpus.writers import Hand, Ink, Shape, load_hands, strokes_drawn
from extract.records import Picture

# Sets in which a writer's digits look alike, and how often a form is written from each; the coarse ones are left out.
SETS = {"unipen": 4.0, "continental": 3.0, "mnist": 2.0, "faces": 2.0}
POINTS = 72  # per inch
PRESSURE = 1.4  # how much darker than the picture a digit is inked: thin strokes fade when they shrink
DIGIT_HEIGHT = 15.0  # points, as people write into a table's cell
GROUPING = "\u00a0\u2009\u202f '"
WIDEST = 1.25  # heights; the breadth of a digit
INKED = 60  # from which a pixel of a digit's picture counts as ink


@dataclass(frozen=True)
class Writers:
    """The people of one split, by set of digits."""

    sets: dict[str, list[Hand]]

    @staticmethod
    def load(folder: Path, split: Split) -> Writers:
        """Everybody of this split who has every digit; ValueError where the folder has nobody.

        Calibration and evaluation share out those the figure net never learns from; the frozen world has the
        evaluation's.
        """
        wanted: Split = "eval" if split == "frozen" else split
        sets: dict[str, list[Hand]] = {}
        held: dict[str, int] = {}
        for hand in load_hands(folder):
            legible = {sign: [shape for shape in shapes if _upright(shape)] for sign, shapes in hand.shapes.items()}
            whole = all(legible.get(digit) for digit in "0123456789")
            if hand.set not in SETS or not whole:
                continue
            world: Split = "dev"
            if hand.held_out:
                world = "eval" if held.get(hand.set, 0) % 2 else "calibration"
                held[hand.set] = held.get(hand.set, 0) + 1
            if world == wanted:
                sets.setdefault(hand.set, []).append(replace(hand, shapes=legible))
        if not sets:
            raise ValueError(f"no writer's digits in {folder}")
        return Writers(sets)

    def draw(self, rng: Rng) -> Hand:
        """One writer: the set first, then somebody of it."""
        names = sorted(self.sets)
        weights = np.array([SETS[name] for name in names])
        people = self.sets[names[int(rng.choice(len(names), p=weights / weights.sum()))]]
        return people[int(rng.integers(len(people)))]


@dataclass(frozen=True)
class Habit:
    """How one person sets figures: lengths in digit heights."""

    hand: Hand
    shade: float  # of the ink, 0 … 1
    gap: float  # between neighbours; below zero they overlap
    pen: float
    slant: float  # columns a row
    unsteady: float

    @staticmethod
    def of(hand: Hand, rng: Rng) -> Habit:
        """The habit of a writer on one form."""
        return Habit(
            hand,
            shade=float(rng.uniform(0.7, 1.0)),
            gap=float(rng.choice((-0.02, 0.06, 0.12, 0.2)) + rng.normal(0, 0.03)),
            pen=float(rng.uniform(0.045, 0.1)),
            slant=float(rng.normal(0.05, 0.12)),
            unsteady=float(rng.uniform(0.01, 0.06)),
        )

    def glyph(self, sign: str, rng: Rng) -> Ink:
        """One picture of this digit, cut to its ink."""
        shapes = self.hand.shapes[sign]
        return _cut(_inked(shapes[int(rng.integers(len(shapes)))], self.pen), self.slant)


def paste_digits(pages: Sequence[Picture], spots: Sequence[Spot], dpi: int, writers: Writers, rng: Rng) -> None:
    """Writes the figures of all tables into the pictures, in one writer's hand. Changes the pictures."""
    habit = Habit.of(writers.draw(rng), rng)
    for spot in spots:
        if spot.place is not None:
            _write(pages[spot.page], spot, dpi / POINTS, habit, rng)


def _write(page: Picture, spot: Spot, scale: float, habit: Habit, rng: Rng) -> None:
    """Sign by sign from the left; the whole is squeezed where the cell is too narrow for it."""
    x, low = spot.x0 * scale, (spot.y0 + spot.y1) / 2 * scale + DIGIT_HEIGHT * scale / 2
    room = max(8.0, (spot.x1 - spot.x0) * scale)
    height = DIGIT_HEIGHT * scale * float(rng.uniform(0.9, 1.05))
    signs = [(c, habit.glyph(c, rng) if c.isdigit() else None) for c in spot.text]
    widths = [_width(c, glyph, height, habit) for c, glyph in signs]
    squeeze = min(1.0, room / max(sum(widths), 1.0))
    height *= max(squeeze, 0.6)
    for (c, glyph), wide in zip(signs, widths, strict=True):
        step = wide * squeeze
        lift = float(rng.normal(0, habit.unsteady)) * height
        if glyph is not None:
            tall = height * float(np.clip(rng.normal(1, habit.unsteady), 0.8, 1.2))
            size = (max(2, round(step - habit.gap * height * squeeze)), max(3, round(tall)))
            _stamp(page, glyph, (x, low + lift - tall), size, habit.shade)
        else:
            _sign(page, c, (x, low + lift), (step, height), habit, rng)
        x += step


def _width(sign: str, glyph: Ink | None, height: float, habit: Habit) -> float:
    """Pixels a sign takes with the gap after it."""
    if glyph is not None:
        wide = float(glyph.shape[1]) / float(glyph.shape[0])
        return min(wide, 1.1) * height + habit.gap * height
    return height * (0.7 if sign in "-–Хх" else 0.35 if sign in GROUPING else 0.38)


def _sign(page: Picture, sign: str, at: tuple[float, float], size: tuple[float, float], habit: Habit, rng: Rng) -> None:
    """What is no digit: dashes, marks and crosses, in strokes."""
    x, low = at
    step, height = size
    jitter = [float(v) * height for v in rng.normal(0, 0.04, 8)]
    middle = low - height / 2
    strokes: list[tuple[tuple[float, float], tuple[float, float]]] = []
    if sign in "-–":
        strokes = [((x + step * 0.1, middle + jitter[0]), (x + step * 0.9, middle + jitter[1]))]
    elif sign in "Хх":
        top, foot = low - height * 0.85, low - height * 0.05
        strokes = [
            ((x + step * 0.1 + jitter[0], top + jitter[1]), (x + step * 0.9 + jitter[2], foot)),
            ((x + step * 0.9 + jitter[3], top + jitter[4]), (x + step * 0.1 + jitter[5], foot)),
        ]
    elif sign == ",":
        strokes = [((x + step * 0.6, low - height * 0.08), (x + step * 0.3 + jitter[0], low + height * 0.18))]
    elif sign == ".":
        strokes = [((x + step * 0.5, low - height * 0.04), (x + step * 0.55, low - height * 0.01))]
    elif sign == "'":
        strokes = [((x + step * 0.6, low - height * 1.05), (x + step * 0.4, low - height * 0.85))]
    elif sign in "()":
        bow = height * (0.12 if sign == ")" else -0.12)
        strokes = [
            ((x + step * 0.5, low - height * 1.05), (x + step * 0.5 + bow, middle)),
            ((x + step * 0.5 + bow, middle), (x + step * 0.5, low + height * 0.05)),
        ]
    for start, end in strokes:
        _bar(page, start, end, max(1, round(habit.pen * height)), habit.shade)


def _upright(shape: Shape) -> bool:
    """Whether a digit is no wider than people write it: pen traces hold some that are cut short or wrongly labelled."""
    if shape.strokes is None:
        height, width = np.asarray(shape.ink).shape[:2]
    else:
        points = np.concatenate([np.asarray(stroke, dtype=np.float64) for stroke in shape.strokes])
        width, height = np.ptp(points, axis=0)
    return bool(width <= WIDEST * height)


def _inked(shape: Shape, pen: float) -> Ink:
    """The shape as a picture; strokes are drawn with the writer's pen."""
    if shape.strokes is None:
        return np.asarray(shape.ink, dtype=np.uint8)
    return strokes_drawn(shape.strokes, max(2, round(pen * 48)))


def _cut(ink: Ink, slant: float) -> Ink:
    """Slanted, and cut to its ink."""
    height, width = ink.shape
    room = round(abs(slant) * height) + 1
    move = np.array([[1, -slant, room + (slant * height / 2)], [0, 1, 0]], dtype=np.float64)
    leaning = cv2.warpAffine(ink, move, (width + 2 * room, height), flags=cv2.INTER_LINEAR)
    rows, columns = np.flatnonzero(leaning.max(1) > INKED), np.flatnonzero(leaning.max(0) > INKED)
    return np.asarray(leaning[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], dtype=np.uint8)


def _stamp(page: Picture, glyph: Ink, at: tuple[float, float], size: tuple[int, int], shade: float) -> None:
    ink = cv2.resize(glyph, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    ink = np.minimum(1.0, ink * PRESSURE / max(1.0, float(ink.max()))) * shade
    x, y = max(0, round(at[0])), max(0, round(at[1]))
    area = page[y : y + size[1], x : x + size[0]]
    ink = ink[: area.shape[0], : area.shape[1]]
    if ink.size == 0:
        return
    layer = ink[..., None] if page.ndim == 3 else ink
    area[:] = (area * (1 - layer)).astype(np.uint8)


def _bar(page: Picture, start: tuple[float, float], end: tuple[float, float], thick: int, shade: float) -> None:
    tone = int(255 * (1 - shade))
    ends = [(round(p[0]), round(p[1])) for p in (start, end)]
    cv2.line(page, ends[0], ends[1], (tone,) * 3, thick, cv2.LINE_AA)
