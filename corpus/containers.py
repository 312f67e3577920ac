"""Puts pages into the files that arrive: PDF of images, multi-page TIFF, folder of JPEGs, and back."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader

from corpus.canvas import new_canvas
from corpus.fonts import Face
from corpus.records import Drawn
from extract.records import Picture

POINTS = 72  # per inch


def pictures(pdf: bytes, dpi: int, *, tinted: bool = False) -> list[Picture]:
    """The pages of a PDF as grey pictures, or BGR ones where `tinted`."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [_render(document[i], dpi, tinted=tinted) for i in range(len(document))]
    document.close()
    return pages


def _render(page: Any, dpi: int, *, tinted: bool) -> Picture:
    bitmap = page.render(scale=dpi / POINTS, grayscale=not tinted)
    array = np.array(bitmap.to_numpy())
    return array[..., :3].copy() if tinted else array.reshape(array.shape[:2]).copy()


def save_scan(path: Path, pages: Sequence[Picture], dpi: int, quality: int) -> None:
    """A PDF whose pages are images: JPEG, or lossless where a page has only black and white."""
    file = io.BytesIO()
    canvas = new_canvas(file, compressed=False)
    for page in pages:
        _scan_page(canvas, page, dpi, quality)
        canvas.showPage()
    canvas.save()
    path.write_bytes(file.getvalue())


def save_searchable(
    path: Path, drawn: Drawn, pages: Sequence[Picture], dpi: int, face: Face, wrong: Sequence[str]
) -> None:
    """Scanned pages with somebody's invisible OCR text under them; `wrong` is what it makes of the filled-in texts."""
    file = io.BytesIO()
    canvas = new_canvas(file)
    for number, page in enumerate(pages):
        height = _scan_page(canvas, page, dpi, 70)
        for spot, text in zip(drawn.spots, wrong, strict=True):
            if spot.page == number:
                run = canvas.beginText(spot.x0, height - spot.y1)
                run.setFont(face.regular, max(4.0, spot.y1 - spot.y0))
                run.setTextRenderMode(3)
                run.textOut(face.fit(text))
                canvas.drawText(run)
        canvas.showPage()
    canvas.save()
    path.write_bytes(file.getvalue())


def _scan_page(canvas: Any, page: Picture, dpi: int, quality: int) -> float:
    height, width = (side * POINTS / dpi for side in page.shape[:2])
    canvas.setPageSize((width, height))
    canvas.drawImage(ImageReader(io.BytesIO(encoded(page, quality))), 0, 0, width, height)
    return float(height)


def encoded(page: Picture, quality: int) -> bytes:
    """A page as JPEG, or as PNG of one bit where it is bilevel."""
    if page.ndim == 2 and not np.any((page > 0) & (page < 255)):
        file = io.BytesIO()
        Image.fromarray(page).convert("1").save(file, "PNG")
        return file.getvalue()
    _, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return bytes(data)


def save_tiff(path: Path, pages: Sequence[Picture], dpi: tuple[int, int]) -> None:
    """A multi-page TIFF in Group 4, as fax machines and copiers send it."""
    images = [Image.fromarray(page).convert("1") for page in pages]
    images[0].save(path, save_all=True, append_images=images[1:], compression="group4", dpi=dpi)


def save_folder(
    path: Path, pages: Sequence[Picture], quality: int, name: str = "page-{:02}.jpg", first: int = 1
) -> None:
    """A folder with one JPEG a page, named and numbered from `first` as a telephone or scanner does."""
    path.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages, start=first):
        (path / name.format(number)).write_bytes(encoded(page, quality))


def rotated(pdf: bytes, quarters: Sequence[int]) -> bytes:
    """A PDF whose pages carry an order to be shown turned, by quarters clockwise."""
    document = pypdfium2.PdfDocument(pdf)
    for number, turns in zip(range(len(document)), quarters, strict=True):
        document[number].set_rotation(turns * 90)
    file = io.BytesIO()
    document.save(file)
    document.close()
    return dateless(file.getvalue())


def joined(documents: Sequence[bytes]) -> bytes:
    """Several PDFs one after the other, as one PDF."""
    whole = pypdfium2.PdfDocument.new()
    for data in documents:
        part = pypdfium2.PdfDocument(data)
        whole.import_pages(part)
        part.close()
    file = io.BytesIO()
    whole.save(file)
    whole.close()
    return dateless(file.getvalue())


def dateless(pdf: bytes) -> bytes:
    """The document with its date and id overwritten, length kept, so that the same pages give the same bytes."""
    pdf = re.sub(rb"(?<=\(D:)\d{14}", b"20260101000000", pdf)
    return re.sub(rb"(?<=/ID\[<)[0-9A-F]{32}><[0-9A-F]{32}(?=>\])", b"0" * 32 + b"><" + b"0" * 32, pdf)
