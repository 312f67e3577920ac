"""Checked form → rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from extract.records import FieldReading, FormReading, Ink, Reading
from layouts.model import Notice
from postprocess.records import FieldValue, Figure
from review.rows import CellRow, FieldRow, FindingRow, FormRow, FormRows, ReadingRow, Step, TrailRow
from validate.records import CheckedCell, CheckedField, CheckedForm, Choice, Evidence, Finding, Outcome, Status
from validate.submissions import submission_of

BOX_DECIMALS = 2  # a hundredth of a pixel or point: finer than any scanner, and alike on every machine
CONFIDENCE_DECIMALS = 4
LOGP_DECIMALS = 4
FIRST_PRINTABLE = 0x20  # code points below are control characters
CODE_CHECKS = ("bin", "iin", "kato", "year")

Where = tuple[int | None, float | None, float | None, float | None, float | None, str]


def flatten(form: CheckedForm) -> FormRows:
    """All rows of one form, in the order of its layout."""
    number = form.form.reading.form
    return FormRows(
        form=_form_row(form),
        cells=tuple(_cell_row(number, cell) for cell in form.cells),
        fields=tuple(_field_row(number, field) for field in form.fields),
        findings=tuple(finding_row(number, finding) for finding in form.findings),
        readings=tuple(_reading_rows(number, form)),
        trail=tuple(_trail_rows(number, form)),
    )


def rejected_rows(code: str, message_id: str, parameters: tuple[tuple[str, str], ...]) -> FormRows:
    """The rows of a file that could not be read, or not to its end: the code, and a finding that says it in words."""
    told = tuple((name, clean(value)) for name, value in parameters)
    finding = FindingRow(0, f"check.{code}", "check", "", Outcome.FAILS.value, "", "", "", "", "", message_id, told)
    return FormRows(FormRow(0, "", "", "", "", "", "", "", "", Status.REJECTED.value, code), findings=(finding,))


def notice_rows(notice: Notice) -> FormRows:
    """The rows of a file that says there was no activity."""
    return FormRows(FormRow(0, notice.id, "", "", "", "", "", "", "", Status.NOTICE.value, ""))


def plain(amount: Decimal | None) -> str:
    """A decimal without exponent or needless zeros; "" for None.

    >>> plain(Decimal("1E+3")), plain(Decimal("12.50")), plain(Decimal("-0")), plain(None)
    ('1000', '12.5', '0', '')
    """
    if amount is None:
        return ""
    text = format(amount, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def clean(text: str) -> str:
    r"""Text that every table and database can hold: no control characters, no halves of code points.

    >>> clean("12\x00 \ud800\t3")
    '12 � 3'
    """
    if text.isprintable():
        return text
    kept = (" " if char in "\t\n\r" else char for char in text if char in "\t\n\r" or ord(char) >= FIRST_PRINTABLE)
    return "".join(kept).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def codes(reasons: Iterable[str]) -> str:
    """Reason codes joined by ";", each once, in the order first met."""
    return ";".join(dict.fromkeys(reasons))


def _form_row(form: CheckedForm) -> FormRow:
    reading = form.form.reading
    by_check = {field.check: field.id for field in reading.layout.fields if field.check in CODE_CHECKS}
    code = {check: form.form.value(by_check.get(check, check)) for check in CODE_CHECKS}
    return FormRow(
        form=reading.form,
        layout=reading.layout.id,
        year=code["year"],
        bin=code["bin"],
        iin=code["iin"],
        region=clean(form.form.value("region")),
        kato=code["kato"],
        hours=form.form.value("hours"),
        pages=_pages(reading),
        status=form.status.value,
        reasons=codes(form.reasons),
        figures=submission_of(form).figures,
    )


def _pages(reading: FormReading) -> str:
    return ";".join(str(page) for page in reading.pages)


def _cell_row(number: int, cell: CheckedCell) -> CellRow:
    figure = cell.figure
    place = figure.reading.place
    return CellRow(
        number,
        place.section,
        place.line,
        int(place.column),
        clean(figure.written),
        plain(figure.value),
        round(figure.confidence, CONFIDENCE_DECIMALS),
        cell.status.value,
        codes(cell.reasons),
        _reader(figure),
        figure.reading.ink.value,
        *_where(figure.reading),
    )


def _reader(figure: Figure) -> str:
    """Whose reading the value is; "" for a bare cell."""
    for value in figure.alternatives:
        if value.amount == figure.value and value.written == figure.written:
            return value.reader
    return figure.alternatives[0].reader if figure.alternatives else ""


def _field_row(number: int, checked: CheckedField) -> FieldRow:
    field = checked.field
    return FieldRow(
        number,
        field.field,
        field.line,
        clean(field.written),
        clean(field.value),
        round(field.confidence, CONFIDENCE_DECIMALS),
        checked.status.value,
        codes(checked.reasons),
        *_where(field.reading),
    )


def _where(reading: Reading | FieldReading) -> Where:
    page = reading.page or None
    if reading.box is None:
        return page, None, None, None, None, reading.unit if page else ""
    box = reading.box
    return page, _rounded(box.x0), _rounded(box.y0), _rounded(box.x1), _rounded(box.y1), reading.unit


def _rounded(coordinate: float) -> float:
    return round(float(coordinate), BOX_DECIMALS) + 0.0  # no −0.0


def finding_row(number: int, finding: Finding) -> FindingRow:
    """One finding of form `number`."""
    return FindingRow(
        number,
        finding.rule,
        finding.set,
        finding.clause,
        finding.outcome.value,
        ";".join(str(place) for place in finding.places),
        plain(finding.left),
        plain(finding.right),
        plain(finding.difference),
        finding.cause.value if finding.cause else "",
        finding.message_id,
        tuple((name, clean(value)) for name, value in finding.parameters),
        finding.informational,
    )


def _reading_rows(number: int, form: CheckedForm) -> Iterator[ReadingRow]:
    for cell in form.cells:
        yield from _figure_readings(number, cell.figure)
    for checked in form.fields:
        yield from _field_readings(number, checked.field)


def _figure_readings(number: int, figure: Figure) -> Iterator[ReadingRow]:
    place = str(figure.reading.place)
    for rank, value in enumerate(figure.alternatives, start=1):
        logp = round(value.logp, LOGP_DECIMALS)
        yield ReadingRow(number, place, rank, clean(value.written), plain(value.amount), logp, value.reader)


def _field_readings(number: int, field: FieldValue) -> Iterator[ReadingRow]:
    for rank, seen in enumerate(field.reading.alternatives, start=1):
        logp = round(seen.logp, LOGP_DECIMALS)
        yield ReadingRow(number, _place(field), rank, clean(seen.text), "", logp, seen.reader)


def _place(field: FieldValue) -> str:
    return f"{field.field}/{field.line}" if field.line else field.field


def _trail_rows(number: int, form: CheckedForm) -> Iterator[TrailRow]:
    """Step by step how each value came about; nothing of a bare cell that nobody doubts."""
    for cell in form.cells:
        if cell.figure.reading.ink is not Ink.NONE or cell.reasons or cell.choice is not None:
            yield from _figure_trail(number, cell)
    for checked in form.fields:
        if checked.field.reading.ink is not Ink.NONE or checked.reasons:
            yield from _field_trail(number, checked)


def _figure_trail(number: int, cell: CheckedCell) -> Iterator[TrailRow]:
    figure, place = cell.figure, str(cell.figure.reading.place)
    yield from _said(number, place, figure.reading)
    if figure.alternatives:
        best = max(figure.alternatives, key=lambda value: value.logp)  # sums may have put another first
        likeliest = best.amount if cell.choice is None else cell.choice.read
        row = TrailRow(number, place, Step.MERGED.value, 1, best.reader, clean(best.written), plain(likeliest))
        yield row._replace(logp=round(best.logp, LOGP_DECIMALS))
    if cell.choice is not None:
        yield _chosen(number, place, figure, cell.choice)
    judged = TrailRow(number, place, Step.JUDGED.value, 1, "", clean(figure.written), plain(figure.value))
    yield judged._replace(
        confidence=round(figure.confidence, CONFIDENCE_DECIMALS),
        evidence=_evidence(cell.evidence),
        status=cell.status.value,
        reason=codes(cell.reasons),
    )


def _said(number: int, place: str, reading: Reading | FieldReading) -> Iterator[TrailRow]:
    """Each reader's own words; one that sees nothing gives no probability."""
    ranks: Counter[str] = Counter()
    for word in reading.said:
        ranks[word.reader] += 1
        logp = round(word.logp, LOGP_DECIMALS) if word.text else None
        yield TrailRow(number, place, Step.SAID.value, ranks[word.reader], word.reader, clean(word.text), "", logp)


