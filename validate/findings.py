"""Failed controls and a suspected unit as findings: places in order, the message with its parameters."""

from __future__ import annotations

from decimal import Decimal

from layouts.model import Relation
from postprocess.marks import AMBIGUOUS_MARK
from validate.causes import Diagnosed
from validate.controls import Trial
from validate.ledger import Ledger
from validate.records import Cause, Finding, Outcome
from validate.unit import Extent, Suspicion

THOUSANDTH = Decimal("0.001")


def rule_finding(item: Diagnosed, ledger: Ledger) -> Finding:
    """A rule that does not hold, the culprit's place first, then the other cells that are filled in."""
    trial, control = item.trial, item.trial.control
    culprits = item.diagnosis.culprits
    rest = tuple(place for place in ledger.inked(control.places) if place not in culprits)
    parameters = {
        "at": control.at,
        "left": plain(trial.left),
        "right": plain(trial.right),
        "difference": plain(trial.residual),
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


def unit_finding(found: Suspicion, ledger: Ledger) -> Finding:
    """A part of the form, or all of it, that may be in another unit; the sides are what stands there and would fit."""
    shown = ledger.amount(found.places[0])
    told = {"place": str(found.places[0]), "value": plain(shown), "section": found.at.partition("/")[0]}
    told |= {"at": found.at.partition("/")[2], "expected": _about(found.expected)}
    told |= {"cells": str(len(found.places))}
    form = found.extent is Extent.FORM
    return Finding(
        rule="check.unit" if form else f"check.unit-{found.extent}",
        set="check",
        clause="",
        outcome=Outcome.UNDECIDED,
        places=found.places,
        left=shown,
        right=found.expected,
        cause=Cause.UNIT,
        message_id=_unit_sentence(found, ledger),
        parameters=tuple((name, value) for name, value in told.items() if value),
    )


def _unit_sentence(found: Suspicion, ledger: Ledger) -> str:
    """Which sentence says it: where a mark may part thousands or decimals, the mark is the likelier mistake."""
    if found.expected is None:
        return "finding.unit"
    if found.factor > 1:
        return f"finding.unit-small-{found.extent}"
    if AMBIGUOUS_MARK in ledger.figures[found.places[0]].reasons:
        return "finding.unit-marks"
    return f"finding.unit-{found.extent}"


def _about(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    return plain(amount if amount >= 1 else amount.quantize(THOUSANDTH))


def plain(value: Decimal) -> str:
    """A number as the tables show it.

    >>> plain(Decimal("100.0")), plain(Decimal("1E+3")), plain(Decimal("-0.50"))
    ('100', '1000', '-0.5')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
