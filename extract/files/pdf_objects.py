"""The drawn objects of a PDF page: rulings as segments, pictures, and which object hides which."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from extract.records import Box, Segment

MOST_OBJECTS = 200_000  # a page; no form has a tenth of that
MOST_LAYERS = 500  # see-through contents of a page: each is drawn on a sheet of its own
DEEPEST = 12  # levels of content within content
MOST_PATH_SEGMENTS = 4_000  # a path with more is a drawing, not rulings
THICKEST = 4.0  # points; a thicker bar is a filled area, not a ruling
SHORTEST = 1.5  # points; shorter strokes are dots and serifs
LONGER = 2.0  # a ruling is at least this many times as long as thick
SLANT = 0.01  # rulings off by more than this share of their length are no rulings
PALE = 235  # grey level from which a colour counts as the paper's
DOT = 1.6  # points; drawn squares up to this size, in a row, are a dotted ruling
DOT_GAP = 4.0  # points between the dots of a ruling
FEWEST_DOTS = 6
ALIGNED = 0.2  # points that the dots of a ruling may be off
MOST_DOTTED = 1000  # rows of dots in one direction; a page with more is a drawing
HATCHED = 3.5  # points; dotted rulings nearer to each other are a shaded area
STROKED_SHARE = 0.5  # of a box's side must be straight for its rounded corners not to matter


class Matrix(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f, as PDF has it."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, outer: Matrix) -> Matrix:
        """The matrix that does this one first and the outer one after."""
        return Matrix(
            self.a * outer.a + self.b * outer.c,
            self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c,
            self.c * outer.b + self.d * outer.d,
            self.e * outer.a + self.f * outer.c + outer.e,
            self.e * outer.b + self.f * outer.d + outer.f,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """A picture on the page."""

    handle: Any
    box: Box  # stored points, cut to the page
    pixels: tuple[int, int]  # width, height
    order: int  # objects with a higher order are drawn over it
    see_through: bool
    straight: bool  # its sides are parallel to the page's
    sideways: bool  # turned by 90° or 270°
    mirrored: bool


@dataclass(slots=True)
class PageObjects:
    """What is drawn on a page, in points of the unrotated page, origin top left."""

    left: float  # of the page in PDF's own coordinates
    top: float
    width: float
    height: float
    segments: tuple[Segment, ...] = ()
    images: list[PlacedImage] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)  # address of a text object → its order
    curves: int = 0  # drawn paths that are no rulings
    cut_short: bool = False  # there are more objects than any form has

    @property
    def area(self) -> float:
        """Of the page, in square points."""
        return self.width * self.height

    def place(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """A box in PDF's coordinates as stored points."""
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        return Box(x0 - self.left, self.top - y1, x1 - self.left, self.top - y0)


def page_objects(page: Any) -> PageObjects:
    """Rulings, pictures and drawing order of a page. Paths in the paper's own colour count as not drawn."""
    bounds = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page, bounds)
    width, height = page.get_size()
    found = PageObjects(bounds.left, bounds.top, width, height)
    segments: list[Segment] = []
    layers = 0
    reader = _PathReader(found)
    for order, (handle, kind, matrix) in enumerate(_walk(page)):
        if order >= MOST_OBJECTS:
            found.cut_short = True
            break
        if kind == pdfium_c.FPDF_PAGEOBJ_FORM:
            layers += bool(pdfium_c.FPDFPageObj_HasTransparency(handle))
            found.cut_short = layers > MOST_LAYERS
            if found.cut_short:
                break
        elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            segments.extend(reader.rulings(handle, matrix))
        elif kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            found.order[_address(handle)] = order
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            _take_image(found, segments, handle, matrix, order)
    found.segments = (*segments, *_dotted(reader.dots))
    return found


