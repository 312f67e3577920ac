"""What is worse is not installed, in whichever way it is worse."""

from __future__ import annotations

import pytest

from qagaz.learn.gate import HELD, Fault, Readings, decided


def readings(wrong=0, cells=100, claimed=0.95, sure_wrong=0):
    right = [n >= wrong for n in range(cells)]
    claims = [0.999 if n < sure_wrong else claimed for n in range(cells)]
    return Readings(tuple(claims), tuple(right), (1.0,) * cells)


def faults(before, after, held_before=None, held_after=None):
    old = {"typed": readings(5), "hand": before, HELD: held_before or readings(10, claimed=0.97)}
    new = {"typed": readings(5), "hand": after, HELD: held_after or readings(10, claimed=0.9)}
    return set(decided(old, new).faults)


def test_readers_that_are_no_worse_and_truer_pass():
    assert faults(readings(5), readings(5)) == set()


def test_one_more_wrong_in_a_group_may_be_chance_and_in_the_whole_benchmark_is_refused():
    old = {"typed": readings(5), "hand": readings(5), HELD: readings(10, claimed=0.97)}
    held = readings(10, claimed=0.9)
    assert decided(old, {"typed": readings(4), "hand": readings(6), HELD: held}).passed
    assert decided(old, {"typed": readings(5), "hand": readings(6), HELD: held}).faults == (
        (Fault.MORE_WRONG, "frozen"),
    )


def test_more_wrong_in_one_group_is_refused_and_no_gain_elsewhere_outweighs_it():
    found = faults(readings(5), readings(12), readings(40, claimed=0.9), readings(5, claimed=0.9))
    assert (Fault.MORE_WRONG, "hand") in found


def test_one_more_that_is_wrong_and_believed_is_refused():
    assert (Fault.MORE_SURE_WRONG, "frozen") in faults(readings(5), readings(5, sure_wrong=1))


def test_claims_further_from_the_truth_are_refused():
    assert (Fault.COSTLIER, "hand") in faults(readings(5), readings(5, claimed=0.7))


def test_care_that_costs_little_is_not():
    assert faults(readings(5), readings(5, claimed=0.93)) == set()


def test_what_was_held_out_must_gain():
    same = readings(10, claimed=0.9)
    assert faults(readings(5), readings(5), same, same) == {(Fault.NOTHING_GAINED, HELD)}


@pytest.mark.parametrize("more", [1, 9])
@pytest.mark.parametrize("wrong", [10, 20])
def test_more_wrong_of_what_was_held_out_is_refused(wrong, more):
    found = faults(readings(5), readings(5), readings(wrong, claimed=0.99), readings(wrong + more, claimed=0.9))
    assert (Fault.MORE_WRONG, HELD) in found
