"""Cells to learn from and to be measured on: pictures with their text, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.writers import Hand, load_hands
from extract.records import Picture
from training.amounts import Amount, load_amounts, varied
from training.pen import SIGNS, handwritten
from training.strings import draw_text, handwritable
from training.wear import dirt, scanned, struck, worn
from training.write import PLAIN_SIZES, faces, typed

HAND_SHARE = 0.58  # of the texts a hand can write; handwriting is the harder half
AMOUNT_SHARE = 0.06  # real amounts
STRUCK_SHARE = 0.015  # figures crossed out, to be read as nothing
SET_WEIGHTS = {
    "continental": 6,
    "unipen": 5,
    "mnist": 2,
    "faces": 3,
    "optdigits": 1,
    "pendigits": 1,
    "semeion": 1,
}
PENNED = frozenset(SIGNS) | {" "}  # what every hand writes


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A clean crop and what stands in it."""

    picture: Picture
    text: str
    kind: str  # "typed", "blank", "struck", "cheque" (its text is the digits only), or the digit set the hand is from


class Maker:
    """Makes cells from the faces, hands and real amounts of one side of the split."""

    def __init__(self, hands: Sequence[Hand], amounts: Sequence[Amount] = (), *, held_out: bool) -> None:
        """ValueError if the system has no fonts for that side."""
        self.files = faces(held_out=held_out)
        self.sets: dict[str, list[Hand]] = {}
        for hand in hands:
            if hand.held_out == held_out:
                self.sets.setdefault(hand.set, []).append(hand)
        self.amounts = [] if held_out else [each for each in amounts if not each.held_out]

    def make(self, rng: random.Random) -> Sample:
        """One cell."""
        text = draw_text(rng)
        if not text:
            return Sample(dirt(rng), "", "blank")
        if self.amounts and rng.random() < AMOUNT_SHARE:
            amount = rng.choice(self.amounts)
            return Sample(varied(amount.picture, rng), amount.digits, "cheque")
        written = self._written_by(text, rng) if handwritable(text) and rng.random() < HAND_SHARE else None
        return written or Sample(worn(typed(text, self.files, rng), rng), text, "typed")

    def _written_by(self, text: str, rng: random.Random) -> Sample | None:
        """The text in a hand of some set; None if no hand of the set it falls to can write it."""
        if not self.sets:
            return None
        name = rng.choices(list(self.sets), [SET_WEIGHTS[name] for name in self.sets])[0]
        able = [hand for hand in self.sets[name] if all(sign in hand.shapes or sign in PENNED for sign in text)]
        if not able:
            return None
        ink = handwritten(text, rng.choice(able), rng)
        if sum(sign.isdigit() for sign in text) > 1 and rng.random() < STRUCK_SHARE:
            return Sample(worn(struck(ink, rng), rng), "", "struck")
        return Sample(worn(ink, rng), text, name)

    def plain(self, rng: random.Random) -> Sample:
        """A printed cell as a clean scan shows it."""
        text = ""
        while not text:
            text = draw_text(rng)
        ink = typed(text, self.files, rng, sizes=PLAIN_SIZES, dotted=0.0)
        return Sample(scanned(ink, rng), text, "plain")


@cache
def maker(folder: Path, *, held_out: bool) -> Maker:
    """The maker over the digit sets of a folder, loaded once a process."""
    return Maker(load_hands(folder), load_amounts(folder), held_out=held_out)


def make_cells(folder: Path, seed: int, count: int, *, held_out: bool = False) -> list[Sample]:
    """So many cells; the same for the same folder, fonts and seed."""
    rng = random.Random(seed)
    ours = maker(folder, held_out=held_out)
    return [ours.make(rng) for _ in range(count)]


def plain_cells(folder: Path, seed: int, count: int) -> list[Sample]:
    """So many cells of plain print in held-out faces."""
    rng = random.Random(seed)
    ours = maker(folder, held_out=True)
    return [ours.plain(rng) for _ in range(count)]
