"""Round and oval stamps over print: where they lie, and the page without their ink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from extract.ink.components import components
from extract.records import Box, Picture

SEARCHED = 1000  # pixels; long side of the copy on which seals are looked for
SMALLEST = 0.035  # of the page's long side: radius of the smallest seal (10 mm on A4)
LARGEST = 0.12  # likewise of the largest (36 mm on A4)
COLOURED = 26  # difference of the strongest and weakest channel from which a pixel has colour
FAINTEST = 0.12  # share of white by which a pixel must be darker than the paper around it
STRAIGHT = 33  # pixels of the copy; longer level or upright runs are rulings, not arcs
ARC = 0.02  # of the copy's long side; smaller pieces of ink are text
RING = 0.62  # share of all directions in which a seal's outer ring must be seen
INNER = 0.55  # likewise for a second ring or a ring of text within it: a circle drawn by hand has none
INNER_RADII = tuple(percent / 100 for percent in range(45, 93, 3))  # of the outer ring's, where it is looked for
CROWDED = 0.035  # share of the copy; more pieces of ink than this are halftone or a dark photo, and rings drown in it
DIRECTIONS = 120  # in which a ring is probed
FOUND_AT_MOST = 4  # seals a page
HALO = 1.05  # of the seal's radius; its ink ends within this
RING_SHARE = 0.40  # share of all directions that makes a radius part of a ring
LETTERS = 0.33  # of the radius; rings no farther apart have a line of text between them
REFINED = 0.06  # of the radius; the outer ring is first found this exactly
RING_BREADTH = 0.04  # of the radius; the outer ring lies within this of 1
PALE = 0.12  # difference of densities between channels; less is no colour
TRACE = 0.12  # of the rings' own ink; less is paper
DENSER = 2.5  # times the rings' own ink; denser ink is something else
OTHER_HUE = 0.3  # share of a pixel's ink that no mixture of seal and black explains, from which it is another ink
FAINT_BLACK = 0.35  # density; less black under a seal is noise of the unmixing
STROKE = (0.008, 0.03)  # of the page's long side: how high a written figure stands (2.4–9 mm on A4)
PEN_STROKES = 5  # so many strokes of the seal's own colour elsewhere are a pen's; then only its rings are lifted

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Seal:
    """A stamp: its outer ring as an ellipse, in pixels of the picture it was found in."""

    x: float  # centre
    y: float
    a: float  # half axes
    b: float
    angle: float  # degrees, from the x axis to `a`

    @property
    def box(self) -> Box:
        """Around its outer ring."""
        turned = math.radians(self.angle)
        wide = math.hypot(self.a * math.cos(turned), self.b * math.sin(turned))
        high = math.hypot(self.a * math.sin(turned), self.b * math.cos(turned))
        return Box(self.x - wide, self.y - high, self.x + wide, self.y + high)

    def scaled(self, by: float) -> Seal:
        """The same seal on a picture `by` times as large."""
        return Seal(self.x * by, self.y * by, self.a * by, self.b * by, self.angle)

    def radii(self, x0: int, y0: int, width: int, height: int) -> Floats:
        """How far each pixel of a window is from the centre; 1 on the outer ring."""
        return self.radii_at(np.arange(x0, x0 + width)[None, :], np.arange(y0, y0 + height)[:, None])

    def radii_at(self, x: npt.NDArray[np.int64], y: npt.NDArray[np.int64]) -> Floats:
        """The same for points."""
        turned = math.radians(self.angle)
        dx, dy = x.astype(np.float32) - np.float32(self.x), y.astype(np.float32) - np.float32(self.y)
        along = (dx * math.cos(turned) + dy * math.sin(turned)) / self.a
        across = (dy * math.cos(turned) - dx * math.sin(turned)) / self.b
        return np.asarray(np.hypot(along, across), dtype=np.float32)


def find_seals(picture: Picture) -> tuple[Seal, ...]:
    """The stamps on an upright page, grey or BGR; none is the common answer and the quick one."""
    step = max(1.0, max(picture.shape[:2]) / SEARCHED)
    small = cv2.resize(picture, None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA) if step > 1 else picture
    ink = _seal_like(np.asarray(small, dtype=np.uint8))
    if ink is None:
        return ()
    found: list[Seal] = []
    for seal in [*_circles(ink), *_ovals(ink)]:
        if all(math.hypot(seal.x - other.x, seal.y - other.y) > 0.7 * other.a for other in found) and _is_seal(
            ink, seal
        ):
            found.append(seal)
    return tuple(seal.scaled(step) for seal in found[:FOUND_AT_MOST])


def lift_seal(picture: Picture) -> Picture:
    """The page in grey with the ink of its stamps made paper; print under them and pen strokes stay."""
    return lift_seals(picture, find_seals(picture))


def lift_seals(picture: Picture, seals: Sequence[Seal]) -> Picture:
    """The same where the stamps are known."""
    grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if not seals:
        return grey
    grey = grey.copy()
    for seal in seals:
        _lift(picture, grey, seal)
    return grey


def _seal_like(small: Picture) -> Picture | None:
    """255 on ink of the copy that may belong to a seal's rings; None where there is too little."""
    if small.ndim == 3:
        colour = cv2.subtract(small.max(axis=2), small.min(axis=2))
        coloured = np.asarray(cv2.threshold(colour, COLOURED, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)
        pieces = _large_pieces(coloured)
        if pieces is not None:
            return pieces
        small = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    paper = cv2.blur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (15, 15))
    dark = cv2.subtract(paper, small)
    ink = np.asarray(cv2.threshold(dark, FAINTEST * 255, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)
    for shape in ((1, STRAIGHT), (STRAIGHT, 1)):
        straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = np.asarray(cv2.subtract(ink, cv2.dilate(straight, np.ones((3, 3), np.uint8))), dtype=np.uint8)
    return _large_pieces(ink)


def _large_pieces(ink: Picture) -> Picture | None:
    """Only the pieces of ink that reach as far as an arc does, in both directions together."""
    labels, stats = components(ink)
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4]
    least = ARC * max(ink.shape)
    keep = (np.maximum(width, height) >= least) & (np.minimum(width, height) >= 0.25 * least)
    keep &= area < 0.45 * width * height
    keep[0] = False
    if not 2 * SMALLEST * max(ink.shape) < area[keep].sum() < CROWDED * ink.size:
        return None
    return np.where(keep, np.uint8(255), np.uint8(0))[labels]


