"""Names of countries, as people write them in three languages → ISO 3166 codes."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

COUNTRY_GUESSED = "country-guessed"
COUNTRY_UNKNOWN = "country-unknown"

DATA = Path(__file__).with_name("data")
ALIKE = 80.0  # rapidfuzz points; a name spelt farther off is not guessed at
ALIKE_MARGIN = 6.0  # points between the best and the next country; below it the name may be either
GUESS_LENGTH = 4  # letters; abbreviations are right or wrong, never nearly right
MOST_WORDS = 6  # words of the longest name we look for at once

_CROSSES = frozenset("хx×✕")
_PARTS = re.compile(r"[,;/|\n]+")
_JOINERS = frozenset({"и", "жане", "мен", "пен", "бен", "and"})
_FOLD = str.maketrans(
    dict(zip("әғқңөұүһіёйaeopcyxkmthbi", "агкноуухиеиаеорсухкмтнви", strict=True)) | {"ъ": "", "ь": ""}
)


@dataclass(frozen=True, slots=True)
class Countries:
    """The countries a cell names, in its order, each once; `reasons` where a name was guessed or is unknown."""

    codes: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # the words that name no country


def read_countries(text: str) -> Countries:
    r"""The countries that a text names; none for a blank, a dash or a printed «Х».

    >>> read_countries("Ресей, Германия").codes, read_countries("США и ОАЭ").codes, read_countries("Х").codes
    (('RU', 'DE'), ('US', 'AE'), ())
    >>> read_countries("Ресеи Қытаи Герма\nния").codes, read_countries("Турцмя").reasons
    (('RU', 'CN', 'DE'), ('country-guessed',))
    """
    tries = [_read(variant) for variant in _variants(text)]
    return min(tries, key=lambda read: (len(read.unknown), len(read.reasons)))


def _variants(text: str) -> list[str]:
    """The text with its line breaks as part marks, as spaces, and as breaks within a word."""
    joined = re.sub(r"[-\u00ad]?\s*\n\s*", "", text)
    return list(dict.fromkeys([text, text.replace("\n", " "), joined]))


def _read(text: str) -> Countries:
    codes: list[str] = []
    unknown: list[str] = []
    guessed = False
    for part in _PARTS.split(text):
        for name, code, sure in _names(part):
            guessed |= not sure and bool(code)
            if code and code not in codes:
                codes.append(code)
            elif not code:
                unknown.append(name)
    reasons = ((COUNTRY_GUESSED,) if guessed else ()) + ((COUNTRY_UNKNOWN,) if unknown else ())
    return Countries(tuple(codes), reasons, tuple(unknown))


def _names(part: str) -> list[tuple[str, str, bool]]:
    """(words, code or "", certain) for each name in a part of a cell, the longest exact names first."""
    words = re.findall(r"[^\W_]+(?:[.'’][^\W_]+)*\.?", part)
    found: list[tuple[str, str, bool]] = []
    at = 0
    while at < len(words):
        skip = _fold(words[at]) in _JOINERS | _CROSSES
        taken = _exact(words, at) or (None if skip else _near(words, at))
        if taken:
            found.append(taken[:3])
        elif not skip:
            found.append((words[at], "", False))
        at += taken[3] if taken else 1
    return found


def _exact(words: list[str], at: int) -> tuple[str, str, bool, int] | None:
    for count in range(min(MOST_WORDS, len(words) - at), 0, -1):
        name = " ".join(words[at : at + count])
        if code := _book().get(_fold(name)) or _alpha2(name):
            return name, code, True, count
    return None


def _near(words: list[str], at: int) -> tuple[str, str, bool, int] | None:
    """A name spelt nearly so: of several lengths the one that fits best."""
    best: tuple[float, str, str, int] | None = None
    for count in range(1, min(MOST_WORDS, len(words) - at) + 1):
        name = " ".join(words[at : at + count])
        folded = _fold(name)
        if len(folded) < GUESS_LENGTH:
            continue
        hits = process.extract(folded, list(_book()), scorer=fuzz.ratio, limit=8, score_cutoff=ALIKE)
        if not hits:
            continue
        code = _book()[hits[0][0]]
        rivals = [score for other, score, _ in hits if _book()[other] != code]
        if rivals and hits[0][1] - rivals[0] < ALIKE_MARGIN:
            continue
        if best is None or hits[0][1] > best[0]:
            best = (hits[0][1], name, code, count)
    return (best[1], best[2], False, best[3]) if best else None


def _alpha2(name: str) -> str:
    """The name if it is a two-letter code in capital Latin letters, else ""."""
    return name if len(name) == 2 and name in set(_book().values()) else ""


@lru_cache(maxsize=1)
def _book() -> dict[str, str]:
    """Folded name → alpha-2 code; the first country that bears a name keeps it."""
    book: dict[str, str] = {}
    with (DATA / "country_aliases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            book.setdefault(_fold(row["alias"]), row["alpha2"])
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row in rows:
        for name in (row["kk"], row["ru"], row["en"], row["alpha3"]):
            book.setdefault(_fold(name), row["alpha2"])
    return book


def _fold(name: str) -> str:
    """Lower case, one letter for each family of look-alikes, letters and single spaces only."""
    folded = name.casefold().replace("і", "и").translate(_FOLD)
    return " ".join(re.findall(r"[^\W_]+", folded.replace(".", "")))
