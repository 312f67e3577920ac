"""Intervals cover, plans prove what they say."""

import pytest
from numpy.random import default_rng
from scipy import stats

from compare.rates import acceptance, clustered, exact, needed, upper
from training.comparisons import Population, coverage


@pytest.mark.parametrize("population", [Population(0.003, 0.3, 6), Population(0.01, 0.0, 1)])
def test_clustered_intervals_cover(population):
    """300 draws of 100 forms: far from the 85 to 90 % of intervals that know nothing of slips of several cells."""
    assert coverage(default_rng(3), population, population.rate, 100, 300) >= 0.94


def test_exact_limits_are_the_binomial_ones():
    low, high = exact(3, 500)
    assert stats.binom.sf(2, 500, low) == pytest.approx(0.025)
    assert stats.binom.cdf(3, 500, high) == pytest.approx(0.025)


def test_errors_of_one_form_count_for_less():
    apart = clustered([(1, 40)] * 12 + [(0, 40)] * 88)
    together = clustered([(12, 40)] + [(0, 40)] * 99)
    assert apart.hits == together.hits == 12
    assert together.high > 1.5 * apart.high


def test_nothing_and_everything():
    assert clustered([]).high == 1.0
    assert clustered([(0, 0)]).cells == 0
    assert clustered([(5, 5), (7, 7)]).high == 1.0
    assert clustered([(0, 100)]).low == 0.0


@pytest.mark.parametrize("wrong", range(4))
def test_sizes_are_the_smallest_that_prove(wrong):
    size = needed(0.002, wrong)
    assert upper(wrong, size) <= 0.002 < upper(wrong, size - 1)


def test_a_plan_keeps_both_promises():
    plan = acceptance(0.0005, 0.003, 0.9, 0.1)
    assert stats.binom.cdf(plan.wrong, plan.cells, 0.0005) >= 0.9
    assert stats.binom.cdf(plan.wrong, plan.cells, 0.003) <= 0.1
    with pytest.raises(ValueError, match=r"0\.003"):
        acceptance(0.003, 0.001)
