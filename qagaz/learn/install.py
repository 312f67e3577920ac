"""Puts what was learnt into a folder of versions, with what it was made from and how it did."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd

from layouts.errors import OutputError
from qagaz.learn.frozen import digest
from qagaz.learn.gate import Verdict
from qagaz.learn.study import Learnt, Material, Wish
from qagaz.learned import LINES, MANIFEST, MODEL, Learned, next_name, put_in_use
from qagaz.manifest import write
from qagaz.private import make_private
from qagaz.versions import own_version, program
from review.answers import now, stamp


def install(models: Path, learnt: Learnt, found: Material, told: Verdict, wish: Wish, base: Learned | None) -> Learned:
    """Write the next version and put it in use. OutputError where that is not possible."""
    try:
        make_private(models)
        name = next_name(models)
        making = models / f".{name}.tmp"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        _write_files(making, learnt)
        write(making / MANIFEST, as_json(name, found, told, wish, base) | {"files": _hashes(making)})
        making.rename(models / name)
        put_in_use(models, name)
    except OSError as error:
        raise OutputError("error.cannot-write", file=models.name, detail=error.strerror or "") from error
    return Learned(models / name, _sha256(models / name / MANIFEST))


def _write_files(folder: Path, learnt: Learnt) -> None:
    lines = {name: {"offset": line.offset, "slope": line.slope} for name, line in learnt.lines.items()}
    (folder / LINES).write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")
    if learnt.model:
        (folder / MODEL).write_bytes(learnt.model)


def as_json(name: str, found: Material, told: Verdict, wish: Wish, base: Learned | None) -> dict[str, Any]:
    """What a version's manifest says of it: no figure, no name and no number of a respondent stands there."""
    return {
        "version": name,
        "base": base.name if base else "",
        "qagaz": own_version(),
        "program": program(),
        "at": stamp(now()),
        "seed": wish.seed,
        "fine_tuned": wish.fine_tune,
        "data": {"sha256": data_digest(found), "cells": dict(sorted(found.counts.items())), "aside": _aside(found)},
        "benchmark": digest(),
        "sets": sets_json(told),
    }


def sets_json(told: Verdict) -> dict[str, Mapping[str, Any]]:
    """Every set before and after."""
    return {
        each.name: {
            "before": _rounded(asdict(each.before)),
            "after": _rounded(asdict(each.after)),
            "lost": each.lost,
            "gained": each.gained,
        }
        for each in told.sets
    }


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in figures.items()}


def data_digest(found: Material) -> str:
    """SHA-256 over every cell that was used: its picture, what stands in it, and on which side it stood."""
    hashed = hashlib.sha256()
    for item in sorted(found.items, key=lambda item: item.settled.spot):
        told = item.settled
        hashed.update(repr((told.spot, told.value, told.use.value, item.part.value)).encode())
        hashed.update(np.ascontiguousarray(item.crop.clean).tobytes())
    return hashed.hexdigest()


def _aside(found: Material) -> dict[str, int]:
    return dict(sorted(Counter(each.why.value for each in found.aside).items()))


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: _sha256(path) for path in sorted(folder.iterdir())}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save_data(folder: Path, found: Material) -> None:
    """The cells themselves, with pictures and truth, as a table; and what was set aside, with the reason."""
    make_private(folder)
    rows = [
        {
            "source": item.settled.spot[0],
            "form": item.settled.spot[1],
            "place": item.settled.spot[2],
            "value": item.settled.value,
            "machine": item.settled.machine,
            "use": item.settled.use.value,
            "part": item.part.value,
            "batch": item.settled.batch,
            "clean": cv2.imencode(".png", item.crop.clean)[1].tobytes(),
            "raw": cv2.imencode(".png", item.crop.raw)[1].tobytes(),
        }
        for item in found.items
    ]
    pd.DataFrame(rows).to_parquet(folder / "cells.parquet", index=False)
    aside = [(*each.spot, each.who, each.why.value) for each in found.aside]
    pd.DataFrame(aside, columns=["source", "form", "place", "who", "why"]).to_csv(folder / "aside.csv", index=False)
