"""Forms a second by 1 and 2 processes and by 1, 2 and 4 Dask workers of this machine, in turn, and what each costs.

    python -m training.throughput FORMS [--rounds 5] [--ways 1,2,dask1,dask2,dask4]

Counted is from a sixth of the papers on, when all readers are warm, to the last one: wall clock, and processor
seconds of every process. What else the machine does falls on all ways alike; processor seconds feel it least.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import dask
import psutil
from distributed import LocalCluster

from qagaz.cluster.crowd import Cluster
from qagaz.cluster.link import Link, silence
from qagaz.crowd import MakeCrowd
from qagaz.desk import Progress
from qagaz.equipment import Equipment
from qagaz.pool import Pool
from qagaz.run import Request, read_with

WARM = 6  # one part in so many of the papers is read before counting begins


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: of a form, on average."""

    wall: float  # seconds
    processor: float  # seconds, of all processes together


class _Clock:
    """Looks at both clocks when the readers are warm and after each paper from then on."""

    def __init__(self) -> None:
        self._done = 0
        self._first: tuple[int, float, float] | None = None
        self._last = (0, 0.0, 0.0)

    def watch(self, progress: Progress) -> None:
        """One paper further."""
        self._done += progress.files
        if self._done == progress.total // WARM:
            self._first = (self._done, time.monotonic(), _processor_seconds())
        if self._done == progress.total:
            self._last = (self._done, time.monotonic(), _processor_seconds())

    def cost(self) -> Cost:
        """Between the two looks."""
        assert self._first is not None
        papers, wall, processor = (last - first for first, last in zip(self._first, self._last, strict=True))
        return Cost(wall / papers, processor / papers)


def _processor_seconds() -> float:
    """Of this process and all that it started, ended ones too."""
    own = psutil.Process()
    return sum(sum(each.cpu_times()[:4]) for each in (own, *own.children(recursive=True)))


@contextmanager
def _crowd(way: str) -> Iterator[tuple[int, MakeCrowd]]:
    """Readers of one way: "2" are two processes, "dask2" are two workers of one thread each."""
    if not way.startswith("dask"):
        yield int(way), Pool
        return
    silence()
    workers = int(way.removeprefix("dask"))
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=workers, threads_per_worker=1, memory_limit=0, dashboard_address="127.0.0.1:0") as local,
    ):
        yield 0, partial(Cluster, Link(local.scheduler_address), 0, ("en", lambda *_: None))


def measure(forms: Path, way: str) -> Cost:
    """One run over a folder of forms into a folder that is thrown away."""
    clock = _Clock()
    with _crowd(way) as (jobs, make), tempfile.TemporaryDirectory() as out:
        read_with(Equipment(), Request((forms,), Path(out) / "out", jobs=jobs), clock.watch, make)
    return clock.cost()


def table_of(costs: dict[str, list[Cost]]) -> str:
    """Medians, and each way's speed beside the first one's of the same round: median, least and most."""
    lines = ["| | forms a second | times the first | processor seconds a form |", "|---|---|---|---|"]
    first = next(iter(costs.values()))
    for way, each in costs.items():
        beside = sorted(one.wall / other.wall for one, other in zip(first, each, strict=True))
        rate, processor = (1 / statistics.median(c.wall for c in each), statistics.median(c.processor for c in each))
        times = f"{statistics.median(beside):.2f} ({beside[0]:.2f}–{beside[-1]:.2f})"
        lines.append(f"| {way} | {rate:.2f} | {times} | {processor:.3f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, one way after the other, so many times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ways", default="1,2,dask1,dask2,dask4")
    given = parser.parse_args()
    ways = given.ways.split(",")
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    for _ in range(given.rounds):
        for way in ways:
            costs[way].append(measure(given.forms, way))
            print(way, costs[way][-1], psutil.getloadavg()[0], flush=True)
    print(table_of(costs))


if __name__ == "__main__":
    main()
