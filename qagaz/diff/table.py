"""Differences as a table: one a row, in the order of the later run."""

from __future__ import annotations

from qagaz.diff.records import Change, Side
from qagaz.tables import Column, Row, Table

_SIDE = ("written", "value", "confidence", "status", "reason")
_DECIMALS = {"confidence": 4}
_PLACE = tuple(Column(name, float, 2) for name in ("x0", "y0", "x1", "y1"))


def _columns(end: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_{end}", float if name in _DECIMALS else str, _DECIMALS.get(name, 0), name == "written")
        for name in _SIDE
    )


DIFF = Table(
    "diff",
    (
        Column("change", str),
        Column("source", str),
        Column("file", str, free=True),
        Column("form", int),
        Column("place", str, free=True),
        *_columns("before"),
        *_columns("after"),
        Column("page", int),
        *_PLACE,
        Column("unit", str),
    ),
)


def row_of(change: Change) -> Row:
    """A difference as the table's row."""
    spot = change.spot
    where = (spot.page, spot.x0, spot.y0, spot.x1, spot.y1, spot.unit)
    what = (change.kind.value, change.source, change.file, change.form, change.place)
    return (*what, *_told(change.before), *_told(change.after), *where)


def _told(side: Side) -> Row:
    return side.written, side.value, side.confidence, side.status, side.reason
