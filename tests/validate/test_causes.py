"""Failed rules: what they say, whom they blame, and why."""

from __future__ import annotations

import math

import pytest

from extract.records import Alternative, Ink
from tests.factories import TRUST, form_figures, place, reading
from validate.decide import decide
from validate.records import Cause, Finding, Outcome, Status
from validate.settings import Settings

SETTINGS = Settings(latest_year=2027)
# Two lines and two columns, everything adding up.
SUMS = {
    "s2/1/1": "74000", "s2/1/2": "52500", "s2/1/3": "21500",
    "s2/1.7/1": "51700", "s2/1.7/2": "40500", "s2/1.7/3": "11200",
    "s2/1.8/1": "22300", "s2/1.8/2": "12000", "s2/1.8/3": "10300",
}  # fmt: skip


def findings(cells, only="table", **more) -> list[Finding]:
    form = decide(form_figures(cells, **more), SETTINGS, TRUST)
    return [finding for finding in form.findings if finding.set == only]


def test_sums_that_hold_are_no_finding():
    """Nor do blank lines fail."""
    assert not findings(SUMS)
    assert not findings({"s2/1.7/1": "-"})


@pytest.mark.parametrize("culprit", ["s2/1.7/1", "s2/1.7/2", "s2/1/3", "s2/1.8/2", "s2/1/1"])
def test_the_crossing_of_two_failed_sums_is_the_culprit(culprit):
    """A cell wrong by itself is named first by both its line and its column."""
    found = findings(SUMS | {culprit: str(int(SUMS[culprit]) + 190)})
    assert len(found) == 2
    assert all(f.places[0] == place(culprit) for f in found)
    assert all(f.cause is Cause.ARITHMETIC for f in found)
    assert all(f.outcome is Outcome.FAILS for f in found)
    assert {abs(f.difference) for f in found} == {190}


def test_a_total_carried_on_wrong_is_blamed_for_its_own_line():
    """Where only the line's sum is wrong and the column was added up with it, the sum is named."""
    cells = SUMS | {"s2/1.7/1": "51800", "s2/1/1": "74100"}
    assert [str(f.places[0]) for f in findings(cells)] == ["s2/1/1", "s2/1.7/1"]


def test_places_name_the_filled_cells_only():
    """Blank terms of a long sum are not listed."""
    (found, _) = findings(SUMS | {"s2/1.8/1": "22400"})
    assert {str(p) for p in found.places} == {"s2/1.8/1", "s2/1.8/2", "s2/1.8/3"}


def test_a_total_left_out():
    """A blank sum over filled parts."""
    cells = {key: text for key, text in SUMS.items() if key != "s2/1.8/1"}
    line, column = findings(cells)
    assert (line.cause, line.places[0]) == (Cause.MISSING_TOTAL, place("s2/1.8/1"))
    assert column.places[0] == place("s2/1.8/1")


def test_parts_left_out_have_their_own_sentence():
    """A total without its parts is told as such."""
    told = [f.message_id for f in findings({"s2/1/1": "100", "s2/1.7/1": "100"})]
    assert told == ["finding.rule-parts-missing-line"] * 2


def test_one_figure_in_tenge():
    """A figure a thousand times too large for its line and column."""
    found = findings(SUMS | {"s2/1.8/2": "12000000"})
    assert {(f.cause, f.places[0]) for f in found} == {(Cause.UNIT, place("s2/1.8/2"))}


def test_one_figure_in_millions():
    """And one a thousand times too small."""
    found = findings(SUMS | {"s2/1.7/2": "40.5"})
    assert {(f.cause, f.places[0]) for f in found} == {(Cause.UNIT, place("s2/1.7/2"))}


def test_a_minus_that_should_not_be():
    """A negative figure that would fit without its minus."""
    found = findings(SUMS | {"s2/1.8/3": "-10300"})
    assert {(f.cause, f.places[0]) for f in found} == {(Cause.SIGN, place("s2/1.8/3"))}


def test_rounding_adds_up_to_little():
    """Whole figures may differ by half a unit a term."""
    found = findings(
        {"s2/1.7/1": "101", "s2/1.7/2": "50", "s2/1.7/3": "50", "s2/1/1": "101", "s2/1/2": "50", "s2/1/3": "50"}
    )
    assert {f.cause for f in found} == {Cause.ROUNDING}


def test_figures_in_each_others_rows():
    """Two figures of a column exchanged: both lines fail, the column holds."""
    found = findings(SUMS | {"s2/1.7/2": SUMS["s2/1.8/2"], "s2/1.8/2": SUMS["s2/1.7/2"]})
    assert len(found) == 2
    assert {f.cause for f in found} == {Cause.MISPLACED}
    assert {str(p) for p in found[0].places[:2]} == {"s2/1.7/2", "s2/1.8/2"}


def test_figures_in_each_others_columns():
    """Two figures of a line exchanged: both columns fail, the line holds."""
    found = findings(SUMS | {"s2/1.7/2": SUMS["s2/1.7/3"], "s2/1.7/3": SUMS["s2/1.7/2"]})
    assert {f.cause for f in found} == {Cause.MISPLACED}


