"""What a CTC net says as strings: the K most probable ones, each with the probability of the whole string."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import itemgetter

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.float32]
"""Log-probabilities, frames × classes; class 0 is the blank, class i the i-th character of the alphabet."""

Beam = dict[str, tuple[float, float]]
"""Prefixes with the logarithms of their probability: ending in a blank, ending in their last character."""

BLANK_ONLY = math.log(0.9995)  # a frame as sure of its blank as this cannot add a character that matters
LEAST = math.log(1e-5)  # characters less probable than this in a frame are not followed
BEAM = 24  # prefixes kept a frame
LEAST_WEIGHT = 1e-300  # stands for the probability of what cannot be
NOTHING = -1e30  # stands for the logarithm of zero


def best_texts(frames: Frames, alphabet: str, count: int) -> list[tuple[str, float]]:
    """The most probable strings with their log-probabilities, best first (prefix beam search).

    >>> best_texts(np.log(np.array([[.1, .9], [.8, .2]], dtype=np.float32)), "7", 1)[0][0]
    '7'
    """
    beam: Beam = {"": (0.0, NOTHING)}
    waiting: float | None = None  # what the bare frames since the last step cost
    rows = frames.astype(np.float64)
    bare = rows[:, 0] > BLANK_ONLY
    for row, is_bare in zip(rows, bare.tolist(), strict=True):
        blank = float(row[0])
        if is_bare:
            waiting = blank + (waiting or 0.0)
        else:
            if waiting is not None:
                beam, waiting = _on(beam, waiting), None
            seen = np.flatnonzero(row[1:] > LEAST)
            followed = [(alphabet[i], logp) for i, logp in zip(seen.tolist(), row[seen + 1].tolist(), strict=True)]
            beam = _step(beam, blank, followed)
    beam = _on(beam, waiting or 0.0)
    ranked = sorted(((text, _add(b, c)) for text, (b, c) in beam.items()), key=lambda pair: -pair[1])
    return ranked[:count]


def score_texts(frames: Frames, alphabet: str, texts: Sequence[str]) -> list[float]:
    """The log-probability of each string over all its paths, exactly; all strings in one pass over the frames.

    >>> frames = np.log(np.array([[.1, .9], [.8, .2]], dtype=np.float32))
    >>> [round(float(np.exp(p)), 2) for p in score_texts(frames, "7", ["7", "", "77"])]
    [0.92, 0.08, 0.0]
    """
    longest = max((len(text) for text in texts), default=0)
    labels = np.zeros((len(texts), 2 * longest + 1), dtype=np.intp)  # blank, sign, blank, sign, …, blank
    for row, text in enumerate(texts):
        labels[row, 1 : 2 * len(text) : 2] = [alphabet.index(sign) + 1 for sign in text]
    leaps = np.zeros(labels.shape, dtype=bool)  # a sign may follow another at once, but for the same sign
    leaps[:, 3::2] = labels[:, 3::2] != labels[:, 1:-2:2]
    probabilities = np.exp(frames.astype(np.float64))
    paths = np.zeros(labels.shape)
    paths[:, :2] = probabilities[0, labels[:, :2]]
    total = np.zeros(len(texts))
    for row in probabilities[1:]:
        moved = paths.copy()
        moved[:, 1:] += paths[:, :-1]
        moved[:, 2:] += np.where(leaps[:, 2:], paths[:, :-2], 0.0)
        paths = moved * row[labels]
        weight = np.maximum(paths.sum(axis=1), LEAST_WEIGHT)
        paths /= weight[:, None]
        total += np.log(weight)
    ends = np.array([2 * len(text) for text in texts])
    each = np.arange(len(texts))
    final = paths[each, ends] + np.where(ends > 0, paths[each, np.maximum(ends - 1, 0)], 0.0)
    return list((total + np.log(np.maximum(final, LEAST_WEIGHT))).tolist())


def tidy(texts: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Strings without outer and double spaces; those that become the same are one, with their probabilities added."""
    merged: dict[str, float] = {}
    for text, logp in texts:
        key = " ".join(text.split())
        merged[key] = float(np.logaddexp(merged[key], logp)) if key in merged else logp
    return sorted(((text, min(logp, 0.0)) for text, logp in merged.items()), key=lambda pair: -pair[1])


def _on(beam: Beam, blank: float) -> Beam:
    """The beam after frames of nothing but blank."""
    return {prefix: (_add(b, c) + blank, NOTHING) for prefix, (b, c) in beam.items()}


def _step(beam: Beam, blank: float, followed: list[tuple[str, float]]) -> Beam:
    """The beam one frame on."""
    both = {prefix: b if c == NOTHING else c if b == NOTHING else _add(b, c) for prefix, (b, c) in beam.items()}
    signs = dict(followed)
    grown: list[tuple[float, str, float, float]] = []  # score, prefix, ends in blank, ends in its last character
    for prefix, (_, c) in beam.items():
        stays, stroke = both[prefix] + blank, NOTHING
        logp, shorter = signs.get(prefix[-1:]), prefix[:-1]
        if logp is not None:
            stroke = c + logp  # the same stroke goes on
            if shorter in beam:
                stroke = _add(stroke, (beam[shorter][0] if shorter[-1:] == prefix[-1] else both[shorter]) + logp)
        grown.append((max(stays, stroke), prefix, stays, stroke))
    grown += [(score, prefix, NOTHING, score) for score, prefix in _longer(beam, both, followed) if prefix not in beam]
    if len(grown) > BEAM:
        grown = sorted(grown, key=_first, reverse=True)[:BEAM]
    return {prefix: (b, c) for _, prefix, b, c in grown}


def _longer(beam: Beam, both: dict[str, float], followed: list[tuple[str, float]]) -> list[tuple[float, str]]:
    """The prefixes of the beam with one more sign; of many the best, so that enough of them are not in the beam yet."""
    bases = [(both[prefix], b, prefix) for prefix, (b, _) in beam.items()]
    if len(bases) * len(followed) <= 2 * BEAM:
        return [
            ((b if sign == prefix[-1:] else base) + logp, prefix + sign)  # after its like only behind a blank
            for base, b, prefix in bases
            for sign, logp in followed
        ]
    signs = {sign: place for place, (sign, _) in enumerate(followed)}
    scores = np.array([base for base, _, _ in bases])[:, None] + np.array([logp for _, logp in followed])
    for row, (_, b, prefix) in enumerate(bases):
        if (place := signs.get(prefix[-1:])) is not None:
            scores[row, place] = b + followed[place][1]
    least = np.partition(scores, -2 * BEAM, axis=None)[-2 * BEAM]
    rows, places = np.nonzero(scores >= least)
    best = zip(scores[rows, places].tolist(), rows.tolist(), places.tolist(), strict=True)
    return [(score, bases[row][2] + followed[place][0]) for score, row, place in best]


_first = itemgetter(0)


def _add(a: float, b: float) -> float:
    """The logarithm of the sum of two numbers given by their logarithms."""
    if a < b:
        a, b = b, a
    return a if b - a < -40.0 else a + math.log1p(math.exp(b - a))
