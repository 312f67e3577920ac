"""From figures to a decided form: what is certain, what a person must see, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.records import Ink
from layouts.model import Control, Layout, Place, Relation, RuleSet
from layouts.rules import controls
from postprocess.records import FormFigures
from validate.causes import Case, Diagnosis, diagnose
from validate.cells import certain, judge_cells, with_reason
from validate.checks import IDENTIFIERS, check_form
from validate.controls import Trial, try_controls
from validate.fields import judge_fields
from validate.ledger import Ledger, open_ledger
from validate.meanings import settle_meanings
from validate.reasons import CONTROL_FAILS, INFORMATIONAL, UNIT_SUSPECTED
from validate.records import Cause, CheckedCell, CheckedField, CheckedForm, Finding, Outcome, Status
from validate.settings import Settings
from validate.unit import suspected_unit

CELLS_DOUBTFUL = "cells-doubtful"
CHECK_FAILS = "check-fails"
IDENTIFIER_DOUBTFUL = "identifier-doubtful"
RULE_FAILS = "rule-fails"
RULE_UNDECIDED = "rule-undecided"
YEAR_DOUBTFUL = "year-doubtful"


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A control that does not hold, with its likely cause."""

    trial: Trial
    diagnosis: Diagnosis


def decide(form: FormFigures, settings: Settings) -> CheckedForm:
    """Judge the readings, try the rules, name the causes, and say whether a person must look.

    No figure is changed, but that a text with two meanings takes the one the sums allow. The rules of the form's own
    table decide; the published ones are reported beside them.
    """
    layout = form.reading.layout
    table = controls(layout, RuleSet.TABLE)
    figures = settle_meanings(form.figures, table)
    ledger = open_ledger(figures, table)
    cells = judge_cells(figures, ledger, settings)
    failed = _diagnosed(table, ledger, cells, settings)
    unit = suspected_unit(figures, _slips(failed), settings)
    published = _published(controls(layout, RuleSet.PUBLISHED), failed, ledger, cells, settings)
    cells = _unsettled(cells, failed, ledger, settings)
    fields = judge_fields(form.fields, layout, settings)
    found = (*_unit_finding(unit, ledger), *map(_rule_finding, failed), *published)
    findings = (*found, *check_form(layout, cells, fields, settings))
    if unit:
        cells = tuple(with_reason(cell, UNIT_SUSPECTED) for cell in cells)
    reasons = _reasons(form, layout, cells, fields, findings)
    status = Status.REVIEW if set(reasons) - INFORMATIONAL else Status.ACCEPTED
    return CheckedForm(replace(form, figures=figures), cells, fields, findings, status, reasons)


def _diagnosed(
    table: Sequence[Control], ledger: Ledger, cells: Sequence[CheckedCell], settings: Settings
) -> tuple[Diagnosed, ...]:
    """The table's rules that do not hold, each with its cause."""
    trials = try_controls(table, ledger, _by_place(cells), settings)
    inequalities = tuple(control for control in table if control.rule.relation is Relation.AT_LEAST)
    case = Case(ledger, trials, inequalities, settings)
    return tuple(Diagnosed(trial, diagnose(trial, case)) for trial in trials)


def _published(
    rules: Sequence[Control],
    failed: Sequence[Diagnosed],
    ledger: Ledger,
    cells: Sequence[CheckedCell],
    settings: Settings,
) -> list[Finding]:
    """The published rules that do not hold; where a table rule compares the same cells, with its cause."""
    known = {(d.trial.control.left, d.trial.control.right): d.diagnosis for d in failed}
    found = []
    for trial in try_controls(rules, ledger, _by_place(cells), settings):
        sides = (trial.control.left, trial.control.right)
        diagnosis = known.get(sides, Diagnosis(Cause.UNKNOWN, trial.control.left))
        found.append(_rule_finding(Diagnosed(trial, diagnosis)))
    return found


def _by_place(cells: Sequence[CheckedCell]) -> dict[Place, CheckedCell]:
    return {cell.figure.reading.place: cell for cell in cells}


def _slips(failed: Sequence[Diagnosed]) -> set[Place]:
    """Cells that the sums say are in another unit than their neighbours."""
    return {place for d in failed if d.diagnosis.cause is Cause.UNIT for place in d.diagnosis.culprits[:1]}


