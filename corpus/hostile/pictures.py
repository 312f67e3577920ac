"""Pictures with giant sizes, endless frames, rings of directories, broken packing and lying heads."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from PIL import Image

from corpus.hostile.bombs import GIGABYTE, MEGABYTE, zeros
from extract.records import Picture

PNG = b"\x89PNG\r\n\x1a\n"
LONG, SHORT, RATIONAL = 4, 3, 5  # TIFF field types
Tag = tuple[int, int, int, int]  # number, type, count, value or its place


def pictures() -> dict[str, Callable[[], bytes]]:
    """Makers by file name."""
    return {
        "huge-bilevel.png": lambda: _png(50_000, 50_000, 1, 0, zeros(300 * MEGABYTE)),
        "huge-lying.png": lambda: _png(2**31 - 1, 2**31 - 1, 8, 2, zeros(MEGABYTE)),
        "just-bearable.png": lambda: _png(14_000, 14_000, 1, 0, zeros(24 * MEGABYTE)),
        "deep-colour.png": lambda: _png(14_000, 14_000, 16, 6, zeros(GIGABYTE + 600 * MEGABYTE)),
        "zero-sides.png": lambda: _png(0, 0, 8, 0, zeros(MEGABYTE)),
        "strip.png": lambda: _png(100_000_000, 1, 8, 0, zeros(96 * MEGABYTE)),
        "column.png": lambda: _png(1, 100_000_000, 1, 0, zeros(192 * MEGABYTE)),
        "too-much-data.png": lambda: _png(100, 100, 8, 0, zeros(2 * GIGABYTE)),
        "too-little-data.png": lambda: _png(5000, 5000, 8, 2, zlib.compress(b"\0" * 50)),
        "text-bomb.png": lambda: _png(100, 100, 8, 0, zeros(MEGABYTE), b"zTXt", b"a\0\0" + zeros(GIGABYTE)),
        "profile-bomb.png": lambda: _png(100, 100, 8, 0, zeros(MEGABYTE), b"iCCP", b"a\0\0" + zeros(GIGABYTE)),
        "many-pieces.png": _many_pieces,
        "odd-depth.png": lambda: _png(100, 100, 13, 9, zeros(MEGABYTE)),
        "endless-dpi.png": lambda: _png(100, 100, 8, 0, zeros(MEGABYTE), b"pHYs", b"\xff" * 8 + b"\1"),
        "animated.png": lambda: _png(100, 100, 8, 0, zeros(MEGABYTE), b"acTL", struct.pack(">II", 2**31 - 1, 0)),
        "huge-lying.jpg": lambda: _resized_jpeg(65_535, 65_535),
        "wide-lying.jpg": lambda: _resized_jpeg(65_535, 100),
        "zero-lines.jpg": lambda: _resized_jpeg(100, 0),
        "cut.jpg": lambda: _jpeg(400, 300)[:1500],
        "scans-many.jpg": _many_scans,
        "markers-many.jpg": lambda: b"\xff\xd8" + b"\xff\xe1\x00\x08abcdef" * 300_000 + _jpeg(64, 64)[2:],
        "orientation-odd.jpg": lambda: _with_exif(b"\x01\x12\x00\x03\x00\x00\x00\x01\xff\xff\x00\x00"),
        "exif-ring.jpg": lambda: _with_exif(b"\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08"),
        "directories-ring.tif": _ring,
        "directory-itself.tif": lambda: _tiff([_page(100, 100)], loop=True),
        "directories-many.tif": lambda: _tiff([_page(1, 1)] * 30_000),
        "pages-many.tif": lambda: _tiff([_page(600, 600)] * 200),
        "huge-lying.tif": lambda: _tiff([_page(4_000_000_000, 4_000_000_000)]),
        "second-huge.tif": lambda: _tiff([_page(100, 100), _page(60_000, 60_000)]),
        "zero-sides.tif": lambda: _tiff([_page(0, 0)]),
        "strips-elsewhere.tif": lambda: _tiff([_page(100, 100, place=4_000_000_000)]),
        "strips-many.tif": lambda: _tiff([_page(100, 100, strips=2_000_000_000)]),
        "samples-many.tif": lambda: _tiff([_page(100, 100, samples=65_535)]),
        "tags-many.tif": lambda: _tiff([[*_page(100, 100), *((40_000 + n, SHORT, 1, n) for n in range(20_000))]]),
        "tags-huge.tif": lambda: _tiff([[*_page(100, 100), (40_000, LONG, 4_000_000_000, 8)]]),
        "fax-broken.tif": lambda: _tiff([_page(10_000, 10_000, packing=4)]),
        "lzw-broken.tif": lambda: _tiff([_page(10_000, 10_000, packing=5)]),
        "jpeg-old.tif": lambda: _tiff([_page(1000, 1000, packing=6)]),
        "zstd-unknown.tif": lambda: _tiff([_page(1000, 1000, packing=50_000)]),
        "packing-unknown.tif": lambda: _tiff([_page(1000, 1000, packing=31_337)]),
        "resolution-nothing.tif": lambda: _tiff([[*_page(100, 100), (282, RATIONAL, 1, 8), (283, RATIONAL, 1, 8)]]),
        "large-format.tif": lambda: b"II+\0\x08\0\0\0" + b"\xff" * 64,
        "directory-beyond.tif": lambda: b"II*\0\xf0\xff\xff\xff",
        "huge-lying.bmp": lambda: _bmp(2**31 - 1, 2**31 - 1, 24),
        "negative.bmp": lambda: _bmp(-100, -(2**31), 32),
        "runs.bmp": lambda: _bmp(20_000, 20_000, 8, b"\xff\x00" * 100_000, packing=1),
        "huge-lying.gif": lambda: b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\xff\xff\xff\xff\0\x08\0;",
        "frames-many.gif": _many_frames,
        "huge-lying.webp": lambda: b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0/\xff\xff\xff\xff" + b"\0" * 8,
        "vp8x.webp": lambda: b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\xff\xff\xff\xff\xff",
        "heif.heic": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200,
    }


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, depth: int, colour: int, data: bytes, kind: bytes = b"", body: bytes = b"") -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    more = _chunk(kind, body) if kind else b""
    return PNG + head + more + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _many_pieces() -> bytes:
    """A picture whose data comes byte by byte between empty pieces."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 300, 300, 8, 0, 0, 0, 0))
    pieces = b"".join(_chunk(b"IDAT", bytes([b])) + _chunk(b"tEXt", b"a\0b") for b in zlib.compress(b"\0" * 301 * 300))
    return PNG + head + _chunk(b"tEXt", b"a\0" + b"b" * 60_000) * 200 + pieces + _chunk(b"IEND", b"")


