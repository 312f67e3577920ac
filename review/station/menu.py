"""The station's places, as the menu shows them to each role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from review.work.staff.people import Role, Worker

EVERYONE = frozenset(Role)


class Entry(NamedTuple):
    """One entry of the menu."""

    address: str
    word: str  # id of the catalogue
    here: bool


ANSWERING = frozenset({Role.OPERATOR, Role.SUPERVISOR})
LOOKING = frozenset({Role.SUPERVISOR, Role.AUDITOR})
STEERING = frozenset({Role.SUPERVISOR})
# In words short enough for one line of a small screen.
PLACES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("/", "station.queue", EVERYONE),
    ("/collage", "station.collage", ANSWERING),
    ("/second", "station.second", ANSWERING),
    ("/asking", "station.menu-asking", EVERYONE),
    ("/intake", "station.intake", EVERYONE),
    ("/response", "station.response", EVERYONE),
    ("/supervisor", "station.supervisor", LOOKING),
    ("/export", "station.export", LOOKING),
    ("/people", "station.menu-people", STEERING),
    ("/record", "station.record", LOOKING),
)


def menu(worker: Worker, url: str) -> Iterator[Entry]:
    """The places this person may go to; `url` is where they are."""
    path = url.partition("?")[0]
    for address, word, roles in PLACES:
        if worker.role in roles:
            yield Entry(address, word, path == address or (address != "/" and path.startswith(f"{address}/")))
