"""A layout file's tables to the records of the model; what keys each table may have is said here."""

from __future__ import annotations

from collections.abc import Mapping

from layouts.model import (
    Column,
    ColumnKind,
    Each,
    FieldKind,
    FieldLayout,
    HeadingGroup,
    Layout,
    Line,
    Mention,
    Notice,
    Relation,
    Rule,
    RuleSet,
    TableLayout,
    Words,
)
from layouts.nodes import TEXT, WORDS, Node
from layouts.problems import Problem
from layouts.relations import parse_relation

_WORDS = ("kk", "ru", "en")

# Every key a layout file may have, by the table it stands in. docs/layouts.md explains each.
KEYS: Mapping[str, tuple[str, ...]] = {
    "layout": (
        "id", "index", "title", "valid_from", "orders", "unit", "marks", "printed", "fields", "tables",
        "rules", "mentions",
    ),
    "words": _WORDS,
    "field": ("id", "kind", "length", "check", "labels", "options"),
    "option": ("value", *_WORDS),
    "table": ("section", "title", "interludes", "label_columns", "groups", "columns", "lines", "lines_as_in"),
    "label column": ("letter", "crossed", *_WORDS),
    "group": ("columns", *_WORDS),
    "column": ("number", "kind", "crossed", *_WORDS),
    "line": ("code", "oked", "parent", *_WORDS),
    "rule": ("id", "set", "section", "clause", "each", "relation", "only", "tolerance", "sentence"),
    "mention": ("lines", "clause", "says"),
    "notice": ("id", "marks"),
}  # fmt: skip

LABEL_COLUMNS = (2, 3)  # code and label, and on most forms an activity code
CHECKS = ("bin", "iin", "kato", "year")  # what the characters of a field of boxes may obey


def parse_layout(data: Mapping[str, object], sha256: str, problems: list[Problem]) -> Layout:
    """The layout a file describes; usable only if no problem was added."""
    node = Node(data, "layout", KEYS["layout"], problems)
    return Layout(
        id=node.text("id"),
        index=_words(node, "index"),
        title=_words(node, "title"),
        valid_from=node.day("valid_from"),
        orders=node.texts("orders"),
        unit=node.text("unit"),
        tables=_tables(node),
        fields=_fields(node),
        rules=tuple(_rule(rule) for rule in _unique(node, "rules", "id")),
        sha256=sha256,
        marks=_many_words(node, "marks"),
        mentions=tuple(_mention(each) for each in node.nodes("mentions", KEYS["mention"], "", needed=False)),
        printed=_many_words(node, "printed"),
    )


def parse_notice(data: Mapping[str, object], sha256: str, problems: list[Problem]) -> Notice:
    """The notice a file describes; usable only if no problem was added."""
    node = Node(data, "notice", KEYS["notice"], problems)
    return Notice(node.text("id"), _many_words(node, "marks", needed=True), sha256)


def _words(node: Node, key: str) -> Words:
    inner = node.node(key, KEYS["words"])
    return inner.words() if inner else Words("", "")


def _many_words(node: Node, key: str, *, needed: bool = False) -> tuple[Words, ...]:
    return tuple(inner.words() for inner in node.nodes(key, KEYS["words"], "", needed=needed))


def _unique(node: Node, key: str, name: str, *, needed: bool = True) -> list[Node]:
    """The tables of a list; two of the same name are a problem."""
    found = node.nodes(key, KEYS[key.removesuffix("s").replace("_", " ")], name, needed=needed)
    node.once(key, (inner.text(name) for inner in found if inner.has(name)))
    return found


def _fields(node: Node) -> tuple[FieldLayout, ...]:
    return tuple(_field(field) for field in _unique(node, "fields", "id"))


def _field(node: Node) -> FieldLayout:
    kind = node.choice("kind", FieldKind)
    check = node.text("check", default="")
    if check and check not in CHECKS:
        node.note("error.layout-bad-value", f"check = {check!r}", list(CHECKS))
    options = _unique(node, "options", "value", needed=kind is FieldKind.OPTION)
    boxes = kind is FieldKind.BOXES
    if not boxes and (node.has("length") or check):
        node.note("error.layout-only-boxes", "length, check", 'kind = "boxes"')
    if kind is not FieldKind.OPTION and node.has("options"):
        node.note("error.layout-only-option", "options", 'kind = "option"')
    return FieldLayout(
        id=node.text("id"),
        kind=kind,
        labels=_many_words(node, "labels", needed=True),
        length=node.whole("length", default=None if boxes else 0),
        check=check,
        options=tuple(option.text("value") for option in options),
        option_labels=tuple(option.words() for option in options),
    )


