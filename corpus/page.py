"""Draws a whole form: corners, title, boxes, tables, options, contacts, signatures, in one respondent's style."""

from __future__ import annotations

import random
from collections.abc import Sequence

from corpus.hand import Hand
from corpus.marking import Marking, OptionMark, SignatureShape
from corpus.marks import draw_mark, draw_signature
from corpus.pen import Area, Figures, Pen
from corpus.records import Drawn, Filled
from corpus.style import PageStyle
from corpus.surroundings import Surroundings, surroundings
from corpus.table import Flow, draw_table, opening_height
from corpus.wording import paragraphs, say
from layouts.model import FieldKind, FieldLayout, Words

REGION_WORDS = ("region", "place", "location")
"""Parts of the id of a text field that stands before the tables."""


def draw_form(
    filled: Filled,
    style: PageStyle,
    rng: random.Random,
    hand: Hand | None = None,
    mode: Figures = "ink",
    clerk: Hand | None = None,
) -> Drawn:
    """The form as a PDF. With a hand, what is filled in is written; `mode` says how the tables' cells are filled.

    A clerk writes the KATO in another hand.
    """
    pen = Pen(style, rng, hand, mode)
    flow = Flow(pen)
    around = surroundings(filled.layout)
    fields = filled.layout.fields
    year = next((f for f in fields if f.check == "year"), None)
    before = [f for f in fields if stands_before(f) and f is not year]
    after = [f for f in fields if not stands_before(f)]
    _corners(flow, around)
    _title(flow, filled)
    _index(flow, filled, around, year)
    if style.wording.full:
        for words in around.intro:
            _print(flow, say(words, style.wording), style.size * 0.9)
        flow.y += style.size
    for field in before:
        pen.hand = clerk if clerk is not None and field.check == "kato" else hand
        _field(flow, filled, field)
    pen.hand = hand
    _tables(flow, filled, around)
    for field in after:
        if field.kind is FieldKind.OPTION:
            _options(flow, filled, field)
    _contacts(flow, filled, [f for f in after if f.kind is not FieldKind.OPTION])
    if style.wording.full and around.closing is not None:
        flow.y += style.size
        _print(flow, say(around.closing, style.wording), style.size * 0.85)
    return pen.finish()


def stands_before(field: FieldLayout) -> bool:
    """Whether a field stands above the tables."""
    return field.kind is FieldKind.BOXES or (
        field.kind is FieldKind.TEXT and any(word in field.id for word in REGION_WORDS)
    )


def _width(style: PageStyle) -> float:
    return style.width - style.margin[0] - style.margin[2]


def _print(flow: Flow, texts: Sequence[str], size: float, *, bold: bool = False, centred: bool = False) -> float:
    """Paragraphs over the whole width; the x where the last line ends."""
    pen, style = flow.pen, flow.pen.style
    lines = paragraphs([style.face.fit(t) for t in texts], style.face, size, _width(style), bold=bold)
    leading = size * style.leading
    left = style.margin[0]
    for line in lines:
        flow.need(leading)
        area = Area(left, flow.y, style.width - style.margin[2], flow.y + leading)
        pen.print_lines([line], area, size, "centre" if centred else "left", "middle", bold=bold)
        flow.y += leading
    return left + style.face.width(lines[-1], size, bold=bold) if lines else left


def _corners(flow: Flow, around: Surroundings) -> None:
    style = flow.pen.style
    if not around.corners or not style.wording.full:
        return
    half = _width(style) * 0.45
    size = style.size * 0.85
    columns = (around.corners[:-1], around.corners[-1:])
    bottoms = [flow.y]
    for words, left in zip(columns, (style.margin[0], style.width - style.margin[2] - half), strict=True):
        texts = [style.face.fit(text) for w in words for text in say(w, style.wording)]
        lines = paragraphs(texts, style.face, size, half)
        height = len(lines) * size * style.leading
        flow.pen.print_lines(lines, Area(left, flow.y, left + half, flow.y + height), size, "left", "top")
        bottoms.append(flow.y + height)
    flow.y = max(bottoms) + style.size


def _title(flow: Flow, filled: Filled) -> None:
    style = flow.pen.style
    _print(flow, say(filled.layout.title, style.wording), style.size * 1.25, bold=True, centred=True)
    flow.y += style.size * 0.7


