"""What lies in the drop folder, since when it is as it is, and which papers are ready to be read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from extract.intake import Found, Skipped, find_dropped
from qagaz.hot.whole import is_unfinished, is_whole, written_now

Seen = tuple[int, int]  # size in bytes, time of the last change in nanoseconds; what shows that a file was changed
FOLDER = -1  # the size of a folder: its time changes with every page that comes or goes
Mark = tuple[tuple[str, int, int], ...]  # the same of every file of a paper, by its name within the paper


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is waited, in seconds."""

    settle: float = 10.0  # a file that did not change for so long has arrived: longer than an ADF takes for a page
    patience: float = 600.0  # one whose end is missing is read all the same after so long, and says why it is rejected
    every: float = 2.0  # between two looks
    trouble: float = 30.0  # until what failed is tried again


@dataclass(frozen=True, slots=True)
class Ready:
    """A paper that has arrived, and how it looked then."""

    found: Found
    mark: Mark


class Glance:
    """Looks at the folder again and again; says once of each paper that it is ready, until told that it is known."""

    def __init__(
        self, inbox: Path, leave_out: Iterable[Path], pace: Pace, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.skipped: tuple[Skipped, ...] = ()
        self.arriving = 0  # papers that were not ready at the last look
        self._inbox = inbox
        self._left_out = tuple(leave_out)
        self._pace = pace
        self._clock = clock
        self._since: dict[Path, tuple[Seen, float]] = {}
        self._known: set[tuple[str, Seen]] = set()

    def know(self, path: Path, mark: Mark) -> None:
        """A paper that needs no more reading as long as it stays as it is."""
        for name, size, changed in mark:
            self._known.add((str(path / name) if name else str(path), (size, changed)))

    def ready(self) -> list[Ready]:
        """Papers that arrived and are not known, in order of their names. OSError where the folder is not there."""
        files = dict(_walk(self._inbox, {os.path.realpath(each) for each in self._left_out}))
        now = self._clock()
        self._since = {path: self._as_before(path, seen, now) for path, seen in files.items()}
        new = [path for path, seen in files.items() if self._is_new(path, seen)]
        self.arriving = len(new)
        if not any(self._quiet_for([path], now) >= self._pace.settle for path in new):
            return []
        intake = find_dropped(self._inbox, exclude=self._left_out)
        self.skipped = tuple(each for each in intake.skipped if not is_unfinished(each.file))
        inside = _by_folder(files)
        members = {
            found: [found.path, *inside.get(found.path, ())] for found in intake.found if not is_unfinished(found.file)
        }
        self._pass_over(new, members.values(), now)
        wanted = set(new)
        coming = [found for found, paths in members.items() if wanted & set(paths)]
        writing = written_now() if coming else set()
        held = {path.parent for path in files if is_unfinished(path.name)} - {self._inbox}
        ready = [
            found
            for found in coming
            if self._has_arrived(
                members[found], writing, now, held=not held.isdisjoint({found.path, found.path.parent})
            )
        ]
        self.arriving = len(coming) - len(ready)
        return [Ready(found, _mark(found.path, members[found], files)) for found in ready]

    def _as_before(self, path: Path, seen: Seen, now: float) -> tuple[Seen, float]:
        before = self._since.get(path)
        return before if before is not None and before[0] == seen else (seen, now)

    def _is_new(self, path: Path, seen: Seen) -> bool:
        return (str(path), seen) not in self._known and not is_unfinished(path.name) and seen[0] != FOLDER

    def _quiet_for(self, paths: Iterable[Path], now: float) -> float:
        return min((now - self._since[path][1] for path in paths if path in self._since), default=0.0)

    def _pass_over(self, new: Iterable[Path], members: Iterable[Collection[Path]], now: float) -> None:
        """What is no paper, now that it has arrived, is not looked at again unless it changes."""
        papers = {path for paths in members for path in paths}
        for path in new:
            if path not in papers and self._quiet_for([path], now) >= self._pace.settle:
                self._known.add((str(path), self._since[path][0]))

    def _has_arrived(self, members: Collection[Path], writing: Collection[str], now: float, *, held: bool) -> bool:
        """`held`: something beside it is not finished, which may be its next page."""
        quiet = self._quiet_for(members, now)
        if quiet < self._pace.settle:
            return False
        if quiet >= self._pace.patience:
            return True
        files = [path for path in members if self._since[path][0][0] != FOLDER]
        if held or any(os.path.realpath(path) in writing for path in files):
            return False
        try:
            return all(is_whole(path) for path in files)
        except OSError:
            return False


def mark_of(path: Path) -> Mark:
    """How a paper looks at this moment. OSError where it is gone."""
    files = dict(_walk(path, set())) if path.is_dir() else {path: _seen(path.stat())}
    return _mark(path, [each for each in files if path in {each, each.parent}], files)


def _walk(folder: Path, left_out: Collection[str]) -> Iterator[tuple[Path, Seen]]:
    """Every file and folder below a folder that is neither hidden nor a link. OSError where the folder is not there."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            path = Path(entry.path)
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder and os.path.realpath(path) in left_out:
                    continue
                if is_folder:
                    yield path, (FOLDER, path.stat().st_mtime_ns)
                    yield from _walk(path, left_out)
                elif entry.is_file(follow_symlinks=False):
                    yield path, _seen(path.stat())
            except OSError:  # gone a moment ago, or not ours to look into
                continue


def _seen(told: os.stat_result) -> Seen:
    return told.st_size, told.st_mtime_ns


def _by_folder(files: Iterable[Path]) -> Mapping[Path, list[Path]]:
    found: dict[Path, list[Path]] = {}
    for path in files:
        found.setdefault(path.parent, []).append(path)
    return found


def _mark(path: Path, members: Iterable[Path], files: Mapping[Path, Seen]) -> Mark:
    """Of files alone: of a page folder's, its pages and whatever lies beside them."""
    told = [(each, files[each]) for each in members if each in files and files[each][0] != FOLDER]
    return tuple(sorted((each.name if each != path else "", *seen) for each, seen in told))
