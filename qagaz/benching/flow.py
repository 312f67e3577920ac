"""How fast papers of one kind go through several worker processes, by the clock, and the memory that takes."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from types import TracebackType
from typing import Self

from extract.records import Source
from qagaz.benching.records import Flow
from qagaz.crowd import Job
from qagaz.limits import Limits, resident_below, resident_megabytes
from qagaz.pool import Pool
from qagaz.results import Equip
from validate.records import Status

LOOK_SECONDS = 0.1  # how often memory is looked at
AT_LEAST = 3  # papers a process: with fewer, waiting for the last one is what is measured
COUNTED = frozenset(Status) - {Status.REJECTED}


def flow_of(sources: Sequence[Source], equip: Equip, processes: int) -> Flow:
    """Read a kind's files with fresh workers each warmed up; few files are read several times."""
    most = max(len(sources), AT_LEAST * processes)
    with tempfile.TemporaryDirectory() as folder, Pool(equip, processes, Limits()) as pool, _Watch() as watch:
        for _result in pool.run(_jobs(islice(cycle(sources), processes), Path(folder) / "warm")):
            pass
        began = time.monotonic()
        forms = pages = 0
        for result in pool.run(_jobs(islice(cycle(sources), most), Path(folder) / "parts")):
            forms += sum(status in COUNTED for status in result.statuses)
            pages += result.pages
        seconds = time.monotonic() - began
    return Flow(most, forms, pages, seconds, watch.parent, watch.workers)


def _jobs(sources: Iterable[Source], parts: Path) -> Iterator[Job]:
    """Each a paper of its own, be it the same file again."""
    for number, source in enumerate(sources):
        name = hashlib.sha256(f"{number} {source.sha256}".encode()).hexdigest()
        yield Job(replace(source, sha256=name), parts, "bench")


class _Watch:
    """The highest memory seen, this process's and that of all below it."""

    def __init__(self) -> None:
        self.parent = self.workers = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.parent = max(self.parent, resident_megabytes(os.getpid(), helpers=False))
            self.workers = max(self.workers, resident_below(os.getpid()))
