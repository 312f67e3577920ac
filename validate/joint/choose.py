"""Every cell of a form decided together: what it most likely says, and by how much."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.records import Ink
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
    amounts: Mapping[Place, Decimal | None]  # of those that say something else than was read, by enough to believe it
    whole: bool = True  # False: the search was too long, nothing is decided


@dataclass(frozen=True, slots=True)
class _Sum:
    """An equality through a cell, in the best explanation."""

    control: Control
    holds: bool
    filled: int  # amounts in it other than nought

    @property
    def name(self) -> str:
        return f"{self.control.rule.id}@{self.control.at}"


def choose(figures: Sequence[Figure], controls: Sequence[Control], settings: Settings) -> Decision:
    """Decide a form: the readings of least cost under its rules, and each cell's margin over reading otherwise.

    Two explanations compete for every rule that does not hold as read: a cell says something else than its reader
    thought, or the respondent slipped. Figures of pages that are missing can be anything. Margins are lower bounds
    where the search was cut short; results do not depend on how fast the machine is.
    """
    prices = _prices(figures, controls, settings)
    cells = domains(figures, prices.slip + settings.reach, settings)
    ruled = [c for c in controls if any(cells.cells[place].open for place in c.places)]
    seen = [f.reading.place for f in figures if f.alternatives and f.reading.ink is not Ink.DIGITAL]
    if not seen:
        return Decision({}, {})
    equalities = [
        patterns(c, cells, prices.slip + settings.reach, _left_over(c, cells))
        for c in ruled
        if c.rule.relation is Relation.EQUAL
    ]
    others = [c for c in ruled if c.rule.relation is not Relation.EQUAL]
    program = Program(cells, _once(equalities), others, prices)
    best = program.best()
    if not best.whole:
        return Decision({}, {}, whole=False)
    limit = max(0.0, min([settings.reach, *(p.complete - prices.slip for p in equalities)]))
    case = _Case(program, best, limit, cells, _sums(controls, cells, best), _least_margins(cells, equalities, prices))
    choices: dict[Place, Choice] = {}
    amounts: dict[Place, Decimal | None] = {}
    for place, k in best.choice.items():
        choice = case.choice(place, k)
        if k > 0 and choice.margin >= settings.switch_margin:
            amounts[place] = cells.cells[place].candidates[k].amount
        elif k > 0:
            choice = case.kept(place, choice)
        choices[place] = choice
    certain = (place for place in seen if place in case.sums and place not in choices and cells.cells[place].candidates)
    choices |= {place: case.told(place) for place in certain}
    return Decision(
        {place: replace(each, cleared=_cleared(each, settings)) for place, each in choices.items()}, amounts
    )


def _cleared(choice: Choice, settings: Settings) -> bool:
    """Whether sums that fail through a cell are not its doing, to one in as many as errors are allowed.

    Where all of them fail it is the first that may have been misread, however sure its readers.
    """
    return bool(choice.holding) and choice.margin >= math.log(1.0 / settings.max_error)


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
    return terms * cells.last // 2


def _once(equalities: Sequence[Patterns]) -> list[Patterns]:
    """Equalities that compare the same cells, once each."""
    return list({(p.control.rule.each, p.control.places): p for p in reversed(equalities)}.values())[::-1]


def _sums(controls: Sequence[Control], cells: Domains, best: Solution) -> Mapping[Place, Sequence[_Sum]]:
    """The equalities through each cell, as the best explanation has them."""
    found: dict[Place, list[_Sum]] = defaultdict(list)
    for control in controls:
        if control.rule.relation is Relation.EQUAL:
            values = [_value(cells.cells[place], best) for place in control.places]
            known = [value for value in values if value is not None]
            signed = sum(sign(control, p) * v for p, v in zip(control.places, values, strict=True) if v is not None)
            holds = len(known) == len(values) and abs(signed) <= cells.value(control.rule.tolerance)
            for place in control.places:
                found[place].append(_Sum(control, holds, sum(1 for value in known if value)))
    return found


def _value(domain: Domain, best: Solution) -> int | None:
    """What a cell holds in the best explanation; None where that is none of its candidates."""
    k = best.choice.get(domain.place, 0)
    return domain.candidates[k].value if k != UNLISTED and domain.candidates else None


def _least_margins(
    cells: Domains, equalities: Sequence[Patterns], prices: Prices
) -> Mapping[Place, tuple[float, float]]:
    """What any explanation costs at least in which a cell says something else than was read, and something unlisted.

    Where the sums through it come out as read, something else of theirs must say something else too, or somebody
    slipped. One other cell may put several sums right at once: the dearest of them counts.
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
            repair = next((cost for cost, other in dearest if other != place), math.inf)
            repairs[place] = max(repairs[place], repair)
    slip = min(prices.slip, prices.rounding)
    found = {}
    for place, domain in cells.cells.items():
        repair = min(slip, repairs.get(place, 0.0))
        found[place] = (min(_second(domain, same=True), least[place] + repair), domain.unlisted + repair)
    return found


