"""What is written means what the truth says."""

import random
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.amounts import SEPARATORS, UNIT_WORDS, entry, number_style, with_unit, write_amount
from corpus.records import NumberStyle

STYLES = [
    NumberStyle(group, point, decimals, trim=trim, blank_mark="-", everywhere=False, units=False)
    for group in SEPARATORS
    for point in (",", ".")
    for decimals in (0, 1, 3)
    for trim in (False, True)
    if not (group == "point" and point == ".")
]


def read_back(text, style):
    """The inverse of writing, for one known style."""
    separator = SEPARATORS[style.group]
    plain = text.replace(separator, "") if separator else text
    return Decimal(plain.replace(style.point, "."))


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=15)
@given(units=st.integers(0, 10**9))
def test_a_written_amount_reads_back(style, units):
    """Grouping and decimals lose nothing."""
    amount = Decimal(units).scaleb(-style.decimals)
    assert read_back(write_amount(amount, style), style) == amount


@given(st.integers(1, 10**8), st.integers(0, 10**6))
def test_a_unit_word_keeps_the_value(tenths, seed):
    """Number times unit is the amount in thousand tenge, exactly."""
    style = NumberStyle("space", ",", 1, trim=False, blank_mark="", everywhere=False, units=True)
    amount = Decimal(tenths) / 10
    text = with_unit(random.Random(seed), amount, style)
    number, word = re.fullmatch(r"([\d ]+(?:,\d+)?) (\D+)", text).groups()
    assert Decimal(number.replace(" ", "").replace(",", ".")) * UNIT_WORDS[word] == amount


def test_styles_of_the_two_splits_differ():
    """Some ways of writing are kept for the evaluation."""
    dev = {number_style(random.Random(i), "dev").group for i in range(300)}
    held = {number_style(random.Random(i), "eval").group for i in range(300)}
    assert dev - held
    assert held - dev


def test_points_never_group_and_divide_at_once():
    """A point that groups leaves the comma as decimal mark."""
    for seed in range(300):
        style = number_style(random.Random(seed), "dev", units=seed % 2 == 0)
        assert not (style.group == "point" and style.point == ".")
        assert not (style.units and style.group == "point")


def test_an_entry_keeps_amount_and_text_together():
    """The amount is the one that was asked for."""
    style = STYLES[0]
    assert entry(random.Random(1), Decimal(12), style).amount == 12
