"""CSV and Excel files → sheets of entries."""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from compare.typed.records import BadTable, Entry, Problem, Row, Sheet, Spot

EXACT = 15  # digits a spreadsheet keeps of a number
LARGEST = 1 << 30  # bytes a workbook may unpack to
MOST_CELLS = 20_000_000  # of a sheet, empty ones included; some programs format every row there is
DELIMITERS = (";", "\t", "|")  # beside the comma, which also parts decimals and so is the last to be thought of
ENCODINGS = ("utf-8-sig", "cp1251")
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"  # the latter also of a workbook under a password
OPEN_DOCUMENT = (
    b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"  # how the first part of such an archive begins
)
WIDE_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # Excel's "Unicode text"

_SEPARATOR = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)  # a first line that Excel writes and reads
_PERCENT = re.compile(r"%")


def open_sheets(path: Path) -> tuple[Sheet, ...]:
    """Every visible sheet of a workbook, or the one of a CSV file. BadTable where the file is neither."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _bad(path, "error.unreadable", detail=error.strerror or "") from error
    if not content.strip():
        raise _bad(path, "error.empty-file")
    if content.startswith(OLD_WORKBOOK):
        raise _bad(path, "error.typed-old-workbook")
    if content.startswith(WORKBOOK):
        if OPEN_DOCUMENT in content[:100]:
            raise _bad(path, "error.typed-open-document")
        return _workbook(path, content)
    return (Sheet("", _csv(path, content)),)


def _bad(path: Path, message_id: str, **parameters: str) -> BadTable:
    return BadTable(path.name, [Problem(message_id, None, tuple(parameters.items()))])


def _csv(path: Path, content: bytes) -> tuple[Row, ...]:
    """Rows of text; encoding and delimiter are told from the content."""
    text = _decoded(path, content)
    named = _SEPARATOR.match(text)
    delimiter = named[1] if named else _delimiter(text)
    if named:
        text = "\n" + text[named.end() :]  # rows keep their numbers
    known = _Known()
    rows: list[Row] = []
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows.extend(tuple(map(known.__getitem__, row)) for row in table)
    except csv.Error as error:
        raise _bad(path, "error.typed-no-table-file", detail=str(error)) from error
    return tuple(rows)


class _Known(dict[str, Entry | None]):
    """Text → its entry, made once: most cells of a large table hold what others hold."""

    def __missing__(self, text: str) -> Entry | None:
        bare = text.strip()
        entry = self[text] = (self[bare] if bare != text else Entry(text)) if bare else None
        return entry


def _decoded(path: Path, content: bytes) -> str:
    if (wide := WIDE_ENCODINGS.get(content[:2])) is not None:
        try:
            return content.decode(wide)
        except UnicodeDecodeError as error:
            raise _bad(path, "error.typed-no-table-file", detail=str(error)) from error
    if b"\x00" in content:
        raise _bad(path, "error.typed-no-table-file", detail="NUL")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _bad(path, "error.typed-no-table-file", detail=", ".join(ENCODINGS))


def _delimiter(text: str) -> str:
    r"""What parts the cells: the first of the unlikelier marks that at least half of the lines have.

    >>> _delimiter("a;b\n1;2,5"), _delimiter("a,b\n1,2"), _delimiter("a\tb\n1\t2,5")
    (';', ',', '\t')
    """
    lines = [line for line in text.splitlines() if line.strip()]
    found = Counter(mark for line in lines for mark in DELIMITERS if mark in line)
    return next((mark for mark in DELIMITERS if 2 * found[mark] >= len(lines)), ",")


def _workbook(path: Path, content: bytes) -> tuple[Sheet, ...]:
    formulas, shown = _opened(path, content, data_only=False), _opened(path, content, data_only=True)
    problems: list[Problem] = []
    sheets = []
    for sheet in shown.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise _bad(path, "error.typed-too-large", sheet=sheet.title)
        sheets.append(_sheet(sheet, formulas[sheet.title], problems))
    if problems:
        raise BadTable(path.name, problems)
    return tuple(sheets)


def _opened(path: Path, content: bytes, *, data_only: bool) -> Any:
    """The workbook as openpyxl sees it, with formulas or with the values they had when it was saved."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size <= LARGEST:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and extensions that it does not know
                return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)
    except Exception as error:  # a broken workbook makes the library raise whatever it met first
        raise _bad(path, "error.typed-no-table-file", detail=type(error).__name__) from error
    raise _bad(path, "error.typed-too-large", sheet="")


def _sheet(shown: Any, formulas: Any, problems: list[Problem]) -> Sheet:
    """A sheet's entries; merged cells show their content in each of their parts, marked as such."""
    rows: list[list[Entry | None]] = []
    for number, cells in enumerate(shown.iter_rows()):
        rows.append([_entry(cell) for cell in cells])
        for column, entry in enumerate(rows[-1]):
            if entry is None and formulas.cell(number + 1, column + 1).data_type == "f":
                problems.append(Problem("error.typed-formula", Spot(shown.title, number, column)))
    for merged in shown.merged_cells.ranges:
        first = rows[merged.min_row - 1][merged.min_col - 1]
        for row in range(merged.min_row - 1, min(merged.max_row, len(rows))):
            for column in range(merged.min_col - 1, min(merged.max_col, len(rows[row]))):
                if first is not None and (row, column) != (merged.min_row - 1, merged.min_col - 1):
                    rows[row][column] = Entry(first.content, merged=True)
    hidden = frozenset(number - 1 for number, row in shown.row_dimensions.items() if row.hidden)
    return Sheet(shown.title, tuple(tuple(row) for row in rows), hidden)


def _entry(cell: Any) -> Entry | None:
    """A number as exactly as the workbook shows it: a percentage is one, 0.1 + 0.2 is 0.3."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return Entry(value)
    if isinstance(value, (int, float)) and math.isfinite(value):
        number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{EXACT}g}")
        if _PERCENT.search(str(cell.number_format)):
            return Entry(f"{(number * 100).normalize():f} %")
        return Entry(number)
    return Entry(value.strip() if isinstance(value, str) else _dated(value))


def _dated(value: Any) -> Any:
    """Dates as they are; times, durations and what is no number as text, which no figure and no line is."""
    return value if isinstance(value, date) else str(value)
