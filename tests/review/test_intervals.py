"""Intervals that are honest about clustering and about zero errors."""

from hypothesis import given
from hypothesis import strategies as st

from review.intervals import clustered, upper_bound, wilson


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_share_lies_in_its_interval(hits, more):
    """For every count."""
    low, high = wilson(hits, hits + more)
    assert 0 <= low <= hits / (hits + more) <= high <= 1


def test_cells_that_fail_together_widen_the_interval():
    """The same counts say less where all errors are in one form."""
    spread = clustered([(1, 100)] * 20)
    lumped = clustered([(20, 100), *[(0, 100)] * 19])
    assert spread.share == lumped.share
    assert lumped.high - lumped.low > 2 * (spread.high - spread.low)


def test_the_exact_bound_of_small_counts():
    """Known values: 3.0 / n without an error, 4.74 / n with one, for large n."""
    assert abs(upper_bound(0, 10_000) * 10_000 - 2.9957) < 0.01
    assert abs(upper_bound(1, 10_000) * 10_000 - 4.744) < 0.01


def test_nothing_counted_says_nothing():
    """Without cells the bound is one."""
    assert upper_bound(0, 0) == 1.0
    assert clustered([]).high == 1.0
