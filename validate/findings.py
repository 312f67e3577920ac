"""Failed controls and a suspected unit as findings: places in order, the message with its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from layouts.model import Place, Relation
from validate.causes import Diagnosed
from validate.controls import Trial
from validate.ledger import Ledger
from validate.records import Cause, Finding, Outcome


def rule_finding(item: Diagnosed, ledger: Ledger) -> Finding:
    """A rule that does not hold, the culprit's place first, then the other cells that are filled in."""
    trial, control = item.trial, item.trial.control
    culprits = item.diagnosis.culprits
    rest = tuple(place for place in ledger.inked(control.places) if place not in culprits)
    parameters = {
        "at": control.at,
        "left": _plain(trial.left),
        "right": _plain(trial.right),
        "difference": _plain(trial.residual),
        "place": str(culprits[0]),
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
        return "undecided"
    if trial.control.rule.relation is not Relation.EQUAL:
        return "not-at-least"
    return "not-equal" if ledger.inked(trial.control.right) else "parts-missing"


def unit_finding(places: Sequence[Place], ledger: Ledger) -> tuple[Finding, ...]:
    """One finding for the whole form, the largest figure first; none where no place makes the unit suspicious."""
    if not places:
        return ()
    parameters = (("place", str(places[0])), ("value", _plain(ledger.amount(places[0]))))
    return (
        Finding(
            rule="check.unit",
            set="check",
            clause="",
            outcome=Outcome.UNDECIDED,
            places=tuple(places),
            left=None,
            right=None,
            cause=Cause.UNIT,
            message_id="finding.unit",
            parameters=parameters,
        ),
    )


def _plain(value: Decimal) -> str:
    """A number as the tables show it.

    >>> _plain(Decimal("100.0")), _plain(Decimal("1E+3")), _plain(Decimal("-0.50"))
    ('100', '1000', '-0.5')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
