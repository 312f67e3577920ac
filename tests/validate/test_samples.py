"""Decisions about the sample forms, read as if without a fault."""

from __future__ import annotations

import pytest

from layouts.model import RuleSet
from layouts.words import LANGUAGES, say
from tests.factories import TRUST, form_of, place, truths
from validate.decide import decide
from validate.records import Status
from validate.settings import Settings

pytestmark = pytest.mark.samples
SETTINGS = Settings(latest_year=2027)


def test_every_mistake_of_a_respondent_is_a_finding_that_names_it():
    """Culprit first; the figures stay as written and accepted, the form waits for a person."""
    for truth in truths():
        form = decide(form_of(truth), SETTINGS, TRUST)
        for error in truth["errors"]:
            if error["section"] == 0:
                continue
            at = place(f"s{error['section']}/{error['line']}/{error['column']}")
            named = [f for f in form.findings if f.set == "table" and f.places[0] == at]
            assert named, (truth["id"], error)
            assert form.status is Status.REVIEW
            assert all(cell.status is Status.ACCEPTED for cell in form.cells)


def test_a_form_without_mistakes_fails_no_rule_and_is_accepted():
    """But for the empty one, which is asked about."""
    for truth in truths():
        form = decide(form_of(truth), SETTINGS, TRUST)
        if truth["errors"]:
            continue
        assert not [f for f in form.findings if f.set == "table"], truth["id"]
        assert form.status is (Status.REVIEW if truth["kind"] == "empty" else Status.ACCEPTED), truth["id"]


def test_every_finding_can_be_said_in_every_language():
    """With all its parameters filled in."""
    for truth in truths():
        for finding in decide(form_of(truth), SETTINGS, TRUST).findings:
            for language in LANGUAGES:
                assert "{" not in say(finding.message_id, dict(finding.parameters), language)


def test_the_set_of_rules_that_decides_changes_no_cell_of_any_form():
    """Values, statuses and reasons are the same; forms that fill lines the published total leaves out change status."""
    by_letter = Settings(latest_year=2027, rules=RuleSet.PUBLISHED)
    changed = 0
    for truth in truths():
        one, other = (decide(form_of(truth), settings, TRUST) for settings in (SETTINGS, by_letter))
        assert one.cells == other.cells
        assert one.fields == other.fields
        changed += one.status is not other.status
    assert changed
