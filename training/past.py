"""Two years of one made-up respondent: last year's figures beside this year's, and mistakes of unit planted in these.

Growth is lognormal: of the respondent as a whole, and of each line and column on its own, with a tail of respondents
and of lines that change a great deal. Lines are new or gone. Some respondents truly grow three hundred times, evenly or
by one line only, or shrink as much.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from corpus.amounts import number_style, write_amount
from corpus.figures import Amounts, Plan, draw_amounts, skeleton, table_rules
from corpus.fill import fill
from corpus.records import Filled, NumberStyle, Split
from layouts.model import Each, Layout, Place

TENGE = Decimal(1000)
YEARLY, YEARLY_TAIL = 0.35, 0.9  # standard deviations of a respondent's growth, natural logarithm; the tail's …
TAIL = 0.1  # … and its share
LINES, LINES_TAIL = 0.35, 1.2  # the same of one line and column beside the whole
NEW_LINE, GONE_LINE = 0.2, 0.25  # shares of forms with one
TRUE_GROWTH = 300.0
TRUE_SPREAD = 0.3  # standard deviation of its logarithm

Growth = Literal["ordinary", "even", "one-line", "shrunk"]
Planted = Literal[
    "", "form", "form-exact", "section", "line", "column", "line-summed", "column-summed", "cell", "millions",
    "words-all", "words-some",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TwoYears:
    """One form as written this year, its true figures and last year's, and which of its cells are in another unit."""

    filled: Filled
    written: Mapping[Place, str]
    true: Mapping[Place, Decimal]  # thousand tenge
    last: Mapping[Place, Decimal]  # thousand tenge, none of them zero
    planted: Planted
    growth: Growth
    wrong: frozenset[Place]  # cells, not zero, whose written figure is in another unit


def two_years(rng: random.Random, layout: Layout, split: Split, planted: Planted, growth: Growth) -> TwoYears:
    """One respondent's two years; `planted` is left out where the form has no room for it."""
    exact = planted in {"form-exact", "words-all", "words-some"}
    style = number_style(rng, split)
    style = replace(style, decimals=3) if exact else style
    if planted == "millions":
        style = replace(style, group="space", point=",", decimals=0, trim=False)
    filled = fill(rng, layout, split, style=style)
    true = {place: entry.amount for place, entry in filled.entries.items() if entry.amount}
    decimals = number_style(rng, split).decimals if exact else style.decimals  # habits stay, but tenge have none
    last = {place: amount for place, amount in _last_year(rng, layout, true, growth, decimals).items() if amount}
    shown, wrong = _planted(rng, layout, true, planted)
    written = {place: _written(amount, style, planted, place in wrong) for place, amount in shown.items()}
    if planted in {"words-all", "words-some"}:
        written, wrong = _with_words(rng, layout, written, planted)
    if planted and not wrong and planted != "words-all":
        planted = ""
    return TwoYears(filled, written, true, last, planted, growth, frozenset(wrong))


def _planted(
    rng: random.Random, layout: Layout, true: Mapping[Place, Decimal], planted: Planted
) -> tuple[dict[Place, Decimal], set[Place]]:
    """The figures as the respondent has them, in whatever unit, and the cells that are in another one."""
    wrong = _chosen(rng, layout, true, planted)
    factor = 1 / TENGE if planted == "millions" else TENGE
    shown = {place: amount * factor if place in wrong else amount for place, amount in true.items()}
    if planted.endswith("summed"):
        shown = {**shown, **_with_sums(layout, shown)}
        wrong = {place for place in wrong if shown[place]}
    return shown, wrong


def _chosen(rng: random.Random, layout: Layout, true: Mapping[Place, Decimal], planted: Planted) -> set[Place]:
    totals = _totals(layout)
    match planted.removesuffix("-summed"):
        case "form" | "form-exact" | "millions" | "words-all" | "words-some":
            return set(true)
        case "section":
            sections = sorted({place.section for place in true})
            number = rng.choice(sections) if len(sections) > 1 else 0
            return {place for place in true if place.section == number}
        case "line":
            lines = sorted({(p.section, p.line) for p in true if p.section == 2 and (2, p.line, "") not in totals})
            one = rng.choice(lines) if lines else None
            return {place for place in true if (place.section, place.line) == one}
        case "column":
            columns = sorted({p.column for p in true if p.section == 2 and (2, "", p.column) not in totals})
            one_column = rng.choice(columns) if columns else None
            return {place for place in true if place.section == 2 and place.column == one_column}
        case "cell":
            cells = [p for p in true if p.section == 2 and not {(2, p.line, ""), (2, "", p.column)} & totals]
            return {rng.choice(cells)} if cells else set()
        case _:
            return set()


def _totals(layout: Layout) -> set[tuple[int, str, str]]:
    """(section, line, "") and (section, "", column) of the lines and columns that are sums."""
    found = set()
    for table in layout.tables:
        for total, _parts in skeleton((), table_rules(layout, table.section, Each.COLUMN)).sums:
            found.add((table.section, total, ""))
        for total, _parts in skeleton((), table_rules(layout, table.section, Each.LINE)).sums:
            found.add((table.section, "", total))
    return found


