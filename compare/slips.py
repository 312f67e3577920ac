"""How one figure may have become another: the class of a single disagreement."""

from __future__ import annotations

from decimal import Decimal

from rapidfuzz.distance import OSA, Levenshtein

from compare.records import Slip

THOUSAND = Decimal(1000)
TENS = tuple(Decimal(10) ** power for power in (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6))


def slip_of(machine: Decimal | None, manual: Decimal | None) -> Slip:
    """What kind of disagreement it is, seen from the machine's figure; None is blank.

    >>> slip_of(Decimal("12345.6"), Decimal("12354.6")).value, slip_of(Decimal(45), Decimal(45000)).value
    ('digits-transposed', 'unit')
    >>> slip_of(Decimal("12.345"), Decimal(12345)).value, slip_of(Decimal("120.5"), Decimal(1205)).value
    ('mark', 'mark')
    >>> slip_of(Decimal(1230), Decimal(123)).value, slip_of(Decimal(1230), Decimal(12230)).value
    ('digit-lost', 'digit-doubled')
    >>> slip_of(None, Decimal(0)).value, slip_of(None, Decimal(7)).value, slip_of(Decimal(7), Decimal(0)).value
    ('blank-zero', 'filled-in', 'left-out')
    """
    if not machine and not manual:
        return Slip.BLANK_ZERO
    if not machine or not manual:
        return Slip.LEFT_OUT if machine else Slip.FILLED_IN
    if machine == -manual:
        return Slip.SIGN
    one, other = plain(machine), plain(manual)
    return _power(machine, manual) or _digits(one.replace(".", ""), other.replace(".", ""), one, other)


def plain(value: Decimal) -> str:
    """A figure's digits and decimal point alone, as few of them as say it.

    >>> plain(Decimal("-1200.50")), plain(Decimal("1E+3"))
    ('1200.5', '1000')
    """
    text = f"{abs(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _power(machine: Decimal, manual: Decimal) -> Slip | None:
    """A mark that stands elsewhere, or another unit."""
    ratio = next((each for each in TENS if machine * each == manual), None)
    if ratio is None:
        return None
    small = min(machine, manual, key=abs)
    if ratio in {THOUSAND, 1 / THOUSAND}:  # «12.345» is a thousands mark misread; 45 and 45 000 are two units
        return Slip.MARK if _decimals(small) >= 3 else Slip.UNIT
    return Slip.MARK if _decimals(machine) != _decimals(manual) else None  # else noughts were lost or added


def _decimals(value: Decimal) -> int:
    return len(plain(value).partition(".")[2])


def _digits(one: str, other: str, one_plain: str, other_plain: str) -> Slip:
    """What happened to the digits; marks aside, unless only they differ."""
    if one == other:
        return Slip.MARK
    if one_plain.partition(".")[2] and other_plain.partition(".")[2] and _aligned(one_plain, other_plain):
        one, other = one_plain, other_plain
    if Levenshtein.distance(one, other) == 2 and OSA.distance(one, other) == 1:
        return Slip.TRANSPOSED
    edits = Levenshtein.editops(one, other).as_list()
    kinds = {tag for tag, _at, _to in edits}
    if len(edits) == 1 and kinds != {"replace"}:
        return Slip.LOST if kinds == {"delete"} else _one_more(one, other)
    few = len(edits) <= max(1, min(len(one), len(other)) // 3)
    return Slip.SUBSTITUTED if few and kinds == {"replace"} else Slip.OTHER


def _one_more(one: str, other: str) -> Slip:
    """A digit written twice, or one that was not there."""
    pairs = (other[at] == other[at - 1] and other[:at] + other[at + 1 :] == one for at in range(1, len(other)))
    return Slip.DOUBLED if any(pairs) else Slip.ADDED


def _aligned(one: str, other: str) -> bool:
    return len(one.partition(".")[2]) == len(other.partition(".")[2])
