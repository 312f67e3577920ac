"""What people write into figure cells, and the codes that stand beside them, in the proportions the net learns."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

UNITS = ("тг", "тг.", "₸", "теңге", "тенге", "тыс", "тыс.", "тыс. тг", "тыс.тг", "мың теңге", "мың тг")
LARGE_UNITS = ("млн", "млн.", "млн тг", "млрд", "тысяч", "миллион", "к")
OKED_HEADS = ("58", "61", "62", "63", "95")
CODE = re.compile(r"1\.\d{1,2}(\.1)?|\d\d\.\d\d\.\d")
BOXES = (4, 9, 9, 12, 12)  # figures of a year, a KATO, a BIN
NUMBER_LENGTHS = ((1, 2, 3, 4, 5, 6, 7, 8, 9), (7, 8, 16, 19, 19, 16, 9, 3, 3))  # digits and their weights


def draw_text(rng: random.Random) -> str:
    """One cell's text; "" for a blank with dirt in it."""
    kinds: tuple[tuple[Callable[[random.Random], str], int], ...] = (
        (_amount, 52),
        (_marked, 8),
        (_with_unit, 8),
        (_code, 8),
        (_boxed, 3),
        (_fixed("0123456789"), 7),
        (_fixed("-"), 6),
        (_fixed("ХХАБВ"), 4),
        (_fixed(""), 4),
    )
    makers, weights = zip(*kinds, strict=True)
    return str(rng.choices(makers, weights)[0](rng))


def handwritable(text: str) -> bool:
    """Whether people write it by hand: codes and the letters of the number row are only printed."""
    return not CODE.fullmatch(text) and not set(text) & set("АБВ₸")


def grouped(digits: str, mark: str) -> str:
    """Digits in groups of three.

    >>> grouped("1234567", " ")
    '1 234 567'
    """
    head = len(digits) % 3
    groups = ([digits[:head]] if head else []) + [digits[i : i + 3] for i in range(head, len(digits), 3)]
    return mark.join(groups)


def _fixed(signs: str) -> Callable[[random.Random], str]:
    """One of these signs, or nothing if there are none."""
    return lambda rng: rng.choice(signs) if signs else ""


def _amount(rng: random.Random) -> str:
    length = rng.choices(*NUMBER_LENGTHS)[0]
    digits = str(rng.randint(10 ** (length - 1), 10**length - 1))
    if rng.random() < 0.15:  # round sums: runs of zeros are the hardest to count
        digits = digits[: rng.randint(1, length)].ljust(length, "0")
    mark = rng.choices(("", " ", ".", ",", "'"), (45, 42, 5, 3, 5))[0]
    text = grouped(digits, mark)
    if rng.random() < 0.35:
        point = "," if mark == "." else "." if mark == "," else rng.choices((",", "."), (70, 30))[0]
        text += point + "".join(rng.choice("0123456789") for _ in range(rng.choice((1, 1, 1, 2))))
    return text


def _marked(rng: random.Random) -> str:
    """Negative, bracketed, per cent."""
    shape = rng.choice(("-{}", "- {}", "({})", "({})", "{}%", "{} %", "{}-"))
    return shape.format(_amount(rng))


def _with_unit(rng: random.Random) -> str:
    return _amount(rng) + rng.choice((" ", " ", " ", "")) + rng.choice(UNITS + LARGE_UNITS)


def _boxed(rng: random.Random) -> str:
    """Figures one to a box, read as one line."""
    return " ".join(rng.choice("0123456789") for _ in range(rng.choice(BOXES)))


def _code(rng: random.Random) -> str:
    """Line codes and activity codes, now and then with a comma or nothing between."""
    if rng.random() < 0.5:
        line = f"1.{rng.randint(1, 19)}"
        text = rng.choice(("1", line, line, f"{line}.1"))
    else:
        text = f"{rng.choice(OKED_HEADS)}.{rng.randint(0, 99):02d}.{rng.randint(0, 9)}"
    return text.replace(".", rng.choices((".", ",", " ", ""), (88, 4, 5, 3))[0])
