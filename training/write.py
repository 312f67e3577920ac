"""Draws a cell's text: typed in a face, or composed of one hand's digits with pen strokes for the signs."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from training.hands import Glyph, Hand

Ink = npt.NDArray[np.uint8]  # ink 255 on 0
Drawn = tuple[list[list[tuple[float, float]]], float]  # strokes (x right, y up, in digit heights) and the width
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
FAMILIES = (
    "DejaVu",
    "Liberation",
    "NotoSans-",
    "NotoSansMono",
    "NotoSansDisplay",
    "NotoMono",
    "NotoSerif-",
    "Carlito",
    "Nimbus",
    "C059",
    "P052",
    "URW",
)
HELD_OUT = ("Carlito", "P052", "NotoSerif-", "NotoSansMono")  # families the net never sees in training
WITH_KAZAKH = ("DejaVu", "Liberation", "NotoSans-", "NotoSerif-", "Carlito")
WITH_TENGE = ("DejaVu", "NotoSans-", "NotoSerif-")
SIZES = (11, 54)  # pixels; 7 points at 110 dpi to 13 points at 300 dpi
HAND_SIZES = (18, 60)  # pixels; height of handwritten digits


def faces(*, held_out: bool) -> list[Path]:
    """Font files of the system for one side of the split; ValueError if none of the families is installed."""
    files = [f for root in FOLDERS for f in sorted(Path(root).rglob("*")) if f.suffix in {".ttf", ".otf"}]
    known = [f for f in files if f.name.startswith(FAMILIES) and "Dingbat" not in f.name]
    chosen = [f for f in known if f.name.startswith(HELD_OUT) == held_out]
    if not chosen:
        raise ValueError("no fonts: install DejaVu, Liberation 2, Noto, Carlito or URW")
    return chosen


@lru_cache(maxsize=512)
def _font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(file), size)


def typed(text: str, files: Sequence[Path], rng: random.Random) -> Ink:
    """The text in a random face and size, on one line."""
    letters = any(sign.isalpha() for sign in text)
    wanted = WITH_TENGE if "₸" in text else WITH_KAZAKH if letters else ()
    fitting = [f for f in files if f.name.startswith(wanted)] if wanted else list(files)
    font = _font(rng.choice(fitting or list(files)), rng.randint(*SIZES))
    shown = text.replace("-", rng.choices(("-", "–", "—", "−"), (50, 25, 15, 10))[0])
    shown = shown.replace(" ", rng.choice((" ", " ", "\u00a0", "\u2009")))
    shown = shown.replace("'", rng.choice("'’")).replace("Х", rng.choice("ХХХXхx"))
    if "\u2009" in shown and rng.random() < 0.5:  # many faces draw the thin space as nothing
        shown = shown.replace("\u2009", " ")
    box = font.getbbox(shown)
    image = Image.new("L", (int(box[2]) + 12, int(box[3]) + 12))
    ImageDraw.Draw(image).text((6, 6), shown, fill=255, font=font)
    return np.asarray(image)


def handwritten(text: str, hand: Hand, rng: random.Random) -> Ink:
    """The text composed of a hand's own digits, with one slant, pen and spacing throughout."""
    size = rng.randint(*HAND_SIZES)
    canvas = np.zeros((size * 3, int(size * 1.5 * (len(text) + 2))), dtype=np.uint8)
    x, base = float(size), 2.0 * size
    gap = rng.gauss(0.10, 0.08) * size
    pen = max(1, round(size * rng.uniform(0.05, 0.11)))
    drift = rng.gauss(0, 0.02)
    wide = rng.uniform(0.75, 1.25)
    for sign in text:
        y = base + drift * (x - size) + rng.gauss(0, 0.04) * size
        if sign == " ":
            x += size * rng.uniform(0.25, 0.6)
        elif sign in hand.glyphs:
            x += _pasted(canvas, rng.choice(hand.glyphs[sign]), (x, y), size * rng.uniform(0.88, 1.1), wide)
            x += gap + rng.gauss(0, 0.04) * size
        else:
            x += _sign(canvas, sign, (x, y), size, pen, rng) + abs(gap) * 0.5
    return _slanted(canvas, rng.gauss(0, 0.15))


def _pasted(canvas: Ink, glyph: Glyph, at: tuple[float, float], height: float, wide: float) -> float:
    """Lays a glyph on the canvas, standing on the point given; returns its width."""
    h = max(4, round(height))
    w = max(2, round(glyph.shape[1] * h / glyph.shape[0] * wide))
    w = min(w, round(1.4 * h))
    how = cv2.INTER_AREA if h < glyph.shape[0] else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(glyph, (w, h), interpolation=how), dtype=np.uint8)
    x, y = round(at[0]), round(at[1]) - h
    part = canvas[y : y + h, x : x + w]
    np.maximum(part, scaled[: part.shape[0], : part.shape[1]], out=part)
    return float(w)


def _sign(canvas: Ink, sign: str, at: tuple[float, float], size: int, pen: int, rng: random.Random) -> float:
    """Draws a sign as a hand does; returns its width. KeyError for what no hand here writes."""
    strokes, width = SIGNS[sign](rng)
    for stroke in strokes:
        path = np.array([(at[0] + x * size, at[1] - y * size) for x, y in stroke])
        cv2.polylines(canvas, [np.round(path * 16).astype(np.int32)], False, 255, pen, cv2.LINE_AA, 4)
    return width * size


def _dash(rng: random.Random) -> Drawn:
    u, width = rng.uniform, rng.uniform(0.25, 0.9)
    return [[(0, 0.5 + u(-0.12, 0.12)), (width * 0.5, 0.5 + u(-0.08, 0.08)), (width, 0.5 + u(-0.12, 0.12))]], width


def _comma(rng: random.Random) -> Drawn:
    return [[(0.12, rng.uniform(0.0, 0.14)), (rng.uniform(0.0, 0.12), -rng.uniform(0.12, 0.3))]], 0.2


def _point(rng: random.Random) -> Drawn:
    return [[(0.06, rng.uniform(0.0, 0.06)), (0.06 + rng.uniform(0, 0.05), rng.uniform(0.0, 0.04))]], 0.18


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
    turn = np.array([[1, -slant, slant * height / 2], [0, 1, 0]], dtype=np.float64)
    return np.asarray(cv2.warpAffine(ink, turn, (width, height)), dtype=np.uint8)
