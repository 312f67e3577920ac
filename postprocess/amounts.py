"""Written text → amounts: every meaning a text may have, best first.

The rules, in the order they are tried:

- blank stays blank; dashes alone are zero; «Х» alone is a crossed cell and no amount;
- brackets or a minus make a negative amount, «%» a percentage: a person looks;
- words beside the figure name a unit, which is applied exactly;
- letters that look like digits are digits where the rest is digits;
- marks between digits group or part decimals; where both are possible both meanings are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal

from postprocess.marks import Number, read_number
from postprocess.units import THOUSAND, unit_of

CROSSED = "crossed"
LOOK_ALIKE = "look-alike"
NEGATIVE = "negative"
NOT_A_FIGURE = "not-a-figure"
PERCENT = "percent"
TRAILING_DASH = "trailing-dash"
UNKNOWN_UNIT = "unknown-unit"
UNIT_GUESSED = "unit-guessed"

MAX_DIGITS = 18  # beyond it no amount is meant: a billion billions
MAX_LENGTH = 80  # characters; a longer text is not a figure with a unit

_DASHES = "-‐‑‒–—―−"
_CROSSES = "XxХх×✕✗"
_SPACES = re.compile(r"\s+")
# Letters that stand for a digit where the rest is digits, as typists and engines mix them up.
_SURE = dict(zip("ОоOoЗзlI|Ііб", "000033111116", strict=True))
_UNSURE = dict(zip("SsBВЧчgqZzDQЄ", "5588449922006", strict=False)) | {"b": "6", "i": "1", "Б": "6", "ӡ": "3"}
_NUMBER = re.compile(r"[\d.,;:'’‘`´ʼ·\s" + re.escape("".join(_SURE) + "".join(_UNSURE)) + "]+")


@dataclass(frozen=True, slots=True)
class Amount:
    """One meaning of a text. `share` is how much of the belief in the text it takes; the shares of a text sum to 1."""

    value: Decimal | None  # in the form's unit; None is blank, or no figure at all
    share: float = 1.0
    reasons: tuple[str, ...] = ()  # why a person should look; empty where the meaning is certain


def parse_amount(text: str, form_unit: int = THOUSAND) -> tuple[Amount, ...]:
    """All the meanings of what a figure cell says, best first; never empty and never an error.

    `form_unit` is the power of ten of one tenge that a figure without a unit counts.

    >>> [str(a.value) for a in parse_amount("12 345,6")], [str(a.value) for a in parse_amount("1.234.567")]
    (['12345.6'], ['1234567'])
    >>> [(str(a.value), a.reasons) for a in parse_amount("12.345")]
    [('12345', ('ambiguous-mark',)), ('12.345', ('ambiguous-mark',))]
    >>> parse_amount("345 678 тг")[0].value, parse_amount("1,2 млн")[0].value, parse_amount("12 мың теңге")[0].value
    (Decimal('345.678'), Decimal('1200'), Decimal('12'))
    >>> parse_amount("–")[0].value, parse_amount("  ")[0].value, parse_amount("Х")[0]
    (Decimal('0'), None, Amount(value=None, share=1.0, reasons=('crossed',)))
    >>> parse_amount("(250)")[0].value, parse_amount("1О5")[0].value
    (Decimal('-250'), Decimal('105'))
    """
    plain = _SPACES.sub(" ", text.replace("\u200b", "").replace("\ufeff", "")).strip()
    if not plain:
        return (Amount(None),)
    if all(ch in _DASHES or ch == " " for ch in plain):
        return (Amount(Decimal(0)),)
    if all(ch in _CROSSES or ch == " " for ch in plain):
        return (Amount(None, reasons=(CROSSED,)),)
    if len(plain) > MAX_LENGTH:
        return (Amount(None, reasons=(NOT_A_FIGURE,)),)
    return _signed(plain, form_unit) or (Amount(None, reasons=(NOT_A_FIGURE,)),)


def plain_decimal(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent, so that equal amounts print alike.

    >>> str(plain_decimal(Decimal("54170.0"))), str(plain_decimal(Decimal("1E+3")))
    ('54170', '1000')
    """
    exact = Context(prec=60)
    whole = value.to_integral_value(context=exact)
    return exact.quantize(whole, Decimal(1)) if whole == value else value.normalize(exact)


