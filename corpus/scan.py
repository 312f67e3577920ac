"""One office's scanner, fax or telephone: which damages it does to every page it sees."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from corpus import damage
from corpus.kinds import Kind
from corpus.records import Split
from extract.records import Picture

# Wear that a form may show on top of the ordinary; some only where it is measured, never where it is built.
_WEAR: dict[Split, tuple[damage.Damage, ...]] = {
    "dev": (damage.speckle, damage.punch, damage.broken_rulings, damage.lid),
    "calibration": (damage.speckle, damage.lid, damage.low_toner, damage.broken_rulings),
    "eval": (damage.speckle, damage.bleed, damage.low_toner, damage.broken_rulings, damage.punch),
    "frozen": (damage.speckle, damage.bleed, damage.low_toner, damage.broken_rulings, damage.punch),
}
FAX_SQUEEZE = 196 / 204  # lines a fax sends for each 204 dots across
SEAL_SHARE = 0.6  # of a stamped form's pages that carry a seal
SEAL_OVER_FIGURES = 0.6  # of those that lie over something filled in, as far as the page's edge lets them
ROUGH_SKEW = 3.0  # degrees


@dataclass(frozen=True, slots=True)
class Machine:
    """The habits of one scanner."""

    wear: tuple[damage.Damage, ...]
    skew: float  # degrees at most
    blur: float  # pixels at most
    noise: float  # grey levels at most
    bilevel: bool
    low: int  # JPEG quality
    high: int


def office(rng: random.Random, kind: Kind, split: Split) -> Machine:
    """The scanner of the office this form comes from."""
    wear: Sequence[damage.Damage] = _WEAR[split]
    count = rng.randint(2, 3) if kind.rough else rng.choice((0, 0, 1, 1, 2))
    return Machine(
        wear=tuple(rng.sample(wear, count)),
        skew=ROUGH_SKEW if kind.rough else rng.choice((0.3, 1.0, 1.8)),
        blur=rng.uniform(0.4, 1.1) * kind.dpi / 250 * (1.3 if kind.rough else 1.0),
        noise=rng.uniform(3, 14 if kind.rough else 9),
        bilevel=kind.container == "scan"
        and not kind.tinted
        and not kind.stamped
        and not kind.rough
        and rng.random() < 0.15,
        low=25 if kind.rough else 55,
        high=60 if kind.rough else 92,
    )


def scanned(
    page: Picture, kind: Kind, machine: Machine, rng: damage.Rng, written: Sequence[tuple[float, float]] = ()
) -> Picture:
    """The page as it comes out of the machine; a seal lies over some of what is `written`, or anywhere."""
    if kind.stamped and rng.random() < SEAL_SHARE:
        over = written[int(rng.integers(len(written)))] if written and rng.random() < SEAL_OVER_FIGURES else None
        page = damage.seal(page, rng, tinted=kind.tinted, over=over)
    for wear in machine.wear:
        page = wear(page, rng)
    if kind.container == "tiff":
        return _fax(damage.skew(page, rng, machine.skew), kind, rng)
    if kind.container == "folder":
        return damage.noise(damage.blur(damage.photo(page, rng), rng, 1.2), rng, 6)
    page = damage.blur(damage.skew(damage.paper(page, rng), rng, machine.skew), rng, max(0.35, machine.blur))
    if machine.bilevel:
        return damage.bilevel(page, rng)
    return damage.jpeg(damage.noise(page, rng, machine.noise), rng, machine.low, machine.high)


def _fax(page: Picture, kind: Kind, rng: damage.Rng) -> Picture:
    if kind.name != "fax":
        return damage.bilevel(damage.blur(page, rng, 0.8), rng)
    height, width = page.shape[:2]
    squeezed = cv2.resize(page, (width, round(height * FAX_SQUEEZE)), interpolation=cv2.INTER_AREA)
    return damage.fax(np.asarray(squeezed, np.uint8), rng)
