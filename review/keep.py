"""Rows of a checked form → records of the store."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from review.answers import Act, Origin
from review.rows import CellRow, FieldRow, FindingRow, FormRow, FormRows, ReadingRow, Step

MOST_ALTERNATIVES = 5  # values offered to a person
KEPT = ("form", "written", "value", "confidence", "status", "reason", "page", "x0", "y0", "x1", "y1", "unit")
kept_of = attrgetter(*KEPT)

Values = dict[str, object]  # one record, as the database library takes it


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a form came from and with what it was read."""

    source: str
    file: str
    versions: str = ""


def form_values(filed: Filed, row: FormRow, content: str) -> Values:
    """A form's record."""
    origin = {"source": filed.source, "file": filed.file, "versions": filed.versions, "content": content}
    return row._asdict() | origin


def cell_values(source: str, rows: FormRows) -> list[Values]:
    """Its fields and figure cells."""
    offers = _offers(rows.readings)
    return [
        {
            **dict(zip(KEPT, kept_of(row), strict=True)),
            "source": source,
            "place": row.place,
            "position": position,
            "figure": not isinstance(row, FieldRow),
            "alternatives": offers.get(row.place, ""),
        }
        for position, row in enumerate(_places(rows))
    ]


def _places(rows: FormRows) -> Iterator[CellRow | FieldRow]:
    yield from rows.fields
    yield from rows.cells


def _offers(readings: Iterable[ReadingRow]) -> dict[str, str]:
    """Place → the values it may have, best first; amounts where they are amounts, else the text."""
    offers: dict[str, list[str]] = {}
    for reading in readings:
        said = offers.setdefault(reading.place, [])
        value = (reading.value or reading.text).replace(";", " ")
        if value not in said and len(said) < MOST_ALTERNATIVES:
            said.append(value)
    return {place: ";".join(values) for place, values in offers.items()}


def link_values(source: str, rows: FormRows) -> list[Values]:
    """Which of its cells tell which others."""
    chosen = (row for row in rows.trail if row.step == Step.CHOSEN)
    linked = ((row, other) for row in chosen for other in _split(row.together))
    return [{"source": source, "form": row.form, "place": row.place, "other": other} for row, other in linked]


def _split(joined: str) -> list[str]:
    return [place for place in joined.split(";") if place]


def finding_values(source: str, rows: FormRows) -> list[Values]:
    """Its findings that are reason for a question."""
    return [_finding_value(source, row) for row in rows.findings if _is_question(row)]


def _is_question(row: FindingRow) -> bool:
    return not row.informational


def _finding_value(source: str, row: FindingRow) -> Values:
    told = json.dumps(dict(row.parameters), ensure_ascii=False, sort_keys=True)
    same = {name: getattr(row, name) for name in ("form", "key", "difference", "cause", "message")}
    return same | {"source": source, "places": row.about, "parameters": told}


def read_events(filed: Filed, rows: FormRows, before: Mapping[str, str], at: datetime) -> list[Values]:
    """The machine's word about each inked place, and each that is bare now, where it is new."""
    common: Values = {
        "source": filed.source, "form": rows.form.form, "act": Act.READ.value, "origin": Origin.MACHINE.value,
        "note": "", "who": "", "versions": filed.versions, "at": at,
    }  # fmt: skip
    said = [(row.place, row.value) for row in _places(rows) if row.written or row.value or before.get(row.place)]
    return [common | {"place": place, "value": value} for place, value in said if before.get(place) != value]
