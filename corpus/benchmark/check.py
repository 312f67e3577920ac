"""Whether what was made is what is listed: truth must be, bytes are where the library versions are the same."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import cv2

from corpus.benchmark.frozen import PAPERS, TRUTH, Entry, Listed, digest, pixels
from corpus.benchmark.plan import Item
from corpus.kinds import KINDS
from corpus.make import file_name

LIBRARIES = ("numpy", "opencv-python-headless", "pillow", "pypdfium2", "reportlab")


@dataclass
class Verdict:
    """How many files are as listed, and which are not."""

    truth_same: int = 0
    truth_other: list[str] = field(default_factory=list)
    bytes_same: int = 0
    bytes_other: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every truth is as listed."""
        return not self.truth_other

    def __str__(self) -> str:
        files = self.truth_same + len(self.truth_other)
        told = [f"truth: {self.truth_same} of {files} files as listed"]
        told += [f"  other: {name}" for name in self.truth_other]
        if self.bytes_same or self.bytes_other:
            compared = self.bytes_same + len(self.bytes_other)
            told.append(f"bytes: {self.bytes_same} of {compared} files as listed, here with {installed()}")
            told += [f"  other: {name}" for name in self.bytes_other]
        return "\n".join(told)


def installed() -> str:
    """The versions that pictures depend on, and the machine with the widest instructions that OpenCV uses on it."""
    found = [f"{name} {_version(name)}" for name in LIBRARIES]
    used = [name.strip("*") for name in cv2.getCPUFeaturesLine().split() if not name.endswith("?")]
    machine = " with ".join([platform.machine(), *used[-1:]])
    return ", ".join([*found, f"Python {platform.python_version()}", machine])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def check_truths(rows: Sequence[Listed], truths: Iterable[tuple[Item, Sequence[Entry]]]) -> Verdict:
    """The truth of items, made anew, against the list."""
    listed = {row.name: row for row in rows}
    verdict = Verdict()
    for item, entries in truths:
        name = file_name(KINDS[item.kind], item.number)
        _note_truth(verdict, name, name in listed and digest(entries) == listed[name].truth)
    return verdict


def check_folder(rows: Sequence[Listed], folder: Path) -> Verdict:
    """What lies in a folder against the list, file by file."""
    entries: Sequence[Mapping[str, Any]] = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    verdict = Verdict()
    for row in rows:
        mine = [
            entry for entry in entries if _listed_name(entry["file"]) in {row.name, f"{row.name}-1", f"{row.name}-2"}
        ]
        _note_truth(verdict, row.name, digest(mine) == row.truth)
        if row.pixels and (folder / PAPERS).is_dir():
            if pixels(folder / PAPERS, row.name) == row.pixels:
                verdict.bytes_same += 1
            else:
                verdict.bytes_other.append(row.name)
    return verdict


def _listed_name(file: str) -> str:
    return file.partition(".")[0]


def _note_truth(verdict: Verdict, name: str, same: object) -> None:
    if same:
        verdict.truth_same += 1
    else:
        verdict.truth_other.append(name)