def _chosen(number: int, place: str, figure: Figure, choice: Choice) -> TrailRow:
    row = TrailRow(number, place, Step.CHOSEN.value, 1, "", clean(figure.written), plain(figure.value))
    return row._replace(
        margin=round(choice.margin, LOGP_DECIMALS),
        rival=plain(choice.rival),
        holding=codes(choice.holding),
        broken=codes(choice.broken),
        together=codes(str(place) for place in choice.together),
    )


def _evidence(evidence: Evidence) -> str:
    told = {"agreed": evidence.agreed, "summed": evidence.summed}
    return codes(name for name, speaks in told.items() if speaks)


def _field_trail(number: int, checked: CheckedField) -> Iterator[TrailRow]:
    field, place = checked.field, _place(checked.field)
    yield from _said(number, place, field.reading)
    for best in field.reading.alternatives[:1]:
        logp = round(best.logp, LOGP_DECIMALS)
        yield TrailRow(number, place, Step.MERGED.value, 1, best.reader, clean(best.text), "", logp)
    judged = TrailRow(number, place, Step.JUDGED.value, 1, "", clean(field.written), clean(field.value))
    yield judged._replace(
        confidence=round(field.confidence, CONFIDENCE_DECIMALS),
        status=checked.status.value,
        reason=codes(checked.reasons),
    )
