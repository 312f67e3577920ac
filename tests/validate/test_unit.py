"""The whole form in tenge."""

from __future__ import annotations

import pytest

from extract.records import Alternative, Ink
from tests.factories import TRUST, form_figures, form_of, place, reading, truths
from validate.decide import decide
from validate.records import Cause, Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)


def decided(cells):
    return decide(form_figures(cells), SETTINGS, TRUST)


def unit_findings(form):
    return [f for f in form.findings if f.message_id == "finding.unit"]


def sums(line: str, *figures: int) -> dict[str, str]:
    total = f"{sum(figures)}"
    parts = {
        f"s2/{at}/{column}": str(figure) for at in ("1", line) for column, figure in zip("2356", figures, strict=False)
    }
    return {"s2/1/1": total, f"s2/{line}/1": total} | parts


def test_nine_digits_are_suspicious():
    """All the figures go to a person, as written; nothing is divided."""
    form = decided(sums("1.7", 749082113, 5512))
    (found,) = unit_findings(form)
    assert (found.cause, found.places[0]) == (Cause.UNIT, place("s2/1/1"))
    assert all(cell.status is Status.REVIEW and "unit-suspected" in cell.reasons for cell in form.cells)
    assert form.cells[0].figure.value == 749087625
    assert form.status is Status.REVIEW


@pytest.mark.parametrize("figures", [(99_999_998, 1), (5_512_345, 81_002), (1_000_000, 2_000_000), (12_000,)])
def test_ordinary_large_respondents_are_not(figures):
    """Eight digits, or a few round figures, are an ordinary respondent's."""
    assert not unit_findings(decided(sums("1.7", *figures)))


def test_figures_that_all_end_in_three_zeros_are_suspicious():
    """Enough different ones, the largest of seven digits and more."""
    assert unit_findings(decided(sums("1.7", 1_325_000, 894_000, 287_000, 144_000) | sums("1.8", 5_229_000, 3_564_000)))
    assert not unit_findings(decided(sums("1.7", 325_000, 94_000, 87_000, 44_000) | sums("1.8", 29_000, 64_000)))


def test_one_huge_slip_does_not_condemn_the_form():
    """Where the sums say that one figure alone is in tenge, the others are left in peace."""
    cells = sums("1.7", 500_300, 200_100) | {"s2/1.7/2": "500300000"}
    form = decided(cells)
    assert not unit_findings(form)
    assert {f.cause for f in form.findings if f.set == "table"} == {Cause.UNIT}


def test_units_written_out_are_no_mistake():
    """A figure with «тг» beside it has been counted as tenge already."""
    assert not unit_findings(decided({"s2/1/1": "749 082 000 тг", "s2/1.7/1": "749 082 000 тг"}))


def test_a_digit_too_many_is_no_tenge_form():
    """A huge figure that is doubtfully read and fits no sum is a misreading, not a unit."""
    said = (Alternative("8875685748", -0.3, "a"),)
    misread = {"s2/1.7/3": reading(place("s2/1.7/3"), said, ink=Ink.HAND, witnesses=1)}
    form = decide(form_figures(sums("1.7", 5512, 685748), readings=misread), SETTINGS, TRUST)
    assert not unit_findings(form)
    assert sum(cell.status is Status.REVIEW for cell in form.cells) < 10


@pytest.mark.samples
def test_among_the_samples_only_the_tenge_form_is_suspected():
    """No false alarm, no miss."""
    suspected = [truth["kind"] for truth in truths() if unit_findings(decide(form_of(truth), SETTINGS, TRUST))]
    assert suspected == ["tenge"]


def test_two_figures_in_one_cell_are_no_huge_one():
    """A figure struck out in a text layer stands beside the new one: that says nothing of the form's unit."""
    cells = sums("1.7", 279047, 5512)
    form = decided(cells | {"s2/1.7/2": "279118 279047", "s2/1/2": "127759 127724"})
    assert not unit_findings(form)
    assert not any("unit-suspected" in cell.reasons for cell in form.cells)
