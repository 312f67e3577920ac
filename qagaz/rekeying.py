"""The sheet of a sample as it goes out: each cell's picture beside an empty input, or its place alone as CSV."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import xlsxwriter
from PIL import Image

from compare.run import Spot
from compare.sampling import Drawn, Sample
from compare.sheets import drawn
from layouts.model import Place
from layouts.words import Language
from qagaz.cuts import Cuts
from qagaz.deliver import write_table
from qagaz.opener import Opener
from qagaz.parts import TEMPORARY
from qagaz.quality import Comparison
from qagaz.speech import worded
from qagaz.tables import SAMPLE
from qagaz.workbook import OPTIONS, UNWRITABLE

WORKBOOK = ".xlsx"
TABLE = ".csv"
COLUMNS = {  # name → width in characters; the names stand in a hidden row, words for them above it
    "number": 5, "picture": 44, "value": 18, "file": 30, "page": 8, "form": 7, "section": 8, "line": 9, "column": 8,
    "source": 10, "place": 10, "drawn": 10,
}  # fmt: skip
SHOWN = 9  # columns that people see; the others tell whose cell it is
HEAD = 3  # rows above the cells: what to do, headings, names
ABOUT_HIGH, ROW_HIGH = 84, 84  # pixels
PICTURE = (300, 78)  # pixels a picture has room for
MOVES = 1  # xlsxwriter: the picture moves and hides with its row

Cut = Callable[[Drawn], Path | None]


def write_plain(path: Path, comparison: Comparison, sample: Sample) -> None:
    """The drawn cells with their places on the page and an empty field: what was agreed on does not stand there."""
    boxes = comparison.run.boxes((cell.key, cell.place) for cell in sample.cells)
    rows = (
        (*cell.key[:1], cell.file, cell.key[1], str(cell.place), *boxes[cell.key, cell.place], drawn(sample), "")
        for cell in sample.cells
    )
    write_table(path.parent, replace(SAMPLE, name=path.stem), rows)


def write_pictured(
    path: Path, comparison: Comparison, sample: Sample, papers: Sequence[Path], language: Language
) -> int:
    """A workbook with a picture of each drawn cell beside an empty field; how many had no picture. OSError.

    Pictures are of papers below these folders, or where they were when they were read. What was agreed on does not
    stand in the file. All but the fields to fill in is locked against slips, without a password.
    """
    cells = [(cell.key, cell.place) for cell in sample.cells]
    spots = comparison.run.boxes(cells)
    temporary = path.with_name(f".{path.name}{TEMPORARY}")
    with tempfile.TemporaryDirectory(prefix=".sample-", dir=path.parent) as album, Opener() as opener:
        cuts = Cuts(comparison.run, cells, papers, Path(album), opener.pages)
        try:
            with temporary.open("wb") as file, xlsxwriter.Workbook(file, OPTIONS | {"constant_memory": False}) as book:
                missing = _Sheet(book, language).fill(sample, spots, lambda cell: cuts(cell.key, cell.file, cell.place))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return missing


class _Sheet:
    """One sheet to fill in."""

    def __init__(self, book: Any, language: Language) -> None:
        self._language = language
        self._sheet = book.add_worksheet(worded("sample.sheet", {}, language))
        self._looks = {name: book.add_format(look) for name, look in _LOOKS.items()}

    def fill(self, sample: Sample, spots: Mapping[tuple[Any, Place], Spot], cut: Cut) -> int:
        """All cells; how many have no picture."""
        self._head(len(sample.cells))
        missing = 0
        for number, cell in enumerate(sample.cells):
            page = spots[cell.key, cell.place].page
            self._line(HEAD + number, cell, page, drawn(sample))
            picture = cut(cell)
            missing += picture is None
            if picture is None:
                words = worded("sample.no-picture", {"page": page or ""}, self._language)
                self._sheet.write_string(HEAD + number, 1, words, self._looks["text"])
            else:
                self._picture(HEAD + number, picture)
        return missing

    def _head(self, cells: int) -> None:
        sheet, last = self._sheet, HEAD + cells - 1
        about = worded("sample.about", {}, self._language)
        sheet.merge_range(0, 0, 0, SHOWN - 1, about, self._looks["about"])
        sheet.set_row_pixels(0, ABOUT_HIGH)
        for at, (name, width) in enumerate(COLUMNS.items()):
            sheet.set_column(at, at, width, None, {"hidden": at >= SHOWN})
            sheet.write_string(2, at, name)
            if at < SHOWN:
                sheet.write_string(1, at, worded(f"sample.{name}", {}, self._language), self._looks["heading"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.freeze_panes(HEAD, 0)
        sheet.protect(options={"format_columns": True, "format_rows": True})
        blank = worded("sample.blank", {}, self._language)
        at = list(COLUMNS).index("value")
        sheet.data_validation(
            HEAD, at, last, at, {"validate": "list", "source": [blank, "-"], "show_error": False, "ignore_blank": True}
        )
        sheet.ignore_errors({"number_stored_as_text": f"A1:L{last + 1}"})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)

    def _line(self, row: int, cell: Drawn, page: int | None, mark: str) -> None:
        source, form = cell.key
        place = cell.place
        told = (
            row - HEAD + 1, "", "", cell.file, page, form, place.section, place.line, place.column,
            source, str(place), mark,
        )  # fmt: skip
        self._sheet.set_row_pixels(row, ROW_HIGH)
        for at, value in enumerate(told):
            look = self._looks["value" if at == list(COLUMNS).index("value") else "text"]
            if isinstance(value, int):
                self._sheet.write_number(row, at, value, look)
            elif value:
                self._sheet.write_string(row, at, UNWRITABLE.sub("\ufffd", value), look)
            else:
                self._sheet.write_blank(row, at, None, look)

    def _picture(self, row: int, picture: Path) -> None:
        content = picture.read_bytes()
        with Image.open(io.BytesIO(content)) as opened:
            scale = min(1.0, *(room / size for room, size in zip(PICTURE, opened.size, strict=True)))
        told = {"image_data": io.BytesIO(content), "x_scale": scale, "y_scale": scale, "x_offset": 4, "y_offset": 3}
        self._sheet.insert_image(row, 1, f"{row}.jpg", told | {"object_position": MOVES, "decorative": True})


_LOOKS = {
    "about": {"text_wrap": True, "valign": "top", "align": "left"},
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "text": {"num_format": "@", "valign": "vcenter", "text_wrap": True},
    "value": {"num_format": "@", "valign": "vcenter", "locked": False, "bg_color": "#FFF6D6", "border": 1,
              "border_color": "#C9B66B", "font_size": 14},
}  # fmt: skip
