"""A crowd on a Dask scheduler: each paper is one task, a bounded number of them under way, parts written here.

Workers may join, leave and die: what they had is read again by others. A scheduler that is lost is waited for.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from itertools import islice
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from distributed import Future, KilledWorker

from layouts.words import Language
from qagaz.cluster.contact import Contact, Speak, short
from qagaz.cluster.link import ClusterError, Link
from qagaz.cluster.orders import Answer, Order, Sent, Unfit, Unseen, pack, size_of
from qagaz.cluster.outpost import Equipped, Outpost
from qagaz.crowd import Job
from qagaz.limits import MEGABYTE, Limits
from qagaz.parts import Parts
from qagaz.pool import Pool
from qagaz.results import Equip, FileResult, Told
from qagaz.worker import save_rejected

AHEAD = 2  # papers under way for each that is being read: no worker waits for the next
SEND_MEGABYTES = 128  # what workers cannot see passes through the scheduler; beyond that it is read on this machine
SENT_MEGABYTES = 1024  # under way at once: so much the scheduler holds
LOOK_SECONDS = 0.5
CENSUS_SECONDS = 2.0
LOST_SECONDS = 120.0  # a scheduler is started anew within this
WORKER_SECONDS = 300.0  # a worker joins within this

Outcome = Answer | Unseen | Unfit | BaseException


@dataclass(frozen=True, slots=True)
class _Wish:
    """A paper to be put under way."""

    job: Job
    alone: bool = False  # nothing else is under way: a worker that dies, dies over this one


@dataclass(frozen=True, slots=True)
class _Flight:
    """One paper under way."""

    job: Job
    sent: int  # bytes
    alone: bool
    future: Future[Any]


class Cluster:
    """Readers on the workers of one scheduler; the other end of `Outpost`."""

    def __init__(
        self, link: Link, jobs: int, told: tuple[Language, Speak], equip: Equip, readers: int, limits: Limits
    ) -> None:
        """`jobs`: papers read at once, 0 is as many as there are threads; `readers`: processes on this machine.

        `told`: in which language, and who is told, what the run survives. TypeError where `equip` has no versions.
        """
        language, speak = told
        if not isinstance(equip, Equipped):
            raise TypeError(equip)
        self._address = link.address
        self._outpost = Outpost(f"qagaz-{uuid4().hex}", equip, equip.versions(), limits, language)
        self._contact = Contact(link, self._outpost, speak)
        self._local = (equip, readers, limits)
        self._jobs = jobs
        self._speak = speak
        self._stopped = False
        self._sends = False  # some worker does not see what this machine sees
        self._census_due = self._last_place = 0.0
        self._flying: dict[str, _Flight] = {}
        self._again: deque[_Wish] = deque()
        self._suspects: deque[Job] = deque()  # workers died over them: each is read alone, after all others
        self._here: deque[Job] = deque()  # to be read on this machine, at the end
        self._landed: queue.SimpleQueue[tuple[str, Outcome]] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flying.clear()
        self._contact.disconnect()

    def stop(self) -> None:
        """Called from another thread: `run` ends at once, and what is being done is thrown away."""
        self._stopped = True

    def run(self, jobs: Iterator[Job]) -> Iterator[FileResult]:
        """Every job's result, as they are done; ClusterError where no worker can read or the scheduler is gone."""
        waiting = deque(_Wish(job) for job in islice(jobs, 1))
        if not waiting:
            return  # a run that has nothing to read needs no cluster
        self._begin()
        while not self._stopped:
            self._look_around()
            waiting.extendleft(self._again)
            self._again.clear()
            wanted = max(1, self._room()) - len(waiting)
            waiting.extend(_Wish(job) for job in islice(jobs, max(0, wanted)))
            while waiting and self._room() > 0:
                self._send(waiting.popleft())
            if not (waiting or self._flying or self._again):
                if not self._suspects:
                    break
                waiting.append(_Wish(self._suspects.popleft(), alone=True))
            yield from self._land()
        if self._here and not self._stopped:
            with Pool(*self._local) as pool:
                yield from pool.run(iter([self._here.popleft() for _ in range(len(self._here))]))

    def _room(self) -> int:
        """How many papers more may be under way."""
        if sum(flight.sent for flight in self._flying.values()) > SENT_MEGABYTES * MEGABYTE:
            return 0
        most = self._jobs or self._contact.places * AHEAD
        return min(most, self._contact.places * AHEAD) - len(self._flying)

    def _send(self, wish: _Wish) -> None:
        job = wish.job
        if not (job.source.sha256 or job.address):
            self._here.append(job)  # it cannot be opened: this machine says why
            return
        try:
            sent = self._packed(job)
        except OSError:
            sent = None
        if sent is None and self._sends and not job.address:
            self._here.append(job)  # gone meanwhile, or too large to be sent
            return
        key = f"paper-{uuid4().hex}"  # no name: keys are seen by whoever watches the scheduler
        try:
            future = self._contact.submit(Order(self._outpost.name, job, sent), key, self._bring)
        except ConnectionError:
            self._again.append(wish)
            return
        self._flying[key] = _Flight(job, sent.size if sent else 0, wish.alone, future)

    def _packed(self, job: Job) -> Sent | None:
        """The paper's bytes where workers need them and they are not too many."""
        if job.address or not self._sends or size_of(job.source.path) > SEND_MEGABYTES * MEGABYTE:
            return None
        return pack(job.source.path)

    async def _bring(self, key: str, future: Future[Any]) -> None:
        """In Dask's thread: wait for an answer, bring it here."""
        try:
            outcome: Outcome = await future
        except BaseException as error:  # noqa: BLE001 - what it means is told where it is counted
            outcome = error
        self._landed.put((key, outcome))

    def _land(self) -> Iterator[FileResult]:
        """Wait a moment; take what has come."""
        with contextlib.suppress(queue.Empty):
            key, outcome = self._landed.get(timeout=LOOK_SECONDS)
            while True:
                flight = self._flying.pop(key, None)  # None: of a connection that was lost
                if flight is not None:
                    yield from self._taken(flight, outcome)
                key, outcome = self._landed.get_nowait()

    def _taken(self, flight: _Flight, outcome: Outcome) -> Iterator[FileResult]:
        match outcome:
            case Answer(result, part):
                yield _kept(flight.job, result, part)
            case Unseen():
                self._sends = True
                self._again.append(_Wish(flight.job, flight.alone))
            case Unfit(worker, why):
                self._speak(worker, why)
                self._again.append(_Wish(flight.job, flight.alone))
            case KilledWorker() if flight.alone:
                yield save_rejected(flight.job, Told("error.worker-lost", (("file", flight.job.source.file),)))
            case KilledWorker():  # it, or what was read beside it, or somebody who pulled the plug
                self._suspects.append(flight.job)
            case Exception() if not _is_loss(outcome):
                raise ClusterError("error.worker-unfit", detail=type(outcome).__name__)
            case _:
                self._again.append(_Wish(flight.job, flight.alone))

    def _begin(self) -> None:
        if not self._contact.is_lost:
            return
        try:
            self._contact.connect()
        except OSError as error:
            raise ClusterError("error.cluster-unreachable", address=self._address, detail=short(error)) from error
        self._last_place = time.monotonic()

    def _look_around(self) -> None:
        """Who is there. ClusterError where nobody is for too long."""
        if self._contact.is_lost:
            self._reconnect()
        now = time.monotonic()
        if now < self._census_due:
            return
        with contextlib.suppress(OSError):  # the next look finds the connection lost, or well again
            self._contact.census()
            self._census_due = time.monotonic() + CENSUS_SECONDS
        if self._contact.places:
            self._last_place = now
        elif now - self._last_place > WORKER_SECONDS:
            raise ClusterError("error.cluster-no-worker", address=self._address, seconds=int(WORKER_SECONDS))

    def _reconnect(self) -> None:
        """What was under way is read again. ClusterError where the scheduler does not come back."""
        self._again.extend(_Wish(flight.job, flight.alone) for flight in self._flying.values())
        self._flying.clear()
        self._speak(self._address, Told("told.cluster-lost"))
        deadline = time.monotonic() + LOST_SECONDS
        while not self._stopped:
            self._contact.disconnect()
            try:
                self._contact.connect()
            except OSError as error:
                if time.monotonic() > deadline:
                    seconds = int(LOST_SECONDS)
                    raise ClusterError("error.cluster-lost", address=self._address, seconds=seconds) from error
                time.sleep(LOOK_SECONDS)
            else:
                self._last_place = time.monotonic()
                return


def _kept(job: Job, result: FileResult, part: bytes) -> FileResult:
    """The part on disk, under its own name all at once; the result as this machine calls the paper."""
    source = replace(result.source, path=job.source.path)
    Parts(job.parts).keep(source, part)
    return replace(result, source=source)


def _is_loss(error: BaseException) -> bool:
    """Whether a task failed only because a connection did."""
    return isinstance(error, (CancelledError, OSError))
