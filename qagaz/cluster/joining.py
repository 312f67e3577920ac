"""`qagaz worker`: this machine among a scheduler's workers, until it is told to leave."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from distributed import Worker
from distributed.utils import get_ip

from qagaz.cluster.link import ClusterError, Link, silence

START_SECONDS = 60.0  # a scheduler that is there lets a worker in within this
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
    while not leave.is_set():
        if await _answers(link.address):
            await _work(link, threads, folder, joined, leave)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(leave.wait(), AGAIN_SECONDS)


async def _answers(address: str) -> bool:
    """Whether somebody listens there: a Dask worker that looks for its scheduler itself cannot be told to leave."""
    place = urlsplit(address)
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(place.hostname, place.port), START_SECONDS)
    except OSError:
        return False
    writer.close()
    return True


async def _work(link: Link, threads: int, folder: Path, joined: Joined, leave: asyncio.Event) -> None:
    """As long as the scheduler is there, or until it is time to leave."""
    worker = Worker(
        link.address,
        host=get_ip(urlsplit(link.address).hostname or "localhost"),  # only where the scheduler is: not everywhere
        nthreads=threads,
        memory_limit=0,  # papers are read in processes with limits of their own
        local_directory=str(folder),
        dashboard=False,
        dashboard_address="127.0.0.1:0",  # its health page is nobody else's business
        death_timeout=START_SECONDS,
        security=link.security(),
    )
    try:
        await worker
    except (OSError, RuntimeError):  # gone again, or it does not let us in
        await worker.close()
        return
    joined(worker.address)
    over, told = asyncio.ensure_future(worker.finished()), asyncio.ensure_future(leave.wait())
    await asyncio.wait([over, told], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not over.done():
        await worker.close_gracefully()
    await over
