"""Layouts as plain text for a terminal: which there are, what one holds, what is remarkable about it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from layouts.check import Remark, check
from layouts.model import Each, FieldLayout, Layout, Rule, RuleSet, TableLayout, Words
from layouts.relations import write_relation
from layouts.rules import controls, not_applicable
from layouts.words import Language, say

WIDTH = 118  # characters a line may have; the last column of a table is wrapped to fit
NARROWEST = 24  # characters the last column keeps however wide the others are
GAP = "  "


def list_text(layouts: Mapping[str, Layout], language: Language) -> str:
    """One line a layout: id, index, since when, how many cells and rules, title."""
    rows = [
        (
            layout.id, in_language(layout.index, language), layout.valid_from.isoformat(),
            str(len(layout.places)), str(len(layout.rules)), in_language(layout.title, language),
        )
        for layout in layouts.values()
    ]  # fmt: skip
    return _text(_aligned(_heads(("id", "index", "valid-from", "cells", "rule-count", "title"), language), rows))


def show_text(layout: Layout, language: Language) -> str:
    """Everything a layout holds: identity, fields, tables with lines and columns, rules with their clauses."""
    parts = [_identity(layout, language), _fields(layout.fields, language)]
    parts += [_table(table, language) for table in layout.tables]
    parts += [_rules(layout, rule_set, language) for rule_set in RuleSet]
    return _text(line for part in parts for line in [*part, ""])


def check_text(layout: Layout, language: Language) -> str:
    """What is remarkable about a layout: each remark with the rules it compares, their clauses, and what follows."""
    remarks = check(layout)
    if not remarks:
        return _text([say("show.nothing-remarkable", {"id": layout.id}, language)])
    lines = [say("show.remarks", {"id": layout.id, "count": len(remarks)}, language)]
    if any(rule.set is RuleSet.PUBLISHED for rule in layout.rules):
        lines += _wrapped(say("show.two-sets", {}, language), "", "")
    for table in layout.tables:
        mine = [remark for remark in remarks if remark.section == table.section]
        title = say("show.section", {"section": table.section, "title": in_language(table.title, language)}, language)
        lines += ["", *_wrapped(title, "", "  ")] if mine else []
        for remark in mine:
            lines += _remark(remark, language)
    return _text(lines)


def _remark(remark: Remark, language: Language) -> list[str]:
    """A remark's lines: what is remarkable, which clause says what, what it means in practice."""
    told = dict(remark.parameters)
    lines = ["", *_wrapped(say(remark.message_id, told, language), "- ", "  ")]
    for rule in remark.rules:
        stated = write_relation(rule.left, rule.relation, rule.right)
        lines += _wrapped(f"{rule.set.value}: {in_language(rule.cited, language)} – {rule.id}", "    ", "      ")
        lines += _wrapped(stated, "      ", "      ")
    for mention in remark.mentions:
        cited, says = in_language(mention.clause, language), in_language(mention.says, language)
        lines += _wrapped(say("show.mention", {"clause": cited, "says": says}, language), "    ", "      ")
    return lines + _wrapped(say(remark.practice_id, told, language), "  → ", "    ")


def in_language(words: Words, language: Language) -> str:
    """Words of the form in the reader's language; in Russian, then Kazakh, where it has none.

    >>> in_language(Words("Барлығы", "Всего"), "kk"), in_language(Words("Барлығы", "Всего"), "en")
    ('Барлығы', 'Всего')
    """
    return getattr(words, language) or words.ru or words.kk


def _identity(layout: Layout, language: Language) -> list[str]:
    rows = [
        ("id", layout.id),
        ("index", " / ".join(layout.index.printed())),
        ("title", " / ".join(layout.title.printed())),
        ("valid-from", layout.valid_from.isoformat()),
        *(("order", order) for order in layout.orders),
        ("unit", layout.unit),
        ("cells", str(len(layout.places))),
        ("sha256", layout.sha256),
    ]
    return _aligned((), [(say(f"show.{key}", {}, language), value) for key, value in rows])


