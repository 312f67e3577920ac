"""One form, machine and entries: every cell on which they differ, and who is wrong there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from compare.blame import Case, judge
from compare.groups import Group, groups_of
from compare.match import Figures
from compare.records import Amounts, Compared, Difference, Matched
from compare.run import Key, Readings
from compare.slips import slip_of
from layouts.model import Layout, Place

Fetch = Callable[[Key], Readings]


def differing(machine: Amounts, manual: Amounts, layout: Layout) -> tuple[Place, ...]:
    """The cells whose two figures are not the same, a blank beside a zero included."""
    return tuple(place for place in layout.places if machine.get(place) != manual.get(place))


def compare_form(matched: Matched, layout: Layout, figures: Figures, fetch: Fetch) -> tuple[Compared, ...]:
    """The form against each of its entries. Verdicts weigh all entries together."""
    machine = matched.machine.amounts
    groups: list[tuple[Group, ...]] = []
    differences: list[tuple[Difference, ...]] = []
    for entry in matched.entries:
        places = differing(machine, entry.amounts, layout)
        found = groups_of(
            machine, entry.amounts, places, layout, lambda told: figures.best_other(told, matched.machine)
        )
        groups.append(found)
        differences.append(_classed(machine, entry.amounts, places, found))
    alternatives = fetch(matched.machine.key) if any(differences) else {}
    case = Case(matched.machine, tuple(entry.amounts for entry in matched.entries), layout, alternatives)
    verdicts = judge(case, differences, groups)
    return tuple(
        Compared(matched.machine, entry, layout, told) for entry, told in zip(matched.entries, verdicts, strict=True)
    )


def _classed(
    machine: Amounts, manual: Amounts, places: Sequence[Place], groups: Sequence[Group]
) -> tuple[Difference, ...]:
    """Each differing cell with its class: that of the slip of several cells it belongs to, or its own."""
    of_group = {place: (number, group) for number, group in enumerate(groups, start=1) for place in group.places}
    return tuple(_difference(place, machine.get(place), manual.get(place), of_group.get(place)) for place in places)


def _difference(
    place: Place, machine: Decimal | None, manual: Decimal | None, of: tuple[int, Group] | None
) -> Difference:
    if of is None:
        return Difference(place, machine, manual, slip_of(machine, manual))
    number, group = of
    return Difference(place, machine, manual, group.slip, number)
