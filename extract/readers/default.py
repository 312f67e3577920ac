"""The readers qagaz uses unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from extract.readers.calibration import Calibration
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


def learned_readers(model: Path | None, lines: Mapping[str, Calibration]) -> Readers:
    """The same readers with a net (the shipped one if None) and calibrations that were learnt, by reader and case."""
    figures = (FigureNet(model, lines.get("figurenet")), PpOcr(calibration=lines.get("ppocr-figures")))
    return Readers(figures, default_readers().text, lines)
