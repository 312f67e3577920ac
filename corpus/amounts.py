"""Writes figures the way accountants do: grouping, decimals, marks for nothing, units of their own."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal

from corpus.records import Entry, Group, NumberStyle, Split

SEPARATORS: dict[Group, str] = {
    "plain": "",
    "space": " ",
    "nbsp": "\u00a0",
    "thin": "\u2009",
    "narrow": "\u202f",
    "apostrophe": "'",
    "point": ".",
}

_GROUPS: dict[Split, tuple[tuple[Group, int], ...]] = {
    "calibration": (("plain", 7), ("space", 6), ("nbsp", 3), ("point", 1), ("apostrophe", 1)),
    "dev": (("plain", 8), ("space", 7), ("nbsp", 4), ("thin", 1), ("point", 1)),
    "eval": (("plain", 7), ("space", 6), ("nbsp", 3), ("narrow", 2), ("apostrophe", 1)),
    "frozen": (("plain", 7), ("space", 6), ("nbsp", 3), ("narrow", 2), ("apostrophe", 1)),
}
_MARKS: dict[Split, tuple[tuple[str, int], ...]] = {
    "calibration": (("", 6), ("-", 3), ("0", 3), ("–", 1)),
    "dev": (("", 6), ("-", 4), ("0", 3)),
    "eval": (("", 6), ("-", 3), ("0", 3), ("–", 1), ("0,0", 1)),
    "frozen": (("", 6), ("-", 3), ("0", 3), ("–", 1), ("0,0", 1)),
}

# What one unit of each word is worth, in thousand tenge.
UNIT_WORDS: dict[str, Decimal] = {
    "тг": Decimal("0.001"),
    "тенге": Decimal("0.001"),
    "теңге": Decimal("0.001"),
    "тыс. тг": Decimal(1),
    "тыс. тенге": Decimal(1),
    "мың теңге": Decimal(1),
    "млн": Decimal(1000),
    "млн тг": Decimal(1000),
}


def number_style(rng: random.Random, split: Split, *, units: bool = False) -> NumberStyle:
    """One respondent's way of writing figures."""
    groups, weights = zip(*_GROUPS[split], strict=True)
    group: Group = rng.choices(groups, weights)[0]
    decimals = rng.choices((0, 1, 2, 3), (60, 30, 7, 3))[0]
    # A point that groups leaves only the comma as decimal mark; so does a grouped whole number without decimals.
    point = "," if group == "point" or rng.random() < 0.7 else "."
    marks, mark_weights = zip(*_MARKS[split], strict=True)
    mark = rng.choices(marks, mark_weights)[0]
    return NumberStyle(
        group="space" if units and group == "point" else group,
        point="," if point == "," else ".",
        decimals=decimals,
        trim=decimals > 0 and rng.random() < 0.25,
        blank_mark=mark.replace(",", point) if decimals else mark[:1],
        everywhere=bool(mark) and rng.random() < 0.15,
        units=units,
    )


def write_amount(amount: Decimal, style: NumberStyle, decimals: int | None = None) -> str:
    """The figure as this respondent writes it, without unit.

    >>> style = NumberStyle("space", ",", 1, False, "-", False, False)
    >>> write_amount(Decimal("12345.6"), style), write_amount(Decimal("-7"), style)
    ('12 345,6', '-7,0')
    """
    places = style.decimals if decimals is None else decimals
    rounded = abs(amount).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    if style.trim and not fraction.strip("0"):
        fraction = ""
    sign = "-" if amount < 0 else ""
    return sign + _grouped(whole, SEPARATORS[style.group]) + (style.point + fraction if fraction else "")


def _grouped(whole: str, separator: str) -> str:
    """Thousands set apart.

    >>> _grouped("1234567", " "), _grouped("123", " ")
    ('1 234 567', '123')
    """
    return f"{int(whole):,}".replace(",", separator)


def with_unit(rng: random.Random, amount: Decimal, style: NumberStyle) -> str:
    """The figure with a unit word of its own, exact: digits are added where the unit needs them."""
    word = rng.choice(tuple(UNIT_WORDS))
    number = amount / UNIT_WORDS[word]
    exponent = number.normalize().as_tuple().exponent
    needed = max(0, -exponent) if isinstance(exponent, int) else 0
    decimals = 0 if UNIT_WORDS[word] < 1 else max(needed, 1 if UNIT_WORDS[word] > 1 else 0)
    return f"{write_amount(number, style, decimals)} {word}"


def entry(rng: random.Random, amount: Decimal, style: NumberStyle) -> Entry:
    """One cell with an amount in it."""
    if style.units:
        return Entry(with_unit(rng, amount, style), amount)
    return Entry(write_amount(amount, style), amount)
