"""Several readers' word about the same crops made one: ranked readings, and how many readers agree on the best."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from extract.readers.calibration import SUREST, Calibration, calibration_of
from extract.readers.ppocr import CODES, PpOcr
from extract.records import Alternative, Calibrated, Crop, FigureReader, Readers

FOLDED = 10_000  # texts whose folding is remembered: every reading of a crop is compared with every other
KEPT = 12  # readings a crop after merging
OWN = 3  # of a reader's own readings kept as it gave them: what it says first, and what it was in two minds about
OTHERS = 50  # strings among which a reader's unlisted probability is thought to be spread
LONE_WORD = math.log(0.9)  # what Tesseract's reading of a unit counts for: it gives none that can be trusted
DASHES = str.maketrans(dict.fromkeys("–—―−‐", "-"))
CROSSES = str.maketrans(dict.fromkeys("×XxХ", "х"))
UNIT_LETTER = re.compile(r"[а-яёәғқңөұүһі₸]")
DECIMAL_MARK = re.compile(r"[.,](?!\d{3}(?!\d))(?=\d+\D*$)")  # a last mark that cannot be a thousands mark
LATIN = str.maketrans({"A": "А", "B": "В"})  # the number row's letters, however read
SURE_CODE = math.log(0.97)  # a code read this surely by the fast reader is not shown to the slow one


@dataclass(frozen=True, slots=True)
class FigureReading:
    """What one crop may say, best first; how many of the readers asked gave the first of them."""

    alternatives: tuple[Alternative, ...]
    witnesses: int
    readers: int
    said: tuple[Alternative, ...] = ()  # each reader's own best before merging, in the order asked; "" for nothing seen


def read_figures(readers: Readers, crops: Sequence[Crop]) -> list[FigureReading]:
    """Every crop read by every figure reader, their readings merged; one call for all crops is the fast way."""
    if not crops:
        return []
    said = [reader.read(crops) for reader in readers.figures]
    names = [reader.name for reader in readers.figures]
    own = [_own_words(zip(names, lists, strict=True)) for lists in zip(*said, strict=True)]
    for i, each in _read_as_text(readers, crops, said[0]).items():
        own[i] += _own_words([(readers.text.name, each)])
        for lists in said[1:]:
            lists[i] = each

    def case_of(case: str) -> Calibrated:
        return readers.together.get(case) or calibration_of(case)

    return [replace(_merged(lists, case_of), said=words) for *lists, words in zip(*said, own, strict=True)]


def combine(
    first: Sequence[tuple[Alternative, ...]],
    second: Sequence[tuple[Alternative, ...]],
    calibration: Calibration | None = None,
) -> list[FigureReading]:
    """Two readers' readings of the same crops, merged crop by crop; `calibration` takes the place of the fitted one."""

    def case_of(case: str) -> Calibrated:
        return calibration or calibration_of(case)

    return [_merged(pair, case_of) for pair in zip(first, second, strict=True)]


def read_codes(readers: Readers, crops: Sequence[Crop]) -> list[tuple[Alternative, ...]]:
    """Line codes, activity codes and the signs of the number row; letters come back Cyrillic («А», «Б», «В»).

    The leading reader speaks first, PP-OCR is asked where it is not sure.
    """
    found = [tuple(map(_as_code, each)) for each in readers.figures[0].read(crops)]
    doubtful = [i for i, each in enumerate(found) if not each or each[0].logp < SURE_CODE]
    asked = code_reader().read([crops[i] for i in doubtful])
    for i, each in zip(doubtful, asked, strict=True):
        found[i] = _merged([found[i], tuple(map(_as_code, each))]).alternatives
    return found


def orient_score(readers: Readers, crops: list[Crop]) -> float:
    """Mean log-probability that these crops read well the way they stand; what is not read at all counts as worst."""
    if not crops:
        return math.log(SUREST)
    best = [each[0].logp if each else math.log(SUREST) for each in readers.figures[0].read(crops)]
    return float(np.mean(best))


@lru_cache(maxsize=FOLDED)
def folded(text: str) -> str:
    """A reading as it is compared with another: signs that mean the same are the same.

    >>> folded("12 345.6"), folded("12'345"), folded("—"), folded("12.345")
    ('12345,6', '12345', '-', '12.345')
    """
    bare = "".join(text.split()).translate(DASHES).translate(CROSSES).replace("’", "").replace("'", "").lower()
    return DECIMAL_MARK.sub(",", bare)


