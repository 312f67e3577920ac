"""What became of a file, as one process tells another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.records import Source
from layouts.errors import QagazError
from layouts.model import Notice
from validate.records import CheckedForm, Status

Digitise = Callable[[Source], Iterator[CheckedForm | Notice]]
Equip = Callable[[], Digitise]  # makes the readers once a process; importable by name, so that a new process finds it


def needed(equip: Equip) -> tuple[Path, ...]:
    """The files and folders of other people that an `Equip` reads: its attribute `needs`, where it has one."""
    return tuple(getattr(equip, "needs", ()))


ERROR_PREFIX = "error."


@dataclass(frozen=True, slots=True)
class Told:
    """Words to come: an id of the message catalogue with its parameters."""

    message_id: str
    parameters: tuple[tuple[str, str], ...] = ()
    exit_code: int = 4

    @staticmethod
    def of(error: QagazError) -> Told:
        """The same as a purposeful error says."""
        return Told(error.message_id, tuple(sorted(error.parameters.items())), error.exit_code)

    @property
    def code(self) -> str:
        """The reason code: the id without its first part."""
        return self.message_id.removeprefix(ERROR_PREFIX)


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file, done: how its forms stand, and why it was rejected if it was."""

    source: Source
    statuses: tuple[Status, ...]  # of its forms; NOTICE where it is a notice, REJECTED last where it is rejected
    rejected: Told | None = None
    pages: int = 0  # it has, or says it has; 0: it was lost before that was known
    anew: bool = True  # False: its part was there already, which only its bytes could tell
