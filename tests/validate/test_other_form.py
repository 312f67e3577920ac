"""Nothing knows one form: another one, with other sections, lines, columns and fields, is decided as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from layouts.load import load_layout
from tests.factories import TRUST, form_figures, place
from validate.causes.diagnose import Cause
from validate.decide import decide
from validate.records import Outcome, Status
from validate.settings import Settings

OTHER = load_layout(Path(__file__).parents[1] / "layouts" / "data" / "3-test.toml")
SETTINGS = Settings(latest_year=2027)
SUMS = {
    "s5/А/10": "900", "s5/А/11": "500", "s5/А/12": "400",
    "s5/Б/10": "700", "s5/Б/11": "400", "s5/Б/12": "300",
    "s5/В/10": "200", "s5/В/11": "100", "s5/В/12": "100",
}  # fmt: skip


def decided(cells, **more):
    return decide(form_figures(cells, of=OTHER, fields={}, **more), SETTINGS, TRUST)


def table(form):
    return [f for f in form.findings if f.set == "table"]


def test_a_sound_form_is_accepted():
    """Its own rules hold; it has no identifier and no year to ask for."""
    form = decided(SUMS)
    assert not table(form)
    assert form.status is Status.ACCEPTED


@pytest.mark.parametrize("culprit", ["s5/Б/11", "s5/В/10", "s5/А/12"])
def test_a_wrong_cell_is_named_first(culprit):
    """By line and by column."""
    found = table(decided(SUMS | {culprit: "770"}))
    assert found
    assert all(f.places[0] == place(culprit) for f in found)
    assert all(f.outcome is Outcome.FAILS for f in found)


def test_a_tolerance_is_kept():
    """A difference up to the rule's own tolerance is no failure, one above it is."""

    def cells(total: str) -> dict[str, str]:
        return {
            f"s5/{line}/{column}": text
            for line in "АВ"
            for column, text in (("10", total), ("11", "100"), ("12", "100"))
        }

    assert not table(decided(cells("200.5")))
    assert table(decided(cells("200.6")))


def test_a_figure_on_a_crossed_cell_is_a_finding():
    """The form prints «Х» there."""
    form = decided({"s5/Г/11": "5"})
    assert "check.ink-on-cross" in {f.rule for f in form.findings}
    assert form.status is Status.REVIEW


def test_rows_of_different_length_are_compared_by_their_terms():
    """A crossed cell makes a control shorter; an exchange of rows is still found, or not, without an error."""
    cells = SUMS | {
        "s5/Г/10": "70",
        "s5/Г/12": "100",
        "s5/В/10": "200",
        "s5/В/12": "70",
        "s5/А/10": "970",
        "s5/А/12": "470",
    }
    found = table(decided(cells))
    assert Cause.MISPLACED in {f.cause for f in found}
