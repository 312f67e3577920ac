"""What was read of a form → what it means: amounts, codes, countries, options."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from extract.records import Alternative, FieldReading, FormReading, Ink, Reading
from layouts.model import FieldKind, FieldLayout, Layout
from postprocess.amounts import parse_amount
from postprocess.countries import read_countries
from postprocess.identifiers import choose_code
from postprocess.marks import ODD_GROUPING
from postprocess.records import FieldValue, Figure, FormFigures, Value
from postprocess.units import FORM_UNITS, THOUSAND

BLANK_DOUBTFUL = "blank-doubtful"  # extraction's word for a cell that may hold faint ink
COUNTRY = "country"  # the field name that country cells bear in results
ODD_DECIMALS = "odd-decimals"
PAGE_MISSING = "page-missing"
UNREADABLE = "unreadable"

STRUCK_OUT = "struck-out"  # extraction's word for a figure struck out; here, of two figures read as one

LOOKED_INTO = 3  # texts of a cell in which two figures are looked for
TWO_FIGURES = 0.75  # of handwritten groups of digits that make no number, those that are two figures
SELDOM_TWO = 0.004  # of those that do
BESIDE = (0.3, 0.7)  # the first of two figures is the one that counts, the second
STYLE_CELLS = 6  # amounts on a form that must share their number of decimals before one that differs is odd
STYLE_SHARE = 0.9  # of a form's amounts
DOUBTFUL_BLANK = 0.5  # confidence of a blank cell about which extraction has a doubt
GUESSED = 0.8  # confidence that a nearly spelt country is the one meant


def normalise(form: FormReading) -> FormFigures:
    """The meaning of everything read of a form; nothing is judged yet, and nothing written is changed."""
    unit = FORM_UNITS.get(form.layout.unit, THOUSAND)
    figures = [figure(reading, unit) for reading in form.cells]
    latest_year = datetime.now(tz=UTC).year + 1
    fields = [_field(form.layout.field(reading.field), reading, latest_year) for reading in form.fields]
    countries = [_country(form.layout, reading) for reading in form.countries]
    return FormFigures(form, _odd_decimals(figures), (*fields, *countries))


def figure(reading: Reading, form_unit: int = THOUSAND) -> Figure:
    """One figure cell's value: texts that mean the same amount are added up, the likeliest amount is chosen."""
    if reading.page == 0:
        return Figure(reading, "", None, (), 0.0, _absent(reading))
    if not reading.alternatives:
        return _without_text(reading)
    values, reasons = _values(reading, form_unit)
    best = values[0]
    return Figure(
        reading, best.written, best.amount, values, math.exp(best.logp), _merged(reading.reasons, reasons[best.amount])
    )


def _absent(reading: Reading) -> tuple[str, ...]:
    """Why a cell is not there: what extraction says, or that its page is missing."""
    told = any(reason.endswith("-missing") for reason in reading.reasons)
    return reading.reasons if told else _merged(reading.reasons, (PAGE_MISSING,))


def _without_text(reading: Reading) -> Figure:
    """A cell in which no reader saw anything: bare, or inked and unreadable."""
    if reading.ink is not Ink.NONE:
        return Figure(reading, "", None, (), 0.0, _merged(reading.reasons, (UNREADABLE,)))
    return Figure(reading, "", None, (), DOUBTFUL_BLANK if BLANK_DOUBTFUL in reading.reasons else 1.0, reading.reasons)


def _values(reading: Reading, form_unit: int) -> tuple[tuple[Value, ...], dict[Decimal | None, tuple[str, ...]]]:
    """Each amount the texts may mean, best first, with its probability; and the reasons that go with each amount."""
    chance: dict[Decimal | None, float] = {}
    shown: dict[Decimal | None, Alternative] = {}
    reasons: dict[Decimal | None, tuple[str, ...]] = {}
    for alternative in _texts(reading):
        for meaning in parse_amount(alternative.text, form_unit):
            p = math.exp(min(alternative.logp, 0.0)) * meaning.share
            chance[meaning.value] = chance.get(meaning.value, 0.0) + p
            shown.setdefault(meaning.value, alternative)
            reasons.setdefault(meaning.value, _merged(meaning.reasons, struck_out(alternative.text, reading)))
    total = max(1.0, sum(chance.values()))  # above 1 where several readers' words stand side by side
    values = [
        Value(shown[amount].text, amount, math.log(max(p / total, 1e-300)), shown[amount].reader)
        for amount, p in chance.items()
    ]
    return tuple(sorted(values, key=lambda value: -value.logp)), reasons


def struck_out(text: str, reading: Reading) -> tuple[str, ...]:
    """The reason that goes with a text that is only part of what was read: the rest counts as struck out."""
    return () if any(a.text == text for a in reading.alternatives) else (STRUCK_OUT,)


