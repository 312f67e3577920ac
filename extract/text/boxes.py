"""Frames of a text page → runs of small boxes, one character each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from extract.grids.grid import GridFrame, Span
from extract.records import Box, Word

SMALLEST = 5.0  # points; smaller frames are ticks and bullets
LARGEST = 42.0  # points; larger single boxes are frames around text
ALIKE = 0.2  # of a box's size: boxes of a run differ by less
SAME_ROW = 0.3  # of a box's height: boxes of a run are level within this
WIDEST_GAP = 0.9  # of a box's width, between neighbours of a run
FEWEST_IN_STRIP = 4  # equal cells side by side that make a code
FEWEST_IN_ROW = 4  # likewise, within a larger table
NARROW = 32.0  # points; code boxes that are cells of a larger table are no wider
REPEATED = 3  # rows of one table with the same small cells: a table of figures, not a code


def single_boxes(frames: Iterable[GridFrame]) -> list[Box]:
    """The frames that are one small box each."""
    return [frame.box for frame in frames if len(frame.spans) == 1 and _is_small(frame.box)]


def runs_of_boxes(boxes: Sequence[Box]) -> list[list[Box]]:
    """Single boxes as runs: alike, level and side by side. In reading order; a lone box is a run of one."""
    runs: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: (b.x0, b.y0)):
        fitting = [run for run in runs if _continues(run[-1], box)]
        if fitting:
            min(fitting, key=lambda run: box.x0 - run[-1].x1).append(box)
        else:
            runs.append([box])
    return sorted(runs, key=lambda run: (run[0].y0, run[0].x0))


def is_strip(frame: GridFrame, texts: Sequence[str]) -> bool:
    """Whether a whole frame is a code: one row of equal cells with no more than one character in each."""
    boxes = [frame.box_of(span) for span in frame.spans]
    return frame.rows == 1 and len(boxes) >= FEWEST_IN_STRIP and _equal(boxes) and all(len(t) <= 1 for t in texts)


def codes_in_rows(frame: GridFrame, texts: Sequence[str]) -> list[list[Span]]:
    """Codes whose boxes are cells of a larger table: narrow equal neighbours with at most one character in each."""
    found: list[list[Span]] = []
    for row in range(frame.rows):
        run: list[Span] = []
        for span, text in zip(frame.spans, texts, strict=True):
            if span.row != row:
                continue
            box = frame.box_of(span)
            fits = len(text) <= 1 and _is_small(box) and box.width <= NARROW
            touches = bool(run) and run[-1].column + run[-1].column_span == span.column
            if fits and (not run or (touches and _equal([frame.box_of(run[-1]), box]))):
                run.append(span)
                continue
            found.append(run)
            run = [span] if fits else []
        found.append(run)
    codes = [run for run in found if len(run) >= FEWEST_IN_ROW]
    columns = [tuple(span.column for span in run) for run in codes]
    return [run for run, where in zip(codes, columns, strict=True) if columns.count(where) < REPEATED]


def characters(words: Iterable[Word], boxes: Sequence[Box]) -> list[str]:
    """What stands in each box of a run. A word over several boxes is shared out by where its characters lie.

    As many characters as boxes go one into each, also where they were typed closer than the boxes stand.
    """
    placed: list[tuple[float, str]] = []
    for word in sorted(words, key=lambda w: w.box.x0):
        step = word.box.width / max(len(word.text), 1)
        placed.extend((word.box.x0 + (i + 0.5) * step, character) for i, character in enumerate(word.text))
    if len(placed) == len(boxes):
        return [character for _, character in placed]
    texts = [""] * len(boxes)
    for x, character in placed:
        nearest = min(range(len(boxes)), key=lambda i: abs(boxes[i].centre[0] - x))
        texts[nearest] += character
    return texts


def _is_small(box: Box) -> bool:
    return SMALLEST <= box.width <= LARGEST and SMALLEST <= box.height <= LARGEST


def _continues(last: Box, box: Box) -> bool:
    level = abs(last.centre[1] - box.centre[1]) <= SAME_ROW * last.height
    alike = _equal([last, box]) and abs(last.height - box.height) <= ALIKE * last.height
    return level and alike and -ALIKE * last.width <= box.x0 - last.x1 <= WIDEST_GAP * last.width


def _equal(boxes: Sequence[Box]) -> bool:
    """Whether boxes are of one width."""
    usual = median(box.width for box in boxes)
    return all(abs(box.width - usual) <= ALIKE * usual for box in boxes)
