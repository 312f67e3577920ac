"""Planted slips come back as what they are, with whose they are."""

from collections import defaultdict
from decimal import Decimal

import pytest

from compare.records import Party, Slip
from compare.slips import slip_of
from training.typists import PLANTERS, outcomes, trials


@pytest.mark.parametrize(
    ("machine", "manual", "slip"),
    [
        ("100", "101", Slip.SUBSTITUTED),
        ("12345.6", "12345.9", Slip.SUBSTITUTED),
        ("1234", "1324", Slip.TRANSPOSED),
        ("1000", "100", Slip.LOST),
        ("12.5", "125", Slip.MARK),
        ("1.234", "1234", Slip.MARK),
        ("1234", "1234000", Slip.UNIT),
        ("77", "777", Slip.DOUBLED),
        ("77", "787", Slip.ADDED),
        ("5", "-5", Slip.SIGN),
        ("5", "", Slip.LEFT_OUT),
        ("", "5", Slip.FILLED_IN),
        ("0", "", Slip.BLANK_ZERO),
        ("123456", "987", Slip.OTHER),
        ("12.5", "13.5", Slip.SUBSTITUTED),
    ],
)
def test_one_figure_for_another(machine, manual, slip):
    said = [Decimal(text) if text else None for text in (machine, manual)]
    assert slip_of(*said) is slip


@pytest.fixture(scope="module")
def told():
    """Twelve slips of every kind, one a form."""
    return list(outcomes(list(trials(20, 12 * len(PLANTERS)))))


def test_classes(told):
    """Nearly every planted slip is reported as its class on every cell it changed."""
    right = defaultdict(list)
    for outcome in told:
        reported = {verdict.difference.slip for verdict in outcome.verdicts}
        right[outcome.planted.slip].append(reported == {outcome.planted.slip})
    assert set(right) == set(Slip) - {Slip.OTHER}
    for slip, each in right.items():
        assert sum(each) >= 0.9 * len(each), slip
    assert sum(map(sum, right.values())) >= 0.97 * len(told)


def test_who_is_wrong(told):
    """Where sums tell, the one who erred is named; nobody is named wrongly but for a rare case."""
    named = defaultdict(list)
    for outcome in told:
        if outcome.in_sums:
            named[outcome.planted.party].append({v.wrong for v in outcome.verdicts} == {outcome.planted.party})
    assert set(named) == {Party.MACHINE, Party.PERSON, Party.RESPONDENT}
    assert sum(map(sum, named.values())) >= 0.97 * sum(map(len, named.values()))
    wrongly = [o for o in told if {v.wrong for v in o.verdicts} - {o.planted.party, Party.UNCLEAR}]
    assert len(wrongly) <= 0.02 * len(told)


def test_several_slips_in_one_form():
    """Three single slips do not hide each other."""
    single = [kind for kind in PLANTERS if kind.startswith(("digit", "mark", "sign", "machine", "left"))]
    made = list(outcomes(list(trials(21, 80, single, slips=3))))
    assert len(made) > 150
    classes = [{v.difference.slip for v in o.verdicts} == {o.planted.slip} for o in made]
    parties = [{v.wrong for v in o.verdicts} == {o.planted.party} for o in made if o.in_sums]
    assert sum(classes) >= 0.97 * len(classes)
    assert sum(parties) >= 0.95 * len(parties)
