"""What stands in a cell: nothing, a dash, a nought, a cross or an amount; and how far two texts are apart."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Literal

from rapidfuzz.distance import Levenshtein

Class = Literal["blank", "dash", "zero", "cross", "amount"]
CLASSES: tuple[Class, ...] = ("blank", "dash", "zero", "cross", "amount")

NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
NOUGHT = re.compile(r"0+([.,]0+)?", re.ASCII)
DASHES = frozenset("-–—−")
CROSSES = frozenset("ХхXx")


def number(text: str) -> Decimal | None:
    """The amount a value says: a plain decimal with a point, nothing else.

    >>> number("12.50"), number("-3"), number("1 234"), number("1,5"), number("NaN"), number("1e3"), number("")
    (Decimal('12.50'), Decimal('-3'), None, None, None, None, None)
    """
    return Decimal(text) if NUMBER.fullmatch(text) else None


def class_of(written: str) -> Class:
    """The class of what is written.

    >>> [class_of(text) for text in ("", "–", "0,0", "х", "12", "-5")]
    ['blank', 'dash', 'zero', 'cross', 'amount', 'amount']
    """
    if not written:
        return "blank"
    if written in DASHES:
        return "dash"
    if NOUGHT.fullmatch(written):
        return "zero"
    return "cross" if written in CROSSES else "amount"


def class_of_value(value: str) -> Class:
    """The class of a value where a system does not say what is written: it cannot tell a dash from a nought.

    >>> [class_of_value(text) for text in ("", "0", "0.0", "12", "?")]
    ['blank', 'zero', 'zero', 'amount', 'amount']
    """
    if not value:
        return "blank"
    return "zero" if number(value) == 0 else "amount"


def is_right(value: str, written: str, want: str) -> bool:
    """Whether a cell's value is what stands there: of a blank and a cross nothing, of a dash 0, of an amount itself.

    >>> is_right("", "-", "0"), is_right("0", "-", "0"), is_right("0", "", "0"), is_right("1.50", "1,5", "1.5")
    (False, True, False, True)
    """
    if class_of(written) in {"blank", "cross"}:
        return value == ""
    return number(value) == Decimal(want)


def edits(said: str, want: str) -> int:
    """Characters to change, put in or take out (Levenshtein 1966).

    >>> edits("12.5", "125"), edits("", "12")
    (1, 2)
    """
    return int(Levenshtein.distance(said, want))


def plain_text(text: str) -> str:
    """A text as its characters are counted: composed letters, one case, single spaces.

    >>> plain_text(" Алма\u00a0ты,  Абая ")
    'алма ты, абая'
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def letters(text: str) -> str:
    """Letters and digits only, in one case.

    >>> letters("ТОО «Нұр-Сервис», 12")
    'тоонұрсервис12'
    """
    return "".join(c for c in text.casefold() if c.isalnum())
