"""PDFs that unpack, draw or compute far more than their size lets expect."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from corpus.hostile.pdf import FONT, PAGES, WORDS, document, one_page, page, stream

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
SQUARES = b"1 0 0 rg 10 10 20 20 re f "
IMAGE = b"/Type/XObject/Subtype/Image"
SHOWN = b"q 500 0 0 700 40 60 cm /X Do Q"


def zeros(size: int, byte: bytes = b"\0") -> bytes:
    """So many equal bytes (whole megabytes) packed with Flate at a thousandth of their size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(byte * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    value, base = byte[0], 65_521  # RFC 1950: the sums of Adler-32 in closed form
    low, high = (1 + size * value) % base, (size + value * (size * (size + 1) // 2)) % base
    return b"\x78\xda" + block * (size // MEGABYTE) + b"\x03\x00" + (high << 16 | low).to_bytes(4, "big")


def bombs() -> dict[str, Callable[[], bytes]]:
    """Makers by file name."""
    return _streams() | _pictures() | _drawings()


def _streams() -> dict[str, Callable[[], bytes]]:
    """Contents that unpack to far more than they are."""
    return {
        "flate-contents.pdf": lambda: _contents(zeros(4 * GIGABYTE, b" ")),
        "flate-contents-digits.pdf": lambda: _contents(zeros(GIGABYTE, b"1")),
        "flate-twice.pdf": lambda: _contents(
            zlib.compress(zeros(4 * GIGABYTE, b" "), 9), b"[/FlateDecode/FlateDecode]"
        ),
        "flate-thrice.pdf": lambda: _contents(
            zlib.compress(zlib.compress(zeros(2 * GIGABYTE, b" "), 9), 9), b"[/FlateDecode/FlateDecode/FlateDecode]"
        ),
        "filters-hundred.pdf": lambda: _contents(b"00>", b"[" + b"/ASCIIHexDecode" * 1000 + b"]"),
        "runs.pdf": lambda: _contents(zlib.compress(b"\x81 " * (8 << 20), 9), b"[/FlateDecode/RunLengthDecode]"),
        "lzw.pdf": lambda: _contents(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01" * 20_000, b"/LZWDecode"),
        "predictor-wide.pdf": lambda: _contents(
            zeros(64 << 20),
            b"/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647/Colors 32/BitsPerComponent 16>>",
        ),
        "flate-object-stream.pdf": _object_stream,
    }


def _pictures() -> dict[str, Callable[[], bytes]]:
    """Images that claim, or are, more than memory holds."""
    return {
        "flate-image.pdf": lambda: _image(20_000, 20_000, zeros(400 << 20)),
        "flate-image-lies.pdf": lambda: _image(100, 100, zeros(2 * GIGABYTE)),
        "image-short.pdf": lambda: _image(12_000, 12_000, zlib.compress(b"\0" * 100)),
        "image-overflow.pdf": lambda: _image(65_536, 65_537, zlib.compress(b"\0" * 100)),
        "image-endless.pdf": lambda: _image(2_147_483_647, 2_147_483_647, zlib.compress(b"\0")),
        "image-zero.pdf": lambda: _image(0, 0, zlib.compress(b"")),
        "image-negative.pdf": lambda: _image(-5, -5, zlib.compress(b"\0" * 100)),
        "image-many.pdf": _many_images,
        "image-mask-ring.pdf": _mask_ring,
        "image-mask-huge.pdf": _mask_huge,
        "jpx-lies.pdf": lambda: _image(100, 100, _jpx(60_000, 60_000), b"/JPXDecode"),
        "jpx-tiles.pdf": lambda: _image(1000, 1000, _jpx(65_535, 65_535, 1), b"/JPXDecode"),
        "jbig2-lies.pdf": lambda: _image(100, 100, _jbig2(60_000, 60_000), b"/JBIG2Decode", b"/DeviceGray", 1),
        "jbig2-endless.pdf": lambda: _image(100, 100, _jbig2(2**32 - 1, 2**32 - 1), b"/JBIG2Decode", b"/DeviceGray", 1),
        "fax-lies.pdf": lambda: _image(
            30_000,
            30_000,
            b"\xff" * 2000,
            b"/CCITTFaxDecode/DecodeParms<</K -1/Columns 2000000000/Rows 2000000000>>",
            b"/DeviceGray",
            1,
        ),
        "dct-broken.pdf": lambda: _image(
            3000, 3000, b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03" + b"\0" * 99, b"/DCTDecode"
        ),
    }


def _drawings() -> dict[str, Callable[[], bytes]]:
    """Paths, text, patterns and fonts without end."""
    return {
        "objects-many.pdf": lambda: _contents(zlib.compress(SQUARES * 400_000, 9)),
        "path-long.pdf": lambda: _contents(zlib.compress(b"0 0 m " + b"9 9 l 0 0 l " * 2_000_000 + b"S", 9)),
        "path-curves.pdf": lambda: _contents(zlib.compress(b"0 0 m " + b"1e9 0 0 1e9 5 5 c " * 400_000 + b"S", 9)),
        "clips-many.pdf": lambda: _contents(zlib.compress(b"q 0 0 595 842 re W n " * 200_000, 9)),
        "text-long.pdf": lambda: _contents(zlib.compress(b"BT /F1 9 Tf 9 9 Td (" + b"8" * 8_000_000 + b") Tj ET", 9)),
        "text-pieces.pdf": lambda: _contents(zlib.compress(b"BT /F1 9 Tf " + b"1 0 Td (8) Tj " * 600_000 + b"ET", 9)),
        "text-giant.pdf": lambda: one_page(b"BT /F1 1e9 Tf 60 700 Td (12345) Tj ET"),
        "text-nan.pdf": lambda: one_page(b"BT /F1 1e400 Tf 1e400 -1e400 Td 0 0 0 0 0 0 Tm (12345) Tj ET"),
        "dashes.pdf": lambda: one_page(b"[0.00001 0.00001] 0 d 0 0 m 595 842 l 0 842 m 595 0 l S"),
        "lines-wide.pdf": lambda: one_page(b"1e30 w 1e30 1e30 m -1e30 -1e30 l S " * 50),
        "pattern-tiny.pdf": _pattern,
        "shading-deep.pdf": _shading,
        "function-ring.pdf": _function_ring,
        "patches.pdf": _patches,
        "blending-many.pdf": _blending,
        "font-ring.pdf": _font_ring,
        "font-broken.pdf": lambda: _font(b"\0\1\0\0" + b"\xff" * 4000),
        "font-random.pdf": lambda: _font(bytes((i * 7919) % 251 for i in range(60_000))),
        "cmap-ranges.pdf": _cmap,
        "annotations-many.pdf": _annotations,
        "fields-ring.pdf": _fields_ring,
        "colour-ring.pdf": lambda: one_page(
            b"/C cs 0 scn 10 10 500 500 re f",
            resources=b"/ColorSpace<</C 6 0 R>>",
            more={6: b"[/Indexed 6 0 R 255 (abc)]"},
        ),
    }


def _contents(data: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    body = b"<</Filter%b/Length %d>>\nstream\n%b\nendstream" % (filters, len(data), data)
    return document({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: PAGES, 3: page(), 4: body, 5: FONT})


def _image(
    width: int,
    height: int,
    data: bytes,
    filters: bytes = b"/FlateDecode",
    colours: bytes = b"/DeviceRGB",
    bits: int = 8,
) -> bytes:
    facts = b"%b/Width %d/Height %d/ColorSpace%b/BitsPerComponent %d" % (IMAGE, width, height, colours, bits)
    body = b"<<%b/Filter%b/Length %d>>\nstream\n%b\nendstream" % (facts, filters, len(data), data)
    return one_page(SHOWN, resources=b"/XObject<</X 6 0 R>>", more={6: body})


def _object_stream() -> bytes:
    data = b"%b/Filter/FlateDecode/N 2000000/First 16" % b"/Type/ObjStm"
    packed = zeros(2 * GIGABYTE, b" ")
    body = b"<<%b/Length %d>>\nstream\n%b\nendstream" % (data, len(packed), packed)
    return one_page(more={6: body}, catalogue=b"<</Type/Catalog/Pages 2 0 R/Names 7 0 R>>")


def _many_images() -> bytes:
    """Two thousand pictures of 36 million pixels each, all the same object."""
    facts = b"%b/Width 6000/Height 6000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode" % IMAGE
    packed = zeros(36 << 20)
    body = b"<<%b/Length %d>>\nstream\n%b\nendstream" % (facts, len(packed), packed)
    return one_page(b"q 9 0 0 9 9 9 cm /X Do Q " * 2000, resources=b"/XObject<</X 6 0 R>>", more={6: body})


def _mask_ring() -> bytes:
    facts = b"%b/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8/SMask %%d 0 R" % IMAGE
    more = {6: stream(b"\0" * 100, facts % 7), 7: stream(b"\0" * 100, facts % 6)}
    return one_page(SHOWN, resources=b"/XObject<</X 6 0 R>>", more=more)


def _mask_huge() -> bytes:
    facts = b"%b/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8/SMask 7 0 R" % IMAGE
    mask = b"%b/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode" % IMAGE
    packed = zeros(GIGABYTE)
    body = b"<<%b/Length %d>>\nstream\n%b\nendstream" % (mask, len(packed), packed)
    return one_page(SHOWN, resources=b"/XObject<</X 6 0 R>>", more={6: stream(b"\0" * 100, facts), 7: body})


def _jpx(width: int, height: int, tile: int = 0) -> bytes:
    """The head of a JPEG 2000 code stream that promises so many pixels, in tiles of one pixel if asked for."""
    sides = b"".join(n.to_bytes(4, "big") for n in (width, height, 0, 0, tile or width, tile or height, 0, 0))
    size = b"\xff\x51\x00\x29\x00\x00" + sides + b"\x00\x01\x07\x01\x01"
    style = b"\xff\x52\x00\x0c\x00\x00\x00\x01\x00\x05\x04\x04\x00\x01"
    steps = b"\xff\x5c\x00\x13\x40" + b"\x40" * 16
    return b"\xff\x4f" + size + style + steps + b"\xff\x90\x00\x0a\x00\x00\x00\x00\x00\x00\x00\x01\xff\x93\xff\xd9"


def _jbig2(width: int, height: int) -> bytes:
    """A JBIG2 page and a generic region of so many pixels without data."""
    sides = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    paper = b"\0\0\0\0\x30\0\x01" + (19).to_bytes(4, "big") + sides + b"\0" * 11
    region = sides + b"\0" * 8 + b"\0" + b"\x08" + b"\x03\xff\xfd\xff\x02\xfe\xfe\xfe" + b"\0" * 8
    return paper + b"\0\0\0\x01\x26\0\x01" + len(region).to_bytes(4, "big") + region


def _pattern() -> bytes:
    facts = b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.0001/YStep 0.0001/Resources<<>>"
    drawing = b"/Pattern cs /P scn 0 0 595 842 re f"
    return one_page(drawing, resources=b"/Pattern<</P 6 0 R>>", more={6: stream(b"0 0 1 1 re f", facts)})


def _shading() -> bytes:
    code = b"{" + b"{" * 400 + b"dup mul" + b"}" * 400 + b"}"
    function = stream(code, b"/FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]")
    shading = b"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 1e9 1e9]/Function 7 0 R/Extend[true true]>>"
    return one_page(b"/S sh " * 500, resources=b"/Shading<</S 6 0 R>>", more={6: shading, 7: function})


def _function_ring() -> bytes:
    shading = b"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 595 842]/Function 7 0 R>>"
    function = b"<</FunctionType 3/Domain[0 1]/Functions[7 0 R 7 0 R]/Bounds[0.5]/Encode[0 1 0 1]>>"
    return one_page(b"/S sh", resources=b"/Shading<</S 6 0 R>>", more={6: shading, 7: function})


def _patches() -> bytes:
    facts = b"/ShadingType 6/ColorSpace/DeviceGray/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8"
    shading = stream(b"\0" + bytes(range(28)) + b"\1\2\3\4" * 200_000, facts + b"/Decode[0 595 0 842 0 1]", packed=True)
    return one_page(b"/S sh", resources=b"/Shading<</S 6 0 R>>", more={6: shading})


def _blending() -> bytes:
    facts = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Group<</S/Transparency/I true/K true>>"
    state = b"/ExtGState<</G<</BM/Luminosity/ca 0.5/SMask<</S/Luminosity/G 6 0 R>>>>>>/XObject<</X 6 0 R>>"
    return one_page(b"/G gs /X Do " * 5000, resources=state, more={6: stream(b"0 0 595 842 re f", facts)})


def _font_ring() -> bytes:
    """A drawn font whose letter is written in that very font."""
    font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 7 0 R>>"
    font += b"/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[9]/Resources<</Font<</T 6 0 R>>>>>>"
    letter = stream(b"9 0 d0 BT /T 1 Tf (aaaaaaaa) Tj ET")
    objects = {4: stream(b"BT /T 20 Tf 50 500 Td (aaaa) Tj ET"), 5: FONT, 6: font, 7: letter}
    paper = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</T 6 0 R>>>>/Contents 4 0 R>>"
    return document({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: PAGES, 3: paper, **objects})


def _font(program: bytes) -> bytes:
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/Broken/FirstChar 32/LastChar 255/FontDescriptor 6 0 R>>"
    about = b"<</Type/FontDescriptor/FontName/Broken/Flags 4/FontFile2 7 0 R/FontBBox[0 0 1 1]>>"
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: PAGES, 3: page(), 4: stream(WORDS), 5: font}
    return document({**objects, 6: about, 7: stream(program, b"/Length1 %d" % len(program), packed=True)})


def _cmap() -> bytes:
    ranges = b"<0000> <ffff> <0000>\n" * 100
    text = (
        b"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + (b"100 beginbfrange\n" + ranges + b"endbfrange\n") * 200
    )
    font = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 6 0 R>>"
    below = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>"
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: PAGES, 3: page(), 4: stream(WORDS), 5: font}
    return document({**objects, 6: stream(text, packed=True), 7: below})


def _annotations() -> bytes:
    note = b"<</Type/Annot/Subtype/FreeText/Rect[9 9 90 90]/Contents(%b)/DA(/F1 9 Tf)>>" % (b"12345 " * 200)
    return one_page(entries=b"/MediaBox[0 0 595 842]/Annots[%b]" % (b"6 0 R " * 100_000), more={6: note})


def _fields_ring() -> bytes:
    root = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/DA(/F1 9 Tf)/NeedAppearances true>>>>"
    more = {6: b"<</T(a)/Kids[7 0 R 6 0 R]/Parent 7 0 R>>", 7: b"<</T(b)/Kids[6 0 R]/Parent 6 0 R/FT/Tx/V(1)>>"}
    return one_page(entries=b"/MediaBox[0 0 595 842]/Annots[6 0 R 7 0 R]", more=more, catalogue=root)
