"""Pastes real handwritten digits into the cells of a drawn form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from corpus.damage import Rng
from corpus.records import Split, Spot
from extract.records import Picture

FILE = "continental_writers.npz"  # images N × 48 × 48 with ink = 255, labels, writers
HELD_OUT = 4  # every so many writers belong to the evaluation
POINTS = 72  # per inch
PRESSURE = 1.4  # how much darker than the picture a digit is inked: thin strokes fade when they shrink
DIGIT_HEIGHT = 15.0  # points, as people write into a table's cell


@dataclass(frozen=True)
class DigitBank:
    """Digits by writer; a form is written by one of them."""

    images: np.ndarray  # N × side × side, ink = 255
    labels: np.ndarray
    writers: np.ndarray

    @staticmethod
    def load(folder: Path, split: Split) -> DigitBank:
        """The digits of this split's writers. FileNotFoundError where the folder has none."""
        data = np.load(folder / FILE, allow_pickle=False)
        everybody = sorted(set(data["writers"].tolist()))
        mine = [w for i, w in enumerate(everybody) if (i % HELD_OUT == 0) == (split == "eval")]
        keep = np.isin(data["writers"], mine)
        return DigitBank(data["images"][keep], data["labels"][keep], data["writers"][keep])

    def writer(self, rng: Rng) -> DigitBank:
        """One writer who has every digit."""
        whole = [
            w for w in sorted(set(self.writers.tolist())) if len(set(self.labels[self.writers == w].tolist())) == 10
        ]
        keep = self.writers == whole[int(rng.integers(len(whole)))]
        return DigitBank(self.images[keep], self.labels[keep], self.writers[keep])

    def draw(self, rng: Rng, digit: int) -> np.ndarray:
        """One picture of this digit, cropped to its ink."""
        choices = np.flatnonzero(self.labels == digit)
        image = self.images[choices[int(rng.integers(len(choices)))]]
        rows, columns = np.flatnonzero(image.max(1) > 60), np.flatnonzero(image.max(0) > 60)
        return np.asarray(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def paste_digits(pages: Sequence[Picture], spots: Sequence[Spot], dpi: int, bank: DigitBank, rng: Rng) -> None:
    """Writes the figures of all tables into the pictures, in one writer's hand. Changes the pictures."""
    writer = bank.writer(rng)
    shade = float(rng.uniform(0.75, 1.0))
    for spot in spots:
        if spot.place is not None:
            _write(pages[spot.page], spot, dpi / POINTS, writer, shade, rng)


def _write(page: Picture, spot: Spot, scale: float, writer: DigitBank, shade: float, rng: Rng) -> None:
    x, middle = spot.x0 * scale, (spot.y0 + spot.y1) / 2 * scale
    room = (spot.x1 - spot.x0) * scale
    height = min(DIGIT_HEIGHT * scale, room / max(1, len(spot.text)) * 1.7)
    step = room / max(1, len(spot.text))
    for c in spot.text:
        if c.isdigit():
            glyph = writer.draw(rng, int(c))
            tall = height * float(rng.uniform(0.88, 1.08))
            wide = min(step * 0.95, tall * glyph.shape[1] / glyph.shape[0])
            _stamp(page, glyph, (x, middle + height / 2 - tall), (max(2, round(wide)), max(3, round(tall))), shade)
        elif c in "-–":
            _bar(page, (x + step * 0.1, middle), (x + step * 0.9, middle + float(rng.uniform(-2, 2))), scale, shade)
        elif c in ",.'":
            low = middle + height / 2
            _bar(page, (x + step * 0.5, low - scale), (x + step * 0.3, low + scale * 2), scale, shade)
        x += step


def _stamp(page: Picture, glyph: np.ndarray, at: tuple[float, float], size: tuple[int, int], shade: float) -> None:
    ink = cv2.resize(glyph, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    ink = np.minimum(1.0, ink * PRESSURE / max(1.0, float(ink.max()))) * shade
    x, y = round(at[0]), round(at[1])
    area = page[max(0, y) : y + size[1], max(0, x) : x + size[0]]
    ink = ink[: area.shape[0], : area.shape[1]]
    if ink.size == 0:
        return
    layer = ink[..., None] if page.ndim == 3 else ink
    area[:] = (area * (1 - layer)).astype(np.uint8)


def _bar(page: Picture, a: tuple[float, float], b: tuple[float, float], scale: float, shade: float) -> None:
    tone = int(255 * (1 - shade))
    ends = [(round(p[0]), round(p[1])) for p in (a, b)]
    cv2.line(page, ends[0], ends[1], (tone,) * 3, max(1, round(scale * 0.8)), cv2.LINE_AA)
