"""What size, sums and knowledge from elsewhere say of a form's figures and fields, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from layouts.model import Control, Layout, Place
from postprocess.records import FormFigures
from postprocess.units import in_thousands
from validate.causes.diagnose import Diagnosed
from validate.findings import unit_finding
from validate.ledger import Ledger
from validate.outside.classifier import check_classified
from validate.outside.growth import year_on_year
from validate.outside.knowledge import Knowledge, last_year
from validate.outside.register import check_respondent
from validate.outside.shift import Years
from validate.outside.unit import Extent, Suspicion, suspected_units
from validate.reasons import UNIT_PART, UNIT_SUSPECTED
from validate.records import Cause, CheckedField, Finding
from validate.settings import Settings


@dataclass(frozen=True, slots=True)
class Outside:
    """Findings about the figures' unit and their change since last year."""

    units: tuple[Suspicion, ...]
    findings: tuple[Finding, ...]

    def doubts(self, place: Place) -> str:
        """Why a figure of a form or section waits whose unit is suspected, as no sum could tell; "" of others."""
        extents = {unit.extent for unit in self.units if unit.extent is Extent.FORM or unit.at == str(place.section)}
        if Extent.FORM in extents:
            return UNIT_SUSPECTED
        return UNIT_PART if Extent.SECTION in extents else ""


def look_outside(
    form: FormFigures,
    ledger: Ledger,
    table: Sequence[Control],
    failed: Sequence[Diagnosed],
    knowledge: Knowledge,
    settings: Settings,
) -> Outside:
    """What may be in another unit, and what else changed so much since last year that a person is asked."""
    last = last_year(form, knowledge)
    slips = {place for d in failed if d.diagnosis.cause is Cause.UNIT for place in d.diagnosis.culprits[:1]}
    units: tuple[Suspicion, ...] = ()
    if in_thousands(form.reading.layout.unit):
        unsound = slips.union(*(d.trial.doubtful for d in failed if d.trial.residual))
        units = suspected_units(Years(ledger, last, settings), table, unsound)
    explained = slips.union(*(unit.places for unit in units))
    grown = year_on_year(ledger, last, explained, settings)
    return Outside(units, (*(unit_finding(unit, ledger) for unit in units), *grown))


def check_fields(layout: Layout, fields: Sequence[CheckedField], knowledge: Knowledge) -> Iterator[Finding]:
    """The respondent and the place against the lists a user gave."""
    if knowledge.register is not None:
        yield from check_respondent(layout, fields, knowledge.register)
    if knowledge.classifier is not None:
        yield from check_classified(layout, fields, knowledge.classifier)


def unit_reason(finding: Finding) -> str:
    """Why a form with such a finding of another unit waits."""
    return UNIT_SUSPECTED if finding.rule == "check.unit" else UNIT_PART
