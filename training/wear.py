"""What paper, pen, scanner and our own cleaning do to a cell before a reader sees it."""

from __future__ import annotations

import math
import random

import cv2
import numpy as np
import numpy.typing as npt

from corpus.writers import Ink
from extract.records import Picture

ROOM = 14  # pixels of paper kept around the ink while it is worn
TEXTURED = 0.13  # share of cells on printed or dark paper, which cleaning leaves as it is


def worn(ink: Ink, rng: random.Random) -> Picture:
    """Ink on paper as a clean crop shows it: grey, paper about white, cut around the ink with a small margin."""
    framed = cv2.copyMakeBorder(_tight(ink), ROOM, ROOM, ROOM, ROOM, cv2.BORDER_CONSTANT, value=0)
    shape = _thickened(_turned(np.asarray(framed, dtype=np.uint8), rng), rng)
    noise = np.random.default_rng(rng.getrandbits(32))
    density = _inked(shape.astype(np.float32) / 255.0, rng, noise)
    _disturb(density, rng)
    textured = rng.random() < TEXTURED
    paper = textured_paper(density.shape, rng, noise) if textured else rng.uniform(225, 255)
    grey = np.asarray(paper * (1 - density * rng.uniform(0.45, 1.0)), dtype=np.float32)
    return _cut(_scanned(grey, rng, noise), density, rng, whiten=not textured)


def scanned(ink: Ink, rng: random.Random) -> Picture:
    """Ink as a clean scan shows it: a little blur and noise, the paper made white."""
    framed = np.asarray(cv2.copyMakeBorder(_tight(ink), ROOM, ROOM, ROOM, ROOM, cv2.BORDER_CONSTANT, value=0))
    density = cv2.GaussianBlur(framed, (0, 0), rng.uniform(0.4, 0.9)).astype(np.float32) / 255
    noise = np.random.default_rng(rng.getrandbits(32))
    grey = 250 * (1 - density * rng.uniform(0.7, 1.0)) + noise.normal(0, rng.uniform(0, 5), density.shape)
    picture = np.clip(grey, 0, 255).astype(np.uint8)
    return _cut(picture, np.asarray(density, dtype=np.float32), rng, whiten=True)


def dirt(rng: random.Random) -> Picture:
    """A blank cell that looked inked: specks, the stump of a ruling, an arc of a seal, or plain noise."""
    height, width = rng.randint(12, 50), rng.randint(12, 120)
    density = np.zeros((height, width), dtype=np.float32)
    for _ in range(rng.randint(0, 4)):
        cv2.circle(density, (rng.randrange(width), rng.randrange(height)), rng.randint(0, 2), rng.uniform(0.3, 1), -1)
    if rng.random() < 0.4:
        _arc(density, rng)
    if rng.random() < 0.4:
        _ruling(density, rng, edge=True)
    noise = np.random.default_rng(rng.getrandbits(32))
    grey = 245 - density * 200 + noise.normal(0, rng.uniform(0, 9), density.shape).astype(np.float32)
    return np.clip(grey, 0, 255).astype(np.uint8)


def _tight(ink: Ink) -> Ink:
    x, y, width, height = cv2.boundingRect((ink > 60).astype(np.uint8))
    return ink[y : y + height, x : x + width] if width and height else ink


def _turned(ink: Ink, rng: random.Random) -> Ink:
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.gauss(0, 0.8), 1.0)
    turn[0, 1] += rng.gauss(0, 0.04)
    if rng.random() < 0.15:  # photographs: squeezed one way
        turn[0] *= rng.uniform(0.8, 1.2)
        width = round(width * 1.2)
    return np.asarray(cv2.warpAffine(ink, turn, (width, height)), dtype=np.uint8)


def _thickened(ink: Ink, rng: random.Random) -> Ink:
    """Toner that spreads or starves, a broad or a thin pen."""
    if ink.shape[0] < 2 * ROOM + 16 or rng.random() < 0.55:
        return ink
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3) if rng.random() < 0.7 else (2, 2))
    changed = cv2.dilate(ink, kernel) if rng.random() < 0.65 else cv2.erode(ink, kernel)
    kept = ink if (changed > 120).sum() < 0.62 * (ink > 120).sum() else changed
    return np.asarray(kept, dtype=np.uint8)


