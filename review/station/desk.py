"""What the station works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from layouts.errors import QagazError
from review.leaving import Leaving
from review.pictures import Album
from review.station.boards import Boards
from review.store import Store
from review.work.collages.noughts import WATCHED
from review.work.measures.board import Board
from review.work.response.respondents import Owed, RespondentError, Roster
from review.work.tasks import Share
from validate.outside.classifier import Classifier
from validate.settings import Settings

MEGABYTE = 1 << 20


class Intake(Protocol):
    """Reads papers that were put on the desk."""

    def arrived(self) -> None:
        """There is something new to read."""

    @property
    def trouble(self) -> QagazError | None:
        """What stops all reading; None where nothing does."""


class NoIntake:
    """A desk at which nothing is read: papers are only kept."""

    trouble: QagazError | None = None

    def arrived(self) -> None:
        """Nothing happens."""


def no_roster(path: Path) -> Iterator[Owed]:
    """A desk that no lists are brought to."""
    raise RespondentError("error.roster-none", file=path.name)


Deliver = Callable[[Path, Leaving], int]  # writes what leaves in the format of the ending; how many forms


@dataclass(frozen=True, slots=True)
class Desk:
    """One station: its store, its papers' pictures, and the house's habits."""

    store: Store
    folder: Path  # of results; uploads, pictures and exports lie in it
    album: Album
    deliver: Deliver
    intake: Intake = field(default_factory=NoIntake)
    share: Share = field(default_factory=Share)
    watched: float = WATCHED  # share of looks at noughts among which a known card is planted
    secure: bool = False  # cookies only over TLS
    largest: int = 200 * MEGABYTE  # of one file sent, bytes
    most_files: int = 5000  # of one batch
    most_bytes: int = 50_000 * MEGABYTE  # of one batch
    roster: Roster = no_roster  # reads respondents' lists
    classifier: Classifier | None = None  # of places; None: codes are neither searched nor held against it
    hosts: frozenset[str] = field(default_factory=lambda: frozenset({"localhost", "127.0.0.1", "[::1]"}))
    boards: Boards[Board] = field(default_factory=Boards)
    max_error: float = Settings().max_error  # at which the readings were accepted
