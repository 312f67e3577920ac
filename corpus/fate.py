"""What becomes of forms' pages on the way to the file: turned, shuffled, lost, doubled, dealt, backs scanned too."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from corpus import damage
from corpus.kinds import Kind
from extract.records import Picture


def pages_as_stored(rng: random.Random, kind: Kind, pages: list[Picture]) -> tuple[list[Picture], list[int]]:
    """The pages as they lie in the file, and the numbers (1, 2, …) of those that are lost."""
    if kind.pages == "missing" and len(pages) > 1:
        gone = rng.choice(range(1, max(2, len(pages) - 1)))
        return [page for i, page in enumerate(pages) if i != gone], [gone + 1]
    return _kept(rng, kind, pages), []


def in_file(kind: Kind, forms: Sequence[Sequence[Picture]]) -> list[Picture]:
    """The pages of several forms one after another; dealt, all first pages lie first, then all second ones."""
    if kind.pages != "dealt":
        return [page for pages in forms for page in pages]
    return [page for turn in zip_longest(*forms) for page in turn if page is not None]


def _kept(rng: random.Random, kind: Kind, pages: list[Picture]) -> list[Picture]:
    noise = np.random.default_rng(rng.getrandbits(64))
    match kind.pages:
        case "turned":
            return [damage.turned(page, rng.choice((1, 1, 2, 3, 0))) for page in pages]
        case "upside":
            return [damage.turned(page, 2) for page in pages]
        case "shuffled":
            return rng.sample(pages, len(pages))
        case "duplicate":
            twice = rng.randrange(len(pages))
            again = damage.noise(damage.skew(pages[twice], noise, 0.6), noise)
            return [*pages[: twice + 1], again, *pages[twice + 1 :]]
        case "backs":
            return [side for page in pages for side in (page, damage.blank_back(page, noise))]
        case _:
            return pages
