"""What a file would come to, counted before a library begins to unpack it: bytes of streams, pages of a TIFF.

Counting gives the same answer on every machine; a limit of time does not. Nothing here holds more than a few megabytes.
"""

from __future__ import annotations

import mmap
import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from extract.records import Source
from layouts.errors import Rejected

MOST_PAGES = 10_000  # of one file; thicker ones can be split
MOST_UNPACKED = 128 << 20  # bytes of one stream that is no picture; a page's drawing has a thousandth of it
MOST_PIXEL_BYTES = 800_000_000  # of one picture: an A0 sheet at 300 dpi in colour has 420 million
FLATE_RATIO = 1032  # how many times smaller Flate can make anything
DEEPEST = 4  # packings within packings that are looked into
STEP = 1 << 20  # bytes unpacked at a time
DICTIONARY = 2000  # bytes before a stream in which its facts are looked for
STREAM, END_OF_LINE = b"stream", re.compile(rb"\r?\n")
RUNS = re.compile(rb"/(RunLengthDecode|LZWDecode)\b")  # these grow what Flate gives once more
RUNS_RATIO = 64
SEVERAL_PACKINGS = re.compile(rb"Decode\s*/\w+Decode")
FACTS = re.compile(rb"/(Subtype\s*/Image|Type\s*/EmbeddedFile)\b")
OFFSETS = {b"II*\0": "<", b"MM\0*": ">"}  # of the usual TIFF; the large one is left to the library


def check_unpacked(source: Source) -> None:
    """Rejected if a stream of the PDF unpacks to more than any page needs. Files carried along do not count."""
    with source.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for start, begun in _streams(data):
            facts = data[data.rfind(b" obj", max(0, start - DICTIONARY), start) : start]
            found = FACTS.search(facts)
            if found and found[1].startswith(b"Type"):
                continue
            most = MOST_PIXEL_BYTES if found else MOST_UNPACKED // (RUNS_RATIO if RUNS.search(facts) else 1)
            end = data.find(b"endstream", begun)
            end = end if end >= 0 else len(data)
            if not _could_exceed(facts, end - begun, most):
                continue
            if _unpacks_beyond(data, begun, end, most):
                raise Rejected("error.unpacks-too-large", file=source.file, megabytes=MOST_UNPACKED >> 20)


def _streams(data: mmap.mmap) -> Iterator[tuple[int, int]]:
    """Where each stream's word begins and where what it holds begins; finding a word is faster than a pattern."""
    at = data.find(STREAM, 0)
    while at >= 0:
        after = at + len(STREAM)
        ending = END_OF_LINE.match(data, after)
        if ending and data[max(0, at - 3) : at] != b"end":
            yield at, ending.end()
        at = data.find(STREAM, after)


def _could_exceed(facts: bytes, size: int, most: int) -> bool:
    return size * FLATE_RATIO > most or SEVERAL_PACKINGS.search(facts) is not None


def _unpacks_beyond(data: mmap.mmap, start: int, end: int, most: int) -> bool:
    """Whether unpacking gives more than so many bytes, packings within packings included."""
    first = data[start : start + 2]
    for depth in range(1, DEEPEST + 1):
        if not _is_flate(first):
            return False
        pieces: Iterator[bytes] = (data[at : min(at + STEP, end)] for at in range(start, end, STEP))
        for _ in range(depth):
            pieces = inflated(pieces)
        total, first = 0, b""
        for piece in pieces:
            total, first = total + len(piece), first or piece
            if total > most:
                return True
    return False


def _is_flate(data: bytes) -> bool:
    return len(data) > 1 and data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0


def inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What Flate data unpacks to, a little at a time; ends without a word where it is damaged."""
    unpacker = zlib.decompressobj()
    try:
        for piece in pieces:
            waiting = piece
            while waiting and not unpacker.eof:
                yield unpacker.decompress(waiting, STEP)
                waiting = unpacker.unconsumed_tail
            if unpacker.eof:
                return
    except zlib.error:
        return


def tiff_pages(file: BinaryIO, most: int = MOST_PAGES + 1) -> int:
    """How many pages a TIFF's chain of directories has, counted up to `most`; 1 where that cannot be told."""
    head = file.read(8)
    order = OFFSETS.get(head[:4])
    if order is None or len(head) < 8:
        return 1
    (at,) = struct.unpack(order + "I", head[4:])
    seen: set[int] = set()
    while at and at not in seen and len(seen) < most:
        seen.add(at)
        file.seek(at)
        count = file.read(2)
        if len(count) < 2:
            break
        file.seek(12 * struct.unpack(order + "H", count)[0], 1)
        following = file.read(4)
        at = struct.unpack(order + "I", following)[0] if len(following) == 4 else 0
    return max(len(seen), 1)


def check_pages(source: Source, pages: int) -> None:
    """Rejected if a file has more pages than are read in one piece."""
    if pages > MOST_PAGES:
        raise Rejected("error.too-many-pages", file=source.file, most=MOST_PAGES)
