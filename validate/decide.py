"""From figures to a decided form: what is certain, what a person must see, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layouts.model import Control, Layout, Place, RuleSet
from layouts.rules import controls
from postprocess.records import FormFigures
from postprocess.units import in_thousands
from validate.causes import Case, Diagnosed, Diagnosis, explained
from validate.cells import believed, judge_cells, misreadable, with_reason
from validate.checks import IDENTIFIERS, check_doubts, check_form
from validate.controls import try_controls
from validate.fields import judge_fields
from validate.findings import rule_finding, unit_finding
from validate.ledger import Ledger, open_ledger
from validate.meanings import settle_meanings
from validate.reasons import INFORMATIONAL, UNIT_SUSPECTED
from validate.records import Cause, CheckedCell, CheckedField, CheckedForm, Finding, Outcome, Status
from validate.settings import Settings
from validate.settle import unsettle
from validate.trust import Trust
from validate.unit import suspected_section, suspected_unit

CELLS_DOUBTFUL = "cells-doubtful"
IDENTIFIER_DOUBTFUL = "identifier-doubtful"
RULE_FAILS = "rule-fails"
RULE_UNDECIDED = "rule-undecided"
YEAR_DOUBTFUL = "year-doubtful"


def decide(form: FormFigures, settings: Settings, trust: Trust) -> CheckedForm:
    """Judge the readings, try the rules, name the causes, and say whether a person must look.

    No figure is changed, but that a text with two meanings takes the one the sums allow. The rules of the form's own
    table decide; the published ones are reported beside them.
    """
    layout = form.reading.layout
    table = controls(layout, RuleSet.TABLE)
    figures = believed(settle_meanings(form.figures, table), trust)
    ledger = open_ledger(figures, table)
    cells = judge_cells(figures, ledger, settings, trust)
    failed = _diagnosed(table, ledger, cells, settings)
    unit = suspected_unit(figures, _unsound(failed), settings) if in_thousands(layout.unit) else ()
    section = suspected_section(figures, settings) if in_thousands(layout.unit) and not unit else ()
    published = _published(controls(layout, RuleSet.PUBLISHED), failed, ledger, cells, settings)
    cells = unsettle(cells, failed, ledger, settings)
    fields = judge_fields(form.fields, layout, settings)
    suspected = (*unit_finding(unit, ledger), *unit_finding(section, ledger, section=True))
    found = (*suspected, *(rule_finding(item, ledger) for item in failed), *published)
    findings = (*found, *check_form(layout, cells, fields, settings), *check_doubts(form.reading.doubts))
    if suspected:
        cells = tuple(with_reason(c, UNIT_SUSPECTED) if unit or _in_section(c, section) else c for c in cells)
    reasons = _reasons(form, layout, cells, fields, findings)
    status = Status.REVIEW if set(reasons) - INFORMATIONAL else Status.ACCEPTED
    return CheckedForm(replace(form, figures=figures), cells, fields, findings, status, reasons)


def _diagnosed(
    table: Sequence[Control], ledger: Ledger, cells: Sequence[CheckedCell], settings: Settings
) -> tuple[Diagnosed, ...]:
    """The table's rules that do not hold, each with its cause."""
    trials = try_controls(table, ledger, _by_place(cells), settings)
    doubtful = frozenset(cell.figure.reading.place for cell in cells if misreadable(cell))
    return explained(trials, Case(ledger, tuple(table), doubtful, settings))


def _published(
    rules: Sequence[Control],
    failed: Sequence[Diagnosed],
    ledger: Ledger,
    cells: Sequence[CheckedCell],
    settings: Settings,
) -> list[Finding]:
    """The published rules that do not hold; where a table rule for the same sum fails by as much, with its cause."""
    known = {(d.trial.control.rule.each, d.trial.control.left, d.trial.residual): d.diagnosis for d in failed}
    found = []
    for trial in try_controls(rules, ledger, _by_place(cells), settings):
        same = (trial.control.rule.each, trial.control.left, trial.residual)
        diagnosis = known.get(same, Diagnosis(Cause.UNKNOWN, trial.control.left))
        found.append(rule_finding(Diagnosed(trial, diagnosis), ledger))
    return found


def _by_place(cells: Sequence[CheckedCell]) -> dict[Place, CheckedCell]:
    return {cell.figure.reading.place: cell for cell in cells}


def _unsound(failed: Sequence[Diagnosed]) -> set[Place]:
    """Cells that the sums say are in another unit than their neighbours, and doubtful ones that no sum agrees with."""
    slips = {place for d in failed if d.diagnosis.cause is Cause.UNIT for place in d.diagnosis.culprits[:1]}
    return slips.union(*(d.trial.doubtful for d in failed if d.trial.residual))


def _in_section(cell: CheckedCell, places: Sequence[Place]) -> bool:
    return cell.figure.reading.place.section == places[0].section


def _reasons(
    form: FormFigures,
    layout: Layout,
    cells: Sequence[CheckedCell],
    fields: Sequence[CheckedField],
    findings: Sequence[Finding],
) -> tuple[str, ...]:
    """Why a person must see the form, and what was seen on the way."""
    reasons = [doubt.code for doubt in form.reading.doubts]
    reasons += [UNIT_SUSPECTED] if any(f.message_id.startswith("finding.unit") for f in findings) else []
    reasons += [CELLS_DOUBTFUL] if any(cell.status is Status.REVIEW for cell in cells) else []
    reasons += [IDENTIFIER_DOUBTFUL] if _any_review(layout, fields, IDENTIFIERS) else []
    reasons += [YEAR_DOUBTFUL] if _any_review(layout, fields, ("year",)) else []
    table = {finding.outcome for finding in findings if finding.set == RuleSet.TABLE}
    reasons += [RULE_FAILS] if Outcome.FAILS in table else []
    reasons += [RULE_UNDECIDED] if Outcome.UNDECIDED in table else []
    checks = [f for f in findings if f.set == "check" and not f.informational and f.cause is not Cause.UNIT]
    reasons += [finding.rule.removeprefix("check.") for finding in checks]
    return tuple(dict.fromkeys(reasons))


def _any_review(layout: Layout, fields: Sequence[CheckedField], checks: Sequence[str]) -> bool:
    """Whether a field with one of these checks is in review."""
    ids = {field.id for field in layout.fields if field.check in checks}
    return any(field.field.field in ids and field.status is Status.REVIEW for field in fields)
