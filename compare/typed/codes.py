r"""Line codes, column and section numbers as spreadsheets leave them.

A spreadsheet takes "1.10" for the number 1.1, and "1.2" for the 1st of February. The number 1.1 may then be line 1.1 or
line 1.10; as a form's lines stand in their order, the lines before and after it mostly tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from compare.typed.records import Entry

_WORDS = re.compile(
    r"строк[аи]|графа|раздел|стр\.?|гр\.?|line|row|column|col\.?|section|-?\s*жол\w*|-?\s*баған\w*|-?\s*бөлім\w*|№",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{1,4})[./\- ](\w{1,9}?)\.?(?:[./\- ](\d{1,4}))?(?:\s+00:00(?::00)?)?")
_MONTH_DAY = re.compile(r"([^\W\d]{3,9})\.?[./\- ](\d{1,2})")
_DAYS = re.compile(r"0\d\.\d\d(\.\d{2,4})?|\d{1,2}\.\d{1,2}\.(19|20)\d\d|\d{4}-\d\d-\d\d.*")
_NAMED = re.compile(r"\d{1,2}[./\- ]([^\W\d]{3,9})\.?([./\- ]\d{2,4})?|([^\W\d]{3,9})\.?[./\- ]\d{1,2}")
_MONTHS = (
    ("янв", "қаң", "jan"), ("фев", "ақп", "feb"), ("мар", "нау", "mar"), ("апр", "сәу", "apr"),
    ("май", "мам", "may"), ("июн", "мау", "jun"), ("июл", "шіл", "jul"), ("авг", "там", "aug"),
    ("сен", "қыр", "sep"), ("окт", "қаз", "oct"), ("ноя", "қар", "nov"), ("дек", "жел", "dec"),
)  # fmt: skip
REMEMBERED = 4096  # codes: a table of thousands of forms says the same few again and again
CENTURY = 2000  # "1.3.1" becomes the 1st of March 2001


@lru_cache(REMEMBERED)
def bare(text: str) -> str:
    """A code without the word for what it is, without blanks, with a point where a comma stands.

    >>> bare("строка 1,10"), bare("2-бөлім"), bare("1.7 жол"), bare("графа 6"), bare("1.16.1.")
    ('1.10', '2', '1.7', '6', '1.16.1')
    """
    return re.sub(r"\s+", "", _WORDS.sub("", text)).replace(",", ".").strip(".-_")


def meant(entry: Entry, codes: Sequence[str]) -> tuple[str, ...]:
    """The codes an entry may stand for, as written first; none where it is no code.

    >>> meant(Entry("1.10"), ("1", "1.1", "1.10")), meant(Entry(Decimal("1.1")), ("1", "1.1", "1.10"))
    (('1.10',), ('1.1', '1.10'))
    >>> meant(Entry(date(2026, 2, 1)), ("1.2", "1.3.1")), meant(Entry("01.мар.01"), ("1.3", "1.3.1"))
    (('1.2',), ('1.3.1',))
    """
    if isinstance(entry.content, bool):
        return ()
    if isinstance(entry.content, date):
        return _from_date(entry.content.day, entry.content.month, entry.content.year, codes)
    return _meant(entry.text, tuple(codes), kept=keeps_zero(entry))


@lru_cache(REMEMBERED)
def _meant(written: str, codes: tuple[str, ...], *, kept: bool) -> tuple[str, ...]:
    text = bare(written)
    as_written = tuple(code for code in codes if code.casefold() == text.casefold())
    if as_written and kept:
        return as_written
    others = tuple(code for code in codes if code not in as_written and same_number(code, text))
    return as_written + others or _from_text(written, codes)


def keeps_zero(entry: Entry) -> bool:
    """Whether it is a text with a nought at the end of its decimals, which no number has.

    >>> keeps_zero(Entry("1.10")), keeps_zero(Entry("1.1")), keeps_zero(Entry("10"))
    (True, False, False)
    """
    text = bare(entry.text)
    return isinstance(entry.content, str) and "." in text and text.endswith("0")


@lru_cache(REMEMBERED)
def is_date(text: str) -> bool:
    """Whether a text is what a spreadsheet saves for a number that it took for a day; a nought heads no number.

    >>> is_date("01.05"), is_date("05.май"), is_date("Jan-05"), is_date("1.5"), is_date("12 млн"), is_date("0.05")
    (True, True, True, False, False, False)
    """
    plain = text.strip()
    if _DAYS.fullmatch(plain):
        return True
    named = _NAMED.fullmatch(plain)
    return bool(named and _month(named[1] or named[3]))


def in_order(rows: Sequence[Sequence[int]]) -> list[tuple[int, ...]] | None:
    """Of each row's possible positions those it can have if rows stand in order; None if no choice is in order.

    >>> in_order([(0,), (1, 10), (9,), (1, 10), (11,)])
    [(0,), (1,), (9,), (10,), (11,)]
    >>> in_order([(0,), (1, 10), (11,)]), in_order([(5,), (1, 3)])
    ([(0,), (1, 10), (11,)], None)
    """
    left: list[tuple[int, ...]] = []
    least = -1
    for row in rows:
        later = tuple(position for position in row if position > least)
        if not later:
            return None
        left.append(later)
        least = min(later)
    most = None
    for number in range(len(left) - 1, -1, -1):
        left[number] = tuple(position for position in left[number] if most is None or position < most)
        most = max(left[number])
    return left


def same_number(one: str, other: str) -> bool:
    """Whether two texts are one number.

    >>> same_number("1.10", "1.1"), same_number("1.3.1", "1.3.1")
    (True, False)
    """
    return _number(one) == _number(other) is not None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _from_text(text: str, codes: Sequence[str]) -> tuple[str, ...]:
    """Codes of a date that was saved as text: "01.02", "01.фев", "Jan-02", "01.03.2001", "2026-02-01 00:00:00"."""
    hit = _DATE.fullmatch(text.strip())
    named = _MONTH_DAY.fullmatch(text.strip())
    if named and _month(named[1]):
        return _from_date(int(named[2]), _month(named[1]), 0, codes)
    if hit is None:
        return ()
    first, month, last = hit[1], _month(hit[2]), int(hit[3] or 0)
    if not month:
        return ()
    if len(first) == 4:
        return _from_date(last, month, int(first), codes)
    return _from_date(int(first), month, last + CENTURY * (hit[3] is not None and len(hit[3]) < 4), codes)


def _month(text: str) -> int:
    """The number of a month, 0 if it is none."""
    if text.isdecimal():
        return int(text) if int(text) <= len(_MONTHS) else 0
    start = text.casefold()[:3]
    return next((number for number, names in enumerate(_MONTHS, 1) if start in names), 0)


def _from_date(day: int, month: int, year: int, codes: Sequence[str]) -> tuple[str, ...]:
    """The codes that a spreadsheet turns into this day; three parts before two, as only they set the year."""
    short = (f"{day}.{month}", f"{month}.{day}")
    long = tuple(f"{text}.{year - CENTURY}" for text in short)
    for texts in (long, short):
        if found := tuple(dict.fromkeys(text for text in texts if text in codes)):
            return found
    return ()
