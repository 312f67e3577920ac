"""Draws cells, figures in print and by hand, and scanner damage, for the tests of ink."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from corpus.fonts import SHIPPED
from extract.records import Box

# Faces that ship with the project and the library's own: what a test draws must not depend on the machine's fonts.
FONTS = ("pt-sans-400.ttf", "pt-serif-400.ttf", "pt-serif-700.ttf", "pt-sans-700.ttf", "")

# Pen strokes of digits on a square of 10, x to the right, y downward, as people of the region write them.
STROKES = {
    "0": [[(5, 0), (1, 3), (1, 7), (5, 10), (8, 7), (8, 3), (5, 0)]],
    "1": [[(2, 4), (6, 0), (5, 10)]],
    "2": [[(1, 3), (4, 0), (7, 2), (5, 6), (1, 10), (8, 9)]],
    "3": [[(1, 1), (5, 0), (6, 3), (3, 5), (7, 7), (4, 10), (1, 9)]],
    "4": [[(2, 0), (1, 6), (8, 6)], [(6, 2), (6, 10)]],
    "5": [[(7, 0), (2, 0), (2, 4), (6, 4), (7, 8), (3, 10), (1, 9)]],
    "6": [[(6, 0), (2, 4), (1, 8), (4, 10), (7, 8), (5, 5), (2, 7)]],
    "7": [[(1, 1), (7, 0), (3, 10)], [(2, 5), (7, 5)]],
    "8": [[(6, 1), (3, 0), (2, 3), (6, 6), (6, 9), (3, 10), (1, 8), (4, 5), (6, 1)]],
    "9": [[(6, 2), (3, 0), (1, 3), (3, 5), (6, 3), (6, 7), (4, 10)]],
    "-": [[(1, 5), (7, 5)]],
    ",": [[(2, 9), (1, 12)]],
    " ": [],
}


def font(size: float, which: int = 0) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font of this many pixels."""
    name = FONTS[which % len(FONTS)]
    return ImageFont.truetype(SHIPPED / name, round(size)) if name else ImageFont.load_default(round(size))


def type_text(page: np.ndarray, text: str, x: float, y: float, size: float, *, which: int = 0, grey: int = 30) -> Box:
    """Types text with its top left at (x, y), in place; where its ink lies."""
    picture = Image.fromarray(page)
    face = font(size, which)
    draw = ImageDraw.Draw(picture)
    draw.text((x, y), text, fill=grey, font=face)
    page[:] = np.asarray(picture)
    return Box(*draw.textbbox((x, y), text, font=face))


def write_by_hand(
    page: np.ndarray,
    text: str,
    x: float,
    y: float,
    size: float,
    rng: np.random.Generator,
    *,
    pen: float = 2.0,
    grey: int = 60,
) -> Box:
    """Writes figures `size` pixels high by hand, in place: uneven, slanted, joined by nothing; where they lie."""
    slant = rng.uniform(-0.1, 0.35)
    shift = 4
    left, bottom = x, y
    for letter in text:
        tall = size * rng.uniform(0.8, 1.2)
        foot = y + size + rng.normal(0, 0.08) * size
        for stroke in STROKES[letter]:
            points = [
                (
                    left + (px + rng.normal(0, 0.35) + slant * (10 - py)) * tall / 13,
                    foot + (py - 10 + rng.normal(0, 0.35)) * tall / 10,
                )
                for px, py in stroke
            ]
            curve = np.array([(p[0] * (1 << shift), p[1] * (1 << shift)) for p in _smooth(points)], dtype=np.int32)
            cv2.polylines(page, [curve], False, grey, max(1, round(pen * rng.uniform(0.85, 1.2))), cv2.LINE_AA, shift)
        left += tall * rng.uniform(0.62, 0.85)
        bottom = max(bottom, foot)
    return Box(x, y, left, bottom)


def _smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points on a Catmull-Rom curve through these."""
    if len(points) < 3:
        return points
    every = np.array([points[0], *points, points[-1]])
    a, b, c, d = (every[i : len(every) - 3 + i, None] for i in range(4))
    t = np.linspace(0, 1, 6, endpoint=False)[None, :, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return [*map(tuple, curve.reshape(-1, 2)), points[-1]]


def blur(page: np.ndarray, sigma: float) -> np.ndarray:
    """The page out of focus."""
    return cv2.GaussianBlur(page, (0, 0), sigma) if sigma > 0 else page


def grain(page: np.ndarray, deviation: float, rng: np.random.Generator) -> np.ndarray:
    """The page with a scanner's noise."""
    noise = cv2.GaussianBlur(rng.normal(0, deviation * 1.6, page.shape).astype(np.float32), (0, 0), 0.7)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def fax(page: np.ndarray, rng: np.random.Generator, *, specks: float = 0.0006, level: int = 150) -> np.ndarray:
    """The page black and white only, with specks."""
    black = grain(page, 8, rng) < level
    dots = rng.random(page.shape) < specks
    black |= cv2.dilate(dots.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    return np.where(black, 0, 255).astype(np.uint8)


@dataclass
class Table:
    """An empty ruled table: the page, the mask of its rulings, and its cells by row."""

    page: np.ndarray
    rulings: np.ndarray
    cells: list[list[Box]]
    dpi: float


def ruled_table(
    rows: int, columns: int, *, dpi: float, width: float = 0.9, height: float = 0.3, grey: int = 20
) -> Table:
    """A table of equal cells, sizes in inches, with a margin of 0.3 inch around."""
    edge = round(0.3 * dpi)
    w, h = round(width * dpi), round(height * dpi)
    page = np.full((2 * edge + rows * h, 2 * edge + columns * w), 255, np.uint8)
    rulings = np.zeros_like(page)
    thick = max(1, round(dpi / 90))
    for i in range(rows + 1):
        y = edge + i * h - thick // 2
        for picture, value in ((page, grey), (rulings, 255)):
            picture[y : y + thick, edge - thick // 2 : edge + columns * w + thick] = value
    for i in range(columns + 1):
        x = edge + i * w - thick // 2
        for picture, value in ((page, grey), (rulings, 255)):
            picture[edge - thick // 2 : edge + rows * h + thick, x : x + thick] = value
    cells = [
        [Box(edge + c * w, edge + r * h, edge + (c + 1) * w, edge + (r + 1) * h) for c in range(columns)]
        for r in range(rows)
    ]
    return Table(page, rulings, cells, dpi)


def ellipse(
    page: np.ndarray,
    box: Box,
    *,
    pen: int = 2,
    grey: int = 90,
    wobble: float = 0.0,
    rng: np.random.Generator | None = None,
) -> None:
    """Draws an ellipse around a box's middle to its edges, in place; by hand where it wobbles."""
    x, y = box.centre
    angles = np.linspace(0, 2 * math.pi * (1.04 if wobble else 1.0), 60)
    swing = np.zeros(60)
    if rng is not None and wobble:
        swing = wobble * np.sin(angles * 2 + rng.uniform(0, 6)) + wobble * 0.6 * np.sin(angles * 3 + rng.uniform(0, 6))
    xs = x + box.width / 2 * (1 + swing) * np.cos(angles)
    ys = y + box.height / 2 * (1 + swing) * np.sin(angles)
    curve = np.stack([xs * 16, ys * 16], axis=1).astype(np.int32)
    cv2.polylines(page, [curve], False, grey, pen, cv2.LINE_AA, 4)