def _circles(ink: Picture) -> list[Seal]:
    """Circles that the ink votes for, best first."""
    side = max(ink.shape)
    soft = cv2.GaussianBlur(ink, (3, 3), 0)
    found = cv2.HoughCircles(
        soft,
        cv2.HOUGH_GRADIENT,
        dp=1.5,
        minDist=SMALLEST * side,
        param1=120,
        param2=28,
        minRadius=round(SMALLEST * side),
        maxRadius=round(LARGEST * side),
    )
    if found is None:
        return []
    return [_widest(ink, float(x), float(y), float(r)) for x, y, r in np.asarray(found).reshape(-1, 3)[:8]]


def _widest(ink: Picture, x: float, y: float, radius: float) -> Seal:
    """The outermost ring around a centre that was found by any of the rings."""
    wider = np.arange(radius + 1, min(2.2 * radius, LARGEST * max(ink.shape) + 1))
    rings = wider[_rings_seen(ink, Seal(x, y, 1.0, 1.0, 0.0), wider) >= RING]
    best = float(rings[-1]) if rings.size else radius
    return Seal(x, y, best, best, 0.0)


def _ovals(ink: Picture) -> list[Seal]:
    """Ellipses around the large pieces of ink."""
    side = max(ink.shape)
    contours, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    found = []
    for contour in contours:
        hull = cv2.convexHull(contour)
        if len(hull) < 8:
            continue
        (x, y), (first, second), angle = cv2.fitEllipse(hull)
        if SMALLEST * side <= min(first, second) / 2 and max(first, second) / 2 <= 1.3 * LARGEST * side:
            found.append(Seal(float(x), float(y), first / 2, second / 2, float(angle)))
    return found


def _is_seal(ink: Picture, seal: Seal) -> bool:
    """Whether an outer ring is seen nearly all around, and something ring-like within it."""
    if max(seal.a, seal.b) > 2.2 * min(seal.a, seal.b) or _seen(ink, seal, 1.0) < RING:
        return False
    return bool((_rings_seen(ink, seal, np.array(INNER_RADII)) >= INNER).any())


def _seen(ink: Picture, seal: Seal, share: float) -> float:
    """In what share of all directions there is ink at this share of the radius, a pixel more or less."""
    return float(_rings_seen(ink, seal, np.array([share]))[0])


