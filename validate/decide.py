"""From figures to a decided form: what is certain, what a person must see, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layouts.model import Control, Layout, Place, RuleSet
from layouts.rules import controls
from postprocess.records import FormFigures
from validate.causes.diagnose import Case, Diagnosed, explained
from validate.cells import believed, judge_cells, misreadable, settled, with_reason
from validate.checks import IDENTIFIERS, check_doubts, check_form
from validate.controls import try_controls
from validate.fields import judge_fields
from validate.findings import rule_finding
from validate.joint.choose import choose
from validate.ledger import Ledger, open_ledger
from validate.meanings import settle_meanings
from validate.outside.knowledge import NO_KNOWLEDGE, Knowledge
from validate.outside.look import check_fields, look_outside, unit_reason
from validate.reasons import CONTROLS_UNDECIDED, INFORMATIONAL
from validate.records import Cause, CheckedCell, CheckedField, CheckedForm, Finding, Outcome, Status
from validate.rule_sets import published_findings, weighed
from validate.settings import Settings
from validate.settle import unsettle
from validate.trust import Trust

CELLS_DOUBTFUL = "cells-doubtful"
IDENTIFIER_DOUBTFUL = "identifier-doubtful"
RULE_FAILS = "rule-fails"
RULE_UNDECIDED = "rule-undecided"
PUBLISHED_FAILS = "published-rule-fails"
PUBLISHED_UNDECIDED = "published-rule-undecided"
YEAR_DOUBTFUL = "year-doubtful"

RULE_REASONS = {  # by the set that decides
    RuleSet.TABLE: (RULE_FAILS, RULE_UNDECIDED),
    RuleSet.PUBLISHED: (PUBLISHED_FAILS, PUBLISHED_UNDECIDED),
}


def decide(form: FormFigures, settings: Settings, trust: Trust, knowledge: Knowledge = NO_KNOWLEDGE) -> CheckedForm:
    """Decide the readings together, judge them, try the rules, name the causes, and say whether a person must look.

    A cell takes another of its readings, or another meaning of its text, where the sums leave no doubt of it; nothing
    is ever taken that was not read. The rules of the form's own table decide unless the settings say otherwise; the
    other set is reported beside them. Cells follow from the table alone.
    """
    layout = form.reading.layout
    table = controls(layout, RuleSet.TABLE)
    figures = believed(settle_meanings(form.figures, table), trust)
    decision = choose(figures, table, settings)
    figures = settled(figures, decision, trust)
    ledger = open_ledger(figures, table)
    cells = judge_cells(figures, decision, settings, trust)
    failed = _diagnosed(table, ledger, cells, settings)
    outside = look_outside(replace(form, figures=figures), ledger, table, failed, knowledge, settings)
    published = published_findings(controls(layout, RuleSet.PUBLISHED), failed, ledger, _by_place(cells), settings)
    cells = unsettle(cells, failed, ledger, settings)
    fields = judge_fields(form.fields, layout, settings)
    found = (*outside.findings, *(rule_finding(item, ledger) for item in failed), *published)
    told = (*check_form(layout, cells, fields, settings), *check_fields(layout, fields, knowledge))
    findings = (*weighed(found, settings.rules), *told, *check_doubts(form.reading.doubts))
    cells = tuple(with_reason(c, why) if (why := outside.doubts(c.figure.reading.place)) else c for c in cells)
    reasons = _reasons(form, layout, cells, fields, findings, settings.rules)
    reasons += () if decision.whole else (CONTROLS_UNDECIDED,)
    status = Status.REVIEW if set(reasons) - INFORMATIONAL else Status.ACCEPTED
    return CheckedForm(replace(form, figures=figures), cells, fields, findings, status, reasons)


def _diagnosed(
    table: Sequence[Control], ledger: Ledger, cells: Sequence[CheckedCell], settings: Settings
) -> tuple[Diagnosed, ...]:
    """The table's rules that do not hold, each with its cause."""
    trials = try_controls(table, ledger, _by_place(cells), settings)
    doubtful = frozenset(cell.figure.reading.place for cell in cells if misreadable(cell))
    return explained(trials, Case(ledger, tuple(table), doubtful, settings))


def _by_place(cells: Sequence[CheckedCell]) -> dict[Place, CheckedCell]:
    return {cell.figure.reading.place: cell for cell in cells}


def _reasons(
    form: FormFigures,
    layout: Layout,
    cells: Sequence[CheckedCell],
    fields: Sequence[CheckedField],
    findings: Sequence[Finding],
    deciding: RuleSet,
) -> tuple[str, ...]:
    """Why a person must see the form, and what was seen on the way."""
    reasons = [doubt.code for doubt in form.reading.doubts]
    reasons += [unit_reason(f) for f in findings if f.set == "check" and f.cause is Cause.UNIT]
    reasons += [CELLS_DOUBTFUL] if any(cell.status is Status.REVIEW for cell in cells) else []
    reasons += [IDENTIFIER_DOUBTFUL] if _any_review(layout, fields, IDENTIFIERS) else []
    reasons += [YEAR_DOUBTFUL] if _any_review(layout, fields, ("year",)) else []
    outcomes = {finding.outcome for finding in findings if finding.set == deciding}
    fails, undecided = RULE_REASONS[deciding]
    reasons += [fails] if Outcome.FAILS in outcomes else []
    reasons += [undecided] if Outcome.UNDECIDED in outcomes else []
    checks = [f for f in findings if f.set == "check" and not f.informational and f.cause is not Cause.UNIT]
    reasons += [finding.rule.removeprefix("check.") for finding in checks]
    return tuple(dict.fromkeys(reasons))


def _any_review(layout: Layout, fields: Sequence[CheckedField], checks: Sequence[str]) -> bool:
    """Whether a field with one of these checks is in review."""
    ids = {field.id for field in layout.fields if field.check in checks}
    return any(field.field.field in ids and field.status is Status.REVIEW for field in fields)
