"""Agreement is not truth: cells on which machine and people agree, drawn by a seed and keyed once more by eye."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from compare.rates import Rate, clustered
from compare.records import Compared
from compare.run import Key
from layouts.model import Place

INKED_SHARE = 0.5  # of a sample; blanks are far more, and a figure lost is found among them
HALF_LEVEL = 0.975  # two rates are added, each with half the error probability


class Stratum(StrEnum):
    """What the machine and people agree on."""

    INKED = "inked"  # a figure, a zero
    BLANK = "blank"  # nothing


@dataclass(frozen=True, slots=True)
class Drawn:
    """One cell to be keyed once more, and what was agreed on; whoever keys it sees the image alone."""

    key: Key
    file: str
    place: Place
    stratum: Stratum
    agreed: Decimal | None


@dataclass(frozen=True, slots=True)
class Sample:
    """The cells drawn, in order of form and place, and how many there were to draw from."""

    size: int  # as asked for
    seed: str
    cells: tuple[Drawn, ...]
    population: Mapping[Stratum, int]


@dataclass(frozen=True, slots=True)
class Audit:
    """What keying once more came to."""

    wrong: Mapping[Stratum, Rate]  # of the agreed figures, by what the keyer read
    unkeyed: int
    missed: tuple[tuple[Drawn, Decimal | None], ...]  # agreed and wrong, with what was keyed


def draw(compared: Iterable[Compared], size: int, seed: str) -> Sample:
    """So many agreed cells, half of them inked where there are enough; the same seed draws the same cells."""
    every: dict[tuple[Key, Place], Drawn] = {(each.key, each.place): each for each in _agreed(compared)}
    strata = {stratum: [d for d in every.values() if d.stratum is stratum] for stratum in Stratum}
    inked = min(len(strata[Stratum.INKED]), max(round(size * INKED_SHARE), size - len(strata[Stratum.BLANK])))
    wanted = {Stratum.INKED: inked, Stratum.BLANK: size - inked}
    chosen = [
        each
        for stratum, cells in strata.items()
        for each in sorted(cells, key=lambda cell: _lot(seed, cell))[: wanted[stratum]]
    ]
    ordered = sorted(chosen, key=lambda cell: (cell.file, cell.key, _order(cell.place)))
    return Sample(size, seed, tuple(ordered), {stratum: len(cells) for stratum, cells in strata.items()})


def audit(sample: Sample, keyed: Mapping[tuple[Key, Place], Decimal | None], level: float = HALF_LEVEL) -> Audit:
    """How many agreed figures were wrong by what was keyed; None is blank, and a cell that is not there was not keyed.

    A zero keyed where a blank was agreed on, or the other way round, is no wrong figure.
    """
    missed = []
    by_form: dict[Stratum, dict[Key, list[bool]]] = {stratum: {} for stratum in Stratum}
    for cell in sample.cells:
        at = (cell.key, cell.place)
        if at not in keyed:
            continue
        wrong = (keyed[at] or None) != (cell.agreed or None)
        by_form[cell.stratum].setdefault(cell.key, []).append(wrong)
        if wrong:
            missed.append((cell, keyed[at]))
    rates = {
        stratum: clustered([(sum(each), len(each)) for each in forms.values()], level)
        for stratum, forms in by_form.items()
    }
    unkeyed = sum((cell.key, cell.place) not in keyed for cell in sample.cells)
    return Audit(rates, unkeyed, tuple(missed))


def claimed(disagreeing: Sequence[tuple[int, int]], found: Audit, population: Mapping[Stratum, int]) -> Rate:
    """The rate that may be claimed of filled cells: what differs and is wrong, and what agrees and is wrong as well.

    `disagreeing`: of each form the machine's wrong cells and its filled ones. Figures agreed to be blank that are none
    count as wrong filled cells. The interval adds both limits, each at half the error probability.
    """
    seen = clustered(disagreeing, HALF_LEVEL)
    if not seen.cells:
        return seen
    hidden_high = sum(found.wrong[stratum].high * population[stratum] for stratum in Stratum) / seen.cells
    hidden_low = sum(found.wrong[stratum].low * population[stratum] for stratum in Stratum) / seen.cells
    hidden = sum(found.wrong[stratum].share * population[stratum] for stratum in Stratum)
    return Rate(
        seen.hits + round(hidden), seen.cells, seen.forms, seen.low + hidden_low, min(1.0, seen.high + hidden_high)
    )


def _agreed(compared: Iterable[Compared]) -> Iterator[Drawn]:
    for each in compared:
        machine, typed = each.machine.amounts, each.entry.amounts
        for place in each.layout.places:
            cell = each.machine.cells.get(place)
            value = machine.get(place)
            if (value or None) == (typed.get(place) or None) and (cell is None or cell.accepted):
                stratum = Stratum.INKED if cell is not None else Stratum.BLANK
                yield Drawn(each.machine.key, each.machine.file, place, stratum, value)


def _lot(seed: str, cell: Drawn) -> str:
    source, form = cell.key
    return hashlib.sha256(f"{seed}\n{source}\n{form}\n{cell.place}".encode()).hexdigest()


def _order(place: Place) -> tuple[int, tuple[int, ...], str]:
    return place.section, tuple(int(part) for part in place.line.split(".") if part.isdecimal()), place.column