@cache
def code_reader() -> FigureReader:
    """PP-OCR limited to what stands in codes."""
    return PpOcr(CODES, kind="codes")


def _as_code(alternative: Alternative) -> Alternative:
    return Alternative(alternative.text.translate(LATIN), alternative.logp, alternative.reader)


def _read_as_text(
    readers: Readers, crops: Sequence[Crop], first: Sequence[tuple[Alternative, ...]]
) -> dict[int, tuple[Alternative, ...]]:
    """Crops in which the leading reader sees a unit word, read by the text reader: PP-OCR knows no Cyrillic."""
    worded = [i for i, each in enumerate(first) if each and UNIT_LETTER.search(each[0].text)]
    texts = readers.text.read([crops[i].raw for i in worded]) if worded else []
    return {
        i: (Alternative(" ".join(text.split()), LONE_WORD, readers.text.name),) if text.strip() else ()
        for i, text in zip(worded, texts, strict=True)
    }


def _own_words(said: Iterable[tuple[str, tuple[Alternative, ...]]]) -> tuple[Alternative, ...]:
    """What readers, by name, said of one crop, each for itself; one that saw nothing says ""."""
    return tuple(word for name, each in said for word in each[:OWN] or (Alternative("", 0.0, name),))


def _merged(
    said: Sequence[tuple[Alternative, ...]], case_of: Callable[[str], Calibrated] = calibration_of
) -> FigureReading:
    """The readings of all readers in one ranking.

    The readers' log-probabilities of a reading add up; "something else" takes part, so that two doubtful readers do
    not become sure of each other. One that sees nothing has no say, but where it is silent the others are less
    believed.
    """
    texts = _spellings(said)
    if not texts:
        return FigureReading((), 0, len(said))
    spoken = [each for each in said if each]
    scores = {key: sum(_belief(each, key) for each in spoken) for key in texts}
    if len(spoken) > 1:
        other = sum(_left(each) for each in spoken) + math.log(OTHERS)
        total = float(np.logaddexp.reduce([*scores.values(), other]))
        scores = {key: score - total for key, score in scores.items()}
    ranked = sorted(scores, key=lambda key: (-scores[key], key))[:KEPT]
    witnesses = sum(1 for each in said if each and folded(each[0].text) == ranked[0])
    merged = [(key, scores[key]) for key in ranked]
    if len(said) > 1:
        merged = case_of(case_among(len(spoken), witnesses)).apply(merged)
    alternatives = tuple(Alternative(texts[key].text, logp, _names(said, key)) for key, logp in merged)
    return FigureReading(alternatives, witnesses, len(said))


def case_among(spoken: int, witnesses: int) -> str:
    """Under which name several readers' common word is calibrated.

    >>> case_among(2, 2), case_among(2, 1), case_among(1, 1)
    ('agreed', 'disputed', 'alone')
    """
    return "alone" if spoken == 1 else "agreed" if witnesses > 1 else "disputed"


def _spellings(said: Sequence[tuple[Alternative, ...]]) -> dict[str, Alternative]:
    """Folded text to the surest reading spelled so."""
    spelled: dict[str, Alternative] = {}
    for alternative in (a for each in said for a in each):
        key = folded(alternative.text)
        if key not in spelled or alternative.logp > spelled[key].logp:
            spelled[key] = alternative
    return spelled


def _belief(each: tuple[Alternative, ...], key: str) -> float:
    """A reader's log-probability of a reading."""
    same = [a.logp for a in each if folded(a.text) == key]
    return float(np.logaddexp.reduce(same)) if same else _left(each)


def _left(each: tuple[Alternative, ...]) -> float:
    """Logarithm of what a reader gives to each string it does not list."""
    listed = sum(math.exp(a.logp) for a in each)
    return math.log(max(1.0 - listed, SUREST) / OTHERS)


def _names(said: Sequence[tuple[Alternative, ...]], key: str) -> str:
    """The readers that list a reading."""
    names = [a.reader for each in said for a in each if folded(a.text) == key]
    return "+".join(dict.fromkeys(names))
