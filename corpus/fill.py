"""Fills a form in: figures, countries, header fields, mistakes."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from corpus.amounts import entry, number_style, write_amount
from corpus.draft import Draft
from corpus.figures import dense_plan, draw_amounts, draw_countries, plan
from corpus.mistakes import plant
from corpus.records import Entry, Filled, Mistake, NumberStyle, Respondent, Split
from corpus.respondent import respondent
from layouts.model import FieldKind, FieldLayout, Layout, Place

YEARS = (2024, 2025, 2026)
CROSS = "Х"  # in a figure cell it says nothing: neither an amount nor a nought
DENSE_MARKS = ("", "", "-", "-", "–", "0", CROSS)
UNSIGNED = 0.15  # share of signatures that are missing

# Parts of a field's id, and which of the respondent's particulars stands there.
_ANSWERS = (
    ("region", "region"),
    ("mail", "email"),
    ("mobile", "mobile"),
    ("address", "address"),
    ("executor_phone", "mobile"),
    ("phone", "phone"),
    ("bin", "bin"),
    ("iin", "iin"),
    ("kato", "kato"),
)
_PEOPLE = (("executor", 0), ("accountant", 1), ("head", 2))


def fill(
    rng: random.Random,
    layout: Layout,
    split: Split,
    *,
    who: Respondent | None = None,
    cause: str = "",
    units: bool = False,
    empty: bool = False,
    dense: bool = False,
    style: NumberStyle | None = None,
) -> Filled:
    """One filled form; `cause` names the mistake to plant ("sign+row-total": several), `who` a known respondent.

    A dense form uses every line, and its empty cells hold all the marks people write for nothing.
    """
    numbers = style or number_style(rng, split, units=units)
    if cause == "rounding":
        numbers = replace(numbers, decimals=0, trim=False)
    if cause == "mark-lost":  # there must be a mark to lose
        numbers = replace(numbers, decimals=rng.choice((1, 2, 3)), trim=False)
    decimals = numbers.decimals + (2 if cause == "rounding" else 0)
    planned = dense_plan(decimals) if dense else plan(rng, decimals)
    if dense:
        numbers = replace(numbers, marks=DENSE_MARKS)
    elif cause:  # a mistake needs figures it can be made in
        planned = replace(planned, lines=(max(3, planned.lines[0]), max(6, planned.lines[1])), digits=(3, 6))
    draft = Draft({} if empty else draw_amounts(rng, layout, planned))
    mistakes: tuple[Mistake, ...] = ()
    for each in cause.split("+") if cause else ():
        draft, planted = plant(rng, each, layout, draft)
        mistakes += planted
    person = who or respondent(rng)
    return _filled(rng, layout, numbers, draft, mistakes, person)


def _filled(
    rng: random.Random,
    layout: Layout,
    numbers: NumberStyle,
    draft: Draft,
    mistakes: tuple[Mistake, ...],
    who: Respondent,
) -> Filled:
    year = rng.choice(YEARS)
    options = next((field.options for field in layout.fields if field.kind is FieldKind.OPTION), ())
    if draft.decimals is not None:
        numbers = replace(numbers, decimals=draft.decimals, trim=False)
    if not draft.amounts:
        numbers = replace(numbers, everywhere=False)
    signed = tuple(rng.random() >= UNSIGNED for _ in range(3))
    return Filled(
        layout=layout,
        respondent=who,
        year=year,
        option=rng.randrange(len(options)) if options else -1,
        entries=_entries(rng, layout, numbers, draft),
        countries=draw_countries(rng, layout, draft.amounts),
        numbers=numbers,
        mistakes=mistakes,
        signed=(signed[0], signed[1], signed[2]),
        answers={field.id: answer(field, who, year) for field in layout.fields},
    )


def _entries(rng: random.Random, layout: Layout, numbers: NumberStyle, draft: Draft) -> dict[Place, Entry]:
    return {place: _entry(rng, place, numbers, draft) for place in layout.places}


def _entry(rng: random.Random, place: Place, numbers: NumberStyle, draft: Draft) -> Entry:
    amount = draft.amounts.get(place)
    if place in draft.blank or (amount is None and not numbers.everywhere):
        return Entry("", None)
    if not amount:
        mark = rng.choice(numbers.marks) if numbers.marks else numbers.blank_mark
        if mark == CROSS:
            return Entry(mark, None)
        return Entry(mark, Decimal(0) if mark else None)
    if place in draft.bare:
        numbers = replace(numbers, decimals=0)
    if place in draft.brackets:
        return Entry(f"({write_amount(abs(amount), numbers)})", amount)
    if not numbers.units:  # what is written is the truth, also where it is a rounded figure
        amount = amount.quantize(Decimal(1).scaleb(-numbers.decimals), rounding=ROUND_HALF_UP)
    written = entry(rng, amount, numbers)
    return replace(written, written=written.written + draft.suffix.get(place, ""))


def without_kato(filled: Filled) -> Filled:
    """The same form, its KATO left open."""
    open_fields = {field.id: "" for field in filled.layout.fields if field.check == "kato"}
    return replace(filled, respondent=replace(filled.respondent, kato=""), answers={**filled.answers, **open_fields})


def of_year(filled: Filled, year: int) -> Filled:
    """The same form for another reporting period."""
    periods = {field.id: str(year) for field in filled.layout.fields if field.check == "year"}
    return replace(filled, year=year, answers={**filled.answers, **periods})


def answer(field: FieldLayout, who: Respondent, year: int) -> str:
    """What stands in a field, by what it checks or is called."""
    if field.check == "year":
        return str(year)
    if field.kind in {FieldKind.OPTION, FieldKind.SIGNATURE}:
        return ""
    for part, particular in _ANSWERS:
        if part in field.id:
            return str(getattr(who, particular))
    for part, index in _PEOPLE:
        if part in field.id:
            return who.people[index]
    return who.name if "name" in field.id else ""
