"""A small part of the trial on mistakes of unit; the whole of it is in docs/evidence/units.md."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from corpus.figures import broken
from layouts.load import shipped_layouts
from training.past import TENGE, two_years
from training.units import LAYOUT, WHOLE, made_forms, tables, trial

FORM = shipped_layouts()[LAYOUT]


@pytest.fixture(scope="module")
def found():
    return trial(7006, 300)


def share(verdicts, hit):
    return sum(map(hit, verdicts)) / len(verdicts)


def test_whole_forms_in_tenge_are_named_with_last_years_figures(found):
    """And true growth is not, though it is asked about."""
    whole = [v for v in found["with"] if v.planted in {"form", "form-exact"}]
    assert len(whole) > 30
    assert share(whole, lambda v: "form" in v.exact) >= 0.97
    grown = [v for v in found["with"] if not v.planted and v.growth == "even"]
    assert share(grown, lambda v: v.asked) == 1
    assert share(grown, lambda v: bool(v.units)) <= 0.1
    said = [v for v in found["with"] if "form" in v.units]
    assert share(said, lambda v: v.planted in WHOLE or "form" in v.exact) >= 0.95


def test_columns_are_named_by_the_sums_and_nothing_is_named_without_a_mistake(found):
    """With last year's figures or without."""
    for verdicts in found.values():
        columns = [v for v in verdicts if v.planted == "column"]
        assert share(columns, lambda v: bool(v.exact)) >= 0.85
        clean = [v for v in verdicts if not v.planted and v.growth == "ordinary" and v.right]
        assert share(clean, lambda v: bool(v.units)) <= 0.02


def test_the_same_seed_gives_the_same_forms_however_many():
    """So that a verdict can be looked at again."""
    few, many = list(made_forms(7006, 5, FORM)), list(made_forms(7006, 9, FORM))[:5]
    assert [(m.written, m.last) for m in few] == [(m.written, m.last) for m in many]


@pytest.mark.parametrize("growth", ["ordinary", "even", "one-line", "shrunk"])
def test_last_years_figures_obey_the_sums_and_grow_as_told(growth):
    """The total of a respondent that truly grew is hundreds of times last year's."""
    for seed in range(20):
        made = two_years(random.Random(f"{growth}/{seed}"), FORM, "dev", "", growth)
        assert [rule.id for rule, _ in broken(FORM, made.last) if rule.relation == "="] == []
        total = max(made.true, key=lambda p: made.true[p])
        if growth == "even":
            assert made.true[total] / made.last[total] > 30
        if growth == "shrunk":
            assert made.last[total] / made.true[total] > 30


@pytest.mark.parametrize("planted", ["form", "section", "line", "column", "cell", "column-summed"])
def test_what_is_planted_is_a_thousand_times_the_true_figure(planted):
    """In these cells and no others, but for the sums that follow."""
    for seed in range(20):
        made = two_years(random.Random(f"{planted}/{seed}"), FORM, "dev", planted, "ordinary")
        digits = {p: Decimal("".join(ch for ch in text if ch.isdigit())) for p, text in made.written.items()}
        assert all(digits[p] == round(made.true[p] * TENGE) for p in made.wrong if not planted.endswith("summed"))
        assert not made.wrong or made.planted == planted


def test_the_tables_tell_every_kind(found):
    """With their intervals, with last year's figures and without."""
    told = tables(found, 7006)
    assert told.count("| form | ordinary |") == 2
    assert "Without them" in told
    assert "Unit suspected where nothing is planted" in told
