"""`check` finds what is remarkable from the data alone."""

from dataclasses import replace
from pathlib import Path

from layouts.check import check, left_out
from layouts.load import load_layout, shipped_layouts
from layouts.model import RuleSet
from layouts.words import LANGUAGES, say

OTHER = load_layout(Path(__file__).parent / "data" / "3-test.toml")
FORM = shipped_layouts()["2-uslugi-it.2026"]


def short(layout):
    """Each remark as (section, code, names)."""
    return [
        (told["section"], remark.message_id.removeprefix("remark."), told.get("names", ""))
        for remark in check(layout)
        for told in [dict(remark.parameters)]
    ]


def test_the_known_contradictions_of_the_form_are_found_and_nothing_else():
    both = [
        ("terms-missing", "1.15, 1.16"),
        ("absent", "1.14.1"),
        ("parts-unpublished", "1.5.1, 1.6.1, 1.16.1"),
    ]
    only = (
        "3",
        "lines-unpublished",
        "1.5.1, 1.6.1, 1.15, 1.16, 1.16.1",
    )  # section 2 has a published rule on every line
    assert short(FORM) == [*((section, *told) for section in ("2", "3") for told in both), only]


def test_lines_and_columns_that_lack_english_words_are_told_where_others_have_them():
    """None at all is no remark: the form is printed in two languages."""
    table = FORM.tables[0]
    bare = [replace(line, label=replace(line.label, en="")) for line in table.lines]
    some = (*table.lines[:2], *bare[2:4], *table.lines[4:])
    columns = tuple(replace(column, heading=replace(column.heading, en="")) for column in table.columns)
    partly = replace(FORM, tables=(replace(table, lines=some), *FORM.tables[1:]))
    assert ("2", "partly-english", "1.2, 1.3") in short(partly)
    none = replace(FORM, tables=(replace(table, lines=tuple(bare), columns=columns), *FORM.tables[1:]))
    assert "partly-english" not in {code for _, code, _ in short(none)}


def test_english_words_are_never_compared_with_a_paper():
    """They are on no form; what is printed is Kazakh and Russian."""
    words = FORM.tables[0].line("1.13").label
    assert words.en == "Digital mining"
    assert words.printed() == (words.kk, words.ru)


def test_a_contradiction_names_both_rules_with_their_clauses():
    """The published one first, and the clause in each language."""
    missing = next(r for r in check(FORM) if r.message_id == "remark.terms-missing")
    assert [rule.id for rule in missing.rules] == ["published.s2.total", "s2.total"]
    published, own = missing.rules
    assert published.clause == published.cited.en == "order № 5, annex 10, item 9, 1), control 3"
    assert "10-қосымша, 9-тармақ" in published.cited.kk
    assert "приложение 10, пункт 9" in published.cited.ru
    assert own.clause.startswith("table of section 2, row under line 1")
    assert [r.clause for r in check(FORM) if r.message_id == "remark.absent" for r in r.rules] == [
        "order № 5, annex 10, item 9, 1), control 6", "order № 5, annex 10, item 9, 2), control 4",
    ]  # fmt: skip


def test_what_the_order_says_elsewhere_of_the_lines_is_shown_beside():
    """Its own instruction describes the lines that its controls forget, and not the one they invent."""
    told = {(r.section, r.message_id): [m.lines for m in r.mentions] for r in check(FORM)}
    parts = ("1.3.1", "1.4.1", "1.5.1", "1.6.1", "1.16.1")
    assert told[2, "remark.terms-missing"] == [("1.15",), ("1.16",)]
    assert told[2, "remark.absent"] == told[3, "remark.parts-unpublished"] == [parts]


def test_a_line_that_no_published_rule_names_is_found_and_one_that_some_names_is_not():
    """Take the published rules on columns away, and section 2 is as bare as section 3."""
    by_line = ("published.s2.columns", "published.s2.column-4")
    rules = tuple(rule for rule in FORM.rules if rule.id not in by_line)
    bare = [names for _, code, names in short(replace(FORM, rules=rules)) if code == "lines-unpublished"]
    assert bare == ["1.5.1, 1.6.1, 1.15, 1.16, 1.16.1"] * 2


def test_every_kind_of_remark_is_found_on_another_form():
    assert short(OTHER) == [
        ("5", "terms-missing", "Г"),
        ("5", "terms-extra", "Б1"),
        ("5", "absent", "13, Д"),
        ("5", "parts-unpublished", "Б1"),
        ("5", "rule-unpublished", ""),
        ("5", "lines-unpublished", "Г"),
        ("5", "column-gap", "13"),
        ("5", "same-oked", "В, Г"),
        ("8", "parts-unpublished", "030"),
        ("8", "parts-unruled", "030"),
        ("8", "lines-unruled", "030"),
        ("8", "columns-unruled", "1"),
        ("8", "line-gap", "040"),
    ]


def test_a_form_without_published_rules_is_not_blamed_for_it():
    rules = tuple(rule for rule in FORM.rules if rule.set is RuleSet.TABLE)
    assert check(replace(FORM, rules=rules)) == ()


def test_a_table_that_lost_a_rule_is_told_of_the_line_it_no_longer_holds():
    rules = tuple(rule for rule in FORM.rules if rule.id != "s3.part-1.16")
    assert ("3", "parts-unruled", "1.16.1") in short(replace(FORM, rules=rules))


def test_sections_come_in_the_order_of_their_numbers():
    """Section 10 comes after section 9, not before it."""
    tables = tuple(replace(t, section={5: 10, 8: 9}[t.section]) for t in OTHER.tables)
    rules = tuple(replace(rule, section={5: 10, 8: 9}[rule.section]) for rule in OTHER.rules)
    sections = [section for section, *_ in short(replace(OTHER, tables=tables, rules=rules))]
    assert sections == sorted(sections, key=int)
    assert set(sections) == {"9", "10"}


def test_every_remark_has_words_with_nothing_left_open():
    for layout in (FORM, OTHER):
        for remark in check(layout):
            for language in LANGUAGES:
                for message_id in (remark.message_id, remark.practice_id):
                    assert "{" not in say(message_id, dict(remark.parameters), language)


def test_gaps_are_counted_in_the_step_of_the_series():
    assert left_out(["10", "20", "30", "50"]) == ["40"]
    assert left_out(["1", "2", "3"]) == []
    assert left_out(["1"]) == []
    assert left_out(["3", "2", "1"]) == []
    assert left_out(["1", "1"]) == []
    assert left_out(["8", "9", "11"]) == ["10"]
