"""Whether the parts of a layout fit each other: rules and crossed cells name lines and columns that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from layouts.model import Each, Layout, Rule, RuleSet, TableLayout
from layouts.problems import Problem, span
from layouts.rules import absent_terms


def verify(layout: Layout) -> list[Problem]:
    """Every reference to something the form does not have, file order kept.

    A rule of the published set may name absent lines and columns: the order's text is kept as it is.
    """
    found = [problem for table in layout.tables for problem in _table(table)]
    found += [problem for rule in layout.rules for problem in _rule(layout, rule)]
    known = list(dict.fromkeys(line.code for table in layout.tables for line in table.lines))
    for number, mention in enumerate(layout.mentions, 1):
        found += _absent(f"mention {number}", "line", mention.lines, known)
    return found


def _table(table: TableLayout) -> Iterator[Problem]:
    place = f"table {table.section}"
    codes = [line.code for line in table.lines]
    numbers = [column.number for column in table.columns]
    above: set[str] = set()
    for line in table.lines:
        if line.parent is not None and line.parent not in above:
            yield Problem(f"{place}, line {line.code}", "error.layout-parent", line.parent, span(codes))
        above.add(line.code)
    for column in table.columns:
        yield from _absent(f"{place}, column {column.number}", "line", sorted(column.crossed), codes)
    yield from _absent(f"{place}, label column", "line", sorted(table.oked_crossed), codes)
    for group in table.groups:
        yield from _absent(f"{place}, group", "column", group.columns, numbers)
    for name in table.label_columns:
        if name in numbers:
            yield Problem(place, "error.layout-twice", name, span(numbers))


def _absent(place: str, kind: str, names: Iterable[str], known: Sequence[str]) -> Iterator[Problem]:
    """A problem for each name that is not among the known ones; `kind` is "line" or "column"."""
    return (Problem(place, f"error.layout-absent-{kind}", name, span(known)) for name in names if name not in known)


def _rule(layout: Layout, rule: Rule) -> Iterator[Problem]:
    place = f"rule {rule.id}"
    table = next((table for table in layout.tables if table.section == rule.section), None)
    if table is None:
        known = ", ".join(str(table.section) for table in layout.tables)
        yield Problem(place, "error.layout-absent-section", str(rule.section), known)
        return
    lines = [line.code for line in table.lines]
    columns = [column.number for column in table.columns]
    amounts = [column.number for column in table.amount_columns]
    terms, only = rule.left + rule.right, rule.only
    named_lines, named_columns = (only, terms) if rule.each is Each.LINE else (terms, only)
    if rule.set is RuleSet.TABLE and absent_terms(table, rule):
        yield from _absent(place, "line", named_lines, lines)
        yield from _absent(place, "column", named_columns, columns)
    for column in named_columns:
        if column in columns and column not in amounts:
            yield Problem(place, "error.layout-text-column", column, span(amounts))
