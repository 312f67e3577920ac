"""A PDF of given objects, correct in all but what is meant to be wrong."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
WORDS = b"BT /F1 12 Tf 60 700 Td (2-uslugi IT 12345) Tj ET"


def stream(data: bytes, entries: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream object; `packed` puts Flate on it."""
    if packed:
        data, entries = zlib.compress(data, 9), entries + b"/Filter/FlateDecode"
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data)


def page(entries: bytes = b"/MediaBox[0 0 595 842]", contents: bytes = b"4 0 R", resources: bytes = b"") -> bytes:
    """A page whose parent is object 2 and whose font is object 5."""
    inside = b"/Resources<</Font<</F1 5 0 R>>%b>>" % resources
    return b"<</Type/Page/Parent 2 0 R%b%b/Contents %b>>" % (entries, inside, contents)


def document(objects: Mapping[int, bytes], trailer: bytes = b"", *, header: bytes = HEADER) -> bytes:
    """The objects by number with a table of where they stand; object 1 is the catalogue."""
    data, places = header, {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = max(objects) + 1
    rows = (b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size))
    table = b"xref\n0 %d\n%b" % (size, b"".join(rows))
    ending = b"trailer\n<</Root 1 0 R/Size %d%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(data))
    return data + table + ending


def one_page(
    contents: bytes = WORDS,
    *,
    entries: bytes = b"/MediaBox[0 0 595 842]",
    resources: bytes = b"",
    more: Mapping[int, bytes] | None = None,
    catalogue: bytes = CATALOGUE,
    packed: bool = False,
    trailer: bytes = b"",
) -> bytes:
    """A document of one page; further objects count from 6."""
    objects = {1: catalogue, 2: PAGES, 3: page(entries, resources=resources), 4: stream(contents, packed=packed)}
    return document({**objects, 5: FONT, **(more or {})}, trailer)
