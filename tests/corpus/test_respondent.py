"""Respondents carry numbers a real register could hold."""

import random

import pytest

from corpus.respondent import REGIONS, branch, check_digit, number12, respondent

IN_USE = "1011151923273133353943475559616263717579"  # the first two digits of KATO, in order


@pytest.mark.parametrize(("first11", "digit"), [("02096063969", 2), ("11111111111", 0)])
def test_check_digit_of_numbers_worked_out_by_hand(first11, digit):
    """0·1 + 2·2 + 0·3 + 9·4 + … = 299 ≡ 2 (mod 11); eleven ones sum to 66 ≡ 0."""
    assert check_digit(first11) == digit


def test_second_pass_counts_where_the_first_gives_ten():
    """Where the first pass gives 10 the shifted weights decide; where they give 10 too, there is no such number."""
    seen = set()
    for body in range(10_000_000_000, 10_000_020_000):
        text = f"{body:011}"
        first = sum(int(c) * w for c, w in zip(text, range(1, 12), strict=True)) % 11
        if first == 10:
            second = sum(int(c) * w for c, w in zip(text, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2], strict=True)) % 11
            assert check_digit(text) == (None if second == 10 else second)
            seen.add(second == 10)
    assert seen == {True, False}


def test_numbers_say_what_they_are():
    """Digit 5 is 4 to 6 in a BIN; an IIN opens with a date of birth."""
    rng = random.Random(1)
    for _ in range(200):
        bin_, iin = number12(rng, person=False), number12(rng, person=True)
        assert bin_[4] in "456"
        assert iin[4] in "0123"
        assert check_digit(bin_[:11]) == int(bin_[11])
        assert check_digit(iin[:11]) == int(iin[11])


def test_a_respondent_has_one_number_and_a_place_that_exists():
    """Exactly one of BIN and IIN; KATO opens with a region in use."""
    rng = random.Random(2)
    for _ in range(200):
        who = respondent(rng)
        assert bool(who.bin) != bool(who.iin)
        assert who.kato[:2] in {region[0] for region in REGIONS}
        assert len(who.kato) == 9


def test_a_branch_is_the_same_respondent_elsewhere():
    """Same number and name, other place."""
    rng = random.Random(3)
    head = respondent(rng)
    other = branch(rng, head)
    assert (other.bin, other.iin, other.name) == (head.bin, head.iin, head.name)
    assert other.kato[:2] != head.kato[:2]


def test_every_region_in_use_is_known():
    """The twenty regions, each once."""
    assert "".join(region[0] for region in REGIONS) == IN_USE
