"""A consistent set of figures for one form: it obeys every rule of the table, and is sparse, as real forms are."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from corpus.countries import country_text
from layouts.model import ColumnKind, Each, Layout, Place, Relation, Rule, RuleSet, TableLayout

Amounts = dict[Place, Decimal]
"""Cells that are used, zero included; a place that is absent is in an unused row."""

MANY = 1000  # more lines than any table has
NAMED_SHARE = 0.3  # of used "of which" lines that are filled in completely, as a copy of their parent


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of a form a respondent fills in."""

    lines: tuple[int, int]  # fewest and most free lines of the first table
    digits: tuple[int, int]  # of the amounts before the decimal mark
    decimals: int
    second: float  # probability that a further table is used at all


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What the rules of one table make of its lines or columns: free ones, bounded ones, sums."""

    free: tuple[str, ...]
    bounded: tuple[tuple[str, str], ...]  # (smaller, larger)
    sums: tuple[tuple[str, tuple[str, ...]], ...]  # (total, parts)


def plan(rng: random.Random, decimals: int) -> Plan:
    """An ordinary respondent: a few lines; now and then many."""
    lines = rng.choices(((1, 2), (2, 5), (5, 9), (10, 16)), (30, 45, 20, 5))[0]
    low = rng.choice((1, 2, 2, 3))
    return Plan(lines, (low, rng.choice((4, 5, 6, 6, 7))), decimals, rng.choice((0.35, 0.35, 1.0)))


def dense_plan(decimals: int) -> Plan:
    """A respondent who uses every line of every table."""
    return Plan((MANY, MANY), (1, 6), decimals, 1.0)


def skeleton(names: Iterable[str], rules: Iterable[Rule]) -> Skeleton:
    """Sorts lines or columns by what the rules say of them."""
    ordered = tuple(names)
    sums = tuple((rule.left[0], rule.right) for rule in rules if rule.relation is Relation.EQUAL)
    bounded = tuple(
        (rule.right[0], rule.left[0])
        for rule in rules
        if rule.relation is Relation.AT_LEAST and len(rule.left) == len(rule.right) == 1
    )
    dependent = {total for total, _ in sums} | {small for small, _ in bounded}
    return Skeleton(tuple(name for name in ordered if name not in dependent), bounded, sums)


def table_rules(layout: Layout, section: int, each: Each) -> list[Rule]:
    """The rules that follow from the form's own table."""
    return [r for r in layout.rules if r.set is RuleSet.TABLE and r.section == section and r.each is each]


def _amount(rng: random.Random, plan: Plan) -> Decimal:
    digits = rng.randint(*plan.digits)
    value = rng.randint(10 ** (digits - 1), 10**digits - 1) if digits > 0 else 0
    fraction = rng.randint(0, 10**plan.decimals - 1)
    return Decimal(value) + Decimal(fraction).scaleb(-plan.decimals)


def _part(rng: random.Random, whole: Decimal, plan: Plan) -> Decimal:
    """A part of a whole that may be all of it or next to nothing, on the grid of the form's decimals."""
    share = Decimal(str(round(rng.choice((rng.random(), rng.random() ** 3, 1.0)), 4)))
    return (whole * share).quantize(Decimal(1).scaleb(-plan.decimals), rounding=ROUND_DOWN)


def draw_amounts(rng: random.Random, layout: Layout, plan: Plan) -> Amounts:
    """Figures for every table of the layout."""
    amounts: Amounts = {}
    for number, table in enumerate(layout.tables):
        if number == 0 or rng.random() < plan.second:
            amounts |= _draw_table(rng, layout, table, plan, first=number == 0)
    return amounts


