"""Files put away so that their bytes are somewhere, whole, at every moment, and no other file is written over."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from extract.intake import sha256_of
from qagaz.hot.journal import Entry, Move, numbered

ASIDE = ".qagaz-part"  # how the name of a copy ends that is not whole yet
NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS})


class ChangedError(Exception):
    """The file is not the one that was read any more; it stays where it is."""


def plan(entry: Entry, folder: Path) -> tuple[Move, ...]:
    """Where each file of a paper goes: its own name under the folder, numbered where other bytes have that name.

    ChangedError where the paper is not the one that was read.
    """
    if sha256_of(entry.path) != entry.sha256:
        raise ChangedError
    for name in numbered(entry.name):
        target = folder / name
        moves = tuple(_moves(entry, target))
        if all(_is_free(move) for move in moves):
            return moves
    raise AssertionError  # names do not run out


def put_away(entry: Entry, folder: Path) -> Path:
    """Move each file of a paper that is not moved yet, as planned; where the paper lies now. Once more does no harm.

    OSError where that is impossible. ChangedError where a file is not the one that was read; those before it are moved.
    """
    for move in entry.moves:
        _put_away(move, folder)
    first = entry.moves[0].target
    if not is_page_folder(entry):
        return first
    with contextlib.suppress(OSError):  # empty now, it goes as well; whatever came meanwhile stays
        entry.path.rmdir()
    return first.parent


def is_page_folder(entry: Entry) -> bool:
    """Whether a paper is a folder of page pictures."""
    return any(name for name, _size, _changed in entry.mark)


def settle(*paths: Path) -> None:
    """Files, and the names in folders, are on disk."""
    for path in paths:
        with contextlib.suppress(OSError):  # some network shares know no such thing for folders
            opened = os.open(path, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)


def _moves(entry: Entry, target: Path) -> Iterator[Move]:
    for name, _size, _changed in entry.mark:
        source = entry.path / name if name else entry.path
        yield Move(source, target / name, sha256_of(source)) if name else Move(source, target, entry.sha256)


def _is_free(move: Move) -> bool:
    """Whether nothing, or the same bytes, lie where a file goes."""
    try:
        return sha256_of(move.target) == move.sha256 if os.path.lexists(move.target) else True
    except OSError:
        return False


def _put_away(move: Move, folder: Path) -> None:
    _aside(move).unlink(missing_ok=True)  # of a copy that was broken off
    if os.path.lexists(move.target) and sha256_of(move.target) == move.sha256:
        _release(move)  # begun before a stop, or the same bytes dropped again
        return
    _make_folder(move.target.parent, folder)
    try:
        os.link(move.source, move.target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _copy(move)
    settle(move.target.parent)
    if sha256_of(move.target) != move.sha256:  # changed between reading and now
        move.target.unlink()
        raise ChangedError
    _release(move)


def _release(move: Move) -> None:
    """Take away the file at its old place, whose bytes are kept at the new one."""
    with contextlib.suppress(FileNotFoundError):
        told = move.source.stat()
        if move.source.samefile(move.target):
            if told.st_nlink < 2:  # one name under two paths: the folder leads back to where the file was dropped
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(move.target))
        elif sha256_of(move.source) != move.sha256:
            raise ChangedError
        move.source.unlink()
        settle(move.source.parent)


def _copy(move: Move) -> None:
    """To another file system: under another name until it is whole, on disk, and read back."""
    aside = _aside(move)
    try:
        with open(aside, "xb", opener=_private) as file, move.source.open("rb") as source:
            shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())
        shutil.copystat(move.source, aside)
        if sha256_of(aside) != move.sha256:
            raise ChangedError
        _name(aside, move.target)
    finally:
        aside.unlink(missing_ok=True)


def _aside(move: Move) -> Path:
    return move.target.with_name(f".{move.sha256[:16]}{ASIDE}")


def _name(aside: Path, target: Path) -> None:
    """Give a whole copy its name, unless something has it."""
    try:
        os.link(aside, target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        aside.rename(target)


def _make_folder(wanted: Path, folder: Path) -> None:
    """A folder below the one of all that is done; a link there must not lead out of it."""
    if not folder.is_dir():  # a share that is away must not be made anew in the place where it belongs
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
    missing = [each for each in (wanted, *wanted.parents) if not each.exists()]
    wanted.mkdir(parents=True, exist_ok=True)
    if not Path(os.path.realpath(wanted)).is_relative_to(os.path.realpath(folder)):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(wanted))
    for each in reversed(missing):
        settle(each.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