def _index(flow: Flow, filled: Filled, around: Surroundings, year: FieldLayout | None) -> None:
    """The row with the form's index, how often it is due, and the year in boxes."""
    pen, style = flow.pen, flow.pen.style
    words = say(filled.layout.index, style.wording)
    period = say(around.periodicity, style.wording) if around.periodicity else []
    label = [t for w in (year.labels[:1] if year else ()) for t in say(w, style.wording)]
    number = filled.answers.get(year.id, "") if year else ""
    if style.boxes == "typed" or year is None or pen.rng.random() < 0.3:
        index = " / ".join(words)
        _print(flow, [f"Индексі / Индекс: {index}   {' / '.join(period)}"], style.size)
        if year is not None:
            x = _print(flow, [" / ".join(label)], style.size)
            _boxes(flow, number, year, x + style.size, filled.marking)
        flow.y += style.size * 0.8
        return
    _index_table(flow, (["Индексі", "Индекс"], words, period, label), number, year, filled.marking)
    flow.y += style.size


def _index_table(flow: Flow, texts: Sequence[Sequence[str]], number: str, year: FieldLayout, marking: Marking) -> None:
    pen, style = flow.pen, flow.pen.style
    boxes_width = style.box_size * (year.length * 1.3 + 1)
    width = _width(style)
    room = (width - boxes_width - 5 * style.size) / len(texts)
    wrapped = [paragraphs([style.face.fit(t) for t in part], style.face, style.size, room - 6) for part in texts]
    height = max(max(len(lines) for lines in wrapped) * style.size * style.leading + 6, style.box_size + 8)
    x = style.margin[0]
    for lines in wrapped:
        area = Area(x, flow.y, x + room, flow.y + height)
        pen.print_lines(lines, area, style.size, "centre", "middle")
        pen.frame(area, style.rulings.weight)
        x += room
    pen.frame(Area(x, flow.y, x + boxes_width, flow.y + height), style.rulings.weight)
    _box_row(flow, number, year, x + style.box_size * 0.4, flow.y + (height - style.box_size) / 2, marking)
    last = Area(x + boxes_width, flow.y, style.width - style.margin[2], flow.y + height)
    pen.print_lines(["жыл", "год"], last, style.size, "centre", "middle")
    pen.frame(last, style.rulings.weight)
    flow.y += height


def _field(flow: Flow, filled: Filled, field: FieldLayout) -> None:
    """A field above the tables: its label, then boxes or a line to write on."""
    style = flow.pen.style
    texts = say(field.labels[0], style.wording)
    text = filled.answers.get(field.id, "")
    flow.need(6 * style.size)
    if field.kind is FieldKind.BOXES:
        x = _print(flow, texts, style.size)
        _boxes(flow, text, field, x + style.size * 0.6, filled.marking)
    else:
        x = _print(flow, texts, style.size)
        _answer(flow, text, field.id, x)
    flow.y += style.size * 0.7


def _boxes(flow: Flow, text: str, field: FieldLayout, x: float, marking: Marking) -> None:
    """One row of boxes after the label's last line, or below it where it does not fit."""
    style = flow.pen.style
    step = style.box_size * (1.25 if style.boxes == "separate" else 1.0)
    right = style.width - style.margin[2]
    if x + step * field.length > right or style.answers_below:
        x = style.margin[0]
        flow.y += 2
    else:
        flow.y -= style.size * style.leading - 2  # level with the label's last line
    _box_row(flow, text, field, x, flow.y, marking)
    flow.y += style.box_size + 2


def _box_row(flow: Flow, text: str, field: FieldLayout, x: float, y: float, marking: Marking) -> None:
    pen, style = flow.pen, flow.pen.style
    size = style.box_size
    if style.boxes == "typed":
        width = size * 0.75 * field.length
        pen.value(text, Area(x, y, x + width, y + size), "left", "middle", field=field.id)
        pen.stroke(x, y + size, x + width, y + size)
        return
    step = size * (1.25 if style.boxes == "separate" and not marking.comb else 1.0)
    share = 0.72 if pen.hand is None else 0.85 / pen.hand.scale * marking.roomy  # of the box's height
    if marking.comb:
        _comb(pen, Area(x, y, x + step * field.length, y + size), field.length)
    for i in range(field.length):
        area = Area(x + i * step, y, x + i * step + size, y + size)
        if not marking.comb:
            pen.frame(area, max(0.4, style.rulings.weight * 0.8))
        if pen.hand is not None:
            area = area.moved(*(size * pen.rng.gauss(0, marking.astray / 2) for _ in range(2)))
        room = area.inner(1, 1) if pen.hand is None or marking.roomy <= 1 else area
        pen.value(text[i : i + 1], room, "centre", "middle", field=field.id, size=size * share)


def _comb(pen: Pen, area: Area, length: int) -> None:
    """One long box whose places short teeth part."""
    pen.frame(area, max(0.4, pen.style.rulings.weight * 0.8))
    step = (area.x1 - area.x0) / length
    for i in range(1, length):
        pen.stroke(area.x0 + i * step, area.y1 - 0.35 * (area.y1 - area.y0), area.x0 + i * step, area.y1)


