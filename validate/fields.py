"""Whether a field outside the tables is read with certainty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from extract.records import FieldReading, Ink
from layouts.model import CHECK_DIGITS, FieldKind, Layout
from postprocess.identifiers import CHOSEN_BY_CHECK, faults, kind_of
from postprocess.records import FieldValue
from postprocess.regions import region_code
from validate.checks import FIELD_MISSING, REGION
from validate.reasons import INFORMATIONAL, LOW_CONFIDENCE
from validate.records import CheckedField, Status
from validate.settings import Settings

CONTRADICTS_REGION = "kato-contradicts-region"
AGREED = 2  # readers that must say the same
CLEARED_BY_CHECK = frozenset(
    {"ink-over-edge", "seal"}
)  # doubts about signs that agreeing readers and a check clear away


def judge_fields(fields: Iterable[FieldValue], layout: Layout, settings: Settings) -> tuple[CheckedField, ...]:
    """The verdict on each field's reading, country cells included."""
    checks = {field.id: field.check for field in layout.fields}
    kinds = {field.id: field.kind for field in layout.fields}
    values = tuple(fields)
    proposed = region_code(next((value.value for value in values if value.field == REGION), ""))
    judged = (
        _judge(value, kinds.get(value.field, FieldKind.TEXT), checks.get(value.field, ""), settings) for value in values
    )
    told = tuple(
        _witnessed(field, proposed) if checks.get(field.field.field) == "kato" and not field.field.line else field
        for field in judged
    )
    own = [field for field in told if checks.get(field.field.field) in CHECK_DIGITS and not field.field.line]
    known = any(_is_known(field, checks[field.field.field], settings) for field in own)
    return tuple(_left_out(field) if known and field in own else field for field in told)


def _is_known(field: CheckedField, check: str, settings: Settings) -> bool:
    """Whether a number is certain that passes its check and is of its kind."""
    value = field.field.value
    fits = bool(value) and not faults(value, check, settings.latest_year) and kind_of(value) in {"", check}
    return field.status is Status.ACCEPTED and fits


def _left_out(field: CheckedField) -> CheckedField:
    """A respondent has a BIN or an IIN: where one of them is certain, the other's place need not have been found."""
    if field.field.value or set(field.field.reasons) != {FIELD_MISSING}:
        return field
    return CheckedField(replace(field.field, reasons=()), Status.ACCEPTED, ())


def _witnessed(kato: CheckedField, proposed: str) -> CheckedField:
    """A KATO read from ink, doubted where the region that is named has other codes; a text layer is no doubtful ink."""
    value = kato.field.value
    if kato.field.reading.ink is Ink.DIGITAL or not value or not proposed or value.startswith(proposed):
        return kato
    reasons = tuple(dict.fromkeys((*kato.reasons, CONTRADICTS_REGION)))
    return CheckedField(kato.field, Status.REVIEW, reasons)


def _judge(value: FieldValue, kind: FieldKind, check: str, settings: Settings) -> CheckedField:
    cleared = CLEARED_BY_CHECK if check in CHECK_DIGITS and value.reading.witnesses >= AGREED else frozenset()
    against = [reason for reason in value.reasons if reason not in INFORMATIONAL | cleared]
    if not _sure(value, kind, check, settings):
        against.append(LOW_CONFIDENCE)
    reasons = tuple(dict.fromkeys((*value.reasons, *against)))
    return CheckedField(value, Status.REVIEW if against else Status.ACCEPTED, reasons)


def _sure(value: FieldValue, kind: FieldKind, check: str, settings: Settings) -> bool:
    """Whether the readers' word suffices: print of a text layer, two readers, or one and a check digit."""
    reading = value.reading
    seen = reading.alternatives or value.reasons or (isinstance(reading, FieldReading) and reading.empty)
    if kind is FieldKind.BOXES and not seen:
        return False  # its boxes were not seen: nobody knows that they are empty
    if reading.ink is Ink.DIGITAL or (reading.ink is Ink.NONE and not reading.alternatives):
        return value.confidence >= settings.field_confidence
    if kind in (FieldKind.OPTION, FieldKind.SIGNATURE):
        return value.confidence >= settings.mark_confidence
    if kind is FieldKind.TEXT:
        return value.confidence >= settings.field_confidence
    if reading.witnesses >= AGREED and CHOSEN_BY_CHECK not in value.reasons:
        return value.confidence >= settings.field_confidence
    return check in CHECK_DIGITS and value.confidence >= settings.certain_confidence
