"""How a form's page looks that a browser prints: borders, shading, faces, which columns and headings there are."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corpus.fonts import text_files
from corpus.records import Split

BORDERS = {
    "plain": "td, th {border: 1px solid #000; padding: 2px 4px}",
    "striped": "td, th {border: 1px solid #aaa; padding: 4px 6px} tr:nth-child(even) td {background: #eef3f8}"
    " th {background: #264653; color: #fff}",
    "thin": "td, th {border: 0.4px solid #555; padding: 1px 3px}",
    "dotted": "table {border: 2px solid #000} td, th {border: 1px dotted #000; padding: 3px}",
    "dashed": "td, th {border: 1px dashed #333; padding: 3px 5px}",
    "shaded": "td, th {border: 1px solid #000; padding: 6px 4px} th {background: #ddd}",
    "double": "table, td, th {border: 3px double #000; padding: 2px 4px}",
}

Language = Literal["both", "ru", "kk", "slash"]


@dataclass(frozen=True, slots=True)
class WebLook:
    """What a form's author chose."""

    borders: str  # of `BORDERS`
    regular: Path
    bold: Path
    size: int  # points
    language: Language
    wide: bool  # A4 on its side
    margin: int  # millimetres
    figures: Literal["left", "center", "right"]
    boxes: bool  # codes in boxes, else on a line
    repeated: bool  # headings on every page
    grouped: bool  # a heading over several columns
    merged: bool  # «оның ішінде:» in one cell across the row
    numbered: bool  # a column of running numbers before the codes
    strong: bool  # headings and totals in bold


def web_look(rng: random.Random, split: Split) -> WebLook:
    """Any look; the same seed gives the same."""
    regular, bold = rng.choice(text_files(split))
    return WebLook(
        borders=rng.choice(list(BORDERS)),
        regular=regular,
        bold=bold,
        size=rng.choice((8, 9, 9, 10, 11)),
        language=rng.choice(("both", "both", "ru", "kk", "slash")),
        wide=rng.random() < 0.35,
        margin=rng.choice((10, 14, 18)),
        figures=rng.choice(("left", "center", "right", "right")),
        boxes=rng.random() < 0.6,
        repeated=rng.random() < 0.6,
        grouped=rng.random() < 0.6,
        merged=rng.random() < 0.5,
        numbered=rng.random() < 0.15,
        strong=rng.random() < 0.6,
    )
