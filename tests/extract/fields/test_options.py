"""What the marks of an option field come to."""

from __future__ import annotations

import math

import pytest

from extract.fields import options
from extract.records import Box
from layouts.load import shipped_layouts
from tests.extract.paper import sheet

FIELD = next(iter(shipped_layouts().values())).field("hours")
BOXES = [Box(10.0 + 50 * i, 10, 60.0 + 50 * i, 30) for i in range(6)]


@pytest.mark.parametrize(
    ("chances", "chosen", "reasons", "certain"),
    [
        ((0.0, 0.99, 0.0, 0.0, 0.0, 0.0), ("1-2",), (), True),
        ((0.99, 0.08, 0.0, 0.0, 0.0, 0.0), ("<1",), (), False),  # the edge of a bent page beside a faint underline
        ((0.99, 0.0, 0.0, 0.97, 0.0, 0.0), ("<1", "4-8"), ("several-options",), True),
        ((0.0,) * 6, (), ("no-option",), True),
    ],
)
def test_one_mark_is_certain_only_without_a_trace_of_another(monkeypatch, chances, chosen, reasons, certain):
    """Several or none go to a person with what was seen."""
    monkeypatch.setattr(options, "marked_options", lambda _picture, _boxes: chances)
    reading = options._reading(sheet(1), FIELD, BOXES)
    assert reading.chosen == chosen
    assert reading.reasons == reasons
    assert (math.exp(reading.alternatives[0].logp) > 0.9) is certain


def test_bold_print_is_proposed_not_believed(monkeypatch):
    """It is a mark only where no pen left one."""
    monkeypatch.setattr(options, "marked_options", lambda _picture, _boxes: (0.0,) * 6)
    monkeypatch.setattr(options, "bold_option", lambda _picture, _boxes: 2)
    reading = options._reading(sheet(1), FIELD, BOXES)
    assert reading.chosen == ("2-4",)
    assert math.exp(reading.alternatives[0].logp) < 0.85
