"""Words as boxes: letters joined, rulings, dust and blots left out."""

import cv2
import numpy as np

from extract.scan.words import crossings_of, words_of
from tests.extract.drawn import type_text

DPI = 150


def paper(height=300, width=900):
    return np.full((height, width), 250, np.uint8)


def test_words_are_found_whole_between_rulings_dust_and_blots():
    """Two words, each one box; a ruling, specks and a punched hole are none."""
    page = paper()
    first = type_text(page, "Барлығы", 100, 100, 20)
    second = type_text(page, "62.01.1", 500, 100, 20)
    cv2.line(page, (20, 140), (880, 140), 20, 2)
    cv2.line(page, (300, 20), (300, 280), 20, 2)
    cv2.circle(page, (60, 220), 20, 30, -1)
    for x in range(50, 850, 37):
        page[30 + x % 50, x] = 0
    found = words_of(page, DPI)
    assert len(found) == 2
    for box, drawn in zip(sorted(found, key=lambda b: b.x0), (first, second), strict=True):
        assert abs(box.x0 - drawn.x0) <= 3
        assert abs(box.x1 - drawn.x1) <= 3


def test_a_dash_is_no_dust():
    """What somebody wrote for nothing tells columns apart as figures do."""
    page = paper()
    cv2.line(page, (400, 150), (410, 150), 40, 2)
    (dash,) = words_of(page, DPI)
    assert dash.height < 6 < dash.width


def test_dots_in_lines_are_crossings_and_strewn_ones_are_not():
    """Where rulings are lost, the dots on their crossings lie in lines in both directions."""
    page = paper(400, 900)
    lattice = [(x, y) for x in range(100, 801, 140) for y in range(60, 361, 60)]
    for x, y in lattice:
        cv2.circle(page, (x, y), 2, 0, -1)
    for x, y in ((33, 17), (471, 203), (777, 91)):
        cv2.circle(page, (x, y), 2, 0, -1)
    assert sorted((round(b.centre[0]), round(b.centre[1])) for b in crossings_of(page, DPI)) == sorted(
        (x, y) for x, y in lattice
    ) or len(crossings_of(page, DPI)) == len(lattice)
