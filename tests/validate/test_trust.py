"""What the calibration supports, and what it says nothing of."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from extract.records import Alternative, Ink
from postprocess.normalise import normalise
from tests.factories import form_reading, place, reading
from validate.decide import decide
from validate.records import Status
from validate.settings import Settings
from validate.trust import Looks, Step, Stratum, Trust, shipped_trust, trust_from

AT = "s2/1.7/2"
STEPS = (
    Step(0.95, 15_000, 3, 200, True, 0.0007),
    Step(0.7, 20_000, 12, 200, False, 0.0012),
    Step(0.995, 9_000, 0, 200, True, 0.0005),
)
LOOKS = Looks(np.array([3.0, 1.0]), np.eye(2) * 0.01, np.eye(2) * 0.04, 20.0)
BY_SUMS = (Step(3.0, 15_000, 0, 200, True, 0.0003),)
TYPED = Trust({"typed/clear": Stratum({}, LOOKS)}, {"typed": {"agreed": STEPS, "summed": BY_SUMS}})


# A small form whose sums hold: line 1 = 1.7 + 1.8, column 1 = 2 + 3.
SUMS = {
    "s2/1/1": "400", "s2/1/2": "250", "s2/1/3": "150",
    "s2/1.7/1": "300", "s2/1.7/2": "200", "s2/1.7/3": "100",
    "s2/1.8/1": "100", "s2/1.8/2": "50", "s2/1.8/3": "50",
}  # fmt: skip


def figures(count=9, *, p=0.97, look=(3.0, 1.0), **more):
    """That form with some figures typed on a scan, the others from a text layer."""
    at = list(SUMS)[:count]
    found = {
        key: reading(place(key), (Alternative(SUMS[key], math.log(p), "a"),), ink=Ink.TYPED, **({"look": look, **more}))
        for key in at
    }
    return normalise(form_reading(SUMS, readings=found)), at


def repeated(*, p=0.97, look=(3.0, 1.0)):
    """A form whose sums only repeat its figures, all of them typed on a scan."""
    at = ["s2/1/1", "s2/1/2", "s2/1.7/1", "s2/1.7/2"]
    said = (Alternative("200", math.log(p), "a"),)
    found = {key: reading(place(key), said, ink=Ink.TYPED, look=look) for key in at}
    return normalise(form_reading({}, readings=found)), at


def cell_of(form, key):
    return next(figure for figure in form.figures if str(figure.reading.place) == key)


def statuses(form, at, rate, trust=TYPED):
    told = decide(form, Settings(latest_year=2027, max_error=rate), trust)
    cells = {str(cell.figure.reading.place): cell for cell in told.cells}
    return [cells[key] for key in at]


@pytest.mark.parametrize(("rate", "least"), [(0.002, 0.7), (0.001, 0.95), (0.0006, 0.995), (0.0004, None)])
def test_the_threshold_follows_from_the_rate_asked_for(rate, least):
    """The loosest level whose bound supports it; none where no level does."""
    assert TYPED.level("typed/clear", "agreed", rate) == least


@pytest.mark.parametrize(
    ("rate", "status", "reason"),
    [(0.001, Status.ACCEPTED, None), (0.0006, Status.REVIEW, "low-confidence"), (0.0001, Status.REVIEW, "unproven")],
)
def test_the_same_reading_is_accepted_or_not_by_the_rate(rate, status, reason):
    """A stricter rate wants surer readings; one the data cannot support is never claimed."""
    form, at = repeated()
    for cell in statuses(form, at, rate):
        assert cell.status is status
        assert reason is None or reason in cell.reasons


def test_a_step_is_not_tried_where_the_one_before_it_failed():
    """Looking at all of them and taking the best would claim more than the data show."""
    steps = (Step(0.95, 900, 1, 20, True, 0.006), Step(0.7, 9_000, 1, 90, False, 0.0006))
    assert (
        Trust({"typed/clear": Stratum({})}, {"typed": {"agreed": steps}}).level("typed/clear", "agreed", 0.001) is None
    )


def test_nothing_is_accepted_of_ink_or_scans_never_calibrated_on():
    """However sure the readers are."""
    form, at = figures(p=0.99999, quality="photo")
    assert {cell.status for cell in statuses(form, at, 0.01)} == {Status.REVIEW}


def test_a_page_unlike_all_calibrated_on_goes_to_review():
    """Readers may be sure of what they were never held against."""
    form, at = figures(p=0.9999, look=(4.2, 1.0))
    cells = statuses(form, at, 0.001)
    assert all("unlike-calibrated" in cell.reasons for cell in cells)
    assert {cell.status for cell in cells} == {Status.REVIEW}


def test_few_cells_say_little_of_their_page():
    """One odd cell is no odd page; a page of a few may differ more than one of many."""
    form, at = figures(1, p=0.9999, look=(9.0, 1.0))
    assert statuses(form, at, 0.001)[0].status is Status.ACCEPTED
    assert LOOKS.distance([(3.5, 1.0)] * 3) < LOOKS.distance([(3.5, 1.0)] * 30)


def test_dashes_say_nothing_of_the_look_of_a_page():
    """Whole pages are dashed, and no dash looks like the figures that pages were calibrated on."""
    form, at = figures(p=0.9999, look=(4.2, 1.0))
    dash = (Alternative("-", math.log(0.9999), "a"),)
    dashed = {key: reading(place(key), dash, ink=Ink.TYPED, look=(4.2, 1.0)) for key in at[3:]}
    few = normalise(form_reading(SUMS, readings=dashed | {key: cell_of(form, key).reading for key in at[:2]}))
    assert not TYPED.strange_pages(few.figures)
    more = normalise(form_reading(SUMS, readings=dashed | {key: cell_of(form, key).reading for key in at[:3]}))
    assert TYPED.strange_pages(more.figures) == {1}


def test_confidence_is_what_the_calibration_found():
    """A reader that overrates itself is believed less, and differently where the other reader agrees."""
    told = {
        "strata": {
            "typed/clear": {
                "curves": {"agreed": {"offset": 0.0, "slope": 1.0}, "apart": {"offset": -2.0, "slope": 0.5}}
            }
        },
        "steps": {},
    }
    trust = trust_from(told)
    agreed = next(f for f in figures(p=0.9)[0].figures if f.reading.look)
    apart = replace(agreed, reading=replace(agreed.reading, witnesses=1))
    assert trust.confidence(agreed, agreed=True) == pytest.approx(0.9)
    assert trust.confidence(apart, agreed=False) < 0.5


def test_what_ships_is_whole():
    """Every stratum has thresholds with the data behind them; bounds are no better than the data allow."""
    trust = shipped_trust()
    assert {"typed/clear", "hand/clear"} <= set(trust.strata)
    steps = [step for cases in trust.steps.values() for found in cases.values() for step in found]
    assert steps
    for step in steps:
        assert step.bound >= max(step.wrong, 1) / max(step.cells, 1)
        assert step.forms <= step.cells


def test_a_file_without_a_part_is_an_error():
    """No silent default for what decides acceptance."""
    with pytest.raises(KeyError):
        trust_from(json.loads('{"strata": {"typed/clear": {"curves": {}}}}'))
