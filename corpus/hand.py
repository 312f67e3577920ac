"""A hand that writes: figures stroke by stroke or in a handwriting face, letters in a face, both unsteady."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

from corpus.fonts import Face, hand_digit_faces, hand_faces
from corpus.records import Split
from corpus.strokes import SHAPES, WIDTHS, Point

PENS = ((0.1, 0.15, 0.6), (0.05, 0.05, 0.1))  # colours people sign in
DIGIT_WIDTH = 0.85  # of the digit box's width, with the gap to the next


@dataclass(frozen=True, slots=True)
class Hand:
    """One writer: the same for a whole form."""

    face: Face  # letters
    digit_face: Face | None  # figures in a face; None: figures stroke by stroke
    choice: tuple[tuple[str, int], ...]  # which way of writing each digit
    slant: float  # horizontal shift per height
    spread: float  # widths of digits in heights
    unsteady: float  # how far a point may stray, in heights
    pen: float  # points
    colour: tuple[float, float, float]
    scale: float  # size of the writing, in sizes of print
    slips: float  # share of figures struck out and written again

    def width(self, text: str, size: float) -> float:
        """Points the text takes."""
        height = size * self.scale
        if self.digit_face is None and is_figure(text):
            return sum(WIDTHS.get(c, DIGIT_WIDTH) for c in text) * height * self.spread
        face = self.digit_face if self.digit_face is not None and is_figure(text) else self.face
        return face.width(face.fit(text), height * 1.25) * 1.06

    def draw(self, canvas: Any, rng: random.Random, text: str, x: float, y: float, size: float) -> None:
        """Writes on a baseline (x, y), y upward as the canvas counts it."""
        canvas.saveState()
        canvas.setStrokeColorRGB(*self.colour)
        canvas.setFillColorRGB(*self.colour)
        if self.digit_face is None and is_figure(text):
            self._strokes(canvas, rng, text, x, y, size * self.scale)
        else:
            face = self.digit_face if self.digit_face is not None and is_figure(text) else self.face
            self._letters(canvas, rng, face, text, x, y, size * self.scale * 1.25)
        canvas.restoreState()

    def strike(self, canvas: Any, rng: random.Random, x: float, y: float, width: float) -> None:
        """Strikes something out at height y: one line or two."""
        canvas.saveState()
        canvas.setStrokeColorRGB(*self.colour)
        canvas.setLineWidth(self.pen)
        for _ in range(rng.choice((1, 2))):
            canvas.line(x - 2, y + rng.uniform(-2, 2), x + width + 1, y + rng.uniform(-2, 2))
        canvas.restoreState()

    def _letters(self, canvas: Any, rng: random.Random, face: Face, text: str, x: float, y: float, size: float) -> None:
        canvas.setLineWidth(self.pen * 0.25)
        for c in face.fit(text):
            wide = size * rng.uniform(0.94, 1.06)
            canvas.saveState()
            canvas.translate(x, y + size * rng.uniform(-0.03, 0.03))
            canvas.transform(1, math.radians(rng.uniform(-3, 3)), self.slant * 0.5, 1, 0, 0)
            run = canvas.beginText(0, 0)
            run.setFont(face.regular, wide)
            run.setTextRenderMode(2)
            run.textOut(c)
            canvas.drawText(run)
            canvas.restoreState()
            x += face.width(c, size) * 1.05

    def _strokes(self, canvas: Any, rng: random.Random, text: str, x: float, y: float, height: float) -> None:
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        lift = 0.0
        for c in text:
            advance = WIDTHS.get(c, DIGIT_WIDTH) * height * self.spread
            shapes = SHAPES.get(c)
            if shapes is not None:
                shape = shapes[dict(self.choice).get(c, 0) % len(shapes)]
                tall = height * rng.uniform(0.9, 1.08)
                lift = 0.6 * lift + height * rng.uniform(-0.03, 0.03)
                for stroke in shape:
                    points = [self._moved(rng, p, x, y + lift, advance / 1.18, tall) for p in stroke]
                    canvas.setLineWidth(self.pen * rng.uniform(0.85, 1.15))
                    _curve(canvas, points)
            x += advance

    def _moved(self, rng: random.Random, point: Point, x: float, y: float, wide: float, tall: float) -> Point:
        px, py = (value + rng.gauss(0, self.unsteady) for value in point)
        return x + px * wide + self.slant * py * tall, y + py * tall


def is_figure(text: str) -> bool:
    """Whether the strokes above can write all of it."""
    return bool(text) and all(c in SHAPES or c in WIDTHS for c in text)


def _curve(canvas: Any, points: list[Point]) -> None:
    """A smooth line through the points; a point that comes twice (nearly) is a corner."""
    path = canvas.beginPath()
    path.moveTo(*points[0])
    last = len(points) - 1
    for i in range(last):
        before, a, b, after = points[max(0, i - 1)], points[i], points[i + 1], points[min(last, i + 2)]
        if math.dist(a, b) < 0.12 * max(1.0, math.dist(points[0], points[last])) and i not in {0, last - 1}:
            path.lineTo(*b)
            continue
        path.curveTo(
            a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6,
            b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6,
            b[0], b[1],
        )  # fmt: skip
    canvas.drawPath(path, stroke=1, fill=0)


def hand(rng: random.Random, split: Split) -> Hand:
    """A writer of this split."""
    by_strokes = rng.random() < 0.6
    slants = (-0.05, 0.25) if split == "dev" else (-0.12, 0.4)
    return Hand(
        face=rng.choice(hand_faces(split)),
        digit_face=None if by_strokes else rng.choice(hand_digit_faces(split)),
        choice=tuple((digit, rng.randrange(len(ways))) for digit, ways in SHAPES.items()),
        slant=rng.uniform(*slants),
        spread=rng.uniform(0.58, 0.85),
        unsteady=rng.uniform(0.015, 0.045),
        pen=rng.uniform(0.6, 1.5),
        colour=rng.choice(((0.1, 0.15, 0.55), (0.1, 0.2, 0.7), (0.05, 0.05, 0.1), (0.2, 0.2, 0.25))),
        scale=rng.uniform(1.1, 1.7),
        slips=rng.choice((0.0, 0.0, 0.02, 0.05)),
    )


def scrawl(
    canvas: Any,
    rng: random.Random,
    x: float,
    y: float,
    width: float,
    height: float,
    colour: tuple[float, float, float] | None = None,
) -> None:
    """A signature within a box whose lower left corner is (x, y), in a pen's colour or a given one."""
    count = rng.randint(5, 11)
    points: list[Point] = [
        (x + width * (i + rng.uniform(-0.6, 0.6)) / count, y + height * rng.uniform(0, 1)) for i in range(count)
    ]
    points += [(x + width * rng.uniform(0.1, 1.1), y + height * rng.uniform(-0.1, 0.5)) for _ in range(2)]
    canvas.saveState()
    canvas.setStrokeColorRGB(*(colour or rng.choice(PENS)))
    canvas.setLineWidth(rng.uniform(0.6, 1.3))
    _curve(canvas, points)
    canvas.restoreState()


def initials(canvas: Any, rng: random.Random, x: float, y: float, height: float) -> None:
    """Two or three letter-like strokes side by side: a short signature."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*rng.choice(PENS))
    canvas.setLineWidth(rng.uniform(0.7, 1.4))
    for _ in range(rng.choice((2, 2, 3))):
        tall, wide = height * rng.uniform(0.8, 1.1), height * rng.uniform(0.5, 0.8)
        points = [(0.1, 0.0), (0.3, 1.0), (0.6, rng.uniform(0.4, 0.6)), (rng.uniform(0.7, 1.0), 0.9), (0.9, 0.0)]
        _curve(canvas, [(x + px * wide, y + py * tall) for px, py in points])
        x += wide * rng.uniform(0.9, 1.3)
    canvas.restoreState()
