"""What is known from elsewhere asks, orders and proposes; it weighs no reading and changes no value."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.records import Alternative, Ink
from tests.factories import BIN, FIELDS, IIN, TRUST, form_figures, place, reading
from validate.decide import decide
from validate.outside.knowledge import NO_KNOWLEDGE, Knowledge, Past, last_year
from validate.records import Cause, Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)
FORM = {"s2/1/1": "5300", "s2/1/2": "5000", "s2/1/3": "300", "s2/1.7/1": "5300", "s2/1.7/2": "5000", "s2/1.7/3": "300"}


def past(cells, *, year="2024", kato="", region=""):
    return Past(year, kato, region, {place(key): Decimal(value) for key, value in cells.items()})


def knowing(*pasts, number=BIN):
    return Knowledge(past={number: pasts})


def decided(cells, knowledge, **more):
    return decide(form_figures(cells, **more), SETTINGS, TRUST, knowledge)


def asked(form):
    return [f for f in form.findings if f.rule == "check.year-on-year"]


@pytest.mark.parametrize(
    ("last", "asks"),
    [("53", True), ("53.1", False), ("530000", True), ("529999", False), ("0.001", True), ("6000", False)],
)
def test_a_figure_a_hundred_times_last_years_asks_a_person(last, asks):
    """Or a hundredth, and no less; the cell stays accepted, the form waits."""
    form = decided(FORM, knowing(past({"s2/1/1": last})))
    assert bool(asked(form)) is asks
    assert form.status is (Status.REVIEW if asks else Status.ACCEPTED)
    assert ("year-on-year" in form.reasons) is asks
    assert all(cell.status is Status.ACCEPTED for cell in form.cells)


def test_one_finding_holds_all_that_changed_so_much_the_largest_change_first():
    """Both figures stand in it; what is new this year, and what changed little, does not."""
    (found,) = asked(decided(FORM, knowing(past({"s2/1/1": "40", "s2/1/2": "10", "s2/1/3": "290"}))))
    assert found.places == (place("s2/1/2"), place("s2/1/1"))
    assert (found.left, found.right, found.cause) == (5000, 10, Cause.UNKNOWN)


def test_nothing_is_known_of_another_respondent_year_or_place():
    """The key is the number, the year before and the place."""
    small = {"s2/1/1": "1"}
    fields = FIELDS | {"kato": "711310000", "region": "г. Астана"}
    for other in (
        knowing(past(small), number=IIN),
        knowing(past(small, year="2023")),
        knowing(past(small, kato="551010000")),
        knowing(past(small, region="Павлодарская область")),
    ):
        assert last_year(form_figures(FORM, fields=fields), other) == {}


@pytest.mark.parametrize(
    "here",
    [
        {"kato": "711310000"},
        {"region": "г. Астана, район Сарыарка"},
        {"region": "Астана қаласы"},
        {},
    ],
)
def test_a_place_is_known_by_code_else_by_words_else_it_is_the_only_one(here):
    """A region in the other language is the same one, if the respondent had no other place."""
    before = past({"s2/1/1": "1"}, kato="711310000", region="г. Астана, район Сарыарка")
    assert last_year(form_figures(FORM, fields=FIELDS | here), knowing(before)) == before.figures


def test_of_several_places_none_is_guessed():
    """A form that names no place may be any of them."""
    both = (past({"s2/1/1": "1"}, kato="711310000"), past({"s2/1/1": "9"}, kato="551010000"))
    assert last_year(form_figures(FORM), knowing(*both)) == {}
    at = form_figures(FORM, fields=FIELDS | {"kato": "551010000"})
    assert last_year(at, knowing(*both)) == both[1].figures


def test_a_table_without_years_and_a_form_without_one_are_compared():
    """The latest there is counts."""
    old, new = past({"s2/1/1": "1"}, year="2022"), past({"s2/1/1": "2"}, year="2023")
    assert last_year(form_figures(FORM), knowing(past({"s2/1/1": "1"}, year=""))) == {place("s2/1/1"): 1}
    assert last_year(form_figures(FORM, fields=FIELDS | {"year": ""}), knowing(old, new)) == new.figures


def test_an_entrepreneur_is_known_by_the_iin():
    """Who fills in an IIN has no BIN."""
    fields = FIELDS | {"bin": "", "iin": IIN}
    assert asked(decided(FORM, knowing(past({"s2/1/1": "1"}), number=IIN), fields=fields))


@settings(deadline=None, max_examples=40)  # a whole form is decided twice each time
@given(last=st.decimals(min_value="0.1", max_value=10**7, places=1), likelier=st.sampled_from(["5000", "3000"]))
def test_last_year_weighs_no_reading(last, likelier):
    """A doubtful cell reads the same, as surely, with the same reasons, whatever it was last year."""
    said = (Alternative(likelier, math.log(0.6), "a"), Alternative("8000", math.log(0.4), "a"))
    doubtful = {"s2/1.8/2": reading(place("s2/1.8/2"), said, ink=Ink.HAND, witnesses=1)}
    cells = {"s2/1/1": "8000", "s2/1/2": "8000", "s2/1.8/1": "8000"}
    known = knowing(past({"s2/1.8/2": last, "s2/1/1": "8000"}))
    alone = decided(cells, NO_KNOWLEDGE, readings=doubtful)
    told = decided(cells, known, readings=doubtful)
    assert [c.figure for c in told.cells] == [c.figure for c in alone.cells]
    suspected = {"unit-suspected", "unit-part"}
    assert [set(c.reasons) - suspected for c in told.cells] == [set(c.reasons) for c in alone.cells]
    assert {c.status for c, a in zip(told.cells, alone.cells, strict=True) if c.status != a.status} <= {Status.REVIEW}


def test_the_digest_is_of_the_content():
    """Nothing known is nothing; another figure, name or code is another knowledge; the order in a file is none."""
    one, two = past({"s2/1/1": "1", "s2/1/2": "2"}), past({"s2/1/2": "2", "s2/1/1": "1"})
    assert NO_KNOWLEDGE.digest == ""
    assert knowing(one).digest == knowing(two).digest
    assert len({knowing(one).digest, knowing(replace(one, year="2023")).digest, knowing(past({})).digest}) == 3
