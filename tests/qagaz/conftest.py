"""Folders of papers that are no papers, and runs over them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qagaz.limits import Limits
from qagaz.pool import Pool
from qagaz.run import Request, read
from tests.qagaz import fakes


@pytest.fixture
def papers(tmp_path):
    """Makes a folder of files; each file's words order what the fake pipeline makes of it."""

    def make(**files: str) -> Path:
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        for name, words in files.items():
            (folder / f"{name}.pdf").write_text(f"%PDF-{name if 'same' not in name else ''} {words}", encoding="utf-8")
        return folder

    return make


@pytest.fixture
def run(tmp_path):
    """Reads a folder with the fake pipeline into `out` and gives the counts; `.seen` holds the files read anew."""

    def go(folder: Path | str, *, jobs=1, limits=None, out="out", equip=fakes.equip, crowd=Pool, versions=None, **more):
        go.seen = []

        def watch(progress):
            if progress.result is not None:
                go.seen.append(progress.file)

        inputs = (folder,) if folder else ()
        request = Request(inputs, tmp_path / out, "en", jobs=jobs, limits=limits or Limits(), **more)
        return read(request, equip, versions or fakes.VERSIONS, watch, crowd)

    go.seen = []
    return go


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a CSV table."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
