"""What is checked beside the rules: identifiers, year, place, pages, crossed cells, options, percentages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from extract.records import Doubt
from layouts.model import Each, FieldKind, Layout, Place, Relation, RuleSet
from layouts.rules import controls
from postprocess.identifiers import faults, kind_of
from postprocess.normalise import PAGE_MISSING
from postprocess.regions import region_code
from validate.ledger import open_ledger
from validate.reasons import INFORMATIONAL, LOW_CONFIDENCE
from validate.records import Cause, CheckedCell, CheckedField, Finding, Outcome, Status
from validate.settings import Settings

CHECK = "check"
REGION = "region"  # id of the field that names the place where services are rendered
IDENTIFIERS = ("bin", "iin")
FIELD_MISSING = "field-missing"  # extraction's word for a field whose place was not found
PAGES_LEFT_OUT = "pages-left-out"


def check_form(
    layout: Layout, cells: tuple[CheckedCell, ...], fields: tuple[CheckedField, ...], settings: Settings
) -> tuple[Finding, ...]:
    """Everything about a form that no rule of the layout speaks of."""
    plain = tuple(field for field in fields if not field.field.line)
    return (
        *check_pages(cells),
        *check_identifiers(layout, plain, settings),
        *check_year(layout, plain, settings),
        *check_place(layout, plain),
        *check_options(layout, plain),
        *check_crosses(layout, cells, fields),
        *check_percent(layout, cells, settings),
    )


def check_doubts(doubts: Iterable[Doubt]) -> Iterator[Finding]:
    """What was seen on the pages that no cell can tell: a row that fits no line, a page scanned once more."""
    for doubt in dict.fromkeys(doubts):
        told_only = doubt.code in INFORMATIONAL
        if doubt.code == PAGES_LEFT_OUT or not (told_only or doubt.code == PAGE_MISSING):
            told = {"page": str(doubt.page), "field": f"page-{doubt.page}", **dict(doubt.parameters)}
            seen = check_finding(doubt.code, Outcome.UNDECIDED, informational=told_only)
            yield replace(seen, message_id=f"reason.{doubt.code}", parameters=tuple(told.items()))


def check_pages(cells: Iterable[CheckedCell]) -> Iterator[Finding]:
    """Cells whose page, line or column is not there, and a form in which nothing is filled in."""
    figures = [cell.figure for cell in cells]
    absent = [f for f in figures if f.reading.page == 0]
    missing = tuple(f.reading.place for f in absent if PAGE_MISSING in f.reasons)
    lost = tuple(f.reading.place for f in absent if PAGE_MISSING not in f.reasons)
    if missing:
        yield check_finding(PAGE_MISSING, Outcome.UNDECIDED, missing, cells=str(len(missing)))
    if lost:
        yield check_finding("cells-missing", Outcome.UNDECIDED, lost, cells=str(len(lost)))
    if figures and not any(f.written.strip() or f.reasons for f in figures):
        yield check_finding("form-empty", Outcome.FAILS)


def check_identifiers(layout: Layout, fields: Iterable[CheckedField], settings: Settings) -> Iterator[Finding]:
    """BIN and IIN: the check digit, one and only one of them, each in its own row of boxes."""
    codes = {f.check: found for f in layout.fields for found in fields if found.field.field == f.id and f.check}
    own = {check: codes[check] for check in IDENTIFIERS if check in codes}
    filled = {check: found for check, found in own.items() if found.field.value}
    for check, found in filled.items():
        value = found.field.value
        outcome = outcome_of(found)
        for fault in faults(value, check, settings.latest_year):
            yield check_finding(fault, outcome, field=found.field.field, value=value)
        other = kind_of(value)
        if other and other != check:
            yield check_finding("identifier-swapped", outcome, field=found.field.field, value=value, other=other)
    if own and not filled:
        unseen = any(f.field.reading.page == 0 or FIELD_MISSING in f.field.reasons for f in own.values())
        yield check_finding("identifier-not-found" if unseen else "identifier-missing", _together(own.values()))
    if len(filled) > 1:
        both = " / ".join(found.field.value for found in filled.values())
        yield check_finding("identifier-twice", _together(filled.values()), value=both)


def check_year(layout: Layout, fields: Iterable[CheckedField], settings: Settings) -> Iterator[Finding]:
    """The reporting year: there, and one that can be."""
    for found in with_check(layout, fields, "year"):
        value = found.field.value
        if not value:
            yield check_finding("year-missing", outcome_of(found), field=found.field.field)
        for fault in faults(value, "year", settings.latest_year):
            yield check_finding(fault, outcome_of(found), field=found.field.field, value=value)


def check_place(layout: Layout, fields: Iterable[CheckedField]) -> Iterator[Finding]:
    """KATO: a code in use, and the one of the region that is named.

    One that is surely empty is the department's to fill in; of one that was not found nobody knows that.
    """
    text = next((f.field.value for f in fields if f.field.field == REGION), "")
    proposed = region_code(text)
    for found in with_check(layout, fields, "kato"):
        kato = found.field.value
        if not kato and found.status is Status.REVIEW:
            yield check_finding("kato-missing", Outcome.UNDECIDED, field=found.field.field)
        for fault in faults(kato, "kato", 0):
            yield check_finding(fault, outcome_of(found), field=found.field.field, value=kato)
        if kato and proposed and not kato.startswith(proposed):
            yield check_finding("kato-contradicts-region", outcome_of(found), kato=kato, region=text, proposed=proposed)


def check_options(layout: Layout, fields: Iterable[CheckedField]) -> Iterator[Finding]:
    """Printed options: one is marked, not none and not several."""
    options = {field.id for field in layout.fields if field.kind is FieldKind.OPTION}
    for found in fields:
        if found.field.field in options and not found.field.value:
            rule = "option-several" if found.field.written else "option-none"
            yield check_finding(
                rule, outcome_of(found), informational=True, field=found.field.field, marked=found.field.written
            )


def check_crosses(layout: Layout, cells: Iterable[CheckedCell], fields: Iterable[CheckedField]) -> Iterator[Finding]:
    """Ink where the form prints «Х»: in a country cell informational, exporters write there; in a figure cell not."""
    crossed = {
        Place(table.section, line, column.number)
        for table in layout.tables
        for column in table.columns
        for line in column.crossed
    }
    for cell in cells:
        figure = cell.figure
        if figure.reading.place in crossed and figure.value is not None:
            yield check_finding("ink-on-cross", Outcome.FAILS, (figure.reading.place,), written=figure.written)
    for place, field in zip(layout.country_places, (f.field for f in fields if f.field.line), strict=True):
        if place in crossed and (field.value or "country-unknown" in field.reasons):
            yield check_finding("ink-on-cross", Outcome.FAILS, (place,), informational=True, written=field.written)


def check_percent(layout: Layout, cells: Iterable[CheckedCell], settings: Settings) -> Iterator[Finding]:
    """Parts stated in percent of their whole: a percent sign, or up to 100 under a parent of 1,000 and more.

    Not where several of them add up to their line's sum: shares of different wholes do not.
    """
    at = {cell.figure.reading.place: cell for cell in cells}
    amounts = _adding_up(layout, at)
    for place, cell in at.items():
        value = cell.figure.value
        parent = layout.parents.get((place.section, place.line))
        whole = Place(place.section, parent, place.column) if parent else None
        if "percent" in cell.figure.reasons:
            yield _percent((place,), cell)
        elif whole in at and place not in amounts and value and 0 < value <= settings.percent_most:
            above = at[whole].figure.value or Decimal(0)
            if above >= settings.percent_parent:
                yield _percent((place, whole), cell, at[whole])


def _adding_up(layout: Layout, at: Mapping[Place, CheckedCell]) -> set[Place]:
    """The cells of lines on which several figures make up a sum."""
    ledger = open_ledger((cell.figure for cell in at.values()), ())
    found: set[Place] = set()
    for control in controls(layout, RuleSet.TABLE):
        sums = control.rule.relation is Relation.EQUAL and control.rule.each is Each.LINE
        if sums and ledger.holds(control) and sum(1 for place in control.right if ledger.amount(place)) > 1:
            found |= set(control.places)
    return found


def _percent(places: tuple[Place, ...], *cells: CheckedCell) -> Finding:
    values = [cell.figure.value for cell in cells]
    return Finding(
        rule="check.percent",
        set=CHECK,
        clause="",
        outcome=Outcome.UNDECIDED,
        places=places,
        left=values[1] if len(values) > 1 else None,
        right=values[0],
        cause=Cause.PERCENT,
        message_id="finding.percent",
        parameters=(("place", str(places[0])), ("value", str(values[0]))),
    )


def with_check(layout: Layout, fields: Iterable[CheckedField], check: str) -> list[CheckedField]:
    """The fields whose characters obey this check."""
    ids = {field.id for field in layout.fields if field.check == check}
    return [field for field in fields if field.field.field in ids]


def outcome_of(field: CheckedField) -> Outcome:
    """A check on a field whose reading is doubtful, or that was not found, cannot be told."""
    return _together((field,))


def _together(fields: Iterable[CheckedField]) -> Outcome:
    doubtful = any(f.status is Status.REVIEW and (LOW_CONFIDENCE in f.reasons or not f.field.value) for f in fields)
    return Outcome.UNDECIDED if doubtful else Outcome.FAILS


def check_finding(
    rule: str,
    outcome: Outcome,
    places: tuple[Place, ...] = (),
    *,
    message: str = "",
    informational: bool = False,
    told: Mapping[str, str] | None = None,
    **parameters: str,
) -> Finding:
    """A finding of a check: no clause, no sides, a message of its own (called like the rule unless told)."""
    return Finding(
        rule=f"check.{rule}",
        set=CHECK,
        clause="",
        outcome=outcome,
        places=places,
        left=None,
        right=None,
        cause=None,
        message_id=f"finding.{message or rule}",
        parameters=tuple({**(told or {}), **parameters}.items()),
        informational=informational,
    )
