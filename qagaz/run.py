"""One run: inputs → parts → tables and questions. Stopped at any moment, it goes on where it was."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from extract.intake import find_sources
from extract.records import Source
from layouts.errors import OutputError
from layouts.words import Language
from qagaz.assemble import Counts, Paper, Receipt, assemble
from qagaz.confine import Ground
from qagaz.equipment import Equipment
from qagaz.limits import Limits
from qagaz.parts import TEMPORARY, Parts
from qagaz.pool import Pool
from qagaz.results import Equip, FileResult, needed
from qagaz.versions import Versions
from qagaz.worker import FULL, Job
from review.store import Store

PARTS = "parts"
LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Request:
    """What to read, with what, and where results go."""

    inputs: tuple[Path, ...]
    out: Path
    language: Language = "en"
    database: str = ""  # address of the store; "" is a file in `out`
    jobs: int = 0  # worker processes; 0 is one a core
    limits: Limits = field(default_factory=Limits)
    receipt: Receipt = field(default_factory=Receipt)


@dataclass(frozen=True, slots=True)
class Progress:
    """One file further."""

    total: int
    file: str
    result: FileResult | None  # None: nothing was to be read anew


Watch = Callable[[Progress], None]


def read(request: Request, equip: Equip, versions: Versions, watch: Watch) -> Counts:
    """Digitise what is new among the inputs, then write all tables. OutputError where they cannot be written.

    Files whose part was made with the same versions are not read again.
    """
    with reported(request.out), _alone(request.out), _swept(request.out):
        store = Store(request.database) if request.database else Store.beside(request.out)
        with store:
            intake = find_sources(request.inputs, exclude=[request.out])
            desk = _Desk(Parts(request.out / PARTS), versions.digest)
            ground = Ground((*request.inputs, *needed(equip)), (request.out / PARTS,))
            with Pool(equip, request.jobs or cores(), request.limits, ground) as pool:
                for progress in desk.all(intake.sources, pool, len(intake)):
                    watch(progress)
            papers = desk.counted()
            return assemble(request.out, papers, intake.skipped, versions, request.language, store, request.receipt)


def read_with(equipment: Equipment, request: Request, watch: Watch) -> Counts:
    """The same with the program's own readers."""
    return read(request, equipment, equipment.versions(), watch)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Desk:
    """Hands out what has to be read, and keeps what papers there are."""

    def __init__(self, parts: Parts, versions: str) -> None:
        self.papers: list[Paper] = []
        self._parts = parts
        self._versions = versions
        self._first: dict[str, str] = {}  # hash → the first file of these bytes
        self._pages: dict[str, int] = {}
        self._known: list[str] = []  # files that need no reading and were not reported yet

    def all(self, sources: Iterator[Source], pool: Pool, total: int) -> Iterator[Progress]:
        """Each paper once, as it is done."""
        for result in pool.run(self._jobs(sources)):
            self._pages[result.source.file] = result.pages
            yield from self._reported(total)
            yield Progress(total, result.source.file, result)
        yield from self._reported(total)

    def counted(self) -> list[Paper]:
        """The papers, with the pages of those that were read anew."""
        return [replace(paper, pages=self._pages.get(paper.source.file, 0)) for paper in self.papers]

    def _jobs(self, sources: Iterator[Source]) -> Iterator[Job]:
        for source in sources:
            first = self._first.setdefault(source.sha256, source.file) if source.sha256 else source.file
            self.papers.append(Paper(source, first if first != source.file else ""))
            if first != source.file or self._parts.is_current(source, self._versions):
                self._known.append(source.file)
            else:
                yield Job(source, self._parts.folder, self._versions)

    def _reported(self, total: int) -> Iterator[Progress]:
        while self._known:
            yield Progress(total, self._known.pop(), None)


@contextmanager
def reported(out: Path) -> Iterator[None]:
    """A disk that takes no more as an error that says so."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL or isinstance(error, (PermissionError, NotADirectoryError, FileExistsError)):
            raise OutputError("error.cannot-write", file=out.name, detail=error.strerror or "") from error
        raise


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Make the result folder, and be the only run that writes into it."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError("error.output-busy", file=out.name) from None
        yield


@contextmanager
def _swept(out: Path) -> Iterator[None]:
    """Take away what is half written: before, by a run that was killed; after, by this one if it was stopped."""
    try:
        _sweep(out)
        yield
    finally:
        _sweep(out)


def _sweep(out: Path) -> None:
    Parts(out / PARTS).sweep()
    for left in out.glob(f".*{TEMPORARY}"):
        left.unlink(missing_ok=True)
