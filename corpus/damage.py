"""What scanners, faxes, telephones and office life do to a page: picture in, picture out, by a seeded generator."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from extract.records import Picture

Rng = np.random.Generator
Damage = Callable[[Picture, Rng], Picture]
WHITE = 255
FADED, LEGIBLE = 225, 70  # grey level below which something is print, per cent of it that a threshold must keep
SEAL_SIGNS = "ABCEHKMOPTXNRSDGUVYZ"  # of the words around a seal's rim
SEAL_COLOURS = ((170, 60, 40), (140, 40, 90), (60, 40, 160), (70, 70, 75))  # blue, violet, red, grey; BGR


def grey(picture: Picture) -> Picture:
    """One channel."""
    return picture if picture.ndim == 2 else _u8(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def colour(picture: Picture) -> Picture:
    """Three channels."""
    return picture if picture.ndim == 3 else _u8(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))


def _u8(values: npt.ArrayLike) -> Picture:
    clipped: Picture = np.clip(np.asarray(values), 0, WHITE).astype(np.uint8)
    return clipped


def _like(mask: np.ndarray, picture: Picture) -> np.ndarray:
    return mask[..., None] if picture.ndim == 3 else mask


def skew(picture: Picture, rng: Rng, most: float = 1.5) -> Picture:
    """Laid a little askew on the glass: up to `most` degrees, shifted by up to a hundredth of the page."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D(
        (width / 2, height / 2), float(rng.uniform(-most, most)), float(rng.uniform(0.98, 1.0))
    )
    turn[:, 2] += rng.uniform(-0.01, 0.01, 2) * np.array([width, height])
    return _u8(cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(WHITE,) * 3))


def blur(picture: Picture, rng: Rng, most: float = 1.0) -> Picture:
    """Optics: a Gaussian of up to `most` pixels."""
    return _u8(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.3, most))))


def noise(picture: Picture, rng: Rng, most: float = 9.0) -> Picture:
    """Grain of the sensor: up to `most` grey levels."""
    grain = rng.standard_normal(picture.shape[:2], dtype=np.float32) * np.float32(rng.uniform(1.5, most))
    return _u8(picture + _like(grain, picture))


def speckle(picture: Picture, rng: Rng) -> Picture:
    """Dust: dark specks of one to four pixels, and a few white ones."""
    out = picture.copy()
    height, width = out.shape[:2]
    for _ in range(int(rng.integers(20, 250))):
        x, y, r = int(rng.integers(width)), int(rng.integers(height)), int(rng.integers(0, 3))
        shade = int(rng.choice([20, 60, 90, 250]))
        cv2.circle(out, (x, y), r, (shade,) * 3, -1)
    return out


def paper(picture: Picture, rng: Rng) -> Picture:
    """Paper that is not white, lit a little unevenly."""
    height, width = picture.shape[:2]
    field = rng.uniform(0, 1, (4, 3)).astype(np.float32)
    light = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC) * np.float32(rng.uniform(0, 14))
    return _u8(picture * np.float32(rng.uniform(0.92, 1.0)) - _like(light, picture))


def low_toner(picture: Picture, rng: Rng) -> Picture:
    """A cartridge that runs out: ink grows grey, in vertical streaks."""
    width = picture.shape[1]
    streaks = cv2.resize(rng.uniform(0, 1, (1, 12)).astype(np.float32), (width, 1), interpolation=cv2.INTER_CUBIC)
    fade = np.clip(rng.uniform(0.25, 0.5) + 0.3 * streaks, 0.1, 0.75)
    return _u8(picture + (WHITE - picture.astype(np.float32)) * _like(np.repeat(fade, picture.shape[0], 0), picture))


