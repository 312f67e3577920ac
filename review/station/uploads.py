"""Files that browsers send: kept under names of our own, whole or not at all, for their owner only."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from extract.files.images import natural_key
from extract.intake import PAGE_KINDS, kind_of, sha256_of
from extract.records import Source
from layouts.errors import OutputError
from review.work.intake.arrivals import HandedIn

CHUNK = 1 << 20  # bytes copied at a time: memory stays flat whatever a file's size
LONGEST_NAME = 120  # characters of a file's name that are kept
LONGEST_ENDING = 12  # of them, of its ending
HARMFUL = frozenset(
    {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
)  # categories: control, direction, line and private marks
ENDINGS = {"pdf": ".pdf", "tiff": ".tif", "jpeg": ".jpg", "png": ".png"}
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
TEMPORARY = "new-"  # how the name of what is not whole yet begins


class NoRoomError(OutputError):
    """The disk takes no more."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as a browser sends it; its name may have folders in front, and may be anything."""

    name: str
    stream: BinaryIO


class Uploads:
    """The folder that uploads of one batch are kept in."""

    def __init__(self, folder: Path, batch: int, largest: int) -> None:
        self._folder = folder / str(batch)
        self._largest = largest

    def keep(self, sent: Sent) -> HandedIn:
        """Keep one paper, unless it is empty, too large or no paper by its content. NoRoomError on a full disk."""
        name = harmless(sent.name)
        with _Aside(self._folder) as aside:
            size = self._copy(sent.stream, aside.path)
            kind = kind_of(aside.path)
            if why := self._unfit(size, kind in ENDINGS):
                return HandedIn(name, size, why=why)
            return self._settled(name, size, aside, ENDINGS[kind])

    def keep_pages(self, sent: Sequence[Sent]) -> HandedIn:
        """Keep pictures as the pages of one paper, in the natural order of their names; likewise."""
        ordered = sorted(sent, key=lambda each: natural_key(each.name))
        name = _name_of_pages([each.name for each in ordered])
        with _Aside(self._folder) as aside:
            aside.path.mkdir(mode=0o700)
            size = 0
            for number, each in enumerate(ordered, start=1):
                page = aside.path / f"page-{number:05}"
                size += self._copy(each.stream, page)
                if why := self._unfit(size, kind_of(page) in PAGE_KINDS, "station.intake-no-page"):
                    return HandedIn(f"{name}: {harmless(each.name)}", size, why=why)
            return self._settled(name, size, aside, "")

    def drop(self, source: Source) -> None:
        """Take away what was kept and turned out to be here already."""
        if source.path.is_dir():
            shutil.rmtree(source.path)
        else:
            source.path.unlink(missing_ok=True)

    def _unfit(self, size: int, fits: bool, else_why: str = "station.intake-no-paper") -> str:
        if not size:
            return "station.intake-empty"
        if size > self._largest:
            return "station.intake-too-large"
        return "" if fits else else_why

    def _copy(self, stream: BinaryIO, to: Path) -> int:
        """How many bytes; of a file that is too large only as many as show it."""
        size = 0
        with open(to, "xb", opener=_private) as file:
            while size <= self._largest and (chunk := stream.read(CHUNK)):
                file.write(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        return size

    def _settled(self, name: str, size: int, aside: _Aside, ending: str) -> HandedIn:
        """Under the name that its bytes give it."""
        sha256 = sha256_of(aside.path)
        place = self._folder / f"{sha256}{ending}"
        new = not place.exists()
        if new:
            with contextlib.suppress(FileExistsError, NotADirectoryError):  # somebody was quicker with the same bytes
                aside.path.rename(place)
        return HandedIn(name, size, Source(sha256, name, place), new=new)


class _Aside:
    """A place beside the papers for what is not whole yet; nothing is left of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / f".{TEMPORARY}{secrets.token_hex(8)}"

    def __enter__(self) -> Self:
        self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._folder.is_symlink() or self._folder.parent.is_symlink():
            raise NoRoomError("error.upload-link")
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self.path.is_dir():
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            self.path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in FULL:
            raise NoRoomError("error.upload-no-room") from error


def sweep(folder: Path) -> None:
    """Take away what a station that was killed had not kept whole."""
    for left in folder.glob(f"*/.{TEMPORARY}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def harmless(name: str) -> str:
    r"""A file's own name as text that no page, table or terminal is hurt by: no folders, no marks that cannot be seen.

    >>> harmless("../../etc/passwd"), harmless("C:\\scans\\a\n.pdf"), harmless("\u202efdp.exe"), harmless("..")
    ('passwd', 'a.pdf', 'fdp.exe', '?')
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    visible = (char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char) not in HARMFUL)
    told = " ".join("".join(visible).split())
    told = told if told.strip(". ") else ""
    if len(told) > LONGEST_NAME:
        stem, dot, ending = told.rpartition(".")
        tail = dot + ending if dot and len(ending) < LONGEST_ENDING else ""
        told = (stem if tail else told)[: LONGEST_NAME - len(tail) - 1] + "…" + tail
    return told or "?"


def _name_of_pages(names: Sequence[str]) -> str:
    """The folder that all of them come from, else the first one's name."""
    folders = {name.replace("\\", "/").rpartition("/")[0] for name in names}
    folder = folders.pop() if len(folders) == 1 else ""
    return harmless(folder or names[0])


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