def _unsettled(
    cells: Sequence[CheckedCell], failed: Sequence[Diagnosed], ledger: Ledger, settings: Settings
) -> tuple[CheckedCell, ...]:
    """Cells of a failed rule go to review until the cause is known, unless all its readings are certain.

    Cells that another sum vouches for stay as they are.
    """
    at = _by_place(cells)
    shaken: set[Place] = set()
    for item in failed:
        places, culprits = item.trial.control.places, item.diagnosis.culprits
        if all(certain(at[place], settings) for place in places) and not _scanned_blank(at, culprits):
            continue
        shaken |= {p for p in places if not _vouched(p, item.trial.control, ledger)} & set(ledger.inked(places))
        shaken |= {p for p in culprits if not _digital(at[p])}
    return tuple(with_reason(c, CONTROL_FAILS) if c.figure.reading.place in shaken else c for c in cells)


def _digital(cell: CheckedCell) -> bool:
    return cell.figure.reading.unit == "pt"


def _scanned_blank(at: dict[Place, CheckedCell], culprits: Sequence[Place]) -> bool:
    """Whether the likely culprit is a blank cell of a scan, where faint ink may have been overlooked."""
    return any(at[p].figure.reading.ink is Ink.NONE and not _digital(at[p]) for p in culprits)


def _vouched(place: Place, failed: Control, ledger: Ledger) -> bool:
    """Whether another equality through the cell holds."""
    others = [control for control in ledger.equalities.get(place, ()) if control != failed]
    return any(ledger.holds(control) and not ledger.missing(control) for control in others)


def _rule_finding(item: Diagnosed) -> Finding:
    """A rule that does not hold, the culprit's place first, then all the other cells filled in."""
    trial, control = item.trial, item.trial.control
    culprits = item.diagnosis.culprits
    rest = tuple(place for place in control.places if place not in culprits)
    equal = control.rule.relation is Relation.EQUAL
    told = "undecided" if trial.outcome is Outcome.UNDECIDED else "not-equal" if equal else "not-at-least"
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
        message_id=f"finding.rule-{told}",
        parameters=tuple(parameters.items()),
    )


def _unit_finding(places: tuple[Place, ...], ledger: Ledger) -> tuple[Finding, ...]:
    """One finding for the whole form, the largest figure first."""
    if not places:
        return ()
    largest = ledger.amount(places[0])
    return (
        Finding(
            rule="check.unit",
            set="check",
            clause="",
            outcome=Outcome.UNDECIDED,
            places=places,
            left=None,
            right=None,
            cause=Cause.UNIT,
            message_id="finding.unit",
            parameters=(("place", str(places[0])), ("value", _plain(largest))),
        ),
    )


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _reasons(
    form: FormFigures,
    layout: Layout,
    cells: Sequence[CheckedCell],
    fields: Sequence[CheckedField],
    findings: Sequence[Finding],
) -> tuple[str, ...]:
    """Why a person must see the form, and what was seen on the way."""
    reasons = [doubt.code for doubt in form.reading.doubts]
    reasons += [UNIT_SUSPECTED] if any(f.message_id == "finding.unit" for f in findings) else []
    reasons += [CELLS_DOUBTFUL] if any(cell.status is Status.REVIEW for cell in cells) else []
    reasons += [IDENTIFIER_DOUBTFUL] if _any_review(layout, fields, IDENTIFIERS) else []
    reasons += [YEAR_DOUBTFUL] if _any_review(layout, fields, ("year",)) else []
    table = {finding.outcome for finding in findings if finding.set == RuleSet.TABLE}
    reasons += [RULE_FAILS] if Outcome.FAILS in table else []
    reasons += [RULE_UNDECIDED] if Outcome.UNDECIDED in table else []
    reasons += [f.rule.removeprefix("check.") for f in findings if f.set == "check" and not f.informational]
    return tuple(dict.fromkeys(reasons))


def _any_review(layout: Layout, fields: Sequence[CheckedField], checks: Sequence[str]) -> bool:
    """Whether a field with one of these checks is in review."""
    ids = {field.id for field in layout.fields if field.check in checks}
    return any(field.field.field in ids and field.status is Status.REVIEW for field in fields)
