"""Every cell of a form decided together: what it most likely says, and by how much."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from layouts.model import Control, Place, Relation
from postprocess.records import Figure
from validate.joint.domains import Domain, Domains, domains
from validate.joint.patterns import Patterns, patterns
from validate.joint.program import UNLISTED, Prices, Program, Solution
from validate.ledger import sign
from validate.records import Choice
from validate.settings import Settings

PROPER = 2  # filled cells up to which a sum only repeats a figure
ROUNDED_APART = 3.0  # of so many forms rounded figure by figure, a sum comes out exactly in one


@dataclass(frozen=True, slots=True)
class Decision:
    """What the joint decision made of a form."""

    choices: Mapping[Place, Choice]  # of the cells that had something to choose
    values: Mapping[Place, int]  # index of the candidate each of them takes
    slips: frozenset[Control]  # that the respondent must have broken, in the best explanation
    rounded: bool  # whether it takes the figures to be rounded each on its own
    whole: bool  # False: the search was too long, nothing is decided
    domains: Domains


def choose(figures: Sequence[Figure], controls: Sequence[Control], settings: Settings) -> Decision:
    """Decide a form: the readings of least cost under its rules, and each cell's margin over reading otherwise.

    Two explanations compete for every rule that does not hold as read: a cell says something else than its reader
    thought, or the respondent slipped. Figures of pages that are missing can be anything. Margins are lower bounds
    where the search was cut short; results do not depend on how fast the machine is.
    """
    prices = _prices(figures, controls, settings)
    cells = domains(figures, prices.slip + settings.reach, settings)
    ruled = [c for c in controls if any(cells.cells[place].open for place in c.places)]
    equalities = [
        patterns(c, cells, prices.slip + settings.reach, _left_over(c, cells))
        for c in ruled
        if c.rule.relation is Relation.EQUAL
    ]
    others = [c for c in ruled if c.rule.relation is not Relation.EQUAL]
    program = Program(cells, _once(equalities), others, prices)
    best = program.best()
    if not best.whole:
        return Decision({}, {}, frozenset(), rounded=False, whole=False, domains=cells)
    limit = min([settings.reach, *(p.complete - prices.slip for p in equalities)])
    through = _through(controls, cells, best)
    least = _least_margins(cells, equalities, prices)
    choices = {
        place: _choice(
            cells.cells[place], k, best, program, max(limit, 0.0), through.get(place, ()), *least[place]
        )
        for place, k in best.choice.items()
    }
    return Decision(choices, best.choice, best.slips, best.rounded, whole=True, domains=cells)


def _prices(figures: Sequence[Figure], controls: Sequence[Control], settings: Settings) -> Prices:
    """What the respondent's mistakes cost on a form with so many figures and so many sums."""
    filled = {f.reading.place for f in figures if f.written.strip()}
    sums = [c for c in controls if c.rule.relation is Relation.EQUAL]
    telling = sum(1 for c in sums if len(filled.intersection(c.places)) > PROPER)
    slip = math.log(max(len(filled), 1) / settings.respondent_error) + math.log(settings.slip_values)
    return Prices(slip, math.log(1 / settings.rounding_error) + telling * math.log(ROUNDED_APART))


def _left_over(control: Control, cells: Domains) -> int:
    """What rounding every figure of a sum on its own may leave over, in the domains' unit."""
    terms = sum(1 for p in control.places if any(c.value for c in cells.cells[p].candidates[:1]))
    return terms // 2


def _once(equalities: Sequence[Patterns]) -> list[Patterns]:
    """Equalities that compare the same cells, once each."""
    return list({(p.control.rule.each, p.control.places): p for p in reversed(equalities)}.values())[::-1]


def _through(
    controls: Sequence[Control], cells: Domains, best: Solution
) -> Mapping[Place, Sequence[tuple[Control, bool]]]:
    """The equalities through each cell, and whether each holds in the best explanation."""
    found: dict[Place, list[tuple[Control, bool]]] = defaultdict(list)
    for control in controls:
        if control.rule.relation is Relation.EQUAL:
            values = [_value(cells.cells[place], best) for place in control.places]
            known = [value for value in values if value is not None]
            signed = sum(sign(control, p) * v for p, v in zip(control.places, values, strict=True) if v is not None)
            holds = len(known) == len(values) and abs(signed) <= cells.value(control.rule.tolerance)
            for place in control.places:
                found[place].append((control, holds))
    return found


def _value(domain: Domain, best: Solution) -> int | None:
    """What a cell holds in the best explanation; None where that is none of its candidates."""
    k = best.choice.get(domain.place, 0)
    return domain.candidates[k].value if k != UNLISTED and domain.candidates else None


def _least_margins(
    cells: Domains, equalities: Sequence[Patterns], prices: Prices
) -> Mapping[Place, tuple[float, float]]:
    """What any explanation costs at least in which a cell says something else than was read, and something unlisted.

    Where the sums through it come out as read, something else of theirs must say something else too, or somebody slipped.
    """
    least = {place: _second(domain) for place, domain in cells.cells.items()}
    repairs: dict[Place, float] = defaultdict(float)
    for each in equalities:
        if len(each.cells) == 0 or not any((each.choices == 0).all(axis=1) & each.exact):
            continue
        if any(not cells.cells[place].candidates for place in each.control.places):
            continue
        dearest = sorted((least[place], place) for place in each.control.places)[:2]
        for place in each.cells:
            repairs[place] += next((cost for cost, other in dearest if other != place), math.inf)
    slip = min(prices.slip, prices.rounding)
    found = {}
    for place, domain in cells.cells.items():
        repair = min(slip, repairs.get(place, 0.0))
        found[place] = (min(_second(domain, same=True), least[place] + repair), domain.unlisted + repair)
    return found


def _second(domain: Domain, *, same: bool = False) -> float:
    """What it costs at least that a cell adds something else to its sums than was read; `same`: that it adds the same."""
    first = domain.candidates[0].value if domain.candidates else None
    costs = [c.cost for c in domain.candidates[1:] if (c.value == first) == same]
    return min([*costs, math.inf if same else domain.unlisted])


def _choice(
    domain: Domain,
    k: int,
    best: Solution,
    program: Program,
    limit: float,
    through: Sequence[tuple[Control, bool]],
    least: float,
    least_away: float,
) -> Choice:
    """What the decision made of one cell."""
    read = domain.candidates[0].amount if domain.candidates else None
    holding = tuple(f"{c.rule.id}@{c.at}" for c, holds in through if holds)
    broken = tuple(f"{c.rule.id}@{c.at}" for c, holds in through if not holds)
    enough = best.cost + limit
    if k == UNLISTED:
        kept = program.only(domain.place, 0, enough).cost if domain.candidates else math.inf
        return Choice(read, max(best.cost - kept, -limit), None, holding, broken)
    if k == 0 and least - best.cost >= limit:
        return Choice(read, limit, None, holding, broken)
    other = program.without(domain.place, k, enough)
    away = program.only(domain.place, UNLISTED, enough).cost if broken else best.cost + least_away
    rival = other.choice.get(domain.place, UNLISTED) if other.cost <= away else UNLISTED
    amount = domain.candidates[rival].amount if rival != UNLISTED else None
    return Choice(read, min(min(other.cost, away) - best.cost, limit), amount, holding, broken)