def _second(domain: Domain, *, same: bool = False) -> float:
    """What it costs at least that a cell adds something else to its sums than was read; with `same`, the same."""
    first = domain.candidates[0].value if domain.candidates else None
    costs = [c.cost for c in domain.candidates[1:] if (c.value == first) == same]
    return min([*costs, math.inf if same else domain.unlisted])


@dataclass(frozen=True, slots=True)
class _Case:
    """What there is to tell a cell's margin by."""

    program: Program
    best: Solution
    limit: float  # nats; margins are not told beyond
    cells: Domains
    sums: Mapping[Place, Sequence[_Sum]]
    least: Mapping[Place, tuple[float, float]]

    def told(self, place: Place) -> Choice:
        """What the sums through a cell say, of one about which there is no other doubt."""
        domain, sums = self.cells.cells[place], self.sums.get(place, ())
        return Choice(
            read=domain.candidates[0].amount if domain.candidates else None,
            margin=self.limit,
            holding=tuple(each.name for each in sums if each.holds),
            broken=tuple(each.name for each in sums if not each.holds),
            vouched=any(each.holds and each.filled > PROPER for each in sums),
        )

    def choice(self, place: Place, k: int) -> Choice:
        """What the best explanation made of one cell."""
        domain, best, told = self.cells.cells[place], self.best, self.told(place)
        if k == UNLISTED:
            return self.kept(place, told) if domain.candidates else replace(told, margin=0.0)
        least, least_away = self.least[place]
        enough = best.cost + self.limit
        if k == 0 and least - best.cost >= self.limit:
            return told
        other = self.program.without(place, k, enough)
        away = least_away if least_away >= enough else max(least_away, self.program.least_unlisted(place))
        margin = min(max(min(other.cost, away) - best.cost, 0.0), self.limit)
        if away < other.cost or not other.whole:
            return replace(told, margin=margin)
        rival = other.choice[place]
        return replace(
            told, margin=margin, rival=domain.candidates[rival].amount, together=self._differing(place, other)
        )

    def kept(self, place: Place, told: Choice) -> Choice:
        """Likewise of one that keeps its readers' word, though the best explanation has it say something else."""
        domain, k = self.cells.cells[place], self.best.choice[place]
        other = self.program.only(place, 0, self.best.cost + self.limit)
        margin = min(max(self.best.cost - other.cost, -self.limit), 0.0)  # the other may be none that can be
        rival = domain.candidates[k].amount if k != UNLISTED else None
        return replace(told, margin=margin, rival=rival, vouched=False, together=self._differing(place, other))

    def _differing(self, place: Place, other: Solution) -> tuple[Place, ...]:
        """The other cells that the two explanations read differently."""
        return tuple(p for p, k in other.choice.items() if p != place and k != self.best.choice[p])
