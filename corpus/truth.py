"""The truth of a corpus as JSON: one entry a form, what is written in every cell and what it means."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from corpus.countries import codes
from corpus.records import Filled, Split
from layouts.model import ColumnKind, FieldKind, Place, TableLayout


def plain(amount: Decimal) -> str:
    """A decimal without exponent or trailing zeros.

    >>> plain(Decimal("12.50")), plain(Decimal("1E+3")), plain(Decimal("0.0"))
    ('12.5', '1000', '0')
    """
    text = f"{amount:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def entry(
    filled: Filled,
    *,
    file: str,
    form: int,
    name: str,
    kind: str,
    split: Split,
    hidden: Collection[Place] = (),
    missing_pages: Sequence[int] = (),
    clerk: bool = False,
) -> dict[str, Any]:
    """One form's entry; places in `hidden` are on pages that are not in the file, so nothing can be seen there."""
    who = filled.respondent
    return {
        "id": name,
        "file": file,
        "form": form,
        "kind": kind,
        "bin": who.bin,
        "iin": who.iin,
        "name": who.name,
        "address": who.address,
        "phone": who.phone,
        "mobile": who.mobile,
        "email": who.email,
        "people": list(who.people),
        "signed": list(filled.signed),
        "year": filled.year,
        "region": who.region,
        "kato": who.kato,
        "time": filled.option,
        "hours": _hours(filled),
        "hours_marks": _marks(filled),
        "signatures": _signatures(filled),
        "clerk": clerk,
        "blank_mark": filled.numbers.blank_mark,
        "errors": [asdict(mistake) for mistake in filled.mistakes],
        "style": asdict(filled.numbers),
        "split": split,
        "missing_pages": list(missing_pages),
        **{f"section{table.section}": _section(filled, table, hidden) for table in filled.layout.tables},
    }


def _hours(filled: Filled) -> str:
    """The canonical value of the option that is marked; "" where none is, or several are."""
    options = next((field.options for field in filled.layout.fields if field.kind is FieldKind.OPTION), ())
    chosen = filled.marking.chosen(filled.option)
    return options[chosen[0]] if len(chosen) == 1 else ""


def _marks(filled: Filled) -> list[dict[str, Any]]:
    """Every mark at an option: where, its shape, and whether it is crossed out."""
    options = next((field.options for field in filled.layout.fields if field.kind is FieldKind.OPTION), ())
    return [
        {"option": options[mark.option], "shape": mark.shape, "crossed_out": mark.crossed_out}
        for mark in filled.marking.options or ()
    ]


def _signatures(filled: Filled) -> dict[str, str]:
    """For each signature field its shape, "" where nobody signed."""
    ids = [field.id for field in filled.layout.fields if field.kind is FieldKind.SIGNATURE]
    shapes = filled.marking.signatures
    return {
        field: shapes[i % len(shapes)] if i < len(filled.signed) and filled.signed[i] else ""
        for i, field in enumerate(ids)
    }


def _section(filled: Filled, table: TableLayout, hidden: Collection[Place]) -> dict[str, dict[str, dict[str, Any]]]:
    section: dict[str, dict[str, dict[str, Any]]] = {}
    for line in table.lines:
        row: dict[str, dict[str, Any]] = {}
        for column in table.columns:
            place = Place(table.section, line.code, column.number)
            if column.kind is ColumnKind.COUNTRY:
                written = "" if place in hidden else filled.countries.get(place, "")
                row[column.number] = {"written": written, "countries": list(codes(written))}
            else:
                cell = filled.entries[place]
                seen = place not in hidden
                row[column.number] = {
                    "written": cell.written if seen else "",
                    "thousand_tenge": plain(cell.amount) if seen and cell.amount is not None else "0",
                }
        section[line.code] = row
    return section


def save(path: Path, entries: Sequence[dict[str, Any]]) -> None:
    """Writes truth.json: byte for byte the same for the same entries."""
    text = json.dumps(list(entries), ensure_ascii=False, indent=1, sort_keys=False)
    path.write_text(text + "\n", encoding="utf-8")
