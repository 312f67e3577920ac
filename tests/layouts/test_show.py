"""Layouts as text: complete, aligned, in the reader's language, no wider than a terminal."""

from dataclasses import replace
from pathlib import Path

import pytest

from layouts.load import load_layout, shipped_layouts
from layouts.model import RuleSet
from layouts.rules import controls
from layouts.show import WIDTH, check_text, list_text, show_text
from layouts.words import LANGUAGES

OTHER = load_layout(Path(__file__).parent / "data" / "3-test.toml")
EVERY = {**shipped_layouts(), OTHER.id: OTHER}


def texts(language):
    whole = [show(layout, language) for layout in EVERY.values() for show in (show_text, check_text)]
    return [list_text(EVERY, language), *whole]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_too_wide_and_no_gap_is_left_open(language):
    for text in texts(language):
        assert text.endswith("\n")
        assert "{" not in text
        for line in text.splitlines():
            assert len(line) <= WIDTH
            assert line == line.rstrip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_are_aligned(language):
    head, dashes, *rows = list_text(EVERY, language).splitlines()
    starts = [i for i in range(len(dashes)) if dashes[i] == "-" and (i == 0 or dashes[i - 1] == " ")]
    for start in starts[1:]:
        assert all(line[start - 1 : start] in ("", " ") for line in (head, *rows))


def test_every_line_field_and_rule_is_shown():
    for layout in EVERY.values():
        words = show_text(layout, "ru").split()
        for table in layout.tables:
            assert {line.code for line in table.lines} | {line.oked for line in table.lines if line.oked} <= set(words)
        assert {field.id for field in layout.fields} <= set(words)
        assert {f"{rule.id}:" for rule in layout.rules} <= set(words)


def test_a_rule_is_shown_with_its_sentence_clause_and_number_of_controls():
    text = show_text(EVERY["2-uslugi-it.2026"], "en")
    assert "s2.columns: on lines, controls: 22" in text
    assert "On every line column 1 equals the sum of columns 2, 3, 5 and 6" in text
    assert "(order № 5, annex 10, item 9, 1), control 3)" in text
    assert "published.s2.part-1.14: not applicable, not on the form: 1.14.1" in text
    count = len(controls(EVERY["2-uslugi-it.2026"], RuleSet.TABLE))
    assert f"Rules of the set “table” ({count} controls in all)" in text


def test_words_come_in_the_readers_language():
    assert "Барлығы" in show_text(OTHER, "kk")
    assert "Всего" in show_text(OTHER, "ru")
    assert "Автобаза" in show_text(OTHER, "kk"), "a label without Kazakh words is shown in Russian"


def test_a_layout_without_remarks_says_so():
    form = EVERY["2-uslugi-it.2026"]
    quiet = replace(form, rules=tuple(r for r in form.rules if r.set is RuleSet.TABLE))
    assert check_text(quiet, "en") == "2-uslugi-it.2026: nothing to remark.\n"
    assert "The set “published” has no rules." in show_text(quiet, "en")


def test_remarks_are_counted_and_told_with_their_clauses():
    text = check_text(EVERY["2-uslugi-it.2026"], "en")
    assert text.startswith("2-uslugi-it.2026: remarks – 7\n")
    assert text.count("\n- ") == text.count("\n  → In practice: ") == 7


@pytest.mark.parametrize(("language", "words"), [
    ("kk", ("№ 5 бұйрық, 10-қосымша, 9-тармақ, 1) тармақша, 3-бақылау", "Іс жүзінде", "1.15-жол туралы бөлік")),
    ("ru", ("приказ № 5, приложение 10, пункт 9, подпункт 1), контроль 3", "На деле", "часть о строке 1.15")),
    ("en", ("order № 5, annex 10, item 9, 1), control 3", "In practice", "part on line 1.15")),
])  # fmt: skip
def test_a_remark_says_which_clause_says_what_and_what_follows(language, words):
    """Both relations in full, their clauses, what the order says elsewhere, and the consequence, in one's language."""
    text = " ".join(check_text(EVERY["2-uslugi-it.2026"], language).split())
    first = text.partition("→")[0]
    assert "published: " in first
    assert "+ 1.13 + 1.14 table: " in first
    assert "1.13 + 1.14 + 1.15 + 1.16 " in first
    assert all(word in text for word in words)
