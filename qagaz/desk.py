"""Papers of a run → jobs for those that have to be read; results → what the run knows of each paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from extract.records import Source
from qagaz.crowd import Crowd, Job
from qagaz.ledger import Ledger
from qagaz.listing import Listed, Listing
from qagaz.parts import BROKEN, Parts
from qagaz.results import FileResult, Told
from qagaz.worker import save_rejected
from review.flatten import rejected_rows
from validate.records import Status


@dataclass(frozen=True, slots=True)
class Progress:
    """So many files further."""

    total: int
    file: str
    result: FileResult | None  # None: nothing was to be read anew
    files: int = 1


@dataclass(frozen=True, slots=True)
class Desk:
    """Hands out what has to be read, and notes what came of it."""

    ledger: Ledger
    listing: Listing
    parts: Parts
    versions: str
    again: bool = False  # every object of a store is read, whatever its part says

    def read(self, crowd: Crowd, before: Callable[[], object]) -> Iterator[Progress]:
        """Each paper once, as it is done; `before` is called before the first one that has to be read."""
        total, done = len(self.listing), _Done()
        for result in crowd.run(self._jobs(done, before)):
            self._note(result, done)
            yield from done.told(total)
            yield Progress(total, result.source.file, result if result.anew else None)
        yield from done.told(total)

    def _jobs(self, done: _Done, before: Callable[[], object]) -> Iterator[Job]:
        for listed in self.listing.listed():
            if listed.problem is not None:
                done.refused.append(self._refused(listed))
                continue
            source = self._identified(listed)
            first = self.listing.identify(source, self.parts.path(source).name)
            unknown = listed.address and not source.sha256
            if not unknown and (not first or self.ledger.is_current(source, self.versions)):
                done.known += 1
                continue
            before()
            if listed.address:
                done.on_their_way[source.file] = listed
            yield Job(source, self.parts.folder, self.versions, listed.address, self.again)

    def _identified(self, listed: Listed) -> Source:
        if listed.address:
            return replace(listed.source, sha256=self.ledger.sha256_at(listed.address, listed.mark))
        return replace(listed.source, sha256=self.ledger.sha256(listed.source.path))

    def _refused(self, listed: Listed) -> FileResult:
        """The part of a paper of which nothing can come, written if it does not stand there already; said each time."""
        source, told = listed.source, listed.problem
        assert told is not None
        self.listing.identify(source, self.parts.path(source).name)
        if not self._says(source, told):
            save_rejected(Job(source, self.parts.folder, self.versions), told)
        self.ledger.note_part(source, 0)
        return FileResult(source, (Status.REJECTED,), told, anew=False)

    def _says(self, source: Source, told: Told) -> bool:
        try:
            rows = next(self.parts.forms(source), None)
        except BROKEN:
            return False
        return rows == rejected_rows(told.code, told.message_id, told.parameters)

    def _note(self, result: FileResult, done: _Done) -> None:
        """What is known of a paper from now on."""
        source = result.source
        listed = done.on_their_way.pop(source.file, None)
        if listed is not None and source.sha256:
            self.ledger.note_address(listed.address, listed.mark, source.sha256)
            self.parts.path(replace(source, sha256="")).unlink(missing_ok=True)  # of a time when it could not be had
        self.listing.identify(source, self.parts.path(source).name)
        self.ledger.note_part(source, result.pages)
        self.ledger.keep_now_and_then()


class _Done:
    """What was not reported yet: files that need no reading, refused ones; and objects that are being read."""

    def __init__(self) -> None:
        self.known = 0
        self.refused: list[FileResult] = []
        self.on_their_way: dict[str, Listed] = {}

    def told(self, total: int) -> Iterator[Progress]:
        known, self.known = self.known, 0
        if known:
            yield Progress(total, "", None, known)
        refused, self.refused = self.refused, []
        yield from (Progress(total, each.source.file, each) for each in refused)
