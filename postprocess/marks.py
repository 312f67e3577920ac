"""Digits with marks between them → numbers: which marks group thousands, and which part decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

AMBIGUOUS_MARK = "ambiguous-mark"
ODD_GROUPING = "odd-grouping"
STRAY_MARK = "stray-mark"

FIRST_SHARE = 0.6  # of the belief goes to the likelier meaning of an ambiguous mark: barely more than even

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ", "'"))
_ODD_MARKS = str.maketrans({";": ",", ":": ",", "·": "."})
_GROUP = 3  # digits a group of thousands has


@dataclass(frozen=True, slots=True)
class Number:
    """One number that digits with marks may mean; shares of one text sum to 1."""

    value: Decimal
    share: float = 1.0
    reasons: tuple[str, ...] = ()


def read_number(text: str) -> tuple[Number, ...]:
    """The numbers a run of ASCII digits, spaces, apostrophes, points and commas may mean, best first; () if none.

    >>> [str(n.value) for n in read_number("1 234,5")], [str(n.value) for n in read_number("1,234,567.5")]
    (['1234.5'], ['1234567.5'])
    >>> [str(n.value) for n in read_number("404762.000")], [str(n.value) for n in read_number("0,345")]
    (['404762.000'], ['0.345'])
    >>> [(str(n.value), n.reasons) for n in read_number("12 34")]
    [('1234', ('odd-grouping',)), ('12.34', ('odd-grouping',))]
    """
    told = text.translate(_APOSTROPHES)
    odd = told.translate(_ODD_MARKS)
    reasons = (STRAY_MARK,) if odd != told else ()
    tidy = re.sub(r"\s*([.,'])\s*", r"\1", re.sub(r"\s+", " ", odd).strip())
    if _is_letter_spaced(tidy):
        tidy = tidy.replace(" ", "")
    bare = tidy.strip(".,'")
    if not re.fullmatch(r"\d+(?:[ .,']\d+)*", bare, re.ASCII):
        return _jumbled(tidy)
    if bare != tidy:
        bare, reasons = ("0" + tidy if tidy[0] in ".," and tidy[-1].isdigit() else bare), (STRAY_MARK,)
    return tuple(Number(n.value, n.share, tuple(dict.fromkeys(n.reasons + reasons))) for n in _meanings(bare))


def _is_letter_spaced(text: str) -> bool:
    """Whether every digit stands apart, as in «1 2 3 4 5»: the type is spaced, nothing is grouped."""
    return bool(re.fullmatch(r"\d(?: \d){2,}(?:[.,]\d(?: \d)*)?", text, re.ASCII))


def _jumbled(text: str) -> tuple[Number, ...]:
    """Digits among doubled or misplaced marks: the digits alone, and a person looks."""
    digits = re.sub(r"\D", "", text)
    return (Number(Decimal(digits), reasons=(ODD_GROUPING,)),) if digits.isascii() and digits else ()


def _meanings(text: str) -> tuple[Number, ...]:
    """Meanings of digits with single marks between them."""
    marks = [ch for ch in text if ch in ".,"]
    kinds = set(marks)
    if not marks:
        return _spaced(text)
    last = marks[-1]
    if len(kinds) == 2:  # both kinds: the last one parts decimals, the others group
        return _decimal(text, last) if marks.count(last) == 1 else _odd(text)
    if len(marks) > 1:
        return (_whole(text),) if _grouped(text, last) else _odd(text)
    return _one_mark(text, last)


def _one_mark(text: str, mark: str) -> tuple[Number, ...]:
    """One point or comma: decimal, unless it may as well group thousands."""
    before, after = text.split(mark)
    could_group = (
        len(after) == _GROUP and after.isdigit() and before.isdigit() and len(before) <= _GROUP and before[0] != "0"
    )
    if not could_group:
        return _decimal(text, mark)
    grouped, decimal = Decimal(before + after), Decimal(f"{before}.{after}")
    # A point groups more often than not, a comma is the decimal mark of both locales.
    first, second = (grouped, decimal) if mark == "." else (decimal, grouped)
    return (
        Number(first, FIRST_SHARE, (AMBIGUOUS_MARK,)),
        Number(second, 1 - FIRST_SHARE, (AMBIGUOUS_MARK,)),
    )


def _decimal(text: str, mark: str) -> tuple[Number, ...]:
    """The number whose decimals follow this mark; odd where the digits before it are not grouped as thousands."""
    before, after = text.rsplit(mark, 1)
    if not after.isdigit():
        return _odd(text)
    value = Decimal(f"{re.sub(r'[^0-9]', '', before)}.{after}")
    return (Number(value, reasons=() if _well_grouped(before) else (ODD_GROUPING,)),)


def _spaced(text: str) -> tuple[Number, ...]:
    """Digits with spaces or apostrophes only."""
    return (_whole(text),) if _well_grouped(text) else _odd(text)


def _odd(text: str) -> tuple[Number, ...]:
    """Groups that are no thousands: all digits joined, or the last group as decimals whose mark was lost."""
    digits = re.sub(r"\D", "", text)
    groups = re.split(r"\D", text)
    joined = Decimal(digits)
    if len(groups[-1]) < _GROUP and len(groups) > 1:
        parted = Decimal(f"{digits[: -len(groups[-1])]}.{groups[-1]}")
        return (
            Number(joined, FIRST_SHARE, (ODD_GROUPING,)),
            Number(parted, 1 - FIRST_SHARE, (ODD_GROUPING,)),
        )
    return (Number(joined, reasons=(ODD_GROUPING,)),)


def _whole(text: str) -> Number:
    return Number(Decimal(re.sub(r"\D", "", text)))


def _well_grouped(text: str) -> bool:
    """Whether digits stand alone or in thousands parted by one kind of mark."""
    return text.isdigit() or any(_grouped(text, mark) for mark in " '.,")


def _grouped(text: str, mark: str) -> bool:
    """Whether one mark parts the digits into thousands."""
    first, *rest = text.split(mark)
    return first.isdigit() and 1 <= len(first) <= _GROUP and all(g.isdigit() and len(g) == _GROUP for g in rest)
