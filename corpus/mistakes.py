"""Mistakes respondents make, planted into consistent figures, each with the place and cause a checker should name."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal

from corpus import disorder
from corpus.draft import Draft, Planter, filled, mistake, row, totals
from corpus.figures import Amounts, broken, table_rules
from corpus.records import Mistake
from layouts.model import Each, Layout, Place, Relation, Rule

TENGE = Decimal(1000)  # a figure in tenge instead of thousand tenge
TRIES = 20  # places tried before a form is left without the mistake


def plant(rng: random.Random, cause: str, layout: Layout, draft: Draft) -> tuple[Draft, tuple[Mistake, ...]]:
    """The draft with one mistake of this kind and what was done; unchanged where the form gives no room for it."""
    planter = PLANTERS[cause]
    for _ in range(TRIES):
        spoilt = draft.copy()
        mistakes = planter(rng, layout, spoilt)
        if mistakes and (cause in UNSEEN_BY_RULES or broken(layout, _seen(spoilt))):
            return spoilt, tuple(mistakes)
    return draft, ()


def _seen(draft: Draft) -> Amounts:
    return {place: value for place, value in draft.amounts.items() if place not in draft.blank}


def _inner_lines(layout: Layout) -> dict[tuple[int, str], str]:
    return dict(layout.parents)


def _wrong(rng: random.Random, value: Decimal) -> Decimal:
    """An arithmetic slip: a carry forgotten, a digit misread, a part left out."""
    step = Decimal(10) ** rng.randint(0, max(0, len(str(int(value))) - 1))
    return max(Decimal(1), value + rng.choice((-1, 1, 2, -3)) * step)


def _row_total(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    rules = totals(layout, Each.LINE)
    sums = {rule.left[0] for rule in rules}
    top = {rule.left[0] for rule in totals(layout, Each.COLUMN)}
    places = [p for p in filled(draft) if p.column in sums and p.line not in top and _ruled(rules, p)]
    if not places:
        return []
    place = rng.choice(places)
    rule = next(r for r in rules if r.section == place.section)
    draft.amounts[place] = _wrong(rng, draft.amounts[place])
    return [mistake(place, f"column {place.column} is not {' + '.join(rule.right)}", "arithmetic")]


def _ruled(rules: list[Rule], place: Place) -> bool:
    return any(rule.section == place.section for rule in rules)


def _column_total(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    rules = totals(layout, Each.COLUMN)
    places = [p for p in filled(draft) if any(r.section == p.section and r.left[0] == p.line for r in rules)]
    if not places:
        return []
    place = rng.choice(places)
    draft.amounts[place] = _wrong(rng, draft.amounts[place])
    return [mistake(place, f"line {place.line} is not the sum of its parts", "arithmetic")]


def _of_which(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    parents = _inner_lines(layout)
    places = [p for p in filled(draft) if (p.section, p.line) in parents]
    if not places:
        return []
    place = rng.choice(places)
    parent = draft.amounts[place._replace(line=parents[place.section, place.line])]
    draft.amounts[place] = parent + max(Decimal(1), (parent * Decimal("0.2")).quantize(Decimal(1)))
    return [mistake(place, f"line {place.line} is more than the line it is part of", "arithmetic")]


def _of_which_column(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    pairs = [
        (rule.section, rule.right[0], rule.left[0])
        for table in layout.tables
        for rule in table_rules(layout, table.section, Each.LINE)
        if rule.relation is Relation.AT_LEAST
    ]
    places = [(p, large) for p in filled(draft) for s, small, large in pairs if (p.section, p.column) == (s, small)]
    if not places:
        return []
    place, large = rng.choice(places)
    draft.amounts[place] = draft.amounts[place._replace(column=large)] * 2 + 1
    return [mistake(place, f"column {place.column} is more than column {large}", "arithmetic")]


def _percent(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    parents = _inner_lines(layout)
    rows = sorted({(p.section, p.line) for p in filled(draft) if (p.section, p.line) in parents})
    rows = [r for r in rows if any(_parent_amount(draft, parents, p) >= TENGE for p in row(draft, r))]
    if not rows:
        return []
    chosen = rng.choice(rows)
    sign = rng.random() < 0.4
    mistakes = []
    for place in row(draft, chosen):
        whole = _parent_amount(draft, parents, place)
        share = draft.amounts[place] * 100 / whole if whole else Decimal(0)
        draft.amounts[place] = share.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        if draft.amounts[place] and whole >= TENGE:
            mistakes.append(mistake(place, f"line {place.line} is in percent", "percent"))
            if sign:
                draft.suffix[place] = rng.choice(("%", " %"))
    return mistakes


def _parent_amount(draft: Draft, parents: dict[tuple[int, str], str], place: Place) -> Decimal:
    return draft.amounts.get(place._replace(line=parents[place.section, place.line]), Decimal(0))


def _in_tenge(draft: Draft, places: list[Place], what: str, at: Place | None) -> list[Mistake]:
    for place in places:
        draft.amounts[place] *= TENGE
    if not any(draft.amounts[place] for place in places):
        return []
    section, line, column = at or (0, "", "")
    return [Mistake(section, line, column, f"unit: {what} in tenge", "unit")]


def _tenge_form(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    del rng, layout
    draft.decimals = 0
    return _in_tenge(draft, list(draft.amounts), "the whole form is", None)


def _tenge_section(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    del layout
    sections = sorted({place.section for place in filled(draft)})
    if not sections:
        return []
    section = rng.choice(sections)
    places = [place for place in draft.amounts if place.section == section]
    return _in_tenge(draft, places, f"section {section} is", Place(section, "", ""))


def _tenge_line(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    top = {(rule.section, rule.left[0]) for rule in totals(layout, Each.COLUMN)}
    rows = sorted({(p.section, p.line) for p in filled(draft, 10) if (p.section, p.line) not in top})
    if not rows:
        return []
    section, line = rng.choice(rows)
    return _in_tenge(draft, row(draft, (section, line)), f"line {line} is", Place(section, line, ""))


def _tenge_column(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    sums = {(rule.section, rule.left[0]) for rule in totals(layout, Each.LINE)}
    columns = sorted({(p.section, p.column) for p in filled(draft, 10)} - sums)
    columns = [c for c in columns if c[0] in {section for section, _ in sums}]
    if not columns:
        return []
    section, column = rng.choice(columns)
    places = [p for p in draft.amounts if (p.section, p.column) == (section, column)]
    return _in_tenge(draft, places, f"column {column} is", Place(section, "", column))


def _row_off(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    codes = {table.section: [line.code for line in table.lines] for table in layout.tables}
    top = {(rule.section, rule.left[0]) for rule in totals(layout, Each.COLUMN)}
    moves = []
    for place in filled(draft):
        order = codes[place.section]
        for step in (-1, 1):
            at = order.index(place.line) + step
            if not 0 <= at < len(order) or {(place.section, n) for n in (order[at], place.line)} & top:
                continue
            moves.append((place, place._replace(line=order[at])))
    return _move(rng, draft, moves, "one row off")


def _column_off(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    moves = []
    for table in layout.tables:
        order = [column.number for column in table.amount_columns]
        moves += [
            (place, place._replace(column=order[order.index(place.column) + 1]))
            for place in filled(draft)
            if place.section == table.section and place.column in order[1:-1]
        ]
    return _move(rng, draft, moves, "one column off")


def _move(rng: random.Random, draft: Draft, moves: list[tuple[Place, Place]], what: str) -> list[Mistake]:
    free = [(a, b) for a, b in moves if not draft.amounts.get(b)]
    if not free:
        return []
    source, target = rng.choice(free)
    draft.amounts[target] = draft.amounts[source]
    draft.amounts[source] = Decimal(0)
    return [mistake(target, f"the figure of {source} stands {what}", "misplaced")]


def _missing_total(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    rows = {(rule.section, rule.left[0]) for rule in totals(layout, Each.COLUMN)}
    columns = {(rule.section, rule.left[0]) for rule in totals(layout, Each.LINE)}
    places = [p for p in filled(draft) if (p.section, p.line) in rows or (p.section, p.column) in columns]
    if not places:
        return []
    place = rng.choice(places)
    draft.blank.add(place)
    return [mistake(place, "the total is missing though its parts stand there", "missing-total")]


def _sign(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    del layout
    places = filled(draft)
    if not places:
        return []
    place = rng.choice(places)
    draft.amounts[place] = -draft.amounts[place]
    if rng.random() < 0.3:
        draft.brackets.add(place)
    return [mistake(place, "the figure is negative", "sign")]


def _transposed(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    del layout
    places = [p for p in filled(draft, 10) if len(set(str(int(draft.amounts[p])))) > 1]
    if not places:
        return []
    place = rng.choice(places)
    whole = int(draft.amounts[place])
    digits = list(str(whole))
    at = rng.choice([i for i in range(len(digits) - 1) if digits[i] != digits[i + 1]])
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    draft.amounts[place] += int("".join(digits)) - whole
    return [mistake(place, "two digits are swapped", "arithmetic")]


def _rounding(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """Every figure rounded on its own; the figures must come with more decimals than are written."""
    del rng
    draft.decimals = 0
    for place, value in draft.amounts.items():
        draft.amounts[place] = value.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    mistakes = []
    for rule, at in broken(layout, draft.amounts):
        line, column = (at, rule.left[0]) if rule.each is Each.LINE else (rule.left[0], at)
        what = "every figure is rounded on its own"
        mistakes.append(Mistake(rule.section, line, column, what, "rounding"))
    return mistakes


PLANTERS: dict[str, Planter] = {
    "row-total": _row_total,
    "column-total": _column_total,
    "of-which": _of_which,
    "of-which-column": _of_which_column,
    "percent": _percent,
    "tenge-form": _tenge_form,
    "tenge-section": _tenge_section,
    "tenge-line": _tenge_line,
    "tenge-column": _tenge_column,
    "row-off": _row_off,
    "column-off": _column_off,
    "missing-total": _missing_total,
    "sign": _sign,
    "transposed": _transposed,
    "rounding": _rounding,
    **disorder.PLANTERS,
}
"""Every kind of mistake that can be planted."""

UNSEEN_BY_RULES = frozenset({"percent", "tenge-form", "tenge-section"})
"""Mistakes that leave every rule of the table holding."""
