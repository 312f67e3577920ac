"""What a run is given → entries of its listing: files, folders, addresses of object stores, and lists of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from extract.intake import KindOf, root_parts, spelled, walk
from layouts.errors import QagazError
from qagaz.listing import Entry
from qagaz.remote import Address, UnreachableError, entries
from qagaz.results import Told

STDIN = "-"


class InputError(QagazError):
    """There is nothing to read, or a list of inputs cannot be read."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Paths and addresses, and files that list further ones, one a line; "-" is standard input."""

    given: Sequence[Path | str]
    lists: Sequence[str] = ()
    exclude: Sequence[Path] = ()  # folders left out, such as the run's own results

    def entries(self, kind: KindOf) -> Iterator[Entry]:
        """All they hold, as it is met. AddressError or InputError where one cannot be used at all.

        A line of a list that names nothing costs its own row, which says its number.
        """
        for given in self.given:
            yield from self._of(given, kind)
        for name in self.lists:
            with _lines(name) as lines:
                yield from self._listed(name, lines, kind)

    def _of(self, given: Path | str, kind: KindOf) -> Iterator[Entry]:
        path = local_path(given)
        if path is None:
            address = Address.of(str(given))
            assert address is not None
            yield from entries(address)
            return
        for item in walk(path, exclude=self.exclude, kind=kind):
            yield Entry(item.name, os.fsencode(item.real), root_parts(item.root), reason=item.reason)

    def _listed(self, name: str, lines: Iterable[str], kind: KindOf) -> Iterator[Entry]:
        for number, line in enumerate(lines, start=1):
            said = line.rstrip("\r\n")
            if not said.strip():
                continue
            try:
                if Address.of(said) is None and not os.path.lexists(said):
                    yield _bad(name, number, said, "error.list-missing")
                else:
                    yield from self._of(said, kind)
            except UnreachableError as error:
                yield _bad(name, number, "", "error.list-unreachable", **error.parameters)
            except QagazError as error:
                if error.message_id == "error.address-package":
                    raise  # no fault of the line's
                yield _bad(name, number, "", error.message_id.replace("address", "list"), **error.parameters)
            except ValueError:  # a path that the system refuses to look at
                yield _bad(name, number, "", "error.list-missing")


def local_path(given: Path | str) -> Path | None:
    """The path that is meant; None for an address of an object store. AddressError where it is neither."""
    address = Address.of(given) if isinstance(given, str) else None
    return Path(given) if address is None else address.local


def _bad(name: str, number: int, said: str, message_id: str, **told: str) -> Entry:
    """A line of a list of which nothing can come; it is called by what it names, or by its number."""
    path, source = Path(said), "stdin" if name == STDIN else Path(name).name
    shown = spelled(path.name) if said and path.name else f"{spelled(source)}:{number}"
    root = root_parts(path.parent if said else Path(name).parent)
    told = {"file": shown, "list": spelled(source), "line": str(number)} | told
    problem = Told(message_id, tuple(sorted(told.items())))
    return Entry(shown, os.fsencode(f"{name}:{number}"), root, problem=problem)


@contextmanager
def _lines(name: str) -> Iterator[IO[str]]:
    """A list's lines; InputError if there is no such file."""
    try:
        lines = open(  # noqa: SIM115 - closed below; here its absence is told
            sys.stdin.fileno() if name == STDIN else name,
            encoding="utf-8-sig",
            errors="surrogateescape",
            closefd=name != STDIN,
        )
    except OSError as error:
        raise InputError("error.list-unreadable", list=name, detail=error.strerror or "") from error
    with lines:
        yield lines
