"""Codes in boxes read jointly: what each box may say by itself, and what all say side by side."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

import numpy as np

from extract.records import Alternative, Crop

KEPT = 48  # codes handed on: enough that a check digit finds its code among those the pixels support
FAINTEST = 1e-4  # share of a box's best digit; less likely digits are not what stands there
UNREAD = 0.02  # what a reading of a box that lists no digit leaves each of the ten
UNLISTED = 1e-3  # likelihood of a code that the row's own reading does not list, against the row's best
READER = "boxes"

Digits = dict[str, float]


def bare(word: Alternative) -> str:
    """What a reading says, without the spaces between its signs."""
    return word.text.replace(" ", "")


def box_digits(alternatives: Sequence[Alternative]) -> Digits:
    """What one box may say, digit by digit, the likeliest first; only digits count, and they share what is listed.

    >>> box_digits([Alternative("7", math.log(0.75), "r"), Alternative("1", math.log(0.25), "r")])
    {'7': 0.75, '1': 0.25}
    """
    found: Digits = {}
    for alternative in alternatives:
        text = bare(alternative)
        if len(text) == 1 and text.isdecimal():
            found[text] = found.get(text, 0.0) + math.exp(min(alternative.logp, 0.0))
    if not found:
        return {}
    left = max(0.0, 1.0 - sum(found.values()))  # other readings: spread over all digits, it makes none of them surer
    total = sum(found.values()) + left
    best = max(found.values())
    return {d: p / total for d, p in sorted(found.items(), key=lambda item: -item[1]) if p > FAINTEST * best}


def joint_codes(boxes: Sequence[Digits], row: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """The likeliest codes under both looks, best first, with their joint log-probability; () if a box shows no digit.

    The two looks share the ink, so they are averaged (geometrically), not multiplied: agreement makes no code surer
    than the surer look, and a code that only one of them supports loses to one that both do.
    """
    if not boxes or not all(boxes):
        return ()
    apart = dict(_best_products(boxes, KEPT))
    whole = {bare(a): a.logp for a in row}
    fitting = {code: logp for code, logp in whole.items() if len(code) == len(boxes) and code.isdecimal()}
    codes = dict.fromkeys([*apart, *fitting])
    best_row = max(fitting.values(), default=0.0)
    scores = {
        code: 0.5 * (_log_product(boxes, code) + fitting.get(code, best_row + math.log(UNLISTED))) for code in codes
    }
    if not fitting:
        scores = {code: _log_product(boxes, code) for code in codes}
    ranked = sorted(scores, key=lambda code: (-scores[code], code))[:KEPT]
    total = float(np.logaddexp.reduce([scores[code] for code in ranked]))
    surest = max(apart[next(iter(apart))], best_row if fitting else -math.inf)
    return tuple(Alternative(code, scores[code] - total + min(surest, 0.0), READER) for code in ranked)


def _log_product(boxes: Sequence[Digits], code: str) -> float:
    return sum(math.log(box.get(digit, FAINTEST * UNREAD)) for box, digit in zip(boxes, code, strict=True))


def _best_products(boxes: Sequence[Digits], count: int) -> list[tuple[str, float]]:
    """The `count` likeliest strings with one digit from each box, best first.

    >>> [code for code, _ in _best_products([{"1": 0.9, "7": 0.1}, {"4": 0.6, "9": 0.4}], 3)]
    ['14', '19', '74']
    """
    ranked = [[(digit, math.log(p)) for digit, p in box.items()] for box in boxes]
    first = (0,) * len(ranked)
    waiting = [(-sum(digits[0][1] for digits in ranked), first)]
    known = {first}
    found: list[tuple[str, float]] = []
    while waiting and len(found) < count:
        cost, at = heapq.heappop(waiting)
        found.append(("".join(digits[i][0] for digits, i in zip(ranked, at, strict=True)), -cost))
        for box, i in enumerate(at):
            following = (*at[:box], i + 1, *at[box + 1 :])
            if i + 1 < len(ranked[box]) and following not in known:
                known.add(following)
                heapq.heappush(waiting, (cost + ranked[box][i][1] - ranked[box][i + 1][1], following))
    return found


def in_a_row(crops: Sequence[Crop]) -> Crop:
    """Single signs set side by side on white, as if they had been written on one line without boxes."""
    height = max(crop.clean.shape[0] for crop in crops)
    gap = np.full((height, max(2, height // 6)), 255, np.uint8)
    parts = [gap]
    for crop in crops:
        above = (height - crop.clean.shape[0]) // 2
        below = height - crop.clean.shape[0] - above
        parts += [np.pad(crop.clean, ((above, below), (0, 0)), constant_values=255), gap]
    line = np.hstack(parts)
    return Crop(line, line)