def test_a_figure_beside_its_place():
    """Column 3 left blank, its figure in the "of which" column 4."""
    cells = SUMS | {"s2/1.7/3": "", "s2/1.7/4": "11200"}
    misplaced = [f for f in findings(cells) if f.cause is Cause.MISPLACED]
    assert {p for f in misplaced for p in f.places[:2]} >= {place("s2/1.7/3"), place("s2/1.7/4")}


def test_a_part_greater_than_its_whole():
    """The part is blamed, unless the sums blame the whole."""
    lines = {"s2/1/1": "500", "s2/1/2": "500", "s2/1.3/1": "500", "s2/1.3/2": "500"}
    (found,) = [f for f in findings(lines | {"s2/1.3.1/1": "600", "s2/1.3.1/2": "600"}) if f.rule == "s2.part-1.3"][:1]
    assert (found.cause, found.places) == (Cause.ARITHMETIC, (place("s2/1.3.1/1"), place("s2/1.3/1")))
    assert (found.left, found.right) == (500, 600)


def test_a_part_in_tenge_under_a_whole_in_thousands():
    """A part hundreds of times its whole."""
    cells = {"s3/1/1": "500", "s3/1.3/1": "500", "s3/1.3.1/1": "450000"}
    (found,) = findings(cells)
    assert (found.cause, found.places[0]) == (Cause.UNIT, place("s3/1.3.1/1"))


def test_a_doubtful_reading_that_resolves_the_sum():
    """It is taken where the sums leave no doubt; else it is named as the cause, and the figure stays as read."""
    other = (Alternative("12600", math.log(0.7), "a"), Alternative("12000", math.log(0.25), "a"))
    doubtful = {"s2/1.8/2": reading(place("s2/1.8/2"), other, ink=Ink.HAND, witnesses=1)}
    assert not findings(SUMS, readings=doubtful)
    other = (Alternative("12600", math.log(0.9993), "a"), Alternative("12000", math.log(0.0005), "a"))
    doubtful = {"s2/1.8/2": reading(place("s2/1.8/2"), other, ink=Ink.HAND, witnesses=1)}
    found = findings(SUMS, readings=doubtful)
    assert {(f.cause, f.outcome, f.places[0]) for f in found} == {(Cause.READING, Outcome.UNDECIDED, place("s2/1.8/2"))}
    form = decide(form_figures(SUMS, readings=doubtful), SETTINGS, TRUST)
    assert next(c for c in form.cells if c.figure.reading.place == place("s2/1.8/2")).figure.value == 12600


def test_unread_ink_leaves_the_rule_open():
    """Where ink could not be read, neither sum nor blank can be told."""
    unread = {"s2/1.8/5": reading(place("s2/1.8/5"), blank_ink=Ink.HAND)}
    assert {f.outcome for f in findings(SUMS, readings=unread)} == {Outcome.UNDECIDED}


def test_a_missing_page_leaves_its_rules_open():
    """A rule over a missing page is undecided, and so is the form."""
    gone = {key: reading(place(key), page=0) for key in ("s2/1.8/1", "s2/1.8/2")}
    form = decide(form_figures({k: v for k, v in SUMS.items() if k not in gone}, readings=gone), SETTINGS, TRUST)
    found = [f for f in form.findings if f.set == "table"]
    assert found
    assert all(f.outcome is Outcome.UNDECIDED for f in found)
    assert form.status is Status.REVIEW
    assert "page-missing" in form.reasons


def test_a_scanned_culprit_goes_to_a_person_and_its_neighbours_stay():
    """Two sure readers can share a spoilt figure; the others of its rule are vouched for."""
    form = decide(form_figures(SUMS | {"s2/1.8/2": "12600"}, ink=Ink.TYPED), SETTINGS, TRUST)
    review = [str(c.figure.reading.place) for c in form.cells if c.status is Status.REVIEW]
    assert review == ["s2/1.8/2"]


def test_published_rules_are_reported_beside_and_decide_nothing(tmp_path):
    """The order's text forgets lines 1.15 and 1.16; a form that fills them is still accepted."""
    cells = {"s2/1/1": "30", "s2/1/2": "30", "s2/1.16/1": "30", "s2/1.16/2": "30"}
    form = decide(form_figures(cells), SETTINGS, TRUST)
    published = [f for f in form.findings if f.set == "published"]
    assert {f.rule for f in published} == {"published.s2.total"}
    assert form.status is Status.ACCEPTED


def test_messages_write_numbers_as_the_tables_do():
    """100, not 100.0: what a person reads and what stands in the table are the same."""
    found = findings({"s2/1/1": "100.0", "s2/1/2": "100.0", "s2/1.1/1": "90.50", "s2/1.1/2": "100.0"})
    told = [dict(finding.parameters) for finding in found]
    assert told
    assert not [value for each in told for value in each.values() if value.endswith((".0", ".50"))]
    assert any(each["right"] in {"90.5", "100"} for each in told)
