"""Papers whose results are kept → the folder of what is done, or of what was rejected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qagaz.hot.away import ChangedError, plan, put_away
from qagaz.hot.journal import AWAY, GONE, HERE, Entry, Journal
from qagaz.hot.records import Setting
from review.store import Store
from review.work.intake.papers import lies_at


class Shelf:
    """Moves files that the journal says are read and in the tables; each move is planned in the journal first."""

    def __init__(self, setting: Setting, journal: Journal, store: Store) -> None:
        self._setting, self._journal, self._store = setting, journal, store

    def put_away(self) -> None:
        """All that may go. OSError where a file cannot be moved; it stays, and so do those after it."""
        if self._setting.done is None and self._setting.failed is None:
            return
        tabled = self._journal.tabled
        for entry in list(self._journal.entries(HERE)):
            folder = self._setting.failed if entry.rejected else self._setting.done
            if folder is not None and entry.number <= tabled and entry.sha256:
                self._put_away(entry, folder)

    def _put_away(self, entry: Entry, folder: Path) -> None:
        try:
            if not entry.moves:
                entry = replace(entry, moves=plan(entry, folder))
                self._journal.change(entry)
            path = put_away(entry, folder)
        except ChangedError:  # another file by now, which comes in as such
            self._journal.change(replace(entry, state=GONE, moves=()))
            return
        except FileNotFoundError:  # somebody took it, or the share is away: it may come back
            if not folder.is_dir():
                raise
            return
        except FileExistsError:  # somebody else's file took the name
            self._journal.change(replace(entry, moves=()))
            return
        if not entry.copy_of:
            with self._store.database.writing() as session:
                lies_at(session, entry.sha256, path)
        self._journal.change(replace(entry, path=path, state=AWAY, moves=()))
