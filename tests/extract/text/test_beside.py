"""Marks of notes and strokes through figures: the cell is doubted, whatever its text makes of them."""

import pytest

from extract.records import Box, Segment, Word
from extract.text.beside import disturbances

FIGURE = Word("106,9", Box(100, 100, 130, 110))


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        (Word("2", Box(131, 98, 134, 106)), "stray-mark"),
        (Word("1)", Box(131, 101.5, 137, 110)), "stray-mark"),
        (Word("769", Box(80, 100, 96, 110)), ""),
        (Word("тг", Box(132, 102, 138, 110)), ""),
    ],
)
def test_a_smaller_sign_with_a_digit_is_a_mark(beside, reason):
    """A unit in small print and a group of the same number are none."""
    assert disturbances([FIGURE, beside], []) == ((reason,) if reason else ())


def test_a_stroke_through_a_figure_crosses_it_out_and_a_line_under_it_does_not():
    """Underlined and overlined figures stand as they are."""
    assert disturbances([FIGURE], [Segment(99, 105, 131, 105)]) == ("struck-out",)
    assert disturbances([FIGURE], [Segment(99, 110, 131, 110), Segment(40, 99, 300, 99)]) == ()
