import random

import pytest

from extract.readers.figurenet import ALPHABET
from training.strings import draw_text, grouped, handwritable

TEXTS = [draw_text(random.Random(seed)) for seed in range(3000)]


def test_the_net_has_a_class_for_every_sign_drawn():
    assert {sign for text in TEXTS for sign in text} <= set(ALPHABET)


def test_every_class_of_the_net_is_drawn():
    assert set(ALPHABET) <= {sign for text in TEXTS for sign in text}


def test_the_same_seed_draws_the_same():
    assert [draw_text(random.Random(seed)) for seed in range(50)] == TEXTS[:50]


def test_blanks_dashes_codes_and_units_all_occur():
    assert {"", "-", "Х", "0"} <= set(TEXTS)
    assert any("тыс" in text for text in TEXTS)
    assert any(text.count(".") == 2 and text.startswith("62.") for text in TEXTS)


def test_groups_of_three_are_counted_from_the_right():
    assert [grouped("1" * n, "'") for n in (1, 3, 4, 7)] == ["1", "111", "1'111", "1'111'111"]


@pytest.mark.parametrize(
    ("text", "written"),
    [("12 345,6", True), ("12345", True), ("Х", True), ("(5)", True), ("5 тг", True), ("5 ₸", False), ("Б", False)],
)
def test_people_write_no_codes_and_no_letters_of_the_number_row(text, written):
    assert handwritable(text) is written


@pytest.mark.parametrize("code", ["1.1", "1.16.1", "62.01.1"])
def test_codes_are_printed(code):
    assert not handwritable(code)
