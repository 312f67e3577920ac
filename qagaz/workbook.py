"""Tables as a workbook that opens in any spreadsheet program: numbers as numbers, texts never as formulas.

It is written row by row, so that memory does not grow with the number of rows; every text is a text by its type, and
one that would be a formula is also marked so that it stays a text when somebody edits its cell.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

from qagaz.formulas import is_formula
from qagaz.parts import TEMPORARY
from qagaz.tables import Row, Table

NUMBERS = frozenset({"paper_value", "final_value"})  # plain decimals, or blank
EXACT = 15  # digits a spreadsheet keeps; longer numbers stay text
MOST_ROWS = 1 << 20  # of one sheet, its heading among them; what is more goes on to another
MOST_LETTERS = 32_767  # of one cell
WIDTHS = {"source": 14, "file": 32, "note": 32, "department": 24, "batch": 20, "when": 21, "layout": 18}  # characters
WIDTH = 11  # of other columns
LEVEL = 3  # of compression: half the time of 6 for a tenth more bytes
TEXT, MARKED, HEADING = 1, 2, 3  # styles, as they stand in STYLES

NAMESPACE = "http://schemas.openxmlformats.org"
BOOK, SHEET = "workbook", "worksheet"  # the outermost elements
MAIN = f"{NAMESPACE}/spreadsheetml/2006/main"
OFFICE = f"{NAMESPACE}/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    "</fills>"
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in no XML document
LOOKS_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # spreadsheets read _x0041_ as A


class Workbook:
    """A workbook in the making; under a temporary name until `commit`. OSError if it cannot be written."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._temporary = target.with_name(f".{target.name}{TEMPORARY}")
        self._zip = zipfile.ZipFile(self._temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._sheets: list[str] = []

    def add(self, table: Table, rows: Iterable[Row]) -> int:
        """A table on a sheet of its own, or on several where there are too many rows for one; how many rows."""
        left, count = iter(rows), 0
        while True:
            written = self._sheet(table, left, count > 0)
            count += written
            if written < MOST_ROWS - 1:
                return count

    def commit(self) -> None:
        """Put the finished workbook in place of a former one."""
        sheets = list(enumerate(self._sheets, start=1))
        listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in sheets)
        links = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n, _ in sheets)
        kinds = "".join(_kind(f"/xl/worksheets/sheet{n}.xml", "spreadsheetml.worksheet") for n, _ in sheets)
        book = f'{HEAD}<{BOOK} xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></{BOOK}>'
        self._zip.writestr("xl/workbook.xml", book)
        self._zip.writestr("xl/_rels/workbook.xml.rels", _links(links + _link(len(sheets) + 1, "styles", "styles.xml")))
        self._zip.writestr("xl/styles.xml", STYLES)
        self._zip.writestr("_rels/.rels", _links(_link(1, "officeDocument", "xl/workbook.xml")))
        self._zip.writestr("[Content_Types].xml", _kinds(kinds))
        self._zip.close()
        self._temporary.replace(self._target)

    def drop(self) -> None:
        """Leave nothing behind of a workbook that was not finished."""
        self._zip.close()
        self._temporary.unlink(missing_ok=True)

    def _sheet(self, table: Table, rows: Iterator[Row], more: bool) -> int:
        self._sheets.append(f"{table.name[:26]} {len(self._sheets) + 1}" if more else table.name[:31])
        letters = [_letters(n) for n in range(len(table.columns))]
        count = 0
        with self._zip.open(f"xl/worksheets/sheet{len(self._sheets)}.xml", "w", force_zip64=True) as out:
            _say(out, _opening(table))
            titles = "".join(
                _text(f"{letter}1", column.name, HEADING) for letter, column in zip(letters, table.columns, strict=True)
            )
            _say(out, f'<row r="1">{titles}</row>')
            writers = [_writer(column.name, column.kind) for column in table.columns]
            for row in rows:
                count += 1
                at = str(count + 1)
                cells = [w(x + at, v) for w, x, v in zip(writers, letters, row, strict=True) if v not in ("", None)]
                _say(out, f'<row r="{at}">{"".join(cells)}</row>')
                if count == MOST_ROWS - 1:
                    break
            _say(out, f'</sheetData><autoFilter ref="A1:{letters[-1]}{count + 1}"/></{SHEET}>')
        return count


def write_workbook(target: Path, tables: Iterable[tuple[Table, Iterable[Row]]]) -> None:
    """Tables as a workbook, one after the other. OSError if that is not possible."""
    book = Workbook(target)
    try:
        for table, rows in tables:
            book.add(table, rows)
        book.commit()
    finally:
        book.drop()


def _writer(name: str, kind: type) -> Callable[[str, Any], str]:
    if name in NUMBERS:
        return _amount
    return _number if kind is int else _string


def _amount(at: str, value: str) -> str:
    """An amount as a spreadsheet keeps it exactly."""
    return _number(at, value) if sum(map(str.isdigit, value)) <= EXACT else _string(at, value)


def _number(at: str, value: object) -> str:
    return f'<c r="{at}"><v>{value}</v></c>'


def _string(at: str, value: str) -> str:
    style, shown = _dressed(value)
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


@lru_cache(maxsize=4096)  # names of files and lines come again and again
def _dressed(text: str) -> tuple[int, str]:
    """A text's style, and how it stands in XML."""
    kept = LOOKS_CODED.sub("_x005F_", UNWRITABLE.sub("\ufffd", text[:MOST_LETTERS]))
    return MARKED if is_formula(text) else TEXT, escape(kept, {"\r": "&#13;"})


def _text(at: str, text: str, style: int) -> str:
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _opening(table: Table) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{WIDTHS.get(column.name, WIDTH)}" customWidth="1"/>'
        for n, column in enumerate(table.columns, start=1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{HEAD}<{SHEET} xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
    )


def _letters(column: int) -> str:
    """The name of a column, counted from 0; tables have fewer than 26."""
    return chr(ord("A") + column)


def _say(out: IO[bytes], text: str) -> None:
    out.write(text.encode())


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _links(links: str) -> str:
    return f'{HEAD}<Relationships xmlns="{NAMESPACE}/package/2006/relationships">{links}</Relationships>'


def _kind(part: str, kind: str) -> str:
    told = f"application/vnd.openxmlformats-officedocument.{kind}+xml"
    return f'<Override PartName="{part}" ContentType="{told}"/>'


def _kinds(sheets: str) -> str:
    book, styles = (
        _kind("/xl/workbook.xml", "spreadsheetml.sheet.main"),
        _kind("/xl/styles.xml", "spreadsheetml.styles"),
    )
    links = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{HEAD}<Types xmlns="{NAMESPACE}/package/2006/content-types">{links}{xml}{book}{styles}{sheets}</Types>'
