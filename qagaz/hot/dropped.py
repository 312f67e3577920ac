"""The papers of the journal as a run's listing: tables of a watched folder are those of a run over it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.intake import Skipped
from extract.records import Source
from qagaz.hot.journal import GONE, Journal
from qagaz.ledger import Ledger
from qagaz.listing import Entry, Listing
from qagaz.parts import Parts


@dataclass(frozen=True, slots=True)
class Dropped:
    """All that was ever dropped and read, and what lies there and is no paper."""

    ledger: Ledger
    journal: Journal
    parts: Parts
    skipped: Sequence[Skipped]

    def listing(self) -> Listing:
        """In order of their names, each with its hash and its part."""
        listing = Listing(self.ledger, self._entries())
        for each in self.journal.entries():
            source = Source(each.sha256, each.file, each.path)
            listing.identify(source, self.parts.path(source).name)
            self.ledger.is_current(source, "")  # looks at the part if it is not known as it is
        self.ledger.keep()
        return listing

    def _entries(self) -> Iterator[Entry]:
        """A place belongs to one paper: where several are said to lie, all but one are gone."""
        taken: set[str] = set()
        for each in self.journal.entries():
            place = str(each.path)
            if each.state == GONE or place in taken:
                place = f"{place}#{each.number}"
            taken.add(place)
            yield Entry(each.file, os.fsencode(place), ())
        yield from (Entry(each.file, f"#{each.file}".encode(), (), reason=each.reason) for each in self.skipped)
