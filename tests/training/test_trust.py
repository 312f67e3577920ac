"""How the trust in readings is fitted and measured."""

import numpy as np
import pandas as pd
import pytest

from training.trust import ROWS, clustered_bound, eligible, fitted, measured
from validate.trust import trust_from


def cells(forms=40, each=100, *, wrong=0, **more):
    """Cells of so many forms that were read alike, so many of the first form wrongly."""
    count = forms * each
    told = {
        "stratum": "typed/clear",
        "confidence": 0.995,
        "agreed": True,
        "summed": False,
        "broken": False,
        "cleared": False,
        "doubts": "",
    }
    told |= {"margin": 9.0, **more}
    return pd.DataFrame(
        {
            "form": [f"f{i // each}" for i in range(count)], "page": 1, "right": np.arange(count) >= wrong,
            "look": [[float(i % 7), 1.0] for i in range(count)], "looked": True, **told,
        }
    )  # fmt: skip


def fit(frame):
    """The fit of cells whose decision leaves them as they were."""
    return fitted(frame, lambda _: frame)


def test_a_bound_wants_cells_and_forgives_no_error():
    """With nothing wrong it falls with the number of cells; each error lifts it."""
    few, many = (clustered_bound(cells(forms), 0.05) for forms in (10, 40))
    assert many == pytest.approx(3 / 4000, rel=0.01)
    assert few == pytest.approx(3 / 1000, rel=0.01)
    spread = np.arange(4000) % 1000 != 0
    assert clustered_bound(cells().assign(right=spread), 0.05) > many


def test_errors_that_come_together_count_for_more():
    """Ten wrong cells of one form say less of the others than ten of ten forms, and less is proved."""
    together = cells(wrong=10)
    apart = cells().assign(right=np.arange(4000) % 400 != 0)
    assert clustered_bound(together, 0.05) > clustered_bound(apart, 0.05)


@pytest.mark.parametrize(
    ("more", "case", "counted"),
    [
        ({"doubts": "struck-out"}, "agreed", False),
        ({"doubts": "photo"}, "agreed", True),
        ({"doubts": "seal"}, "agreed", False),
        ({"doubts": "seal", "summed": True}, "summed", True),
        ({"summed": True}, "agreed", False),
        ({"broken": True}, "agreed", False),
        ({"broken": True, "cleared": True}, "agreed", True),
        ({"agreed": False}, "agreed", False),
    ],
)
def test_a_cell_counts_for_the_evidence_it_would_be_accepted_on(more, case, counted):
    """Once: not where a doubt stops it, nor for the readers where sums speak, for or against."""
    assert eligible(cells(2, **more), case).all() == counted
    assert eligible(cells(2, **more), case).any() == counted


def test_what_is_fitted_can_be_used():
    """Four thousand cells without an error prove one in a thousand, and not one in ten thousand."""
    trust = trust_from(fit(cells()))
    assert trust.level("typed/clear", "agreed", 0.001) == min(ROWS["agreed"][0][0])
    assert trust.level("typed/clear", "agreed", 0.0001) is None
    assert trust.level("typed/clear", "summed", 0.001) is None
    looks = trust.strata["typed/clear"].looks
    assert looks is not None
    assert looks.distance([[3.0, 1.0]] * 50) < looks.limit < looks.distance([[3.0, 9.0]] * 50)


def test_dashes_do_not_enter_how_pages_look():
    """As they are not held against it."""
    plain = cells()
    dashes = cells(4).assign(looked=False)
    dashes["look"] = [[90.0, 90.0]] * len(dashes)
    mixed = fit(pd.concat([plain, dashes], ignore_index=True))
    assert mixed["strata"]["typed/clear"]["looks"] == fit(plain)["strata"]["typed/clear"]["looks"]


def test_a_kind_of_ink_is_proved_over_its_strata_together():
    """Margins and calibrated confidences mean the same on every scan; a stratum never seen proves nothing."""
    half = cells(20, summed=True)
    frame = pd.concat([half, half.assign(stratum="typed/photo", form="p" + half["form"])], ignore_index=True)
    trust = trust_from(fit(frame))
    assert trust.level("typed/photo", "summed", 0.001) == min(ROWS["summed"][0][0])
    assert trust.level("typed/bilevel", "summed", 0.001) is None
    assert trust_from(fit(half)).level("typed/clear", "summed", 0.001) is None


def test_margins_are_counted_by_margin():
    """A small one proves nothing however sure the confidence made of it."""
    trust = trust_from(fit(cells(summed=True, margin=2.0)))
    assert trust.level("typed/clear", "summed", 0.5) is None


def test_the_measure_tells_what_is_accepted_and_wrong():
    """By the levels of another fit."""
    told = measured(cells(wrong=4), trust_from(fit(cells())))
    assert "typed/clear" in told
    assert "wrong 4 of 4000" in told
