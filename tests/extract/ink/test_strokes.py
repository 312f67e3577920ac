"""Which pieces of a cell's ink are writing."""

from extract.ink.strokes import Span, written

DIGIT = 20.0
FIGURES = [Span(40, 50, 12, 20), Span(54, 50, 11, 21)]


def kept(*more):
    return written([*FIGURES, *more], DIGIT).tolist()[len(FIGURES) :]


def test_dust_far_from_the_figures_is_none_of_them():
    """Above, below and beside; the figures themselves always stay."""
    assert kept(Span(45, 5, 6, 6), Span(50, 110, 5, 8), Span(100, 60, 6, 5)) == [False] * 3
    assert written(FIGURES, DIGIT).all()


def test_points_and_commas_and_a_minus_stay():
    """What stands near a figure belongs to it, and a dash on the figures' line may be their sign."""
    assert kept(Span(67, 66, 4, 8), Span(66, 68, 3, 3), Span(5, 60, 9, 3)) == [True] * 3


def test_feet_of_the_row_above_are_no_dashes():
    """They lie flat under the cell's upper edge, far from its own line."""
    assert kept(Span(40, 2, 14, 4), Span(60, 3, 9, 3)) == [False, False]


def test_where_there_is_no_figure_nothing_is_dust():
    """A dash among specks: which of them is the dash, the reader must see."""
    assert written([Span(10, 10, 6, 6), Span(60, 60, 9, 3)], DIGIT).all()
