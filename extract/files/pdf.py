"""PDF files → stored pages: opening, the decision text or scan, and the picture of each page.

pypdfium2 does the work, as it is three times as fast as pdfplumber and draws too (docs/decisions); what it returns ends
in this file, `pdf_objects`, `pdf_words` and `pdf_notes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.files.counted import check_pages, check_unpacked
from extract.files.images import MOST_PIXELS, SQUARE, check_size, decode, on_white
from extract.files.pdf_notes import MOST_NOTES, page_notes
from extract.files.pdf_objects import PageObjects, PlacedImage, page_objects
from extract.files.pdf_words import PageText, page_text
from extract.records import Picture, Source, StoredPage, Word
from layouts.errors import Rejected

SMALLEST_SIDE = 1.0  # points of a page; a smaller one shows nothing
MOST_PAGE_PIXELS = 2 * MOST_PIXELS  # of all pictures of a page: each is decoded whenever it is drawn
SCAN_DPI = 300  # what a page is drawn at that has to be read from its picture
TEXT_DPI = 150  # what a page with text is drawn at: enough to see circles, stamps and signatures
POINTS_PER_INCH = 72.0
TAIL = 4096  # bytes at the end of a file that must hold its end mark
END_MARK = b"%%EOF"
GARBAGE_SHARE = 0.03  # of the characters have no usable Unicode: figures may be among them, so the picture is read
LARGE_IMAGE = 0.25  # of the page's area: pictures that cover more may be the paper itself
FEW_RULINGS = 8  # a form's page has more vector rulings than this, or its table is part of a picture
FEW_WORDS = 10  # words over a picture: fewer are a stamp or a page number, not a text page
FAINT = 40  # grey levels between ink and paper below which nobody sees a word
OPENING_ERRORS = {
    pdfium_c.FPDF_ERR_PASSWORD: "error.encrypted-pdf",
    pdfium_c.FPDF_ERR_SECURITY: "error.encrypted-pdf",
    pdfium_c.FPDF_ERR_FILE: "error.no-pages",  # nothing was found wrong: see `_open`
}
UNREADABLE_COLOURS = frozenset({pdfium_c.FPDF_COLORSPACE_UNKNOWN, pdfium_c.FPDF_COLORSPACE_PATTERN})
JPEG_COLOURS = frozenset(
    {
        pdfium_c.FPDF_COLORSPACE_DEVICEGRAY,
        pdfium_c.FPDF_COLORSPACE_DEVICERGB,
        pdfium_c.FPDF_COLORSPACE_CALGRAY,
        pdfium_c.FPDF_COLORSPACE_CALRGB,
        pdfium_c.FPDF_COLORSPACE_ICCBASED,
    }
)


def pdf_pages(source: Source, first: int = 1) -> Iterator[StoredPage]:
    """The pages of a PDF from `first` on, each drawn only when its turn comes; Rejected where it cannot be read.

    A page of kind "text" is in points of the unrotated page with its words, rulings and a drawing at 150 dpi. A scan
    that is one embedded picture is that picture as stored, in pixels; any other scan is drawn at 300 dpi, in points.
    """
    document = _open(source)
    try:
        count = len(document)
        if count == 0:
            raise Rejected("error.no-pages", file=source.file)
        check_pages(source, count)
        for index in range(first - 1, count):
            yield _page(document, index, source)
    finally:
        document.close()


def _open(source: Source) -> Any:
    """The document; Rejected if it is encrypted, cut off, broken, a bomb, or drawn by a program only."""
    if not has_end_mark(source.path):  # pages might open and yet lack their contents: their cells would count as blank
        raise Rejected("error.truncated-pdf", file=source.file)
    check_unpacked(source)
    # A document without pages fails to load and leaves the error of an earlier call: this call leaves a known one.
    pdfium_c.FPDF_LoadDocument(b"", None)
    try:
        document = pdfium.PdfDocument(source.path)
    except pdfium.PdfiumError as error:
        raise Rejected(OPENING_ERRORS.get(error.err_code, "error.broken-pdf"), file=source.file) from error
    if document.get_formtype() == pdfium_c.FORMTYPE_XFA_FULL:  # its pages say only that another program draws it
        document.close()
        raise Rejected("error.xfa-form", file=source.file)
    if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
        document.init_forms()
    return document


def has_end_mark(path: Path) -> bool:
    """Whether a PDF goes to its end. OSError if it cannot be opened."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        return END_MARK in file.read(TAIL)


def _page(document: Any, index: int, source: Source) -> StoredPage:
    try:
        page = document[index]
    except (pdfium.PdfiumError, IndexError) as error:
        raise Rejected("error.broken-page", file=source.file, page=index + 1) from error
    try:
        page.set_rotation(0)  # stored coordinates are those of the unrotated page
        return _read(page, index + 1, source)
    except pdfium.PdfiumError as error:
        raise Rejected("error.broken-page", file=source.file, page=index + 1) from error
    finally:
        page.close()


