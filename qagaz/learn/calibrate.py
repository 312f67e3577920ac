"""How far each reader may be believed, fitted anew on audits, which are drawn at random and keyed blind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from extract.readers.calibration import Calibration, calibration_of
from extract.readers.combine import FigureReading, case_among, combine
from extract.readers.figurenet import FigureNet
from extract.readers.ppocr import PpOcr
from extract.records import Alternative, FigureReader
from qagaz.learn.meaning import claim, says
from qagaz.learn.records import Item, Part, Use
from training.fitting import Judged, fit
from training.measure import recalibrated

OWN = ("figurenet", "ppocr-figures")  # readers by themselves
CASES = ("agreed", "disputed", "alone")  # their common word
LEAST_AUDITS = 100  # inked cells, without which nothing is fitted
LEAST_CELLS = 25  # of one reader or case, without which its line stays as it is
HELD_NEAR = 4.0  # how strongly a line is held near the one in use: about so many undecided cells

Lines = Mapping[str, Calibration]
Said = list[tuple[Alternative, ...]]


def weighted(audits: Sequence[Item], cells: Mapping[bool, int]) -> list[Item]:
    """Audits that stand for the run: its accepted cells, and those asked about, by their numbers; 1 on average."""
    drawn = Counter(item.settled.accepted for item in audits)
    total = sum(cells.get(accepted, 0) for accepted in drawn)
    return [
        replace(
            item,
            weight=cells.get(item.settled.accepted, 0) * len(audits) / max(total * drawn[item.settled.accepted], 1),
        )
        for item in audits
    ]


def audits_of(items: Sequence[Item], part: Part) -> list[Item]:
    """The audits on one side."""
    return [item for item in items if item.settled.use is Use.AUDIT and item.part is part]


def refitted(audits: Sequence[Item], model: Path | None) -> dict[str, Calibration]:
    """A line for each reader and case that has enough audits; none says more than the one that ships.

    `model`: the net to fit for; None is the shipped one.
    """
    crops = [item.crop for item in audits]
    bare = Calibration()
    readers: dict[str, FigureReader] = {"figurenet": FigureNet(model, bare), "ppocr-figures": PpOcr(calibration=bare)}
    lines: dict[str, Calibration] = {}
    said: dict[str, Said] = {}
    for name in OWN:
        read = readers[name].read(crops)
        judged = [_judged(item, FigureReading(each, 1, 1)) for item, each in zip(audits, read, strict=True)]
        if (line := _line(judged, calibration_of(name))) is not None:
            lines[name] = line
        said[name] = [recalibrated(each, lines.get(name, calibration_of(name))) for each in read]
    merged = combine(said[OWN[0]], said[OWN[1]], bare)
    cases: dict[str, list[Judged]] = {case: [] for case in CASES}
    for item, reading, *both in zip(audits, merged, *(said[name] for name in OWN), strict=True):
        if reading.alternatives:
            cases[case_among(sum(map(bool, both)), reading.witnesses)].append(_judged(item, reading))
    for case, judged in cases.items():
        if (line := _line(judged, calibration_of(case))) is not None:
            lines[case] = line
    return lines


def _line(judged: Sequence[Judged], shipped: Calibration) -> Calibration | None:
    spoken = [each for each in judged if each.claimed > 0]
    if len(spoken) < LEAST_CELLS:
        return None
    found = fit(spoken, shipped, HELD_NEAR)
    return Calibration(round(found.offset, 4), round(found.slope, 4), shipped)


def _judged(item: Item, reading: FigureReading) -> Judged:
    right = says(reading.alternatives, item.settled.value)
    return Judged("", claim(reading), right, reading.witnesses, item.weight)


def log_loss(claimed: float, *, right: bool, least: float = 1e-6) -> float:
    """Nats that a claim costs: what was right and doubted costs, and what was wrong and believed costs more.

    >>> round(log_loss(0.9, right=True), 3), round(log_loss(0.9, right=False), 3)
    (0.105, 2.303)
    """
    held = min(max(claimed, least), 1.0 - least)
    return -math.log(held if right else 1.0 - held)
