"""Counted over a whole comparison: who errs how often, in which way, where, and how far confidence can be believed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from compare.rates import Cluster, Rate, clustered
from compare.records import Compared, Party, Slip, Verdict
from compare.run import Key
from compare.slips import plain
from layouts.model import Place

BINS = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0)  # edges of confidence: errors are rare where it is high
NOBODY = ""  # whoever is not named
NO_INK = "none"


@dataclass(frozen=True, slots=True)
class Bin:
    """Cells the machine claims to be this sure of, and how many of them it read right."""

    low: float
    high: float
    cells: int
    claimed: float  # mean confidence
    wrong: Rate


@dataclass(frozen=True, slots=True)
class Split:
    """One value of a dimension: both parties' rates there."""

    dimension: str
    value: str
    machine: Rate
    person: Rate


@dataclass(frozen=True, slots=True)
class Tally:
    """What a comparison comes to. Rates are over filled cells: those in which the machine or an entry has something."""

    forms: int
    cells: int  # filled ones, once for each entry
    agreeing: int
    classes: Mapping[tuple[Slip, Party], int]
    machine: Rate  # accepted cells that the machine has wrong
    machine_all: Rate  # those that await review among them
    person: Rate
    unclear: int
    respondent: int
    slips: Mapping[Party, Rate]  # a slip of several cells counted once
    money: Mapping[Party, Decimal]  # thousand tenge by which wrong figures are off
    amount: Decimal  # thousand tenge of all figures that were compared
    splits: tuple[Split, ...]
    digits: Mapping[Party, Mapping[tuple[str, str], int]]  # (paper's digit, digit said) where one digit was exchanged
    bins: tuple[Bin, ...]


def tally(compared: Sequence[Compared]) -> Tally:
    """Everything counted over all forms and entries."""
    verdicts = [(each, verdict) for each in compared for verdict in each.verdicts]
    figures = [(each, verdict) for each, verdict in verdicts if verdict.difference.slip is not Slip.BLANK_ZERO]
    cells = sum(len(filled(each)) for each in compared)
    return Tally(
        forms=len({each.machine.key for each in compared}),
        cells=cells,
        agreeing=cells - len(figures),
        classes=Counter((verdict.difference.slip, verdict.wrong) for _each, verdict in verdicts),
        machine=clustered(machine_clusters(compared)),
        machine_all=clustered(machine_clusters(compared, accepted=False)),
        person=_person_rate(compared),
        unclear=sum(verdict.wrong is Party.UNCLEAR for _each, verdict in figures),
        respondent=sum(verdict.wrong is Party.RESPONDENT for _each, verdict in figures),
        slips={party: _slips(compared, party) for party in (Party.MACHINE, Party.PERSON)},
        money={party: _money(figures, party) for party in Party},
        amount=sum((abs(value) for each in compared for value in each.machine.amounts.values()), Decimal(0)),
        splits=tuple(_splits(compared)),
        digits={party: Counter(_digits(figures, party)) for party in (Party.MACHINE, Party.PERSON)},
        bins=tuple(_bins(compared)),
    )


def filled(compared: Compared) -> frozenset[Place]:
    """The cells in which the machine or the entry has a figure, zero included, or ink that awaits review."""
    return frozenset(compared.machine.cells) | frozenset(compared.entry.amounts)


def machine_clusters(compared: Iterable[Compared], *, accepted: bool = True) -> list[Cluster]:
    """The machine's wrong cells and its filled ones, of each form once, however many people typed it."""
    forms: dict[Key, tuple[set[Place], set[Place]]] = {}
    for each in compared:
        cells, wrong = forms.setdefault(each.machine.key, (set(), set()))
        cells |= {place for place in filled(each) if not accepted or _accepted(each, place)}
        wrong |= _wrong(each, Party.MACHINE) & cells
    return [(len(wrong), len(cells)) for cells, wrong in forms.values()]


def _person_rate(compared: Iterable[Compared]) -> Rate:
    return clustered([(len(_wrong(each, Party.PERSON)), len(filled(each))) for each in compared])


def _wrong(compared: Compared, party: Party) -> set[Place]:
    """The cells in which this party's figure is wrong; a zero for a blank is no wrong figure."""
    return {
        verdict.difference.place
        for verdict in compared.verdicts
        if verdict.wrong is party and verdict.difference.slip is not Slip.BLANK_ZERO
    }


def _accepted(compared: Compared, place: Place) -> bool:
    return place not in compared.machine.cells or compared.machine.cells[place].accepted


def _slips(compared: Iterable[Compared], party: Party) -> Rate:
    clusters = []
    for each in compared:
        slips = {
            verdict.difference.group or str(verdict.difference.place)
            for verdict in each.verdicts
            if verdict.wrong is party and verdict.difference.slip is not Slip.BLANK_ZERO
        }
        clusters.append((len(slips), len(filled(each))))
    return clustered(clusters)