def _with_sums(layout: Layout, amounts: Mapping[Place, Decimal]) -> Amounts:
    """The sums of the figures as a respondent's program works them out."""
    found: Amounts = dict(amounts)
    for table in layout.tables:
        lines = dict.fromkeys(place.line for place in amounts if place.section == table.section)
        for total, parts in skeleton((), table_rules(layout, table.section, Each.LINE)).sums:
            for line in lines:
                found[Place(table.section, line, total)] = _sum(found, table.section, (line,), parts)
        for total, parts in skeleton((), table_rules(layout, table.section, Each.COLUMN)).sums:
            for column in table.amount_columns:
                found[Place(table.section, total, column.number)] = _sum(found, table.section, parts, (column.number,))
    return {place: amount for place, amount in found.items() if amount}


def _sum(amounts: Mapping[Place, Decimal], section: int, lines: Iterable[str], columns: Iterable[str]) -> Decimal:
    numbers = list(columns)
    return sum((amounts.get(Place(section, line, c), Decimal(0)) for line in lines for c in numbers), Decimal(0))


def _written(amount: Decimal, style: NumberStyle, planted: Planted, wrong: bool) -> str:
    if planted == "millions":
        return write_amount(amount, style, 3)
    return write_amount(amount, style, 0) if wrong else write_amount(amount, style)


def _with_words(
    rng: random.Random, layout: Layout, written: Mapping[Place, str], planted: Planted
) -> tuple[dict[Place, str], set[Place]]:
    """The figures with «тг» beside all of them, beside the totals only, or beside one; the others' places."""
    told = set(written)
    if planted == "words-some":
        totals = _totals(layout)
        sums = {p for p in written if (p.section, p.line, "") in totals}
        told = sums if sums and rng.random() < 0.5 else {rng.choice(sorted(written))} if written else set()
    word = rng.choice(("тг", "тенге", "теңге"))
    return {p: f"{text} {word}" if p in told else text for p, text in written.items()}, set(written) - told


def _last_year(
    rng: random.Random, layout: Layout, true: Mapping[Place, Decimal], growth: Growth, decimals: int
) -> Amounts:
    """What the same respondent had the year before: free cells shrink by their growth, parts and sums follow."""
    found: Amounts = {}
    whole = _factor(rng, growth)
    for table in layout.tables:
        section = table.section
        lines = skeleton((line.code for line in table.lines), table_rules(layout, section, Each.COLUMN))
        columns = skeleton((c.number for c in table.amount_columns), table_rules(layout, section, Each.LINE))
        used = [line for line in lines.free if any(place.section == section and place.line == line for place in true)]
        # What is new is not what a respondent lives on: that would be true growth.
        star = max(used, key=lambda line: _sum(true, section, (line,), columns.free), default="")
        others = [line for line in used if line != star]
        gone = rng.choice(others) if others and rng.random() < NEW_LINE else ""
        for line in used:
            own = (
                math.exp(rng.gauss(math.log(TRUE_GROWTH), TRUE_SPREAD)) if growth == "one-line" and line == star else 1
            )
            for column in columns.free:
                amount = true.get(Place(section, line, column), Decimal(0))
                ratio = whole * own * _swing(rng, LINES, LINES_TAIL)
                found[Place(section, line, column)] = (
                    _rounded(amount / Decimal(ratio), decimals) if line != gone else Decimal(0)
                )
        _follow(found, true, section, lines.bounded, columns.bounded, decimals)
    if rng.random() < GONE_LINE:
        found = {**_another_line(rng, layout, found, decimals), **{p: a for p, a in found.items() if a}}
    return _with_sums(layout, found)


def _factor(rng: random.Random, growth: Growth) -> float:
    match growth:
        case "even":
            return math.exp(rng.gauss(math.log(TRUE_GROWTH), TRUE_SPREAD))
        case "shrunk":
            return math.exp(-rng.gauss(math.log(TRUE_GROWTH), TRUE_SPREAD))
        case _:
            return _swing(rng, YEARLY, YEARLY_TAIL)


def _swing(rng: random.Random, usual: float, tail: float) -> float:
    return math.exp(rng.gauss(0.05, tail if rng.random() < TAIL else usual))


def _follow(
    found: Amounts,
    true: Mapping[Place, Decimal],
    section: int,
    lines: Iterable[tuple[str, str]],
    columns: Iterable[tuple[str, str]],
    decimals: int,
) -> None:
    """Parts of lines and of columns keep their share of the whole."""
    for small, large in lines:
        for place in [p for p in true if p.section == section and p.line == small]:
            _share(found, true, place, place._replace(line=large), decimals)
    for small, large in columns:
        for place in [p for p in true if p.section == section and p.column == small]:
            _share(found, true, place, place._replace(column=large), decimals)


def _share(found: Amounts, true: Mapping[Place, Decimal], part: Place, whole: Place, decimals: int) -> None:
    if true.get(whole):
        found[part] = _rounded(found.get(whole, Decimal(0)) * true[part] / true[whole], decimals)


def _another_line(rng: random.Random, layout: Layout, found: Amounts, decimals: int) -> Amounts:
    """A line that this year has no more, of the size of the others."""
    largest = len(str(int(max(found.values(), default=Decimal(1)))))
    drawn = draw_amounts(rng, layout, Plan((1, 1), (1, max(1, largest - 1)), decimals, 0.0))
    taken = {(place.section, place.line) for place in found}
    return {place: amount for place, amount in drawn.items() if (place.section, place.line) not in taken}


def _rounded(amount: Decimal, decimals: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
