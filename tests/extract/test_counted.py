"""What a file would come to is counted, not timed: streams within streams, pages of a TIFF, too many rows of a PNG."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from corpus.hostile.bombs import MEGABYTE, zeros
from corpus.hostile.pdf import one_page, stream
from extract.files import counted
from extract.files.counted import check_unpacked, inflated, tiff_pages
from extract.files.images import decode, png_overflows
from extract.records import Source
from layouts.errors import Rejected


def _checked(tmp_path, data: bytes) -> bool:
    """Whether the file passes."""
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    try:
        check_unpacked(Source("", "a.pdf", path))
    except Rejected as error:
        return error.message_id != "error.unpacks-too-large"
    return True


def _packed(data: bytes, entries: bytes = b"/Filter/FlateDecode") -> bytes:
    return one_page(more={6: stream(data, entries)})


TWICE = b"/Filter[/FlateDecode/FlateDecode]"


@pytest.mark.parametrize(
    ("data", "entries", "passes"),
    [
        (zlib.compress(b"0 0 m 9 9 l S " * 9999), b"/Filter/FlateDecode", True),
        (zeros(120 * MEGABYTE), b"/Filter/FlateDecode", True),
        (zeros(140 * MEGABYTE), b"/Filter/FlateDecode", False),
        (zeros(140 * MEGABYTE) + b"\n\n", b"/Filter/FlateDecode", False),
        (zeros(140 * MEGABYTE), b"/Subtype/Image/Filter/FlateDecode", True),
        (zeros(800 * MEGABYTE), b"/Subtype /Image/Filter/FlateDecode", False),
        (zeros(140 * MEGABYTE), b"/Type/EmbeddedFile/Filter/FlateDecode", True),
        (zlib.compress(zeros(140 * MEGABYTE), 9), TWICE, False),
        (zlib.compress(zlib.compress(b"a" * 999)) + b"\n", TWICE, True),
        (zlib.compress(b"\x81 " * MEGABYTE * 2, 9), b"/Filter[/FlateDecode/RunLengthDecode]", False),
        (b"no packing at all" * 999_999, b"/Filter/FlateDecode", True),
    ],
)
def test_streams_are_counted(tmp_path, data, entries, passes):
    """Of a drawing less is borne than of a picture; what is carried along is never unpacked."""
    assert _checked(tmp_path, _packed(data, entries)) is passes


def test_unpacking_ends_with_the_packing():
    """Bytes after it, damage, an end too early: what was unpacked so far, and no more."""
    whole = zlib.compress(b"a" * 5_000_000)
    for data, least in ((whole + b"\n", 5_000_000), (whole[:-9], 1), (b"\x78\x9cdamage", 0)):
        sizes = [len(piece) for piece in inflated(iter([data]))]
        assert max(sizes, default=0) <= counted.STEP
        assert sum(sizes) >= least


def _directories(count: int, *, back: bool = False, order: str = "<") -> bytes:
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    rows = [struct.pack(order + "HI", 0, 8 + 6 * (n + 1)) for n in range(count)]
    rows[-1] = struct.pack(order + "HI", 0, 8 if back else 0)
    return head + b"".join(rows)


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (_directories(1), 1),
        (_directories(12, order=">"), 12),
        (_directories(12, back=True), 12),
        (_directories(50), 20),
        (b"II*\0\xf0\xff\xff\xff", 1),
        (b"II*\0", 1),
        (b"", 1),
    ],
)
def test_pages_of_a_tiff_are_counted(data, pages):
    """Rings once around, endless chains up to a limit, damage as one page."""
    assert tiff_pages(io.BytesIO(data), 20) == pages


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "I;16"])
def test_whole_pictures_do_not_overflow(mode):
    """Whatever their channels."""
    file = io.BytesIO()
    Image.fromarray(np.arange(900, dtype=np.uint16).reshape(30, 30)).convert("I").convert(mode).save(file, "PNG")
    assert not png_overflows(file.getvalue())
    assert decode(file.getvalue()) is not None
