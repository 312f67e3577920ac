"""What a run asks of a worker on another machine, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from extract.intake import page_files, sha256_of
from extract.records import Source
from qagaz.crowd import Job
from qagaz.results import FileResult, Told

ALONE = "paper"  # what a file that is sent along is called; what it is, its content says


@dataclass(frozen=True, slots=True)
class Sent:
    """A paper's bytes, for workers that cannot see its file."""

    pages: tuple[tuple[str, bytes], ...] = field(repr=False)  # name and bytes; a file is one
    is_folder: bool

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(len(page) for _, page in self.pages)


@dataclass(frozen=True, slots=True)
class Order:
    """One paper to read. Its text shows no names: Dask may put it into a log."""

    run: str
    job: Job = field(repr=False)
    sent: Sent | None = None  # None: the worker looks for the paper under its own path


@dataclass(frozen=True, slots=True)
class Answer:
    """A paper that was read."""

    result: FileResult = field(repr=False)
    part: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unseen:
    """The worker has no such file, or one of other bytes."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """The worker cannot read for this run, and takes no more of its papers."""

    worker: str
    why: Told


def sees(source: Source) -> bool:
    """Whether a paper is here, under its path, with the bytes that it is known by."""
    try:
        return sha256_of(source.path) == source.sha256
    except OSError:
        return False


def size_of(path: Path) -> int:
    """Bytes that would be sent. OSError where the paper is gone."""
    return sum(page.stat().st_size for page in (page_files(path) if path.is_dir() else [path]))


def pack(path: Path) -> Sent:
    """A paper to be sent along. OSError where it is gone."""
    if path.is_dir():
        return Sent(tuple((page.name, page.read_bytes()) for page in page_files(path)), is_folder=True)
    return Sent(((ALONE, path.read_bytes()),), is_folder=False)


def unpack(sent: Sent, folder: Path) -> Path:
    """Lay a paper down in an empty folder; the path to read it under."""
    if not sent.is_folder:
        path = folder / ALONE
        path.write_bytes(sent.pages[0][1])
        return path
    room = folder / "pages"
    room.mkdir()
    for name, page in sent.pages:
        (room / Path(name).name).write_bytes(page)
    return room
