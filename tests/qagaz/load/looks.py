"""A run looked at from outside: its memory, its open files, the time it has spent."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.qagaz.load.program import Program


@dataclass(frozen=True, slots=True)
class Look:
    """The run at one moment; memory in megabytes."""

    seconds: float  # since the start
    parts: int
    parent: float
    workers: float  # together
    helpers: float  # what workers started
    processor: float  # seconds spent so far
    handles: int  # open files of parent and workers
    temporary: int  # files in the folder for temporary ones
    assembling: bool


def look_at(program: Program, seconds: float) -> Look:
    """What the system tells of it now."""
    parent, members, workers = program.process.pid, program.members(), set(program.workers())
    own = {pid: _megabytes(pid) for pid in members}
    temporary = sum(1 for path in program.work.temporary.rglob("*") if path.is_file())
    of_workers = sum(own.get(pid, 0.0) for pid in workers)
    helpers = sum(size for pid, size in own.items() if pid != parent and pid not in workers)
    return Look(
        round(seconds, 2), program.new_parts(), own.get(parent, 0.0), of_workers, helpers,
        sum(_processor_seconds(pid) for pid in members), sum(_handles(pid) for pid in (parent, *workers)),
        temporary, program.assembling,
    )  # fmt: skip


def _megabytes(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1)


def _processor_seconds(pid: int) -> float:
    """Of a process and of those it has waited for."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(word) for word in words[11:15]) / os.sysconf("SC_CLK_TCK")


def _handles(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0