def _draw_table(rng: random.Random, layout: Layout, table: TableLayout, plan: Plan, *, first: bool) -> Amounts:
    columns = skeleton((c.number for c in table.amount_columns), table_rules(layout, table.section, Each.LINE))
    lines = skeleton((line.code for line in table.lines), table_rules(layout, table.section, Each.COLUMN))
    fewest, most = plan.lines if first else (1, max(1, plan.lines[1] // 2))
    count = min(rng.randint(min(fewest, most), most), len(lines.free))
    used = set(rng.sample(lines.free, count))
    crossed = {(line, column.number) for column in table.columns for line in column.crossed}
    amounts: Amounts = {}
    for line in lines.free:
        if line in used:
            _draw_row(rng, amounts, table.section, line, columns.free, plan)
    for small, large in lines.bounded:
        if large in used and rng.random() < 0.65:
            _draw_inner_row(rng, amounts, table.section, (small, large), columns.free, plan)
            used.add(small)
    for line in (line.code for line in table.lines if line.code in used):  # parents stand above their inner lines
        for small, large in columns.bounded:
            _draw_inner_column(rng, amounts, (table.section, line), (small, large), lines, plan)
        for total, parts in columns.sums:
            amounts[Place(table.section, line, total)] = _sum(amounts, table.section, (line,), parts)
    for total, parts in lines.sums:
        for column in table.amount_columns:
            amounts[Place(table.section, total, column.number)] = _sum(amounts, table.section, parts, (column.number,))
    return {place: value for place, value in amounts.items() if (place.line, place.column) not in crossed}


def _draw_row(
    rng: random.Random, amounts: Amounts, section: int, line: str, columns: tuple[str, ...], plan: Plan
) -> None:
    used = rng.sample(columns, rng.randint(1, len(columns)))
    for column in columns:
        amounts[Place(section, line, column)] = _amount(rng, plan) if column in used else Decimal(0)


def _draw_inner_row(
    rng: random.Random, amounts: Amounts, section: int, pair: tuple[str, str], columns: tuple[str, ...], plan: Plan
) -> None:
    small, large = pair
    everything = rng.random() < NAMED_SHARE
    for column in columns:
        whole = amounts[Place(section, large, column)]
        amounts[Place(section, small, column)] = whole if everything else _part(rng, whole, plan)


def _draw_inner_column(
    rng: random.Random, amounts: Amounts, row: tuple[int, str], pair: tuple[str, str], lines: Skeleton, plan: Plan
) -> None:
    section, line = row
    small, large = pair
    ceiling = amounts[Place(section, line, large)]
    for inner, outer in lines.bounded:
        if inner == line:
            ceiling = min(ceiling, amounts.get(Place(section, outer, small), ceiling))
    amounts[Place(section, line, small)] = _part(rng, ceiling, plan) if rng.random() < 0.5 else Decimal(0)


def _sum(amounts: Amounts, section: int, lines: Iterable[str], columns: Iterable[str]) -> Decimal:
    parts = list(columns)
    return sum((amounts.get(Place(section, n, c), Decimal(0)) for n in lines for c in parts), Decimal(0))


def broken(layout: Layout, amounts: Mapping[Place, Decimal]) -> list[tuple[Rule, str]]:
    """The rules of the table these figures break, each with the line or column it breaks on."""
    return [(rule, at) for rule in layout.rules if rule.set is RuleSet.TABLE for at in _failures(layout, rule, amounts)]


def _failures(layout: Layout, rule: Rule, amounts: Mapping[Place, Decimal]) -> list[str]:
    table = layout.table(rule.section)
    by_line = rule.each is Each.LINE
    everywhere = [line.code for line in table.lines] if by_line else [c.number for c in table.amount_columns]
    failed: list[str] = []
    for at in rule.only or everywhere:
        lefts, rights = ([(at, term) if by_line else (term, at) for term in side] for side in (rule.left, rule.right))
        left = sum((amounts.get(Place(rule.section, *key), Decimal(0)) for key in lefts), Decimal(0))
        right = sum((amounts.get(Place(rule.section, *key), Decimal(0)) for key in rights), Decimal(0))
        holds = left == right if rule.relation is Relation.EQUAL else left >= right
        if not holds:
            failed.append(at)
    return failed


def draw_countries(rng: random.Random, layout: Layout, amounts: Mapping[Place, Decimal]) -> dict[Place, str]:
    """Countries for the used lines of tables that ask for them, where no «Х» is printed."""
    written: dict[Place, str] = {}
    language = rng.choice(("kk", "ru"))
    for table in layout.tables:
        for column in table.columns:
            if column.kind is not ColumnKind.COUNTRY:
                continue
            for line in table.lines:
                used = any(amounts.get(Place(table.section, line.code, c.number)) for c in table.amount_columns)
                if used and line.code not in column.crossed and rng.random() < 0.9:
                    written[Place(table.section, line.code, column.number)] = country_text(rng, language)
    return written
