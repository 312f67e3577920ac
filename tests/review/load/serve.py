"""A station in a process of its own, which can be killed: `python -m tests.review.load.serve URL FOLDER PORT HOLD`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn

from extract.intake import open_pages
from layouts.load import shipped_layouts
from review.pictures import Album
from review.station.app import build
from review.station.desk import Desk
from review.store import Store
from review.work.claims import HELD_FOR
from review.work.tasks import Share

ROOT = Path(__file__).parents[3]
START_SECONDS = 120  # on a machine that is busy otherwise


class StationProcess:
    """A station on a port that stays the same when it is started again."""

    def __init__(self, url: str, folder: Path, hold: float) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._told = [url, str(folder), str(self.port), str(hold)]
        self._log = (folder / f"station-{self.port}.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Started; `wait` says when it answers."""
        command = [sys.executable, "-m", "tests.review.load.serve", *self._told]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=self._log)

    def wait(self) -> None:
        """Until it answers; started anew where the database was not there yet."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                self.start()
            try:
                httpx.get(f"{self.address}/static/mark.svg", timeout=5)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(self.address)

    def kill(self) -> None:
        """As a power cut does."""
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        """Gone for good."""
        self.kill()
        self._log.close()


def serve(url: str, folder: Path, port: int, hold: float) -> None:
    """Serve until killed; forms are held for so many seconds."""
    with Store(url, shipped_layouts()) as store:
        store.database.told[HELD_FOR] = timedelta(seconds=hold)
        desk = Desk(
            store, folder, Album(folder / "pictures", open_pages), lambda _path, _figures: 0, share=Share(0.0, "none")
        )
        uvicorn.run(build(desk), port=port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
