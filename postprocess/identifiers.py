"""Codes written in boxes: BIN and IIN with their check digit, KATO, the year."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

from extract.records import Alternative
from postprocess.regions import REGION_CODES

BAD_DATE = "date-part"
CHECK_DIGIT = "check-digit"
CHOSEN_BY_CHECK = "chosen-by-check-digit"
UNKNOWN_REGION = "kato-region"
WRONG_LENGTH = "wrong-length"
YEAR_IMPLAUSIBLE = "year-implausible"

LENGTHS = {"bin": 12, "iin": 12, "kato": 9, "year": 4}
FIRST_YEAR = 2019  # the first reporting year a blank of this kind could be for; the form was set in January 2020

# How much likelier a given code that obeys its checks is than one that does not, before anything is read: 99 of 100
# codes on paper are right, and one of eleven possible codes obeys the check digit.
VALID_WEIGHT = 1000.0
VALID_SHARE = 1 / 11

_WEIGHTS = (tuple(range(1, 12)), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_BIN_TYPES = "456"  # digit 5 of a BIN: resident company, non-resident company, sole proprietors' joint firm
_IIN_DAYS = "0123"  # digit 5 of an IIN: tens of the day of birth
_CENTURIES = {"0": 2000, "1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}  # digit 7 of an IIN
_LOOK_ALIKES = str.maketrans("ОоOoЗзlI|Ііб", "000033111116")


@dataclass(frozen=True, slots=True)
class Code:
    """What a row of boxes says: the code, how likely it is what stands there, and what is wrong with it."""

    value: str  # "" where the boxes are empty
    confidence: float
    reasons: tuple[str, ...] = ()


def check_digit(first: str) -> int | None:
    """The twelfth digit that belongs to eleven, or None where such a number is never issued.

    The digits weighted 1 … 11 modulo 11; if that is 10, once more with the weights turned by two.

    >>> check_digit("02096063969"), check_digit("87101148047")
    (2, 3)
    """
    for weights in _WEIGHTS:
        rest = sum(w * int(d) for w, d in zip(weights, first, strict=True)) % 11
        if rest != 10:
            return rest
    return None


def has_check_digit(number: str) -> bool:
    """Whether twelve digits obey their check digit. It says nothing about digit 11, whose weight is 11 ≡ 0."""
    return len(number) == 12 and number.isdecimal() and check_digit(number[:11]) == int(number[11])


def kind_of(number: str) -> str:
    """Which of "bin" and "iin" digit 5 says it is; "" where neither.

    >>> kind_of("020960639692"), kind_of("871011480473"), kind_of("000090000000")
    ('bin', 'iin', '')
    """
    if len(number) != 12 or not number.isdecimal():
        return ""
    return "bin" if number[4] in _BIN_TYPES else "iin" if number[4] in _IIN_DAYS else ""


def has_date(number: str) -> bool:
    """Whether the date at the head of a BIN (year, month) or an IIN (year, month, day) can be one."""
    month = int(number[2:4])
    if not 1 <= month <= 12:
        return False
    if kind_of(number) == "bin":
        return True
    century = _CENTURIES.get(number[6])
    return century is not None and 1 <= int(number[4:6]) <= monthrange(century + int(number[:2]), month)[1]


def faults(code: str, check: str, latest_year: int) -> tuple[str, ...]:
    """Reasons why a code cannot be right as it stands; () for an empty one. `check` is the layout's word.

    >>> faults("020960639692", "bin", 2026), faults("020960639693", "bin", 2026), faults("9", "year", 2026)
    ((), ('check-digit',), ('wrong-length',))
    """
    if not code or check not in LENGTHS:
        return ()
    if len(code) != LENGTHS[check] or not code.isdecimal():
        return (WRONG_LENGTH,)
    if check == "year":
        return () if FIRST_YEAR <= int(code) <= latest_year else (YEAR_IMPLAUSIBLE,)
    if check == "kato":
        return () if code[:2] in REGION_CODES else (UNKNOWN_REGION,)
    wrong = () if has_check_digit(code) else (CHECK_DIGIT,)
    return wrong if has_date(code) else (*wrong, BAD_DATE)


def choose_code(alternatives: Sequence[Alternative], check: str, latest_year: int) -> Code:
    """The likeliest code among the readings that the pixels support, its check weighed in.

    A reading is never altered: a code that fails its check and has no valid neighbour among the readings stays as it
    is, with the reason. Confidence counts what was not listed as well, valid or not.
    """
    if not alternatives:
        return Code("", 1.0)
    found = _by_code(alternatives)
    first = next(iter(found))
    weigh = {code: p * _weight(code, check, latest_year) for code, p in found.items()}
    best = max(weigh, key=lambda code: weigh[code])
    unlisted = max(0.0, 1.0 - sum(found.values())) * (VALID_WEIGHT * VALID_SHARE + 1)
    confidence = weigh[best] / (sum(weigh.values()) + unlisted)
    chosen = (CHOSEN_BY_CHECK,) if best != first else ()
    return Code(best, confidence, faults(best, check, latest_year) + chosen)


def digits_of(text: str) -> str:
    """The code a text shows: letters that look like digits made digits, spaces and marks left out.

    >>> digits_of("02 09 6О 63 96 92"), digits_of("|2")
    ('020960639692', '12')
    """
    return "".join(ch for ch in text.translate(_LOOK_ALIKES) if ch.isalnum() or ch == "?")


def _by_code(alternatives: Sequence[Alternative]) -> dict[str, float]:
    """Probability of each code, best first, texts of the same code added up; together never more than 1."""
    found: dict[str, float] = {}
    for alternative in sorted(alternatives, key=lambda a: -a.logp):
        code = digits_of(alternative.text)
        found[code] = found.get(code, 0.0) + math.exp(min(alternative.logp, 0.0))
    total = max(1.0, sum(found.values()))
    return {code: p / total for code, p in found.items()}


def _weight(code: str, check: str, latest_year: int) -> float:
    """How likely a code is beforehand, against one that fails its check."""
    return 1.0 if faults(code, check, latest_year) else VALID_WEIGHT
