"""A blank form → the first version of its layout file, for a person to finish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extract.intake import find_sources
from extract.records import BoxRun, Grid, Sheet, TextLine
from extract.text.sheet import text_sheet
from layouts.errors import QagazError
from review.pictures import Pages

KAZAKH = re.compile(r"[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")
CODE = re.compile(r"\d+(?:\.\d+)*\.?")
COUNTRY = re.compile(r"\bстран[аы]\b|\bелдер|\bел\b")  # what the heading of a column of countries speaks of
CROSS = {"х", "x"}  # Cyrillic and Latin
LEAST_COLUMNS = 3  # a code, a label, a figure
LEAST_BOXES = 4  # shorter rows of boxes are ticks, not codes
PART_DEPTH = 3  # codes like 1.3.1 are mostly an "of which" of 1.3

HEAD = """# A first version, made from {name}. To finish it:
# - id, index, title, valid_from, orders, marks: as printed on the form;
# - fields: an id and the check (bin, iin, kato, year) where there is one; the fields without boxes are missing;
# - tables: headings in both languages, kinds of columns, parents of "of which" lines;
# - rules: none is drafted. Then: qagaz layouts check THIS.toml

id = "form.year"
index = {{ kk = "", ru = "" }}
title = {{ kk = "", ru = "" }}
valid_from = 2026-01-01
orders = []
unit = "thousand tenge"
marks = []
"""


class NoTableError(QagazError):
    """The blank has no table that can be read."""


@dataclass(slots=True)
class Row:
    """One line of a drafted table."""

    code: str
    label: str
    oked: str
    crossed: list[int]  # columns printed «Х», counted from 0


@dataclass(slots=True)
class Table:
    """One table as it is gathered over the pages."""

    letters: list[str]
    numbers: list[str]
    headings: list[str]  # of every column, letters first
    rows: list[Row] = field(default_factory=list)


def draft(blank: Path, pages: Pages) -> str:
    """TOML text of a layout with the tables and rows of boxes of a blank form; NoTableError if it has no table."""
    sheets = [
        text_sheet(page) for source in find_sources([blank]).sources for page in pages(source, 1) if page.kind == "text"
    ]
    tables = _tables(grid for sheet in sheets for grid in sheet.grids)
    if not tables:
        raise NoTableError("error.draft-no-table", file=blank.name)
    parts = [HEAD.format(name=blank.name)]
    parts += list(_fields(sheets))
    parts += [_table_text(number, table) for number, table in enumerate(tables, start=1)]
    return "\n".join(parts)


def _tables(grids: Iterable[Grid]) -> list[Table]:
    """A row of column numbers opens a table; grids of as many columns without one go on with it."""
    tables: list[Table] = []
    for grid in grids:
        rows = [_texts(grid, row) for row in range(grid.rows)]
        at = next((place for place, row in enumerate(rows) if _is_number_row(row)), None)
        if at is not None:
            opened = _open(grid, rows[at], at)
            fresh = not tables or opened.headings != tables[-1].headings
            if fresh:
                tables.append(opened)
            _take(tables[-1], rows[at + 1 :])
        elif tables and grid.columns == len(tables[-1].headings):
            _take(tables[-1], rows)
    return [table for table in tables if table.rows]


def _texts(grid: Grid, row: int) -> list[str]:
    texts = [""] * grid.columns
    for cell in grid.cells:
        if cell.row == row:
            texts[cell.column] = cell.text or ""
    return texts


def _is_number_row(row: Sequence[str]) -> bool:
    """Whether these are the letters and numbers printed under the headings.

    >>> _is_number_row(["А", "Б", "1", "2"]), _is_number_row(["1", "Всего", "", ""])
    (True, False)
    """
    numbers = [text for text in row if text.isdecimal()]
    letters = [text for text in row if len(text) == 1 and text.isalpha()]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    return (
        len(row) >= LEAST_COLUMNS and numbers == counted and len(letters) + len(numbers) == len(row) and bool(letters)
    )


def _open(grid: Grid, numbers: Sequence[str], at: int) -> Table:
    headings = []
    for column in range(grid.columns):
        over = [grid.at(row, column) for row in range(at)]
        own = next((cell for cell in reversed(over) if cell is not None and cell.text), None)
        headings.append(own.text or "" if own else "")
    letters = [text for text in numbers if text.isalpha()]
    return Table(letters, [text for text in numbers if text.isdecimal()], headings)


def _take(table: Table, rows: Iterable[Sequence[str]]) -> None:
    """Rows with a code are lines; one without goes on with the line above when that was cut by the page's end."""
    first = len(table.letters)
    for number, row in enumerate(rows):
        code, label = row[0].strip(), row[1] if first > 1 else ""
        oked = row[2].strip() if first > 2 else ""
        if CODE.fullmatch(code):
            crossed = [place for place, text in enumerate(row[first:]) if text.strip().lower() in CROSS]
            table.rows.append(Row(code.rstrip("."), label, "" if oked.lower() in CROSS else oked, crossed))
        elif label and number == 0 and table.rows:
            table.rows[-1].label += "\n" + label


