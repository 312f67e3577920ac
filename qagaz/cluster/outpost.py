"""On a worker: what one run keeps there, and how a paper is read.

Dask's process only waits. Each of its threads has one reading process of its own (`qagaz.pool`), kept warm between
papers, with the limits it would have on one machine: a file that crashes, hangs or swallows memory costs its own row.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import threading
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, runtime_checkable

from distributed import Worker, WorkerPlugin, get_worker

from layouts.errors import QagazError
from layouts.words import Language
from qagaz.cluster.orders import Answer, Order, Unfit, Unseen, sees, unpack
from qagaz.crowd import Job
from qagaz.limits import Limits
from qagaz.manifest import differences
from qagaz.parts import Parts
from qagaz.pool import Pool
from qagaz.results import Digitise, FileResult, Told
from qagaz.versions import Versions

log = logging.getLogger("qagaz.cluster")


@runtime_checkable
class Equipped(Protocol):
    """What to read with, and which versions of it are installed where it is asked."""

    def __call__(self) -> Digitise:
        """Make the readers."""
        ...

    def versions(self) -> Versions:
        """Measured here and now."""
        ...


@dataclass(slots=True)
class _Reader:
    """One thread's reading process, and who uses it now."""

    pool: Pool
    used: threading.Lock = field(default_factory=threading.Lock)

    def end(self) -> None:
        """Whatever it is doing is thrown away."""
        self.pool.stop()
        with self.used:
            self.pool.__exit__(None, None, None)


class Outpost(WorkerPlugin):
    """A run on one worker. It offers the worker's threads to the run only where the same versions are installed.

    What it offers is a resource named like the run: Dask gives the run's papers to those that have it.
    """

    def __init__(self, run: str, equip: Equipped, versions: Versions, limits: Limits, language: Language) -> None:
        self.name = run
        self._equip = equip
        self._versions = versions
        self._limits = limits
        self._language = language  # of whoever runs it

    async def setup(self, worker: Worker) -> None:
        """Called by Dask when the run begins, or when the worker joins."""
        self._readers: dict[int, _Reader] = {}  # by thread
        self._gate = threading.Lock()
        self._over = False
        why = await asyncio.to_thread(self._unfit)
        if why is None:
            await worker.set_resources(**{self.name: worker.state.nthreads})
        else:
            await self._withdraw(worker, why)

    async def teardown(self, worker: Worker) -> None:
        """Called by Dask when the run is over, or when the worker leaves."""
        with self._gate:
            self._over = True
            readers = list(self._readers.values())
        await asyncio.gather(*(asyncio.to_thread(reader.end) for reader in readers))
        if worker.status.name == "running":
            await worker.set_resources(**{self.name: 0})

    def read(self, order: Order, worker: Worker) -> Answer | Unseen | Unfit:
        """In one of the worker's threads: the paper's part as bytes, the same as on one machine.

        Nothing is raised: Dask would log what it was called with.
        """
        try:
            return self._answer(order, worker)
        except Exception as error:  # noqa: BLE001 - no room, no rights: the machine's trouble, not the paper's
            detail = f"{type(error).__name__} {getattr(error, 'strerror', None) or ''}".strip()
            return self._given_up(worker, Told("error.worker-unfit", (("detail", detail),)))

    def leave(self, thread: int) -> None:
        """Another run reads in this thread now: one reading process a thread is what the machine has room for."""
        with self._gate:
            reader = self._readers.pop(thread, None)
        if reader is not None:
            reader.end()

    def _answer(self, order: Order, worker: Worker) -> Answer | Unseen | Unfit:
        with TemporaryDirectory(dir=worker.local_directory, prefix="paper-") as name:
            folder = Path(name)
            job = _laid_out(order, folder)
            if job is None:
                return Unseen()
            try:
                result = self._read(job, worker)
                if result is None:
                    return Unfit(worker.address, Told("error.worker-over"))
                return Answer(result, Parts(job.parts).path(result.source).read_bytes())
            except QagazError as error:
                return self._given_up(worker, Told.of(error))

    def _given_up(self, worker: Worker, why: Told) -> Unfit:
        worker.loop.add_callback(self._withdraw, worker, why)
        return Unfit(worker.address, why)

    def _read(self, job: Job, worker: Worker) -> FileResult | None:
        """None where the run has ended meanwhile. CannotStartError or OutputError where this machine cannot read."""
        reader = self._reader(worker)
        if reader is None:
            return None
        try:
            with reader.used:
                return next(iter(list(reader.pool.run(iter([job])))), None)
        except QagazError:
            self.leave(threading.get_ident())
            raise

    def _reader(self, worker: Worker) -> _Reader | None:
        thread = threading.get_ident()
        for other in worker.plugins.values():
            if isinstance(other, Outpost) and other is not self:
                other.leave(thread)
        with self._gate:
            if self._over:
                return None
            return self._readers.setdefault(thread, _Reader(Pool(self._equip, 1, self._here(worker))))

    def _here(self, worker: Worker) -> Limits:
        """The limits with the ground that a reading process has on this machine: its papers and parts lie elsewhere."""
        ground = self._limits.ground
        if ground is None:
            return self._limits
        own = Path(worker.local_directory)
        return replace(self._limits, ground=replace(ground, reads=(*ground.reads, own), writes=(own,)))

    def _unfit(self) -> Told | None:
        """Why this worker cannot read for the run."""
        if multiprocessing.current_process().daemon:
            return Told("error.worker-daemon")
        try:
            here = self._equip.versions()
        except QagazError as error:
            return Told.of(error)
        except Exception as error:  # noqa: BLE001 - whatever is wrong there, the run must hear of it
            return Told("error.worker-unfit", (("detail", type(error).__name__),))
        if here.digest == self._versions.digest:
            return None
        return Told("error.worker-versions", (("detail", differences(self._versions, here, self._language)),))

    async def _withdraw(self, worker: Worker, why: Told) -> None:
        log.warning("takes no papers of run %s: %s %s", self.name, why.message_id, dict(why.parameters))
        # said before it is withdrawn, and over the same wire: whoever sees nothing offered can hear why
        await worker.scheduler.log_event(topic=self.name, msg={"worker": worker.address, "why": asdict(why)})
        await worker.set_resources(**{self.name: 0})


def _laid_out(order: Order, folder: Path) -> Job | None:
    """The job with the paper and the part where this machine has them; None where it cannot see the paper."""
    job = replace(order.job, parts=folder / "parts")
    if order.sent is not None:
        return replace(job, source=replace(job.source, path=unpack(order.sent, folder)))
    return job if job.address or sees(job.source) else None


def read_paper(order: Order) -> Answer | Unseen | Unfit:
    """The task that Dask runs."""
    worker = get_worker()
    outpost = worker.plugins.get(order.run)
    if not isinstance(outpost, Outpost):
        return Unfit(worker.address, Told("error.worker-over"))
    return outpost.read(order, worker)
