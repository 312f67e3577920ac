"""Mistakes that leave figures out or put them elsewhere, and those of one figure's size."""

from __future__ import annotations

import random
from decimal import Decimal

from corpus.draft import Draft, Planter, filled, mistake, row, totals
from corpus.records import Mistake
from layouts.model import Each, Layout, Place, Rule

TENGE = Decimal(1000)  # a figure in tenge instead of thousand tenge
NOTHING = Decimal(0)


def _parts(draft: Draft, rules: list[Rule], total: Place) -> list[Place]:
    """The filled cells that a total adds up by these rules."""
    found: list[Place] = []
    for rule in rules:
        by_line = rule.each is Each.LINE
        if rule.section != total.section or rule.left[0] != (total.column if by_line else total.line):
            continue
        terms = [total._replace(column=t) if by_line else total._replace(line=t) for t in rule.right]
        found += [place for place in terms if draft.amounts.get(place)]
    return found


def _line_totals(layout: Layout, draft: Draft, *, parts: int = 1) -> list[tuple[Place, list[Place]]]:
    """The filled sums of lines, the grand total's line left out, with their parts; those with so many and more."""
    rules = totals(layout, Each.LINE)
    top = {(rule.section, rule.left[0]) for rule in totals(layout, Each.COLUMN)}
    sums = [(p, _parts(draft, rules, p)) for p in filled(draft) if (p.section, p.line) not in top]
    return [(place, found) for place, found in sums if len(found) >= parts]


