"""Every way in which a sum comes out: exact whole numbers, found before any solver is asked.

A *pattern* of a control takes one candidate for each of its open cells so that the control holds. A program over
patterns has coefficients of 0 and 1 only: no large constant turns "off by one tenge" into "within the solver's
tolerance".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layouts.model import Control, Place
from validate.joint.domains import Domain, Domains
from validate.ledger import sign

MOST_HALF = 6_000  # choices followed for one half of a control's cells; the dearest are dropped first
MOST = 1_500  # patterns kept a control

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The patterns of one equality, the cheapest first."""

    control: Control
    cells: tuple[Place, ...]  # the open ones
    choices: npt.NDArray[np.int16]  # patterns × cells: indices of candidates
    exact: npt.NDArray[np.bool_]  # patterns: within the rule's tolerance, not only within what rounding may leave
    complete: float  # nats: of those that cost less, none was dropped


@dataclass(frozen=True, slots=True, eq=False)
class _Half:
    sums: Ints
    costs: Floats
    choices: npt.NDArray[np.int16]
    complete: float


def patterns(control: Control, domains: Domains, budget: float, rounding: int) -> Patterns:
    """The patterns of an equality that cost at most `budget` nats beyond every cell's cheapest.

    `rounding` is what rounding each figure on its own may leave over, in the domains' unit.
    """
    places = [place for place in control.places if domains.cells[place].open]
    fixed = sum(
        sign(control, place) * domains.cells[place].candidates[0].value
        for place in control.places
        if place not in places
    )
    places = [place for place in places if domains.cells[place].candidates]
    order = sorted(places, key=lambda place: -len(domains.cells[place].candidates))
    halves = [_half([domains.cells[p] for p in order[i::2]], control, budget) for i in (0, 1)]
    tolerance = domains.value(control.rule.tolerance)
    left, right, rest, complete = _joined(halves[0], halves[1], fixed, max(tolerance, rounding), budget)
    cells = (*order[0::2], *order[1::2])
    choices = np.concatenate([halves[0].choices[left], halves[1].choices[right]], axis=1)
    return Patterns(control, cells, choices, np.abs(rest) <= tolerance, complete)


def _half(cells: Sequence[Domain], control: Control, budget: float) -> _Half:
    half = _Half(np.zeros(1, np.int64), np.zeros(1), np.zeros((1, 0), np.int16), budget)
    for domain in cells:
        values = np.array([c.value for c in domain.candidates], np.int64) * sign(control, domain.place)
        costs = np.array([c.cost for c in domain.candidates])
        total = (half.costs[:, None] + costs[None, :]).ravel()
        kept, complete = _cheapest(total, np.flatnonzero(total <= half.complete), MOST_HALF, half.complete)
        before, which = np.divmod(kept, len(values))
        choices = np.concatenate([half.choices[before], which[:, None].astype(np.int16)], axis=1)
        half = _Half(half.sums[before] + values[which], total[kept], choices, complete)
    return half


def _cheapest(costs: Floats, among: Ints, most: int, complete: float) -> tuple[Ints, float]:
    """The cheapest of some choices, and up to which cost none was dropped."""
    if len(among) <= most:
        return among, complete
    order = among[np.argsort(costs[among], kind="stable")]
    return order[:most], min(complete, float(costs[order[most]]))


def _joined(first: _Half, second: _Half, fixed: int, slack: int, budget: float) -> tuple[Ints, Ints, Ints, float]:
    """Pairs of halves that add up to nothing within the slack, the cheapest first, and what each leaves over."""
    order = np.argsort(second.sums, kind="stable")
    sums = second.sums[order]
    wanted = -(first.sums + fixed)
    start, end = np.searchsorted(sums, wanted - slack, "left"), np.searchsorted(sums, wanted + slack, "right")
    counts = end - start
    left = np.repeat(np.arange(len(wanted)), counts)
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    right = order[np.repeat(start, counts) + within]
    costs = first.costs[left] + second.costs[right]
    kept = np.flatnonzero(costs <= budget)
    kept, complete = _cheapest(costs, kept[np.argsort(costs[kept], kind="stable")], MOST, budget)
    left, right = left[kept], right[kept]
    complete = min(complete, first.complete, second.complete)
    return left, right, first.sums[left] + second.sums[right] + fixed, complete
