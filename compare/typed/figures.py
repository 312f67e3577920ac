"""Typed cells → the figures of a form, as normalised as those of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from compare.typed.codes import is_date
from compare.typed.records import BadTable, Cell, Entry, Problem, TypedForm, TypedTable
from extract.records import Alternative, FieldReading, FormReading, Ink, Reading, Source
from layouts.model import Layout, Place
from postprocess.amounts import NEGATIVE, plain_decimal
from postprocess.normalise import normalise
from postprocess.records import Figure, FormFigures, Value

READER = "typed"  # whose word a typed figure is

_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_BROKEN = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ССЫЛКА!|Н/Д|ЗНАЧ!|ДЕЛ/0!|ИМЯ\?|ЧИСЛО!|ПУСТО!)|#{3,}")
_SCIENTIFIC = re.compile(r"[+-]?\d([.,]\d+)?[eEеЕ]\+?\d+")


def typed_figures(table: TypedTable, source: Source) -> Iterator[FormFigures]:
    """Every form of the table. BadTable where something stands in a figure's cell that no figure is."""
    check_cells(table, source.path.name)
    return (_form(form, table.layout, source) for form in table.forms.values())


def check_cells(table: TypedTable, file: str) -> None:
    """BadTable where something stands in a figure's cell that no figure is."""
    problems = [
        p for form in table.forms.values() for cell in form.cells.values() for p in _problems(table.layout, cell)
    ]
    if problems:
        raise BadTable(file, problems)


def _problems(layout: Layout, cell: Cell) -> Iterable[Problem]:
    """What makes a cell's content no figure and no word: spreadsheets' errors, dates, numbers that lost digits."""
    if cell.entry is None or cell.place in layout.country_places:
        return
    content, text = cell.entry.content, cell.entry.text
    told = (("place", str(cell.place)), ("text", text))
    if cell.entry.merged:
        yield Problem("error.typed-merged", cell.spot, told)
    elif isinstance(content, (date, bool)) or is_date(text):
        yield Problem("error.typed-date", cell.spot, told)
    elif _BROKEN.fullmatch(text):
        yield Problem("error.typed-broken", cell.spot, told)
    elif isinstance(content, str) and _SCIENTIFIC.fullmatch(text):
        yield Problem("error.typed-scientific", cell.spot, told)


def _form(form: TypedForm, layout: Layout, source: Source) -> FormFigures:
    """The form under the layout's tables and those of its fields that were typed."""
    known = tuple(field for field in layout.fields if field.id in form.fields)
    key = form.key
    reading = FormReading(
        source=Source(key.source or source.sha256, key.file, source.path),
        form=key.form,
        layout=replace(layout, fields=known),
        pages=(),
        cells=tuple(_reading(place, form.cells.get(place)) for place in layout.places),
        countries=tuple(_reading(place, form.cells.get(place)) for place in layout.country_places),
        fields=tuple(_field(field.id, form.fields[field.id]) for field in known),
    )
    figures = normalise(reading)
    return replace(figures, figures=tuple(_exactly(f, form.cells.get(f.reading.place)) for f in figures.figures))


def _reading(place: Place, cell: Cell | None) -> Reading:
    text = "" if cell is None or cell.entry is None else _written(cell.entry)
    if not text:
        return Reading(place, 1, None, "pt", Ink.NONE)
    return Reading(place, 1, None, "pt", Ink.DIGITAL, (Alternative(text, 0.0, READER),), witnesses=1, readers=1)


def _written(entry: Entry) -> str:
    return f"{plain_decimal(entry.content):f}" if isinstance(entry.content, Decimal) else entry.text


def _field(name: str, text: str) -> FieldReading:
    said = (Alternative(text, 0.0, READER),)
    return FieldReading(name, 1, None, "pt", Ink.DIGITAL, said, witnesses=1, readers=1)


def _exactly(figure: Figure, cell: Cell | None) -> Figure:
    """A number that is one already: no mark in it has a second meaning."""
    if cell is None or cell.entry is None:
        return figure
    content = cell.entry.content
    if isinstance(content, str) and cell.exact and _PLAIN.fullmatch(content):
        content = Decimal(content)
    if not isinstance(content, Decimal):
        return figure
    value = Value(figure.written, content, 0.0, READER)
    return replace(
        figure, value=content, alternatives=(value,), confidence=1.0, reasons=(NEGATIVE,) if content < 0 else ()
    )