def _rings_seen(ink: Picture, seal: Seal, shares: Doubles) -> Doubles:
    """The same for many shares of the radius at once."""
    angles = np.linspace(0, 2 * math.pi, DIRECTIONS, endpoint=False)
    turned = math.radians(seal.angle)
    off = np.array([-1.0, 0.0, 1.0])[None, :, None]
    along = (seal.a * shares[:, None, None] + off) * np.cos(angles)
    across = (seal.b * shares[:, None, None] + off) * np.sin(angles)
    xs = np.round(seal.x + along * math.cos(turned) - across * math.sin(turned)).astype(np.int64)
    ys = np.round(seal.y + along * math.sin(turned) + across * math.cos(turned)).astype(np.int64)
    inside = (xs >= 0) & (ys >= 0) & (xs < ink.shape[1]) & (ys < ink.shape[0])
    inked = np.zeros(xs.shape, dtype=np.bool_)
    inked[inside] = ink[ys[inside], xs[inside]] > 0
    return np.asarray(inked.any(axis=1).mean(axis=1), dtype=np.float64)


def _lift(picture: Picture, grey: Picture, seal: Seal) -> None:
    """Makes the ink of one seal paper, in place."""
    box = seal.box.grown((HALO - 1.0) * max(seal.a, seal.b) + 2)
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    x1, y1 = min(grey.shape[1], math.ceil(box.x1)), min(grey.shape[0], math.ceil(box.y1))
    part = np.s_[y0:y1, x0:x1]
    lifted = _unmixed(picture, part, seal) if picture.ndim == 3 else None
    grey[part] = _lightened(grey, part, seal) if lifted is None else lifted


