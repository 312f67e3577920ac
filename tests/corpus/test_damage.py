"""Damage is repeatable and leaves a page a page."""

import numpy as np
import pytest

from corpus import damage

EVERY = (
    damage.skew, damage.blur, damage.noise, damage.speckle, damage.paper, damage.low_toner, damage.broken_rulings,
    damage.seal, damage.punch, damage.bleed, damage.lid, damage.jpeg, damage.bilevel, damage.fax, damage.photo,
)  # fmt: skip


def page(channels):
    """White paper with rulings and some ink."""
    picture = np.full((400, 300), 255, np.uint8)
    picture[::40] = 0
    picture[:, ::60] = 0
    picture[100:110, 70:90] = 40
    return picture if channels == 1 else np.dstack([picture] * 3)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("spoil", EVERY, ids=lambda f: f.__name__)
def test_the_same_seed_spoils_alike_and_leaves_the_original(spoil, channels):
    """Picture in, picture out; ink and paper are still there."""
    before = page(channels)
    kept = before.copy()
    first = spoil(before, np.random.default_rng(5))
    again = spoil(before, np.random.default_rng(5))
    assert np.array_equal(first, again)
    assert np.array_equal(before, kept)
    assert first.dtype == np.uint8
    assert first.min() < 200
    assert first.max() > 150


def test_quarter_turns_come_back():
    """Four quarters are none."""
    picture = page(1)
    turned = picture
    for _ in range(4):
        turned = damage.turned(turned, 1)
    assert np.array_equal(turned, picture)
    assert damage.turned(picture, 1).shape == (300, 400)


def test_a_grey_scan_of_a_seal_stays_grey():
    """One channel."""
    assert damage.seal(page(1), np.random.default_rng(1), tinted=False).ndim == 2


def test_broken_rulings_spare_small_ink():
    """Gaps fall into long strokes only."""
    picture = page(1)
    spoilt = damage.broken_rulings(picture, np.random.default_rng(2))
    assert np.array_equal(spoilt[101:109, 71:89], picture[101:109, 71:89])
    assert (spoilt[::40] == 255).any()
