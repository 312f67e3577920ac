"""Figures on their way to paper, and what every planter of mistakes asks about them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from corpus.figures import Amounts, table_rules
from corpus.records import Mistake
from layouts.model import Each, Layout, Place, Relation, Rule


@dataclass
class Draft:
    """Figures on their way to paper: amounts, cells that must stay blank, and text written after a figure."""

    amounts: Amounts
    blank: set[Place] = field(default_factory=set)
    suffix: dict[Place, str] = field(default_factory=dict)
    brackets: set[Place] = field(default_factory=set)
    bare: set[Place] = field(default_factory=set)  # written as a whole number, whatever the style's decimals
    decimals: int | None = None  # instead of the style's

    def copy(self) -> Draft:
        """One that can be spoilt without spoiling this one."""
        return replace(
            self,
            amounts=dict(self.amounts),
            blank=set(self.blank),
            suffix=dict(self.suffix),
            brackets=set(self.brackets),
            bare=set(self.bare),
        )


Planter = Callable[[random.Random, Layout, Draft], list[Mistake]]
"""Spoils a draft and says how; nothing where the form gives no room for it."""


def mistake(place: Place, what: str, cause: str) -> Mistake:
    """A mistake in one cell."""
    return Mistake(place.section, place.line, place.column, what, cause)


def filled(draft: Draft, least: int = 1) -> list[Place]:
    """Places with an amount of at least this much, in the order of the form."""
    return [place for place, value in draft.amounts.items() if value >= least]


def totals(layout: Layout, each: Each) -> list[Rule]:
    """The rules of all tables that make a line's, or a column's, cell a sum."""
    return [
        rule
        for table in layout.tables
        for rule in table_rules(layout, table.section, each)
        if rule.relation is Relation.EQUAL
    ]


def row(draft: Draft, at: tuple[int, str]) -> list[Place]:
    """The cells in use of one line."""
    return [place for place in draft.amounts if (place.section, place.line) == at]
