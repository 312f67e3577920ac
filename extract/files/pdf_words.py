"""The text layer of a PDF page → words with boxes, as far as a person can see them."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium_c

from extract.files.pdf_objects import PageObjects, PlacedImage
from extract.records import Box, Segment, Word

MOST_CHARACTERS = 400_000  # a page; more is no form
ODD_ANGLE = math.radians(8)  # text farther off the page's axes is a watermark across it, not part of the form
SURE_GAP = 0.25  # of the line's height: a gap that parts words whatever the file says
SPACE_GAP = 0.08  # of the line's height: a space narrower than this is kerning that looks like one
WALL_GAP = 0.4  # points: characters nearer than this are one word though a ruling runs between them
RAISED = 0.9  # of the font size: a smaller character is the mark of a footnote, not a digit of the number
STEP_BACK = 0.5  # of the line's height: a character this far back begins something else
OTHER_SIZE = 0.05  # share of a font's size by which another differs
OFF_BASELINE = 0.15  # of the line's height: how far a raised mark's foot stands off
LINE_STEP = 0.5  # of the line's height: a character this far above or below is on another line
PALE = 225  # grey level from which text may be in the colour of the paper
HIDING_IMAGE = 0.25  # of the page's area: opaque pictures of this size hide the text that was drawn before them
ASCENT = 0.85  # of the font size, above the baseline: what fonts commonly have
DESCENT = 0.25  # likewise, below
ACCENTED = range(0xC0, 0x100)
PRIVATE_USE = range(0xE000, 0xF900)
HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})  # what a hyphen at a line's end comes as
UNDRAWN = frozenset({pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP})
NOTHING = frozenset({0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF})

# The calls made for every character, with plain addresses in place of typed pointers: they take half the time.
_text_object = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
_render_mode = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdfium_c.FPDFTextObj_GetTextRenderMode, ctypes.c_void_p).value or 0
)
_fill_colour = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, *[ctypes.POINTER(ctypes.c_uint)] * 4)(
    ctypes.cast(pdfium_c.FPDFPageObj_GetFillColor, ctypes.c_void_p).value or 0
)


@dataclass(slots=True)
class PageText:
    """The words of a page, and how far its characters can be trusted."""

    words: list[Word] = field(default_factory=list)
    pale: list[bool] = field(default_factory=list)  # of each word: it is in the paper's colour, perhaps hidden
    visible: int = 0  # characters drawn
    garbage: int = 0  # of them, those without usable Unicode


@dataclass(frozen=True, slots=True)
class _Style:
    """What holds for all characters of one text object."""

    turn: int  # degrees clockwise to upright; -1: askew
    shown: bool
    pale: bool
    mapped: bool
    order: int
    size: float  # of its font as drawn, points


@dataclass(slots=True)
class _Run:
    """A word while it grows; `end`, `low` and `high` are measured along and across the direction of reading."""

    style: _Style
    text: list[str]
    boxes: list[Box]
    end: float
    low: float
    high: float


def page_text(page: Any, objects: PageObjects) -> PageText:
    """The visible words of a page in the order of its content, in stored points."""
    handle = pdfium_c.FPDFText_LoadPage(page)
    if not handle:
        return PageText()
    try:
        return _TextReader(handle, objects).read()
    finally:
        pdfium_c.FPDFText_ClosePage(handle)


class _TextReader:
    """Goes through the characters of one page; the buffers of its calls are made once."""

    def __init__(self, handle: Any, objects: PageObjects) -> None:
        self.handle = handle
        self.objects = objects
        self.paper = Box(0, 0, objects.width, objects.height)
        self.styles: dict[int, _Style] = {}
        self.rectangle = pdfium_c.FS_RECTF()
        self.matrix = pdfium_c.FS_MATRIX()
        self.colour = [ctypes.c_uint(0) for _ in range(4)]
        self.found = PageText()
        self.run: _Run | None = None
        self.walls: dict[int, list[tuple[float, float, float]]] = {}
        self.hiding = [
            image
            for image in objects.images
            if not image.see_through and image.box.width * image.box.height > HIDING_IMAGE * objects.area
        ]

    def read(self) -> PageText:
        """All visible words."""
        spaced = False
        for index in range(min(pdfium_c.FPDFText_CountChars(self.handle), MOST_CHARACTERS)):
            code = pdfium_c.FPDFText_GetUnicode(self.handle, index)
            if code in NOTHING:
                continue
            text = "-" if code in HYPHENS else chr(code)
            if text.isspace():
                spaced = True
                continue
            style = self._style(index)
            if style.shown and style.turn >= 0:
                self._take(index, text, style, spaced=spaced)
            spaced = False
        self._finish()
        return self.found

    def _take(self, index: int, text: str, style: _Style, *, spaced: bool) -> None:
        box = self._box(index, style)
        if not self.paper.holds(*box.centre) or (self.hiding and _hidden(box, style.order, self.hiding)):
            return
        self.found.visible += 1
        if not style.mapped or _is_garbage(text):
            self.found.garbage += 1
        start, end, low, high = along(box, style.turn)
        run = self.run
        if (
            run is None
            or run.style.turn != style.turn
            or not RAISED <= style.size / max(run.style.size, 0.1) <= 1 / RAISED
            or _shifted(run, style.size, low, high)
            or _parted(run, start, low, high, spaced=spaced)
            or self._walled(run, style, start, (low + high) / 2)
        ):
            self._finish()
            self.run = _Run(style, [text], [box], end, low, high)
            return
        run.text.append(text)
        run.boxes.append(box)
        run.end, run.low, run.high = max(run.end, end), low, high

    def _walled(self, run: _Run, style: _Style, start: float, middle: float) -> bool:
        """Whether a ruling stands between a word and the next character; a word written over a ruling stays whole."""
        if start - run.end < WALL_GAP:
            return False
        if style.turn not in self.walls:
            self.walls[style.turn] = _walls(self.objects.segments, style.turn)
        walls = self.walls[style.turn]
        first = bisect_left(walls, (run.end - WALL_GAP,))
        return any(low <= middle <= high for _, low, high in walls[first : bisect_left(walls, (start + WALL_GAP,))])

    def _finish(self) -> None:
        if self.run is not None:
            text = unicodedata.normalize("NFC", "".join(self.run.text))
            self.found.words.append(Word(text, Box.around(self.run.boxes), self.run.style.turn))
            self.found.pale.append(self.run.style.pale)
        self.run = None

    def _box(self, index: int, style: _Style) -> Box:
        """The advance box of a character, font height high also where the font does not say its height."""
        rectangle = self.rectangle
        pdfium_c.FPDFText_GetLooseCharBox(self.handle, index, rectangle)
        box = self.objects.place(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        across = box.width if style.turn in {90, 270} else box.height
        return box if across >= style.size else self._on_baseline(index, box, style)

    def _on_baseline(self, index: int, box: Box, style: _Style) -> Box:
        """A box cut to its ink, given the height of its font."""
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium_c.FPDFText_GetCharOrigin(self.handle, index, x, y)
        origin = self.objects.place(x.value, y.value, x.value, y.value)
        up, down = ASCENT * style.size, DESCENT * style.size
        if style.turn == 90:
            return Box(origin.x0 - up, box.y0, origin.x0 + down, box.y1)
        if style.turn == 180:
            return Box(box.x0, origin.y0 - down, box.x1, origin.y0 + up)
        if style.turn == 270:
            return Box(origin.x0 - down, box.y0, origin.x0 + up, box.y1)
        return Box(box.x0, origin.y0 - up, box.x1, origin.y0 + down)

    def _style(self, index: int) -> _Style:
        address = _text_object(self.handle, index) or 0
        style = self.styles.get(address)
        if style is None:
            style = self.styles[address] = self._new_style(index, address)
        return style

    def _new_style(self, index: int, address: int) -> _Style:
        raw = self.matrix
        pdfium_c.FPDFText_GetMatrix(self.handle, index, raw)
        quarters, askew = _quarters(raw.a, raw.b) if raw.b or raw.a <= 0 else (0, False)
        mode = _render_mode(address) if address else pdfium_c.FPDF_TEXTRENDERMODE_FILL
        known = bool(address) and bool(_fill_colour(address, *self.colour))
        red, green, blue, alpha = [part.value for part in self.colour] if known else (0, 0, 0, 255)
        return _Style(
            turn=-1 if askew else 90 * quarters,
            shown=mode not in UNDRAWN and not (alpha == 0 and mode == pdfium_c.FPDF_TEXTRENDERMODE_FILL),
            pale=(299 * red + 587 * green + 114 * blue) / 1000 >= PALE,
            mapped=pdfium_c.FPDFText_HasUnicodeMapError(self.handle, index) != 1,
            order=self.objects.order.get(address, -1),
            size=pdfium_c.FPDFText_GetFontSize(self.handle, index) * (math.hypot(raw.c, raw.d) or 1.0),
        )


def _quarters(cosine: float, sine: float) -> tuple[int, bool]:
    """How many quarter turns text is turned counter-clockwise, and whether it stands askew.

    >>> _quarters(1, 0), _quarters(0, 2), _quarters(-1, 0.01), _quarters(1, 1)
    ((0, False), (1, False), (2, False), (0, True))
    """
    angle = math.atan2(sine, cosine)
    quarters = round(angle / (math.pi / 2))
    return quarters % 4, abs(angle - quarters * math.pi / 2) > ODD_ANGLE


def _walls(segments: Sequence[Segment], turn: int) -> list[tuple[float, float, float]]:
    """Rulings across the direction of reading: where they stand, and from where to where they reach."""
    placed = [along(Box(s.x0, s.y0, s.x1, s.y1), turn) for s in segments]
    return sorted((start, low, high) for start, end, low, high in placed if high - low > end - start)


def along(box: Box, turn: int) -> tuple[float, float, float, float]:
    """(start, end) along the direction of reading and (low, high) across it.

    >>> along(Box(1, 2, 4, 3), 0), along(Box(1, 2, 4, 3), 90)
    ((1, 4, 2, 3), (-3, -2, 1, 4))
    """
    if turn == 90:
        return -box.y1, -box.y0, box.x0, box.x1
    if turn == 180:
        return -box.x1, -box.x0, -box.y1, -box.y0
    if turn == 270:
        return box.y0, box.y1, -box.x1, -box.x0
    return box.x0, box.x1, box.y0, box.y1


def _parted(run: _Run, start: float, low: float, high: float, *, spaced: bool) -> bool:
    """Whether a character begins another word than the one before it."""
    height = max(run.high - run.low, high - low, 0.1)
    gap = start - run.end
    if abs((low + high) - (run.low + run.high)) / 2 > LINE_STEP * height or gap < -STEP_BACK * height:
        return True
    return gap > SURE_GAP * height or (spaced and gap > SPACE_GAP * height)


def _shifted(run: _Run, size: float, low: float, high: float) -> bool:
    """Whether a character of another size stands higher or lower: the mark of a note, no figure of a number."""
    if abs(size - run.style.size) <= OTHER_SIZE * run.style.size:
        return False
    return abs(high - run.high) > OFF_BASELINE * max(high - low, run.high - run.low)


def _hidden(box: Box, order: int, hiding: list[PlacedImage]) -> bool:
    x, y = box.centre
    return any(0 <= order < image.order and image.box.holds(x, y) for image in hiding)


def _is_garbage(text: str) -> bool:
    """Whether a character cannot be what is drawn: no mapping, a control character, a private code.

    Accented Latin letters count too: they stand where Cyrillic ones were written in an old font of one byte a letter.
    """
    code = ord(text)
    return code < 0x20 or 0x7F <= code < 0xA0 or code == 0xFFFD or code in PRIVATE_USE or code in ACCENTED
