"""The reading room of a station: papers that were put on the desk are read beside people's work.

Nothing is lost when the station is stopped at any moment: a paper waits, is being read by somebody who is heard of, or
is read; its part is whole or not there; its forms go into the store one by one, and once more does no harm.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from extract.records import Source
from layouts.errors import QagazError
from qagaz.confine import Ground
from qagaz.crowd import Job
from qagaz.filing import file_paper
from qagaz.limits import Limits, cores
from qagaz.parts import Parts
from qagaz.pool import Pool
from qagaz.results import Equip, Told, needed
from qagaz.run import PARTS, reported
from qagaz.worker import save_rejected
from review.station.quiet import note
from review.store import Store
from review.work.intake.papers import LEASE, put_back, still_reading, take_to_read, to_read

LOCK = ".station.lock"
LOOK_SECONDS = 5.0  # how often it is looked whether another station put something on the desk
IDLE_SECONDS = 60.0  # after so long without work the worker processes end
TROUBLE_SECONDS = 30.0  # after what stops all reading it is tried again
ALIVE_SECONDS = LEASE.total_seconds() / 4  # how often a station says that it still reads what it took
SOME = 50  # papers looked at in one go


class CannotReadError(QagazError):
    """Reading stopped for a reason nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a reading room reads with, and how it is paced."""

    equip: Equip
    versions: Callable[[], str]  # hash of all that results depend on; asked for when there is something to read
    limits: Limits = field(default_factory=Limits)
    jobs: int = 0  # worker processes; 0 is one a core
    look_seconds: float = LOOK_SECONDS
    idle_seconds: float = IDLE_SECONDS
    trouble_seconds: float = TROUBLE_SECONDS


class ReadingRoom:
    """Reads what waits, in a thread of its own; to be used in a `with` block, at whose end nothing runs any more."""

    def __init__(self, store: Store, folder: Path, setting: Setting) -> None:
        self._store = store
        self._folder = folder
        self._parts = Parts(folder / PARTS)
        self._setting = setting
        self._wake = threading.Event()
        self._over = threading.Event()
        self._trouble: QagazError | None = None
        self._pool: Pool | None = None
        self._rooms: tuple[Path, ...] = ()  # folders its processes may read
        self._elsewhere = False  # the next paper lies in none of them
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._work, self._stay_alive)]

    def __enter__(self) -> Self:
        self._me, self._lock = _name(self._folder)
        self._put_back()  # what this station had begun before it was stopped
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._wake.set()
        if self._pool is not None:
            self._pool.stop()
        for thread in self._threads:
            thread.join()
        with contextlib.suppress(QagazError):
            self._put_back()
        self._lock.close()

    def arrived(self) -> None:
        """There is something new to read."""
        self._wake.set()

    @property
    def trouble(self) -> QagazError | None:
        """What stops all reading; None where nothing does."""
        return self._trouble

    def _work(self) -> None:
        while not self._over.is_set():
            try:
                if self._next_one() is None:
                    self._rest(self._setting.look_seconds)
                else:
                    with reported(self._folder):
                        self._read()
                self._trouble = None
            except QagazError as error:  # no room on the disk, no database, no readers
                self._stopped_by(error)
            except Exception as error:  # noqa: BLE001 - unforeseen: people are told, and reading is tried again
                note(error)
                self._stopped_by(CannotReadError("error.intake-broken", detail=type(error).__name__))

    def _stopped_by(self, error: QagazError) -> None:
        self._trouble = error
        with contextlib.suppress(QagazError):
            self._put_back()
        self._over.wait(self._setting.trouble_seconds)

    def _read(self) -> None:
        """Read whatever comes, until nothing has come for a while: then the processes end."""
        versions, equip = self._setting.versions(), self._setting.equip
        first = self._next_one()
        self._rooms = (self._folder.absolute(), *((first.path.parent,) if first else ()))
        self._elsewhere = False
        limits = replace(self._setting.limits, ground=Ground((*self._rooms, *needed(equip)), (self._parts.folder,)))
        with Pool(equip, self._setting.jobs or cores(), limits) as self._pool:
            idle_since = time.monotonic()
            while not self._ends() and time.monotonic() - idle_since < self._setting.idle_seconds:
                for result in self._pool.run(_Jobs(lambda: self._next_job(versions))):
                    self._file(result.source, versions, result.pages)
                    self._trouble, idle_since = None, time.monotonic()
                if not self._ends():
                    self._rest(min(self._setting.look_seconds, self._setting.idle_seconds))

    def _ends(self) -> bool:
        """Whether these processes have done what they could: the next paper may lie where they must not look."""
        return self._over.is_set() or self._elsewhere

    def _next_job(self, versions: str) -> Job | None:
        """The next paper, taken; one whose part is there already, from before a stop, only goes into the store."""
        while not self._ends() and (source := self._next_one()) is not None:
            self._elsewhere = not any(source.path.is_relative_to(room) for room in self._rooms)
            if self._elsewhere:
                return None
            with self._store.database.writing() as session:
                mine = take_to_read(session, source.sha256, self._me)
            if not mine:
                continue
            if not self._parts.is_current(source, versions):
                return Job(source, self._parts.folder, versions)
            self._file(source, versions, 0)
        return None

    def _file(self, source: Source, versions: str, pages: int) -> None:
        """Into the store; a paper of which that is impossible is rejected, so that it does not hold up the others."""
        try:
            file_paper(self._store, self._parts, source, versions, pages)
        except QagazError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with this one
            note(error)
            told = Told("error.internal", (("detail", type(error).__name__), ("file", source.file)))
            save_rejected(Job(source, self._parts.folder, versions), told)
            file_paper(self._store, self._parts, source, versions, pages)

    def _next_one(self) -> Source | None:
        """The paper to be read next; those that lie where only another station reaches them are left to it."""
        passed_over: list[str] = []
        while True:
            with self._store.database.reading() as session:
                found = to_read(session, SOME, passed_over)
            for source in found:
                if source.path.exists() or source.path.is_relative_to(self._folder.absolute()):
                    return source
                passed_over.append(source.sha256)
            if len(found) < SOME:
                return None

    def _put_back(self) -> None:
        with self._store.database.writing() as session:
            put_back(session, self._me)

    def _rest(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()

    def _stay_alive(self) -> None:
        while not self._over.wait(ALIVE_SECONDS):
            with contextlib.suppress(QagazError), self._store.database.writing() as session:
                still_reading(session, self._me)


class _Jobs(Iterator[Job]):
    """Jobs as they come: at its end there are none for now."""

    def __init__(self, following: Callable[[], Job | None]) -> None:
        self._following = following

    def __next__(self) -> Job:
        job = self._following()
        if job is None:
            raise StopIteration
        return job


def _name(folder: Path) -> tuple[str, IO[str]]:
    """Who reads: the same after a restart on the same folder, another for a second station on it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return secrets.token_hex(8), lock
    return hashlib.sha256(f"{socket.gethostname()}:{folder.absolute()}".encode()).hexdigest()[:16], lock
