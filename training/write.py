"""Draws a cell's text typed in one of the faces the system has."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from corpus.writers import Ink

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
DOTTED = 0.04  # share of typed cells from a needle printer
NEEDLES = (9, 14)  # dots the height of a line has
PLAIN_SIZES = (17, 46)  # pixels; 8 points at 150 dpi to 11 points at 300 dpi
SIZES = (11, 54)  # pixels; 7 points at 110 dpi to 13 points at 300 dpi


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


@cache
def _has(file: Path, signs: str) -> bool:
    """Whether a face has them all: what it lacks it draws as an empty box."""
    font = _font(file, 20)
    missing = bytes(font.getmask("\ufffe"))
    return all(bytes(font.getmask(sign)) != missing for sign in signs)


def typed(
    text: str,
    files: Sequence[Path],
    rng: random.Random,
    *,
    sizes: tuple[int, int] = SIZES,
    dotted: float = DOTTED,
) -> Ink:
    """The text in a random face and size, on one line; so many cells are from a needle printer."""
    letters = "".join(sorted({sign for sign in text if sign.isalpha() or sign == "₸"}))
    fitting = [file for file in files if _has(file, letters)] if letters else []
    font = _font(rng.choice(fitting or list(files)), rng.randint(*sizes))
    shown = text.replace("-", rng.choices(("-", "–", "—", "−"), (50, 25, 15, 10))[0])
    shown = shown.replace(" ", rng.choice((" ", " ", "\u00a0", "\u2009")))
    shown = shown.replace("'", rng.choice("'’")).replace("Х", rng.choice("ХХХXхx"))
    if "\u2009" in shown and rng.random() < 0.5:  # many faces draw the thin space as nothing
        shown = shown.replace("\u2009", " ")
    box = font.getbbox(shown)
    image = Image.new("L", (int(box[2]) + 12, int(box[3]) + 12))
    ImageDraw.Draw(image).text((6, 6), shown, fill=255, font=font)
    ink = np.asarray(image)
    return _dotted(ink, rng) if font.size > SIZES[0] * 2 and rng.random() < dotted else ink


def _dotted(ink: Ink, rng: random.Random) -> Ink:
    """The same text in the dots of a needle printer."""
    step = rng.randint(3, 5)  # pixels from dot to dot
    scale = rng.randint(*NEEDLES) / ink.shape[0] * 1.4
    coarse = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) > rng.randint(80, 120)
    dot = np.zeros((step, step), dtype=np.uint8)
    cv2.circle(dot, (step // 2, step // 2), step // 2, 255, -1)
    return np.kron(coarse.astype(np.uint8), dot)
