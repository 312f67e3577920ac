"""Papers that arrived → parts, the store, and entries of the journal."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from extract.intake import sha256_of
from extract.records import Source
from qagaz.crowd import Job
from qagaz.filing import file_paper
from qagaz.hot.away import settle
from qagaz.hot.glance import Glance, Mark, Ready, mark_of
from qagaz.hot.journal import GONE, HERE, Entry, Journal
from qagaz.hot.records import Batch, Reads, Setting
from qagaz.parts import Parts
from qagaz.results import FileResult, Told
from qagaz.worker import ONLY_FOR_NOW, save_rejected
from review.store import Store
from validate.records import Status

UNREADABLE = "error.unreadable"  # bytes that could not be fetched: a share may have been away for a moment
TRIES = 3  # times that such a paper is tried
IDLE_SECONDS = 300.0  # after so long without work the worker processes end


class Desk:
    """Reads batches of papers with worker processes that stay warm. To be closed."""

    def __init__(
        self, setting: Setting, parts: Parts, versions: str, store: Store, journal: Journal, glance: Glance,
        make_pool: Callable[[], Reads],
    ) -> None:  # fmt: skip
        self._setting, self._parts, self._versions = setting, parts, versions
        self._store, self._journal, self._glance = store, journal, glance
        self._make_pool = make_pool
        self._pool: Reads | None = None
        self._worked_at = time.monotonic()
        self._over = threading.Event()
        self._tries: Counter[Path] = Counter()

    def stop(self) -> None:
        """Nothing more is begun; may be called from a signal's handler."""
        self._over.set()
        if self._pool is not None:
            self._pool.finish()

    def close(self) -> None:
        """No process is left."""
        if self._pool is not None:
            self._pool.__exit__(None, None, None)
            self._pool = None

    def rest(self) -> None:
        """There is nothing to read: after a while the processes end."""
        if time.monotonic() - self._worked_at > IDLE_SECONDS:
            self.close()

    def know(self) -> None:
        """Take from the journal what needs no reading; what was rejected only for now is tried once more."""
        for entry in self._journal.entries(HERE):
            if not (entry.rejected and self._versions_of(entry) == ONLY_FOR_NOW):
                self._glance.know(entry.path, entry.mark)

    def read(self, ready: Sequence[Ready]) -> Batch:
        """Read and keep papers; what changed meanwhile, or was not begun before a stop, is for another round."""
        sources = {each.found.path: each.found.identify() for each in ready}
        results = {result.source.path: result for result in self._results(list(sources.values()))}
        settle(self._parts.folder, *{self._parts.path(source).parent for source in sources.values()})
        statuses: Counter[str] = Counter()
        taken, again = [], 0
        for each in ready:  # in order of their names, however the workers finished
            source, result = sources[each.found.path], results.get(each.found.path)
            if (result or self._has_part(source)) and self._holds(each, source, result):
                known = self._keep(each, source, anew=result is not None)
                again += known
                taken.append(result)
                statuses.update(row.status for row in self._parts.form_rows(source) if not known)
        self._worked_at = time.monotonic()
        rejected = tuple(result for result in taken if result is not None and result.rejected is not None)
        return Batch(len(taken), statuses, again, rejected)

    def renew(self, wanted: Callable[[Entry], bool]) -> int:
        """Read once more what was read before, wherever it lies now; how many papers cannot be, for they are gone."""
        entries = {each.path: each for each in self._journal.entries() if not each.copy_of and wanted(each)}
        found = {path: each for path, each in entries.items() if _hash_now(path) == each.sha256}
        sources = [Source(each.sha256, each.file, path) for path, each in found.items()]
        for result in self._pooled(sources):
            entry, pages = found[result.source.path], self._parts.pages(result.source)
            self._file(result.source, pages)
            self._journal.change(replace(entry, rejected=result.rejected is not None, pages=pages))
            self._journal.tabled = min(self._journal.tabled, entry.number - 1)
        return len(entries) - len(found)

    def is_of_other_versions(self, entry: Entry) -> bool:
        """Whether a paper was read with other versions than ours."""
        return self._versions_of(entry) != self._versions

    def has_no_part(self, entry: Entry) -> bool:
        """Whether what was read of a paper is lost."""
        return not self._versions_of(entry)

    def _results(self, sources: Sequence[Source]) -> Iterator[FileResult]:
        """Results of the papers that need reading; equal bytes are read once."""
        first: dict[str, Source] = {}
        wanted = [each for each in sources if first.setdefault(each.sha256 or each.file, each) is each]
        unread = [each for each in wanted if not self._has_part(each)]
        yield from self._pooled(unread)

    def _pooled(self, sources: Sequence[Source]) -> Iterator[FileResult]:
        if not sources:
            return
        if self._pool is None:
            self._pool = self._make_pool().__enter__()
        jobs = (Job(each, self._parts.folder, self._versions) for each in sources)
        yield from self._pool.run(_until(self._over, jobs))

    def _has_part(self, source: Source) -> bool:
        """Whether a paper needs no reading: it is read as we would, or is in the tables as it once was read."""
        if self._parts.is_current(source, self._versions):
            return True
        known = self._journal.of_bytes(source.sha256) if source.sha256 else []
        return bool(known) and self._versions_of(known[0]) not in {"", ONLY_FOR_NOW}

    def _versions_of(self, entry: Entry) -> str:
        try:
            return self._parts.versions(Source(entry.sha256, entry.file, entry.path))
        except (OSError, EOFError, ValueError):
            return ""

    def _holds(self, ready: Ready, source: Source, result: FileResult | None) -> bool:
        """Whether what was read is what lies there; if not, it is thrown away."""
        mark = _mark_now(ready.found.path)
        rejected = result.rejected if result else None
        if mark not in {ready.mark, None} or (mark is None and rejected is not None):
            self._throw_away(source, result)
            return False
        if (rejected is not None and rejected.message_id == UNREADABLE) or not source.sha256:
            self._tries[ready.found.path] += 1
            if self._tries[ready.found.path] < TRIES:
                self._throw_away(source, result)
                return False
        self._tries.pop(ready.found.path, None)
        return True

    def _throw_away(self, source: Source, result: FileResult | None) -> None:
        if result is None:
            return
        if source.sha256 and self._journal.of_bytes(source.sha256):  # the tables need a part of these bytes
            save_rejected(
                Job(source, self._parts.folder, self._versions), Told("error.crash", (("file", source.file),))
            )
        else:
            self._parts.path(source).unlink(missing_ok=True)

    def _keep(self, ready: Ready, source: Source, *, anew: bool) -> bool:
        """Into the store and the journal; whether the tables had these bytes before."""
        before = self._journal.of_bytes(source.sha256) if source.sha256 else []
        state = HERE if ready.found.path.exists() else GONE
        rejected = any(row.status == Status.REJECTED for row in self._parts.form_rows(source))
        pages = self._parts.pages(source)
        same = next((each for each in before if each.name == ready.found.file), None)
        if same is not None:
            entry = replace(same, path=ready.found.path, mark=ready.mark, rejected=rejected, state=state, moves=())
        else:
            file = self._journal.free_name(ready.found.file)
            copy_of = before[0].file if before else ""
            entry = Entry(
                ready.found.file, file, source.sha256, copy_of, ready.found.path, ready.mark, pages, rejected, state
            )
        if source.sha256 and not entry.copy_of and (same is None or anew):
            self._file(replace(source, file=entry.file), pages)
        self._journal.replaced(entry)
        if same is None:
            self._journal.add([entry])
        else:
            self._journal.change(entry)
            if anew:
                self._journal.tabled = min(self._journal.tabled, entry.number - 1)
        if state == HERE:
            self._glance.know(entry.path, entry.mark)
        return bool(before) and not anew

    def _file(self, source: Source, pages: int) -> None:
        receipt = self._setting.receipt
        batch = receipt.batch or (datetime.now().astimezone().date().isoformat() if receipt.department else "")
        self._store.came_in([source], {source.sha256: pages}, receipt.department, batch)
        file_paper(self._store, self._parts, source, self._versions, pages)


def _mark_now(path: Path) -> Mark | None:
    """How a paper looks at this moment; None where it is gone."""
    try:
        return mark_of(path)
    except OSError:
        return None


def _hash_now(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        return ""


def _until(over: threading.Event, jobs: Iterable[Job]) -> Iterator[Job]:
    for job in jobs:
        if over.is_set():
            return
        yield job
