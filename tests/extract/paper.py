"""Makes sheets from plain rows of text, for tests of everything that comes after geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from extract.records import Box, Cell, Crop, Grid, Sheet, Source, TextLine
from layouts.model import Column, ColumnKind, FieldKind, FieldLayout, Layout, Line, TableLayout, Words

ROW, COLUMN = 20.0, 50.0  # points
SOURCE = Source("0" * 64, "form.pdf", Path("form.pdf"))


def small_layout() -> Layout:
    """A form of six lines in section 1, three columns, two "of which" lines with one label."""
    part = Words("оның ішінде елішілік құндылық", "из них внутристрановая ценность")
    lines = (
        Line("1", Words("Барлығы", "Всего")),
        Line("1.1", Words("Компьютерлік ойындар шығару", "Издание компьютерных игр"), "58.21.0"),
        Line("1.2", Words("Деректерді өңдеу", "Обработка данных"), "63.11.4"),
        Line("1.2.1", part, None, "1.2"),
        Line("1.3", Words("Веб-порталдардың қызметі", "Деятельность веб-порталов"), "63.12.0"),
        Line("1.3.1", part, None, "1.3"),
    )
    columns = tuple(
        Column(number, ColumnKind.AMOUNT, Words(kk, ru))
        for number, kk, ru in (
            ("1", "Көлемі барлығы", "Объем всего"),
            ("2", "мемлекеттік меншік", "государственная собственность"),
            ("3", "жеке меншік", "частная собственность"),
        )
    )
    table = TableLayout(
        1, Words("", "Сведения"), ("А", "Б", "В"),
        (Words("Жол коды", "Код строки"), Words("Атауы", "Наименование"), Words("ЭҚЖЖ коды", "Код ОКЭД")),
        lines, columns, (Words("оның ішінде:", "в том числе:"),),
    )  # fmt: skip
    fields = (
        FieldLayout("year", FieldKind.BOXES, (Words("есепті кезең", "отчетный период"),), 4),
        FieldLayout("bin", FieldKind.BOXES, (Words("БСН коды", "код БИН"),), 12),
        FieldLayout("region", FieldKind.TEXT, (Words("", "Укажите место оказания услуг – область, город, район"),)),
        FieldLayout("name", FieldKind.TEXT, (Words("Атауы", "Наименование"),)),
        FieldLayout("address", FieldKind.TEXT, (Words("Мекенжайы", "Адрес"),)),
        FieldLayout("email", FieldKind.TEXT, (Words("Электрондық пошта мекенжайы", "Адрес электронной почты"),)),
    )
    return Layout(
        "test", Words("", "1-т"), Words("", "Отчет о пробных услугах"), date(2026, 1, 1), (), "thousand tenge",
        (table,), fields, (), "0" * 64,
    )  # fmt: skip


NUMBER_ROW = ["А", "Б", "В", "1", "2", "3"]
HEADINGS = [
    "Код строки",
    "Наименование",
    "Код ОКЭД",
    "Объем всего",
    "государственная собственность",
    "частная собственность",
]
BODY = [
    ["1", "Барлығы Всего", "Х", "60", "30", "30"],
    ["", "оның ішінде: в том числе:", "", "", "", ""],
    ["1.1", "Компьютерлік ойындар шығару Издание компьютерных игр", "58.21.0", "10", "5", "5"],
    ["1.2", "Деректерді өңдеу Обработка данных", "63.11.4", "20", "10", "10"],
    ["1.2.1", "оның ішінде елішілік құндылық из них внутристрановая ценность", "", "2", "1", "1"],
    ["1.3", "Веб-порталдардың қызметі Деятельность веб-порталов", "63.12.0", "30", "15", "15"],
    ["1.3.1", "оның ішінде елішілік құндылық из них внутристрановая ценность", "", "3", "2", "1"],
]


def grid(
    rows: Sequence[Sequence[str]], *, top: float = 100.0, open_top: bool = False, open_bottom: bool = False
) -> Grid:
    """A grid of equal cells with these texts."""
    columns = len(rows[0])
    cells = tuple(
        Cell(
            Box(c * COLUMN, top + r * ROW, (c + 1) * COLUMN, top + (r + 1) * ROW), r, c, text=text,
            ink=1.0 if text else 0.0, open_top=open_top and r == 0, open_bottom=open_bottom and r == len(rows) - 1,
        )
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )  # fmt: skip
    x_edges = tuple(c * COLUMN for c in range(columns + 1))
    y_edges = tuple(top + r * ROW for r in range(len(rows) + 1))
    return Grid(Box(0.0, top, x_edges[-1], y_edges[-1]), len(rows), columns, x_edges, y_edges, cells)


def sheet(number: int, *grids: Grid, lines: Sequence[str] = ()) -> Sheet:
    """A text page."""
    text = tuple(TextLine(line, Box(0.0, 12.0 * i, 6.0 * len(line), 12.0 * i + 10.0)) for i, line in enumerate(lines))
    return Sheet(
        SOURCE, number, "text", "pt", 595.0, 842.0, 72.0, np.eye(3), tuple(grids), (), text,
        np.full((842, 595), 255, np.uint8),
    )  # fmt: skip


def unread(page: Sheet, *, keep: Sequence[int] = (0, 2)) -> Sheet:
    """The same page as a scan on which only these columns and the rows of single signs have been read so far."""
    blank = Crop(np.zeros((10, 30), np.uint8), np.zeros((10, 30), np.uint8))

    def cell(c: Cell) -> Cell:
        if c.text == "":
            return replace(c, text="" if c.column in keep else None)
        return c if c.column in keep or c.row in signs else replace(c, text=None, crop=blank)

    signs = {
        row for g in page.grids for row in range(g.rows) if all(len(c.text or "") <= 2 for c in g.cells if c.row == row)
    }
    grids = tuple(replace(g, cells=tuple(cell(c) for c in g.cells)) for g in page.grids)
    return replace(page, kind="scan", unit="px", grids=grids)
