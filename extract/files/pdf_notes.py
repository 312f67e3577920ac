"""What lies on a PDF page besides its content: values typed into form fields, and notes."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium_c

from extract.records import Box, Word

MOST_NOTES = 5_000  # a page; no form has a tenth of that
HIDDEN = 0b10 | 0b100000  # annotation flags Hidden and NoView
COMB = 1 << 24  # text field flag: one box for each character
UNDRAWN = frozenset({pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP, pdfium_c.FPDF_ANNOT_TEXT})
WRITTEN = frozenset({pdfium_c.FPDF_FORMFIELD_TEXTFIELD, pdfium_c.FPDF_FORMFIELD_COMBOBOX})
PLAIN_LINE = 12.0  # points between the lines of a field or note that holds several
LETTER = 0.5  # of a line's height: width of a letter where only a field's box is known


@dataclass(frozen=True, slots=True)
class Notes:
    """Words of filled-in fields and notes, and whether anything at all is drawn over the page."""

    words: tuple[Word, ...] = ()
    drawn: bool = False


def page_notes(page: Any) -> Notes:
    """The words typed into the form fields and free-text notes of a page, at their boxes, in stored points."""
    count = pdfium_c.FPDFPage_GetAnnotCount(page)
    words: list[Word] = []
    drawn = False
    for index in range(count):
        note = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            kind = pdfium_c.FPDFAnnot_GetSubtype(note)
            if kind in UNDRAWN or pdfium_c.FPDFAnnot_GetFlags(note) & HIDDEN:
                continue
            found = list(_words(page, note, kind))
            words.extend(found)
            drawn = drawn or bool(found) or kind != pdfium_c.FPDF_ANNOT_WIDGET or _is_ticked(page, note)
        finally:
            pdfium_c.FPDFPage_CloseAnnot(note)
    return Notes(tuple(words), drawn)


def _words(page: Any, note: Any, kind: int) -> Iterator[Word]:
    """The words of one field or note."""
    if kind == pdfium_c.FPDF_ANNOT_FREETEXT:
        yield from _lines(_string(pdfium_c.FPDFAnnot_GetStringValue, note, b"Contents"), _box(page, note))
    elif kind == pdfium_c.FPDF_ANNOT_WIDGET and page.formenv is not None:
        form = page.formenv
        if pdfium_c.FPDFAnnot_GetFormFieldType(form, note) not in WRITTEN:
            return
        text = _string(pdfium_c.FPDFAnnot_GetFormFieldValue, form, note)
        if pdfium_c.FPDFAnnot_GetFormFieldFlags(form, note) & COMB:
            yield from _combed(text, _box(page, note), _longest(note))
        else:
            yield from _lines(text, _box(page, note))


def _is_ticked(page: Any, note: Any) -> bool:
    return page.formenv is not None and bool(pdfium_c.FPDFAnnot_IsChecked(page.formenv, note))


def _string(get: Any, *arguments: Any) -> str:
    """The answer of a call that fills a buffer with UTF-16."""
    size = get(*arguments, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    get(*arguments, ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace").replace("\0", "")


def _longest(note: Any) -> int:
    """MaxLen of a text field, 0 if it has none."""
    value = ctypes.c_float()
    return int(value.value) if pdfium_c.FPDFAnnot_GetNumberValue(note, b"MaxLen", value) else 0


def _box(page: Any, note: Any) -> Box:
    """Where a note lies, stored points."""
    rectangle, bounds = pdfium_c.FS_RECTF(), pdfium_c.FS_RECTF()
    pdfium_c.FPDFAnnot_GetRect(note, rectangle)
    pdfium_c.FPDF_GetPageBoundingBox(page, bounds)
    xs = sorted((rectangle.left - bounds.left, rectangle.right - bounds.left))
    ys = sorted((bounds.top - rectangle.top, bounds.top - rectangle.bottom))
    return Box(xs[0], ys[0], xs[1], ys[1])


def _combed(text: str, box: Box, places: int) -> Iterator[Word]:
    """Each character in its own box of a comb."""
    step = box.width / max(places, len(text), 1)
    for index, character in enumerate(text):
        if not character.isspace():
            yield Word(character, Box(box.x0 + index * step, box.y0, box.x0 + (index + 1) * step, box.y1))


def _lines(text: str, box: Box) -> Iterator[Word]:
    """The words of each line, lines stacked from the top of the box; one line stands in its middle."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    height = box.height if len(lines) == 1 else min(PLAIN_LINE, box.height / len(lines))
    letter = min(LETTER * min(height, PLAIN_LINE), box.width / max(1, *map(len, lines)))
    for number, line in enumerate(lines):
        top, at = box.y0 + number * height, 0
        for word in line.split():
            at = line.index(word, at)
            x0 = box.x0 + at * letter
            at += len(word)
            yield Word(word, Box(x0, top, box.x0 + at * letter, top + height))
