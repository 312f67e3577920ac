"""What the features of ink tell apart."""

import cv2
import numpy as np
import pytest

from extract.ink.looks import FEATURES, look_of
from extract.records import Crop


def crop(thick=3, dark=0, grain=0.0, blur=0.0, height=40):
    rng = np.random.default_rng(1)
    page = np.full((height + 20, 120), 255, np.uint8)
    for x in (20, 50, 80):
        cv2.line(page, (x, 10), (x, 10 + height), int(dark), thick)
    if blur:
        page = cv2.GaussianBlur(page, (0, 0), blur)
    raw = np.clip(page - np.abs(rng.normal(0, grain, page.shape)), 0, 255).astype(np.uint8)
    return Crop(raw, page)


def features(**kind):
    return dict(zip(FEATURES, look_of(crop(**kind)), strict=True))


@pytest.mark.parametrize(
    ("name", "less", "more"),
    [
        ("size", {"height": 20}, {"height": 60}),
        ("stroke", {"thick": 2}, {"thick": 7}),
        ("contrast", {"dark": 170}, {"dark": 0}),
        ("softness", {"blur": 0.0}, {"blur": 2.0}),
        ("grain", {"grain": 0.0}, {"grain": 12.0}),
        ("fill", {"thick": 2}, {"thick": 9}),
    ],
)
def test_each_feature_tells_what_it_is_named_for(name, less, more):
    assert features(**less)[name] < features(**more)[name] - 0.02


def test_an_empty_crop_has_a_look_too():
    """No division by nothing."""
    white = np.full((12, 12), 255, np.uint8)
    assert np.isfinite(look_of(Crop(white, white))).all()
