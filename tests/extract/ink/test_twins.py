"""Two scans of one sheet are known by their strokes; other figures are not taken for the same."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extract.ink.twins import same_ink


def ink(text, seed, *, shift=0.0, size=0.9):
    """Figures as one scan shows them: a little shifted and blurred, with grain of its own."""
    picture = np.full((48, 40 + 22 * len(text)), 255, np.uint8)
    cv2.putText(picture, text, (12, 36), cv2.FONT_HERSHEY_SIMPLEX, size, (0,), 2, cv2.LINE_AA)
    moved = cv2.warpAffine(picture, np.array([[1, 0, shift], [0, 1, shift]]), picture.shape[::-1], borderValue=(255,))
    grain = np.random.default_rng(seed).normal(0, 6, picture.shape)
    return np.clip(cv2.GaussianBlur(moved, (0, 0), 0.7) + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("text", ["7", "1204", "98213"])
def test_a_second_scan_is_the_same(text):
    assert same_ink(ink(text, 1), ink(text, 2, shift=1.4))


@pytest.mark.parametrize(("first", "second"), [("1204", "1578"), ("7", "0"), ("98213", "4150"), ("55", "555")])
def test_other_figures_are_not(first, second):
    assert not same_ink(ink(first, 1), ink(second, 2))
