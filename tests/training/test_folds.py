import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs torch, reading does not")
pytest.importorskip("onnx", reason="training needs onnx, reading does not")

from extract.records import Alternative
from training.amounts import Amount
from training.folds import line, runs


def amounts(count):
    return [Amount(f"{k}.jpg", np.full((8, 20), 255, np.uint8), str(k), held_out=True) for k in range(count)]


def test_runs_hold_every_amount_once_and_neighbours_together():
    unseen = amounts(13)
    parted = runs(unseen, 5)
    assert [a for run in parted for a in run] == unseen
    assert {len(run) for run in parted} == {2, 3}


def test_a_line_counts_digits_alone_and_says_how_sure_it_is():
    said = [(Alternative("0,-", 0.0, "net"),), (Alternative("7", 0.0, "net"),), ()]
    assert "   1/   3 0.333 (0.061 to 0.792)" in line("some", amounts(3), said)
