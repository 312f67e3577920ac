import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.readers.calibration import Calibration, calibration_of


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-3, 3), st.floats(0.1, 3))
def test_a_surer_claim_is_never_held_for_less_sure(first, second, offset, slope):
    fitted = Calibration(offset, slope)
    low, high = sorted((first, second))
    assert 0 < fitted.probability(low) <= fitted.probability(high) < 1


def test_alternatives_keep_their_order_and_never_exceed_one_together():
    applied = Calibration(-1.0, 0.5).apply([("12", math.log(0.9)), ("72", math.log(0.06)), ("1", math.log(0.01))])
    assert [text for text, _ in applied] == ["12", "72", "1"]
    assert sum(math.exp(logp) for _, logp in applied) <= 1.0 + 1e-9
    assert applied[0][1] >= applied[1][1] >= applied[2][1]


def test_a_reader_never_fitted_is_believed():
    assert calibration_of("nobody") == Calibration(0.0, 1.0)
    assert Calibration().apply([("1", math.log(0.7))])[0][1] == pytest.approx(math.log(0.7))


def test_nothing_stays_nothing():
    assert Calibration().apply([]) == []
