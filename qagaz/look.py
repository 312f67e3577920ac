"""What was seen, drawn onto the pages: the picture that goes into a bug report, and that a reviewer trusts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from PIL import Image

from extract.records import Source, StoredPage
from layouts.words import Language
from qagaz.drawing import Mark, Shade, draw_page
from qagaz.speech import worded
from review.pictures import Pages, rgb, turn_of_lines
from review.rows import CellRow, FieldRow, FormRow, FormRows
from validate.records import Status

PAGE_WIDTH = 1800  # pixels of a drawn page's longer text direction: figures of 8 points are read with ease


def look(source: Source, forms: Sequence[FormRows], out: Path, language: Language, pages: Pages) -> Iterator[Path]:
    """A picture of each page that belongs to a form, written into `out`; the paths as they are done."""
    out.mkdir(parents=True, exist_ok=True)
    wanted = {page for rows in forms for page in _pages(rows.form)}
    for page in pages(source, 1):
        if page.number in wanted:
            path = out / f"{Path(source.file).stem}-page-{page.number}.png"
            picture_of(page, forms, source.file, language).save(path, optimize=True)
            yield path


def picture_of(page: StoredPage, forms: Sequence[FormRows], file: str, language: Language) -> Image.Image:
    """One page with everything that was read on it, turned so that a person can read it."""
    marks = [mark for rows in forms for mark in _marks(rows, page.number)]
    turn = turn_of((rows.cells for rows in forms if page.number in _pages(rows.form)), page.number)
    sheet = rgb(page)
    factor = PAGE_WIDTH / (sheet.width if turn % 180 == 0 else sheet.height)
    scale = (page.scale * factor, page.scale * page.stretch * factor)
    size = (round(sheet.width * factor), round(sheet.height * factor))
    placed = [mark.scaled(*scale).turned(turn, size) for mark in marks]
    upright = sheet.resize(size, Image.Resampling.LANCZOS).rotate(-turn, expand=True)
    status = next((rows.form.status for rows in forms if page.number in _pages(rows.form)), "")
    words = {"file": file, "page": page.number, "status": worded(f"status.{status}", {}, language)}
    shown: list[Shade | None] = [*Shade, *([None] if any(mark.culprit for mark in placed) else [])]
    legend = [(shade, worded(f"look.{shade.name.lower() if shade else 'culprit'}", {}, language)) for shade in shown]
    return draw_page(upright, placed, worded("look.title", words, language), legend)


def _pages(form: FormRow) -> set[int]:
    return {int(page) for page in form.pages.split(";") if page}


def _marks(rows: FormRows, page: int) -> Iterator[Mark]:
    """What is drawn of one form on one page."""
    culprits = {finding.places.partition(";")[0] for finding in rows.findings if finding.set == "table"}
    first = _first_of_line(rows.cells, page)
    for field in rows.fields:
        if (box := _box(field, page)) is not None and (field.value or field.status == Status.REVIEW.value):
            yield Mark(box, field.value if field.line else f"{field.field}: {field.value}", _shade(field), field=True)
    for cell in rows.cells:
        if (box := _box(cell, page)) is not None:
            code = cell.line if first.get((cell.section, cell.line)) == cell.column else ""
            yield Mark(box, cell.value, _shade(cell), code=code, culprit=cell.place in culprits)


def _first_of_line(cells: Iterable[CellRow], page: int) -> dict[tuple[int, str], int]:
    """The leftmost column of each line on a page: beside it the line's code is written."""
    first: dict[tuple[int, str], int] = {}
    for cell in cells:
        if cell.page == page:
            first.setdefault((cell.section, cell.line), cell.column)
    return first


def _box(row: CellRow | FieldRow, page: int) -> tuple[float, float, float, float] | None:
    if row.page != page or row.x0 is None or row.y0 is None or row.x1 is None or row.y1 is None:
        return None
    return row.x0, row.y0, row.x1, row.y1


def _shade(row: CellRow | FieldRow) -> Shade:
    if row.status == Status.REVIEW.value:
        return Shade.REVIEW
    return Shade.ACCEPTED if row.value else Shade.BLANK


def turn_of(tables: Iterable[Sequence[CellRow]], page: int | None) -> int:
    """Degrees clockwise that make a page's columns run from left to right: 0, 90, 180 or 270.

    A page without figures is taken to lie as the others do.
    """
    lines = [list(line) for cells in tables for _key, line in groupby(cells, key=_line)]
    return turn_of_lines([line for line in lines if line[0].page == page] or lines)


def _line(cell: CellRow) -> tuple[int, str, int | None]:
    return cell.section, cell.line, cell.page
