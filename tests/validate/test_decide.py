"""Decisions hold together, whatever was read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.records import Alternative, Ink
from layouts.load import load_layout
from tests.factories import TRUST, form_figures, layout, reading
from validate.decide import decide
from validate.reasons import INFORMATIONAL
from validate.records import CheckedForm, Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)
OTHER = load_layout(Path(__file__).parents[1] / "layouts" / "data" / "3-test.toml")

texts = st.one_of(
    st.text(alphabet="0123456789 .,-%Хтгмлн", max_size=10),
    st.sampled_from(["1", "0", "-", "12.345", "100", "1000", "999999999", "65 %", "(5)", "1,2 млн", ""]),
)
alternatives = st.lists(st.tuples(texts, st.floats(-9.0, 0.0)), max_size=3)
inks = st.sampled_from([Ink.TYPED, Ink.HAND, Ink.DIGITAL, Ink.UNKNOWN])
reasons = st.sampled_from([(), ("seal",), ("struck-out",), ("photo",), ("row-missing",)])
cells = st.tuples(st.integers(0, 10**6), alternatives, inks, st.integers(0, 2), st.sampled_from([0, 1, 1, 1]), reasons)


def decided(form, drawn) -> CheckedForm:
    readings = {}
    for number, pairs, ink, witnesses, page, why in drawn:
        at = form.places[number % len(form.places)]
        said = tuple(Alternative(text, logp, "a") for text, logp in sorted(pairs, key=lambda pair: -pair[1]))
        readings[str(at)] = reading(at, said, ink=ink, witnesses=witnesses, page=page, reasons=why)
    return decide(form_figures(of=form, readings=readings), SETTINGS, TRUST)


@pytest.mark.parametrize("form", [layout(), OTHER], ids=["shipped", "other"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.lists(cells, max_size=16))
def test_no_reading_makes_a_decision_raise(form, drawn):
    """Every form is decided, and the decision is consistent in itself."""
    told = decided(form, drawn)
    assert len(told.cells) == len(form.places)
    for cell in told.cells:
        assert 0.0 <= cell.figure.confidence <= 1.0
        assert cell.status is Status.ACCEPTED or set(cell.reasons) - INFORMATIONAL
        assert cell.figure.reading.page or cell.status is Status.REVIEW
    assert all(f.places[:1] for f in told.findings if f.set != "check")
    assert (told.status is Status.ACCEPTED) == (not set(told.reasons) - INFORMATIONAL)
    if any(cell.status is Status.REVIEW for cell in told.cells):
        assert told.status is Status.REVIEW


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.lists(cells, max_size=16))
def test_a_decision_changes_no_figure(drawn):
    """What is written, and what it means, is as normalised; only an ambiguous mark may take its other meaning."""
    told = decided(layout(), drawn)
    for cell in told.cells:
        amounts = {value.amount for value in cell.figure.alternatives if value.written == cell.figure.written}
        assert cell.figure.value is None or cell.figure.value in amounts


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.lists(cells, max_size=20))
def test_the_same_readings_give_the_same_decision(drawn):
    """No hidden state, no order of sets."""
    assert decided(layout(), drawn) == decided(layout(), drawn)
