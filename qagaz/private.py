"""Results are for their owner alone, whatever the machine's habits are."""

from __future__ import annotations

import os
import stat
from enum import StrEnum
from pathlib import Path

OTHERS = 0o077  # rights of the group and of everybody else
OURS = frozenset({".lock", "qagaz.db", "parts", "ledger.sqlite", "manifest.json"})  # one of these: a result folder


class Found(StrEnum):
    """What the folder was before; each is the end of a message's id."""

    CLOSED = "closed"  # new, or its owner's alone already
    OPEN = "open"  # others could look into it; they no longer can
    SHARED = "shared"  # it holds other things, or is somebody else's: it is left as it is


def only_mine() -> int:
    """From now on what this process and its workers make is readable by their owner only; the habit before."""
    return os.umask(OTHERS)


def make_private(folder: Path) -> Found:
    """Make a result folder, or close one that others may look into, with what lies in it. OSError as `mkdir`.

    A folder with other things in it stays as open as it is, for it may be meant so; what qagaz made in it is closed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = folder.stat()
    inside = {entry.name: entry for entry in os.scandir(folder)}
    own = told.st_uid == os.geteuid() and (not inside or not OURS.isdisjoint(inside))
    if own:
        for entry in inside.values():
            _close(entry)
    if not told.st_mode & OTHERS:
        return Found.CLOSED
    if own:
        folder.chmod(stat.S_IMODE(told.st_mode) & ~OTHERS)
    return Found.OPEN if own else Found.SHARED


def _close(entry: os.DirEntry[str]) -> None:
    """Links and other people's files are not ours to change; what lies in a closed folder is closed."""
    told = entry.stat(follow_symlinks=False)
    wanted = stat.S_ISREG(told.st_mode) or stat.S_ISDIR(told.st_mode)
    if wanted and told.st_uid == os.geteuid() and told.st_mode & OTHERS:
        Path(entry.path).chmod(stat.S_IMODE(told.st_mode) & ~OTHERS)
