"""The region that a text names → the first two digits of its KATO code."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz

DATA = Path(__file__).with_name("data") / "regions.csv"
SAME_ROOT = 84.0  # rapidfuzz points between a word and a root: one letter in six or seven may be misread
LONG_ROOT = 6  # letters; shorter roots must be read exactly

_REGION_WORD = re.compile(r"^(облыс\w*|област\w*|обл)$")
_CITY_WORD = re.compile(r"^(кала\w*|город\w*|г|к|гор)$")
_FOLD = str.maketrans("әғқңөұүһіёйaeopcyxkmthb", "агкноуухиеиаеорсухкмтнв")  # one letter for each family


@dataclass(frozen=True, slots=True)
class Region:
    """One of the twenty: `code` is the head of its KATO codes, `city` one of republican significance."""

    code: str
    city: bool
    kk: str
    ru: str
    roots: tuple[str, ...]  # folded words its name begins with, in the forms people write


def folded(text: str) -> str:
    """Lower case, one letter for each family of look-alikes, words parted by single spaces.

    >>> folded("«Ақмола» облысы") == folded("AКМОЛА ОБЛЫСЫ.")
    True
    """
    return " ".join(re.findall(r"[^\W_]+", text.casefold().translate(_FOLD)))


@lru_cache(maxsize=1)
def regions() -> tuple[Region, ...]:
    """All regions, by code."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(
            Region(
                row["code"],
                row["kind"] == "city",
                row["kk"],
                row["ru"],
                tuple(folded(root) for root in row["roots"].split(",")),
            )
            for row in csv.DictReader(file, delimiter=";")
        )


REGION_CODES = frozenset(region.code for region in regions())


def region_code(text: str) -> str:
    """The two digits that KATO codes of the named region begin with; "" where the text names none, or several.

    The word beside «область» or «облысы» counts first, then a city of republican significance, then any other name.

    >>> region_code("Павлодарская область, г. Экибастуз"), region_code("Ақтөбе облысы, Ақтөбе қаласы")
    ('55', '15')
    >>> region_code("г. Алматы, Бостандыкский район"), region_code("Алматинская обл."), region_code("Лондон")
    ('75', '19', '')
    """
    words = folded(text.replace("\n", " ")).split()
    for choose in (_beside_region_word, _beside_city_word, _anywhere):
        codes = choose(words)
        if codes:
            return codes.pop() if len(codes) == 1 else ""
    return ""


def beyond_region(text: str) -> tuple[str, ...]:
    """The folded words of a text without «область» and the region's name beside it: what it says of a smaller place.

    >>> beyond_region("Павлодар облысы, Павлодар қаласы"), beyond_region("область Абай")
    (('павлодар', 'каласы'), ())
    """
    words = folded(text.replace("\n", " ")).split()
    roots = [root.split() for region in regions() if not region.city for root in region.roots]
    spots = [i for i, word in enumerate(words) if _REGION_WORD.match(word)]
    before = [
        (i - len(root), i + 1)
        for i in spots
        for root in roots
        if _same(words[max(0, i - len(root)) : i], " ".join(root))
    ]
    after = [
        (i, i + 1 + len(root))
        for i in spots
        for root in roots
        if _same(words[i + 1 : i + 1 + len(root)], " ".join(root))
    ]
    start, end = min(before or after, default=(0, 0))
    return tuple(words[: max(0, start)] + words[end:])


def _beside_region_word(words: list[str]) -> set[str]:
    """Regions, not cities, whose name stands right before or after «область»; before wins."""
    spots = [i for i, word in enumerate(words) if _REGION_WORD.match(word)]
    plain = [region for region in regions() if not region.city]
    before = {r.code for i in spots for r in plain if _ends_at(words, i, r)}
    return before or {r.code for i in spots for r in plain if _starts_at(words, i + 1, r)}


def _beside_city_word(words: list[str]) -> set[str]:
    """Cities of republican significance before «қаласы» or after «город»."""
    spots = [i for i, word in enumerate(words) if _CITY_WORD.match(word)]
    cities = [region for region in regions() if region.city]
    before = {r.code for i in spots for r in cities if _ends_at(words, i, r)}
    return before or {r.code for i in spots for r in cities if _starts_at(words, i + 1, r)}


def _anywhere(words: list[str]) -> set[str]:
    """Any name in the text; a city is preferred to the region of the same name."""
    found = [r for r in regions() if any(_starts_at(words, i, r) for i in range(len(words)))]
    cities = {r.code for r in found if r.city}
    return cities or {r.code for r in found}


def _ends_at(words: list[str], end: int, region: Region) -> bool:
    return any(_same(words[max(0, end - len(root.split())) : end], root) for root in region.roots)


def _starts_at(words: list[str], start: int, region: Region) -> bool:
    return any(_same(words[start : start + len(root.split())], root) for root in region.roots)


def _same(words: list[str], root: str) -> bool:
    """Whether the words begin as the root does, a misread letter allowed in long ones."""
    said = " ".join(words)
    if said == root:
        return True
    if len(root) < LONG_ROOT or len(said) < len(root) - 1:
        return False
    return fuzz.ratio(said[: len(root)], root) >= SAME_ROOT and len(said) <= len(root) + 4
