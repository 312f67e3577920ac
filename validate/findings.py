"""Failed controls and a suspected unit as findings: places in order, the message with its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from layouts.model import Relation
from postprocess.marks import AMBIGUOUS_MARK
from validate.causes.diagnose import Diagnosed
from validate.controls import Trial
from validate.ledger import Ledger, plain
from validate.outside.unit import Extent, Suspicion
from validate.records import Cause, Finding, Outcome

THOUSANDTH = Decimal("0.001")

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
        return "finding.unit" if found.extent is Extent.FORM else f"finding.unit-{found.extent}-round"
    if found.factor > 1:
        return f"finding.unit-small-{found.extent}"
    if AMBIGUOUS_MARK in ledger.figures[found.places[0]].reasons:
        return "finding.unit-marks"
    return f"finding.unit-{found.extent}"


def _about(amount: Decimal | None) -> str:
    if amount is None:
        return ""
    return plain(amount if amount >= 1 else amount.quantize(THOUSANDTH))
