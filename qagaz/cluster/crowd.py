"""A crowd on a Dask scheduler: each paper is one task, a bounded number of them under way, parts written here.

Workers may join, leave and die: what they had is read again by others. A scheduler that is lost is waited for.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from itertools import islice
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from distributed import Client, Future, KilledWorker

from qagaz.cluster.link import ClusterError, Link, silence
from qagaz.cluster.orders import Answer, Order, Sent, Unfit, Unseen, pack, size_of
from qagaz.cluster.outpost import Equipped, Outpost, read_paper
from qagaz.crowd import Job
from qagaz.limits import MEGABYTE, Limits
from qagaz.parts import Parts
from qagaz.pool import Pool
from qagaz.results import Equip, FileResult, Told
from qagaz.worker import save_rejected

AHEAD = 2  # papers under way for each that is being read: no worker waits for the next
TRIES = 2  # each ends when so many workers died over the paper as the scheduler allows (4 with Dask's own settings)
SEND_MEGABYTES = (
    128  # a paper beyond that workers cannot see is read on this machine: it would pass through the scheduler
)
SENT_MEGABYTES = 1024  # under way at once: so much the scheduler holds
LOOK_SECONDS = 0.5
CENSUS_SECONDS = 2.0
CONNECT_SECONDS = 15.0
LOST_SECONDS = 120.0  # a scheduler is started anew within this
DETAIL = 200  # letters of another program's message
WORKER_SECONDS = 300.0  # a worker joins within this

Outcome = Answer | Unseen | Unfit | BaseException
Speak = Callable[[str, Told], None]  # whose address, and what is the matter


@dataclass(frozen=True, slots=True)
class _Flight:
    """One paper under way."""

    job: Job
    sent: int  # bytes
    tries: int
    future: Future[Any]


class Cluster:
    """Readers on the workers of one scheduler; the other end of `Outpost`."""

    def __init__(self, link: Link, jobs: int, speak: Speak, equip: Equip, readers: int, limits: Limits) -> None:
        """`jobs`: papers read at once, 0 is as many as there are threads; `readers`: processes on this machine.

        `speak` is told what the run survives. TypeError where `equip` cannot tell its versions.
        """
        if not isinstance(equip, Equipped):
            raise TypeError(equip)
        self._link = link
        self._outpost = Outpost(f"qagaz-{uuid4().hex}", equip, equip.versions(), limits)
        self._local = (equip, readers, limits)
        self._jobs = jobs
        self._speak = speak
        self._client: Client | None = None
        self._stopped = False
        self._sends = False  # some worker does not see what this machine sees
        self._places = 0  # papers that can be read at once
        self._heard = 0  # of the workers' messages
        self._census_due = self._last_place = 0.0
        self._flying: dict[str, _Flight] = {}
        self._again: deque[tuple[Job, int]] = deque()  # with the tries it had
        self._here: deque[Job] = deque()  # to be read on this machine, at the end
        self._landed: queue.SimpleQueue[tuple[str, Outcome]] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        try:
            self._connect()
        except OSError as error:
            raise ClusterError("error.cluster-unreachable", address=self._link.address, detail=_short(error)) from error
        except ClusterError:
            self._disconnect()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flying.clear()
        self._disconnect()

    def stop(self) -> None:
        """Called from another thread: `run` ends at once, and what is being done is thrown away."""
        self._stopped = True

    def run(self, jobs: Iterator[Job]) -> Iterator[FileResult]:
        """Every job's result, as they are done; ClusterError where no worker can read or the scheduler is gone."""
        waiting: deque[tuple[Job, int]] = deque()
        while not self._stopped:
            self._look_around()
            waiting.extendleft(self._again)
            self._again.clear()
            wanted = max(1, self._room()) - len(waiting)
            waiting.extend((job, 0) for job in islice(jobs, max(0, wanted)))
            while waiting and self._room() > 0:
                self._send(*waiting.popleft())
            if not (waiting or self._flying or self._again):
                break
            yield from self._land()
        if self._here and not self._stopped:
            with Pool(*self._local) as pool:
                yield from pool.run(iter([self._here.popleft() for _ in range(len(self._here))]))

    # What is under way

    def _room(self) -> int:
        """How many papers more may be under way."""
        if sum(flight.sent for flight in self._flying.values()) > SENT_MEGABYTES * MEGABYTE:
            return 0
        most = self._jobs or self._places * AHEAD
        return min(most, self._places * AHEAD) - len(self._flying)

    def _send(self, job: Job, tries: int) -> None:
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
        assert self._client is not None
        order = Order(self._outpost.name, job, sent)
        key = f"{job.source.sha256[:16]}-{uuid4().hex}"  # no name: keys are seen by whoever watches the scheduler
        future = self._client.submit(read_paper, order, key=key, pure=False, resources={self._outpost.name: 1})
        self._flying[key] = _Flight(job, sent.size if sent else 0, tries, future)
        self._client.loop.add_callback(self._fetch, key, future)

    def _packed(self, job: Job) -> Sent | None:
        """The paper's bytes where workers need them and they are not too many."""
        if job.address or not self._sends or size_of(job.source.path) > SEND_MEGABYTES * MEGABYTE:
            return None
        return pack(job.source.path)

    async def _fetch(self, key: str, future: Future[Any]) -> None:
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
                self._again.append((flight.job, flight.tries))
            case Unfit(worker, why):
                self._speak(worker, why)
                self._again.append((flight.job, flight.tries))
            case KilledWorker() if flight.tries + 1 >= TRIES:
                yield save_rejected(flight.job, Told("error.worker-lost", (("file", flight.job.source.file),)))
            case KilledWorker():
                self._again.append((flight.job, flight.tries + 1))
            case Exception() if not _is_loss(outcome):
                raise ClusterError("error.worker-unfit", detail=type(outcome).__name__)
            case _:
                self._again.append((flight.job, flight.tries))

    # Scheduler and workers

    def _look_around(self) -> None:
        """Who is there. ClusterError where nobody is for too long."""
        if self._client is None or self._client.status != "running":
            self._reconnect()
        now = time.monotonic()
        if now < self._census_due:
            return
        with contextlib.suppress(OSError):  # the next look finds the connection lost, or well again
            self._census()
            self._census_due = time.monotonic() + CENSUS_SECONDS
        if self._places:
            self._last_place = now
        elif now - self._last_place > WORKER_SECONDS:
            raise ClusterError("error.cluster-no-worker", address=self._link.address, seconds=int(WORKER_SECONDS))

    def _census(self) -> int:
        """Count the places, and hear who takes no part; how many workers there are."""
        assert self._client is not None
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        offers = [worker["resources"].get(self._outpost.name, 0) for worker in workers.values()]
        self._places = int(sum(offers))
        if not all(offers):
            told = self._client.get_events(self._outpost.name)
            for _, event in told[self._heard :]:
                why = event["why"]
                parameters = tuple((str(name), str(value)) for name, value in why["parameters"])
                self._speak(event["worker"], Told(why["message_id"], parameters))
            self._heard = len(told)
        return len(workers)

    def _connect(self) -> None:
        """OSError where the scheduler does not answer, ClusterError where all its workers are unfit."""
        silence()
        security = self._link.security()
        try:
            self._client = Client(
                self._link.address, timeout=CONNECT_SECONDS, security=security, set_as_default=False, name="qagaz"
            )
        except ValueError as error:
            raise ClusterError("error.cluster-address", address=self._link.address) from error
        self._heard = 0
        self._register()
        workers = self._census()
        if workers and not self._places:
            raise ClusterError("error.cluster-refused", address=self._link.address)
        if not workers:
            self._speak(self._link.address, Told("told.cluster-waiting"))
        self._last_place = time.monotonic()

    def _register(self) -> None:
        """Have every worker, now and later, make ready for this run."""
        assert self._client is not None
        for last in (False, False, True):
            try:
                self._client.register_plugin(self._outpost, name=self._outpost.name)
            except OSError:  # a worker died meanwhile
                if last:
                    raise
            except Exception as error:
                raise ClusterError("error.cluster-alien", detail=_short(error)) from error
            else:
                return

    def _reconnect(self) -> None:
        """What was under way is read again. ClusterError where the scheduler does not come back."""
        self._again.extend((flight.job, flight.tries) for flight in self._flying.values())
        self._flying.clear()
        self._speak(self._link.address, Told("told.cluster-lost"))
        deadline = time.monotonic() + LOST_SECONDS
        while not self._stopped:
            self._disconnect()
            try:
                return self._connect()
            except OSError as error:
                if time.monotonic() > deadline:
                    raise ClusterError(
                        "error.cluster-lost", address=self._link.address, seconds=int(LOST_SECONDS)
                    ) from error
                time.sleep(LOOK_SECONDS)
        return None

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(Exception):  # it is over for this run, whatever state the other side is in
            if client.status == "running":
                client.unregister_worker_plugin(self._outpost.name)
        with contextlib.suppress(Exception):
            client.close(timeout=CONNECT_SECONDS)


def _kept(job: Job, result: FileResult, part: bytes) -> FileResult:
    """The part on disk, under its own name all at once; the result as this machine calls the paper."""
    source = replace(result.source, path=job.source.path)
    Parts(job.parts).keep(source, part)
    return replace(result, source=source)


def _is_loss(error: BaseException) -> bool:
    """Whether a task failed only because a connection did."""
    return isinstance(error, (CancelledError, OSError))


def _short(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:DETAIL] or type(error).__name__