def _money(figures: Iterable[tuple[Compared, Verdict]], party: Party) -> Decimal:
    off = (
        abs((verdict.difference.machine or 0) - (verdict.difference.manual or Decimal(0)))
        for _each, verdict in figures
        if verdict.wrong is party
    )
    return sum(off, Decimal(0))


def _line(_compared: Compared, place: Place) -> str:
    return f"s{place.section}/{place.line}"


def _column(_compared: Compared, place: Place) -> str:
    return f"s{place.section}/{place.column}"


def _reader(compared: Compared, place: Place) -> str:
    return compared.machine.cells[place].reader if place in compared.machine.cells else NOBODY


def _ink(compared: Compared, place: Place) -> str:
    return compared.machine.cells[place].ink if place in compared.machine.cells else NO_INK


def _folder(compared: Compared, _place: Place) -> str:
    return compared.machine.file.rpartition("/")[0]


def _table(compared: Compared, _place: Place) -> str:
    return compared.entry.table


def _operator(compared: Compared, _place: Place) -> str:
    return compared.entry.operator or NOBODY


DIMENSIONS: Mapping[str, Callable[[Compared, Place], str]] = {
    "line": _line, "column": _column, "reader": _reader, "ink": _ink, "folder": _folder, "table": _table,
    "operator": _operator,
}  # fmt: skip


def _splits(compared: Sequence[Compared]) -> Iterator[Split]:
    """Every dimension that has more than one value."""
    wrong = [{party: _wrong(each, party) for party in (Party.MACHINE, Party.PERSON)} for each in compared]
    for name, dimension in DIMENSIONS.items():
        by: dict[str, list[tuple[int, Counter[Party]]]] = defaultdict(list)
        for each, of_party in zip(compared, wrong, strict=True):
            places: dict[str, set[Place]] = defaultdict(set)
            for place in filled(each):
                places[dimension(each, place)].add(place)
            for value, of_value in places.items():
                counts = Counter({party: len(them & of_value) for party, them in of_party.items()})
                by[value].append((len(of_value), counts))
        if len(by) > 1:
            for value in sorted(by):
                rates = [clustered([(c[p], n) for n, c in by[value]]) for p in (Party.MACHINE, Party.PERSON)]
                yield Split(name, value, *rates)


def _digits(figures: Iterable[tuple[Compared, Verdict]], party: Party) -> Iterator[tuple[str, str]]:
    for _each, verdict in figures:
        difference = verdict.difference
        if verdict.wrong is not party or difference.slip is not Slip.SUBSTITUTED:
            continue
        said = difference.machine if party is Party.MACHINE else difference.manual
        paper = difference.manual if party is Party.MACHINE else difference.machine
        one, other = plain(paper or Decimal(0)), plain(said or Decimal(0))
        if len(one) == len(other):
            yield from ((a, b) for a, b in zip(one, other, strict=True) if a != b and a.isdigit() and b.isdigit())


def _bins(compared: Sequence[Compared]) -> Iterator[Bin]:
    """Confidence against what came out, over inked cells on which it is clear whether the machine is right."""
    told: list[list[tuple[float, bool, int]]] = [[] for _ in BINS[1:]]
    for number, each in enumerate(compared):
        judged = {verdict.difference.place: verdict for verdict in each.verdicts}
        for place, cell in each.machine.cells.items():
            verdict = judged.get(place)
            if verdict is not None and verdict.wrong is Party.UNCLEAR:
                continue
            wrong = verdict is not None and verdict.wrong is Party.MACHINE
            told[_bin(cell.confidence)].append((cell.confidence, wrong, number))
    for low, high, of_bin in zip(BINS, BINS[1:], told, strict=False):
        by_form: dict[int, list[bool]] = defaultdict(list)
        for _confidence, wrong, number in of_bin:
            by_form[number].append(wrong)
        rate = clustered([(sum(each), len(each)) for each in by_form.values()])
        claimed = sum(confidence for confidence, _wrong, _number in of_bin) / len(of_bin) if of_bin else 0.0
        yield Bin(low, high, len(of_bin), claimed, rate)


def _bin(confidence: float) -> int:
    return max(number for number, low in enumerate(BINS[:-1]) if confidence >= low or not number)


def matrix(classes: Mapping[tuple[Slip, Party], int]) -> list[tuple[Slip, list[int]]]:
    """Classes against parties, in their order, those classes alone that occur."""
    rows = {slip: [classes.get((slip, party), 0) for party in Party] for slip, party in product(Slip, Party)}
    return [(slip, counts) for slip, counts in rows.items() if any(counts)]
