"""Questions about the unit of a form or of a part of it, and which cells such a question speaks of."""

from __future__ import annotations

from review.answers import UNIT_QUESTION
from review.schema import Finding


def is_unit(finding: Finding) -> bool:
    """Whether it asks in which unit the form, or a part of it, is filled in."""
    return finding.key.startswith(UNIT_QUESTION)


def covers(finding: Finding, place: str) -> bool:
    """Whether a finding speaks of a cell: one that it names, or any of the form or section whose unit it asks about."""
    rule, _, first = finding.key.partition("@")
    if rule == UNIT_QUESTION:
        return True
    if rule == f"{UNIT_QUESTION}-section":
        return place.partition("/")[0] == first.partition("/")[0]
    return place in finding.places.split(";")
