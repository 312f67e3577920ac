"""Which runs of boxes are which code: by length, by the order of the form, and by the labels near them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from extract.fields.labelled import labels_near
from extract.records import Box, BoxRun
from layouts.model import FieldLayout

MOST_RUNS = 3  # runs a wrapped row of boxes may fall into
MOST_BLANK = 1  # spaces at either end of a code's boxes that may look like boxes


def assign_runs(
    runs: Sequence[BoxRun], fields: Sequence[FieldLayout], labels: dict[str, Box]
) -> dict[str, tuple[BoxRun, ...]]:
    """The runs of boxes that make up each field: right in length, near the label, in the order of the form.

    A field's boxes may be wrapped over consecutive runs.
    """
    best = _assign(tuple(runs), tuple(fields), labels, 0, frozenset())
    return {field: tuple(runs[i] for i in part) for field, part in best[1]}


def _assign(
    runs: tuple[BoxRun, ...], fields: tuple[FieldLayout, ...], labels: dict[str, Box], at: int, used: frozenset[str]
) -> tuple[float, tuple[tuple[str, tuple[int, ...]], ...]]:
    """The best assignment of the runs from `at` on: (points, pairs of field and run indices)."""
    if at >= len(runs):
        return 0.0, ()
    best = _assign(runs, fields, labels, at + 1, used)
    for count in range(1, min(MOST_RUNS, len(runs) - at) + 1):
        part = tuple(range(at, at + count))
        boxes = sum(len(runs[i].cells) for i in part)
        for order, field in enumerate(fields):
            if field.length != boxes or field.id in used:
                continue
            rest = _assign(runs, fields, labels, at + count, used | {field.id})
            points = boxes - 0.5 * (count - 1) + _nearness(runs[at], field, labels)
            points -= 0.1 * sum(1 for later in fields[order + 1 :] if later.id in used)
            if points + rest[0] > best[0]:
                best = (points + rest[0], ((field.id, part), *rest[1]))
    return best


def _nearness(run: BoxRun, field: FieldLayout, labels: dict[str, Box]) -> float:
    near = labels_near(run.box, labels, run.box.height)
    own = near.get(field.id, 0.0)
    other = max((points for name, points in near.items() if name != field.id), default=0.0)
    return 3.0 * (own - 0.5 * other)


def without_margins(runs: Sequence[BoxRun], fields: Sequence[FieldLayout], labels: dict[str, Box]) -> list[BoxRun]:
    """The runs, those that are no field's without the blank boxes at their ends, where just a field's boxes remain.

    Where a code's boxes stand inside a table's row, the spaces beside them may look like boxes, too.
    """
    used = {id(run) for part in assign_runs(runs, fields, labels).values() for run in part}
    lengths = {field.length for field in fields}
    return [run if id(run) in used else _trimmed(run, lengths) for run in runs]


def _trimmed(run: BoxRun, lengths: Collection[int]) -> BoxRun:
    filled = [i for i, cell in enumerate(run.cells) if cell.text or cell.crop is not None]
    first, last = (filled[0], filled[-1]) if filled else (0, len(run.cells) - 1)
    most = max(first, len(run.cells) - 1 - last)
    fits = len(filled) == last - first + 1 and len(filled) in lengths and most <= MOST_BLANK
    return BoxRun(run.cells[first : last + 1]) if fits else run
