"""Makes small PDF files and pictures for the tests of intake: one page, one trait each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from extract.intake import find_sources, open_pages
from extract.records import Sheet, StoredPage
from extract.text.sheet import text_sheet

FONT = "Helvetica"
ROWS = (("A", "B", "1", "2"), ("1.1", "Games", "1 234,5", "-"), ("1.2", "Total", "0", "12"))
LEFT, TOP, WIDE, HIGH = 50.0, 700.0, 60.0, 20.0  # of the table, PDF coordinates


def make_pdf(path: Path, *drawings: Callable[[Canvas], object], size: tuple[float, float] = A4) -> Path:
    """A PDF with one page for each drawing."""
    canvas = Canvas(str(path), pagesize=size)
    for draw in drawings:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def table(
    canvas: Canvas,
    rows: Sequence[Sequence[str]] = ROWS,
    *,
    left: float = LEFT,
    top: float = TOP,
    rule: Callable[[Canvas, float, float, float, float], object] | None = None,
) -> None:
    """A ruled table; `rule` draws one ruling."""
    draw = rule or (lambda c, x0, y0, x1, y1: c.line(x0, y0, x1, y1))
    right, bottom = left + WIDE * len(rows[0]), top - HIGH * len(rows)
    canvas.setLineWidth(0.5)
    for i in range(len(rows) + 1):
        draw(canvas, left, top - HIGH * i, right, top - HIGH * i)
    for j in range(len(rows[0]) + 1):
        draw(canvas, left + WIDE * j, top, left + WIDE * j, bottom)
    canvas.setDash()
    canvas.setFont(FONT, 9)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            canvas.drawString(left + WIDE * j + 4, top - HIGH * i - 14, text)


def noise(path: Path, width: int = 827, height: int = 1170, **options: object) -> Path:
    """A grey picture that stands for a scanned page; its left upper corner is black."""
    pixels = np.random.default_rng(1).integers(180, 255, (height, width)).astype(np.uint8)
    pixels[: height // 10, : width // 10] = 0
    Image.fromarray(pixels).save(path, **options)
    return path


def pages_of(path: Path) -> list[StoredPage]:
    """All pages of a paper."""
    (source,) = find_sources([path]).sources
    return list(open_pages(source))


def sheet_of(path: Path) -> Sheet:
    """The sheet of the only page of a paper."""
    (page,) = pages_of(path)
    assert page.kind == "text"
    return text_sheet(page)


def texts_of(sheet: Sheet) -> list[list[str | None]]:
    """The texts of the only grid, row by row; None where a cell is covered by a spanned one or is left to a reader."""
    (grid,) = sheet.grids
    rows: list[list[str | None]] = [[None] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows
