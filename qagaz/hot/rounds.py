"""The watcher: looks, reads what has arrived, keeps the results, then puts the files away. Over and over.

Whenever it is stopped: a file is in the drop folder until its results are on disk, in the tables and in the queue; what
was read is not read twice; no file is lost or written over. So every step is kept before the next one begins: part,
store, journal, tables, plan of the move, move.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from layouts.errors import OutputError
from qagaz.assemble import Assembly, DamagedPartError
from qagaz.hot.away import settle
from qagaz.hot.desk import Desk
from qagaz.hot.dropped import Dropped
from qagaz.hot.glance import Glance
from qagaz.hot.journal import Journal
from qagaz.hot.records import Reads, Setting, Tells
from qagaz.hot.shelf import Shelf
from qagaz.ledger import Ledger, told
from qagaz.manifest import MANIFEST, settle_versions
from qagaz.parts import Parts
from qagaz.run import ASSEMBLED, PARTS, reported
from qagaz.tables import TABLES
from qagaz.versions import Versions
from review.store import Store
from review.work.intake.papers import were_rejected

BATCH = 50  # papers at most until tables and queue are brought up to date
SHARE = 10.0  # while papers keep coming, tables are written anew for a tenth of the time at most


class _InboxAwayError(Exception):
    """The drop folder is not there."""


class Watcher:
    """Watches one folder; to be used in a `with` block by whoever holds the result folder's lock."""

    def __init__(
        self, setting: Setting, versions: Versions, store: Store, tells: Tells, make_pool: Callable[[], Reads]
    ) -> None:
        self._setting, self._versions, self._store, self._tells = setting, versions, store, tells
        self._parts = Parts(setting.out / PARTS)
        self._journal = Journal(setting.out)
        self._glance = Glance(setting.inbox, setting.folders, setting.pace)
        self._shelf = Shelf(setting, self._journal, store)
        self._ledger = Ledger(setting.out, self._parts)
        self._desk = Desk(setting, self._parts, versions.digest, store, self._journal, self._glance, make_pool)
        self._to_renew = setting.again
        self._over = threading.Event()
        self._amiss: dict[str, float] = {}  # what was told, and when it is tried again
        self._tables_took, self._tables_at = 0.0, time.monotonic()

    def __enter__(self) -> Self:
        settle_versions(self._setting.out, self._versions, self._setting.language, again=self._setting.again)
        self._journal.__enter__()
        self._ledger.__enter__()
        self._desk.know()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._desk.close()
        try:
            self._ledger.__exit__(kind, error, trace)
        finally:
            self._journal.__exit__(kind, error, trace)

    def stop(self) -> None:
        """End when the papers that are being read are kept. May be called from a signal's handler."""
        self._over.set()
        self._desk.stop()

    def run(self) -> None:
        """Watch until stopped. QagazError where nothing can be read at all, such as readers that are not installed."""
        idle = False
        while not self._over.is_set() and not (idle and self._setting.once):
            try:
                with reported(self._setting.out), told():
                    self._renew()
                    idle = self._round()
                self._is_well("work")
                rest = self._setting.pace.every if idle or self._glance.arriving else 0.0
            except OutputError as error:  # no room on the disk, no database
                self._desk.close()
                self._is_amiss("work", lambda error=error: self._tells.trouble(error))  # type: ignore[misc]
                rest = self._setting.pace.trouble
            except _InboxAwayError:
                self._is_amiss("work", self._tells.inbox_away)
                rest = self._setting.pace.trouble
            self._over.wait(rest)

    def _renew(self) -> None:
        """Once: what other versions read, where that is asked for."""
        if self._to_renew:
            self._desk.renew(self._desk.is_of_other_versions)
            self._to_renew = False

    def _round(self) -> bool:
        """One look and all that follows from it; whether there is nothing left to wait for."""
        self._put_away()  # what a stop left undone comes first
        try:
            ready = self._glance.ready()
        except OSError as error:
            raise _InboxAwayError from error
        if ready:
            batch = self._desk.read(ready[:BATCH])
            self._tells.read(batch, self._glance.arriving + max(0, len(ready) - BATCH))
        else:
            self._desk.rest()
        if self._tables_are_due(more=len(ready) > BATCH and not self._over.is_set()):
            self._write_tables()
            self._put_away()
        return not ready and not self._glance.arriving

    def _tables_are_due(self, *, more: bool) -> bool:
        if self._journal.last <= self._journal.tabled:
            return False
        return not more or time.monotonic() - self._tables_at > SHARE * self._tables_took

    def _write_tables(self) -> None:
        """All tables anew, as a run over all these papers writes them; on disk when this returns."""
        begun, last = time.monotonic(), self._journal.last
        self._ledger.remember(ASSEMBLED, "")
        try:
            self._assembly().write(self._store)
        except DamagedPartError as error:  # its paper has to be read once more
            self._parts.path(error.source).unlink(missing_ok=True)
            if self._desk.renew(self._desk.has_no_part):
                raise OutputError("error.part-damaged", file=error.source.file) from error
            self._assembly().write(self._store)
        with self._store.database.writing() as session:
            were_rejected(session, [each.sha256 for each in self._journal.entries() if each.rejected])
        out = self._setting.out
        settle(*(out / f"{table.name}.{form}" for table in TABLES for form in table.formats), out / MANIFEST, out)
        self._journal.tabled = last
        self._tables_at = time.monotonic()
        self._tables_took = self._tables_at - begun

    def _assembly(self) -> Assembly:
        dropped = Dropped(self._ledger, self._journal, self._parts, self._glance.skipped)
        setting = self._setting
        return Assembly(setting.out, self._parts, dropped.listing(), self._versions, setting.language, setting.limits)

    def _put_away(self) -> None:
        """Files whose results are kept; where that fails, reading goes on and it is tried again later."""
        if self._amiss.get("shelf", 0.0) > time.monotonic():
            return
        try:
            self._shelf.put_away()
        except OSError as error:
            told = OutputError("error.cannot-put-away", detail=error.strerror or type(error).__name__)
            self._is_amiss("shelf", lambda: self._tells.trouble(told))
        else:
            self._is_well("shelf")

    def _is_amiss(self, what: str, say: Callable[[], None]) -> None:
        if what not in self._amiss:
            say()
        self._amiss[what] = time.monotonic() + self._setting.pace.trouble

    def _is_well(self, what: str) -> None:
        if self._amiss.pop(what, None) is not None:
            self._tells.well_again()
