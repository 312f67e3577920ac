"""What may befall a run: each blow is dealt at once, and says how the run may end by it."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.qagaz.load.program import Program
from tests.review.load.server import Server

OUTAGE_SECONDS = 2.0  # the database is gone, or longer if the run does not end by it
FULL_SECONDS = 20.0  # the disk is full, or until the run ends by it
DISK_MEGABYTES = 256
CHUNK = bytes(1 << 16)
STOPPED = (130, -signal.SIGTERM, -signal.SIGINT)  # the latter before the program could listen
DONE = (0, 3, 4)

Blow = Callable[[Program, Random], tuple[int, ...]]  # → how the run may end after it; empty: it goes on


def kill_parent(program: Program, _rng: Random) -> tuple[int, ...]:
    """The first process alone."""
    program.process.kill()
    return (-signal.SIGKILL, *DONE)


def kill_group(program: Program, _rng: Random) -> tuple[int, ...]:
    """Every process of the run."""
    for pid in sorted(program.members(), key=lambda pid: pid != program.process.pid):
        _kill(pid)
    return (-signal.SIGKILL, *DONE)


def kill_worker(program: Program, rng: Random) -> tuple[int, ...]:
    """One worker; the first process where there is none."""
    workers = program.workers()
    if not workers:
        return kill_parent(program, rng)
    _kill(rng.choice(workers))
    return ()


def terminate(program: Program, _rng: Random) -> tuple[int, ...]:
    """SIGTERM to the first process."""
    program.process.terminate()
    return (*STOPPED, *DONE)


def interrupt(program: Program, _rng: Random) -> tuple[int, ...]:
    """Ctrl-C."""
    program.process.send_signal(signal.SIGINT)
    return (*STOPPED, *DONE)


def fill_disk(program: Program, _rng: Random) -> tuple[int, ...]:
    """No byte more on the disk of results and temporary files; where that is the machine's own, no longer files."""
    disk = program.work.out.parent
    with _ballast(disk) if disk.is_mount() else _no_longer_files(program):
        _until(program, FULL_SECONDS)
    return (5, *DONE) if not program.alive else ()


def outage(server: Server) -> Blow:
    """The database is stopped in order or crashes, and comes back."""

    def blow(program: Program, rng: Random) -> tuple[int, ...]:
        if rng.random() < 0.5:
            server.crash()
        else:
            server._server.stop()
        try:
            _until(program, OUTAGE_SECONDS)
        finally:
            server.start()
        return (5, *DONE) if not program.alive else ()

    return blow


def _until(program: Program, seconds: float) -> None:
    """The run has ended, or so long has passed."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.process.wait(seconds)


@contextmanager
def _ballast(disk: Path) -> Iterator[None]:
    file = disk / "ballast"
    with file.open("wb", buffering=0) as full, contextlib.suppress(OSError):
        while full.write(CHUNK):
            pass
    try:
        yield
    finally:
        file.unlink()


@contextmanager
def _no_longer_files(program: Program) -> Iterator[None]:
    before = {}
    for pid in program.members():
        with contextlib.suppress(OSError):
            before[pid] = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[pid][1]))
    try:
        yield
    finally:
        for pid, limit in before.items():
            with contextlib.suppress(OSError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own, of few megabytes and in memory, where that is allowed."""
    folder.mkdir(parents=True)
    size = f"size={DISK_MEGABYTES}m"
    try:
        mounted = not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "qagaz", folder], check=False, capture_output=True
        ).returncode
    except OSError:
        mounted = False
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


BLOWS: dict[str, tuple[int, Blow]] = {
    "kill -9 of the parent": (5, kill_parent),
    "kill -9 of all": (3, kill_group),
    "kill -9 of a worker": (5, kill_worker),
    "SIGTERM": (2, terminate),
    "Ctrl-C": (2, interrupt),
    "full disk": (3, fill_disk),
}
"""How often, in proportion, and what."""
OUTAGE = "database gone"
OUTAGES = 5  # in proportion, where the store is on PostgreSQL
