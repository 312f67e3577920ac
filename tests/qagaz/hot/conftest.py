"""A drop folder, and a watcher that reads in this process: what files hold orders what becomes of them."""

from __future__ import annotations

import contextlib
import csv
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qagaz.hot.glance import Pace
from qagaz.hot.records import Setting
from qagaz.hot.rounds import Watcher
from qagaz.run import only_writer
from qagaz.worker import read_one
from review.store import Store
from tests.qagaz import fakes

AT_ONCE = Pace(settle=0.0, patience=0.0, every=0.0, trouble=0.0)


class Here:
    """Reads in this process; counts what is read."""

    def __init__(self, read: Counter[str]) -> None:
        self._read = read

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run(self, jobs):
        for job in jobs:
            self._read[job.source.sha256] += 1
            yield read_one(job, fakes.digitise)

    def finish(self):
        pass


@dataclass
class Told:
    """What the watcher said."""

    batches: list = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def read(self, batch, arriving):
        self.batches.append(batch)

    def trouble(self, error):
        self.troubles.append(error.message_id)

    def inbox_away(self):
        self.troubles.append("away")

    def well_again(self):
        self.troubles.append("well")


class House:
    """A drop folder with all that belongs to it."""

    def __init__(self, folder: Path) -> None:
        self.inbox, self.out, self.done = folder / "in", folder / "out", folder / "done"
        for each in (self.inbox, self.out, self.done):
            each.mkdir()
        self.read: Counter[str] = Counter()
        self.told = Told()

    def drop(self, name: str, words: str = "form") -> Path:
        """A whole file that orders this."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-" + name.encode() + b" " + words.encode() + b" %%EOF")
        return path

    @contextlib.contextmanager
    def watcher(self, **how):
        """The watcher, not yet running; once, and at once, unless told."""
        setting = Setting(self.inbox, self.out, **({"done": self.done, "pace": AT_ONCE, "once": True} | how))
        with (
            only_writer(self.out),
            Store.beside(self.out) as store,
            Watcher(setting, fakes.VERSIONS, store, self.told, lambda: Here(self.read)) as watcher,
        ):
            yield watcher

    def watch(self, **how) -> Told:
        """Until nothing is left to wait for."""
        with self.watcher(**how) as watcher:
            watcher.run()
        return self.told

    def table(self, name: str = "forms") -> list[dict[str, str]]:
        """Rows of a table."""
        with (self.out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def files(self, folder: Path) -> dict[str, bytes]:
        """Every file below a folder, by its name there."""
        found = (Path(top) / name for top, _, names in os.walk(folder) for name in names)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)
