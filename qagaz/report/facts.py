"""What the report says, before it is put in words or drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from compare.rates import Rate
from compare.records import Compared, Party, Slip, Verdict
from compare.tally import NOBODY, Split
from layouts.model import Layout, Place
from qagaz.quality import Audited, Comparison

MOST = 200  # disagreements on the page; the table has all
WORST = 12  # values of a dimension on the page: those with the most errors
FEW = 30  # filled cells up to which a value of a dimension says too little to be shown


class Standing(StrEnum):
    """What the two rates say together; a verdict needs intervals that do not meet."""

    MACHINE_BETTER = "machine-better"
    PERSON_BETTER = "person-better"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Shown:
    """One disagreement on the page."""

    compared: Compared
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the page."""

    comparison: Comparison
    audited: Audited | None
    standing: Standing
    layouts: tuple[Layout, ...]
    maps: Mapping[Party, Mapping[tuple[str, Place], int]]  # (layout, cell) → forms in which it is wrong
    splits: Mapping[str, tuple[Split, ...]]
    shown: tuple[Shown, ...]
    disagreements: int  # in all, zeros for blanks not among them
    named: bool  # whether names of files, people and identifiers may stand on it

    @property
    def best(self) -> Rate:
        """The machine's rate that may be claimed: with errors alike where a sample was keyed once more."""
        return self.audited.claimed if self.audited else self.comparison.tally.machine


def report_of(comparison: Comparison, audited: Audited | None, *, named: bool) -> Report:
    """The facts of a comparison."""
    told = comparison.tally
    every = [Shown(each, verdict) for each in comparison.compared for verdict in each.verdicts]
    figures = [each for each in every if each.verdict.difference.slip is not Slip.BLANK_ZERO]
    layouts = {each.layout.id: each.layout for each in comparison.compared}
    machine = audited.claimed if audited else told.machine
    return Report(
        comparison,
        audited,
        _standing(machine, told.person),
        tuple(layouts.values()),
        {party: _map(figures, party) for party in (Party.MACHINE, Party.PERSON)},
        dict(_splits(told.splits, named=named)),
        tuple(sorted(figures, key=_weight)[:MOST]),
        len(figures),
        named,
    )


def _standing(machine: Rate, person: Rate) -> Standing:
    if machine.high < person.low:
        return Standing.MACHINE_BETTER
    return Standing.PERSON_BETTER if person.high < machine.low else Standing.OPEN


def _map(figures: Iterable[Shown], party: Party) -> Mapping[tuple[str, Place], int]:
    return Counter(
        (each.compared.layout.id, each.verdict.difference.place) for each in figures if each.verdict.wrong is party
    )


def _splits(splits: Sequence[Split], *, named: bool) -> Iterator[tuple[str, tuple[Split, ...]]]:
    """Of each dimension the values with the most errors; people and files only where they may be named."""
    for name in dict.fromkeys(split.dimension for split in splits):
        if not named and name in {"operator", "table", "folder"}:
            continue
        of = [s for s in splits if s.dimension == name and s.machine.cells > FEW and s.value != NOBODY]
        worst = sorted(of, key=lambda s: (-s.machine.hits - s.person.hits, s.value))[:WORST]
        if len(worst) > 1:
            yield name, tuple(worst)


def _weight(each: Shown) -> tuple[int, bool, Decimal]:
    """The machine's errors first, accepted ones before all, then what is open, then the rest; large ones first."""
    order = (Party.MACHINE, Party.UNCLEAR, Party.RESPONDENT, Party.PERSON)
    difference = each.verdict.difference
    cell = each.compared.machine.cells.get(difference.place)
    off = abs((difference.machine or Decimal(0)) - (difference.manual or Decimal(0)))
    return order.index(each.verdict.wrong), cell is not None and not cell.accepted, -off