def _table_text(section: int, table: Table) -> str:
    lines = ["[[tables]]", f"section = {section}", 'title = { kk = "", ru = "" }', "label_columns = ["]
    for letter, heading in zip(table.letters, table.headings, strict=False):
        lines.append(f"    {{ letter = {_quoted(letter)}, {_words(heading)} }},")
    lines += ["]", "columns = ["]
    for place, number in enumerate(table.numbers):
        heading = table.headings[len(table.letters) + place]
        kind = "country" if COUNTRY.search(heading.lower()) else "amount"
        crossed = [row.code for row in table.rows if place in row.crossed]
        tail = f", crossed = {json.dumps(crossed)}" if crossed else ""
        lines.append(f'    {{ number = "{number}", kind = "{kind}", {_words(heading)}{tail} }},')
    lines += ["]", "lines = ["]
    known = {row.code for row in table.rows}
    lines += [f"    {{ {_line_text(row, known)} }}," for row in table.rows]
    return "\n".join([*lines, "]", ""])


def _line_text(row: Row, known: set[str]) -> str:
    above = row.code.rpartition(".")[0]
    is_part = row.code.count(".") + 1 >= PART_DEPTH and above in known
    told = [f"code = {_quoted(row.code)}"]
    told += [f"oked = {_quoted(row.oked)}"] if row.oked else []
    told += [f"parent = {_quoted(above)}"] if is_part else []
    return ", ".join([*told, _words(row.label)])


def _words(text: str) -> str:
    r"""A bilingual text's halves: Kazakh up to the last line with a Kazakh letter, Russian after it.

    >>> _words("Барлығы\nВсего")
    'kk = "Барлығы", ru = "Всего"'
    """
    lines = text.split("\n")
    last = max((place for place, line in enumerate(lines) if KAZAKH.search(line)), default=-1)
    kazakh, russian = " ".join(lines[: last + 1]), " ".join(lines[last + 1 :])
    return f"kk = {_quoted(kazakh)}, ru = {_quoted(russian)}"


def _quoted(text: str) -> str:
    """A TOML string; JSON's rules for one are among TOML's."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _fields(sheets: Iterable[Sheet]) -> Iterator[str]:
    """Every row of boxes, with what is printed nearest before it."""
    number = 0
    for sheet in sheets:
        for run in sheet.boxes:
            if len(run.cells) >= LEAST_BOXES:
                number += 1
                label = _label(run, sheet.lines)
                told = [f'id = "field-{number}"', 'kind = "boxes"', f"length = {len(run.cells)}"]
                yield "\n".join(["[[fields]]", *told, f"labels = [{{ {_words(label)} }}]", ""])


def _label(run: BoxRun, lines: Iterable[TextLine]) -> str:
    """The text nearest to the left of a row of boxes or above it."""
    before = [line for line in lines if line.box.y0 < run.box.y1 and line.box.x0 < run.box.x1]
    return min(before, key=lambda line: _far(run, line)).text if before else ""


def _far(run: BoxRun, line: TextLine) -> float:
    return max(run.box.y0 - line.box.y1, 0.0) + max(run.box.x0 - line.box.x1, 0.0)
