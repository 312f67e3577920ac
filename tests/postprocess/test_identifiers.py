"""Codes in boxes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.records import Alternative
from postprocess.identifiers import check_digit, choose_code, digits_of, faults, has_check_digit, kind_of
from tests.factories import BIN, IIN, truths

LATEST = 2027


def read(*pairs: tuple[str, float]) -> list[Alternative]:
    return [Alternative(text, math.log(p), "test") for text, p in pairs]


def test_the_second_weights_are_tried_where_the_first_give_ten():
    """A remainder of ten turns the weights by two; ten again is never issued."""
    twice = next(
        f"{n:011d}" for n in range(10**6) if sum((i + 1) * int(d) for i, d in enumerate(f"{n:011d}")) % 11 == 10
    )
    weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
    rest = sum(w * int(d) for w, d in zip(weights, twice, strict=True)) % 11
    assert check_digit(twice) == (rest if rest != 10 else None)


@pytest.mark.samples
def test_sample_numbers_obey_their_check_and_kind():
    """Issued-looking numbers pass, and digit 5 says which kind they are."""
    for truth in truths():
        for check in ("bin", "iin"):
            if truth[check]:
                assert not faults(truth[check], check, LATEST)
                assert kind_of(truth[check]) == check


def test_single_errors_are_caught_but_for_digit_eleven():
    """A single wrong digit hardly ever passes, but nine times in ten in digit 11."""
    heads = [f"0209406{n:04d}" for n in range(0, 10000, 97)]
    numbers = [head + str(last) for head in heads if (last := check_digit(head)) is not None]
    for at in range(11):
        wrong = [n[:at] + d + n[at + 1 :] for n in numbers for d in "0123456789" if d != n[at]]
        passing = sum(map(has_check_digit, wrong)) / len(wrong)
        assert passing > 0.85 if at == 10 else passing < 0.05


@pytest.mark.parametrize(
    ("code", "check", "found"),
    [
        ("", "bin", ()),
        (BIN, "bin", ()),
        (BIN[:-1] + "3", "bin", ("check-digit",)),
        (BIN[:-1], "bin", ("wrong-length",)),
        ("02096063969?", "bin", ("wrong-length",)),
        ("871311480473", "iin", ("check-digit", "date-part")),
        ("552210000", "kato", ()),
        ("992210000", "kato", ("kato-region",)),
        ("2025", "year", ()),
        ("2018", "year", ("year-implausible",)),
        ("2028", "year", ("year-implausible",)),
        ("25", "year", ("wrong-length",)),
    ],
)
def test_faults_of_a_code(code, check, found):
    """Every fault has its own reason; an empty row of boxes has none."""
    assert faults(code, check, LATEST) == found


def test_the_check_digit_chooses_among_readings():
    """A likelier reading that cannot be a BIN gives way to the next one that is, and a person hears of it."""
    code = choose_code(read((BIN[:5] + "1" + BIN[6:], 0.6), (BIN, 0.35)), "bin", LATEST)
    assert code.value == BIN
    assert code.reasons == ("chosen-by-check-digit",)
    assert 0.9 < code.confidence < 1.0


def test_a_reading_is_never_invented():
    """Where no reading passes, the likeliest stays as it is, doubtful, with the reason."""
    wrong = BIN[:-1] + "3"
    code = choose_code(read((wrong, 0.9)), "bin", LATEST)
    assert code.value == wrong
    assert "check-digit" in code.reasons
    assert code.confidence < 0.5


def test_a_passing_number_proves_nothing_about_digit_eleven():
    """Two readings that differ in digit 11 alone both pass: the doubt stays."""
    twin = BIN[:10] + "1" + BIN[11]
    assert has_check_digit(twin)
    assert choose_code(read((BIN, 0.55), (twin, 0.4)), "bin", LATEST).confidence < 0.65


def test_empty_boxes_are_an_empty_code():
    """Nothing read is certainly nothing."""
    assert choose_code((), "iin", LATEST).value == ""


@given(st.text(max_size=16))
def test_no_text_makes_a_code_raise(text):
    """Any text in boxes gives a code and its faults."""
    for check in ("bin", "iin", "kato", "year", ""):
        code = choose_code([Alternative(text, 0.0, "test")], check, LATEST)
        assert 0.0 <= code.confidence <= 1.0
    assert digits_of(IIN) == IIN
