"""Who teaches and who only measures: whole writers and whole batches, never single cells."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from qagaz.learn.records import Aside, Item, Part, Use, Why

HELD_SHARE = 0.25  # of writers, and of batches
LEAST_BATCHES = 4  # fewer are not held out: too little would be left to teach


def parted(items: Sequence[Item], seed: str) -> tuple[list[Item], list[Aside]]:
    """Each item with its part; the same seed parts alike.

    A batch or a writer that is drawn is held out as a whole. What is left of a writer that also stands in a batch that
    is held out teaches nothing either: it is set aside.
    """
    batches = sorted({item.settled.batch for item in items if item.settled.batch})
    apart = {b for b in batches if len(batches) >= LEAST_BATCHES and _drawn(seed, "batch", b)}
    seen = {item.settled.writer for item in items if item.settled.batch in apart}
    kept: list[Item] = []
    aside: list[Aside] = []
    for item in items:
        told = item.settled
        held = told.batch in apart or _drawn(seed, "writer", told.writer)
        if not held and told.writer in seen:
            aside.append(Aside(told.spot, told.who, Why.WRITER))
        elif not (held and told.use is Use.REHEARSAL):
            kept.append(replace(item, part=Part.HELD if held else Part.TEACH))
    return kept, aside


def _drawn(seed: str, what: str, name: str) -> bool:
    hashed = hashlib.sha256(f"{seed}/{what}/{name}".encode()).digest()
    return int.from_bytes(hashed[:8], "big") < HELD_SHARE * 2**64
