"""What people settled, with its picture: what is learnt from, and what is only measured on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from extract.records import Crop
from review.told import Key

Spot = tuple[str, int, str]  # source, form, place


class Use(StrEnum):
    """What a settled cell is good for."""

    CORRECTION = "correction"  # somebody was asked: a biased sample, it may teach the net
    AUDIT = "audit"  # drawn at random and keyed blind: it may calibrate, and never teaches
    REHEARSAL = "rehearsal"  # accepted as read: it keeps the net from forgetting, and measures nothing


class Part(StrEnum):
    """On which side of the evaluation a cell stands."""

    TEACH = "teach"
    HELD = "held"  # its writer or its batch taught nothing


class Why(StrEnum):
    """Why a settled cell is set aside."""

    READERS = "readers"  # two readers are sure of another figure, and none of them thought of this one
    CONTROLS = "controls"  # sums hold with the machine's figure and break with this one
    SWAPPED = "swapped"  # two cells of a form have each other's figures
    PERSON = "person"  # far more of this person's words are contradicted than of others'
    WRITER = "writer"  # its writer is held out with a batch of its own
    NO_PICTURE = "no-picture"  # its paper is not at hand, or its cell is not found there again


@dataclass(frozen=True, slots=True)
class Settled:
    """One inked figure cell and what people say stands in it."""

    spot: Spot
    value: str  # plain decimal in the form's unit; "" is blank
    use: Use
    machine: str  # the machine's value
    accepted: bool  # whether the machine took it for certain
    who: str  # whose word it is
    writer: str  # BIN or IIN, or the paper where neither is known
    batch: str  # "" where it came with none
    broken: int = 0  # sums that hold with the machine's value and break with this one

    @property
    def key(self) -> Key:
        """Its form."""
        return self.spot[:2]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A settled cell with its picture."""

    settled: Settled
    crop: Crop
    part: Part = Part.TEACH
    weight: float = 1.0  # of an audit: for how many cells of the run it stands


@dataclass(frozen=True, slots=True)
class Aside:
    """A cell that was set aside."""

    spot: Spot
    who: str
    why: Why


@dataclass(frozen=True, slots=True)
class Gathered:
    """What people settled, and how many inked cells the run has that were accepted, or asked about."""

    settled: tuple[Settled, ...]
    cells: Mapping[bool, int]  # accepted or not → inked figure cells of the run
