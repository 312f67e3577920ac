"""The words a form prints: one language or both, typing mistakes, spaced-out letters, codes written in other ways."""

from __future__ import annotations

import random
from collections.abc import Sequence

from corpus.fonts import Face
from corpus.pen import Pen
from corpus.style import Wording
from layouts.model import Words

# Neighbours on the keyboard and look-alikes people hit instead.
_SLIPS = {"а": "о", "о": "а", "и": "й", "е": "ё", "т": "ь", "н": "г", "к": "у", "с": "c", "қ": "к", "ғ": "г", "ұ": "у"}


def say(words: Words, wording: Wording) -> list[str]:
    """The paragraphs of a label in the languages this form is in; never empty if the label has any words."""
    chosen = {"both": (words.kk, words.ru), "kk": (words.kk,), "ru": (words.ru,)}[wording.languages]
    said = [text for text in chosen if text]
    return said or list(words.printed()[:1])


def retype(rng: random.Random, text: str, wording: Wording) -> str:
    """A label as somebody typed it again."""
    if wording.typos and rng.random() < wording.typos:
        text = _slip(rng, text)
    if wording.letterspaced and rng.random() < wording.letterspaced:
        words = text.split(" ")
        at = rng.randrange(len(words))
        words[at] = " ".join(words[at])
        text = " ".join(words)
    return text


def _slip(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[: at + 1] + text[at:]
    if kind == 2 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + _SLIPS.get(text[at], text[at]) + text[at + 1 :]


def line_code(rng: random.Random, code: str, wording: Wording) -> str:
    """A line's code as printed, "" where it is lost. The very first line keeps its code or has a dot."""
    if rng.random() < wording.lost_codes:
        return ""
    forms = {"kept": code, "comma": code.replace(".", ","), "space": code.replace(".", " "), "dot": code + "."}
    return forms[wording.codes]


def activity_code(rng: random.Random, code: str, wording: Wording) -> str:
    """A line's activity code as printed, "" where it is lost."""
    if rng.random() < wording.lost_oked:
        return ""
    forms = {"kept": code, "undotted": code.replace(".", ""), "spaced": code.replace(".", ". ")}
    return forms[wording.oked]


def wrap(text: str, face: Face, size: float, width: float, *, bold: bool = False, hyphens: bool = False) -> list[str]:
    """The text in lines no wider than `width` points; words that do not fit are broken anywhere inside.

    Only plain spaces part words: a figure grouped by them must not be wrapped.
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if face.width(joined, size, bold=bold) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *whole, line = _break(word, face, size, width, bold=bold, hyphens=hyphens)
        lines += whole
    return [*lines, line] if line or not lines else lines


def _break(word: str, face: Face, size: float, width: float, *, bold: bool, hyphens: bool) -> list[str]:
    pieces: list[str] = []
    while face.width(word, size, bold=bold) > width and len(word) > 1:
        tail = "-" if hyphens else ""
        fits = next(
            (n for n in range(len(word) - 1, 1, -1) if face.width(word[:n] + tail, size, bold=bold) <= width), 1
        )
        mark = "" if word[fits - 1] == "-" else tail
        pieces.append(word[:fits] + mark)
        word = word[fits:]
    return [*pieces, word]


def paragraphs(
    texts: Sequence[str], face: Face, size: float, width: float, *, bold: bool = False, hyphens: bool = False
) -> list[str]:
    """Several texts wrapped one below the other."""
    return [line for text in texts for line in wrap(text, face, size, width, bold=bold, hyphens=hyphens)]


def fill_lines(pen: Pen, text: str, width: float) -> list[str]:
    """Words filled in by the respondent, in lines of at most this width; a word that is too long stays whole."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}".strip()
        if lines[-1] and pen.value_width(joined, pen.style.figure_size) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines
