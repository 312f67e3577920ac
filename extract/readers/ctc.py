"""What a CTC net says as strings: the K most probable ones, each with the probability of the whole string."""

from __future__ import annotations

import math
from collections.abc import Sequence
from heapq import nlargest
from operator import itemgetter

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.float32]
"""Log-probabilities, frames × classes; class 0 is the blank, class i the i-th character of the alphabet."""

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
    beam: dict[str, tuple[float, float]] = {"": (0.0, NOTHING)}  # prefix: ends in blank, ends in its last character
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


def _on(beam: dict[str, tuple[float, float]], blank: float) -> dict[str, tuple[float, float]]:
    """The beam after frames of nothing but blank."""
    return {prefix: (_add(b, c) + blank, NOTHING) for prefix, (b, c) in beam.items()}


def _step(
    beam: dict[str, tuple[float, float]], blank: float, followed: list[tuple[str, float]]
) -> dict[str, tuple[float, float]]:
    """The beam one frame on."""
    blanks: dict[str, float] = {}  # of what ends in a blank; only what is in the beam can
    characters: dict[str, float] = {}
    for prefix, (b, c) in beam.items():
        both = _add(b, c)
        last = prefix[-1:]
        blanks[prefix] = both + blank
        for character, logp in followed:
            longer = prefix + character
            if character == last:
                _put(characters, prefix, c + logp)  # the same stroke goes on
                _put(characters, longer, b + logp)
            elif longer in characters:
                _put(characters, longer, both + logp)
            else:
                characters[longer] = both + logp
    grown = {prefix: (b, characters.pop(prefix, NOTHING)) for prefix, b in blanks.items()}
    scores = [(max(both), prefix) for prefix, both in grown.items()]
    scores += [(c, prefix) for prefix, c in characters.items()]
    if len(scores) > BEAM:
        scores = nlargest(BEAM, scores, key=_first)
    return {prefix: grown.get(prefix) or (NOTHING, characters[prefix]) for _, prefix in scores}


_first = itemgetter(0)


def _put(scores: dict[str, float], prefix: str, score: float) -> None:
    scores[prefix] = _add(scores[prefix], score) if prefix in scores else score


def _add(a: float, b: float) -> float:
    """The logarithm of the sum of two numbers given by their logarithms."""
    if a < b:
        a, b = b, a
    return a if b - a < -40.0 else a + math.log1p(math.exp(b - a))
