"""What a layout itself gives away: where its published rules contradict its table, and what no rule covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from layouts.model import Each, Layout, Mention, Relation, Rule, RuleSet, TableLayout
from layouts.rules import absent_terms, controls, not_applicable


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing a person should know of a layout, worded by the catalogue.

    `rules` are those it compares, the published one first; `mentions` is what the order says of the lines elsewhere.
    What follows from it in practice is worded by the catalogue too.
    """

    message_id: str
    parameters: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...] = ()
    mentions: tuple[Mention, ...] = ()

    @property
    def practice_id(self) -> str:
        """The id of the sentence that says what follows for forms and for people."""
        return self.message_id.replace("remark.", "practice.")

    @property
    def section(self) -> int:
        """The section it speaks of."""
        return int(dict(self.parameters)["section"])


def check(layout: Layout) -> tuple[Remark, ...]:
    """Every contradiction and gap that shows in the data of a layout alone, section by section."""
    found: list[Remark] = []
    for table in layout.tables:
        found += _other_terms(layout, table)
        found += _absent(layout, table)
        found += _unpublished(layout, table)
        found += _lines_unpublished(layout, table)
        found += _parts_without_rule(layout, table)
        found += _cells_without_rule(layout, table)
        found += _gaps(table)
        found += _same_oked(table)
        found += _partly_english(table)
    return tuple(sorted(found, key=lambda remark: remark.section))


def _remark(
    code: str,
    section: int,
    parameters: Mapping[str, str],
    rules: Iterable[Rule] = (),
    mentions: Iterable[Mention] = (),
) -> Remark:
    told = {"section": str(section), **parameters}
    return Remark(f"remark.{code}", tuple(told.items()), tuple(rules), tuple(mentions))


