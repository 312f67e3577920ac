"""Which set of rules decides changes a form's status and questions, never a reading or a cell."""

from __future__ import annotations

import pytest

from extract.records import Ink
from layouts.model import RuleSet
from layouts.rules import controls
from review.flatten import flatten
from review.keep import finding_values
from tests.factories import TRUST, form_figures, layout, place
from validate.decide import decide
from validate.records import Outcome, Status
from validate.rule_sets import tallies
from validate.settings import Settings

BY_TABLE = Settings(latest_year=2027)
BY_LETTER = Settings(latest_year=2027, rules=RuleSet.PUBLISHED)

ADDS_UP = {  # by the table: line 1 holds 1.1 and 1.15
    "s2/1/1": "300", "s2/1/2": "300", "s2/1.1/1": "100", "s2/1.1/2": "100", "s2/1.15/1": "200", "s2/1.15/2": "200",
}  # fmt: skip
BY_THE_LETTER = ADDS_UP | {"s2/1/1": "100", "s2/1/2": "100"}  # line 1 leaves out 1.15, as the published total does
OLD_LINES = {"s2/1/1": "100", "s2/1/2": "100", "s2/1.1/1": "100", "s2/1.1/2": "100"}


def decided(cells, settings, **more):
    return decide(form_figures(cells, **more), settings, TRUST)


@pytest.mark.parametrize(("cells", "table", "letter"), [
    (OLD_LINES, Status.ACCEPTED, Status.ACCEPTED),
    (ADDS_UP, Status.ACCEPTED, Status.REVIEW),
    (BY_THE_LETTER, Status.REVIEW, Status.ACCEPTED),
])  # fmt: skip
def test_the_set_that_decides_makes_the_forms_status(cells, table, letter):
    """A form that fills 1.15 passes one set and fails the other."""
    assert decided(cells, BY_TABLE).status is table
    assert decided(cells, BY_LETTER).status is letter


@pytest.mark.parametrize("ink", [Ink.DIGITAL, Ink.TYPED, Ink.HAND])
@pytest.mark.parametrize("cells", [OLD_LINES, ADDS_UP, BY_THE_LETTER, ADDS_UP | {"s2/1.3/1": "12.345"}])
def test_no_cell_and_no_field_depends_on_it(cells, ink):
    """Values, statuses, reasons and evidence of every cell are the same in both runs."""
    one, other = (decided(cells, settings, ink=ink) for settings in (BY_TABLE, BY_LETTER))
    assert one.cells == other.cells
    assert one.fields == other.fields
    assert flatten(one).cells == flatten(other).cells


def test_both_sets_are_found_either_way_and_only_the_deciding_one_asks():
    """Findings are the same rows; questions come of the set that decides."""
    one, other = (flatten(decided(ADDS_UP, settings)) for settings in (BY_TABLE, BY_LETTER))
    assert [row._replace(informational=False) for row in one.findings] == [
        row._replace(informational=False) for row in other.findings
    ]
    assert not finding_values("0", one)
    assert {row.set for row in other.findings if not row.informational} == {"published"}
    assert len(finding_values("0", other)) == 2
    assert other.form.reasons == "published-rule-fails"


def test_a_published_total_that_only_leaves_out_lines_says_so():
    """No figure is blamed where the table's own total holds: the lines that the two sets differ by are named."""
    found = [f for f in decided(ADDS_UP, BY_TABLE).findings if f.set == "published"]
    assert [dict(f.parameters)["names"] for f in found] == ["1.15, 1.16"] * 2
    assert found[0].message_id == "finding.rule-contradicted-column"
    assert (found[0].places[0], found[0].cause, found[0].difference) == (place("s2/1.15/1"), None, 200)


def test_a_published_total_that_fails_with_the_tables_has_its_cause():
    """Both totals are wrong: there is a figure to look for, the same by both sets."""
    form = decided(ADDS_UP | {"s2/1/1": "999"}, BY_TABLE)
    found = [f for f in form.findings if f.rule == "published.s2.total"]
    assert [f.message_id for f in found] == ["finding.rule-not-equal-column", "finding.rule-contradicted-column"]
    own = next(f for f in form.findings if f.rule == "s2.total")
    assert (found[0].cause, found[0].places[0]) == (own.cause, own.places[0])


def test_the_tally_counts_every_control_once():
    """Holds, fails and undecided add up to the controls of the set; rules on absent lines are named."""
    form = decided(ADDS_UP | {"s2/1.3/1": "12.345"}, BY_TABLE)
    told = tallies(form)
    for rule_set, tally in told.items():
        assert tally.holds + tally.fails + tally.undecided == len(controls(layout(), rule_set))
        outcomes = [f.outcome for f in form.findings if f.set == rule_set]
        assert (tally.fails, tally.undecided) == tuple(map(outcomes.count, Outcome))
    assert told[RuleSet.PUBLISHED].absent == ("published.s2.part-1.14", "published.s3.part-1.14")
    assert not told[RuleSet.TABLE].absent
