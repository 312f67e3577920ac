"""Baseline for any file: OpenCV's grid, and Tesseract or RapidOCR for codes, boxes and figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from extract.records import Crop
from training.baselines.answers import LABELS, Form, Grid, Text, gather
from training.baselines.grids import Box, inside, straight, tables, written
from training.baselines.pages import Grey, pages
from training.peers.engines import RapidOcr, Tesseract
from training.peers.readers import Peer

CONFIDENT = True
SETTINGS = {"tesseract": "eng psm 7, 40 px, all signs", "rapidocr": "raw with room"}  # best in docs/evidence/peers.md


class Spot(NamedTuple):
    """A cell to be read: which grid, row and column."""

    grid: int
    row: int
    column: int


def reader(name: str) -> Peer:
    """Tesseract or RapidOCR; NotInstalled where it is not there."""
    return Tesseract() if name == "tesseract" else RapidOcr()


def read(file: Path, engine: Peer, setting: str) -> list[Form]:
    """The forms of a file. Pages are levelled, neither turned upright nor flattened, as a short script would."""
    grids: list[list[list[Text]]] = []
    spots: list[Spot] = []
    crops: list[Crop] = []
    for page in pages(file):
        level = straight(page)
        for rows in tables(level):
            for spot, picture in _to_read(level, rows, len(grids)):
                spots.append(spot)
                crops.append(Crop(picture, picture))
            grids.append([[Text() for _ in row] for row in rows])
    for spot, answer in zip(spots, engine.read(crops, setting) if crops else (), strict=True):
        grids[spot.grid][spot.row][spot.column] = Text(answer.text, answer.confidence)
    known: Sequence[Grid] = [grid for grid in grids if grid]
    return gather(known)


def _to_read(page: Grey, rows: Sequence[Sequence[Box]], grid: int) -> list[tuple[Spot, Grey]]:
    """Lines that matter: in boxes, in the column of codes, and right of the labels."""
    wanted = []
    for number, row in enumerate(rows):
        for column, box in enumerate(row):
            matters = len(rows) == 1 or column == 0 or column >= LABELS
            picture = written(inside(page, box)) if matters else None
            if picture is not None:
                wanted.append((Spot(grid, number, column), picture))
    return wanted
