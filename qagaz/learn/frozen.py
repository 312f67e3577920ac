"""The frozen benchmark: crops that ship, made by a seed, that nothing is ever learnt from (`training.benchmark`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
import pandas as pd

from extract.records import Crop, Picture
from postprocess.amounts import parse_amount
from review.flatten import plain

FILE = "benchmark.parquet"


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """One crop and the value that stands in it."""

    group: str  # typed, faxed, hand
    form: str
    crop: Crop
    value: str


def benchmark_file() -> Path:
    """Where it lies in the installed package."""
    return Path(str(resources.files("qagaz.learn") / "data" / FILE))


def digest() -> str:
    """SHA-256 of the file."""
    return hashlib.sha256(benchmark_file().read_bytes()).hexdigest()


@cache
def frozen() -> tuple[Known, ...]:
    """All of its crops."""
    return tuple(known_crops(benchmark_file()))


def known_crops(file: Path) -> list[Known]:
    """The crops of a table that `training.benchmark` wrote."""
    rows = pd.read_parquet(file).to_dict("records")
    return [
        Known(
            row["group"],
            row["form"],
            Crop(raw=_picture(row["raw"]), clean=_picture(row["clean"])),
            plain(parse_amount(row["text"])[0].value),
        )
        for row in rows
    ]


def _picture(png: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
