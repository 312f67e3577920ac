import random
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from corpus.writers import RENDERED, Hand, Shape, strokes_drawn
from training.pen import SIGNS, Style, drawn_glyph, handwritten

BAR = np.full((48, 12), 255, np.uint8)  # an upright stroke
NEAT = Style(
    size=40,
    pen=0.1,
    gap=0.2,
    uneven_gap=0.0,
    uneven_size=0.0,
    uneven_base=0.0,
    drift=0.0,
    wave=0.0,
    wide=1.0,
    slant=0.0,
    hang=0.0,
    shrink=1.0,
    bend=0.0,
    joined=0.0,
    one_pen=False,
)


def bars(signs="0123456789"):
    return Hand("mnist", "one", {sign: [Shape(BAR)] for sign in signs}, held_out=False)


def pieces(ink):
    return cv2.connectedComponents((ink > 90).astype(np.uint8))[0] - 1


def test_pen_strokes_are_drawn_upright():
    """Their y runs upward, that of pictures downward."""
    drawn = strokes_drawn([[(0, 0), (50, 0)], [(25, 0), (25, 100)]], 3)
    rows = (drawn > 0).sum(axis=1)
    assert rows[-5:].max() > 2 * rows[:10].max()
    assert RENDERED <= drawn.shape[0] < RENDERED + 10


def test_figures_stand_apart_or_touch_as_the_gap_says():
    apart = handwritten("11111", bars(), random.Random(1), NEAT)
    touching = handwritten("11111", bars(), random.Random(1), replace(NEAT, gap=-0.05))
    assert pieces(apart) == 5
    assert pieces(touching) < 5


def test_a_space_is_wider_than_the_gap():
    columns = (handwritten("11 11", bars(), random.Random(1), NEAT) > 90).any(axis=0)
    inked = np.flatnonzero(columns)
    gaps = np.diff(inked)[np.diff(inked) > 1]
    assert len(gaps) == 3
    assert gaps[1] > 1.4 * max(gaps[0], gaps[2])


def test_leaning_figures_reach_over_each_other():
    """Their rectangles overlap although no ink touches."""
    slash = Hand("unipen", "one", {"1": [Shape(strokes=[[(0, 0), (60, 100)]])]}, held_out=False)
    ink = handwritten("111", slash, random.Random(1), replace(NEAT, pen=0.05))
    assert pieces(ink) == 3
    *_, stats, _ = cv2.connectedComponentsWithStats((ink > 90).astype(np.uint8))
    boxes = sorted((int(x), int(x + w)) for x, _, w, _, _ in stats[1:])
    assert all(right[0] < left[1] for left, right in pairwise(boxes))


def test_one_pen_writes_all_figures():
    """A thick and a thin picture of a stroke come out more alike."""
    shapes = (Shape(np.pad(BAR, ((0, 0), (4, 4)))), Shape(np.pad(BAR[:, :5], ((0, 0), (8, 8)))))
    ratios = []
    for one_pen in (False, True):
        style = replace(NEAT, one_pen=one_pen)
        thick, thin = (float((drawn_glyph(shape, 48, style, random.Random(1)) > 90).sum()) for shape in shapes)
        ratios.append(thick / thin)
    assert 1 <= ratios[1] < 0.85 * ratios[0]


def test_hurried_figures_are_joined():
    joined = handwritten("1111", bars(), random.Random(1), replace(NEAT, joined=1.0))
    assert pieces(joined) == 1


def test_a_hand_writes_all_its_signs():
    ink = handwritten("0123456789 ,.-'()%Х", bars(), random.Random(1))
    assert ink.max() == 255
    with pytest.raises(KeyError):
        handwritten("т", bars(), random.Random(1))


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_each_sign_leaves_ink(sign):
    assert handwritten(sign, bars(), random.Random(2)).max() > 40


def test_no_ink_is_lost_at_the_edge_of_the_canvas():
    for seed in range(60):
        rng = random.Random(seed)
        ink = handwritten("1 234 567,89", bars(), rng, replace(Style.drawn(rng), slant=0.0))
        assert not ink[0].any()
        assert not ink[-1].any()
        assert not ink[:, -1].any()