def _fields(fields: Sequence[FieldLayout], language: Language) -> list[str]:
    rows = [(field.id, field.kind.value, _extent(field), in_language(field.labels[0], language)) for field in fields]
    heads = _heads(("field", "kind", "extent", "label"), language)
    return [say("show.fields", {}, language), *_aligned(heads, rows)]


def _extent(field: FieldLayout) -> str:
    """How many boxes, or which options."""
    return str(field.length) if field.length else " ".join(field.options)


def _table(table: TableLayout, language: Language) -> list[str]:
    title = in_language(table.title, language)
    columns = [
        (c.number, c.kind.value, str(len(c.crossed) or ""), in_language(c.heading, language)) for c in table.columns
    ]
    crossed = {code: " ".join(c.number for c in table.columns if code in c.crossed) for code in _codes(table)}
    lines = [
        (
            line.code, line.oked or ("Х" if line.code in table.oked_crossed else ""), line.parent or "",
            crossed[line.code], in_language(line.label, language),
        )
        for line in table.lines
    ]  # fmt: skip
    return [
        *_wrapped(say("show.section", {"section": table.section, "title": title}, language), "", "  "),
        *_aligned(_heads(("column", "kind", "crossed-lines", "heading"), language), columns),
        "",
        *_aligned(_heads(("line", "oked", "parent", "crossed", "label"), language), lines),
    ]


def _codes(table: TableLayout) -> list[str]:
    return [line.code for line in table.lines]


def _rules(layout: Layout, rule_set: RuleSet, language: Language) -> list[str]:
    """The rules of a set, each with its relation, how many controls it makes, its sentence and its clause."""
    rules = [rule for rule in layout.rules if rule.set is rule_set]
    if not rules:
        return [say("show.no-rules", {"set": rule_set.value}, language)]
    count = {rule.id: 0 for rule in rules}
    for control in controls(layout, rule_set):
        count[control.rule.id] += 1
    absent = {told.rule.id: ", ".join(told.absent) for told in not_applicable(layout)}
    lines = [say("show.rules", {"set": rule_set.value, "count": sum(count.values())}, language)]
    for rule in rules:
        lines += _rule(rule, count[rule.id], absent.get(rule.id, ""), language)
    return lines


def _rule(rule: Rule, count: int, absent: str, language: Language) -> list[str]:
    each = say("show.each-line" if rule.each is Each.LINE else "show.each-column", {"count": count}, language)
    note = say("show.not-applicable", {"names": absent}, language) if absent else each
    sentence = in_language(rule.sentence, language)
    return [
        f"  {rule.id}: {note}",
        *_wrapped(write_relation(rule.left, rule.relation, rule.right), "      ", "        "),
        *_wrapped(sentence, "      ", "      "),
        *_wrapped(f"({in_language(rule.cited, language)})", "      ", "      "),
    ]


def _heads(names: Sequence[str], language: Language) -> tuple[str, ...]:
    return tuple(say(f"show.{name}", {}, language) for name in names)


def _aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows under each other in columns as wide as their longest entry; the last column is wrapped."""
    every = [list(heads), *map(list, rows)] if heads else [list(row) for row in rows]
    if not every:
        return []
    widths = [max(len(row[i]) for row in every) for i in range(len(every[0]) - 1)]
    before = sum(widths) + len(GAP) * len(widths)
    room = max(NARROWEST, WIDTH - before)
    lines = []
    for number, row in enumerate(every):
        start = "".join(entry.ljust(width) + GAP for entry, width in zip(row, widths, strict=False))
        first, *others = textwrap.wrap(row[-1], room, break_on_hyphens=False) or [""]
        lines += [start + first, *(" " * before + other for other in others)]
        if heads and number == 0:
            lines.append(GAP.join("-" * width for width in [*widths, min(room, max(len(r[-1]) for r in every))]))
    return [line.rstrip() for line in lines]


def _wrapped(text: str, first: str, further: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=further, break_on_hyphens=False)


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
