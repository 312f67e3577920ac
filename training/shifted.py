"""Forms as a scanner scans them that no training ever saw, written by people no training ever saw.

`python -m training.shifted --digits DIR --out FOLDER` makes forms in the hands of the calibration's world, which taught
no net and are not in the frozen benchmark, and scans each once more on one worn machine: its lamp carriage shakes, so
that lines of the picture lie beside each other, its glass throws a second, fainter picture, and it packs hard. None of
this is in `training.wear` or `corpus.damage`. Beside the forms stands `truth.json`, as `python -m corpus make` writes
it, with the writer of each.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from corpus import containers, truth
from corpus.kinds import KINDS
from corpus.make import make_file
from corpus.paste import Writers
from extract.intake import find_sources, open_pages
from extract.records import Picture
from layouts.load import shipped_layouts

SEED = 41_001
WRITTEN = ("handreal200",)
SHAKE = 0.0055  # inches a line is off at most
PERIODS = (0.043, 0.031)  # inches of paper between two jolts: two wheels
GHOST = (0.016, 0.011)  # inches right and down of the second picture
FAINT = 0.28  # of its darkness
QUALITY = 30  # of JPEG

Machine = Callable[[Picture, float], Picture]


def main() -> None:
    """Reads the command line, makes the forms."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--digits", type=Path, required=True, help="folder with the digit sets")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--forms", type=int, default=40)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--first", type=int, default=0, help="the hand to begin with")
    chosen = parser.parse_args()
    made(chosen.out, chosen.digits, chosen.forms, chosen.seed, chosen.first)


def made(out: Path, digits: Path, forms: int, seed: int, first: int = 0) -> None:
    """So many forms, one after the other by each hand, scanned by the worn machine; the same seed gives the same."""
    out.mkdir(parents=True, exist_ok=True)
    layout = next(iter(shipped_layouts().values()))
    hands = [hand for own in Writers.load(digits, "calibration").sets.values() for hand in own]
    random.Random("hands").shuffle(hands)
    entries: list[dict[str, Any]] = []
    for number in range(forms):
        rng = random.Random(f"{seed}/shifted/{number}")
        kind = KINDS[WRITTEN[number % len(WRITTEN)]]
        hand = hands[(first + number) % len(hands)]
        writers = Writers({hand.set: [hand]})
        told = make_file(out, rng, kind, f"shifted-{number:03}", layout, "dev", writers, dense=True)
        entries += [entry | {"writer": f"{hand.set}/{hand.writer}"} for entry in told]
        rescan(out / f"shifted-{number:03}.pdf", worn_machine)
    truth.save(out / "truth.json", entries)


def rescan(file: Path, machine: Machine) -> None:
    """A file of scanned pages as it comes out of one more machine."""
    source = next(find_sources([file]).sources)
    pages, dpi = [], 300
    for page in open_pages(source):
        dpi = round(page.scale * 72) if page.unit == "pt" else round(max(page.picture.shape[:2]) / 11.69)
        pages.append(machine(page.picture, float(dpi)))
    containers.save_scan(file, pages, dpi, QUALITY)


def worn_machine(picture: Picture, dpi: float) -> Picture:
    """One page out of a scanner that shakes and throws a second picture; `dpi`: pixels an inch."""
    grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    height, width = grey.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    waves = sum(np.sin(2 * np.pi * y / np.float32(period * dpi)) for period in PERIODS)
    shaken = cv2.remap(
        grey, x + np.float32(SHAKE * dpi / 2) * waves.astype(np.float32), y, cv2.INTER_LINEAR, borderValue=(255,)
    )
    move = np.array([[1, 0, GHOST[0] * dpi], [0, 1, GHOST[1] * dpi]], dtype=np.float32)
    second = cv2.warpAffine(shaken, move, (width, height), borderValue=(255,))
    seen = np.minimum(shaken.astype(np.float32), 255 - FAINT * (255 - second.astype(np.float32)))
    return np.asarray(seen, dtype=np.uint8)


if __name__ == "__main__":
    main()
