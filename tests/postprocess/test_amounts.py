"""Written text → amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postprocess.amounts import parse_amount, plain_decimal
from postprocess.marks import read_number
from tests.factories import truths


def meanings(text: str) -> list[str]:
    return [str(amount.value) for amount in parse_amount(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12345", "12345"),
        ("12 345,6", "12345.6"),
        ("12\u00a0345,6", "12345.6"),
        ("12\u202f345", "12345"),
        ("12\u2009345.6", "12345.6"),
        ("12'345", "12345"),
        ("12’345,5", "12345.5"),
        ("1 234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567.89", "1234567.89"),
        ("404762,000", "404762"),
        ("0,345", "0.345"),
        ("12 345 , 6", "12345.6"),
        ("1 2 3 4 5", "12345"),
        ("007", "7"),
        ("0", "0"),
        ("0,0", "0"),
        ("-", "0"),
        ("–", "0"),
        ("— —", "0"),
        ("345 678 тг", "345.678"),
        ("521 720 000 тенге", "521720"),
        ("12 тыс. тг", "12"),
        ("404762,0 тыс. тг", "404762"),
        ("12 мың теңге", "12"),
        ("12 мың тг.", "12"),
        ("1,2 млн", "1200"),
        ("51,1440 млн", "51144"),
        ("3 млн. тенге", "3000"),
        ("1,5 млрд", "1500000"),
        ("₸ 500", "0.5"),
        ("345 678 Tr", "345.678"),
        ("12 тьіс. Tr", "12"),
        ("1О5", "105"),
        ("З 000", "3000"),
        ("l2", "12"),
        ("б00", "600"),
    ],
)
def test_a_plain_figure_has_one_certain_meaning(text, value):
    """Every way of writing an amount that leaves no doubt gives that amount and no reason to look."""
    (amount,) = parse_amount(text)
    assert (amount.value, amount.reasons) == (Decimal(value), ())


@pytest.mark.parametrize("text", ["", "   ", "\u00a0", "\n", "\ufeff"])
def test_blank_stays_blank(text):
    """Nothing written is no amount, not zero."""
    (amount,) = parse_amount(text)
    assert amount.value is None
    assert not amount.reasons


@pytest.mark.parametrize(
    ("text", "values", "reason"),
    [
        ("12.345", ["12345", "12.345"], "ambiguous-mark"),
        ("12,345", ["12.345", "12345"], "ambiguous-mark"),
        ("-250", ["-250"], "negative"),
        ("− 1 250,5", ["-1250.5"], "negative"),
        ("(250)", ["-250"], "negative"),
        ("65 %", ["65"], "percent"),
        ("Х", ["None"], "crossed"),
        ("x", ["None"], "crossed"),
        ("нет", ["None"], "not-a-figure"),
        ("12-34", ["None"], "not-a-figure"),
        ("12 млн 345 тыс", ["None"], "not-a-figure"),
        ("500-", ["500"], "trailing-dash"),
        ("12 руб", ["12"], "unknown-unit"),
        ("12 мыңк теңгес", ["12"], "unit-guessed"),
        ("12 34", ["1234", "12.34"], "odd-grouping"),
        ("1.234.56", ["123456", "1234.56"], "odd-grouping"),
        ("12,", ["12"], "stray-mark"),
        (",5", ["0.5"], "stray-mark"),
        ("12;5", ["12.5"], "stray-mark"),
        ("О", ["0"], "look-alike"),
        ("1S", ["15"], "look-alike"),
    ],
)
def test_doubtful_text_says_why(text, values, reason):
    """What may mean something else keeps every meaning, and a person hears why."""
    assert meanings(text) == values
    assert all(reason in amount.reasons for amount in parse_amount(text))


def test_minus_zero_is_zero():
    """There is nothing to look at in a zero with a minus."""
    (amount,) = parse_amount("-0")
    assert amount.value == 0
    assert not amount.reasons


def test_units_follow_the_form():
    """A form in plain tenge counts a bare figure as tenge and a «тыс.» as a thousand of them."""
    assert parse_amount("12", form_unit=0)[0].value == 12
    assert parse_amount("12 тыс", form_unit=0)[0].value == 12000


def test_equal_amounts_print_alike():
    """Trailing zeros and exponents do not make one amount two."""
    assert {str(plain_decimal(Decimal(text))) for text in ("1200", "1200.00", "1.2E3")} == {"1200"}


@given(st.text(max_size=40))
def test_no_text_makes_the_parser_raise(text):
    """Whatever stands in a cell, there is an answer, and its shares make one whole."""
    amounts = parse_amount(text)
    assert sum(amount.share for amount in amounts) == pytest.approx(1.0)


@given(st.text(alphabet="0123456789 .,'-()%ОЗlбтгмыңлн№X\u00a0;", max_size=24))
def test_no_figure_like_text_makes_the_parser_raise(text):
    """Nor does anything made of a figure's own signs."""
    for amount in parse_amount(text):
        assert amount.value is None or amount.value.is_finite()


@given(
    st.integers(0, 10**12),
    st.integers(0, 9),
    st.sampled_from([" ", "\u00a0", "\u202f", "'", ""]),
    st.sampled_from([",", "."]),
)
def test_a_printed_number_reads_back(whole, tenth, group, point):
    """A number printed in any style of both locales is the number that was printed."""
    text = f"{whole:,}".replace(",", group) + f"{point}{tenth}"
    (amount,) = parse_amount(text)
    assert amount.value == Decimal(whole) + Decimal(tenth) / 10
    assert not amount.reasons


@pytest.mark.samples
def test_every_sample_amount_parses_to_its_truth():
    """What the makers of the samples wrote means what they say it means."""
    wrong = []
    for truth in truths():
        for row in (*truth["section2"].values(), *truth["section3"].values()):
            for cell in row.values():
                if "thousand_tenge" not in cell:
                    continue
                want = Decimal(cell["thousand_tenge"]) if cell["written"] else None
                amount = parse_amount(cell["written"])[0]
                if amount.value != want or amount.reasons:
                    wrong.append((truth["id"], cell, amount))
    assert not wrong


def test_groups_after_a_mark_are_no_thousands():
    """Whatever stands after a single mark, it is read or refused, and never a fault."""
    for text in ("12.34 5", "1.2'34", "7,'45", "0.1 2", "12.3 4"):
        assert all(value.value is not None for value in read_number(text))
