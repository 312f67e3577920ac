"""Texts made comparable: look-alike letters, broken and letter-spaced words, codes whose points are lost."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

# Every look-alike goes to one representative; which one is no matter, as both sides are folded alike.
_LOOKALIKES = str.maketrans(
    {
        **dict(zip("aceopxykmhtb", "асеорхукмнтв", strict=True)),
        **dict(zip("әғқңөұүһёəɵ", "агкноуунеао", strict=True)),
        **dict.fromkeys("іийlјı|", "i"),
        "0": "о",
    }
)
_NO_WORD = re.compile(r"[\W_]+")

# What a reader of figures makes of signs in a code that can only hold digits and points.
_DIGIT_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("OОoоQ", "0"),
        **dict.fromkeys("lI|iІі", "1"),
        **dict.fromkeys("Зз", "3"),
        **dict.fromkeys("б", "6"),
        **dict.fromkeys("Ss", "5"),
    }
)
_SEPARATORS = re.compile(r"[\s.,;:·•'’`‐-―-]+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The text without case, spaces, punctuation and the difference between look-alike letters.

    >>> fold("о н ы ң  ішінде") == fold("Oның iшiнде:")
    True
    """
    return _NO_WORD.sub("", text.lower()).translate(_LOOKALIKES)


@lru_cache(maxsize=8192)
def canonical_code(text: str) -> str:
    """A line code as the layout writes it, as far as the text lets one tell.

    >>> canonical_code("1,3"), canonical_code("1 3 ."), canonical_code("l.16.1"), canonical_code("Барлығы")
    ('1.3', '1.3', '1.16.1', '')
    """
    parts = [part for part in _SEPARATORS.split(text.strip().translate(_DIGIT_LOOKALIKES)) if part]
    return ".".join(parts) if parts and all(part.isdigit() for part in parts) else ""


def digits_of(text: str) -> str:
    """Only the digits, look-alikes repaired; "" if anything but digits and separators stands there.

    >>> digits_of("62.01.1"), digits_of("62 O1 l"), digits_of("Х")
    ('62011', '62011', '')
    """
    return canonical_code(text).replace(".", "")


def likeness(first: str, second: str) -> float:
    """How alike two texts are once folded: 0 … 100 (rapidfuzz ratio)."""
    return fuzz.ratio(fold(first), fold(second))


def part_likeness(part: str, whole: str) -> float:
    """How well a text fits inside a longer one once folded: 0 … 100; 0 for a text too short to tell."""
    short, long = fold(part), fold(whole)
    if len(short) < SHORTEST_TELLING:
        return 0.0
    return fuzz.partial_ratio(short, long) if len(short) <= len(long) else fuzz.ratio(short, long)


SHORTEST_TELLING = 4  # letters; shorter texts fit nearly anywhere
