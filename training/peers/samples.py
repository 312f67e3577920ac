"""The crops that all readers are asked about: cells cut from forms, and real amounts."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from extract.readers.combine import folded
from extract.records import Crop
from training.amounts import load_amounts
from training.harvest import picture

FIGURE_SIGNS = frozenset("0123456789,.-()%х")  # of folded texts; unit words are no figures, and few readers know them
COLUMNS = ("kind", "form", "place", "written", "marks", "clean", "raw")
# The truth of these may be another picture's: another row's or column's, or a struck figure stands beside it.
UNTOLD = ("row-", "column", "struck-out", "several-lines", "cut-by-page-break")
CHEQUES = "cheque amounts"
PARTS = 40  # pieces of the list of amounts that are kept together: neighbours may be by one hand


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A crop and what stands in it. Cells of one form are by one writer or of one print: they fail together."""

    kind: str
    form: str
    place: str
    written: str
    crop: Crop
    digits_only: bool = False  # only the digits of `written` are known

    @property
    def truth(self) -> str:
        """What a right reading comes to."""
        return self.come_to(self.written)

    def come_to(self, text: str) -> str:
        """A reading as it is compared: signs that mean the same are the same."""
        return "".join(filter(str.isdigit, text)) if self.digits_only else folded(text)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Cells of a kind that no reader is asked about, and why."""

    kind: str
    blank: int = 0
    not_cut: int = 0  # written, but the ink stage made no crop of it
    worded: int = 0
    untold: int = 0  # not surely the figure that the truth names, or more than one


def load_cells(file: Path, most: int = 0) -> tuple[list[Sample], list[LeftOut]]:
    """The inked figure cells of a Parquet file, at most so many a kind, by whole forms as far as that goes.

    The file has a row a cell as `training.harvest` writes it: `kind form place written marks`, and `clean` and `raw` as
    PNG bytes.
    """
    rows = pq.read_table(file, columns=list(COLUMNS)).to_pylist()
    samples: dict[str, list[Sample]] = {}
    left: dict[str, list[str]] = {}
    for row in rows:
        kind = row["kind"]
        why = _left_out(row)
        left.setdefault(kind, []).append(why)
        if not why:
            crop = Crop(picture(row["raw"]), picture(row["clean"]))
            samples.setdefault(kind, []).append(Sample(kind, row["form"], row["place"], row["written"], crop))
    counts = [
        LeftOut(k, whys.count("blank"), whys.count("not-cut"), whys.count("worded"), whys.count("untold"))
        for k, whys in left.items()
    ]
    return [s for each in samples.values() for s in _some(each, most)], counts


def cheques(folder: Path, most: int = 0) -> list[Sample]:
    """The real amounts that taught no reader; both pictures of a crop are the amount as it was scanned."""
    amounts = [amount for amount in load_amounts(folder) if amount.held_out]
    found = [
        Sample(
            CHEQUES, f"part-{i * PARTS // len(amounts)}", a.file, a.digits, Crop(a.picture, a.picture), digits_only=True
        )
        for i, a in enumerate(amounts)
    ]
    return _some(found, most)


def digest(samples: Iterable[Sample]) -> str:
    """A name for these very crops, under which answers are kept."""
    told = hashlib.sha256()
    for sample in samples:
        told.update(f"{sample.kind}\0{sample.form}\0{sample.place}\0{sample.written}\0".encode())
        told.update(sample.crop.raw.tobytes())
        told.update(sample.crop.clean.tobytes())
    return told.hexdigest()[:16]


def _left_out(row: dict[str, Any]) -> str:
    if not row["written"].strip():
        return "blank"
    if not row["clean"] or not row["raw"]:
        return "not-cut"
    if any(mark in (row["marks"] or "") for mark in UNTOLD):
        return "untold"
    return "" if set(folded(row["written"])) <= FIGURE_SIGNS else "worded"


def _some(samples: Sequence[Sample], most: int) -> list[Sample]:
    """At most so many, drawn evenly over all forms, in their order."""
    if not most or len(samples) <= most:
        return list(samples)
    chosen = sorted(random.Random(most).sample(range(len(samples)), most))
    return [samples[i] for i in chosen]
