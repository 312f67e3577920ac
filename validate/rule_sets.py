"""Two sets of rules on one form: one decides, the other informs, and how each comes out.

`table` follows from the form's own structure, `published` is the order's text to the letter. Which of them decides is a
setting; it changes what a form's status and questions follow from, never a reading or a cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from layouts.model import Control, Each, Place, Relation, RuleSet
from layouts.rules import controls, not_applicable
from validate.causes.diagnose import Diagnosed, Diagnosis
from validate.controls import Trial, try_controls
from validate.findings import rule_finding
from validate.ledger import Ledger
from validate.records import Cause, CheckedCell, CheckedForm, Finding, Outcome
from validate.settings import Settings

Sides = tuple[tuple[Place, ...], tuple[Place, ...]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the controls of one set come out on one form: each rule counts once on every line or column it holds on."""

    holds: int
    fails: int
    undecided: int
    absent: tuple[str, ...] = ()  # rules that name lines or columns the form does not have, and cannot be tried


def tallies(form: CheckedForm) -> Mapping[RuleSet, Tally]:
    """Both sets side by side."""
    return {rule_set: _tally(form, rule_set) for rule_set in RuleSet}


def weighed(findings: Iterable[Finding], deciding: RuleSet) -> tuple[Finding, ...]:
    """The findings, those of the set that does not decide as mere information."""
    others = {str(rule_set) for rule_set in RuleSet if rule_set is not deciding}
    return tuple(replace(f, informational=True) if f.set in others else f for f in findings)


def published_findings(
    rules: Sequence[Control],
    failed: Sequence[Diagnosed],
    ledger: Ledger,
    cells: Mapping[Place, CheckedCell],
    settings: Settings,
) -> list[Finding]:
    """The published rules that do not hold.

    Where a rule of the table compares the same cells, or is the table's own total of the same cell, it lends its cause;
    where that total holds, the finding says which terms the two differ by: then no figure is wrong, the rules
    contradict each other.
    """
    known: dict[Sides, Diagnosis] = {_sides(d.trial.control): d.diagnosis for d in failed}
    found = []
    for trial in try_controls(rules, ledger, cells, settings):
        own = _own_total(trial.control, ledger)
        if own is not None and trial.outcome is Outcome.FAILS and ledger.holds(own):
            found.append(_contradicted(trial, own, ledger))
        else:
            twin = known.get(_sides(own or trial.control))
            found.append(rule_finding(Diagnosed(trial, twin or Diagnosis(Cause.UNKNOWN, trial.control.left)), ledger))
    return found


def _tally(form: CheckedForm, rule_set: RuleSet) -> Tally:
    layout = form.form.reading.layout
    told = Counter(finding.outcome for finding in form.findings if finding.set == rule_set)
    fails, undecided = told[Outcome.FAILS], told[Outcome.UNDECIDED]
    absent = tuple(each.rule.id for each in not_applicable(layout) if each.rule.set is rule_set)
    return Tally(len(controls(layout, rule_set)) - fails - undecided, fails, undecided, absent)


def _sides(control: Control) -> Sides:
    return control.left, control.right


def _own_total(published: Control, ledger: Ledger) -> Control | None:
    """The table's total of the same cells, if it has other terms."""
    if published.rule.relation is not Relation.EQUAL:
        return None
    through = ledger.equalities.get(published.left[0], ())
    alike = (c for c in through if c.left == published.left and c.rule.each is published.rule.each)
    return next((c for c in alike if set(c.right) != set(published.right)), None)


def _contradicted(trial: Trial, own: Control, ledger: Ledger) -> Finding:
    """A published total that fails by the terms it leaves out or adds, while the table's total holds: no figure is to
    blame, and so the finding has no cause.
    """
    published = trial.control
    left_out = tuple(place for place in own.right if place not in published.right)
    added = tuple(place for place in published.right if place not in own.right)
    finding = rule_finding(Diagnosed(trial, Diagnosis(Cause.UNKNOWN, ledger.inked(left_out + added))), ledger)
    parameters = {
        **dict(finding.parameters),
        "names": ", ".join(_term(place, published) for place in left_out + added),
        "own": own.rule.id,
    }
    message = f"finding.rule-contradicted-{published.rule.each}"
    return replace(finding, cause=None, message_id=message, parameters=tuple(parameters.items()))


def _term(place: Place, control: Control) -> str:
    return place.column if control.rule.each is Each.LINE else place.line
