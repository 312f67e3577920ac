"""Two runs' rows of one form → what is different: figures and fields by place, findings by rule and places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from qagaz.diff.records import Change, Kind, Paper, Side, Spot
from qagaz.look import turn_of
from review.rows import CellRow, FieldRow, FindingRow, FormRows
from validate.records import Status

CONFIDENCE_MOVED = 0.01  # of a confidence, from which it is told that it moved
BOX_MOVED = 1.0  # pixels or points, from which it is told that a box moved

ACCEPTED = Status.ACCEPTED.value

Row = CellRow | FieldRow


def form_changes(paper: Paper, before: FormRows, after: FormRows) -> Iterator[Change]:
    """Everything that is different below the top of a form, in the order of the layout, fields first."""
    number = after.form.form
    turns: dict[int | None, int] = {}
    for place, one, other in _by_place(before, after):
        kind = _kind(one, other)
        if kind is not None:
            spot = _spot(other) if other is not None and other.page else _spot(one)
            if spot.page not in turns:
                turns[spot.page] = turn_of([after.cells], spot.page)
            yield Change(
                kind, paper.source, paper.file, number, place, _side(one), _side(other), spot, turns[spot.page]
            )
    for kind, place, one_side, other_side in _findings(before.findings, after.findings):
        yield Change(kind, paper.source, paper.file, number, place, one_side, other_side)


def _by_place(before: FormRows, after: FormRows) -> Iterator[tuple[str, Row | None, Row | None]]:
    first, second = _placed(before), _placed(after)
    for place in dict.fromkeys([*second, *first]):
        yield place, first.get(place), second.get(place)


def _placed(rows: FormRows) -> dict[str, Row]:
    every: tuple[Row, ...] = (*rows.fields, *rows.cells)
    return {row.place: row for row in every}


def _kind(before: Row | None, after: Row | None) -> Kind | None:
    """The first kind that fits; None where nothing is different."""
    if before is None or after is None:
        return Kind.LAYOUT
    one, other = _side(before), _side(after)
    was, now = one.status == ACCEPTED, other.status == ACCEPTED
    if was and now and one.value != other.value:
        return Kind.ACCEPTED_OTHER
    if was != now:
        return Kind.NOW_ACCEPTED if now else Kind.NOW_REVIEW
    field = isinstance(after, FieldRow)
    kinds = (
        (Kind.FIELD, field and (one.value, one.written) != (other.value, other.written)),
        (Kind.VALUE, one.value != other.value),
        (Kind.WRITTEN, one.written != other.written),
        (Kind.REASON, set(one.reason.split(";")) != set(other.reason.split(";"))),
        (Kind.CONFIDENCE, abs((one.confidence or 0.0) - (other.confidence or 0.0)) >= CONFIDENCE_MOVED),
        (Kind.MOVED, _moved(_spot(before), _spot(after))),
        (Kind.READER, _told_by(before) != _told_by(after)),
    )
    return next((kind for kind, differs in kinds if differs), None)


def _told_by(row: Row) -> tuple[str, str]:
    return (row.reader, row.ink) if isinstance(row, CellRow) else ("", "")


def _moved(before: Spot, after: Spot) -> bool:
    if (before.page, before.unit) != (after.page, after.unit):
        return True
    edges = [(before.x0, after.x0), (before.y0, after.y0), (before.x1, after.x1), (before.y1, after.y1)]
    return any((a is None) != (b is None) or abs((a or 0.0) - (b or 0.0)) >= BOX_MOVED for a, b in edges)


def _side(row: Row | None) -> Side:
    return Side() if row is None else Side(row.written, row.value, row.confidence, row.status, row.reason)


def _spot(row: Row | None) -> Spot:
    return Spot() if row is None else Spot(row.page, row.x0, row.y0, row.x1, row.y1, row.unit)


def _findings(before: Sequence[FindingRow], after: Sequence[FindingRow]) -> Iterator[tuple[Kind, str, Side, Side]]:
    first, second = _keyed(before), _keyed(after)
    for key in dict.fromkeys([*second, *first]):
        one, other = first.get(key), second.get(key)
        if one is None or other is None:
            yield (Kind.FINDING_NEW if one is None else Kind.FINDING_GONE), key, _found(one), _found(other)
        elif _found(one) != _found(other):
            yield Kind.FINDING_CAUSE, key, _found(one), _found(other)


def _keyed(findings: Iterable[FindingRow]) -> Mapping[str, FindingRow]:
    """Findings by set, rule and the places they speak of, whichever of these is the culprit."""
    keyed: dict[str, FindingRow] = {}
    for row in findings:
        places = ";".join(sorted(row.about.split(";")))
        name = key = f"{row.set} {row.rule} {places}".strip()
        number = 1
        while key in keyed:
            number += 1
            key = f"{name} ({number})"
        keyed[key] = row
    return keyed


def _found(row: FindingRow | None) -> Side:
    """A finding's two sides as what is written, its difference as the value, its outcome and cause, who is blamed."""
    if row is None:
        return Side()
    sums = " / ".join(filter(None, (row.left, row.right)))
    blamed = row.about.partition(";")[0] if row.cause else ""
    return Side(sums, row.difference, None, row.outcome, ";".join(filter(None, (row.cause, blamed))))
