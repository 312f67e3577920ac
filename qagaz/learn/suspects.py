"""Corrections that are likely wrong themselves: set aside, with the reason, before anything is learnt from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from scipy import stats

from extract.readers.combine import FigureReading
from qagaz.learn.meaning import chance, claim, says
from qagaz.learn.records import Aside, Item, Spot, Use, Why

SURE = 0.98  # what two readers together claim, from which another word is suspicious …
UNTHOUGHT = 0.002  # … where they leave no more than this to it
LEAST_WORDS = 10  # of a person, from which they are compared with others
MANY = 0.15  # of a person's words contradicted, at least …
BY_CHANCE = 0.001  # … and by chance so many would be no more often than this
USUAL = 0.02  # of the words of people who key with care that are contradicted all the same


def suspicious(items: Sequence[Item], readings: Sequence[FigureReading]) -> list[Aside]:
    """What is to be set aside of these settled cells, read as `readings`.

    A correction goes if sure readers or the sums speak against it; an audit only if both do, for to throw out what the
    readers missed would make them look better than they are. Who is contradicted far more often than others is heard
    on nothing.
    """
    swapped = _swapped(items)
    against: dict[Spot, Why] = {}
    doubted: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for item, reading in zip(items, readings, strict=True):
        told = item.settled
        if told.use is Use.REHEARSAL:
            continue
        words[told.who] += 1
        sure = contradicted(reading, told.value)
        doubted[told.who] += sure or told.broken > 0
        if told.spot in swapped:
            against[told.spot] = Why.SWAPPED
        elif told.broken and (sure or told.use is Use.CORRECTION):
            against[told.spot] = Why.CONTROLS
        elif sure and told.use is Use.CORRECTION:
            against[told.spot] = Why.READERS
    careless = {who for who in words if _careless(who, doubted, words)}
    return [
        Aside(told.spot, told.who, Why.PERSON if told.who in careless else against[told.spot])
        for told in (item.settled for item in items)
        if told.use is not Use.REHEARSAL and (told.who in careless or told.spot in against)
    ]


def contradicted(reading: FigureReading, value: str) -> bool:
    """Whether two readers are sure of another figure and leave next to nothing to this one."""
    agreed = reading.witnesses > 1 and claim(reading) >= SURE
    return agreed and not says(reading.alternatives, value) and chance(reading, value) < UNTHOUGHT


def _swapped(items: Sequence[Item]) -> set[Spot]:
    """Cells of a form that have each other's figures."""
    by_form: dict[tuple[str, int], list[Item]] = {}
    for item in items:
        if item.settled.use is not Use.REHEARSAL and item.settled.value != item.settled.machine:
            by_form.setdefault(item.settled.key, []).append(item)
    found: set[Spot] = set()
    for own in by_form.values():
        said = {(item.settled.value, item.settled.machine): item.settled.spot for item in own}
        for (value, machine), spot in said.items():
            if (machine, value) in said and value and machine:
                found |= {spot, said[machine, value]}
    return found


def _careless(who: str, doubted: Mapping[str, int], words: Mapping[str, int]) -> bool:
    """Whether so many contradictions of one person are no chance, by what is usual and by what others have."""
    count, wrong = words[who], doubted[who]
    others = sum(n for name, n in words.items() if name != who)
    usual = max(USUAL, (sum(n for name, n in doubted.items() if name != who) + 1) / (others + 50))
    return count >= LEAST_WORDS and wrong >= MANY * count and float(stats.binom.sf(wrong - 1, count, usual)) < BY_CHANCE
