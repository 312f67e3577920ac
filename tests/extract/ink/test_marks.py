"""Marks made by people: options circled, ticked, underlined, framed; signatures; handwriting as against print."""

import cv2
import numpy as np
import pytest

from extract.ink.crossed import crossed_out
from extract.ink.marks import handwritten, marked_options, signed
from extract.ink.page import PageInk
from extract.records import Box
from tests.extract.drawn import blur, ellipse, fax, grain, type_text, write_by_hand

OPTIONS = ("1 сағатқа дейін\nдо 1 часа", "1-2", "2-4", "4-8", "8-40", "40 сағаттан артық\nболее 40 часов")
DAMAGE = {
    "clean": lambda page, dpi, rng: page,
    "scan": lambda page, dpi, rng: grain(blur(page, dpi / 350), 5, rng),
    "fax": lambda page, dpi, rng: fax(blur(page, dpi / 350), rng),
}


def strip(dpi, *, ruled=True, width=1.4, height=0.36):
    """The printed options side by side; the page and the cells."""
    edge = round(0.3 * dpi)
    w, h = round(width * dpi), round(height * dpi)
    page = np.full((h + 4 * edge, 6 * w + 2 * edge), 255, np.uint8)
    boxes = [Box(edge + i * w, 2 * edge, edge + (i + 1) * w, 2 * edge + h) for i in range(6)]
    for box, text in zip(boxes, OPTIONS, strict=True):
        lines = text.split("\n")
        size = dpi * 8.5 / 72
        for i, line in enumerate(lines):
            y = box.y0 + h / 2 - len(lines) * size * 0.6 + i * size * 1.15
            type_text(page, line, box.x0 + w / 2 - len(line) * size * 0.25, y, size, which=2)
        if ruled:
            cv2.rectangle(page, (int(box.x0), int(box.y0)), (int(box.x1), int(box.y1)), 20, max(1, dpi // 90))
    return page, boxes


def circle(page, box, rng, pen):
    grown = Box(box.x0 + 0.08 * box.width, box.y0 + 1, box.x1 - 0.08 * box.width, box.y1 - 1)
    ellipse(page, grown, pen=pen, grey=90)


def circle_by_hand(page, box, rng, pen):
    x, y = box.centre
    half_w, half_h = box.width * rng.uniform(0.25, 0.55), box.height * rng.uniform(0.45, 0.7)
    x, y = x + rng.normal(0, 0.03) * box.width, y + rng.normal(0, 0.05) * box.height
    ellipse(page, Box(x - half_w, y - half_h, x + half_w, y + half_h), pen=pen, grey=90, wobble=0.05, rng=rng)


def tick(page, box, rng, pen):
    x, y = box.x0 + 0.7 * box.width, box.centre[1]
    h = box.height * 0.5
    points = np.array([(x - h * 0.4, y), (x, y + h * 0.7), (x + h * 0.9, y - h)], dtype=np.int32)
    cv2.polylines(page, [points], False, 80, pen, cv2.LINE_AA)


def cross(page, box, rng, pen):
    x, y = (round(v) for v in box.centre)
    h = round(box.height * 0.45)
    cv2.line(page, (x - h, y - h), (x + h, y + h), 80, pen, cv2.LINE_AA)
    cv2.line(page, (x + h, y - h), (x - h, y + h), 80, pen, cv2.LINE_AA)


def underline(page, box, rng, pen):
    y = round(box.y1 - 0.16 * box.height)
    x0, x1 = round(box.x0 + 0.2 * box.width), round(box.x1 - 0.2 * box.width)
    cv2.line(page, (x0, y), (x1, y + rng.integers(-2, 3)), 80, pen, cv2.LINE_AA)


def verdict(page, boxes):
    return tuple(i for i, chance in enumerate(marked_options(page, boxes)) if chance >= 0.5)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("mark", [circle, circle_by_hand, tick, cross, underline])
def test_marked_option_stands_out(mark, dpi, damage):
    """Whichever option is marked in whichever way, it and no other is told."""
    rng = np.random.default_rng(dpi)
    for which in (0, 2, 5):
        page, boxes = strip(dpi)
        mark(page, boxes[which], rng, max(2, dpi // 90))
        assert verdict(DAMAGE[damage](page, dpi, rng), boxes) == (which,)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("damage", DAMAGE)
def test_nothing_marked(dpi, damage):
    """Print and rulings alone are no mark."""
    rng = np.random.default_rng(dpi)
    for ruled in (True, False):
        page, boxes = strip(dpi, ruled=ruled)
        assert verdict(DAMAGE[damage](page, dpi, rng), boxes) == ()


def test_two_options_marked():
    """Two circles are told as two: a person decides."""
    page, boxes = strip(200)
    for which in (1, 4):
        circle(page, boxes[which], None, 2)
    assert verdict(page, boxes) == (1, 4)


def strike(page, box, rng, pen):
    """Strokes through a ring, as its maker takes it back."""
    x, y = box.centre
    half_w, half_h = 0.3 * box.width, 0.3 * box.height
    for _ in range(rng.integers(1, 4)):
        lean = rng.uniform(-1, 1) * half_h
        cv2.line(page, (round(x - half_w), round(y - lean)), (round(x + half_w), round(y + lean)), 70, pen, cv2.LINE_AA)


def ring(page, box, rng, pen):
    x, y = box.centre
    half_w, half_h = 0.22 * box.width, 0.42 * box.height
    ellipse(page, Box(x - half_w, y - half_h, x + half_w, y + half_h), pen=pen, grey=80, wobble=0.04, rng=rng)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_ring_is_taken_back_by_strokes_through_it(dpi, damage):
    """Rings, underlines, ticks and crosses are not, nor is what is not marked."""
    rng = np.random.default_rng(dpi)
    for which in (1, 2, 3, 4):
        page, boxes = strip(dpi)
        ring(page, boxes[which], rng, max(2, dpi // 80))
        strike(page, boxes[which], rng, max(2, dpi // 80))
        for other, mark in zip((o for o in (1, 2, 3, 4) if o != which), (ring, tick, underline), strict=True):
            mark(page, boxes[other], rng, max(2, dpi // 90))
        circle(page, boxes[0], rng, max(2, dpi // 90))
        seen = DAMAGE[damage](page, dpi, rng)
        assert [crossed_out(seen, boxes, at) for at in range(6)] == [at == which for at in range(6)]


@pytest.mark.parametrize("damage", DAMAGE)
def test_letters_that_ran_together_are_no_line(damage):
    """Blurred print is as long as a stroke, and higher."""
    rng = np.random.default_rng(5)
    page, boxes = strip(150)
    assert verdict(DAMAGE[damage](blur(page, 1.1), 150, rng), boxes) == ()


def test_the_rim_of_a_ruling_is_no_mark():
    page, boxes = strip(200)
    box = boxes[4]
    y = round(box.y0 + 0.09 * box.height)
    page[y, round(box.x0) + 20 : round(box.x1) - 20] = 60
    assert verdict(page, boxes) == ()


def test_option_among_plain_words():
    """Options may be words without borders."""
    rng = np.random.default_rng(1)
    page, boxes = strip(200, ruled=False)
    circle_by_hand(page, boxes[3], rng, 3)
    assert verdict(page, boxes) == (3,)


def test_print_underlined_by_the_word_processor():
    """A short line right under the print of one option marks it; dashes within print do not."""
    page, boxes = strip(150)
    box = boxes[2]
    columns = np.flatnonzero(
        (page[int(box.y0) + 5 : int(box.y1) - 5, int(box.x0) + 5 : int(box.x1) - 5] < 128).any(axis=0)
    )
    rows = np.flatnonzero(
        (page[int(box.y0) + 5 : int(box.y1) - 5, int(box.x0) + 5 : int(box.x1) - 5] < 128).any(axis=1)
    )
    x0, x1, y = int(box.x0) + 5 + columns[0], int(box.x0) + 5 + columns[-1], int(box.y0) + 5 + rows[-1] + 3
    page[y : y + 2, x0:x1] = 20
    assert verdict(page, boxes) == (2,)


def test_option_framed_boldly():
    """Rulings drawn over around one option mark it."""
    page, boxes = strip(200)
    box = boxes[2]
    cv2.rectangle(page, (int(box.x0), int(box.y0)), (int(box.x1), int(box.y1)), 60, 8)
    assert verdict(page, boxes) == (2,)


def test_no_options_and_blank_paper():
    """Without options there is nothing to say; on white paper none is marked."""
    assert marked_options(np.full((50, 50), 255, np.uint8), []) == ()
    assert marked_options(np.full((50, 200), 255, np.uint8), [Box(0, 0, 90, 50), Box(90, 0, 180, 50)]) == (0.0, 0.0)


def signature_line(dpi, name=""):
    """Three lines of contacts with a ruled place for a signature; the page and that place."""
    page = np.full((round(2 * dpi), round(7 * dpi)), 255, np.uint8)
    size = dpi * 10 / 72
    for i, text in enumerate(("Орындаушы / Исполнитель", "Бас бухгалтер / Главный бухгалтер", "Басшы / Руководитель")):
        type_text(page, text, 0.3 * dpi, (0.4 + 0.4 * i) * dpi, size, which=2)
        cv2.line(
            page, (3 * dpi, int((0.55 + 0.4 * i) * dpi)), (5 * dpi, int((0.55 + 0.4 * i) * dpi)), 30, max(1, dpi // 150)
        )
    type_text(page, name, 3.2 * dpi, 0.8 * dpi, size, which=2)
    return page, Box(3 * dpi, 0.7 * dpi, 6.5 * dpi, 1.02 * dpi)


def sign(page, box, rng, pen):
    t = np.linspace(0, 1, 120)
    swing = np.cumsum(rng.normal(0, 1, 120))
    x = box.x0 + 30 + 0.25 * box.width * t + 0.02 * box.width * np.sin(t * 40)
    y = box.centre[1] + 0.45 * box.height * np.sin(t * rng.uniform(25, 45) + swing * 0.1) * (1 - 0.5 * t)
    cv2.polylines(page, [np.stack([x * 16, y * 16], axis=1).astype(np.int32)], False, 70, pen, cv2.LINE_AA, 4)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("damage", DAMAGE)
def test_signature_is_told_from_line_and_print(dpi, damage):
    """Pen strokes over the line are a signature; the bare line and a printed name are none."""
    rng = np.random.default_rng(dpi)
    page, place = signature_line(dpi)
    assert signed(DAMAGE[damage](page, dpi, rng), place) < 0.5
    page, place = signature_line(dpi, "Ахметова А.С.")
    assert signed(DAMAGE[damage](page, dpi, rng), place) < 0.5
    for _ in range(4):
        page, place = signature_line(dpi)
        sign(page, place, rng, max(2, dpi // 100))
        assert signed(DAMAGE[damage](page, dpi, rng), place) > 0.5


def test_a_shallow_signature_cut_up_by_its_ruling_leaves_a_doubt():
    """Its pieces are no strokes of a signature by themselves; that nobody signed is not certain all the same."""
    page, place = signature_line(150)
    x = np.arange(int(place.x0) + 10, int(place.x1) - 10)
    y = int(place.y1 - 0.25 * place.height)
    cv2.line(page, (int(place.x0), y), (int(place.x1), y), 60, 2)
    wave = y - 4 + 9 * np.sin((x - x[0]) / 16)
    cv2.polylines(page, [np.column_stack([x, wave.astype(int)]).astype(np.int32)], False, 90, 1)
    assert signed(page, place) > 0.2


def test_blank_paper_is_not_signed():
    """White paper, or a place beside it, bears no signature."""
    page = np.full((200, 300), 255, np.uint8)
    assert signed(page, Box(10, 10, 200, 60)) < 0.5
    assert signed(page, Box(1000, 1000, 1200, 1060)) < 0.5


def crop_of(page, dpi):
    crop = PageInk(page, np.zeros_like(page), resolution=dpi).cut(Box(0, 0, page.shape[1], page.shape[0])).crop
    assert crop is not None
    return crop


def test_hand_is_told_from_print():
    """Amounts of four figures and more: print hardly ever passes for handwriting, handwriting seldom for print."""
    rng = np.random.default_rng(9)
    wrong = {"typed": 0, "hand": 0}
    for i in range(90):
        dpi = (200, 300)[i % 2]
        damage = list(DAMAGE.values())[i % 3]
        amount = str(rng.integers(1000, 10_000_000))
        page = np.full((dpi // 2, 2 * dpi), 255, np.uint8)
        type_text(page, amount, 0.1 * dpi, 0.15 * dpi, rng.uniform(8, 11) * dpi / 72, which=i % 5)
        wrong["typed"] += handwritten(crop_of(damage(page, dpi, rng), dpi)) >= 0.5
        page = np.full((dpi // 2, 2 * dpi), 255, np.uint8)
        write_by_hand(page, amount, 0.1 * dpi, 0.12 * dpi, rng.uniform(0.12, 0.18) * dpi, rng, pen=dpi / 90)
        wrong["hand"] += handwritten(crop_of(damage(page, dpi, rng), dpi)) < 0.5
    assert wrong["typed"] <= 3
    assert wrong["hand"] <= 8
