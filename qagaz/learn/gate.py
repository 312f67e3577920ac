"""What may be installed: readers before and after, on the frozen benchmark and on what was held out.

Refused is what is worse in one of these ways, whichever else got better:

- on what was held out, or of the whole benchmark, more is read wrong, by mere count;
- of a group of the benchmark more is read wrong, by the sign test on the crops of which one of the two reads right and
  the other wrong, one-sided at 5 %;
- on the benchmark more is wrong and claimed to be sure, by mere count;
- in a group of the benchmark claims cost more than so many nats a crop more; care costs little, boldness much;
- on what was held out claims do not cost less: then nothing was gained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import stats

from extract.readers.calibration import Calibration
from extract.readers.combine import FigureReading, read_figures
from extract.records import Crop, Readers
from qagaz.learn.calibrate import log_loss
from qagaz.learn.frozen import Known
from qagaz.learn.meaning import claim, says
from qagaz.learn.records import Item
from training.fitting import Judged, calibration_error

SURE = 0.99  # claimed, from which a wrong reading is one that is believed
CHANCE = 0.05  # of refusing readers that are no worse
ROOM = 0.1  # nats a crop of the benchmark: as if readers that are always right claimed 0.9
HELD = "held-out"  # the set of what was held out, all of it
FROZEN = "frozen"  # all groups of the benchmark together


class Fault(StrEnum):
    """Why something is not installed."""

    MORE_WRONG = "more-wrong"
    MORE_SURE_WRONG = "more-sure-wrong"
    COSTLIER = "costlier"
    NOTHING_GAINED = "nothing-gained"


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a set is read, and how true the claims are."""

    cells: int
    wrong: int
    sure_wrong: int
    loss: float  # nats a cell
    error: float  # expected calibration error


@dataclass(frozen=True, slots=True)
class Told:
    """One set, before and after."""

    name: str
    before: Figures
    after: Figures
    lost: int  # read right before and wrong after
    gained: int  # the other way round


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every set before and after, and what speaks against installing: (fault, set)."""

    sets: tuple[Told, ...]
    faults: tuple[tuple[Fault, str], ...]

    @property
    def passed(self) -> bool:
        """Whether it may be installed."""
        return not self.faults


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """How one set of readers reads the crops: claims, and whether they are right; weights are those of the items."""

    claimed: tuple[float, ...]
    right: tuple[bool, ...]
    weights: tuple[float, ...]


def judged(readers: Readers, crops: Sequence[Crop], values: Sequence[str], weights: Sequence[float] = ()) -> Readings:
    """Read crops and hold the readings against the values."""
    return held_against(read_figures(readers, crops), values, weights)


def held_against(readings: Sequence[FigureReading], values: Sequence[str], weights: Sequence[float] = ()) -> Readings:
    """Readings held against the values."""
    right = tuple(says(r.alternatives, v) for r, v in zip(readings, values, strict=True))
    return Readings(tuple(map(claim, readings)), right, tuple(weights) or (1.0,) * len(right))


def verdict(before: Readers, after: Readers, benchmark: Sequence[Known], held: Sequence[Item]) -> Verdict:
    """Read everything twice and compare."""
    sets = {group: [k for k in benchmark if k.group == group] for group in dict.fromkeys(k.group for k in benchmark)}
    found: list[dict[str, Readings]] = []
    for readers in (before, after):
        read = {name: judged(readers, [k.crop for k in own], [k.value for k in own]) for name, own in sets.items()}
        if held:
            values, weights = [i.settled.value for i in held], [i.weight for i in held]
            read[HELD] = judged(readers, [i.crop for i in held], values, weights)
        found.append(read)
    return decided(*found)


def decided(before: Mapping[str, Readings], after: Mapping[str, Readings]) -> Verdict:
    """What becomes of readings of the same sets; all but the held-out set are groups of the benchmark."""
    groups = [name for name in before if name != HELD]
    joined = [(FROZEN, _joined([before[n] for n in groups]), _joined([after[n] for n in groups]))] if groups else []
    pairs = [*joined, *((name, before[name], after[name]) for name in before)]
    sets = tuple(_told(name, old, new) for name, old, new in pairs)
    return Verdict(sets, tuple(fault for told in sets for fault in _faults(told)))


def _joined(parts: Sequence[Readings]) -> Readings:
    return Readings(
        tuple(c for part in parts for c in part.claimed),
        tuple(r for part in parts for r in part.right),
        tuple(w for part in parts for w in part.weights),
    )


def _told(name: str, old: Readings, new: Readings) -> Told:
    lost = sum(a and not b for a, b in zip(old.right, new.right, strict=True))
    gained = sum(b and not a for a, b in zip(old.right, new.right, strict=True))
    return Told(name, figures(old), figures(new), lost, gained)


def figures(found: Readings) -> Figures:
    """The numbers of one set."""
    losses = [log_loss(c, right=r) for c, r in zip(found.claimed, found.right, strict=True) if c > 0]
    weights = [w for w, c in zip(found.weights, found.claimed, strict=True) if c > 0]
    sayings = [Judged("", c, r) for c, r in zip(found.claimed, found.right, strict=True)]
    return Figures(
        cells=len(found.right),
        wrong=sum(not r for r in found.right),
        sure_wrong=sum(c >= SURE and not r for c, r in zip(found.claimed, found.right, strict=True)),
        loss=float(np.average(losses, weights=weights)) if losses else 0.0,
        error=calibration_error(sayings, Calibration()),
    )


def _faults(told: Told) -> list[tuple[Fault, str]]:
    found = []
    if told.lost > told.gained and (told.name in {HELD, FROZEN} or _sign_test(told.lost, told.gained) <= CHANCE):
        found.append(Fault.MORE_WRONG)
    if told.name == FROZEN and told.after.sure_wrong > told.before.sure_wrong:
        found.append(Fault.MORE_SURE_WRONG)
    if told.name == HELD and told.after.loss >= told.before.loss:
        found.append(Fault.NOTHING_GAINED)
    if told.name not in {HELD, FROZEN} and told.after.loss > told.before.loss + ROOM:
        found.append(Fault.COSTLIER)
    return [(fault, told.name) for fault in found]


def _sign_test(lost: int, gained: int) -> float:
    """How often so many of these crops would get worse if neither set of readers were better."""
    return float(stats.binom.sf(lost - 1, lost + gained, 0.5))
