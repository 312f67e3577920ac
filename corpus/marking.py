"""What a respondent does outside the tables: how boxes are filled, which options are marked, how papers are signed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MarkShape = Literal["circle", "tick", "cross", "underline", "bold", "tick-beside", "cross-beside"]
SignatureShape = Literal["scrawl", "initials", "facsimile"]

PLAIN_SHARE = 0.72  # of forms with exactly one option marked and nothing to think about
CROSSED_SHARE = 0.1  # with one option crossed out and another marked; the rest: several, or none
BESIDE_SHARE = 0.5  # of ticks and crosses: set before the words, not over them
COMB_SHARE = 0.12  # of forms whose codes stand in one long box with short teeth
CROWDED_SHARE = 0.35  # of writers whose digits touch the walls of their boxes


@dataclass(frozen=True, slots=True)
class OptionMark:
    """A mark at one printed option; a mark crossed out counts as none."""

    option: int  # index
    shape: MarkShape
    crossed_out: bool = False


@dataclass(frozen=True, slots=True)
class Marking:
    """The marks of one form outside its tables."""

    options: tuple[OptionMark, ...] | None = None  # None: the form's option in the page style's way
    comb: bool = False  # codes stand in combs
    roomy: float = 1.0  # size of digits in boxes, against what fits well
    astray: float = 0.0  # how far digits stand beside the middle of their box, in boxes
    signatures: tuple[SignatureShape, ...] = ("scrawl",)  # in turn
    underscores: bool = False  # the line to sign on is printed as a row of underscores

    def chosen(self, option: int) -> tuple[int, ...]:
        """Which options count as marked where the form's own choice is `option` (-1: none)."""
        if self.options is None:
            return (option,) if option >= 0 else ()
        return tuple(sorted({mark.option for mark in self.options if not mark.crossed_out}))


def marking(rng: random.Random, option: int, options: int, shape: str) -> Marking:
    """How a respondent marks, whose own choice is one of `options` and who marks in this shape."""
    crowded = rng.random() < CROWDED_SHARE
    return Marking(
        options=_options(rng, option, options, shape) if 0 <= option < options else None,
        comb=rng.random() < COMB_SHARE,
        roomy=rng.uniform(1.1, 1.3) if crowded else rng.uniform(0.85, 1.0),
        astray=rng.uniform(0.08, 0.22) if crowded else 0.04,
        signatures=tuple(rng.choices(("scrawl", "initials", "facsimile"), (5, 2, 2), k=3)),
        underscores=rng.random() < 0.4,
    )


def _options(rng: random.Random, option: int, options: int, shape: str) -> tuple[OptionMark, ...]:
    usual: MarkShape = _pick(rng, shape)
    other = rng.choice([i for i in range(options) if i != option] or [option])
    roll = rng.random()
    if roll < PLAIN_SHARE or options < 2:
        return (OptionMark(option, usual),)
    if roll < PLAIN_SHARE + CROSSED_SHARE:
        return (OptionMark(other, "circle", crossed_out=True), OptionMark(option, "circle"))
    if roll < PLAIN_SHARE + CROSSED_SHARE + 0.09:
        return (OptionMark(option, usual), OptionMark(other, usual))
    return ()


def _pick(rng: random.Random, shape: str) -> MarkShape:
    """The style's own shape, ticks and crosses now and then beside the words instead of over them."""
    shapes: Sequence[MarkShape] = ("circle", "tick", "cross", "underline", "bold")
    beside: dict[MarkShape, MarkShape] = {"tick": "tick-beside", "cross": "cross-beside"}
    own: MarkShape = next((known for known in shapes if known == shape), "circle")
    return beside[own] if own in beside and rng.random() < BESIDE_SHARE else own
