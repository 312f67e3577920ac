"""Models and calibrations that were learnt: a folder of numbered versions, and which of them is in use.

    MODELS/current.json     the version in use, and those before it
    MODELS/0001/            manifest.json, calibration.json, figurenet.onnx where the net was learnt too

A version is never changed. What its files were when it was made is in its manifest; other bytes are not read with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.intake import sha256_of
from extract.readers.calibration import Calibration, calibration_of
from extract.records import Readers
from layouts.errors import QagazError
from qagaz.manifest import write

CURRENT = "current.json"
MANIFEST = "manifest.json"
LINES = "calibration.json"
MODEL = "figurenet.onnx"
SHIPPED = ""  # the version in use where nothing was learnt, or all of it was undone


class LearnedError(QagazError):
    """The folder holds no such models, or files that are not those that were installed."""


@dataclass(frozen=True, slots=True)
class Learned:
    """One version, as it was when it was looked up: a run keeps to it, whatever is installed meanwhile."""

    folder: Path  # of the version
    digest: str  # SHA-256 over its manifest, which has those of its files

    @property
    def name(self) -> str:
        """Its number and what it is, as manifests of runs have it."""
        return f"{self.folder.name} {self.digest[:12]}"

    @property
    def model(self) -> Path | None:
        """Its net; None where the shipped one stays."""
        return self.folder / MODEL if (self.folder / MODEL).exists() else None

    def lines(self) -> Mapping[str, Calibration]:
        """Its calibrations, by reader and case."""
        told = json.loads((self.folder / LINES).read_text(encoding="utf-8"))
        return {name: Calibration(each["offset"], each["slope"], calibration_of(name)) for name, each in told.items()}

    def readers(self) -> Readers:
        """The readers it makes; LearnedError where a file is not what was installed."""
        from extract.readers.default import learned_readers  # noqa: PLC0415 - with its libraries, once there is something to read

        self.check()
        return learned_readers(self.model, self.lines())

    def check(self) -> None:
        """LearnedError where a file is missing, or is not what was installed."""
        told = _told(self.folder / MANIFEST)
        files = told.get("files", {}) if told else {}
        whole = self.digest == _digest(self.folder) and LINES in files
        whole = whole and {MODEL} & {f.name for f in self.folder.iterdir()} <= set(files)
        if not whole or any(_sha256(self.folder / name) != wanted for name, wanted in files.items()):
            raise LearnedError("error.models-changed", folder=self.folder)

    def files(self) -> dict[str, Path]:
        """Its files by the names that a run's manifest gives them."""
        return {f"{self.folder.name}/{path.name}": path for path in sorted(self.folder.iterdir())}


def in_use(models: Path) -> Learned | None:
    """The version in use; None where the shipped readers are. LearnedError without such a folder, or a changed file."""
    if not models.is_dir():
        raise LearnedError("error.no-models", folder=models)
    name = history(models)[-1]
    if name == SHIPPED:
        return None
    folder = models / name
    found = Learned(folder, _digest(folder))
    found.check()
    return found


def history(models: Path) -> list[str]:
    """The versions in use one after the other, the last one now; it begins with the shipped readers."""
    told = _told(models / CURRENT) if (models / CURRENT).exists() else {"history": [SHIPPED]}
    found = told.get("history") if told else None
    if not isinstance(found, list) or not found or not all(isinstance(each, str) for each in found):
        raise LearnedError("error.models-changed", folder=models)
    return found


def next_name(models: Path) -> str:
    """What the next version is called.

    >>> import tempfile; next_name(Path(tempfile.mkdtemp()))
    '0001'
    """
    numbers = [int(path.name) for path in models.iterdir() if path.name.isdecimal()] if models.is_dir() else []
    return f"{max(numbers, default=0) + 1:04}"


def put_in_use(models: Path, name: str) -> None:
    """From now on this version is in use."""
    write(models / CURRENT, {"version": name, "history": [*history(models), name]})


def undo(models: Path) -> str:
    """Go back to what was in use before; its name. LearnedError where nothing was installed."""
    if not models.is_dir():
        raise LearnedError("error.no-models", folder=models)
    before = history(models)[:-1]
    if not before:
        raise LearnedError("error.nothing-learned", folder=models)
    write(models / CURRENT, {"version": before[-1], "history": before})
    return before[-1]


def _digest(folder: Path) -> str:
    return _sha256(folder / MANIFEST)


def _sha256(file: Path) -> str:
    try:
        return sha256_of(file)
    except OSError:
        return hashlib.sha256().hexdigest()


def _told(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None
