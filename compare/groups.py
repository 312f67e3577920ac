"""Slips that explain several cells at once: another unit, a row or column off, typed from another form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from compare.records import Amounts, Slip
from compare.slips import THOUSAND, plain
from layouts.model import Layout, Place

TELLING = 2  # digits from which a figure found beside its place is hardly there by chance
ALIKE = 0.6  # share of a form's figures by which it is told to be another one's
UNLIKE = 0.3  # share up to which an entry has nothing to do with the form it names
FEWEST = 4  # figures a form needs to be told by them
SCOPES = (3, 3, 2, 2)  # figures in another unit that make a slip of the whole form, a section, a line, a column

OtherForm = Callable[[Amounts], float]  # the best share of these figures that another form of the run has


@dataclass(frozen=True, slots=True)
class Group:
    """Cells that one slip explains."""

    slip: Slip
    places: frozenset[Place]


def groups_of(
    machine: Amounts, manual: Amounts, differ: Iterable[Place], layout: Layout, other: OtherForm
) -> tuple[Group, ...]:
    """The slips that explain the most of these cells, each cell in one group at most.

    Cells that only differ in blank, dash and zero belong to a group where a moved figure left or covered them.
    """
    left = {place for place in differ if machine.get(place) or manual.get(place)}
    if _another(machine, manual, other):
        return (Group(Slip.OTHER_FORM, frozenset(left)),)
    found: list[Group] = []
    for group in (*_units(machine, manual, left, layout), *_shifts(machine, manual, left, layout)):
        rest = group.places & left
        if rest and (rest == group.places or len(rest) > 1):
            found.append(Group(group.slip, rest))
            left -= rest
    return tuple(found)


def _another(machine: Amounts, manual: Amounts, other: OtherForm) -> bool:
    """Whether the entry was typed from another paper than the one it names."""
    telling = {place: value for place, value in manual.items() if value}
    if len(telling) < FEWEST:
        return False
    same = sum(machine.get(place) == value for place, value in telling.items()) / len(telling)
    return same <= UNLIKE and other(telling) >= ALIKE


def _units(machine: Amounts, manual: Amounts, left: set[Place], layout: Layout) -> Iterator[Group]:
    """Whole forms, sections, lines and columns that are a thousand times the other's, the widest first."""
    both = [place for place in layout.places if machine.get(place) and manual.get(place)]
    ratio = {place: manual[place] / machine[place] for place in both}
    taken: set[Place] = set()
    scopes: tuple[Callable[[Place], object], ...] = (
        lambda _place: 0,
        lambda place: place.section,
        lambda place: (place.section, place.line),
        lambda place: (place.section, place.column),
    )
    for scope, fewest in zip(scopes, SCOPES, strict=True):
        for factor in (THOUSAND, 1 / THOUSAND):
            for members in _split(both, scope):
                hit = {place for place in members if ratio[place] == factor and place in left} - taken
                if len(hit) >= fewest and 3 * len(hit) >= 2 * len([p for p in members if p not in taken]):
                    taken |= hit
                    yield Group(Slip.UNIT, frozenset(hit))


def _split(places: Iterable[Place], scope: Callable[[Place], object]) -> Iterable[list[Place]]:
    by: dict[object, list[Place]] = {}
    for place in places:
        by.setdefault(scope(place), []).append(place)
    return by.values()


def _shifts(machine: Amounts, manual: Amounts, left: set[Place], layout: Layout) -> Iterator[Group]:
    """Figures that stand a row or two, or a column or two, from their place, the offset that explains most first."""
    grid = _Grid(layout)
    rest = set(left)
    while rest:
        offered = [_shifted(machine, manual, rest, grid, off) for off in _OFFSETS]
        moved, off, places = max(offered, key=lambda told: (told[0], len(told[2])))
        if not moved:
            return
        yield Group(Slip.ROW if off[0] else Slip.COLUMN, frozenset(places))
        rest -= places


_OFFSETS = ((1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (-2, 0), (0, 2), (0, -2))


def _shifted(
    machine: Amounts, manual: Amounts, rest: set[Place], grid: _Grid, off: tuple[int, int]
) -> tuple[int, tuple[int, int], set[Place]]:
    """How many figures stand this far off, and the cells that this explains: where they are and where they belong."""
    moves: dict[Place, Place] = {}
    for place in rest:
        home = grid.step(place, (-off[0], -off[1]))
        value = manual.get(place)
        if home is None or not value or machine.get(home) != value or manual.get(home) == value:
            continue
        if home in rest or not machine.get(home):
            moves[place] = home
    telling = sum(len(plain(manual[place]).replace(".", "")) >= TELLING for place in moves)
    homes = {home for home in moves.values() if home in rest}
    return telling, off, set(moves) | homes if telling else set()


class _Grid:
    """Which cell lies beside which."""

    def __init__(self, layout: Layout) -> None:
        self._lines = {table.section: [line.code for line in table.lines] for table in layout.tables}
        self._columns = {table.section: [c.number for c in table.amount_columns] for table in layout.tables}

    def step(self, place: Place, off: tuple[int, int]) -> Place | None:
        """The cell so many rows down and columns to the right; None beyond the table."""
        lines, columns = self._lines[place.section], self._columns[place.section]
        row, column = lines.index(place.line) + off[0], columns.index(place.column) + off[1]
        inside = 0 <= row < len(lines) and 0 <= column < len(columns)
        return Place(place.section, lines[row], columns[column]) if inside else None


def share_of(figures: Amounts, of: Mapping[Place, Decimal]) -> float:
    """The share of these figures that stand in the same place of another form."""
    return sum(of.get(place) == value for place, value in figures.items()) / len(figures) if figures else 0.0
