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
from PIL import ImageFont

Ink = npt.NDArray[np.uint8]  # ink 255 on 0
HELD_OUT = 7  # one writer in so many is kept for measuring
RENDERED = 48  # pixels; height of pen strokes when drawn
FACE_SIZE = 64  # pixels; size at which the signs of a handwriting face are drawn
SEMEION_SIDE = 16  # rows and columns of a semeion bitmap
OPT_SIDE = 32  # rows and columns of an optdigits bitmap
FACE_LETTERS = "тгыс.мңелнрдоияч"  # of unit words
LEAST_DIGITS = 8  # different digits a writer must have


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A sign once written: a picture cut tight, or pen strokes (x right, y up, any unit)."""

    ink: Ink | None = None
    strokes: Any = None
    low: float = 0.0  # where it ends and begins above the line, in digit heights
    high: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """One writer's digits (or, of sets without writers, everybody's); of faces also letters."""

    set: str
    writer: str
    shapes: dict[str, list[Shape]]
    held_out: bool


def load_hands(folder: Path) -> list[Hand]:
    """Every hand of the sets found in the folder; ValueError if there is none."""
    sets = (_continental, _unipen, _mnist, _optdigits, _pendigits, _semeion, face_hands)
    hands = [hand for each in sets for hand in each(folder)]
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
        shapes: dict[str, list[Shape]] = {}
        for entry in entries:
            shapes.setdefault(str(entry["label"]), []).append(Shape(strokes=entry["strokes"]))
        if len(shapes) >= LEAST_DIGITS:
            yield Hand("unipen", writer, shapes, held)


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
    shapes: dict[str, list[Shape]] = {}
    for row in gzip.decompress(file.read_bytes()).decode().strip().split("\n")[::3]:
        *numbers, label = (int(n) for n in row.split(","))
        stroke = [(x * 0.65, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        shapes.setdefault(str(label), []).append(Shape(strokes=[stroke]))
    yield Hand("pendigits", "all", shapes, held_out=False)


def _semeion(folder: Path) -> Iterator[Hand]:
    file = folder / "semeion.data.gz"
    if not file.is_file():
        return
    pairs = []
    for row in gzip.decompress(file.read_bytes()).decode().strip().split("\n"):
        numbers = [float(n) for n in row.split()]
        bits = np.array(numbers[: SEMEION_SIDE**2], np.float32).reshape(SEMEION_SIDE, SEMEION_SIDE) * 255
        smooth = cv2.GaussianBlur(cv2.resize(bits, None, fx=3, fy=3, interpolation=cv2.INTER_LINEAR), (0, 0), 1.2)
        pairs.append((str(int(np.argmax(numbers[SEMEION_SIDE**2 :]))), np.asarray(smooth)))
    yield _hand("semeion", "all", pairs, held_out=False)


def face_hands(folder: Path) -> Iterator[Hand]:
    """Handwriting faces, `faces/NAME-latin-WEIGHT-normal.woff` as npm packages hold them, with Cyrillic beside."""
    for file in sorted((folder / "faces").rglob("*-latin-*-normal.woff")):
        shapes: dict[str, list[Shape]] = {}
        for part in ("latin", "cyrillic", "cyrillic-ext"):
            beside = file.with_name(file.name.replace("-latin-", f"-{part}-"))
            if beside.is_file():
                shapes |= _face_shapes(beside, "0123456789" if part == "latin" else FACE_LETTERS)
        if all(digit in shapes for digit in "0123456789"):
            family = file.name.split("-latin-")[0]
            yield Hand("faces", file.stem, shapes, zlib.crc32(family.encode()) % HELD_OUT == 0)


def _face_shapes(file: Path, signs: str) -> dict[str, list[Shape]]:
    """The signs of a face that it really has; digits stand on the line, letters where they stand beside its «0»."""
    font = ImageFont.truetype(str(file), FACE_SIZE)
    missing = bytes(font.getmask("\ufffe"))
    digits = [font.getbbox(digit, anchor="ls") for digit in ("0123456789" if signs[0] == "0" else "тм")]
    tall = max(-float(box[1]) for box in digits)
    tall = tall if signs[0] == "0" else tall * 1.5  # no digits in a Cyrillic file: small letters are two thirds of one
    shapes: dict[str, list[Shape]] = {}
    for sign in signs:
        mask = font.getmask(sign)
        if bytes(mask) == missing or not mask.getbbox() or tall <= 0:
            continue
        ink = np.frombuffer(bytes(mask), np.uint8).reshape(mask.size[::-1])
        box = font.getbbox(sign, anchor="ls")
        tight = _tight(ink)
        if tight is not None:
            shapes[sign] = [Shape(tight, low=-float(box[3]) / tall, high=-float(box[1]) / tall)]
    return shapes


def _hand(name: str, writer: str, pairs: list[tuple[str, Any]], held_out: bool) -> Hand:
    shapes: dict[str, list[Shape]] = {}
    for label, picture in pairs:
        tight = _tight(np.asarray(picture, dtype=np.uint8))
        if tight is not None:
            shapes.setdefault(label, []).append(Shape(tight))
    return Hand(name, writer, shapes, held_out)


def strokes_drawn(strokes: Any, pen: int) -> Ink:
    """Pen strokes (x right, y up, any unit) as a picture 48 pixels high but for the pen, `pen` pixels thick."""
    points = np.concatenate([np.asarray(stroke, dtype=np.float64) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = RENDERED / max(high[1] - low[1], (high[0] - low[0]) * 0.4, 1e-6)
    width = round((high[0] - low[0]) * scale) + 2 * pen + 2
    canvas = np.zeros((RENDERED + 2 * pen + 2, width), dtype=np.uint8)
    for stroke in strokes:
        path = (np.asarray(stroke, dtype=np.float64) - (low[0], high[1])) * (scale, -scale) + pen + 1
        cv2.polylines(canvas, [np.round(path * 16).astype(np.int32)], False, 255, pen, cv2.LINE_AA, 4)
    return canvas


def _tight(picture: Ink) -> Ink | None:
    """The picture cut around its ink; None if there is none."""
    x, y, width, height = cv2.boundingRect((picture > 90).astype(np.uint8))
    return picture[y : y + height, x : x + width] if width and height else None