def _inked(density: npt.NDArray[np.float32], rng: random.Random, noise: np.random.Generator) -> npt.NDArray[np.float32]:
    """Uneven ink: a ballpoint that skips, a worn drum."""
    if rng.random() < 0.25:
        coarse = noise.uniform(rng.uniform(0.35, 0.8), 1.0, [max(2, side // 5) for side in density.shape])
        density = density * cv2.resize(coarse.astype(np.float32), density.shape[::-1])
    if rng.random() < 0.12:  # pencil: the paper's grain shows through
        grain = noise.normal(1.0, rng.uniform(0.1, 0.45), density.shape).astype(np.float32)
        density = np.asarray(np.clip(density * grain, 0, 1), dtype=np.float32)
    return density


def textured_paper(shape: tuple[int, ...], rng: random.Random, noise: np.random.Generator) -> npt.NDArray[np.float32]:
    """Paper of that shape as it is printed and lit: grain, a slope of light, waves of lines as on cheques."""
    height, width = shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    paper = np.full((height, width), rng.uniform(140, 250), dtype=np.float32)
    paper += (x / width - 0.5) * rng.gauss(0, 14) + (y / height - 0.5) * rng.gauss(0, 14)
    for _ in range(rng.choice((0, 1, 1, 2))):
        period, angle = rng.uniform(3.5, 14), rng.choice((0.0, math.pi / 2, rng.uniform(0, math.pi)))
        along = x * math.cos(angle) + y * math.sin(angle)
        across = y * math.cos(angle) - x * math.sin(angle)
        bow = rng.uniform(0, 5) * np.sin(along * (2 * math.pi / rng.uniform(20, 120)) + rng.uniform(0, 6))
        lines = np.cos((across + bow) * (2 * math.pi / period))
        paper -= rng.uniform(4, 26) * np.clip(lines * rng.uniform(0.6, 2), 0, 1).astype(np.float32)
    if rng.random() < 0.3:
        for _ in range(rng.randint(2, 8)):  # arcs of a guilloche
            centre = (rng.randrange(-width, 2 * width), rng.randrange(-2 * height, 3 * height))
            cv2.circle(paper, centre, rng.randint(height, 3 * height), float(paper.mean()) - 25, 1, cv2.LINE_AA)
    if rng.random() < 0.15:  # the edge of a printed field
        band = slice(0, rng.randrange(height)) if rng.random() < 0.5 else slice(rng.randrange(height), None)
        paper[band] += rng.choice((-1, 1)) * rng.uniform(15, 50)
    coarse = noise.normal(0, rng.uniform(0, 7), (height // 2 + 1, width // 2 + 1)).astype(np.float32)
    grained = paper + cv2.resize(coarse, (width, height))
    return np.asarray(np.clip(grained, 60, 255), dtype=np.float32)


def _disturb(density: npt.NDArray[np.float32], rng: random.Random) -> None:
    """Rulings left over or erased with what they crossed, seal arcs, specks."""
    if rng.random() < 0.12:
        _ruling(density, rng, edge=rng.random() < 0.7)
    if rng.random() < 0.10:  # a ruling was erased here and took its part of the strokes along
        y = rng.randint(ROOM, max(ROOM + 1, density.shape[0] - ROOM))
        thick = rng.randint(1, max(1, (density.shape[0] - 2 * ROOM) // 10))
        density[y : y + thick] *= rng.uniform(0.0, 0.6)
    if rng.random() < 0.04:  # cut where a ruling was thought to run: feet, or a side, are lost
        edge = ROOM + rng.randint(0, max(1, (density.shape[0] - 2 * ROOM) // 9))
        if rng.random() < 0.7:
            density[-edge:] = 0
        else:
            density[:edge] = 0
    if rng.random() < 0.07:
        _arc(density, rng)
    if rng.random() < 0.10:
        for _ in range(rng.randint(1, 4)):
            at = (rng.randrange(density.shape[1]), rng.randrange(density.shape[0]))
            cv2.circle(density, at, rng.randint(0, 1), rng.uniform(0.3, 0.9), -1)


def _ruling(density: npt.NDArray[np.float32], rng: random.Random, *, edge: bool) -> None:
    height, width = density.shape
    thick, strength = rng.randint(1, 3), rng.uniform(0.3, 1.0)
    if rng.random() < 0.6:
        inner = rng.randint(height // 4, max(height // 4, 3 * height // 4))
        y = rng.choice((rng.randint(0, ROOM), height - 1 - rng.randint(0, ROOM))) if edge else inner
        part = density[y : y + thick]
    else:
        x = rng.choice((rng.randint(0, ROOM // 2), width - 1 - rng.randint(0, ROOM // 2)))
        part = density[:, x : x + thick]
    np.maximum(part, strength, out=part)


def _arc(density: npt.NDArray[np.float32], rng: random.Random) -> None:
    """Part of a round seal, paler than the figures."""
    height, width = density.shape
    radius = rng.uniform(1.5, 6) * height
    angle = rng.uniform(0, 2 * math.pi)
    x, y = width * rng.random() + radius * math.cos(angle), height * rng.random() + radius * math.sin(angle)
    centre = (round(x), round(y))
    layer = np.zeros_like(density)
    for k in range(rng.randint(1, 2)):
        cv2.circle(layer, centre, round(radius) + k * 6, rng.uniform(0.15, 0.5), rng.randint(1, 3), cv2.LINE_AA)
    np.maximum(density, layer, out=density)


def _scanned(grey: npt.NDArray[np.float32], rng: random.Random, noise: np.random.Generator) -> Picture:
    """Resampling, blur, sensor noise, bilevel fax, JPEG."""
    if rng.random() < 0.35 and grey.shape[0] > 2 * ROOM + 14:
        share = rng.uniform(max(0.35, 10 / (grey.shape[0] - 2 * ROOM)), 1.0)
        tall = rng.choice((1.0, 1.0, 1.0, 0.6))  # a coarse fax has half as many rows as columns
        small = cv2.resize(grey, None, fx=share, fy=share * tall, interpolation=cv2.INTER_AREA)
        grey = np.asarray(cv2.resize(small, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.float32)
    if rng.random() < 0.6:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.3, 1.3)), dtype=np.float32)
    if rng.random() < 0.05:  # a hand that moved: photographs
        reach = rng.choice((3, 5))
        kernel = np.full((1, reach) if rng.random() < 0.5 else (reach, 1), 1 / reach, np.float32)
        grey = np.asarray(cv2.filter2D(grey, -1, kernel), dtype=np.float32)
    if rng.random() < 0.5:
        grey = grey + noise.normal(0, rng.uniform(1, 16), grey.shape).astype(np.float32)
    picture = np.clip(grey, 0, 255).astype(np.uint8)
    if rng.random() < 0.18:
        dark, paper = float(picture.min()), float(np.percentile(picture, 80))
        level = dark + (paper - dark) * rng.uniform(0.4, 0.78)
        return np.where(picture > level, np.uint8(255), np.uint8(0))
    if rng.random() < 0.4:
        coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 92)])[1]
        picture = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return picture


def _cut(grey: Picture, density: npt.NDArray[np.float32], rng: random.Random, *, whiten: bool) -> Picture:
    """Cut as the ink stage cuts, the margins not quite equal; mostly with the bare paper made white."""
    if whiten:
        level = 255.0 - 0.35 * (255.0 - float(grey.min()))
        dark = (grey < level).astype(np.uint8)
    else:
        dark = (density > 0.3).astype(np.uint8)
    dark[: ROOM // 3] = dark[-ROOM // 3 :] = 0
    x, y, width, height = cv2.boundingRect(dark)
    if not width:
        return grey
    if whiten and rng.random() < 0.8:
        near = cv2.dilate(dark, np.ones((3, 3), np.uint8))
        grey = np.where(near > 0, grey, np.uint8(255))
    margin = max(3, round(rng.uniform(0.05, 0.3) * height))
    left, top, right, bottom = (max(0, round(margin * rng.uniform(0.6, 1.4))) for _ in range(4))
    framed = cv2.copyMakeBorder(grey, margin * 2, margin * 2, margin * 2, margin * 2, cv2.BORDER_REPLICATE)
    x, y = x + margin * 2, y + margin * 2
    return np.ascontiguousarray(framed[max(0, y - top) : y + height + bottom, max(0, x - left) : x + width + right])


def struck(ink: Ink, rng: random.Random) -> Ink:
    """Figures crossed out for good: a zigzag, or several strokes over all of them."""
    x, y, width, height = cv2.boundingRect((ink > 60).astype(np.uint8))
    pen = max(2, round(height * rng.uniform(0.05, 0.12)))
    turns = rng.randint(4, 10)
    if rng.random() < 0.6:
        ends = [(x + width * k / turns, y + height * (0.15 if k % 2 else 0.85)) for k in range(turns + 1)]
        paths = [ends]
    else:
        levels = [rng.uniform(0.2, 0.8) for _ in range(rng.randint(3, 5))]
        paths = [[(x - 3.0, y + height * a), (x + width + 3.0, y + height * (a + rng.gauss(0, 0.15)))] for a in levels]
    over = ink.copy()
    for path in paths:
        shaken = [(px + rng.gauss(0, height * 0.06), py + rng.gauss(0, height * 0.06)) for px, py in path]
        cv2.polylines(over, [np.round(np.array(shaken)).astype(np.int32)], False, 255, pen, cv2.LINE_AA)
    return over
