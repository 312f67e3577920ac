"""What the net is shown: corrections with what stands in them, and accepted cells so that it does not forget."""

from __future__ import annotations

import random
from collections.abc import Sequence

from extract.readers.combine import FigureReading, read_figures
from extract.readers.default import default_readers
from extract.readers.figurenet import ALPHABET
from qagaz.learn.meaning import amount, means
from qagaz.learn.records import Item, Part, Use
from training.sample import Sample

LEAST_CORRECTIONS = 50  # below it a net learns nothing that holds elsewhere
REHEARSED = 3  # accepted cells a correction
DIGITS = "cheque"  # kind of a sample whose text is its digits only: how they are grouped and parted is not known


def lessons(items: Sequence[Item], seed: str) -> tuple[list[Sample], list[Sample]]:
    """Corrections of the teaching side, and some accepted cells of it."""
    teach = [item for item in items if item.part is Part.TEACH]
    corrections = [item for item in teach if item.settled.use is Use.CORRECTION]
    accepted = [item for item in teach if item.settled.use is Use.REHEARSAL]
    random.Random(seed).shuffle(accepted)
    rehearsed = accepted[: REHEARSED * len(corrections)]
    return _samples(corrections, "correction"), _samples(rehearsed, "rehearsal")


def _samples(items: Sequence[Item], kind: str) -> list[Sample]:
    readings = read_figures(default_readers(), [item.crop for item in items])
    found = [sample_of(item, reading, kind) for item, reading in zip(items, readings, strict=True)]
    return [sample for sample in found if sample is not None]


def sample_of(item: Item, reading: FigureReading, kind: str) -> Sample | None:
    """A cell to learn from: its text as some reader spells the settled value; else its digits alone.

    A person says which figure stands there, not how it is written. None where that leaves nothing to teach: a nought
    may be a dash.
    """
    value = item.settled.value
    if not value:
        return Sample(item.crop.clean, "", kind)
    spelled = [a.text for a in reading.alternatives if means(a) == amount(value) and set(a.text) <= set(ALPHABET)]
    if spelled:
        return Sample(item.crop.clean, spelled[0], kind)
    digits = "".join(filter(str.isdigit, value))
    return Sample(item.crop.clean, digits, DIGITS) if digits.strip("0") else None
