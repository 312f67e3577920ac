"""The program as somebody starts it, watched from outside: how far it is, and which processes belong to it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
MARK = "QAGAZ_TRIAL"  # in the environment of all processes of one run, whoever started them
MODULE = "tests.qagaz.load.poison"
LOOK_SECONDS = 0.01
END_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Work:
    """What is read, and where everything goes."""

    papers: Path
    out: Path
    temporary: Path  # in place of the system's folder for temporary files
    log: Path  # what the program says
    url: str = ""
    jobs: int = 2


class Program:
    """One run of `qagaz read`, from its start to its end."""

    def __init__(self, work: Work, module: str = MODULE, further: Sequence[str] = ()) -> None:
        self.work = work
        self._token = uuid.uuid4().hex
        work.temporary.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", module, "read", str(work.papers), "--out", str(work.out)]
        command += ["--jobs", str(work.jobs), *(["--db", work.url] if work.url else []), *further]
        environment = {"PYTHONPATH": str(ROOT), "TMPDIR": str(work.temporary), MARK: self._token, "PYTHONWARNINGS": ""}
        self.parts_before = count_parts(work.out)
        if (
            signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        ):  # started in the background: what we start would inherit it
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def alive(self) -> bool:
        """Whether the process that was started is still there."""
        return self.process.poll() is None

    def members(self) -> list[int]:
        """Every process of the run, the first one and what was started by it, directly or not."""
        return [pid for pid in _pids() if self._token in _read(pid, "environ")]

    def workers(self) -> list[int]:
        """Its worker processes."""
        return [pid for pid in self.members() if "spawn_main" in _read(pid, "cmdline")]

    def new_parts(self) -> int:
        """How many papers were read since the start."""
        return count_parts(self.work.out) - self.parts_before

    @property
    def assembling(self) -> bool:
        """Whether tables are being written."""
        return any(self.work.out.glob(".cells.*"))

    @property
    def phase(self) -> str:
        """What it is doing, as far as one sees."""
        if self.assembling:
            return "assembling"
        return "reading" if self.new_parts() else "starting"

    def wait(self, seconds: float) -> int:
        """How it ended; subprocess.TimeoutExpired where it did not."""
        code = self.process.wait(seconds)
        self._listener.join(END_SECONDS)  # a worker's program may hold the other end a little longer
        return code

    def _listen(self) -> None:
        """What it says goes into the log through a pipe: a full disk does not meet its words."""
        assert self.process.stdout is not None
        with self.process.stdout as said, self.work.log.open("ab") as log:
            shutil.copyfileobj(said, log)

    def gone(self, seconds: float) -> bool:
        """Whether no process of it is left within so long."""
        until = time.monotonic() + seconds
        while left := self.members():
            if time.monotonic() > until:
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
                return False
            time.sleep(LOOK_SECONDS)
        return True


def count_parts(out: Path) -> int:
    """Papers that were read so far."""
    return sum(1 for _ in (out / "parts").glob("*/*.gz"))


def _pids() -> Iterator[int]:
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())


def _read(pid: int, what: str) -> str:
    try:
        return Path(f"/proc/{pid}/{what}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
