"""Questions about the unit of a form or of a part of it, and which cells such a question speaks of."""

from __future__ import annotations

from typing import Protocol

from review.answers import UNIT_QUESTION


class Keyed(Protocol):
    """A finding, as the store or a table holds it."""

    @property
    def key(self) -> str:
        """The rule and the first place."""

    @property
    def places(self) -> str:
        """All the cells it names, joined by ";"."""


def is_unit(finding: Keyed) -> bool:
    """Whether it asks in which unit the form, or a part of it, is filled in."""
    return finding.key.startswith(UNIT_QUESTION)


def covers(finding: Keyed, place: str) -> bool:
    """Whether a finding speaks of a cell: one that it names, or any of the form or section whose unit it asks about."""
    rule, _, first = finding.key.partition("@")
    if rule == UNIT_QUESTION:
        return True
    if rule == f"{UNIT_QUESTION}-section":
        return place.partition("/")[0] == first.partition("/")[0]
    return place in finding.places.split(";")


def speaks_of(finding: Keyed, place: str, *, figure: bool) -> bool:
    """Whether a finding is about a place: it names it, or asks for the unit of a part that a figure belongs to."""
    return place in finding.places.split(";") or (figure and is_unit(finding) and covers(finding, place))
