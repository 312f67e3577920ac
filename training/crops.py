"""Cells cut out of made-up forms by the ink stage, as training.harvest wrote them, to learn from."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from extract.readers.figurenet import ALPHABET
from extract.records import Picture
from training.harvest import picture
from training.sample import Sample

# Of these the truth says less than the picture shows: another row's figure may stand there, or a struck one beside it.
UNTOLD = ("row-", "column", "struck-out", "several-lines", "cut-by-page-break", "ink-over-edge")
SIGNS = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "–": "-", "—": "-"})


def load_crops(file: Path) -> Iterator[Sample]:
    """The cells of a table whose text is certain and can be read."""
    frame = pd.read_parquet(file, columns=["kind", "written", "marks", "clean"])
    for row in frame[frame["clean"].notna()].to_dict("records"):
        text = " ".join(row["written"].translate(SIGNS).split())
        if set(text) <= set(ALPHABET) and not any(mark in row["marks"] for mark in UNTOLD):
            yield Sample(picture(row["clean"]), text, row["kind"])


def worn_again(seen: Picture, rng: random.Random) -> Picture:
    """The same cell a little leaned, stretched, lit and cut otherwise: each is seen many times."""
    height, width = seen.shape
    shear, turn = rng.gauss(0, 0.06), rng.gauss(0, 0.012)
    along, across = rng.uniform(0.85, 1.18), rng.uniform(0.9, 1.1)
    move = np.array([[along, -shear, shear * height / 2], [turn, across, -turn * width / 2]], dtype=np.float64)
    size = (max(4, round(width * along)), max(4, round(height * across)))
    moved = cv2.warpAffine(seen, move, size, borderMode=cv2.BORDER_REPLICATE)
    grey = np.asarray(moved, dtype=np.float32)
    if rng.random() < 0.3:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.3, 0.9)), dtype=np.float32)
    if rng.random() < 0.3:
        noise = np.random.default_rng(rng.getrandbits(32))
        grey = np.asarray(grey + noise.normal(0, rng.uniform(1, 8), grey.shape), dtype=np.float32)
    lit = (grey - 255) * rng.uniform(0.7, 1.2) + 255
    return np.asarray(np.clip(lit, 0, 255), dtype=np.uint8)
