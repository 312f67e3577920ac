"""Where a paper lies now: where it was read, or, if it was moved or renamed, wherever its bytes are found again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from extract.intake import find_sources, page_files, sha256_of
from extract.records import Source

LOOK_AGAIN = 60.0  # seconds after which folders are searched again for a paper that was not there

Mark = tuple[tuple[str, int, int], ...]  # what shows that a file was changed: name, size and time of each of its files


class Whereabouts:
    """Finds papers by their hash. What was hashed once is hashed again only if it changed."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = tuple(folders)
        self._hashed: dict[Path, tuple[Mark, str]] = {}
        self._found: dict[str, Path] = {}
        self._missing: dict[str, float] = {}  # hash → when it was looked for in vain
        self._lock = threading.Lock()  # one search at a time: the next one finds what it hashed

    def find(self, paper: Source) -> Path | None:
        """Where the paper's bytes are, a file or a folder of page pictures; None if they are nowhere."""
        for path in (self._found.get(paper.sha256), paper.path):
            if path is not None and self._is(path, paper.sha256):
                return path
        with self._lock:
            if time.monotonic() - self._missing.get(paper.sha256, -LOOK_AGAIN) < LOOK_AGAIN:
                return None
            found = next((path for path in self._candidates(paper) if self._is(path, paper.sha256)), None)
            if found is None:
                self._missing[paper.sha256] = time.monotonic()
            else:
                self._found[paper.sha256] = found
            return found

    def _candidates(self, paper: Source) -> Iterator[Path]:
        """Where it would lie if folders were only moved; then everything there is."""
        for folder in self._folders:
            yield folder / paper.file
            yield folder / Path(paper.file).name
        for found in find_sources(self._folders).found:
            yield found.path

    def _is(self, path: Path, sha256: str) -> bool:
        try:
            mark = _mark(path)
            known = self._hashed.get(path)
            if known is None or known[0] != mark:
                known = mark, sha256_of(path)
                self._hashed[path] = known
        except OSError:
            return False
        return known[1] == sha256


def _mark(path: Path) -> Mark:
    """OSError if there is nothing."""
    files = page_files(path) if path.is_dir() else [path]
    told = [(file.name, file.stat()) for file in files]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in told)
