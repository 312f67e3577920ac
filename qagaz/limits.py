"""How much time and memory one file may take before it costs its own row and nothing else."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

from pypdfium2 import PdfDocument

from extract.files.counted import MOST_PAGES, tiff_pages
from extract.files.pdf import has_end_mark
from qagaz.confine import Ground

MEGABYTE = 1 << 20
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})  # a disk that takes no more
HARD_FACTOR = 2  # the kernel's own limit stands above the watched one: it stops a leap between two looks
BASE_SECONDS = 120.0  # start, hashing and a slow first page, on a machine that does other work too
PAGE_SECONDS = 20.0  # several times what the slowest page takes on one old core
KERNEL_LIMITS = {
    resource.RLIMIT_FSIZE: 4096 * MEGABYTE,  # of one file that is written; a part has a few megabytes
    resource.RLIMIT_NOFILE: 4096,  # files open at once; a worker has some thirty
    resource.RLIMIT_NPROC: 16_384,  # processes and threads of the user: no machine has as many, a runaway soon has
}
MOST_SECONDS = 4 * 3600.0  # whatever number of pages a damaged file claims


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one worker."""

    megabytes: int = 2048  # resident, its own helpers included
    base_seconds: float = BASE_SECONDS
    page_seconds: float = PAGE_SECONDS
    ground: Ground | None = None  # what it may read and write; None: whatever the program may

    def seconds(self, pages: int) -> float:
        """What a file of so many pages may take.

        >>> Limits(base_seconds=100.0, page_seconds=10.0).seconds(6)
        160.0
        """
        return min(MOST_SECONDS, self.base_seconds + self.page_seconds * max(pages, 0))

    def hold(self) -> None:
        """Put the kernel's limit on this process and those it starts."""
        most = self.megabytes * MEGABYTE * HARD_FACTOR
        _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for kind, most in KERNEL_LIMITS.items():
            least = min(each for each in (most, *resource.getrlimit(kind)) if each != resource.RLIM_INFINITY)
            resource.setrlimit(kind, (least, least))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pages_claimed(path: Path) -> int:
    """How many pages a file says it has; 1 where it does not say. Never raises: opening it properly tells why."""
    with contextlib.suppress(Exception):
        if path.is_dir():
            return sum(1 for _ in path.iterdir())
        with path.open("rb") as file:
            is_pdf = b"%PDF-" in file.read(1024)
            if not is_pdf:
                file.seek(0)
                return min(tiff_pages(file), MOST_PAGES)
        if has_end_mark(path):  # one without is rejected unopened
            with contextlib.closing(PdfDocument(path)) as document:
                return min(len(document), MOST_PAGES)
    return 1


def resident_megabytes(pid: int, *, helpers: bool = True) -> float:
    """Resident memory of a process and the ones it started itself; 0 where it is gone or the system does not tell."""
    if not sys.platform.startswith("linux"):
        return 0.0
    return sum(_resident(each) for each in (pid, *(_children(pid) if helpers else ()))) / MEGABYTE


def resident_below(pid: int) -> float:
    """Resident memory in megabytes of all that a process started and that they started; its own left out."""
    children = _children(pid)
    return sum(_resident(each) / MEGABYTE + resident_below(each) for each in children)


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()


def _children(pid: int) -> list[int]:
    try:
        lists = [task.read_text(encoding="ascii") for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for text in lists for child in text.split()]