def _mentions(layout: Layout, lines: Iterable[str]) -> list[Mention]:
    """What the order says elsewhere of any of these lines."""
    named = set(lines)
    return [mention for mention in layout.mentions if named & set(mention.lines)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _applicable(layout: Layout, table: TableLayout, rule_set: RuleSet) -> list[Rule]:
    """The rules of a set that speak of a table and name only what it has."""
    mine = (rule for rule in layout.rules if rule.set is rule_set and rule.section == table.section)
    return [rule for rule in mine if not absent_terms(table, rule)]


def _twins(rule: Rule, others: Iterable[Rule]) -> list[Rule]:
    """The rules that state something about the same left side in the same way."""
    return [
        other
        for other in others
        if (other.each, other.relation, set(other.left)) == (rule.each, rule.relation, set(rule.left))
    ]


def _other_terms(layout: Layout, table: TableLayout) -> Iterator[Remark]:
    """Published totals whose terms are not those of the table's own total."""
    own = _applicable(layout, table, RuleSet.TABLE)
    for published in _applicable(layout, table, RuleSet.PUBLISHED):
        if published.relation is not Relation.EQUAL:
            continue
        for rule in _twins(published, own):
            missing = [term for term in rule.right if term not in published.right]
            extra = [term for term in published.right if term not in rule.right]
            told = {"rule": published.id, "total": _listed(rule.left), "own": rule.id}
            both = (published, rule)
            if missing:
                mentions = _mentions(layout, missing)
                yield _remark("terms-missing", table.section, told | {"names": _listed(missing)}, both, mentions)
            if extra:
                yield _remark("terms-extra", table.section, told | {"names": _listed(extra)}, both)


def _absent(layout: Layout, table: TableLayout) -> Iterator[Remark]:
    """Rules that name lines or columns the form does not have; of absent parts, what the order says of the others."""
    for told in not_applicable(layout):
        rule = told.rule
        if rule.section == table.section:
            of_parts = rule.relation is Relation.AT_LEAST and rule.each is Each.COLUMN
            mentions = _mentions(layout, _inner(table) if of_parts else ())
            yield _remark("absent", table.section, {"rule": rule.id, "names": _listed(told.absent)}, (rule,), mentions)


def _inner(table: TableLayout) -> dict[str, str]:
    """Each "of which" line with its parent."""
    return {line.code: line.parent for line in table.lines if line.parent is not None}


def _covers(rule: Rule, parent: str, part: str) -> bool:
    return rule.relation is Relation.AT_LEAST and rule.left == (parent,) and rule.right == (part,)


def _unpublished(layout: Layout, table: TableLayout) -> Iterator[Remark]:
    """What the table implies and the published rules, where there are any, are silent about."""
    published = _applicable(layout, table, RuleSet.PUBLISHED)
    if not published:
        return
    inner = _inner(table)
    silent = [
        part for part, parent in inner.items() if not any(_covers(rule, parent, part) for rule in published)
    ]  # fmt: skip
    own = _applicable(layout, table, RuleSet.TABLE)
    if silent:
        covering = [rule for rule in own for part in silent if _covers(rule, inner[part], part)]
        mentions = _mentions(layout, silent)
        yield _remark("parts-unpublished", table.section, {"names": _listed(silent)}, covering, mentions)
    for rule in own:
        told = any(_covers(rule, parent, part) for part, parent in inner.items())
        if not told and not _same_statement(rule, published):
            yield _remark("rule-unpublished", table.section, {"rule": rule.id}, (rule,))


def _lines_unpublished(layout: Layout, table: TableLayout) -> Iterator[Remark]:
    """Lines that the table's rules hold and no published rule speaks of: by the letter anything may stand there."""
    if not _applicable(layout, table, RuleSet.PUBLISHED):
        return
    held = {rule_set: _lines_held(layout, table, rule_set) for rule_set in RuleSet}
    bare = [line for line in held[RuleSet.TABLE] if line not in held[RuleSet.PUBLISHED]]
    if bare:
        mentions = _mentions(layout, bare)
        yield _remark("lines-unpublished", table.section, {"names": _listed(bare)}, mentions=mentions)


def _lines_held(layout: Layout, table: TableLayout, rule_set: RuleSet) -> list[str]:
    """The lines of a table, in its order, that some control of a set holds a cell of."""
    held = {p.line for c in controls(layout, rule_set) for p in c.places if p.section == table.section}
    return [line.code for line in table.lines if line.code in held]


def _same_statement(rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether another rule says this; of totals the left side is enough, as their terms are compared apart."""
    twins = _twins(rule, others)
    return any(rule.relation is Relation.EQUAL or set(rule.right) == set(twin.right) for twin in twins)


def _parts_without_rule(layout: Layout, table: TableLayout) -> Iterator[Remark]:
    """Lines "of which" that the table's own rules do not hold against their parent."""
    own = _applicable(layout, table, RuleSet.TABLE)
    bare = [part for part, parent in _inner(table).items() if not any(_covers(rule, parent, part) for rule in own)]
    if bare:
        yield _remark("parts-unruled", table.section, {"names": _listed(bare)})


def _cells_without_rule(layout: Layout, table: TableLayout) -> Iterator[Remark]:
    """Lines and columns of figures no cell of which is in any rule of either set."""
    held = {place for rules in RuleSet for control in controls(layout, rules) for place in control.places}
    mine = [place for place in held if place.section == table.section]
    lines, columns = {place.line for place in mine}, {place.column for place in mine}
    bare_lines = [line.code for line in table.lines if line.code not in lines]
    bare_columns = [column.number for column in table.amount_columns if column.number not in columns]
    if bare_lines:
        yield _remark("lines-unruled", table.section, {"names": _listed(bare_lines)})
    if bare_columns:
        yield _remark("columns-unruled", table.section, {"names": _listed(bare_columns)})


def _gaps(table: TableLayout) -> Iterator[Remark]:
    """Numbers left out between the codes of lines of one level, and between the numbers of columns."""
    levels: dict[str, list[str]] = {}
    for line in table.lines:
        before, dot, last = line.code.rpartition(".")
        levels.setdefault(before + dot, []).append(last)
    lines = [stem + name for stem, names in levels.items() for name in left_out(names)]
    columns = left_out([column.number for column in table.columns])
    if lines:
        yield _remark("line-gap", table.section, {"names": _listed(lines)})
    if columns:
        yield _remark("column-gap", table.section, {"names": _listed(columns)})


def left_out(names: Sequence[str]) -> list[str]:
    """The numbers missing between the first and the last of a series, in its own step; none if it is no series.

    >>> left_out(["1", "2", "4"]), left_out(["010", "020", "040", "050"]), left_out(["А", "Б"])
    (['3'], ['030'], [])
    """
    if len(names) < 2 or not all(name.isdecimal() for name in names):
        return []
    numbers = [int(name) for name in names]
    steps = Counter(b - a for a, b in pairwise(numbers))
    step = min((s for s in steps if steps[s] == max(steps.values())), default=1)
    if step < 1:
        return []
    width = len(names[0]) if names[0].startswith("0") else 0
    wanted = range(numbers[0], numbers[-1], step)
    return [f"{number:0{width}}" for number in wanted if number not in numbers]


def _partly_english(table: TableLayout) -> Iterator[Remark]:
    """Lines and columns without English words where others have them: the station would mix languages."""
    lines = [(line.code, line.label) for line in table.lines]
    columns = [(f"({column.number})", column.heading) for column in table.columns]
    lacking = [name for name, words in (*lines, *columns) if not words.en]
    if 0 < len(lacking) < len(lines) + len(columns):
        yield _remark("partly-english", table.section, {"names": _listed(lacking)})


def _same_oked(table: TableLayout) -> Iterator[Remark]:
    """Activity codes that stand on several lines."""
    for oked, count in Counter(line.oked for line in table.lines if line.oked).items():
        if count > 1:
            lines = _listed(line.code for line in table.lines if line.oked == oked)
            yield _remark("same-oked", table.section, {"oked": oked, "names": lines})
