"""Figures obey the form; mistakes break what they say they break and nothing else."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from corpus.amounts import SEPARATORS
from corpus.countries import codes, country_text
from corpus.figures import broken, draw_amounts, draw_countries, plan
from corpus.fill import fill
from corpus.mistakes import PLANTERS, UNSEEN_BY_RULES
from layouts.load import shipped_layouts
from layouts.model import Place

LAYOUT = next(iter(shipped_layouts().values()))


def amounts_of(filled):
    return {place: entry.amount for place, entry in filled.entries.items() if entry.amount is not None}


@pytest.mark.parametrize("seed", range(60))
def test_figures_obey_every_rule_of_the_table(seed):
    """No rule of the form's own table fails, whatever the plan."""
    rng = random.Random(seed)
    amounts = draw_amounts(rng, LAYOUT, plan(rng, decimals=seed % 3))
    assert amounts
    assert set(amounts) <= set(LAYOUT.places)
    assert broken(LAYOUT, amounts) == []


def test_most_cells_of_most_forms_are_empty():
    """As on real forms: over many forms fewer than a third of the cells carry an amount."""
    filled = [fill(random.Random(seed), LAYOUT, "dev") for seed in range(60)]
    share = sum(bool(v) for form in filled for v in amounts_of(form).values()) / (60 * len(LAYOUT.places))
    assert 0.03 < share < 0.33


@pytest.mark.parametrize("cause", sorted(PLANTERS))
def test_a_planted_mistake_is_there_and_named(cause):
    """In most tries there is room for it; then a rule breaks, or it is one that no rule sees."""
    planted = 0
    for seed in range(12):
        filled = fill(random.Random(f"{cause}/{seed}"), LAYOUT, "dev", cause=cause)
        if not filled.mistakes:
            continue
        planted += 1
        if cause not in UNSEEN_BY_RULES:
            assert broken(LAYOUT, amounts_of(filled)), filled.mistakes
        for mistake in filled.mistakes:
            if mistake.line and mistake.column:
                assert Place(mistake.section, mistake.line, mistake.column) in filled.entries
    assert planted >= 6


@pytest.mark.parametrize("cause", ["row-total", "column-total", "transposed", "of-which", "missing-total"])
def test_the_place_named_takes_part_in_a_broken_rule(cause):
    """The rule that breaks speaks of the line or column of the culprit."""
    for seed in range(8):
        filled = fill(random.Random(f"{cause}/{seed}"), LAYOUT, "dev", cause=cause)
        if filled.mistakes:
            at = {filled.mistakes[0].line, filled.mistakes[0].column}
            assert any(where in at for _, where in broken(LAYOUT, amounts_of(filled)))


def test_a_form_in_tenge_still_adds_up_and_keeps_what_is_written():
    """Every amount is a thousand times too large; no rule sees it; the truth says what stands there."""
    filled = fill(random.Random(5), LAYOUT, "dev", cause="tenge-form")
    assert broken(LAYOUT, amounts_of(filled)) == []
    assert max(amounts_of(filled).values()) >= 100_000
    assert all(value == int(value) for value in amounts_of(filled).values())
    assert filled.mistakes[0].cause == "unit"


def test_countries_stand_only_where_the_form_asks_for_them():
    """Never over a printed «Х», never on an unused line."""
    for seed in range(40):
        rng = random.Random(seed)
        amounts = draw_amounts(rng, LAYOUT, plan(rng, 0))
        for place in draw_countries(rng, LAYOUT, amounts):
            column = next(c for c in LAYOUT.table(place.section).columns if c.number == place.column)
            assert place.line not in column.crossed
            assert any(amounts.get(place._replace(column=c.number)) for c in LAYOUT.table(place.section).amount_columns)


def test_country_codes_follow_what_is_written():
    """Every text names as many countries as it has codes, in both languages."""
    counts = Counter()
    for seed in range(300):
        text = country_text(random.Random(seed), "kk" if seed % 2 else "ru")
        found = codes(text)
        assert found, text
        assert len(set(found)) == len(found)
        counts[len(found)] += 1
    assert set(counts) == {1, 2, 3}


@pytest.mark.parametrize("cause", ["", *sorted(PLANTERS)])
def test_what_is_written_means_the_amount_of_the_truth(cause):
    """Whatever is planted: text without its separators, sign and mark is the amount to the last digit."""
    for seed in range(5):
        filled = fill(random.Random(f"w/{cause}/{seed}"), LAYOUT, "eval" if seed % 2 else "dev", cause=cause)
        style = filled.numbers
        for entry in filled.entries.values():
            if not entry.amount:
                assert entry.written in {"", style.blank_mark}
                assert (entry.amount is None) == (entry.written == "")
                continue
            digits = entry.written.rstrip(" %").replace("(", "-").replace(")", "")
            separator = SEPARATORS[style.group]
            digits = digits.replace(separator, "") if separator else digits
            assert Decimal(digits.replace(style.point, ".")) == entry.amount
