"""The option a text processor sets in bold."""

from __future__ import annotations

import numpy as np
import pytest

from extract.fields.bold import bold_option
from extract.records import Box
from tests.extract.drawn import blur, grain, type_text

OPTIONS = ("до 1 часа", "1-2", "2-4", "4-8", "8-40", "более 40 часов")
SANS, SANS_BOLD = 0, 3  # faces of `drawn.FONTS`


def strip(bold, *, size=26):
    """Options side by side, those in `bold` set bold; the page and the cells."""
    page = np.full((90, 200 * len(OPTIONS) + 40), 255, np.uint8)
    boxes = [Box(20 + 200 * i, 20, 220 + 200 * i, 75) for i in range(len(OPTIONS))]
    for i, (box, text) in enumerate(zip(boxes, OPTIONS, strict=True)):
        type_text(page, text, box.x0 + 15, box.y0 + 12, size, which=SANS_BOLD if i in bold else SANS)
    return grain(blur(page, 0.8), 4, np.random.default_rng(1)), boxes


@pytest.mark.parametrize("which", [0, 2, 3, 4, 5])
def test_the_one_bold_option_stands_out(which):
    """«1-2» is left out: two thin signs and a dash, it may pass unnoticed, and the options count as unmarked."""
    assert bold_option(*strip({which})) == which


@pytest.mark.parametrize("bold", [set(), {1, 3}, set(range(len(OPTIONS)))])
def test_where_none_or_several_are_bold_nothing_stands_out(bold):
    """Nothing is guessed: none is told, and a person looks."""
    assert bold_option(*strip(bold)) == -1


def test_bare_paper_is_not_bold():
    page, boxes = strip(set())
    assert bold_option(np.full_like(page, 255), boxes) == -1
    assert bold_option(page, []) == -1
