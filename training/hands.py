"""Hands of real people: single digits by writer, from public sets in a folder; writers are split, never pictures."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Glyph = npt.NDArray[np.uint8]  # ink 255 on 0, cut tight
HELD_OUT = 7  # one writer in so many is kept for measuring
RENDERED = 44  # pixels; height of pen strokes when drawn
OPT_SIDE = 32  # rows and columns of an optdigits bitmap
LEAST_DIGITS = 8  # different digits a writer must have


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """One writer's digits (or, of sets without writers, everybody's)."""

    set: str
    writer: str
    glyphs: dict[str, list[Glyph]]
    held_out: bool


def load_hands(folder: Path) -> list[Hand]:
    """Every hand of the sets found in the folder; ValueError if there is none."""
    hands = [*_continental(folder), *_unipen(folder), *_mnist(folder), *_optdigits(folder), *_pendigits(folder)]
    if not hands:
        raise ValueError(f"no digit set in {folder}")
    return hands


def _continental(folder: Path) -> Iterator[Hand]:
    file = folder / "continental_writers.npz"
    if not file.is_file():
        return
    data = np.load(file)
    writers = sorted(set(data["writers"].tolist()))
    for place, writer in enumerate(writers):
        chosen = data["writers"] == writer
        pairs = zip(data["images"][chosen], data["labels"][chosen], strict=True)
        yield _hand("continental", str(writer), [(str(label), image) for image, label in pairs], place % 5 == 2)


def _unipen(folder: Path) -> Iterator[Hand]:
    file = folder / "unipen_strokes.json.gz"
    if not file.is_file():
        return
    writers: dict[str, list[Any]] = {}
    for entry in json.loads(gzip.decompress(file.read_bytes())):
        if entry["label"].isdigit():
            writers.setdefault(entry["writer"], []).append(entry)
    for writer, entries in sorted(writers.items()):
        held = zlib.crc32(writer.encode()) % HELD_OUT == 0
        drawn = [(str(e["label"]), strokes_drawn(e["strokes"], 2 + i % 4)) for i, e in enumerate(entries)]
        hand = _hand("unipen", writer, drawn, held)
        if len(hand.glyphs) >= LEAST_DIGITS:
            yield hand


def _mnist(folder: Path) -> Iterator[Hand]:
    for part, held in (("train", False), ("t10k", True)):
        images = folder / f"{part}-images-idx3-ubyte"
        if images.is_file():
            pictures = np.frombuffer(images.read_bytes(), np.uint8, offset=16).reshape(-1, 28, 28)
            labels = np.frombuffer((folder / f"{part}-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
            pairs = [(str(label), picture) for picture, label in zip(pictures, labels, strict=True)]
            for start in range(0, len(pairs), 500):  # neighbours in the file are often by one writer
                yield _hand("mnist", f"{part}-{start}", pairs[start : start + 500], held)


def _optdigits(folder: Path) -> Iterator[Hand]:
    file = folder / "optdigits-orig.tra.gz"
    if not file.is_file():
        return
    rows = gzip.decompress(file.read_bytes()).decode().split("\n")
    start = next(i for i, row in enumerate(rows) if len(row) == OPT_SIDE)
    pairs = []
    for i in range(start, len(rows) - OPT_SIDE, OPT_SIDE + 1):
        bits = np.array([[int(bit) for bit in row] for row in rows[i : i + OPT_SIDE]], np.uint8) * np.uint8(255)
        pairs.append((rows[i + OPT_SIDE].strip(), bits))
    yield _hand("optdigits", "all", pairs, held_out=False)


def _pendigits(folder: Path) -> Iterator[Hand]:
    file = folder / "pendigits.tra.gz"
    if not file.is_file():
        return
    pairs = []
    for i, row in enumerate(gzip.decompress(file.read_bytes()).decode().strip().split("\n")[::3]):
        *numbers, label = (int(n) for n in row.split(","))
        stroke = [(x * 0.65, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        pairs.append((str(label), strokes_drawn([stroke], 2 + i % 4)))
    yield _hand("pendigits", "all", pairs, held_out=False)


def _hand(name: str, writer: str, pairs: list[tuple[str, Any]], held_out: bool) -> Hand:
    glyphs: dict[str, list[Glyph]] = {}
    for label, picture in pairs:
        tight = _tight(np.asarray(picture, dtype=np.uint8))
        if tight is not None:
            glyphs.setdefault(label, []).append(tight)
    return Hand(name, writer, glyphs, held_out)


def strokes_drawn(strokes: Any, pen: int) -> Glyph:
    """Pen strokes (x right, y up, any unit) as a picture 44 pixels high, `pen` pixels thick."""
    points = np.concatenate([np.asarray(stroke, dtype=np.float64) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = RENDERED / max(high[1] - low[1], (high[0] - low[0]) * 0.4, 1e-6)
    width = round((high[0] - low[0]) * scale) + 2 * pen + 2
    canvas = np.zeros((RENDERED + 2 * pen + 2, width), dtype=np.uint8)
    for stroke in strokes:
        path = (np.asarray(stroke, dtype=np.float64) - (low[0], high[1])) * (scale, -scale) + pen + 1
        cv2.polylines(canvas, [np.round(path * 16).astype(np.int32)], False, 255, pen, cv2.LINE_AA, 4)
    return canvas


def _tight(picture: Glyph) -> Glyph | None:
    """The picture cut around its ink; None if there is none."""
    x, y, width, height = cv2.boundingRect((picture > 90).astype(np.uint8))
    return picture[y : y + height, x : x + width] if width and height else None
