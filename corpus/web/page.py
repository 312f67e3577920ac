"""A filled form as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from corpus.records import Filled
from corpus.web.look import BORDERS, WebLook
from layouts.model import ColumnKind, FieldKind, FieldLayout, Line, Place, TableLayout, Words

HEAD_FIELDS = ("year", "bin", "iin", "region", "kato")
CROSS = "Х"


def as_html(filled: Filled, look: WebLook) -> str:
    """The whole form: head, tables, options and contacts."""
    layout = filled.layout
    parts = [f"<html><head><meta charset='utf-8'><style>{_style(look)}</style></head><body>"]
    parts += [f"<div>{_words(words, look)}</div>" for words in layout.printed[:4]]
    parts.append(f"<h3>{_words(layout.title, look)}</h3><div>{_words(layout.index, look)}</div>")
    head = [field for field in layout.fields if field.id in HEAD_FIELDS]
    parts += [_field(field, filled, look) for field in head]
    for table in layout.tables:
        parts += _table(table, filled, look)
    parts += [_field(field, filled, look) for field in layout.fields if field not in head]
    return "".join([*parts, "</body></html>"])


def _style(look: WebLook) -> str:
    faces = "".join(
        f"@font-face {{font-family: form; font-weight: {weight}; src: url('{file.as_uri()}')}}"
        for weight, file in ((400, look.regular), (700, look.bold))
    )
    weight, repeated = (700 if look.strong else 400), "table-header-group" if look.repeated else "table-row-group"
    return f"""{faces}
    @page {{size: A4 {"landscape" if look.wide else "portrait"}; margin: {look.margin}mm}}
    body {{font-family: form; font-size: {look.size}pt; margin: 0}}
    table {{border-collapse: collapse; width: 100%; margin: 8px 0}}
    {BORDERS[look.borders]}
    tr {{break-inside: avoid}}
    thead {{display: {repeated}}}
    th {{font-weight: {weight}; font-size: {look.size - 1}pt}}
    h3 {{font-size: {look.size + 2}pt; text-align: center}}
    td.figure {{text-align: {look.figures}; white-space: nowrap}}
    .code {{display: flex; gap: 12px; align-items: center}}
    .code table {{width: auto}}
    .code td {{min-width: 14px; height: 16px; text-align: center; border: 1px solid #000; padding: 1px 2px}}
    .line {{border-bottom: 1px solid #000; display: inline-block; min-width: 60%}}
    .chosen {{border: 1.5px solid #00c; border-radius: 50%; padding: 2px 8px}}"""


def _words(words: Words, look: WebLook) -> str:
    wanted = {"kk": (words.kk,), "ru": (words.ru,)}.get(look.language, words.printed())
    return (" / " if look.language == "slash" else "<br>").join(escape(text) for text in wanted if text)


def _field(field: FieldLayout, filled: Filled, look: WebLook) -> str:
    value = escape(filled.answers.get(field.id, ""))
    label = _words(field.labels[0], look)
    if field.kind is FieldKind.BOXES and look.boxes:
        cells = "".join(f"<td>{sign}</td>" for sign in value.ljust(field.length))
        return f"<div class='code'><div>{label}</div><table><tr>{cells}</tr></table></div>"
    if field.kind is FieldKind.OPTION:
        cells = "".join(
            f"<td><span{' class=chosen' if number == filled.option else ''}>{_words(words, look)}</span></td>"
            for number, words in enumerate(field.option_labels)
        )
        return f"<div>{label}</div><table><tr>{cells}</tr></table>"
    if field.kind is FieldKind.SIGNATURE:
        return ""
    return f"<div>{label}: <span class='line'>{value}&nbsp;</span></div>"


def _table(table: TableLayout, filled: Filled, look: WebLook) -> Iterator[str]:
    yield f"<p><b>{_words(table.title, look)}</b></p><table><thead>{_headings(table, look)}</thead><tbody>"
    for number, line in enumerate(table.lines):
        yield _row(table, line, number, filled, look)
        if number == 0 and table.interludes:
            yield _interlude(table, look)
    yield "</tbody></table>"


def _headings(table: TableLayout, look: WebLook) -> str:
    groups = [group for group in table.groups if len(group.columns) > 1] if look.grouped else []
    inner = groups[0].columns if groups else ()
    span = " rowspan='2'" if groups else ""
    first = [f"<th{span}>№</th>"] if look.numbered else []
    first += [f"<th{span}>{_words(words, look)}</th>" for words in table.label_headings]
    for column in table.columns:
        if column.number not in inner:
            first.append(f"<th{span}>{_words(column.heading, look)}</th>")
        elif column.number == inner[0]:
            first.append(f"<th colspan='{len(inner)}'>{_words(groups[0].words, look)}</th>")
    second = [f"<th>{_words(column.heading, look)}</th>" for column in table.columns if column.number in inner]
    signs = [*([""] if look.numbered else []), *table.label_columns, *(column.number for column in table.columns)]
    rows = [first, *([second] if second else []), [f"<th>{escape(sign)}</th>" for sign in signs]]
    return "".join(f"<tr>{''.join(row)}</tr>" for row in rows)


def _row(table: TableLayout, line: Line, number: int, filled: Filled, look: WebLook) -> str:
    label = _words(line.label, look)
    oked = line.oked or (CROSS if line.code in table.oked_crossed else "")
    told = [*([str(number + 1)] if look.numbered else []), line.code]
    told += [f"<b>{label}</b>" if look.strong and number == 0 else label, oked]
    cells = [f"<td>{text}</td>" for text in told[: len(told) - 3 + len(table.label_columns)]]
    for column in table.columns:
        place = Place(table.section, line.code, column.number)
        written = filled.entries[place].written if place in filled.entries else filled.countries.get(place, "")
        text = CROSS if line.code in column.crossed else written
        cells.append(f"<td{' class=figure' if column.kind is ColumnKind.AMOUNT else ''}>{escape(text)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _interlude(table: TableLayout, look: WebLook) -> str:
    words, before = _words(table.interludes[0], look), "<td></td>" * (1 + look.numbered)
    columns = len(table.label_columns) - 1 + len(table.columns)
    if look.merged:
        return f"<tr>{before}<td colspan='{columns}'>{words}</td></tr>"
    return f"<tr>{before}<td>{words}</td>{'<td></td>' * (columns - 1)}</tr>"
