"""PDFs whose structure is cyclic, endless, contradictory or absurdly large."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from corpus.hostile.pdf import CATALOGUE, FONT, HEADER, PAGES, WORDS, document, one_page, page, stream

BOXES = {
    "huge": b"/MediaBox[0 0 1000000000 1000000000]",
    "long": b"/MediaBox[0 0 595 14400000]",
    "zero": b"/MediaBox[0 0 0 0]",
    "negative": b"/MediaBox[595 842 -595 -842]",
    "flat": b"/MediaBox[0 0 595 0.0001]",
    "names": b"/MediaBox[/NaN /Infinity null (x)]",
    "short": b"/MediaBox[0 0 595]",
    "missing": b"",
    "overflow": b"/MediaBox[0 0 1e308 99999999999999999999999999]",
    "far-off": b"/MediaBox[99999999 99999999 100000594 100000841]",
    "crop-outside": b"/MediaBox[0 0 595 842]/CropBox[5000 5000 6000 6000]",
    "crop-huge": b"/MediaBox[0 0 595 842]/CropBox[-2147483648 -2147483648 2147483647 2147483647]",
    "unit-huge": b"/MediaBox[0 0 595 842]/UserUnit 1000000",
    "unit-zero": b"/MediaBox[0 0 595 842]/UserUnit 0",
    "unit-negative": b"/MediaBox[0 0 595 842]/UserUnit -3",
    "turned-odd": b"/MediaBox[0 0 595 842]/Rotate 37",
    "turned-endless": b"/MediaBox[0 0 595 842]/Rotate 99999999999",
    "tiny": b"/MediaBox[0 0 0.5 0.5]",
}
DEEP = 20_000  # levels of nesting
MANY = 50_000  # pages that are one page
CROWD = 3_000_000  # pages a document claims to have


def trees() -> dict[str, Callable[[], bytes]]:
    """Makers by file name."""
    makers: dict[str, Callable[[], bytes]] = {
        f"box-{name}.pdf": partial(one_page, entries=entries) for name, entries in BOXES.items()
    }
    return makers | {
        "pages-own-parent.pdf": lambda: _tree({2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}),
        "pages-ring.pdf": _ring,
        "pages-deep.pdf": _deep_pages,
        "pages-same-many-times.pdf": lambda: _tree({2: b"<</Kids[%b]/Count %d>>" % (b"3 0 R " * MANY, MANY)}),
        "pages-count-lies.pdf": lambda: _tree({2: b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % CROWD}),
        "pages-count-negative.pdf": lambda: _tree({2: b"<</Type/Pages/Kids[3 0 R]/Count -7>>"}),
        "pages-count-overflow.pdf": lambda: _tree({2: b"<</Type/Pages/Kids[3 0 R]/Count 99999999999999>>"}),
        "pages-widening.pdf": _widening,
        "pages-are-fonts.pdf": lambda: _tree({2: b"<</Type/Pages/Kids[5 0 R]/Count 1>>"}),
        "pages-null.pdf": lambda: _tree({2: b"<</Type/Pages/Kids[null null 99 0 R]/Count 3>>"}),
        "root-is-page.pdf": lambda: _tree({1: page()}),
        "root-missing.pdf": lambda: one_page().replace(b"/Root 1 0 R", b"/Root 9 0 R"),
        "root-itself.pdf": lambda: _tree({1: b"<</Type/Catalog/Pages 1 0 R>>"}),
        "outline-ring.pdf": _outline_ring,
        "dests-ring.pdf": lambda: _named(b"/Dests"),
        "files-ring.pdf": lambda: _named(b"/EmbeddedFiles"),
        "number-tree-ring.pdf": lambda: _tree(
            {1: b"<</Type/Catalog/Pages 2 0 R/PageLabels 6 0 R>>", 6: b"<</Kids[6 0 R 6 0 R]>>"}
        ),
        "reference-ring.pdf": lambda: _tree({4: b"6 0 R", 6: b"7 0 R", 7: b"6 0 R"}),
        "length-itself.pdf": lambda: _tree({4: b"<</Length 4 0 R>>\nstream\n%b\nendstream" % WORDS}),
        "length-huge.pdf": lambda: _tree({4: b"<</Length 2147483647>>\nstream\n%b\nendstream" % WORDS}),
        "length-negative.pdf": lambda: _tree({4: b"<</Length -1>>\nstream\n%b\nendstream" % WORDS}),
        "arrays-deep.pdf": lambda: one_page(more={6: b"[" * DEEP + b"]" * DEEP}, trailer=b"/Info 6 0 R"),
        "dictionaries-deep.pdf": lambda: one_page(
            more={6: b"<</A" * DEEP + b" 1" + b">>" * DEEP}, trailer=b"/Info 6 0 R"
        ),
        "contents-deep.pdf": lambda: one_page(b"[" * DEEP + b"]" * DEEP + b" TJ"),
        "states-deep.pdf": lambda: one_page(b"q " * (20 * DEEP) + WORDS, packed=True),
        "forms-ring.pdf": _forms_ring,
        "forms-doubling.pdf": _forms_doubling,
        "xref-ring.pdf": _xref_ring,
        "xref-overlong.pdf": lambda: one_page().replace(b"xref\n0 6", b"xref\n0 999999999"),
        "xref-stream-huge.pdf": lambda: _xref_stream(b"[0 2147483640]", b"[1 8 8]"),
        "xref-stream-wide.pdf": lambda: _xref_stream(b"[0 7]", b"[2147483647 2147483647 2147483647]"),
        "objects-in-themselves.pdf": _object_stream_ring,
        "object-number-huge.pdf": _far_object,
        "no-contents.pdf": lambda: _tree({3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"}),
        "contents-many.pdf": lambda: _tree({3: page(contents=b"[" + b"4 0 R " * MANY + b"]")}),
        "only-header.pdf": lambda: HEADER + b"%%EOF\n",
        "only-mark.pdf": lambda: b"%PDF-",
        "marks-many.pdf": lambda: HEADER + b"%%EOF\nstartxref\n0\n" * MANY,
        "header-late.pdf": lambda: b"\x00" * 900 + one_page(),
        "header-future.pdf": lambda: one_page().replace(b"%PDF-1.7", b"%PDF-9.9"),
        "tail-of-zeros.pdf": lambda: one_page() + b"\x00" * 3_000_000,
    }


def _tree(changed: dict[int, bytes]) -> bytes:
    plain = {1: CATALOGUE, 2: PAGES, 3: page(), 4: stream(WORDS), 5: FONT}
    return document(plain | changed)


def _ring() -> bytes:
    return _tree(
        {
            2: b"<</Type/Pages/Kids[6 0 R]/Count 1>>",
            6: b"<</Type/Pages/Parent 2 0 R/Kids[7 0 R]/Count 1>>",
            7: b"<</Type/Pages/Parent 6 0 R/Kids[6 0 R 3 0 R]/Count 2>>",
        }
    )


def _deep_pages() -> bytes:
    nodes = {n: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 1) for n in range(6, 6 + DEEP)}
    return _tree({2: b"<</Type/Pages/Kids[6 0 R]/Count 1>>"} | nodes | {6 + DEEP: page()})


def _widening() -> bytes:
    """Thirty levels that each hold the next one ten times."""
    nodes = {n: b"<</Type/Pages/Kids[%b]/Count 10>>" % (b"%d 0 R " % (n + 1) * 10) for n in range(6, 36)}
    return _tree({2: b"<</Type/Pages/Kids[6 0 R]/Count 2000000000>>"} | nodes | {36: page()})


def _outline_ring() -> bytes:
    root = b"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R/PageMode/UseOutlines>>"
    items = {6: b"<</First 7 0 R/Last 8 0 R/Count 2>>", 7: b"<</Title(a)/Parent 6 0 R/Next 8 0 R/First 6 0 R>>"}
    return _tree({1: root, **items, 8: b"<</Title(b)/Parent 6 0 R/Next 7 0 R>>"})


def _named(kind: bytes) -> bytes:
    root = b"<</Type/Catalog/Pages 2 0 R/Names<<%b 6 0 R>>>>" % kind
    return _tree({1: root, 6: b"<</Kids[7 0 R 6 0 R]>>", 7: b"<</Kids[6 0 R]/Limits[(a)(z)]>>"})


def _forms_ring() -> bytes:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
    more = {6: stream(b"/X Do", form % 7), 7: stream(b"/X Do", form % 6)}
    return one_page(b"/X Do", resources=b"/XObject<</X 6 0 R>>", more=more)


def _forms_doubling() -> bytes:
    """Twenty-four contents, each of which draws the next one eight times."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
    more = {n: stream(b"/X Do " * 8, form % (n + 1)) for n in range(6, 30)}
    more[30] = stream(b"0 0 10 10 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]")
    return one_page(b"/X Do", resources=b"/XObject<</X 6 0 R>>", more=more)


