"""Cells to learn from and to be measured on: pictures with their text, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.writers import Hand, load_hands
from training.amounts import Amount, load_amounts, varied
from training.crops import load_crops, worn_again
from training.pen import SIGNS, handwritten
from training.sample import Sample
from training.strings import draw_text, handwritable
from training.wear import dirt, scanned, struck, worn
from training.write import PLAIN_SIZES, faces, typed

HAND_SHARE = 0.58  # of the texts a hand can write; handwriting is the harder half
AMOUNT_SHARE = 0.06  # real amounts
CROP_SHARE = 0.42  # cells cut out of forms, where there are any
RELATIVES = ("caveat",)  # families of the faces that forms are written with, by the beginning of their names
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


class Maker:
    """Makes cells from the faces, hands and real amounts of one side of the split."""

    def __init__(
        self,
        hands: Sequence[Hand],
        amounts: Sequence[Amount] = (),
        crops: Sequence[Sample] = (),
        *,
        held_out: bool,
        amount_share: float = AMOUNT_SHARE,
    ) -> None:
        """ValueError if the system has no fonts for that side. `crops` come from forms of the development world."""
        self.files = faces(held_out=held_out)
        self.crops = list(crops)
        self.amount_share = amount_share
        self.sets: dict[str, list[Hand]] = {}
        for hand in hands:
            if hand.held_out == held_out and not hand.writer.startswith(RELATIVES):
                self.sets.setdefault(hand.set, []).append(hand)
        self.amounts = [] if held_out else list(amounts)

    def make(self, rng: random.Random) -> Sample:
        """One cell."""
        if self.crops and rng.random() < CROP_SHARE:
            crop = rng.choice(self.crops)
            return Sample(worn_again(crop.picture, rng), crop.text, crop.kind)
        text = draw_text(rng)
        if not text:
            return Sample(dirt(rng), "", "blank")
        if self.amounts and rng.random() < self.amount_share:
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


@dataclass(frozen=True, slots=True)
class Material:
    """What cells are made from."""

    digits: Path  # folder of the digit sets
    crops: tuple[Path, ...] = ()  # tables written by training.harvest
    amounts: frozenset[str] | None = None  # files of real amounts that may teach; None: the first half of the list
    amount_share: float = AMOUNT_SHARE


@cache
def maker(material: Material, *, held_out: bool = False) -> Maker:
    """The maker over this material, loaded once a process."""
    amounts = [
        each
        for each in load_amounts(material.digits)
        if (not each.held_out if material.amounts is None else each.file in material.amounts)
    ]
    crops = [] if held_out else [crop for file in material.crops for crop in load_crops(file)]
    return Maker(load_hands(material.digits), amounts, crops, held_out=held_out, amount_share=material.amount_share)


def make_cells(material: Material, seed: int, count: int, *, held_out: bool = False) -> list[Sample]:
    """So many cells; the same for the same material, fonts and seed."""
    rng = random.Random(seed)
    ours = maker(material, held_out=held_out)
    return [ours.make(rng) for _ in range(count)]


def plain_cells(material: Material, seed: int, count: int) -> list[Sample]:
    """So many cells of plain print in held-out faces."""
    rng = random.Random(seed)
    ours = maker(material, held_out=True)
    return [ours.plain(rng) for _ in range(count)]
