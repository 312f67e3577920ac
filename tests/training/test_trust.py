"""How the trust in readings is fitted and measured."""

import numpy as np
import pandas as pd
import pytest

from training.trust import ROWS, clustered_bound, eligible, fitted, load
from validate.trust import trust_from

PNG = b"-"


def cells(forms=40, each=100, *, wrong=0, doubts="", confidence=0.99, stratum="typed/clear"):
    """Cells of so many forms that were read alike, so many of the first form wrongly."""
    count = forms * each
    said = ["12"] * count
    said[:wrong] = ["72"] * wrong
    return pd.DataFrame(
        {
            "kind": "scan", "form": [f"f{i // each}" for i in range(count)], "page": 1, "written": "12", "value": "12",
            "said": said, "clean": [PNG] * count, "read": [[{"text": "12"}]] * count, "stratum": stratum,
            "confidence": confidence, "agreed": True, "summed": False, "doubts": doubts,
            "look": [[float(i % 7), 1.0] for i in range(count)],
        }
    )  # fmt: skip


def loaded(tmp_path, frame):
    frame.to_parquet(tmp_path / "cells.parquet")
    return load([tmp_path / "cells.parquet"])


def test_a_bound_wants_cells_and_forgives_no_error():
    """With nothing wrong it falls with the number of cells; each error lifts it."""
    few, many = (clustered_bound(cells(forms).assign(right=True), 0.05) for forms in (10, 40))
    assert many == pytest.approx(3 / 4000, rel=0.01)
    assert few == pytest.approx(3 / 1000, rel=0.01)
    spread = np.arange(4000) % 1000 != 0
    assert clustered_bound(cells().assign(right=spread), 0.05) > many


def test_errors_that_come_together_count_for_more():
    """Ten wrong cells of one form say less of the others than ten of ten forms, and less is proved."""
    together = cells().assign(right=np.arange(4000) >= 10)
    apart = cells().assign(right=np.arange(4000) % 400 != 0)
    assert clustered_bound(together, 0.05) > clustered_bound(apart, 0.05)


def test_cells_held_back_otherwise_prove_nothing(tmp_path):
    """A doubt that stops a figure takes it out of the count; one that is told only does not."""
    assert not eligible(cells(2, doubts="struck-out"), "agreed").any()
    assert eligible(cells(2, doubts="photo"), "agreed").all()
    told = fitted(loaded(tmp_path, cells(doubts="struck-out")))
    assert {step["cells"] for step in told["strata"]["typed/clear"]["steps"]["agreed"]} == {0}
    assert trust_from(told).strata["typed/clear"].threshold("agreed", 0.01) is None


def test_what_is_fitted_can_be_used(tmp_path):
    """Four thousand cells without an error prove one in a thousand, and not one in ten thousand."""
    told = fitted(loaded(tmp_path, cells()))
    stratum = trust_from(told).strata["typed/clear"]
    assert stratum.threshold("agreed", 0.001) == min(ROWS[0][0])
    assert stratum.threshold("agreed", 0.0001) is None
    assert stratum.threshold("summed", 0.001) is None
    assert stratum.looks is not None
    assert stratum.looks.distance([[3.0, 1.0]] * 50) < stratum.looks.limit < stratum.looks.distance([[3.0, 9.0]] * 50)


def test_what_is_wrong_is_told_by_the_value(tmp_path):
    """The truth is what stands on paper, not what was read."""
    frame = loaded(tmp_path, cells(1, wrong=3))
    assert (~frame["right"]).sum() == 3
