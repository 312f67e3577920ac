"""What stands beside or over a typed figure and is none of it: marks of notes, strokes that cross it out."""

from __future__ import annotations

from collections.abc import Sequence

from extract.records import Segment, Word

STRAY = "stray-mark"
STRUCK = "struck-out"
SMALLER = 0.92  # height of a note's mark to that of the figure beside it
LONGEST_MARK = 4  # characters
ACROSS = (0.3, 0.75)  # of a word's height, from above: between these a stroke crosses it out
COVERED = 0.6  # share of its width that the stroke then covers at least


def disturbances(words: Sequence[Word], strokes: Sequence[Segment]) -> tuple[str, ...]:
    """Reasons to doubt the figure that these words of one cell make; `strokes` are the page's level ones."""
    figures = [word for word in words if word.text[:1].isdigit()]
    if not figures:
        return ()
    tallest = max(word.box.height for word in figures)
    noted = any(
        word.box.height < SMALLER * tallest and len(word.text) <= LONGEST_MARK and any(c.isdigit() for c in word.text)
        for word in words
    )
    struck = any(_crosses(stroke, word) for word in figures for stroke in strokes)
    return (*((STRAY,) if noted else ()), *((STRUCK,) if struck else ()))


def _crosses(stroke: Segment, word: Word) -> bool:
    box = word.box
    at = ((stroke.y0 + stroke.y1) / 2 - box.y0) / max(box.height, 0.1)
    shared = min(stroke.x1, box.x1) - max(stroke.x0, box.x0)
    return ACROSS[0] < at < ACROSS[1] and shared >= COVERED * box.width