def _tables(node: Node) -> tuple[TableLayout, ...]:
    found: list[TableLayout] = []
    for inner in node.nodes("tables", KEYS["table"], "section"):
        table = _table(inner, found)
        if any(table.section == other.section for other in found):
            inner.note("error.layout-twice", f"section {table.section}", TEXT)
        found.append(table)
    return tuple(found)


def _table(node: Node, before: list[TableLayout]) -> TableLayout:
    labels = _unique(node, "label_columns", "letter")
    if node.has("label_columns") and len(labels) not in LABEL_COLUMNS:
        node.note("error.layout-label-columns", str(len(labels)), [str(n) for n in LABEL_COLUMNS])
    crossed = [label.texts("crossed") for label in labels]
    for label, lines in zip(labels[:2], crossed[:2], strict=False):
        if lines:  # only an activity code may be crossed out: every line has its code and its label
            label.note("error.layout-only-third", "crossed", "3")
    return TableLayout(
        section=node.whole("section"),
        title=_words(node, "title"),
        label_columns=tuple(label.text("letter") for label in labels),
        label_headings=tuple(label.words() for label in labels),
        lines=_lines(node, before),
        columns=tuple(_column(column) for column in _unique(node, "columns", "number")),
        interludes=_many_words(node, "interludes"),
        groups=tuple(
            HeadingGroup(group.texts("columns", needed=True), group.words())
            for group in node.nodes("groups", KEYS["group"], "", needed=False)
        ),
        oked_crossed=frozenset(crossed[2] if len(crossed) > 2 else ()),
    )


def _lines(node: Node, before: list[TableLayout]) -> tuple[Line, ...]:
    """The lines as listed, or those of an earlier table word for word."""
    if not node.has("lines_as_in"):
        return tuple(_line(line) for line in _unique(node, "lines", "code"))
    if node.has("lines"):
        node.note("error.layout-lines-or-like", "lines, lines_as_in", "lines_as_in")
    section = node.whole("lines_as_in")
    for table in before:
        if table.section == section:
            return table.lines
    node.note("error.layout-absent-section", str(section), [str(table.section) for table in before] or TEXT)
    return ()


def _line(node: Node) -> Line:
    oked = node.text("oked", default="")
    parent = node.text("parent", default="")
    return Line(node.text("code"), node.words(), oked or None, parent or None)


def _column(node: Node) -> Column:
    kind = node.choice("kind", ColumnKind)
    return Column(node.text("number"), kind, node.words(), frozenset(node.texts("crossed")))


def _rule(node: Node) -> Rule:
    relation = node.text("relation")
    try:
        left, sign, right = parse_relation(relation)
    except ValueError:
        left, sign, right = (), Relation.EQUAL, ()
        if relation:
            node.note("error.layout-bad-relation", relation, '"1 = 2 + 3", "1.3 >= 1.3.1"')
    cited = _clause(node)
    return Rule(
        id=node.text("id"),
        set=node.choice("set", RuleSet),
        section=node.whole("section"),
        clause=cited.en,
        sentence=_all_words(node, "sentence"),
        each=node.choice("each", Each),
        relation=sign,
        left=left,
        right=right,
        only=node.texts("only"),
        tolerance=node.amount("tolerance"),
        cited=cited,
    )


def _clause(node: Node) -> Words:
    """Where a rule stands: one text for all languages, or each its own."""
    if node.is_table("clause"):
        return _all_words(node, "clause")
    text = node.text("clause")
    return Words(text, text, text)


def _mention(node: Node) -> Mention:
    return Mention(node.texts("lines", needed=True), _all_words(node, "clause"), _all_words(node, "says"))


def _all_words(node: Node, key: str) -> Words:
    """Words in all three languages: people read them, whatever the form's own languages are."""
    words = _words(node, key)
    if not (words.kk and words.ru and words.en):
        node.note("error.layout-missing-key", key, f'{key} = {WORDS.replace(" }", ", en = ")}"…" }}')
    return words
