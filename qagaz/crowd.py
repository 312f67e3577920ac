"""Who reads the papers of a run: anything that takes jobs and hands back what became of each file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from extract.records import Source
from qagaz.limits import Limits
from qagaz.results import Equip, FileResult


@dataclass(frozen=True, slots=True)
class Job:
    """One paper to read, and where its part goes.

    `address`: where an object store has it; whoever reads it brings it near and finds out its hash. "" is a file or
    folder at `source.path`.
    """

    source: Source
    parts: Path
    versions: str
    address: str = ""
    again: bool = False  # read although its part may be there already


class Crowd(Protocol):
    """Readers at work; to be used in a `with` block, at whose end nothing of it runs any more.

    A file that crashes its reader, hangs or swallows memory costs its own row: its result says so.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def run(self, jobs: Iterator[Job]) -> Iterator[FileResult]:
        """Each job's result as it is done, in any order; each part is on disk before its result is given.

        Jobs are taken while others are being done, no more ahead than there are readers. May be called again.
        QagazError where reading cannot go on at all: no readers, no room for results.
        """
        ...

    def stop(self) -> None:
        """Called from another thread: `run` ends at once, and what is being done is thrown away."""
        ...


MakeCrowd = Callable[[Equip, int, Limits], Crowd]  # of so many readers (at least 1), each within limits; `Pool` is one