def _xref_ring() -> bytes:
    data = one_page()
    start = data.rindex(b"xref\n0 ", 0, data.rindex(b"startxref"))
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %010d" % start)


def _xref_stream(index: bytes, widths: bytes) -> bytes:
    data = HEADER
    for number, body in {1: CATALOGUE, 2: PAGES, 3: page(), 4: stream(WORDS), 5: FONT}.items():
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    entries = b"/Type/XRef/Root 1 0 R/Size 2147483647/Index%b/W%b" % (index, widths)
    rows = stream(b"\x01" * 4000, entries, packed=True)
    return data + b"6 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (rows, len(data))


def _object_stream_ring() -> bytes:
    """An object stream that stands within another one, which stands within the first."""
    inner = b"7 0 8 8 <</A 1>> <</B 2>>"
    more = {n: stream(inner, b"/Type/ObjStm/N 2/First 8/Extends %d 0 R" % other) for n, other in ((6, 7), (7, 6))}
    rows = b"".join(bytes([2, 0, 7 if n == 6 else 6, 0]) for n in range(9))
    whole = {1: CATALOGUE, 2: PAGES, 3: page(), 4: stream(WORDS), 5: FONT, **more}
    data = HEADER
    for number, body in whole.items():
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = stream(rows, b"/Type/XRef/Root 1 0 R/Size 9/W[1 2 1]")
    return data + b"9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(data))


def _far_object() -> bytes:
    data = one_page()
    extra = b"4294967290 0 obj\nnull\nendobj\n"
    place = data.rindex(b"xref\n0 ", 0, data.rindex(b"startxref"))
    return data[:place] + extra + data[place:].replace(b"xref\n0 6", b"xref\n4294967290 6")
