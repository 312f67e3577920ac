"""Pages drawn for the tests of geometry: tables, boxes and text whose place is known, then spoiled like scans."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np

from extract.records import Source, StoredPage

WHITE = 255
SOURCE = Source("0" * 64, "drawn", Path("drawn"))


def blank(dpi=200, *, landscape=False):
    """A white A4 page."""
    size = (round(8.27 * dpi), round(11.69 * dpi)) if landscape else (round(11.69 * dpi), round(8.27 * dpi))
    return np.full(size, WHITE, np.uint8)


def line(page, x0, y0, x1, y1, *, grey=0, width=2):
    cv2.line(page, (round(x0), round(y0)), (round(x1), round(y1)), (grey,), width)


def table(page, xs, ys, *, grey=0, width=2, open_top=False, open_bottom=False, open_right=False):
    """Rulings through all edges, but for those on open sides."""
    for i, y in enumerate(ys):
        if not (open_top and i == 0) and not (open_bottom and i == len(ys) - 1):
            line(page, xs[0], y, xs[-1], y, grey=grey, width=width)
    for i, x in enumerate(xs):
        if not (open_right and i == len(xs) - 1):
            line(page, x, ys[0], x, ys[-1], grey=grey, width=width)


def text(page, words, x, y, *, size=1.0, grey=30):
    """Words with their baseline's left end at (x, y); size 1 is about ten points at 200 dpi."""
    cv2.putText(
        page, words, (round(x), round(y)), cv2.FONT_HERSHEY_COMPLEX, 0.8 * size, (grey,), max(1, round(size)), 16
    )


def labels(page, xs, ys, dpi=200):
    """A label of words in the second column and figures in some others, of every row."""
    size = dpi / 200
    for row, (y0, y1) in enumerate(itertools.pairwise(ys)):
        if y1 - y0 < 26 * size:
            continue
        text(page, f"1.{row + 1}", xs[0] + 6 * size, y0 + 24 * size, size=0.8 * size)
        text(page, "other kinds", xs[1] + 6 * size, y0 + 24 * size, size=0.7 * size)
        for column in range(3, len(xs) - 1, 2):
            text(page, str(1234 * (row + 3)), xs[column] + 8 * size, y0 + 26 * size, size=0.8 * size)


def boxes(page, x, y, count, *, side=32, gap=6, figures=""):
    """A run of boxes for characters, apart from one another or sharing walls (gap 0)."""
    for i in range(count):
        left = x + i * (side + gap)
        cv2.rectangle(page, (left, y), (left + side, y + side), (0,), 2)
        if i < len(figures):
            text(page, figures[i], left + 7, y + side - 7, size=0.9)


def form(dpi=200, *, rows=9):
    """A page with a strip, two runs of boxes and a table of nine columns; and its edges (xs, ys)."""
    page = blank(dpi)
    k = dpi / 200
    text(page, "Report on the volume of services", 300 * k, 130 * k, size=1.2 * k)
    table(page, [v * k for v in (100, 350, 600, 850, 1100, 1350, 1550)], [v * k for v in (180, 250)])
    boxes(page, round(250 * k), round(300 * k), 12, side=round(32 * k), gap=round(6 * k), figures="130443724652")
    boxes(page, round(250 * k), round(370 * k), 12, side=round(32 * k), gap=round(6 * k))
    xs = [v * k for v in (100, 190, 430, 560, 730, 900, 1060, 1220, 1390, 1550)]
    ys = [(480 + 90 * i + 20 * (i % 3)) * k for i in range(rows + 1)]
    table(page, xs, ys)
    labels(page, xs, ys, dpi)
    return page, xs, ys


def noisy(page, sigma=6.0, seed=1):
    """With the grain of a scanner."""
    grain = np.random.default_rng(seed).normal(0, sigma, page.shape)
    return np.clip(page.astype(np.float64) * 0.93 + 8 + grain, 0, 255).astype(np.uint8)


def turned(page, degrees, border=WHITE):
    """Turned by a small angle about its middle."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(border,) * 3)


def faxed(page, seed=1):
    """Bilevel, with specks and torn rulings."""
    rng = np.random.default_rng(seed)
    grey = page.astype(np.float64) + rng.normal(0, 45, page.shape)
    black = cv2.GaussianBlur(grey, (3, 3), 0.7) < 128
    black |= rng.random(page.shape) < 0.001
    black &= rng.random(page.shape) > 0.02
    return np.where(black, 0, WHITE).astype(np.uint8)


def photographed(page, seed=1):
    """On a dark table, seen at an angle, in uneven light; and the homography page → photo."""
    height, width = page.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = corners * 0.94 + np.array([[50, 70], [10, 45], [90, 60], [40, 90]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(page, matrix, (width + 60, height + 60), flags=cv2.INTER_AREA, borderValue=(70,))
    y, x = np.mgrid[0 : height + 60, 0 : width + 60]
    light = 0.62 + 0.38 * np.cos((x / width - 0.3) * 1.6) * np.cos((y / height - 0.7) * 1.3)
    grain = np.random.default_rng(seed).normal(0, 4, photo.shape)
    return np.clip(photo * light + grain, 0, 255).astype(np.uint8), matrix


def curled(page, bow=10.0):
    """Bowed like a page that does not lie flat: `bow` pixels in the middle of each level ruling."""
    height, width = page.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    shift = bow * np.sin(np.pi * x / width) * (0.6 + 0.4 * y / height)
    return cv2.remap(page, x, (y - shift).astype(np.float32), cv2.INTER_LINEAR, borderValue=(WHITE,))


def stored(picture, *, unit="px", scale=1.0):
    """The picture as a page of a file."""
    height, width = picture.shape[:2]
    return StoredPage(SOURCE, 1, "scan", unit, width / scale, height / scale, picture, scale)
