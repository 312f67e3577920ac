"""The readers qagaz uses unless told otherwise."""

from __future__ import annotations

from functools import cache

from extract.readers.figurenet import FigureNet, model_file
from extract.readers.ppocr import PpOcr
from extract.readers.tesseract import TesseractFigures, TesseractText
from extract.records import Readers


@cache
def default_readers() -> Readers:
    """Our own figure net leads, PP-OCR bears witness, Tesseract reads text; models load at first use."""
    if model_file().is_file():
        return Readers((FigureNet(), PpOcr()), TesseractText())
    return Readers((PpOcr(), TesseractFigures()), TesseractText())
