"""A cluster on this machine: a scheduler and workers, each a process that can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0  # seconds; the machine may be busy


class Machines:
    """To be used in a `with` block, at whose end no process is left."""

    def __init__(self, folder: Path, *, tls: tuple[Path, Path, Path] | None = None, **environment: str) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[str]] = []
        self._tls = tls
        self._environment = environment  # of the scheduler
        self._port = _free_port()
        self._scheduler: subprocess.Popen[str] | None = None

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start_scheduler()
        return self

    def __exit__(self, *_):
        for process in [*self.workers, self._scheduler]:
            if process is not None:
                process.kill()
                process.wait()

    @property
    def address(self) -> str:
        return f"{'tls' if self._tls else 'tcp'}://127.0.0.1:{self._port}"

    def start_scheduler(self) -> None:
        program = "from distributed.cli.dask_scheduler import main; main()"
        files = zip(("--tls-cert", "--tls-key", "--tls-ca-file"), map(str, self._tls or ()), strict=False)
        tls = [*[word for pair in files for word in pair], "--protocol", "tls"] if self._tls else []
        command = [sys.executable, "-c", program, "--host", "127.0.0.1", "--port", str(self._port), "--no-dashboard"]
        self._scheduler = self._start(
            [*command, "--dashboard-address", "127.0.0.1:0", *tls], "scheduler", **self._environment
        )
        wait_for(lambda: _answers(self._port))

    def kill_scheduler(self) -> None:
        assert self._scheduler is not None
        self._scheduler.kill()
        self._scheduler.wait()

    def add(self, count: int = 1, *, threads: int = 1, wait: bool = True, **environment: str) -> None:
        """Workers of so many threads; they are there when this returns."""
        before = len(self.workers)
        for number in range(before, before + count):
            command = [sys.executable, "-m", "qagaz.cli", "worker", self.address, "--jobs", str(threads)]
            names = ("--certificate", "--key", "--ca")
            tls = [word for pair in zip(names, map(str, self._tls or ()), strict=False) for word in pair]
            command += ["--folder", str(self.folder / "scratch"), "--language", "en", *tls]
            self.workers.append(self._start(command, f"worker-{number}", **environment))
        if wait:
            for number in range(before, before + count):
                wait_for(lambda n=number: "Joined" in self.said(n))

    def said(self, number: int) -> str:
        return (self.folder / f"worker-{number}.log").read_text(encoding="utf-8")

    def kill(self, number: int, kind: int = signal.SIGKILL) -> None:
        self.workers[number].send_signal(kind)
        self.workers[number].wait(PATIENCE)

    def children(self, number: int) -> list[int]:
        """Reading processes that a worker has started; Python's own helper of such processes stays."""
        pid = self.workers[number].pid
        lists = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
        return [int(child) for text in lists for child in text.split() if "spawn_main" in _command(child)]

    def _start(self, command: list[str], name: str, **environment: str) -> subprocess.Popen[str]:
        home = self.folder / name
        home.mkdir(exist_ok=True)  # nobody's working directory is another's
        told = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        with (self.folder / f"{name}.log").open("w") as log:
            return subprocess.Popen(command, cwd=home, env=told, stdout=log, stderr=log, text=True)


def wait_for(happens, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _command(pid: str) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