def _signed(text: str, form_unit: int) -> tuple[Amount, ...]:
    """Meanings of a text that may carry brackets, a minus or a dash after the figure."""
    if bracketed := re.fullmatch(r"[(\[](.+)[)\]](.*)", text):
        return _negative(_with_unit(bracketed[1] + bracketed[2], form_unit))
    if text[0] in _DASHES:
        return _negative(_with_unit(text.lstrip(_DASHES + " "), form_unit))
    if text[-1] in _DASHES + "=":
        amounts = _with_unit(text.rstrip(_DASHES + "= "), form_unit)
        if all(amount.value is not None for amount in amounts):
            return tuple(_because(amount, TRAILING_DASH) for amount in amounts)
    return _with_unit(text, form_unit)


def _negative(amounts: tuple[Amount, ...]) -> tuple[Amount, ...]:
    """The same meanings below zero; minus zero is zero."""
    return tuple(
        replace(_because(amount, NEGATIVE), value=-amount.value) if amount.value else amount for amount in amounts
    )


def _with_unit(text: str, form_unit: int) -> tuple[Amount, ...]:
    """Meanings of a figure with words before or after it."""
    number = _NUMBER.search(text, _first_digit(text))
    if number is None:
        return _bare_letters(text)
    start = len(text[: number.start()].rstrip())
    head, tail = text[:start], text[number.end() :]
    meanings = _figures(number[0])
    if any(ch.isnumeric() for ch in head + tail):
        return ()
    if "%" in head + tail:
        rest = (head + tail).replace("%", "").strip()
        return _because_all(meanings, PERCENT, *((UNKNOWN_UNIT,) if rest else ()))
    words = f"{head} {tail}".strip(" .()[]")
    return _scaled(meanings, words, form_unit) if words else meanings


def _first_digit(text: str) -> int:
    """Where the figure begins: its first digit, or a look-alike right before it."""
    found = re.search(r"\d", text)
    if found is None:
        return len(text)
    start = found.start()
    while start and text[start - 1] in "".join(_SURE) + "., ":
        start -= 1
    return start


def _bare_letters(text: str) -> tuple[Amount, ...]:
    """A text without any digit: perhaps a lone «О» or «З», never certain."""
    if all(ch in _SURE for ch in text):
        return tuple(_because(amount, LOOK_ALIKE) for amount in _figures("".join(_SURE[ch] for ch in text)))
    return ()


def _scaled(meanings: tuple[Amount, ...], words: str, form_unit: int) -> tuple[Amount, ...]:
    """The meanings with the unit of these words applied, exactly."""
    unit = unit_of(words)
    if unit is None:
        return _because_all(meanings, UNKNOWN_UNIT)
    factor = Decimal(1).scaleb(unit.exponent - form_unit)
    exact = Context(prec=60)
    scaled = tuple(
        replace(amount, value=None if amount.value is None else plain_decimal(exact.multiply(amount.value, factor)))
        for amount in meanings
    )
    return scaled if unit.sure else _because_all(scaled, UNIT_GUESSED)


def _figures(text: str) -> tuple[Amount, ...]:
    """Meanings of a run of digits, marks and letters that look like digits."""
    reasons: tuple[str, ...] = ()
    if any(ch in _UNSURE for ch in text):
        reasons = (LOOK_ALIKE,)
    digits = "".join(_SURE.get(ch) or _UNSURE.get(ch) or ch for ch in text)
    if sum(ch.isdigit() for ch in digits) > MAX_DIGITS:
        return (Amount(None, reasons=(NOT_A_FIGURE,)),)
    return tuple(_amount(number, reasons) for number in read_number(digits))


def _amount(number: Number, reasons: tuple[str, ...]) -> Amount:
    return Amount(plain_decimal(number.value), number.share, number.reasons + reasons)


def _because(amount: Amount, *reasons: str) -> Amount:
    return replace(amount, reasons=tuple(dict.fromkeys(amount.reasons + reasons)))


def _because_all(amounts: tuple[Amount, ...], *reasons: str) -> tuple[Amount, ...]:
    return tuple(_because(amount, *reasons) for amount in amounts)
