"""Print and handwriting, told together."""

import numpy as np
import pytest

from extract.ink import kinds
from extract.ink.kinds import inks_of
from extract.ink.marks import UNTOLD
from extract.records import Crop, Ink


def crops(monkeypatch, chances, *, wide=True):
    """Crops that look handwritten so far."""
    pictures = [np.full((10, 30 if wide else 8), i, np.uint8) for i in range(len(chances))]
    monkeypatch.setattr(kinds, "handwritten", lambda crop: chances[int(crop.raw[0, 0])])
    return [Crop(picture, picture) for picture in pictures]


@pytest.mark.parametrize(("chance", "ink"), [(0.6, Ink.TYPED), (0.3, Ink.TYPED), (0.99, Ink.HAND)])
def test_among_print_a_doubtful_cell_is_print_and_a_written_one_is_not(monkeypatch, chance, ink):
    """A figure corrected by hand stands on a printed form now and then."""
    assert inks_of(crops(monkeypatch, [0.05] * 9 + [chance]))[-1] is ink


def test_among_handwriting_a_doubtful_cell_is_handwriting(monkeypatch):
    """The other way round."""
    assert set(inks_of(crops(monkeypatch, [0.95] * 9 + [0.35]))) == {Ink.HAND}


def test_dashes_are_what_the_figures_are(monkeypatch):
    """However many there are: they say nothing themselves."""
    for chance, ink in ((0.05, Ink.TYPED), (0.95, Ink.HAND)):
        assert set(inks_of(crops(monkeypatch, [chance] * 5 + [UNTOLD] * 40))) == {ink}


def test_few_or_narrow_crops_tell_nothing_of_each_other(monkeypatch):
    """Each is judged by itself."""
    assert inks_of(crops(monkeypatch, [0.1, 0.1, 0.6]))[-1] is Ink.HAND
    assert inks_of(crops(monkeypatch, [0.1] * 9 + [0.6], wide=False))[-1] is Ink.HAND