def _texts(reading: Reading) -> list[Alternative]:
    """What a cell may say, likeliest first; of written texts also the figure that was struck out or written again.

    A figure struck out and another beside it are read as one row of digits. Groups of digits that make no number are
    mostly that; those that do, hardly ever.
    """
    said = sorted(reading.alternatives, key=lambda a: -a.logp)
    if reading.ink not in (Ink.HAND, Ink.UNKNOWN):
        return said
    parts = [part for each in said[:LOOKED_INTO] for part in _figures_beside(each)]
    taken: dict[str, float] = {}
    for whole, _, share in parts:
        taken[whole.text] = taken.get(whole.text, 0.0) + share
    rest = [replace(a, logp=a.logp + math.log(1.0 - taken.get(a.text, 0.0))) for a in said]
    known = {a.text for a in said}
    more = [replace(a, text=text, logp=a.logp + math.log(share)) for a, text, share in parts if text not in known]
    return sorted([*rest, *more], key=lambda a: -a.logp)


def _figures_beside(alternative: Alternative) -> list[tuple[Alternative, str, float]]:
    """(the text, a figure in it, its share) of each figure that may stand beside another; none in most texts."""
    words = alternative.text.split()
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    splits = [pair for pair in splits if all(_is_figure(text) for text in pair)]
    if not splits:
        return []
    odd = any(ODD_GROUPING in meaning.reasons for meaning in parse_amount(alternative.text))
    share = (TWO_FIGURES if odd else SELDOM_TWO) / len(splits)
    return [(alternative, text, share * p) for pair in splits for text, p in zip(pair, BESIDE, strict=True)]


def _is_figure(text: str) -> bool:
    """Whether a text by itself is an amount without any doubt."""
    meanings = parse_amount(text)
    return len(meanings) == 1 and bool(meanings[0].value) and not meanings[0].reasons


def _odd_decimals(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """On scans, a figure with another number of decimals than nearly all its neighbours is marked.

    Readers invent and lose decimal points; a respondent writes one way throughout a form.
    """
    decimals = {f.reading.place: _decimals(f.value) for f in figures if f.value}
    if len(decimals) < STYLE_CELLS:
        return tuple(figures)
    usual, times = Counter(decimals.values()).most_common(1)[0]
    if times < STYLE_SHARE * len(decimals):
        return tuple(figures)
    return tuple(
        _with_reason(f, ODD_DECIMALS)
        if f.value and f.reading.ink is not Ink.DIGITAL and decimals[f.reading.place] > usual
        else f
        for f in figures
    )


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _with_reason(f: Figure, reason: str) -> Figure:
    return Figure(f.reading, f.written, f.value, f.alternatives, f.confidence, _merged(f.reasons, (reason,)))


def _field(layout: FieldLayout, reading: FieldReading, latest_year: int) -> FieldValue:
    """One field outside the tables with its canonical value."""
    written = reading.alternatives[0].text if reading.alternatives else ""
    confidence = math.exp(min(reading.alternatives[0].logp, 0.0)) if reading.alternatives else 1.0
    if layout.kind is FieldKind.BOXES:
        code = choose_code(reading.alternatives, layout.check, latest_year)
        reasons = _merged(reading.reasons, code.reasons)
        return FieldValue(layout.id, "", reading, written, code.value, code.confidence, reasons)
    if layout.kind is FieldKind.OPTION:
        value = reading.chosen[0] if len(reading.chosen) == 1 else ""
        return FieldValue(layout.id, "", reading, ";".join(reading.chosen), value, confidence, reading.reasons)
    value = " ".join(written.split())
    return FieldValue(layout.id, "", reading, written, value, confidence, reading.reasons)


def _country(layout: Layout, reading: Reading) -> FieldValue:
    """One country cell with its ISO codes."""
    place = reading.place
    if reading.page == 0:
        reasons = _absent(reading)
        return FieldValue(country_field(layout, place.section, place.column), place.line, reading, "", "", 0.0, reasons)
    written = reading.alternatives[0].text if reading.alternatives else ""
    confidence = math.exp(min(reading.alternatives[0].logp, 0.0)) if reading.alternatives else 1.0
    countries = read_countries(written)
    if countries.reasons:
        confidence *= GUESSED if countries.codes else 0.0
    return FieldValue(
        country_field(layout, place.section, place.column),
        place.line,
        reading,
        written,
        ";".join(countries.codes),
        confidence,
        _merged(reading.reasons, countries.reasons),
    )


def country_field(layout: Layout, section: int, column: str) -> str:
    """The field name of a country column: `country`, with its section and column where the form has several."""
    columns = {(place.section, place.column) for place in layout.country_places}
    return COUNTRY if len(columns) == 1 else f"{COUNTRY}-s{section}-{column}"


def _merged(first: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """Both lists of reasons, each reason once."""
    return tuple(dict.fromkeys((*first, *more)))
