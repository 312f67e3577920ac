"""Typed tables → each form as one person typed it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from compare.records import TypedEntry
from compare.typed.figures import check_cells, typed_figures
from compare.typed.files import open_sheets
from compare.typed.read import read_typed
from compare.typed.records import Cell, Problem, TypedForm, TypedTable
from extract.records import Source
from layouts.model import Layout, Place

_PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?")  # a mark before three digits may part thousands: that is looked at closely


def read_entries(path: Path, layouts: Mapping[str, Layout]) -> tuple[tuple[TypedEntry, ...], tuple[Problem, ...]]:
    """Every form of a CSV or Excel file, and what is worth telling of it. BadTable where figures cannot be told."""
    sheets = open_sheets(path)
    table = read_typed(path.name, sheets, layouts)
    check_cells(table, path.name)
    return tuple(_entries(table, path)), table.notes


def _entries(table: TypedTable, path: Path) -> Iterator[TypedEntry]:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    for form in table.forms.values():
        amounts: dict[Place, Decimal] = {}
        odd: dict[Place, Cell] = {}
        for place, cell in form.cells.items():
            if cell.entry is None or place in table.layout.country_places:
                continue
            value = _plainly(cell)
            if value is None:
                odd[place] = cell
            else:
                amounts[place] = value
        if odd:
            amounts |= _closely(replace(table, forms={form.key: _only(form, odd)}), Source(sha256, path.name, path))
        yield _entry(path, form, amounts)


def _plainly(cell: Cell) -> Decimal | None:
    """The value of what can be read in one way only; None of anything else."""
    content = cell.entry.content if cell.entry else None
    if isinstance(content, Decimal):
        return content
    if isinstance(content, str) and _PLAIN.fullmatch(content):
        return Decimal(content.replace(",", "."))
    return None


def _closely(table: TypedTable, source: Source) -> dict[Place, Decimal]:
    """The values of figures with marks, words and units in them, by the rules for those of a paper."""
    (form,) = typed_figures(table, source)
    return {figure.reading.place: figure.value for figure in form.figures if figure.value is not None}


def _only(form: TypedForm, cells: dict[Place, Cell]) -> TypedForm:
    return TypedForm(form.key, cells, form.fields)


def _entry(path: Path, form: TypedForm, amounts: Mapping[Place, Decimal]) -> TypedEntry:
    key, fields = form.key, form.fields
    identifier = fields.get("bin") or fields.get("iin") or ""
    return TypedEntry(
        path.name, key.file, key.form, key.source, identifier, fields.get("year", ""), amounts, form.operator
    )
