"""Whether a file is all there: a scanner or a copy over the network may still be writing it."""

from __future__ import annotations

import contextlib
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from extract.intake import kind_of

UNFINISHED = re.compile(r"^~\$|~$|\.(part|partial|filepart|crdownload|download|tmp|temp|swp|lock)$", re.IGNORECASE)
TAIL = 4096  # bytes at the end in which the mark of the end stands; programs put a little behind it
ENDS = {"pdf": b"%%EOF", "jpeg": b"\xff\xd9", "png": b"IEND"}
MOST_PAGES = 10_000  # of a TIFF that are followed
MOST_STRIPS = 1_000_000  # of one page
PLACES, SIZES = (273, 324), (279, 325)  # TIFF 6.0: StripOffsets, TileOffsets and their byte counts
NUMBERS = {3: "H", 4: "I", 16: "Q"}  # TIFF types that these are written in
WRITES = os.O_WRONLY | os.O_RDWR


def is_unfinished(name: str) -> bool:
    """Whether a name is one that programs give to what they have not finished: it will be renamed.

    >>> is_unfinished("scan.pdf.part"), is_unfinished("~$scan.pdf"), is_unfinished("scan.pdf")
    (True, True, False)
    """
    return bool(UNFINISHED.search(name))


def is_whole(path: Path) -> bool:
    """Whether nothing shows that the file's end is missing. OSError where it cannot be read."""
    kind = kind_of(path)
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if not size:
            return False
        if kind == "tiff":
            return _tiff_is_whole(file, size)
        file.seek(max(0, size - TAIL))
        return ENDS.get(kind, b"") in file.read()


def written_now() -> set[str]:
    """Files that a process of this machine has open to write, as far as we may see: a hint, and on Linux only.

    What another machine writes over the network does not show, but through the server's own process.
    """
    return {opened for folder in Path("/proc").glob("[0-9]*") for opened in _written_by(folder)}


def _written_by(folder: Path) -> list[str]:
    """What a process writes; nothing of another user's."""
    found = []
    with contextlib.suppress(OSError):  # not ours to look into, or just ended
        for opened in (folder / "fd").iterdir():
            with contextlib.suppress(OSError):  # just closed
                if _writes((folder / "fdinfo" / opened.name).read_text()):
                    found.append(str(opened.readlink()))
    return found


def _writes(told: str) -> bool:
    flags = next((line.split()[1] for line in told.splitlines() if line.startswith("flags:")), "0")
    return bool(int(flags, 8) & WRITES)


def _tiff_is_whole(file: BinaryIO, size: int) -> bool:
    """Whether every directory and every strip that the file names lies within it."""
    try:
        return all(end <= size for end in _tiff_ends(file))
    except (struct.error, OverflowError):
        return False


def _tiff_ends(file: BinaryIO) -> Iterator[int]:
    """Where each strip of each page ends. struct.error where a directory is cut off."""
    file.seek(0)
    head = file.read(4)
    order = "<" if head.startswith(b"II") else ">"
    big = struct.unpack(f"{order}H", head[2:])[0] == 43  # BigTIFF: places of 64 bits
    at, count, width = ("Q", "Q", 8) if big else ("I", "H", 4)
    if big:
        file.read(4)
    place = _unpacked(file, order + at)
    if not place:
        raise struct.error  # the writer puts the first directory's place in last of all
    seen: set[int] = set()
    while place and place not in seen and len(seen) < MOST_PAGES:
        seen.add(place)
        file.seek(place)
        entries = [file.read(4 + 2 * width) for _ in range(min(_unpacked(file, order + count), MOST_PAGES))]
        place = _unpacked(file, order + at)
        found = {tag: values for tag, values in (_entry(file, entry, order, at) for entry in entries) if values}
        for where, long in zip(PLACES, SIZES, strict=True):
            yield from map(sum, zip(found.get(where, ()), found.get(long, ()), strict=False))


def _entry(file: BinaryIO, entry: bytes, order: str, at: str) -> tuple[int, tuple[int, ...]]:
    """A directory entry's tag and numbers; none for tags that tell no place."""
    tag, kind, count = struct.unpack_from(f"{order}HH{at}", entry)
    if tag not in PLACES + SIZES or kind not in NUMBERS:
        return tag, ()
    told = f"{order}{min(count, MOST_STRIPS)}{NUMBERS[kind]}"
    inside = entry[-(struct.calcsize(at) if at == "Q" else 4) :]
    if struct.calcsize(told) <= len(inside):
        return tag, struct.unpack_from(told, inside)
    file.seek(struct.unpack(order + at, inside)[0])
    return tag, struct.unpack(told, file.read(struct.calcsize(told)))


def _unpacked(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])
