"""Ambiguous marks, settled by the sums."""

from __future__ import annotations

from decimal import Decimal

from tests.factories import TRUST, form_figures, place
from validate.decide import decide
from validate.records import Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)


def decided(cells):
    form = decide(form_figures(cells), SETTINGS, TRUST)
    return form, {cell.figure.reading.place: cell for cell in form.cells}


def test_the_sum_says_what_the_point_means():
    """12.345 + 655 is 13 000 only if the point groups."""
    form, at = decided(
        {
            "s2/1/1": "13 000",
            "s2/1/2": "12 345",
            "s2/1/3": "655",
            "s2/1.7/1": "13 000",
            "s2/1.7/2": "12.345",
            "s2/1.7/3": "655",
        }
    )
    cell = at[place("s2/1.7/2")]
    assert (cell.figure.value, cell.status) == (Decimal(12345), Status.ACCEPTED)
    assert cell.reasons == ("meaning-by-control",)
    assert cell.figure.written == "12.345"
    assert form.status is Status.ACCEPTED


def test_the_less_usual_meaning_wins_where_only_it_fits():
    """The same text is twelve and a third where the sum says so."""
    _, at = decided(
        {
            "s2/1/1": "13",
            "s2/1/2": "12.345",
            "s2/1/3": "0.655",
            "s2/1.7/1": "13",
            "s2/1.7/2": "12.345",
            "s2/1.7/3": "0.655",
        }
    )
    assert at[place("s2/1.7/2")].figure.value == Decimal("12.345")
    assert at[place("s2/1/2")].figure.value == Decimal("12.345")


def test_sums_that_hold_either_way_decide_nothing():
    """A form in which every mark may mean both stays with a person: all read thousandfold, it adds up as well."""
    _, at = decided(
        {
            "s2/1/1": "30.300",
            "s2/1/2": "12.100",
            "s2/1/3": "18.200",
            "s2/1.7/1": "30.300",
            "s2/1.7/2": "12.100",
            "s2/1.7/3": "18.200",
        }
    )
    assert at[place("s2/1.7/2")].status is Status.REVIEW
    assert "ambiguous-mark" in at[place("s2/1.7/2")].reasons


def test_one_certain_figure_settles_a_whole_line():
    """What one sum settles, the next one builds on."""
    _, at = decided(
        {"s2/1/1": "30.800", "s2/1/2": "12.100", "s2/1/3": "18.200", "s2/1/5": "500",
         "s2/1.7/1": "30.800", "s2/1.7/2": "12.100", "s2/1.7/3": "18.200", "s2/1.7/5": "500"}
    )  # fmt: skip
    assert {at[place(f"s2/{line}/{column}")].figure.value for line in ("1", "1.7") for column in "123"} == {
        Decimal(30800), Decimal(12100), Decimal(18200),
    }  # fmt: skip


def test_a_line_that_fits_no_meaning_is_left_alone():
    """The respondent's mistake strikes no meaning out."""
    _, at = decided({"s2/1.7/1": "999", "s2/1.7/2": "12.345"})
    cell = at[place("s2/1.7/2")]
    assert cell.status is Status.REVIEW
    assert len(cell.figure.alternatives) == 2