def broken_rulings(picture: Picture, rng: Rng) -> Picture:
    """Long straight strokes get gaps, as in a worn copy; figures and words are left alone."""
    dark = (grey(picture) < 140).astype(np.uint8)
    height, width = dark.shape
    reach = max(40, width // 25)
    along = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, reach), np.uint8))
    down = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))
    holes = (rng.uniform(0, 1, (height // 7 + 1, width // 7 + 1)) < rng.uniform(0.03, 0.14)).astype(np.uint8)
    gaps = cv2.resize(holes, (width, height), interpolation=cv2.INTER_NEAREST)
    out = picture.copy()
    out[np.logical_and(np.logical_or(along, down), gaps)] = WHITE
    return out


def seal(picture: Picture, rng: Rng, *, tinted: bool = True, over: tuple[float, float] | None = None) -> Picture:
    """A round seal somewhere over the page, or near a point; blue, violet, red or grey, or grey in a grey scan."""
    out = colour(picture).copy()
    height, width = out.shape[:2]
    radius = int(rng.uniform(0.075, 0.1) * min(width, height) * 1.2)
    x, y = int(rng.uniform(0.3, 0.85) * width), int(rng.uniform(0.15, 0.85) * height)
    if over is not None:
        x, y = (int(at + rng.uniform(-0.8, 0.8) * radius) for at in over)
    x, y = min(max(x, radius + 2), width - radius - 2), min(max(y, radius + 2), height - radius - 2)
    area = out[y - radius - 2 : y + radius + 2, x - radius - 2 : x + radius + 2]
    ink = _seal_ink(radius, rng)[..., None] * np.float32(rng.uniform(0.45, 0.85))
    shade = np.array(SEAL_COLOURS[int(rng.integers(len(SEAL_COLOURS)))], np.float32)
    area[:] = _u8(area * (1 - ink) + np.minimum(area, shade) * ink)
    return out if tinted else grey(out)


def _seal_ink(radius: int, rng: Rng) -> np.ndarray:
    """How dark a seal prints, 0 … 1: rings, words around, words or a shield within, worn in patches."""
    side = 2 * radius + 4
    centre = (side // 2, side // 2)
    ink = np.zeros((side, side), np.uint8)
    stroke = max(2, radius // 28)
    for share in (1.0, 0.93, 0.66):
        cv2.circle(ink, centre, int(radius * share), WHITE, stroke if share > 0.9 else max(1, stroke // 2), cv2.LINE_AA)
    ink = np.maximum(ink, _around(radius, side, rng))
    if rng.random() < 0.5:
        ink = np.maximum(ink, _within(radius, side, rng))
    else:
        for row in (-0.25, 0.0, 0.25):
            y = int(centre[1] + radius * row)
            for x in range(int(centre[0] - radius * 0.45), int(centre[0] + radius * 0.45), max(4, radius // 10)):
                ends = (x + int(rng.integers(0, 6)), y + int(rng.integers(-6, 7)))
                cv2.line(ink, (x, y), ends, WHITE, stroke // 2 + 1)
    worn = cv2.resize(rng.uniform(0.5, 1, (side // 9, side // 9)).astype(np.float32), (side, side))
    return np.asarray(ink.astype(np.float32) / WHITE * worn)


def _around(radius: int, side: int, rng: Rng) -> Picture:
    """Words along the rim, drawn on a strip that is bent into a ring."""
    long, tall = int(2 * np.pi * radius * 0.8), int(radius * 0.2)
    strip = np.zeros((tall, long), np.uint8)
    x, size = 0, tall / 30
    while x < long - tall:
        word = "".join(rng.choice(list(SEAL_SIGNS), int(rng.integers(3, 11)))) + " "
        cv2.putText(strip, word, (x, int(tall * 0.85)), cv2.FONT_HERSHEY_SIMPLEX, size, WHITE, max(1, tall // 14))
        x += cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, size, 1)[0][0]
    rows, across = np.mgrid[0:side, 0:side].astype(np.float32) - side / 2
    far = np.hypot(rows, across)
    angle = np.mod(np.arctan2(rows, across) + float(rng.uniform(0, 6)), 2 * np.pi)
    depth = (0.9 * radius - far).astype(np.float32)  # the words' heads are outside
    return _u8(cv2.remap(strip, (angle / (2 * np.pi) * long).astype(np.float32), depth, cv2.INTER_LINEAR))


def _within(radius: int, side: int, rng: Rng) -> Picture:
    """A number in the middle, as on the stamps of a firm."""
    ink = np.zeros((side, side), np.uint8)
    for row, count in ((-0.1, 8), (0.2, 12)):
        word = "".join(rng.choice(list("0123456789"), count))
        size = radius * 0.9 / cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 1)[0][0]
        at = (int(side / 2 - radius * 0.45), int(side / 2 + row * radius))
        cv2.putText(ink, word, at, cv2.FONT_HERSHEY_SIMPLEX, size, WHITE, max(1, radius // 60))
    return ink


def punch(picture: Picture, rng: Rng) -> Picture:
    """Two holes at the left edge and the shadow of a staple in a corner."""
    out = picture.copy()
    height, width = out.shape[:2]
    radius = int(width * 0.011)
    middle = height // 2 + int(rng.integers(-40, 41))
    for step in (-1, 1):
        centre = (int(width * 0.025), middle + step * int(width * 0.19))
        cv2.circle(out, centre, radius, (int(rng.integers(20, 90)),) * 3, -1)
    if rng.random() < 0.6:
        x, y = int(width * 0.02), int(height * 0.015)
        cv2.line(out, (x, y), (x + int(width * 0.04), y + int(rng.integers(-12, 13))), (70,) * 3, max(2, width // 800))
    return out


def bleed(picture: Picture, rng: Rng) -> Picture:
    """The back of the sheet shines through, mirrored and faint."""
    back = cv2.GaussianBlur(cv2.flip(picture, 1), (0, 0), max(1.0, picture.shape[1] / 900))
    back = np.roll(back, (int(rng.integers(-60, 61)), int(rng.integers(-60, 61))), (0, 1))
    return _u8(picture.astype(np.float32) - (WHITE - back.astype(np.float32)) * float(rng.uniform(0.06, 0.16)))


def blank_back(picture: Picture, rng: Rng) -> Picture:
    """The empty back of a sheet as the scanner sees it: the front shines through a little."""
    white = np.full_like(picture, int(rng.integers(238, 254)))
    faint = (WHITE - cv2.flip(picture, 1).astype(np.float32)) * float(rng.uniform(0, 0.05))
    return noise(_u8(white - faint), rng, 4)


def lid(picture: Picture, rng: Rng) -> Picture:
    """Dark borders where the scanner's lid stood open: bands along one or two edges, outside what is printed."""
    out = picture.copy()
    height, width = out.shape[:2]
    for side in rng.choice(4, int(rng.integers(1, 3)), replace=False):
        band = int(rng.uniform(0.004, 0.016) * width)
        shade = int(rng.integers(0, 60))
        area = (
            (slice(0, band), slice(None)),
            (slice(height - band, None), slice(None)),
            (slice(None), slice(0, band)),
            (slice(None), slice(width - band, None)),
        )[int(side)]
        out[area] = shade
    return out


def jpeg(picture: Picture, rng: Rng, low: int = 45, high: int = 90) -> Picture:
    """Once through JPEG compression."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(low, high + 1))])
    decoded = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    assert decoded is not None, "what was encoded decodes"
    return _u8(decoded)


def bilevel(picture: Picture, rng: Rng) -> Picture:
    """Black and white by one threshold, as scanners save text: no lower than keeps what is printed legible."""
    shade = grey(picture)
    dark = shade[shade < FADED]
    legible = float(np.percentile(dark, LEGIBLE)) if dark.size else 0.0
    level = max(float(rng.uniform(120, 185)), legible)
    return np.where(shade < level, 0, WHITE).astype(np.uint8)


def fax(picture: Picture, rng: Rng) -> Picture:
    """A fax: bilevel with specks and lines of dots that were lost on the way."""
    out = bilevel(_u8(cv2.GaussianBlur(grey(picture), (0, 0), float(rng.uniform(0.5, 0.9)))), rng)
    height, width = out.shape
    for _ in range(int(rng.integers(0, 4))):
        y = int(rng.integers(height))
        start = int(rng.integers(width))
        out[y : y + int(rng.integers(1, 3)), start : start + int(rng.uniform(0.1, 0.7) * width)] = WHITE
    salt = rng.uniform(0, 1, out.shape)
    out[salt < rng.uniform(0, 0.0015)] = 0
    out[salt > 1 - rng.uniform(0, 0.004)] = WHITE
    return out


def turned(picture: Picture, quarters: int) -> Picture:
    """Turned by quarters clockwise."""
    return np.ascontiguousarray(np.rot90(picture, -quarters))


def photo(picture: Picture, rng: Rng) -> Picture:
    """A telephone's picture of the sheet on a dark table: perspective, a mild curl, a shadow, colour."""
    sheet = _curled(colour(picture), rng)
    height, width = sheet.shape[:2]
    pad = int(0.06 * width)
    full = (width + 2 * pad, height + 2 * pad)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    shift = rng.uniform(-0.6, 0.6, (4, 2)) * pad
    target = (corners + pad + shift).astype(np.float32)
    move = cv2.getPerspectiveTransform(corners, target)
    table = np.full((full[1], full[0], 3), rng.integers(25, 95, 3), np.uint8)
    warped = cv2.warpPerspective(sheet, move, full, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full((height, width), WHITE, np.uint8), move, full)
    mask = cv2.GaussianBlur(mask, (0, 0), 1.2).astype(np.float32)[..., None] / WHITE
    scene = warped * mask + table * (1 - mask)
    return _u8(_lit(scene, rng))


def _curled(sheet: Picture, rng: Rng) -> Picture:
    """Rows bent by a slow wave of up to about a hundredth of the width."""
    height, width = sheet.shape[:2]
    depth = float(rng.uniform(0, 0.008)) * width
    phase, waves = rng.uniform(0, 2 * np.pi), rng.uniform(0.4, 1.0)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bend = depth * np.sin(2 * np.pi * waves * x / width + phase) * (0.3 + 0.7 * y / height)
    return _u8(cv2.remap(sheet, x, (y + bend).astype(np.float32), cv2.INTER_LINEAR, borderValue=(240, 242, 244)))


def _lit(scene: np.ndarray, rng: Rng) -> np.ndarray:
    """Light that falls off to one side, a soft shadow across, a warm or cold cast."""
    height, width = scene.shape[:2]
    x, y = np.meshgrid(
        np.linspace(-1, 1, width // 8, dtype=np.float32), np.linspace(-1, 1, height // 8, dtype=np.float32)
    )
    angle = rng.uniform(0, 2 * np.pi)
    light = 0.88 + rng.uniform(0.02, 0.12) * (x * np.cos(angle) + y * np.sin(angle))
    edge = rng.uniform(-0.6, 0.6)
    shadow = 1 / (1 + np.exp(-(x * np.sin(angle) - y * np.cos(angle) - edge) * rng.uniform(4, 14)))
    light = cv2.resize((light * (1 - rng.uniform(0, 0.25) * shadow)).astype(np.float32), (width, height))
    cast = np.array([rng.uniform(0.93, 1.02), 0.99, rng.uniform(0.95, 1.03)], np.float32)
    return np.asarray(scene * light[..., None] * cast)
