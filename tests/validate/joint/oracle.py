"""The joint decision by plain enumeration: slow, short, and sharing nothing with the integer program."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from layouts.model import Control, Place, Relation
from validate.joint.domains import Domains
from validate.joint.program import APART, DIGITS_AWAY, UNLISTED, Prices
from validate.ledger import sign


@dataclass(frozen=True)
class Explanation:
    """One way to explain a form."""

    cost: float
    choice: Mapping[Place, int]


@dataclass(frozen=True)
class Oracle:
    """Every explanation of a small form up to some cost."""

    cells: Domains
    controls: Sequence[Control]
    prices: Prices
    rounding: Mapping[Control, int]

    def explanations(self, most: float) -> list[Explanation]:
        """The cheapest explanation for each choice of readings that has one of at most this cost."""
        return [
            Explanation(cost, choice)
            for taken, choice in self._choices(most)
            if (cost := min(self._explained(taken, choice, rounded=rounded) for rounded in (False, True))) <= most
        ]

    def _choices(self, most: float) -> Iterator[tuple[float, dict[Place, int]]]:
        used = {place for control in self.controls for place in control.places}
        open_cells = [d for place, d in self.cells.cells.items() if place in used and d.open]
        ways = [
            [
                *((k, c.cost) for k, c in enumerate(d.candidates)),
                *([(UNLISTED, d.unlisted)] * math.isfinite(d.unlisted)),
            ]
            for d in open_cells
        ]

        def grown(at: int, cost: float, taken: tuple[int, ...]) -> Iterator[tuple[float, dict[Place, int]]]:
            if at == len(ways):
                yield cost, dict(zip((d.place for d in open_cells), taken, strict=True))
                return
            for k, more in ways[at]:
                if cost + more <= most:
                    yield from grown(at + 1, cost + more, (*taken, k))

        yield from grown(0, 0.0, ())

    def _explained(self, cost: float, choice: Mapping[Place, int], *, rounded: bool) -> float:
        """What the choice costs with the cheapest slips that make it possible."""
        cost += self.prices.rounding if rounded else 0.0
        broken = frozenset(c for c in self.controls if not self._answered(c, choice, rounded=rounded))
        away = [place for place, k in choice.items() if k == UNLISTED and self.cells.cells[place].candidates]
        if rounded or not away:
            return cost + self._cover(broken)
        through = sorted({c for p in away for c in self._equalities(p)} - broken, key=lambda c: (c.rule.id, c.at))
        ways = (
            broken | set(more) for size in range(len(through) + 1) for more in itertools.combinations(through, size)
        )
        return cost + min(
            (self._cover(slipped) for slipped in ways if all(self._can_be(p, choice, slipped) for p in away)),
            default=math.inf,
        )

    def _equalities(self, place: Place) -> list[Control]:
        return [c for c in self.controls if c.rule.relation is Relation.EQUAL and place in c.places]

    def _values(self, control: Control, choice: Mapping[Place, int]) -> list[int] | None:
        found = []
        for place in control.places:
            domain, k = self.cells.cells[place], choice.get(place, 0)
            if k == UNLISTED or not domain.candidates:
                return None
            found.append(sign(control, place) * domain.candidates[k].value)
        return found

    def _answered(self, control: Control, choice: Mapping[Place, int], *, rounded: bool) -> bool:
        values = self._values(control, choice)
        if values is None:
            return True
        slack = self.cells.value(control.rule.tolerance)
        if control.rule.relation is Relation.EQUAL:
            return abs(sum(values)) <= (max(slack, self.rounding[control]) if rounded else slack)
        return sum(values) >= -slack

    def _cover(self, broken: frozenset[Control]) -> float:
        """The cheapest slips that answer for these controls: each in one of them, or at a crossing of equalities."""
        if not broken:
            return 0.0
        first = min(broken, key=lambda c: (c.rule.id, c.at))
        costs = [self.prices.slip + self._cover(broken - {first})]
        for place in first.places:
            if len(self._equalities(place)) > 1:
                rest = frozenset(c for c in broken if place not in c.places)
                costs.append(self.prices.slip + APART + self._cover(rest))
        return min(costs)

    def _can_be(self, place: Place, choice: Mapping[Place, int], slipped: frozenset[Control]) -> bool:
        """Whether an unlisted figure there could make every equality hold in which nobody slipped."""
        domain, said = self.cells.cells[place], set()
        whole = 10**self.cells.decimals
        for control in self._equalities(place):
            if control in slipped:
                continue
            values = self._values(control, {**choice, place: 0})
            if values is not None:
                own = sign(control, place)
                said.add(own * (own * domain.candidates[0].value - sum(values)))
        listed = {c.value for c in domain.candidates}
        size = len(str(abs(domain.candidates[0].value) // whole))
        fit = all(v >= 0 and v not in listed and abs(len(str(v // whole)) - size) <= DIGITS_AWAY for v in said)
        return fit and len(said) <= 1
