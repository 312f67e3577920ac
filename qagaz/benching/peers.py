"""Other programs over the same pages, and the floor: what opening the pages takes.

None of them gives figures on a layout; they read what stands on a page and leave the rest to others.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pdfplumber
from PIL import Image

from extract.intake import open_pages
from extract.readers.session import keep_silent
from extract.records import Source
from layouts.errors import Rejected
from qagaz.benching.records import FLOOR, PDFPLUMBER, PPOCR, TESSERACT, Tally
from qagaz.benching.stages import processor_seconds
from qagaz.worker import ONE_THREAD

COMMAND = ("tesseract", "{page}", "-", "-l", "Cyrillic", "--psm", "6")

Peer = Callable[[Source], float]  # → processor seconds over all pages of a file


def known_peers() -> dict[str, Peer]:
    """The peers that this machine has."""
    peers: dict[str, Peer] = {PDFPLUMBER: _pdfplumber}
    if shutil.which(COMMAND[0]):
        peers[TESSERACT] = _tesseract
    with suppress(ImportError):
        peers[PPOCR] = _ppocr()
    return peers


def set_beside(source: Source, tally: Tally, peers: Mapping[str, Peer]) -> None:
    """Time the floor and each peer over a file's pages; nothing where it cannot be opened."""
    try:
        began = processor_seconds()
        tally.pages += sum(1 for _page in open_pages(source))
        spent = {FLOOR: processor_seconds() - began}
        spent |= {name: peer(source) for name, peer in peers.items() if name != PDFPLUMBER or _has_text(source)}
    except Rejected:
        return
    for name, seconds in spent.items():
        tally.beside[name] = tally.beside.get(name, 0.0) + seconds


def _tesseract(source: Source) -> float:
    """One pass, the program started once a page; without writing the pictures."""
    spent = 0.0
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "page.png"
        for page in open_pages(source):
            Image.fromarray(page.picture).save(picture, compress_level=1)
            command = [word.format(page=picture) for word in COMMAND]
            began = processor_seconds()
            subprocess.run(command, check=False, capture_output=True, env=os.environ | ONE_THREAD)  # noqa: S603 - our own words
            spent += processor_seconds() - began
    return spent


def _ppocr() -> Peer:
    """PP-OCR as its package offers it, models of its wheel: finds lines on the whole page and reads them."""
    keep_silent()
    from rapidocr import RapidOCR  # noqa: PLC0415 - loads models' libraries

    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1}
    engine: Any = RapidOCR(params={"Global.log_level": "error", **threads})
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine(np.full((64, 256, 3), 255, np.uint8))  # what loads at first use is loaded

    def peer(source: Source) -> float:
        spent = 0.0
        for page in open_pages(source):
            picture = cv2.cvtColor(page.picture, cv2.COLOR_GRAY2BGR) if page.picture.ndim == 2 else page.picture
            began = processor_seconds()
            engine(picture)
            spent += processor_seconds() - began
        return spent

    return peer


def _pdfplumber(source: Source) -> float:
    """The tables of each page by their rulings."""
    began = processor_seconds()
    with pdfplumber.open(source.path) as document:
        for page in document.pages:
            page.extract_tables()
            page.close()
    return processor_seconds() - began


def _has_text(source: Source) -> bool:
    """Whether its first page has a text layer."""
    return next((page.kind == "text" for page in open_pages(source)), False)
