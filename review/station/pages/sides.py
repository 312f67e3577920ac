"""Controls as a person reads them: the sentence, both sides with their figures, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from layouts.model import Each, Layout, Relation
from layouts.words import Language
from review.case import Case
from review.controls import Balance, Stand, Term
from review.flatten import plain
from review.station.pages.named import in_language, name_of
from review.station.words import worded


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of a side. `short` is what tells it from the others there: its line or its column."""

    place: str
    short: str
    label: str
    value: str  # plain decimal; a blank cell counts "0"
    blank: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """One control, with what a script needs to work it out anew while a figure is typed."""

    key: str
    rule: str
    sentence: str
    where: str  # the line or column it is taken on, in words
    relation: str
    tolerance: str
    left: tuple[Part, ...]
    right: tuple[Part, ...]
    difference: str
    left_sum: str
    right_sum: str
    stand: Stand


def sides_of(case: Case, balances: Iterable[Balance], language: Language) -> tuple[Sides, ...]:
    """These controls in words."""
    return tuple(_sides(case, balance, language) for balance in balances)


def through(case: Case, place: str) -> list[Balance]:
    """The controls a cell is part of: those that fail first, then those that can be told, the shortest first."""
    order = {"fails": 0, "undecided": 1, "holds": 2}
    found = [balance for balance in case.balances if any(term.place == place for term in balance.terms)]
    return sorted(found, key=lambda balance: (order[balance.stand], len(balance.terms)))


def spoiled(case: Case, place: str, value: str) -> tuple[Balance, ...]:
    """Controls that fail with a figure which no reader read here, and would hold with one that was read.

    Only those that nothing else is open about: a slip of the fingers shows there, before anything is kept.
    """
    cell = case.cell(place)
    if cell is None or not cell.figure:
        return ()
    read = {cell.value, *(value for value in cell.alternatives.split(";") if _is_number(value))}
    if value in read:
        return ()
    return tuple(
        balance
        for balance in case.balances
        if any(term.place == place for term in balance.terms)
        and not any(term.open for term in balance.terms if term.place != place)
        and not _holds_with(balance, place, value)
        and any(_holds_with(balance, place, other) for other in read)
    )


def _holds_with(balance: Balance, place: str, value: str) -> bool:
    told = Decimal(value or 0)
    sides = (
        tuple(Term(t.place, told if t.place == place else t.value, False) for t in side) for side in _both(balance)
    )
    return Balance(balance.key, balance.control, *sides).balanced


def _both(balance: Balance) -> Iterator[tuple[Term, ...]]:
    yield balance.left
    yield balance.right


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except ArithmeticError:
        return False


def _sides(case: Case, balance: Balance, language: Language) -> Sides:
    rule = balance.rule
    place = "line" if rule.each is Each.LINE else "column"
    left, right = (tuple(_part(case, balance, term, language) for term in side) for side in _both(balance))
    return Sides(
        key=balance.key,
        rule=rule.id,
        sentence=in_language(rule.sentence, language),
        where=worded(f"station.where-{place}", language, section=str(rule.section), at=balance.control.at),
        relation="=" if rule.relation is Relation.EQUAL else "≥",
        tolerance=plain(rule.tolerance),
        left=left,
        right=right,
        difference=plain(balance.difference),
        left_sum=plain(sum((term.value for term in balance.left), Decimal(0))),
        right_sum=plain(sum((term.value for term in balance.right), Decimal(0))),
        stand=balance.stand,
    )


def _part(case: Case, balance: Balance, term: Term, language: Language) -> Part:
    _section, line, column = term.place.split("/")
    by_line = balance.rule.each is Each.LINE
    short = column if by_line else line
    name = name_of(_layout(case), term.place, language)
    label = name.heading if by_line else name.label
    blank = not case.values.get(term.place)
    return Part(term.place, short, label, plain(term.value), blank, term.open)


def _layout(case: Case) -> Layout | None:
    return case.layout
