"""How pairs of runs are told."""

from __future__ import annotations

from tests.qagaz.load.throughput import written


def test_the_median_stands_between_the_lowest_and_the_highest_pair():
    """Five pairs hold the true median with 94 in a hundred."""
    pairs = [
        {jobs: dict.fromkeys(("first", "last", "processor", "load"), 1.0) | {"end": end} for jobs, end in each}
        for each in ((("1", 10.0 * ratio), ("2", 10.0)) for ratio in (1.9, 1.7, 1.85, 1.95, 1.8))
    ]
    text = " ".join(" ".join(written(pairs, 200)).split())
    assert "median **1.85**, between 1.70 and 1.95" in text
    assert "94 %" in text
    assert text.count("| 10.0 |") == 5
