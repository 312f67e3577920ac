"""Who is wrong: the paper's likeliest figures, given the pixels, what people typed and whether sums hold."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from compare.groups import Group
from compare.items import Component, Item, Values, components, items_of
from compare.likelihood import (
    Alternatives,
    Rates,
    group_machine,
    group_person,
    machine_sees,
    person_says,
    respondent_wrote,
)
from compare.records import Amounts, Difference, MachineForm, Party, Slip, Verdict
from compare.slips import THOUSAND
from layouts.model import Control, Layout, Place, Relation
from layouts.rules import holds

CLEAR = 0.9  # probability from which a party is named
STATES = 1024  # joint cases of cells that share sums which are all looked at; of more, each is decided in turn
ROUNDS = 4  # of deciding in turn
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Case:
    """One form with all that is known of it."""

    machine: MachineForm
    entries: tuple[Amounts, ...]
    layout: Layout
    alternatives: Mapping[Place, Alternatives]
    rates: Rates = field(default_factory=Rates)


def judge(
    case: Case, differences: Sequence[tuple[Difference, ...]], groups: Sequence[tuple[Group, ...]]
) -> list[tuple[Verdict, ...]]:
    """A verdict on every difference of every entry, in their order; differences and groups are given entry by entry."""
    figures = [tuple(d for d in of_entry if d.slip is not Slip.BLANK_ZERO) for of_entry in differences]
    items = items_of([case.machine.amounts, *case.entries], figures, groups, case.layout)
    beliefs: dict[Place, _Belief] = {}
    for component in components(items, case.layout):
        for belief in _decide(case, component):
            beliefs |= dict.fromkeys(belief.item.places, belief)
    return [
        tuple(
            _verdict(each, beliefs[each.place], party) if each.place in beliefs else _nothing(case, each)
            for each in of_entry
        )
        for party, of_entry in enumerate(differences, start=1)
    ]


@dataclass(frozen=True, slots=True)
class _Belief:
    """What is believed of one item: the probability of each candidate, and of what each party did about it."""

    item: Item
    paper: Mapping[Values, float]
    edited: tuple[float, ...]  # for each party: that it put the respondent's figure right
    by_controls: bool


State = tuple[Values, ...]  # what the paper says in each item of a component


def _decide(case: Case, component: Component) -> Iterator[_Belief]:
    choices = [item.candidates for item in component.items]
    if math.prod(len(choice) for choice in choices) <= STATES:
        scored = [(state, _score(case, component, state)) for state in product(*choices)]
        yield from _marginals(component, scored)
        return
    starts = [tuple(item.words[party] for item in component.items) for party in range(1 + len(case.entries))]
    state = max(
        (_climbed(case, component, each) for each in starts), key=lambda each: _score(case, component, each).total
    )
    for at in range(len(choices)):
        scored = [(each, _score(case, component, each)) for each in _variants(state, at, choices[at])]
        yield list(_marginals(component, scored))[at]


def _climbed(case: Case, component: Component, state: State) -> State:
    """The state that deciding item by item leads to from this one."""
    for _ in range(ROUNDS):
        for at, item in enumerate(component.items):
            state = max(_variants(state, at, item.candidates), key=lambda each: _score(case, component, each).total)
    return state


def _variants(state: State, at: int, choices: Iterable[Values]) -> list[State]:
    return [(*state[:at], choice, *state[at + 1 :]) for choice in choices]


def _marginals(component: Component, scored: Sequence[tuple[State, _Score]]) -> Iterator[_Belief]:
    most = max(score.total for _, score in scored)
    weights = [math.exp(score.total - most) for _, score in scored]
    whole = sum(weights)
    failing = {score.failing for _, score in scored}
    for at, item in enumerate(component.items):
        paper: dict[Values, float] = dict.fromkeys(item.candidates, 0.0)
        edited = [0.0] * len(item.words)
        for (state, score), weight in zip(scored, weights, strict=True):
            paper[state[at]] += weight / whole
            for party, share in enumerate(score.edited[at]):
                edited[party] += weight / whole * share
        yield _Belief(item, paper, tuple(edited), by_controls=len(failing) > 1)


@dataclass(frozen=True, slots=True)
class _Score:
    """How well one joint case explains what everybody said, in nats."""

    total: float
    failing: int  # sums of the paper that would not hold
    edited: tuple[tuple[float, ...], ...]  # for each item and party: the share of it that is an edit


def _score(case: Case, component: Component, state: State) -> _Score:
    paper = _with(case.machine.amounts, component.items, state)
    broken = {control for control in _telling(component) if not holds(control, paper)}
    total = _own_mistakes(broken, case.rates)
    mended = [{control for control in broken if holds(control, entry)} for entry in case.entries]
    edited: list[tuple[float, ...]] = []
    for item, values in zip(component.items, state, strict=True):
        total += _machine(case, item, values)
        shares = [0.0]
        for party in range(1, len(item.words)):
            right = any(not set(item.places).isdisjoint(control.places) for control in mended[party - 1])
            logp, share = _person(item, values, party, right=right, rates=case.rates)
            total += logp
            shares.append(share)
        edited.append(tuple(shares))
    return _Score(total, len(broken), tuple(edited))


def _telling(component: Component) -> Iterable[Control]:
    """The sums that tell: those of another paper, typed whole, come out by themselves."""
    foreign = {place for item in component.items if Slip.OTHER_FORM in item.slips for place in item.places}
    return (control for control in component.controls if foreign.isdisjoint(control.places))


def _with(amounts: Amounts, items: Sequence[Item], state: State) -> dict[Place, Decimal]:
    """The form as the paper would say it."""
    paper = dict(amounts)
    for item, values in zip(items, state, strict=True):
        for place, value in zip(item.places, values, strict=True):
            paper[place] = value or NOTHING
    return paper


def _machine(case: Case, item: Item, values: Values) -> float:
    """The pixels; or the machine misplaced all of the item at once."""
    cells = zip(item.places, values, strict=True)
    seen = sum(
        machine_sees(case.machine.cells.get(place), value, case.alternatives.get(place, {}), case.rates)
        for place, value in cells
    )
    slip = next((slip for slip in item.slips if slip and slip is not Slip.OTHER_FORM), None)  # it reads this very paper
    return max(seen, group_machine(slip)) if slip and values != item.words[0] else seen


def _person(item: Item, values: Values, party: int, *, right: bool, rates: Rates) -> tuple[float, float]:
    """Log-probability of what a person typed, and the share of it that is putting the respondent right."""
    said, slip = item.words[party], item.slips[party]
    if said == values:
        return math.log1p(-rates.person), 0.0
    erred = sum(person_says(one, other, rates) for one, other in zip(said, values, strict=True))
    if slip and values == item.words[0]:
        erred = max(erred, group_person(slip))
    edit = math.log(rates.converted) if slip is Slip.UNIT and _smaller(said, values) else None
    if edit is None and right and not slip:
        wrote = sum(respondent_wrote(other, one) for one, other in zip(said, values, strict=True) if one != other)
        edit = math.log(rates.edited) + wrote
    if edit is None:
        return erred, 0.0
    both = max(erred, edit) + math.log1p(math.exp(-abs(erred - edit)))
    return both, math.exp(edit - both)


def _smaller(said: Values, values: Values) -> bool:
    """Whether the person wrote thousands where the paper has single tenge."""
    return all(not one or not other or other == one * THOUSAND for one, other in zip(said, values, strict=True))


def _own_mistakes(broken: Iterable[Control], rates: Rates) -> float:
    """Log-probability that the respondent's own figures break these controls: one wrong figure may break several."""
    left, total = set(broken), 0.0
    while left:
        counts = Counter(place for control in left for place in control.places)
        place = max(counts, key=lambda each: (counts[each], each))
        together = {control for control in left if place in control.places}
        total += math.log(min(_rate(control, rates) for control in together))
        left -= together
    return total


