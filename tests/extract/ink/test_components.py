"""Connected pieces, beside OpenCV's own measures of them."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from extract.ink.components import components

INK = arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30)), elements=st.sampled_from([0, 255]))


@pytest.mark.parametrize("connectivity", [4, 8])
@given(ink=INK)
def test_pieces_measure_what_opencv_measures(connectivity, ink):
    labels, stats = components(ink, connectivity)
    _, known, measured, _ = cv2.connectedComponentsWithStats(ink, connectivity=connectivity)
    assert np.array_equal(labels, known)
    assert np.array_equal(stats[1:], measured[1:])
    assert stats[0].tolist() == [0, 0, ink.shape[1], ink.shape[0], np.count_nonzero(ink == 0)]


def test_a_picture_without_pixels_has_no_pieces():
    assert len(components(np.zeros((0, 5), np.uint8))[1]) == 1
