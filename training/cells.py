"""Cells to learn from and to be measured on: pictures with their text, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extract.records import Picture
from training.hands import Hand, load_hands
from training.strings import draw_text, handwritable
from training.wear import dirt, worn
from training.write import faces, handwritten, typed

HAND_SHARE = 0.55  # of the texts a hand can write; handwriting is the harder half
SET_WEIGHTS = {"continental": 5, "unipen": 4, "mnist": 2, "optdigits": 1, "pendigits": 1}


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A clean crop and what stands in it."""

    picture: Picture
    text: str
    kind: str  # "typed", "blank", or the digit set the hand is from


class Maker:
    """Makes cells from the faces and hands of one side of the split."""

    def __init__(self, hands: Sequence[Hand], *, held_out: bool) -> None:
        """ValueError if the system has no fonts for that side."""
        self.files = faces(held_out=held_out)
        self.sets: dict[str, list[Hand]] = {}
        for hand in hands:
            if hand.held_out == held_out:
                self.sets.setdefault(hand.set, []).append(hand)

    def make(self, rng: random.Random) -> Sample:
        """One cell."""
        text = draw_text(rng)
        if not text:
            return Sample(dirt(rng), "", "blank")
        if self.sets and handwritable(text) and rng.random() < HAND_SHARE:
            name = rng.choices(list(self.sets), [SET_WEIGHTS[name] for name in self.sets])[0]
            return self.written(text, name, rng)
        return Sample(worn(typed(text, self.files, rng), rng), text, "typed")

    def written(self, text: str, name: str, rng: random.Random) -> Sample:
        """A text in a hand of the named set; a digit the hand lacks is taken from another of the set."""
        hand = rng.choice(self.sets[name])
        for sign in set(text):
            if sign.isdigit() and sign not in hand.glyphs:
                hand = next(h for h in self.sets[name] if all(d in h.glyphs for d in "0123456789"))
        return Sample(worn(handwritten(text, hand, rng), rng), text, name)


@cache
def maker(folder: Path, *, held_out: bool) -> Maker:
    """The maker over the digit sets of a folder, loaded once a process."""
    return Maker(load_hands(folder), held_out=held_out)


def make_cells(folder: Path, seed: int, count: int, *, held_out: bool = False) -> list[Sample]:
    """So many cells; the same for the same folder, fonts and seed."""
    rng = random.Random(seed)
    ours = maker(folder, held_out=held_out)
    return [ours.make(rng) for _ in range(count)]