def _rate(control: Control, rates: Rates) -> float:
    return rates.at_least if control.rule.relation is Relation.AT_LEAST else rates.equal


# --- words for it


def _verdict(difference: Difference, belief: _Belief, party: int) -> Verdict:
    item = belief.item
    machine, said = item.words[0], item.words[party]
    shares = {
        Party.MACHINE: sum(p for values, p in belief.paper.items() if values != machine),
        Party.RESPONDENT: belief.edited[party],
    }
    shares[Party.PERSON] = max(0.0, belief.paper[machine] - shares[Party.RESPONDENT])
    wrong = max(shares, key=lambda each: shares[each])
    likeliest = max(belief.paper, key=lambda values: belief.paper[values])
    at = item.places.index(difference.place)
    neither = likeliest not in {machine, said}
    clear = shares[wrong] >= CLEAR and not neither
    evidence = _evidence(belief, party)
    return Verdict(difference, wrong if clear else Party.UNCLEAR, shares[wrong], likeliest[at], evidence)


def _nothing(case: Case, difference: Difference) -> Verdict:
    """Blank and zero are one figure: only the reading of the ink tells who is right."""
    cell = case.machine.cells.get(difference.place)
    sure = min(1 - case.rates.sure, cell.confidence) if cell else 1 - case.rates.sure
    return Verdict(difference, Party.PERSON if sure >= CLEAR else Party.UNCLEAR, sure, difference.machine)


def _evidence(belief: _Belief, party: int) -> tuple[str, ...]:
    item = belief.item
    others = [words for other, words in enumerate(item.words) if other not in {0, party}]
    told = [
        ("controls", belief.by_controls),
        ("entries", any(words in {item.words[0], item.words[party]} for words in others)),
        ("several-cells", len(item.places) > 1),
    ]
    return tuple(name for name, so in told if so)
