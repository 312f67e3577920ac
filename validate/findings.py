"""Failed controls and a suspected unit as findings: places in order, the message with its parameters."""

from __future__ import annotations

from collections.abc import Sequence

from layouts.model import Place, Relation
from validate.causes import Diagnosed
from validate.controls import Trial
from validate.ledger import Ledger, plain
from validate.records import Cause, Finding, Outcome

MOST_TERMS = 6  # that a sentence spells out


def rule_finding(item: Diagnosed, ledger: Ledger) -> Finding:
    """A rule that does not hold, the culprit's place first, then the other cells that are filled in."""
    trial, control = item.trial, item.trial.control
    culprits = item.diagnosis.culprits
    rest = tuple(place for place in ledger.inked(control.places) if place not in culprits)
    parameters = {
        "section": str(control.rule.section),
        "at": control.at,
        "total": _terms(control.rule.left),
        "terms": _terms(control.rule.right),
        "left": plain(trial.left),
        "right": plain(trial.right),
        "difference": plain(trial.residual),
        "place": str(culprits[0]),
        "why": item.diagnosis.why,
        **dict(item.diagnosis.told),
    }
    return Finding(
        rule=control.rule.id,
        set=str(control.rule.set),
        clause=control.rule.clause,
        outcome=trial.outcome,
        places=culprits + rest,
        left=trial.left,
        right=trial.right,
        cause=item.diagnosis.cause,
        message_id=f"finding.rule-{_told(trial, ledger)}-{control.rule.each}",
        parameters=tuple(parameters.items()),
    )


def _told(trial: Trial, ledger: Ledger) -> str:
    """Which sentence says what is wrong."""
    if trial.outcome is Outcome.UNDECIDED:
        return "undecided" if ledger.holds(trial.control) or ledger.missing(trial.control) else "open"
    if trial.control.rule.relation is not Relation.EQUAL:
        return "not-at-least"
    return "not-equal" if ledger.inked(trial.control.right) else "parts-missing"


def _terms(names: Sequence[str]) -> str:
    """The lines or columns of a side; of a long side its ends.

    >>> _terms(("2", "3", "5", "6")), _terms(("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"))
    ('2+3+5+6', '1.1+1.2+…+1.7')
    """
    return "+".join(names if len(names) <= MOST_TERMS else (*names[:2], "…", names[-1]))


def unit_finding(places: Sequence[Place], ledger: Ledger, *, section: bool = False) -> tuple[Finding, ...]:
    """One finding for the whole form, or one section, the largest figure first; none where no place is suspicious."""
    if not places:
        return ()
    rule = "unit-section" if section else "unit"
    value = plain(ledger.amount(places[0]))
    parameters = (("place", str(places[0])), ("value", value), ("section", str(places[0].section)))
    return (
        Finding(
            rule=f"check.{rule}",
            set="check",
            clause="",
            outcome=Outcome.UNDECIDED,
            places=tuple(places),
            left=None,
            right=None,
            cause=Cause.UNIT,
            message_id=f"finding.{rule}",
            parameters=parameters,
        ),
    )
