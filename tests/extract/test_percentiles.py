"""Grey levels counted instead of sorted."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from extract.percentiles import percentiles

PICTURES = arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)))


@given(PICTURES, st.lists(st.sampled_from([0, 0.5, 2.0, 10, 25, 50, 75, 80, 90, 100]), min_size=1, max_size=3))
def test_percentiles_are_those_of_numpy(picture, shares):
    assert percentiles(picture, *shares) == tuple(float(np.percentile(picture, share)) for share in shares)


def test_a_picture_seen_in_steps_is_counted_as_such():
    picture = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert percentiles(picture[::2, ::2], 50) == (float(np.percentile(picture[::2, ::2], 50)),)