def _answer(flow: Flow, text: str, field: str, x: float) -> None:
    """A written answer on an underlined stretch: after the label, or on a line of its own."""
    pen, style = flow.pen, flow.pen.style
    right = style.width - style.margin[2]
    height = pen.value_height * 1.2
    needed = pen.value_width(text, style.figure_size) + 8
    if style.answers_below or x + needed > right:
        x = style.margin[0]
        flow.need(height)
    else:
        flow.y -= style.size * style.leading  # level with the label's last line
        x += style.size * 0.5
    pen.value(text, Area(x + 2, flow.y, right, flow.y + height), "left", "bottom", field=field)
    pen.stroke(x, flow.y + height, right, flow.y + height)
    flow.y += height


def _tables(flow: Flow, filled: Filled, around: Surroundings) -> None:
    style = flow.pen.style
    for number, table in enumerate(filled.layout.tables):
        if style.table.new_page and (number > 0 or flow.room < 0.5 * style.height):
            flow.break_page()
        flow.need(opening_height(flow.pen, filled, table) + 4 * style.size)
        flow.y += style.size * 0.6
        _print(
            flow,
            [
                f"{table.section}. {t}" if i == 0 and not t[:1].isdigit() else t
                for i, t in enumerate(say(table.title, style.wording))
            ],
            style.size,
        )
        flow.y += style.size * 0.5
        draw_table(flow, filled, table)
        if number == 0 and style.wording.full and around.note is not None:
            flow.y += 3
            _print(flow, say(around.note, style.wording), style.size * 0.8)
        flow.y += style.size


def _options(flow: Flow, filled: Filled, field: FieldLayout) -> None:
    pen, style = flow.pen, flow.pen.style
    texts = [style.face.fit(t) for words in field.labels[:1] for t in say(words, style.wording)]
    height = 3 * style.size * style.leading + 6
    flow.need(height + len(texts) * style.size * style.leading * 2 + style.size)
    _print(flow, texts, style.size)
    flow.y += 3
    step = _width(style) / len(field.options)
    marks = filled.marking.options
    if marks is None:
        marks = (OptionMark(filled.option, style.option_mark),) if filled.option >= 0 else ()
    for i, words in enumerate(field.option_labels):
        left = style.margin[0] + i * step
        area = Area(left, flow.y, left + step, flow.y + height)
        lines = _option_lines(words, style, step)
        own = [mark for mark in marks if mark.option == i]
        if style.option_table:
            pen.frame(area, style.rulings.weight)
        bold = any(mark.shape == "bold" for mark in own)
        pen.print_lines(lines, area.inner(3, 2), style.size, "centre", "middle", bold=bold)
        for mark in own:
            draw_mark(pen, area, max(style.face.width(line, style.size) for line in lines), len(lines), mark)
    flow.y += height + style.size


def _option_lines(words: Words, style: PageStyle, step: float) -> list[str]:
    texts = list(dict.fromkeys(style.face.fit(text) for text in say(words, style.wording)))
    return paragraphs(texts, style.face, style.size, step - 6)


def _contacts(flow: Flow, filled: Filled, fields: Sequence[FieldLayout]) -> None:
    pen, style = flow.pen, flow.pen.style
    signatures = 0
    for field in fields:
        flow.need(4 * style.size)
        label = style.face.fit(" / ".join(say(field.labels[0], style.wording)))
        x = _print(flow, [label], style.size)
        if field.kind is FieldKind.SIGNATURE:
            signed = filled.signed[signatures] if signatures < len(filled.signed) else False
            shapes = filled.marking.signatures
            _signature(flow, filled, x, signed=signed, shape=shapes[signatures % len(shapes)])
            signatures += 1
        else:
            _answer(flow, filled.answers.get(field.id, ""), field.id, x)
        flow.y += style.size * 0.5
    pen.canvas.setLineWidth(1)


def _signature(flow: Flow, filled: Filled, x: float, *, signed: bool, shape: SignatureShape) -> None:
    pen, style = flow.pen, flow.pen.style
    left = min(x + style.size, style.width * 0.6)
    right = min(style.width - style.margin[2], left + pen.rng.uniform(80, 140))
    if filled.marking.underscores:
        count = int((right - left) / max(1.0, style.face.width("_", style.size)))
        pen.print("_" * count, left, flow.y, style.size)
    else:
        pen.stroke(left, flow.y, right, flow.y)
    if signed:
        draw_signature(pen, left, right, flow.y, shape)