def _tenge_cell(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    del layout
    places = filled(draft, 10)
    if not places:
        return []
    place = rng.choice(places)
    draft.amounts[place] *= TENGE
    return [mistake(place, "the figure is in tenge", "unit")]


def _mark_lost(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """A figure without its decimal mark: 1 234,5 becomes 12345."""
    del layout
    usual = max((_decimals(value) for value in draft.amounts.values()), default=0)
    places = [p for p in filled(draft, 10) if usual and _decimals(draft.amounts[p].normalize()) == usual]
    if not places:
        return []
    place = rng.choice(places)
    draft.amounts[place] = draft.amounts[place].scaleb(usual)
    draft.bare.add(place)
    return [mistake(place, "the decimal mark is missing", "unit")]


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _digit_lost(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """A digit left out, or written twice."""
    del layout
    places = filled(draft, 100)
    if not places:
        return []
    place = rng.choice(places)
    whole = str(int(draft.amounts[place]))
    at = rng.randrange(1, len(whole))
    new = whole[:at] + whole[at + 1 :] if rng.random() < 0.5 else whole[:at] + whole[at] + whole[at:]
    draft.amounts[place] += int(new) - int(whole)
    return [mistake(place, "a digit is left out or doubled", "arithmetic")]


def _carried(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """A line's sum worked out wrongly, and the total of its column worked out with it."""
    rules = totals(layout, Each.COLUMN)
    places = [place for place, _ in _line_totals(layout, draft)]
    pairs = [(p, p._replace(line=r.left[0])) for p in places for r in rules if p.line in r.right]
    pairs = [(place, top) for place, top in pairs if place.section == top.section and draft.amounts.get(top)]
    if not pairs:
        return []
    place, top = rng.choice(pairs)
    step = Decimal(10) ** rng.randint(0, len(str(int(draft.amounts[place]))) - 1) * rng.randint(1, 9)
    draft.amounts[place] += step
    draft.amounts[top] += step
    what = f"column {place.column} is not the sum of its parts, and line {top.line} was worked out with it"
    return [mistake(place, what, "arithmetic")]


def _exchanged(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """The figures of two neighbouring lines, or columns, in each other's place."""
    pairs = []
    for table in layout.tables:
        rows = [line.code for line in table.lines]
        strips = [column.number for column in table.amount_columns]
        for one in (p for p in filled(draft) if p.section == table.section):
            below, right = rows.index(one.line) + 1, strips.index(one.column) + 1
            near = [one._replace(line=rows[below])] if below < len(rows) else []
            near += [one._replace(column=strips[right])] if right < len(strips) else []
            pairs += [(one, other) for other in near if draft.amounts.get(other, one) != draft.amounts[one]]
    pairs = [(one, other) for one, other in pairs if draft.amounts.get(other)]
    if not pairs:
        return []
    one, other = rng.choice(pairs)
    draft.amounts[one], draft.amounts[other] = draft.amounts[other], draft.amounts[one]
    return [mistake(place, "two figures are exchanged", "misplaced") for place in (one, other)]


def _lines_shifted(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """The figures of a run of lines written one line too low."""
    runs = []
    for table in layout.tables:
        rows = [line.code for line in table.lines]
        used = [any(draft.amounts[p] for p in row(draft, (table.section, code))) for code in rows]
        runs += [
            (table.section, rows[start : end + 2])
            for start in range(1, len(rows) - 1)  # the grand total's line stays
            for end in range(start, min(start + 6, len(rows) - 1))
            if used[start] and used[end] and not used[end + 1]
        ]
    if not runs:
        return []
    section, codes = rng.choice(runs)
    columns = [column.number for column in layout.table(section).amount_columns]
    moved: list[Mistake] = []
    for below, code in zip(reversed(codes), reversed(codes[:-1]), strict=False):
        for column in columns:
            value = draft.amounts.get(Place(section, code, column), NOTHING)
            draft.amounts[Place(section, below, column)] = value
            if value:
                moved.append(mistake(Place(section, below, column), f"line {code} is written one too low", "misplaced"))
    for column in columns:
        draft.amounts[Place(section, codes[0], column)] = NOTHING
    return moved


def _figures_shifted(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """The figures of one line, its sum apart, written one column too far to the right."""
    rows = []
    for table in layout.tables:
        sums = {rule.left[0] for rule in totals(layout, Each.LINE) if rule.section == table.section}
        strips = [column.number for column in table.amount_columns if column.number not in sums]
        for line in table.lines:
            cells = [Place(table.section, line.code, column) for column in strips]
            held = [draft.amounts.get(place, NOTHING) for place in cells]
            if sums and sum(1 for value in held if value) > 1 and not held[-1]:
                rows.append(cells)
    if not rows:
        return []
    cells = rng.choice(rows)
    held = [draft.amounts.get(place, NOTHING) for place in cells]
    for place, value in zip(cells, [NOTHING, *held[:-1]], strict=True):
        draft.amounts[place] = value
    what = "the line's figures stand one column off"
    return [mistake(p, what, "misplaced") for p in cells if draft.amounts[p]]


def _totals_missing(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """The whole column of sums left out, or the whole line of them."""
    sums = {rule.left[0] for rule in totals(layout, Each.LINE)}
    groups = [
        [p for p in filled(draft) if p.section == s and p.column in sums] for s in {p.section for p in draft.amounts}
    ]
    top = {(rule.section, rule.left[0]) for rule in totals(layout, Each.COLUMN)}
    groups += [[p for p in filled(draft) if (p.section, p.line) == at] for at in sorted(top)]
    groups = [group for group in groups if len(group) > 1]
    if not groups:
        return []
    chosen = rng.choice(groups)
    draft.blank.update(chosen)
    return [
        mistake(place, "all totals are missing though their parts stand there", "missing-total") for place in chosen
    ]


def _parts_missing(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """A line's sum without any of its parts; what they were nobody can tell."""
    lines = _line_totals(layout, draft, parts=2)
    if not lines:
        return []
    total, parts = rng.choice(lines)
    draft.blank.update(parts)
    return [mistake(total, "the parts are missing though their total stands there", "unknown")]


def _part_left_out(rng: random.Random, layout: Layout, draft: Draft) -> list[Mistake]:
    """One of several parts left out."""
    lines = _line_totals(layout, draft, parts=2)
    if not lines:
        return []
    place = rng.choice(rng.choice(lines)[1])
    draft.blank.add(place)
    return [mistake(place, "one part of the total is missing", "unknown")]


PLANTERS: dict[str, Planter] = {
    "tenge-cell": _tenge_cell,
    "mark-lost": _mark_lost,
    "digit-lost": _digit_lost,
    "carried": _carried,
    "exchanged": _exchanged,
    "lines-shifted": _lines_shifted,
    "figures-shifted": _figures_shifted,
    "totals-missing": _totals_missing,
    "parts-missing": _parts_missing,
    "part-left-out": _part_left_out,
}
