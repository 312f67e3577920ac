"""Real amounts as people write them: whole strings, halved by file; one half may teach, the other is measured on.

Their labels hold the digits only; what else stands in the picture, points and dashes, is not labelled.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from extract.records import Picture

FOLDER = "cheque_amounts"
PAPER = 25  # pixels; about as far as paper is taken to be even


@dataclass(frozen=True, slots=True, eq=False)
class Amount:
    """One picture of an amount and its digits."""

    file: str
    picture: Picture
    digits: str
    held_out: bool


def load_amounts(folder: Path) -> list[Amount]:
    """The amounts in a folder of digit sets, in the order of their list; none if it has none.

    The first half of the list teaches: neighbours may be by one hand and must not be parted.
    """
    listed = folder / FOLDER / "labels.csv"
    if not listed.is_file():
        return []
    with listed.open(encoding="utf-8") as rows:
        entries = list(csv.DictReader(rows))
    amounts = []
    for place, entry in enumerate(entries):
        picture = cv2.imread(str(listed.parent / entry["file"]), cv2.IMREAD_GRAYSCALE)
        if picture is not None:
            grey = np.asarray(picture, dtype=np.uint8)
            amounts.append(Amount(entry["file"], grey, entry["digits"], place >= len(entries) // 2))
    return amounts


def varied(picture: Picture, rng: random.Random) -> Picture:
    """The same amount written, lit, cut and cleaned a little differently."""
    height, width = picture.shape
    paper = float(np.median(picture))
    shear, turn = rng.gauss(0, 0.12), rng.gauss(0, 0.025)
    across, along = rng.uniform(0.8, 1.2), rng.uniform(0.75, 1.25)
    move = np.array([[along, -shear, shear * height / 2], [turn, across, -turn * width / 2]], dtype=np.float64)
    size = (round(width * along), round(height * across))
    seen = np.asarray(cv2.warpAffine(picture, move, size, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)
    if rng.random() < 0.5:
        kernel = np.ones((2, 2) if rng.random() < 0.6 else (3, 3), np.uint8)
        broad = cv2.erode(seen, kernel) if rng.random() < 0.6 else cv2.dilate(seen, kernel[:2, :2])
        seen = np.asarray(cv2.addWeighted(seen, 0.5, broad, 0.5, 0), dtype=np.uint8)
    if rng.random() < 0.5:
        seen = _cleaned(seen, rng)
    noise = np.random.default_rng(rng.getrandbits(32))
    grey = (seen.astype(np.float32) - paper) * rng.uniform(0.6, 1.4) + paper + rng.uniform(-25, 25)
    if rng.random() < 0.5:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.3, 1.2)), dtype=np.float32)
    if rng.random() < 0.5:
        grey = grey + noise.normal(0, rng.uniform(1, 10), grey.shape).astype(np.float32)
    cut = [rng.randint(0, max(1, grey.shape[0] // 25)) for _ in range(4)]
    grey = grey[cut[0] : grey.shape[0] - cut[1], cut[2] : grey.shape[1] - cut[3]]
    return np.ascontiguousarray(np.clip(grey, 0, 255).astype(np.uint8))


def _cleaned(picture: Picture, rng: random.Random) -> Picture:
    """With the paper made white, as the ink stage leaves a cell."""
    small = cv2.medianBlur(cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), PAPER)
    paper = cv2.resize(small, picture.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
    depth = paper - picture
    ink = float(np.percentile(depth, 98))
    dark = (depth > rng.uniform(0.3, 0.5) * ink).astype(np.uint8)
    near = cv2.dilate(dark, np.ones((3, 3), np.uint8))
    return np.where(near > 0, picture, np.uint8(255))
