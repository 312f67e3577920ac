"""Worker processes: a file that crashes, hangs or swallows memory costs its own row and one worker."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from layouts.errors import OutputError, QagazError
from qagaz.crowd import Job
from qagaz.limits import Limits, resident_megabytes
from qagaz.results import Equip, FileResult, Told
from qagaz.scratch import sweep
from qagaz.wire import Begun, GarbledError, Ready, Stuck, hear
from qagaz.worker import one_thread, save_rejected, serve

LOOK_SECONDS = 0.25  # how often time and memory are looked at
START_SECONDS = 180.0  # readers and models load within this, also from a slow disk
STARTS = 3  # workers that may die one after the other before a first file is read
END_SECONDS = 2.0  # a worker whose connection is closed goes within this


class CannotStartError(QagazError):
    """The readers cannot be made: something is not installed."""

    exit_code = 5


@dataclass(slots=True)
class _Worker:
    """One process and what it is doing."""

    process: SpawnProcess
    connection: Connection
    ready: bool = False
    job: Job | None = None
    pages: int = 0  # of the job's paper
    deadline: float = field(default_factory=lambda: time.monotonic() + START_SECONDS)


class Pool:
    """A crowd of processes of this machine; to be used in a `with` block, at whose end no process is left."""

    def __init__(self, equip: Equip, jobs: int, limits: Limits) -> None:
        self._equip = equip
        self._jobs = jobs
        self._limits = limits
        self._workers: list[_Worker] = []
        self._died_at_start = 0
        self._stopped = False
        self._finishing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.connection.close()
            if worker.job is not None or error is not None:
                _kill(worker)
        for worker in self._workers:
            worker.process.join(END_SECONDS)
            _kill(worker)
        self._workers.clear()
        sweep()

    def run(self, jobs: Iterator[Job]) -> Iterator[FileResult]:
        """Every job's result, as they are done. OutputError or CannotStartError where the run cannot go on.

        `jobs` may say that there is nothing more for now and have more later, while others are being done.
        """
        waiting = deque(islice(jobs, self._jobs))
        while not self._stopped and (waiting or any(worker.job for worker in self._workers)):
            waiting.extend(islice(jobs, max(0, self._jobs - len(waiting))))
            if self._finishing:
                waiting.clear()
            unemployed = sum(worker.job is None for worker in self._workers)  # those that are still starting, too
            if len(waiting) > unemployed and len(self._workers) < self._jobs:
                self._workers.append(self._start())
            for worker in self._workers:
                if waiting and worker.ready and worker.job is None:
                    self._give(worker, waiting.popleft())
            yield from self._look()

    def stop(self) -> None:
        """Called from another thread: `run` ends at once, and what is being done is thrown away."""
        self._stopped = True

    def finish(self) -> None:
        """Called from another thread or a signal's handler: what is being done is done, nothing more is begun."""
        self._finishing = True

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self._equip, self._limits), daemon=True)
        one_thread()
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _give(self, worker: _Worker, job: Job) -> None:
        worker.job, worker.pages = job, 0
        worker.deadline = time.monotonic() + self._limits.seconds(1)
        with contextlib.suppress(OSError):  # it is gone: the next look finds that out
            worker.connection.send(job)

    def _look(self) -> Iterator[FileResult]:
        """Wait a moment; take what workers say; end those that go beyond their limits."""
        talking = set(wait([worker.connection for worker in self._workers], LOOK_SECONDS))
        for worker in list(self._workers):
            if worker.connection in talking:
                yield from self._hear(worker)
            elif (told := self._beyond(worker)) is not None:
                yield from self._lose(worker, told)

    def _hear(self, worker: _Worker) -> Iterator[FileResult]:
        try:
            said = hear(worker.connection, worker.job)
        except (EOFError, OSError, GarbledError):
            yield from self._lose(worker, "error.crash")
            return
        match said:
            case Ready():
                worker.ready = True
                self._died_at_start = 0
            case Begun(pages):
                worker.pages = pages
                worker.deadline = time.monotonic() + self._limits.seconds(pages)
            case Stuck(told):
                raise _stopped(told)
            case FileResult():
                worker.job = None
                yield said

    def _beyond(self, worker: _Worker) -> str | None:
        """What limit a worker is beyond, if any."""
        if worker.ready and worker.job is None:
            return None
        if time.monotonic() > worker.deadline:
            return "error.timeout"
        if resident_megabytes(worker.process.pid or 0) > self._limits.megabytes:
            return "error.memory"
        return None

    def _lose(self, worker: _Worker, why: str) -> Iterator[FileResult]:
        """End a worker; its file, if it had one, is rejected. Another worker is started when there is work."""
        _kill(worker)
        worker.connection.close()
        self._workers.remove(worker)
        sweep()
        if worker.job is not None:
            lost = save_rejected(worker.job, Told(why, (("file", worker.job.source.file),)), worker.pages)
            yield replace(lost, pages=worker.pages)
            return
        self._died_at_start += 1
        if self._died_at_start >= STARTS:
            raise CannotStartError("error.worker-start")


def _stopped(told: Told) -> QagazError:
    family = OutputError if told.exit_code == OutputError.exit_code else CannotStartError
    return family(told.message_id, **dict(told.parameters))


def _kill(worker: _Worker) -> None:
    """End a worker and whatever it started; it leads a session of its own once it has settled in."""
    if not worker.process.is_alive() or worker.process.pid is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getpgid(worker.process.pid) == worker.process.pid:
            os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.kill()
    worker.process.join()