def _read(page: Any, number: int, source: Source) -> StoredPage:
    """The page as text or as scan, whichever it is."""
    width, height = page.get_size()
    factor = SCAN_DPI / POINTS_PER_INCH
    if not min(width, height) >= SMALLEST_SIDE:  # nothing, or nothing that counts as a number
        raise Rejected("error.broken-page", file=source.file, page=number)
    check_size(source, width * factor, height * factor)
    objects = page_objects(page)
    for image in objects.images:
        check_size(source, *image.pixels)
    pixels = sum(image.pixels[0] * image.pixels[1] for image in objects.images)
    if objects.cut_short or pixels > MOST_PAGE_PIXELS or pdfium_c.FPDFPage_GetAnnotCount(page) > MOST_NOTES:
        raise Rejected("error.page-too-complex", file=source.file, page=number)
    text = page_text(page, objects)
    notes = page_notes(page)
    if _is_text(text, objects, width * height):
        picture = _drawn(page, TEXT_DPI, grey=True)
        scale = TEXT_DPI / POINTS_PER_INCH
        words = (*_seen(text, picture, scale), *notes.words)
        return StoredPage(source, number, "text", "pt", width, height, picture, scale, words, objects.segments)
    lone = None if text.visible or notes.drawn else _lone_image(objects)
    stored = _stored_pixels(page, lone) if lone else None
    if stored is not None:
        return StoredPage(source, number, "scan", "px", stored.shape[1], stored.shape[0], stored, 1.0)
    return StoredPage(source, number, "scan", "pt", width, height, _drawn(page, SCAN_DPI, grey=False), factor)


def _is_text(text: PageText, objects: PageObjects, area: float) -> bool:
    """Whether the words of the text layer are what the page shows; otherwise its picture has to be read."""
    if not text.visible or text.garbage > GARBAGE_SHARE * text.visible:
        return False
    covered = sum(image.box.width * image.box.height for image in objects.images if not image.see_through)
    if covered < LARGE_IMAGE * area:
        return True
    return len(objects.segments) > FEW_RULINGS and len(text.words) >= FEW_WORDS


def _seen(text: PageText, picture: Picture, scale: float) -> Iterator[Word]:
    """The words a person can see.

    Only words in paper's colour are looked up in the drawing: a font that cannot be drawn here must not cost its words.
    """
    for word, pale in zip(text.words, text.pale, strict=True):
        if not pale or _contrast(picture, word, scale) >= FAINT:
            yield word


def _contrast(picture: Picture, word: Word, scale: float) -> int:
    box = word.box
    rows = slice(max(0, int(box.y0 * scale)), max(0, int(box.y1 * scale) + 1))
    columns = slice(max(0, int(box.x0 * scale)), max(0, int(box.x1 * scale) + 1))
    part = picture[rows, columns]
    return int(part.max()) - int(part.min()) if part.size else 0


def _lone_image(objects: PageObjects) -> PlacedImage | None:
    """The one picture that is all of the page, if it stands in it undistorted and not in mirror writing."""
    if len(objects.images) != 1 or objects.segments or objects.curves:
        return None
    image = objects.images[0]
    width, height = image.pixels
    if image.see_through or image.mirrored or not image.straight or not (width and height):
        return None
    across, down = (image.box.height, image.box.width) if image.sideways else (image.box.width, image.box.height)
    if min(across, down) <= 0 or image.box.width * image.box.height < LARGE_IMAGE * objects.area:
        return None
    squareness = (across / width) / (down / height)
    return image if 1 / SQUARE < squareness < SQUARE else None


def _stored_pixels(page: Any, image: PlacedImage) -> Picture | None:
    """The pixels of an embedded picture as stored, or None if drawing the page is the surer way."""
    facts = pdfium_c.FPDF_IMAGEOBJ_METADATA()
    pdfium_c.FPDFImageObj_GetImageMetadata(image.handle, page, facts)
    if facts.colorspace in UNREADABLE_COLOURS:  # a stencil, painted in some colour
        return None
    wrapped = pdfium.PdfImage(image.handle, page=page)
    if wrapped.get_filters() == ["DCTDecode"] and facts.colorspace in JPEG_COLOURS:
        picture = decode(bytes(wrapped.get_data(decode_simple=False)))
        return picture if picture is not None and picture.shape[1::-1] == image.pixels else None
    bitmap = wrapped.get_bitmap()
    return _paper(bitmap.to_numpy()) if bitmap.format != pdfium_c.FPDFBitmap_Unknown else None


def _paper(pixels: Any) -> Picture:
    """Pixels of a bitmap as grey or BGR; the fourth channel of pdfium's opaque bitmaps means nothing."""
    picture = np.array(pixels, np.uint8)
    if picture.ndim == 3 and picture.shape[2] == 4 and not picture[:, :, 3].any():
        return np.ascontiguousarray(picture[:, :, :3])
    return on_white(picture)


def _drawn(page: Any, dpi: int, *, grey: bool) -> Picture:
    """The page as drawn, filled-in form fields and notes included."""
    bitmap = page.render(scale=dpi / POINTS_PER_INCH, may_draw_forms=True, draw_annots=True)
    picture = np.array(bitmap.to_numpy(), np.uint8)
    bitmap.close()
    if picture.ndim == 3 and picture.shape[2] == 4:
        picture = np.ascontiguousarray(picture[:, :, :3])
    if picture.ndim == 3 and grey:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    return picture