def _address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _walk(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """All objects of the page in drawing order, content forms before what is in them: (handle, type, matrix)."""
    stack = [(page, 0, pdfium_c.FPDFPage_CountObjects(page), Matrix(), pdfium_c.FPDFPage_GetObject)]
    while stack:
        parent, index, count, matrix, get = stack.pop()
        while index < count:
            handle = get(parent, index)
            index += 1
            kind = pdfium_c.FPDFPageObj_GetType(handle) if handle else pdfium_c.FPDF_PAGEOBJ_UNKNOWN
            yield handle, kind, matrix
            if kind == pdfium_c.FPDF_PAGEOBJ_FORM and len(stack) < DEEPEST:
                stack.append((parent, index, count, matrix, get))
                inner = pdfium_c.FPDFFormObj_CountObjects(handle)
                stack.append((handle, 0, inner, _matrix(handle).then(matrix), pdfium_c.FPDFFormObj_GetObject))
                break


def _matrix(handle: Any) -> Matrix:
    raw = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(handle, raw)
    return Matrix(raw.a, raw.b, raw.c, raw.d, raw.e, raw.f)


def _take_image(found: PageObjects, segments: list[Segment], handle: Any, outer: Matrix, order: int) -> None:
    """Notes a picture; one as thin as a ruling is a ruling."""
    matrix = _matrix(handle).then(outer)
    corners = [matrix.at(x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    box = found.place(min(xs), min(ys), max(xs), max(ys))
    ruling = _thin(box)
    if ruling is not None:
        segments.append(ruling)
        return
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(handle, width, height)
    upright = abs(matrix.b) + abs(matrix.c) < SLANT * (abs(matrix.a) + abs(matrix.d))
    sideways = abs(matrix.a) + abs(matrix.d) < SLANT * (abs(matrix.b) + abs(matrix.c))
    found.images.append(
        PlacedImage(
            handle=handle,
            box=_cut(box, found),
            pixels=(width.value, height.value),
            order=order,
            see_through=bool(pdfium_c.FPDFPageObj_HasTransparency(handle)),
            straight=upright or sideways,
            sideways=sideways,
            mirrored=matrix.a * matrix.d - matrix.b * matrix.c < 0,
        )
    )


def _cut(box: Box, page: PageObjects) -> Box:
    x0, y0 = min(max(box.x0, 0.0), page.width), min(max(box.y0, 0.0), page.height)
    return Box(x0, y0, max(x0, min(box.x1, page.width)), max(y0, min(box.y1, page.height)))


def _thin(box: Box) -> Segment | None:
    """A bar as the stroke along its middle, or None if it is too thick or too short."""
    x, y = box.centre
    if box.height <= THICKEST and box.width >= max(LONGER * box.height, SHORTEST):
        return Segment(box.x0, y, box.x1, y)
    if box.width <= THICKEST and box.height >= max(LONGER * box.width, SHORTEST):
        return Segment(x, box.y0, x, box.y1)
    return None


class _PathReader:
    """Reads rulings out of paths; the buffers of its calls are made once."""

    def __init__(self, page: PageObjects) -> None:
        self.page = page
        self.fill, self.stroke = ctypes.c_int(), ctypes.c_int()
        self.sides = [ctypes.c_float() for _ in range(4)]
        self.point = (ctypes.c_float(), ctypes.c_float())
        self.colour = [ctypes.c_uint() for _ in range(4)]
        self.dots: list[tuple[float, float]] = []  # middles of squares too small to be rulings by themselves

    def rulings(self, handle: Any, outer: Matrix) -> list[Segment]:
        """The axis-parallel strokes of a path, stored points; bars and outlined bars as one stroke each."""
        pdfium_c.FPDFPath_GetDrawMode(handle, self.fill, self.stroke)
        stroked = bool(self.stroke.value) and self._inked(pdfium_c.FPDFPageObj_GetStrokeColor, handle)
        filled = bool(self.fill.value) and self._inked(pdfium_c.FPDFPageObj_GetFillColor, handle)
        if not (stroked or filled):
            return []
        if filled and not stroked:
            box = self._bounds(handle, outer)
            bar = _thin(box)
            if bar is not None:
                return [bar]
            if max(box.width, box.height) <= DOT:
                self.dots.append(box.centre)
                return []
        subpaths = self._subpaths(handle, _matrix(handle).then(outer))
        strokes = [side for subpath in subpaths for side in _sides(subpath)]
        if not stroked:
            strokes = _paired(strokes) if len(strokes) > 4 else []
        if not strokes:
            self.page.curves += 1
        return strokes

    def _inked(self, get: Any, handle: Any) -> bool:
        """Whether a colour shows on white paper."""
        if not get(handle, *self.colour):
            return True  # a pattern or shading
        red, green, blue, alpha = (part.value for part in self.colour)
        return alpha > 0 and (299 * red + 587 * green + 114 * blue) / 1000 < PALE

    def _bounds(self, handle: Any, outer: Matrix) -> Box:
        pdfium_c.FPDFPageObj_GetBounds(handle, *self.sides)
        x0, y0, x1, y1 = (side.value for side in self.sides)
        corners = [outer.at(x, y) for x in (x0, x1) for y in (y0, y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return self.page.place(min(xs), min(ys), max(xs), max(ys))

    def _subpaths(self, handle: Any, matrix: Matrix) -> list[list[tuple[float, float, bool]]]:
        """Points of each subpath with whether a straight line leads there, stored points."""
        subpaths: list[list[tuple[float, float, bool]]] = []
        for index in range(min(pdfium_c.FPDFPath_CountSegments(handle), MOST_PATH_SEGMENTS)):
            segment = pdfium_c.FPDFPath_GetPathSegment(handle, index)
            pdfium_c.FPDFPathSegment_GetPoint(segment, *self.point)
            x, y = matrix.at(self.point[0].value, self.point[1].value)
            kind = pdfium_c.FPDFPathSegment_GetType(segment)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO or not subpaths:
                subpaths.append([])
            placed = (x - self.page.left, self.page.top - y, kind == pdfium_c.FPDF_SEGMENT_LINETO)
            subpaths[-1].append(placed)
            if pdfium_c.FPDFPathSegment_GetClose(segment):
                first = subpaths[-1][0]
                subpaths[-1].append((first[0], first[1], True))
        return subpaths


def _dotted(dots: list[tuple[float, float]]) -> list[Segment]:
    """The rulings that rows of dots make, lying and standing."""
    lying = [Segment(start, at, end, at) for at, start, end in _rows((y, x) for x, y in dots)]
    return lying + [Segment(at, start, at, end) for at, start, end in _rows(dots)]


def _rows(dots: Iterable[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """Rows of dots given as (across, along): where each lies across, and from where to where along."""
    found: list[tuple[float, float, float]] = []
    row: list[tuple[float, float]] = []
    for dot in [*sorted((round(across, 1), along) for across, along in dots), (math.inf, math.inf)]:
        if row and (dot[0] - row[-1][0] > ALIGNED or not 0 <= dot[1] - row[-1][1] <= DOT_GAP):
            if len(row) >= FEWEST_DOTS:
                found.append((row[0][0], row[0][1], row[-1][1]))
            row = []
        row.append(dot)
    if len(found) > MOST_DOTTED:
        return []
    return [one for one in found if not any(_hatches(one, other) for other in found if other is not one)]


def _hatches(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two rows of dots lie too near to each other to be rulings."""
    return abs(one[0] - other[0]) < HATCHED and one[1] < other[2] and other[1] < one[2]


def _sides(points: list[tuple[float, float, bool]]) -> list[Segment]:
    """The axis-parallel straight pieces of a subpath; a box with rounded corners gives its four whole sides."""
    pieces = [
        Segment(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        for (x0, y0, _), (x1, y1, straight) in pairwise(points)
        if straight and _parallel(x1 - x0, y1 - y0)
    ]
    rounded = any(not straight for _, _, straight in points[1:])
    if not rounded or len(pieces) != 4:
        return pieces
    box = Box.around(Box(s.x0, s.y0, s.x1, s.y1) for s in pieces)
    drawn = sum(s.x1 - s.x0 + s.y1 - s.y0 for s in pieces)
    if drawn < STROKED_SHARE * 2 * (box.width + box.height):
        return []  # an oval
    return [
        Segment(box.x0, box.y0, box.x1, box.y0),
        Segment(box.x0, box.y1, box.x1, box.y1),
        Segment(box.x0, box.y0, box.x0, box.y1),
        Segment(box.x1, box.y0, box.x1, box.y1),
    ]


def _parallel(dx: float, dy: float) -> bool:
    """Whether a stroke runs along an axis and is long enough to be a ruling."""
    longer, shorter = max(abs(dx), abs(dy)), min(abs(dx), abs(dy))
    return longer >= SHORTEST and shorter <= max(SLANT * longer, 0.05)


def _paired(edges: list[Segment]) -> list[Segment]:
    """Rulings out of the outlines of filled areas: opposite edges no farther apart than a ruling is thick."""
    found: list[Segment] = []
    for lying in (True, False):
        lines = sorted(
            (s.y0, s.x0, s.x1) if lying else (s.x0, s.y0, s.y1) for s in edges if (s.y1 - s.y0 < s.x1 - s.x0) == lying
        )
        for i, (at, start, end) in enumerate(lines):
            for other, start2, end2 in lines[i + 1 :]:
                if other - at > THICKEST:
                    break
                low, high = max(start, start2), min(end, end2)
                if other > at and high - low >= max(LONGER * (other - at), SHORTEST):
                    middle = (at + other) / 2
                    found.append(Segment(low, middle, high, middle) if lying else Segment(middle, low, middle, high))
    return found