def _jpeg(width: int, height: int) -> bytes:
    down, across = np.mgrid[0:height, 0:width]
    picture: Picture = ((down * 7 + across * 3) % 256).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", picture)[1])


def _resized_jpeg(width: int, height: int) -> bytes:
    """A small JPEG whose head speaks of another size."""
    data = bytearray(_jpeg(64, 64))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def _many_scans() -> bytes:
    """A progressive picture that refines the same few values thousands of times."""
    file = io.BytesIO()
    Image.new("L", (4000, 4000), 200).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    start = data.index(b"\xff\xda")
    following = data.index(b"\xff\xda", start + 2) if data.count(b"\xff\xda") > 1 else len(data) - 2
    return data[:start] + data[start:following] * 400 + data[following:]


def _with_exif(entry: bytes) -> bytes:
    body = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\x08"
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + _jpeg(64, 64)[2:]


def _page(width: int, height: int, *, packing: int = 1, samples: int = 1, strips: int = 1, place: int = 8) -> list[Tag]:
    return [
        (256, LONG, 1, width),
        (257, LONG, 1, height),
        (258, SHORT, 1, 8 if packing != 4 else 1),
        (259, SHORT, 1, packing),
        (262, SHORT, 1, 1),
        (273, LONG, strips, place),
        (277, SHORT, 1, samples),
        (278, LONG, 1, max(height, 1)),
        (279, LONG, strips, min(width * height, 360_000)),
    ]


def _tiff(pages: Sequence[Sequence[Tag]], *, loop: bool = False) -> bytes:
    """Pages that share their pixels; `loop`: the last one is followed by the first."""
    body = b"\xb4" * 360_000
    data = [b"II*\0" + struct.pack("<I", 8 + len(body)), body]
    at = first = 8 + len(body)
    for number, tags in enumerate(pages, 1):
        size = 2 + 12 * len(tags) + 4
        following = at + size if number < len(pages) else first if loop else 0
        rows = b"".join(struct.pack("<HHII", *tag) for tag in tags)
        data.append(struct.pack("<H", len(tags)) + rows + struct.pack("<I", following))
        at += size
    return b"".join(data)


def _ring() -> bytes:
    return _tiff([_page(50, 50)] * 3, loop=True)


def _bmp(width: int, height: int, bits: int, data: bytes = b"\0" * 1000, *, packing: int = 0) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packing, len(data), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(data), 0, 0, 54) + head + data


def _many_frames() -> bytes:
    frame = b"!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0"
    return b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff" + frame * 100_000 + b";"
