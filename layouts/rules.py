"""Rules spread out over the cells of a form: one control for each line or column a rule holds on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from layouts.model import Control, Each, Layout, NotApplicable, Place, Relation, Rule, RuleSet, TableLayout

NOTHING = Decimal(0)
REMEMBERED = 64  # sets of rules that are kept spread out


@lru_cache(REMEMBERED)
def controls(layout: Layout, rule_set: RuleSet) -> tuple[Control, ...]:
    """Every control of a rule set, in the order of the file, then of the form; rules on absent lines give none."""
    return tuple(
        control
        for rule in layout.rules
        if rule.set is rule_set and not absent_terms(layout.table(rule.section), rule)
        for control in _spread(layout.table(rule.section), rule)
    )


def holds(control: Control, amounts: Mapping[Place, Decimal]) -> bool:
    """Whether a control holds over these figures within its tolerance, blank ones counting nothing."""
    left = sum((amounts.get(place, NOTHING) for place in control.left), NOTHING)
    right = sum((amounts.get(place, NOTHING) for place in control.right), NOTHING)
    if control.rule.relation is Relation.AT_LEAST:
        return left - right >= -control.rule.tolerance
    return abs(left - right) <= control.rule.tolerance


def not_applicable(layout: Layout) -> tuple[NotApplicable, ...]:
    """The rules, of either set, that name lines or columns the form does not have, once each."""
    told = ((rule, absent_terms(layout.table(rule.section), rule)) for rule in layout.rules)
    return tuple(NotApplicable(rule, absent) for rule, absent in told if absent)


def absent_terms(table: TableLayout, rule: Rule) -> tuple[str, ...]:
    """The lines and columns a rule names that its table does not have."""
    lines = {line.code for line in table.lines}
    columns = {column.number for column in table.columns}
    terms, at = (columns, lines) if rule.each is Each.LINE else (lines, columns)
    return tuple(t for t in rule.left + rule.right if t not in terms) + tuple(a for a in rule.only if a not in at)


def _spread(table: TableLayout, rule: Rule) -> Iterator[Control]:
    for at in _held_on(table, rule):
        left = _places(table, rule, rule.left, at)
        right = _places(table, rule, rule.right, at)
        if left and right:
            yield Control(rule, at, left, right)


def _held_on(table: TableLayout, rule: Rule) -> tuple[str, ...]:
    """The lines, or the columns of figures, that a rule is taken on, in the order of the form."""
    if rule.each is Each.LINE:
        every = tuple(line.code for line in table.lines)
    else:
        every = tuple(column.number for column in table.amount_columns)
    return tuple(name for name in every if not rule.only or name in rule.only)


def _places(table: TableLayout, rule: Rule, terms: tuple[str, ...], at: str) -> tuple[Place, ...]:
    """The cells of a side; where the form prints «Х» there is nothing to add."""
    crossed = {column.number: column.crossed for column in table.columns}
    pairs = ((at, term) if rule.each is Each.LINE else (term, at) for term in terms)
    return tuple(Place(table.section, line, column) for line, column in pairs if line not in crossed[column])
