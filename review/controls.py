"""A form's controls over the figures as they stand now: the machine's word, and people's where they spoke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from layouts.model import Control, Layout, Relation, Rule, RuleSet
from layouts.rules import controls

ZERO = Decimal(0)

Stand = Literal["holds", "fails", "undecided"]


@dataclass(frozen=True, slots=True)
class Term:
    """One cell of a control. A blank cell counts zero."""

    place: str
    value: Decimal
    open: bool  # what stands in it is still asked about


@dataclass(frozen=True, slots=True)
class Balance:
    """One control and its two sides, in the form's unit. `key` is what a person answers it by."""

    key: str
    control: Control
    left: tuple[Term, ...]
    right: tuple[Term, ...]

    @property
    def rule(self) -> Rule:
        """The rule it is taken from."""
        return self.control.rule

    @property
    def terms(self) -> tuple[Term, ...]:
        """Both sides, left first."""
        return self.left + self.right

    @property
    def difference(self) -> Decimal:
        """Left − right."""
        return sum((t.value for t in self.left), ZERO) - sum((t.value for t in self.right), ZERO)

    @property
    def open(self) -> bool:
        """Whether one of its cells is still asked about."""
        return any(term.open for term in self.terms)

    @property
    def balanced(self) -> bool:
        """Whether the figures as they stand obey it, within its tolerance."""
        tolerance = self.rule.tolerance
        if self.rule.relation is Relation.EQUAL:
            return abs(self.difference) <= tolerance
        return self.difference >= -tolerance

    @property
    def stand(self) -> Stand:
        """Nothing can be told of it while one of its cells is asked about."""
        if self.open:
            return "undecided"
        return "holds" if self.balanced else "fails"


def balances(
    layout: Layout, values: Mapping[str, str], opened: AbstractSet[str], keys: Iterable[str] = ()
) -> tuple[Balance, ...]:
    """Every control of the table, and those of other rules that `keys` name, in the order of the layout.

    `values`: place → plain decimal, "" is blank; controls with a cell that has none are left out. `opened`: places
    still asked about. `keys`: of findings, as in `s2.columns@s2/1.7/1`; a control that a key names is known by it.
    """
    every = _spread(_Same(layout))
    named = _named([spread.control for spread in every], keys)
    terms = {place: Term(place, Decimal(value or 0), place in opened) for place, value in values.items()}
    found = []
    for spread in every:
        known = named.get(id(spread.control))
        wanted = known is not None or spread.control.rule.set is RuleSet.TABLE
        if wanted and terms.keys() >= spread.places:
            left, right = (tuple(terms[place] for place in side) for side in (spread.left, spread.right))
            found.append(Balance(known or spread.key, spread.control, left, right))
    return tuple(found)


def control_of(rule: str, places: Sequence[str], every: Iterable[Control]) -> Control | None:
    """The control a finding is about: of its rule the one that most of its places are in; None if it is of no rule.

    The first place, the culprit, decides between controls that share as many.
    """
    shared: dict[Control, tuple[int, bool]] = {}
    for control in (control for control in every if control.rule.id == rule):
        inside = {str(place) for place in control.places}
        if common := inside.intersection(places):
            shared[control] = len(common), places[0] in inside
    return max(shared, key=shared.__getitem__, default=None)


def _named(every: Sequence[Control], keys: Iterable[str]) -> dict[int, str]:
    """Identity of a control → the key that names it."""
    named: dict[int, str] = {}
    for key in keys:
        rule, _, place = key.partition("@")
        control = control_of(rule, [place], every)
        if control is not None:
            named.setdefault(id(control), key)
    return named


class _Same:
    """A layout told from others by identity: comparing their contents would take longer than what is kept of them."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def __hash__(self) -> int:
        return id(self.layout)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.layout is self.layout


@dataclass(frozen=True, slots=True)
class _Spread:
    """A control with the names of its places."""

    control: Control
    key: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    places: frozenset[str]


@lru_cache(maxsize=64)
def _spread(same: _Same) -> tuple[_Spread, ...]:
    """Every control of a layout, those of the table first."""
    found = []
    for rule_set in (RuleSet.TABLE, RuleSet.PUBLISHED):
        for control in controls(same.layout, rule_set):
            left, right = (tuple(str(place) for place in side) for side in (control.left, control.right))
            key = f"{control.rule.id}@{left[0]}"
            found.append(_Spread(control, key, left, right, frozenset(left + right)))
    return tuple(found)
