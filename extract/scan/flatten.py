"""A page made flat: even light, one warp to the working resolution, and the bend that is left in its rulings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extract.records import Picture

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]  # 3 × 3 homography

WHITE = 255
PAPER = 250.0  # grey level of bare paper after light is evened out, so that its grain is not all cut off
PATCH = 0.36  # inches: light is measured over patches larger than the strokes of text and the dots of a seal
NO_PAPER = 60  # grey level of the light below which nothing is paper, in whatever shadow
LIGHT_DPI = 25.0  # resolution at which light is measured
TERMS = 8  # of a bow: the products of powers of (along, across) in `_powers`
STIFFNESS = 0.05  # resistance against bending, so that short rulings do not warp the rest of the page
TRUSTED = 0.12  # share of the page's width a ruling must run to say how the page bends


def picture_of(values: npt.NDArray[Any]) -> Picture:
    """An array of whole numbers 0 … 255 as a picture; nothing is copied if it is one."""
    return np.asarray(values, np.uint8)


def reduced(picture: Picture, factor: float) -> Picture:
    """The picture `factor` (at most 1) times as large, by halves first, which is much the fastest."""
    while factor <= 0.5:
        height, width = picture.shape[:2]
        if height % 2 or width % 2:  # whole blocks of 2 × 2 are averaged ten times as fast
            picture = picture_of(cv2.copyMakeBorder(picture, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE))
        half = ((width + 1) // 2, (height + 1) // 2)
        picture, factor = picture_of(cv2.resize(picture, half, interpolation=cv2.INTER_AREA)), factor * 2
    if factor == 1:
        return picture
    return picture_of(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))


def even_light(grey: Picture, dpi: float) -> Picture:
    """The picture as if its light were even and its paper white: what is dark against its surroundings stays dark.

    Where it is dark all around there is no paper (a scanner's open lid, a table's top): that becomes white.
    """
    small = reduced(grey, min(1.0, LIGHT_DPI / dpi))
    patch = round(PATCH * LIGHT_DPI) | 1
    light = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((patch, patch), np.uint8))
    light = cv2.GaussianBlur(light, (0, 0), patch / 2)
    full = cv2.resize(np.maximum(light, 1), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    even = picture_of(cv2.divide(grey, full, scale=PAPER))
    if light.min() < NO_PAPER:  # between lighter ones nothing is darker
        even[full < NO_PAPER] = WHITE
    return even


def warp(grey: Picture, matrix: Matrix, size: tuple[int, int]) -> Picture:
    """The picture through a homography onto a white sheet of (width, height) pixels."""
    return np.asarray(
        cv2.warpPerspective(grey, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(WHITE, WHITE, WHITE)), np.uint8
    )


def blank_outside(picture: Picture, outline: Floats, margin: float) -> None:
    """Paint everything white that lies outside the outline (points x, y) or nearer to it than `margin` pixels."""
    inside = np.zeros_like(picture)
    cv2.fillConvexPoly(inside, np.round(outline).astype(np.int32), WHITE)
    edge = max(1, round(2 * margin))
    cv2.polylines(inside, [np.round(outline).astype(np.int32)], isClosed=True, color=(0,), thickness=edge)
    picture[inside == 0] = WHITE


@dataclass(frozen=True, slots=True)
class Trace:
    """A ruling as seen: points along it, in a frame where it runs roughly along the first coordinate."""

    along: Floats  # ascending, pixels
    across: Floats
    start: float  # where it begins and ends, along
    end: float
    thickness: float  # pixels

    @property
    def at(self) -> float:
        """Where it lies across, in the mean."""
        return float(self.across.mean())


@dataclass(frozen=True, slots=True)
class Bow:
    """By how much rulings of one direction leave the straight: a smooth function of (along, across)."""

    middle: tuple[float, float]
    reach: float
    weights: Floats  # one a term of `_powers`

    def __call__(self, along: Floats, across: Floats) -> Floats:
        """Pixels across by which a ruling is off its straight place here."""
        return _powers(along, across, self.middle, self.reach) @ self.weights


@dataclass(frozen=True, slots=True)
class Bend:
    """What is left of a page's bending: maps between the page as pictured and its straight rulings."""

    lying: Bow
    standing: Bow

    def straight(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Where picture points lie once every ruling is straight."""
        return x - self.standing(y, x), y - self.lying(x, y)

    def pictured(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Where straightened points lie in the picture."""
        seen_x, seen_y = x, y
        for _ in range(4):  # the bend is slight and smooth: each step gains a digit
            seen_x, seen_y = x + self.standing(seen_y, seen_x), y + self.lying(seen_x, seen_y)
        return seen_x, seen_y


def fit_bow(traces: Sequence[Trace], size: tuple[float, float]) -> Bow:
    """The smooth bow that straightens the rulings; `size` is the page's extent (along, across) in pixels."""
    middle, reach = (size[0] / 2, size[1] / 2), max(size) / 2
    long = [t for t in traces if t.end - t.start > TRUSTED * size[0] and len(t.along) > 2]
    if not long:
        return Bow(middle, reach, np.zeros(TERMS))
    basis = [_powers(t.along, t.across, middle, reach) for t in long]
    rows = np.concatenate([b - b.mean(axis=0) for b in basis])
    aims = np.concatenate([t.across - t.at for t in long])
    weights = np.ones(len(aims))
    solution = np.zeros(TERMS)
    for _ in range(4):
        normal = (rows * weights[:, None]).T @ rows + STIFFNESS * np.eye(TERMS)
        solution = np.linalg.solve(normal, (rows * weights[:, None]).T @ aims)
        misses = np.abs(rows @ solution - aims)
        weights = 1 / (1 + np.square(misses / max(2 * float(np.median(misses)), 0.3)))
    return Bow(middle, reach, solution)


def _powers(along: Floats, across: Floats, middle: tuple[float, float], reach: float) -> Floats:
    u, v = (along - middle[0]) / reach, (across - middle[1]) / reach
    return np.stack([u, u * u, u * u * u, u * v, u * u * v, u * v * v, u * u * u * v, u * u * v * v], axis=-1)
