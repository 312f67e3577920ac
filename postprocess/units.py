"""Unit words beside an amount: «тг», «мың теңге», «млн» and what typists and OCR make of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

FORM_UNITS = {  # a layout's unit → its size in tenge, as a power of ten
    "tenge": 0,
    "thousand tenge": 3,
    "million tenge": 6,
}
THOUSAND = 3  # thousand tenge as a power of ten of one tenge
GUESS_RATIO = 75.0  # rapidfuzz points; a likelier spelling than this is named, but a person looks
GUESS_LENGTH = 3  # letters; shorter words have too many neighbours to guess at

_SPELLINGS = {
    0: ("тг", "тнг", "тенге", "теңге", "₸", "kzt", "tg", "tenge"),
    3: ("тыс", "тысяч", "тысяча", "тысячи", "мың", "тт", "ттг", "k"),
    6: ("млн", "миллион", "миллиона", "миллионов", "mln"),
    9: ("млрд", "миллиард", "миллиарда", "миллиардов", "mlrd"),
    12: ("трлн", "триллион", "триллиона", "триллионов"),
}
_MONEY = ("", "тг", "тнг", "тенге", "теңге", "₸", "kzt")

# One letter for every shape: Latin and Kazakh letters that a typist or an engine puts for a Cyrillic one.
_SHAPES = str.maketrans(
    {
        "a": "а", "ә": "а", "e": "е", "ё": "е", "o": "о", "ө": "о", "p": "р", "c": "с", "t": "т", "r": "г", "ғ": "г",
        "m": "м", "h": "н", "ң": "н", "n": "н", "y": "у", "k": "к", "қ": "к", "b": "ь", "i": "і", "l": "і", "1": "і",
        "|": "і", "d": "д",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitWord:
    """A unit as a power of ten of one tenge; `sure` is False where the spelling was guessed."""

    exponent: int
    sure: bool


def in_thousands(unit: str) -> bool:
    """Whether a layout's unit is thousand tenge, the one that respondents take for tenge.

    >>> in_thousands("thousand tenge"), in_thousands("persons")
    (True, False)
    """
    return FORM_UNITS.get(unit) == THOUSAND


def skeleton(word: str) -> str:
    """The word in one alphabet of shapes, without points and spaces: what look-alikes cannot change.

    >>> skeleton("тьіс. Tr") == skeleton("ТЫС.ТГ")
    True
    """
    plain = "".join(ch for ch in word.casefold() if ch.isalnum() or ch in "₸|")
    return plain.translate(_SHAPES).replace("ьі", "ы")


@lru_cache(maxsize=1)
def _known() -> dict[str, int]:
    """Every spelling's skeleton, money words added after a multiple, with its power of ten."""
    table: dict[str, int] = {}
    for exponent, words in _SPELLINGS.items():
        for word in words:
            for money in _MONEY if exponent else ("",):
                table.setdefault(skeleton(word + money), exponent)
    return table


def unit_of(words: str) -> UnitWord | None:
    """The unit that the words beside a figure name, or None if they name none.

    >>> unit_of("мың теңге"), unit_of("Tr"), unit_of("руб")
    (UnitWord(exponent=3, sure=True), UnitWord(exponent=0, sure=True), None)
    """
    shape = skeleton(words)
    known = _known()
    if shape in known:
        return UnitWord(known[shape], sure=True)
    if len(shape) < GUESS_LENGTH:
        return None
    best = process.extractOne(shape, list(known), scorer=fuzz.ratio, score_cutoff=GUESS_RATIO)
    return UnitWord(known[best[0]], sure=False) if best else None
