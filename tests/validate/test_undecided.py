"""A form whose search comes to its limit: not decided, and a person sees it."""

from __future__ import annotations

import math

import pytest

from extract.records import Alternative, Ink
from tests.factories import TRUST, form_figures, place, reading
from validate import decide as deciding
from validate.decide import decide
from validate.joint.choose import Decision
from validate.records import Status
from validate.settings import Settings

SUMS = {
    "s2/1/1": "400", "s2/1/2": "250", "s2/1/3": "150",
    "s2/1.7/1": "300", "s2/1.7/2": "200", "s2/1.7/3": "100",
    "s2/1.8/1": "100", "s2/1.8/2": "50", "s2/1.8/3": "50",
}  # fmt: skip


def test_nothing_is_certain_on_a_form_that_could_not_be_decided(monkeypatch):
    """However sure the readers are; what a text layer says stays certain."""
    monkeypatch.setattr(deciding, "choose", lambda *_: Decision({}, {}, whole=False))
    said = (Alternative("200", math.log(0.9999), "a"),)
    scanned = {"s2/1.7/2": reading(place("s2/1.7/2"), said, ink=Ink.TYPED)}
    form = decide(form_figures(SUMS, readings=scanned), Settings(latest_year=2027), TRUST)
    waiting = {str(c.figure.reading.place): c.reasons for c in form.cells if c.status is Status.REVIEW}
    assert waiting == {"s2/1.7/2": ("controls-undecided",)}
    assert form.status is Status.REVIEW
    assert "controls-undecided" in form.reasons


@pytest.mark.parametrize(
    ("written", "other", "kept"), [("200 000", "200.000", 200_000), ("-200", "200", -200), ("(200)", "200", -200)]
)
def test_the_sums_never_choose_between_units_or_signs(written, other, kept):
    """Another unit, or a minus, is the respondent's mistake, whatever else a reader makes of the ink."""
    said = (Alternative(written, math.log(0.9), "a"), Alternative(other, math.log(0.09), "a"))
    cells = {"s2/1.7/2": reading(place("s2/1.7/2"), said, ink=Ink.TYPED)}
    form = decide(form_figures(SUMS, readings=cells), Settings(latest_year=2027), TRUST)
    cell = next(c for c in form.cells if c.figure.reading.place == place("s2/1.7/2"))
    assert cell.figure.value == kept
    assert cell.status is Status.REVIEW
