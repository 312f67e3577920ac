"""What a watcher is asked to do, what it uses, and what it tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from layouts.errors import QagazError
from layouts.words import Language
from qagaz.assemble import Receipt
from qagaz.crowd import Crowd
from qagaz.hot.glance import Pace
from qagaz.limits import Limits
from qagaz.results import FileResult


@dataclass(frozen=True, slots=True)
class Setting:
    """What is watched and where everything goes."""

    inbox: Path
    out: Path
    done: Path | None = None  # without it, files stay where they are
    failed: Path | None = None  # likewise those that were rejected
    language: Language = "en"
    jobs: int = 0  # worker processes; 0 is one a core
    limits: Limits = field(default_factory=Limits)
    receipt: Receipt = field(default_factory=Receipt)  # a department without a batch: a batch for each day
    pace: Pace = field(default_factory=Pace)
    once: bool = False  # ends when nothing is left to wait for
    again: bool = False  # what other versions read is read anew

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders that hold no new papers, also where they lie within the drop folder."""
        return tuple(each for each in (self.out, self.done, self.failed) if each is not None)


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of the papers of one round."""

    files: int = 0
    statuses: Counter[str] = field(default_factory=Counter)  # of forms; "rejected" counts files
    again: int = 0  # files whose bytes are in the tables already
    rejected: tuple[FileResult, ...] = ()


class Reads(Crowd, Protocol):
    """What reads papers, such as a pool of processes; it can be asked to come to an end."""

    def finish(self) -> None:
        """Called from another thread or a signal's handler: what is being done is done, nothing more is begun."""
        ...


class Tells(Protocol):
    """Whoever wants to know how it goes. Each trouble is told once, until it is over."""

    def read(self, batch: Batch, arriving: int) -> None:
        """A batch is read and kept; so many papers are still arriving."""

    def trouble(self, error: QagazError) -> None:
        """Something stops the work, or a part of it; it is tried again."""

    def inbox_away(self) -> None:
        """The drop folder is not there; it is waited for."""

    def well_again(self) -> None:
        """What was told to be amiss is so no more."""
