"""Stamps: found in colour and in grey, lifted from print, while pen strokes and drawn circles stay."""

import cv2
import numpy as np
import pytest

from extract.records import Box
from extract.scan.seal import find_seals, lift_seal
from tests.extract.drawn import blur, ellipse, grain, ruled_table, type_text, write_by_hand

VIOLET, RED, BLUE = (190, 60, 90), (60, 40, 200), (200, 90, 30)  # BGR


def a_page(dpi=200):
    """A table filled with print, A4 upright, in colour."""
    table = ruled_table(30, 8, dpi=dpi, width=0.9, height=0.35)
    for row in table.cells:
        for box in row[::2]:
            type_text(table.page, "48213", box.x0 + 20, box.y0 + 15, dpi / 7)
    page = np.full((round(11.69 * dpi), round(8.27 * dpi)), 255, np.uint8)
    height, width = min(page.shape[0], table.page.shape[0]), min(page.shape[1], table.page.shape[1])
    page[:height, :width] = table.page[:height, :width]
    return cv2.cvtColor(page, cv2.COLOR_GRAY2BGR)


def stamp(page, x, y, radius, colour, *, oval=1.0):
    """A stamp with two rings, a text ring and a mark in its middle, multiplied onto the page."""
    sheet = np.full_like(page, 255)
    thick = max(2, radius // 40)
    for share in (1.0, 0.76):
        cv2.ellipse(sheet, (x, y), (round(radius * share), round(radius * share * oval)), 0, 0, 360, colour, thick)
    for angle in np.linspace(0, 2 * np.pi, 30, endpoint=False):
        at = (round(x + 0.88 * radius * np.cos(angle)) - 5, round(y + 0.88 * radius * oval * np.sin(angle)) + 5)
        cv2.putText(sheet, "K", at, cv2.FONT_HERSHEY_SIMPLEX, radius / 400, colour, 2)
    page[:] = (page.astype(np.float32) * sheet / 255).astype(np.uint8)


def differs(first, second, part):
    """How many pixels of a part differ plainly."""
    return int(np.count_nonzero(np.abs(first[part].astype(int) - second[part]) > 70))


@pytest.mark.parametrize("colour", [VIOLET, RED, BLUE])
def test_coloured_stamp_is_lifted_and_print_stays(colour):
    """Under a coloured stamp the print is as it was without it."""
    bare = a_page()
    page = bare.copy()
    stamp(page, 800, 1100, 150, colour)
    assert len(find_seals(page)) == 1
    before, after = cv2.cvtColor(bare, cv2.COLOR_BGR2GRAY), lift_seal(page)
    part = np.s_[930:1270, 630:970]
    left = differs(before, after, part) / differs(before, cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), part)
    assert left < 0.05


def test_grey_stamp_is_lifted_from_darker_print():
    """In a grey scan most of a stamp lighter than print goes and the print stays."""
    rng = np.random.default_rng(1)
    bare = a_page()
    page = bare.copy()
    stamp(page, 800, 1100, 150, (150, 150, 150))
    before = cv2.cvtColor(bare, cv2.COLOR_BGR2GRAY)
    grey = grain(blur(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), 0.6), 4, rng)
    assert len(find_seals(grey)) == 1
    after, part = lift_seal(grey), np.s_[930:1270, 630:970]
    assert differs(before, after, part) < 0.4 * differs(before, grey, part)
    print_pixels = before[part] < 60
    assert (after[part][print_pixels] < 140).mean() > 0.97


def test_oval_stamp_is_found():
    """A stamp may be oval."""
    page = a_page()
    stamp(page, 800, 1100, 190, VIOLET, oval=0.7)
    assert len(find_seals(page)) == 1


def test_box_is_around_the_ring():
    """The seal's box holds its outer ring and little more."""
    page = a_page()
    stamp(page, 800, 1100, 150, VIOLET)
    box = find_seals(page)[0].box
    assert Box(box.x0, box.y0, box.x1, box.y1).holds(800, 1100)
    assert abs(box.width - 300) < 25
    assert abs(box.height - 300) < 25


def test_blue_pen_stays():
    """Figures written in blue ballpoint are no stamp and keep every stroke, with and without a stamp on the page."""
    rng = np.random.default_rng(4)
    page = a_page()
    mask = np.full(page.shape[:2], 255, np.uint8)
    for i in range(12):
        write_by_hand(mask, "13507", 230, 110 + 70 * i, 34, rng, pen=3, grey=0)
    page[mask < 128] = (190, 70, 50)
    assert find_seals(page) == ()
    plain = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    assert np.array_equal(lift_seal(page), plain)
    stamp(page, 900, 1500, 150, VIOLET)
    after = lift_seal(page)
    assert np.array_equal(after[:1300], plain[:1300])


def test_circle_round_an_option_is_no_stamp():
    """One ring drawn by hand around printed words has nothing ring-like within it."""
    page = a_page()
    circle = np.full(page.shape[:2], 255, np.uint8)
    ellipse(circle, Box(660, 1000, 880, 1210), pen=3, grey=0, wobble=0.03, rng=np.random.default_rng(2))
    page[circle < 128] = BLUE
    assert find_seals(page) == ()
    assert find_seals(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)) == ()


@pytest.mark.parametrize("colour", [False, True])
def test_page_without_a_stamp_is_left_alone(colour):
    """No seal is found in tables of print, nor in noise."""
    rng = np.random.default_rng(3)
    page = a_page()
    if not colour:
        page = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    noisy = grain(blur(page, 0.8), 8, rng)
    assert find_seals(page) == ()
    assert find_seals(noisy) == ()
    assert find_seals(rng.integers(0, 255, page.shape).astype(np.uint8)) == ()
