"""What is decided together: cells of one slip as one item, items whose cells share sums as one component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compare.groups import Group
from compare.records import Amounts, Difference, Slip
from layouts.model import Control, Layout, Place, RuleSet
from layouts.rules import controls

Values = tuple[Decimal | None, ...]  # of an item's places, in order; blank and zero are both None


@dataclass(frozen=True, slots=True)
class Item:
    """Cells that are decided together, and what each party says of them; the machine is the first party."""

    places: tuple[Place, ...]
    words: tuple[Values, ...]
    slips: tuple[Slip | None, ...]  # of each party that differs from the machine by one slip of several cells

    @property
    def candidates(self) -> tuple[Values, ...]:
        """What the paper may say, each once; the machine's word first."""
        return tuple(dict.fromkeys(self.words))


@dataclass(frozen=True, slots=True)
class Component:
    """Items whose cells share sums, with those sums."""

    items: tuple[Item, ...]
    controls: tuple[Control, ...]


def items_of(
    parties: Sequence[Amounts],
    differences: Sequence[tuple[Difference, ...]],
    groups: Sequence[tuple[Group, ...]],
    layout: Layout,
) -> list[Item]:
    """Every differing cell once. Parties: the machine, then each entry; differences and groups entry by entry.

    Overlapping groups of several entries become one item; what is in no group stands alone.
    """
    together: list[tuple[set[Place], dict[int, Slip]]] = []
    for party, of_entry in enumerate(groups, start=1):
        for group in of_entry:
            merged = (set(group.places), {party: group.slip})
            for other in [each for each in together if each[0] & group.places]:
                merged = (merged[0] | other[0], other[1] | merged[1])
                together.remove(other)
            together.append(merged)
    grouped = {place for places, _slips in together for place in places}
    alone = dict.fromkeys(d.place for of_entry in differences for d in of_entry if d.place not in grouped)
    together += [({place}, {}) for place in alone]
    order = {place: number for number, place in enumerate(layout.places)}
    return [_item(parties, sorted(places, key=order.__getitem__), slips) for places, slips in together]


def _item(parties: Sequence[Amounts], places: Sequence[Place], slips: Mapping[int, Slip]) -> Item:
    words = tuple(tuple(said.get(place) or None for place in places) for said in parties)
    return Item(tuple(places), words, tuple(slips.get(party) for party in range(len(parties))))


def components(items: Sequence[Item], layout: Layout) -> Iterator[Component]:
    """Items that some control of the table ties together, directly or through others."""
    every = controls(layout, RuleSet.TABLE)
    left = list(items)
    while left:
        members = [left.pop(0)]
        while True:
            places = {place for item in members for place in item.places}
            touched = tuple(control for control in every if places.intersection(control.places))
            near = {place for control in touched for place in control.places}
            joining = [item for item in left if near.intersection(item.places)]
            if not joining:
                break
            members += joining
            left = [item for item in left if item not in joining]
        yield Component(tuple(members), touched)