def _unmixed(picture: Picture, part: tuple[slice, slice], seal: Seal) -> Picture | None:
    """The window without the seal's colour: each pixel is so much black and so much seal ink; the black stays.

    None where the rings have no colour.
    """
    window = picture[part]
    paper = np.percentile(window.reshape(-1, 3), 85, axis=0).astype(np.float32)
    density = density_of(window, paper)
    radii = seal.radii(part[1].start, part[0].start, window.shape[1], window.shape[0])
    edge = np.abs(radii - 1) < RING_BREADTH
    colour = density.max(axis=2) - density.min(axis=2)
    ring = edge & (colour > PALE)
    if np.count_nonzero(ring) < 0.02 * np.count_nonzero(edge):
        return None
    tint = np.median(density[ring & (colour >= np.median(colour[ring]))], axis=0)
    amounts, away = amounts_of(density, tint)
    stamp, black = amounts[..., 0], amounts[..., 1]
    other = (away > OTHER_HUE * (np.abs(stamp) + np.abs(black))) & (away > PALE) | (stamp > DENSER)
    lifted = (cv2.dilate((stamp > TRACE).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~other & (radii < HALO)
    if _coloured_pen(picture, paper, tint, seal):
        seal = _refined(stamp * 100, seal, part)
        radii = seal.radii(part[1].start, part[0].start, window.shape[1], window.shape[0])
        lifted &= _on_rings(lifted, radii, letters=False)
    left = np.where(black < FAINT_BLACK, 0.0, black)
    plain = cv2.cvtColor(window, cv2.COLOR_BGR2GRAY)
    return np.where(lifted, np.maximum(np.exp(-left) * 255, plain), plain).clip(0, 255).astype(np.uint8)


def density_of(window: Picture, paper: Floats) -> Floats:
    """How much ink lies on each pixel, by channel: the negative logarithm of the light that comes back."""
    return np.asarray(np.log((paper + 4) / (window.astype(np.float32) + 4)).clip(0), dtype=np.float32)


def amounts_of(density: Floats, tint: Floats) -> tuple[Floats, Floats]:
    """Each pixel's seal ink (1 is the rings' own) and black (as density), and how far no mixture explains it."""
    both = np.stack([tint, np.ones(3)], axis=0).astype(np.float32)
    amounts = density @ np.linalg.pinv(both).astype(np.float32)
    return np.asarray(amounts), np.asarray(np.linalg.norm(density - amounts @ both, axis=2))


def _coloured_pen(picture: Picture, paper: Floats, tint: Floats, seal: Seal) -> bool:
    """Whether a pen of the seal's colour wrote on the page."""
    page = picture[::2, ::2]
    coloured = cv2.subtract(page.max(axis=2), page.min(axis=2)) > COLOURED
    density = density_of(page[coloured][None], paper)
    amounts, away = amounts_of(density, tint)
    coloured[coloured] = ((amounts[..., 0] > 0.4) & (away < OTHER_HUE))[0]
    return _pen_strokes(coloured, seal)


def _pen_strokes(alike: Flags, seal: Seal) -> bool:
    """Whether ink like the seal's makes strokes as high as figures elsewhere on the page (every second pixel)."""
    mask = cv2.dilate(alike.astype(np.uint8), np.ones((3, 3), np.uint8))
    _, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    tall = (stats[:, 3] > STROKE[0] * max(alike.shape)) & (stats[:, 3] < STROKE[1] * max(alike.shape))
    tall &= stats[:, 2] > 0.3 * STROKE[0] * max(alike.shape)
    away = np.hypot(centres[:, 0] * 2 - seal.x, centres[:, 1] * 2 - seal.y) > HALO * max(seal.a, seal.b)
    return int(np.count_nonzero(tall & away)) >= PEN_STROKES


def _on_rings(like: Flags, radii: Floats, *, letters: bool) -> Flags:
    """Only the pixels at radii that are inked nearly all around, and with `letters` those of the text between rings."""
    bins = np.clip((radii * 100).astype(int), 0, 119)
    every = np.bincount(bins.ravel(), minlength=120)
    inked = np.bincount(bins[like], minlength=120)
    ring = (inked > RING_SHARE * np.maximum(every, 1)) & (np.arange(120) > 20)
    if letters:
        places = np.flatnonzero(ring)
        for inner, outer in pairwise(places):
            if outer - inner < 100 * LETTERS:
                ring[inner:outer] = True
    return np.asarray(np.convolve(ring, np.ones(5), "same")[bins] > 0)


def _lightened(grey: Picture, part: tuple[slice, slice], seal: Seal) -> Picture:
    """The window without rings and ring text as light as they are; what is as dark as print stays with its edges.

    What stands within the rings stays: in grey nothing tells a seal's emblem from a faint dash.
    """
    window = grey[part]
    paper = float(np.percentile(window, 85))
    darkness = (paper - window.astype(np.float32)).clip(0)
    seal = _refined(darkness, seal, part)
    radii = seal.radii(part[1].start, part[0].start, window.shape[1], window.shape[0])
    ring = darkness[(np.abs(radii - 1) < RING_BREADTH) & (darkness > 30)]
    page = (paper - grey[::2, ::2].astype(np.float32)).clip(0)
    print_ink = page[page > 60]
    if ring.size < 50 or print_ink.size < 50:
        return window
    level, text = float(np.percentile(ring, 60)), float(np.percentile(print_ink, 80))
    if text < 1.25 * level:
        return window  # as dark as the print: nothing tells them apart
    bound = level + 0.35 * (text - level)
    apart = cv2.dilate(page, np.ones((9, 9), np.uint8)) <= bound  # thin parts of dark letters have dark ink near them
    pen = _pen_strokes((page > 0.6 * level) & apart, seal)
    kept = cv2.dilate((darkness > bound).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    on_rings = _on_rings((darkness > 0.4 * level), radii, letters=not pen)
    return np.where(on_rings & ~kept, np.uint8(min(255.0, paper)), window).astype(np.uint8)


def _refined(darkness: Floats, seal: Seal, part: tuple[slice, slice]) -> Seal:
    """The seal with its outer ring laid to the pixel, by the ink nearest to it in every direction."""
    radii = seal.radii(part[1].start, part[0].start, darkness.shape[1], darkness.shape[0])
    ys, xs = np.nonzero((np.abs(radii - 1) < REFINED) & (darkness > 30))
    for reach in (REFINED, REFINED / 2, REFINED / 4):
        x, y = xs + part[1].start, ys + part[0].start
        near = np.abs(seal.radii_at(x, y) - 1) < reach
        if np.count_nonzero(near) < 100:
            return seal
        points = np.stack([x[near], y[near]], axis=1).astype(np.float32)
        (cx, cy), (first, second), angle = cv2.fitEllipseDirect(points)
        fitted = Seal(float(cx), float(cy), first / 2, second / 2, float(angle))
        if abs(fitted.a - seal.a) > 0.1 * seal.a or math.hypot(fitted.x - seal.x, fitted.y - seal.y) > 0.1 * seal.a:
            return seal
        seal = fitted
    return seal
