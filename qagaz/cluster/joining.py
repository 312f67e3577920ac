"""`qagaz worker`: this machine among a scheduler's workers, until it is told to leave."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from distributed import Worker

from qagaz.cluster.link import ClusterError, Link, silence

AGAIN_SECONDS = 2.0  # between the end of a scheduler and the first look for a new one

Joined = Callable[[str], None]  # told the own address


def join(link: Link, threads: int, folder: Path | None, joined: Joined) -> None:
    """Take part until Ctrl-C or a request to end; then what is being read is left to others.

    A scheduler that is not there, or is gone, is waited for. `threads`: papers read at once. ClusterError where the
    folder is not this user's own.
    """
    silence()
    os.umask(0o077)
    room = _private(folder or Path(tempfile.gettempdir()) / f"qagaz-worker-{os.getuid()}")
    asyncio.run(_take_part(link, threads, room, joined))


def _private(folder: Path) -> Path:
    """A folder for papers on their way, which nobody else can open. What killed workers left there Dask takes away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = folder.lstat()
    if folder.is_symlink() or told.st_uid != os.getuid() or told.st_mode & 0o077:
        raise ClusterError("error.worker-folder", folder=folder)
    return folder


async def _take_part(link: Link, threads: int, folder: Path, joined: Joined) -> None:
    leave = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, leave.set)
    leaving = asyncio.create_task(leave.wait())
    while not leave.is_set():
        worker = Worker(
            link.address,
            nthreads=threads,
            memory_limit=0,  # papers are read in processes with limits of their own
            local_directory=str(folder),
            dashboard=False,
            dashboard_address="127.0.0.1:0",  # its health page is nobody else's business
            security=link.security(),
        )
        await _until(leaving, worker.start())
        if worker.status.name == "running":
            joined(worker.address)
            await _until(leaving, worker.finished())
        if leave.is_set() and worker.status.name == "running":
            await worker.close_gracefully()
        await worker.close()
        if not leave.is_set():
            await asyncio.wait([leaving], timeout=AGAIN_SECONDS)


async def _until(leaving: asyncio.Task[bool], doing: Coroutine[Any, Any, Any]) -> None:
    """Wait for one of the two; the work is given up where it is time to leave."""
    task = asyncio.ensure_future(doing)
    await asyncio.wait([leaving, task], return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError, OSError):
        await task
