"""Where rulings lie, and how walls are painted."""

import numpy as np

from extract.scan.rulings import Wall, paint_walls

DPI = 300.0


def page_with_line(first, last, *, start=100, end=500):
    """White paper with a ruling three pixels thick from height `first` to `last`."""
    picture = np.full((400, 600), 250, np.uint8)
    for x in range(start, end):
        y = round(first + (last - first) * (x - start) / (end - start))
        picture[y - 1 : y + 2, x] = 40
    return picture


def test_a_leaning_wall_is_painted_over_its_ruling_and_nowhere_else():
    picture, mask = page_with_line(200, 206), np.zeros((400, 600), np.uint8)
    paint_walls(picture, mask, [Wall(True, 100, 500, 200, 206)], DPI)
    assert (mask[picture < 100] == 255).all()
    assert (mask > 0).sum() < 2.5 * (picture < 100).sum()


def test_an_upright_wall_is_painted_like_a_lying_one():
    picture = page_with_line(200, 206)
    lying, standing = np.zeros((400, 600), np.uint8), np.zeros((600, 400), np.uint8)
    paint_walls(picture, lying, [Wall(True, 100, 500, 200, 206)], DPI)
    paint_walls(np.ascontiguousarray(picture.T), standing, [Wall(False, 100, 500, 200, 206)], DPI)
    assert np.array_equal(lying, standing.T)


def test_a_wall_at_the_edge_or_beyond_it_stays_on_the_page():
    picture, mask = page_with_line(2, 2), np.zeros((400, 600), np.uint8)
    paint_walls(picture, mask, [Wall(True, -30, 700, 1, 3), Wall(True, 650, 700, 2, 2)], DPI)
    assert mask.any()


def test_where_no_ruling_is_drawn_nothing_is_painted():
    mask = np.zeros((400, 600), np.uint8)
    paint_walls(np.full((400, 600), 250, np.uint8), mask, [Wall(True, 100, 500, 200, 206)], DPI)
    assert not mask.any()
