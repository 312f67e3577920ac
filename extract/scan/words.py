"""Words on a picture, as boxes: ink smeared until the letters of a word touch."""

from __future__ import annotations

import cv2
import numpy as np

from extract.ink.components import components
from extract.records import Box, Picture

INK = 190  # grey level below which something is ink, on paper of 250
LETTER_GAP = 0.045  # inches: letters of one word stand nearer
HEAL = 5  # pixels of the survey over which the pieces of a broken letter are joined
HIGHEST, LOWEST = 0.3, 0.035  # inches: what is higher is no line of text, what is lower is dust or a dash
THINNEST = 0.02  # inches
DASH = (0.03, 0.2)  # inches: least and greatest width of a dash
FLATTEST = 0.01  # inches: lower than a dash
BLOT = 0.16  # inches: what is higher and filled is a hole or a blot
FILLED = 0.6  # share of a blot's box that is ink
FLAT = 0.06  # inches: what is lower and long may be a piece of a ruling that leans
LONG = 3.0  # times as wide as high
SOLID = 0.75  # share of such a piece's length along which one row of it is dark
LYING, STANDING = 0.3, 0.2  # inches: what runs on straight so far is no letter's stroke
DOT = (0.012, 0.045)  # inches: width and height of what is left of a crossing
MOST_DOTS = 2000
IN_LINE = 4  # dots in one line, upright or level
ASTRAY = 0.012  # inches: how far dots of one line may be off it
THIN_LINE = (0.05, 0.5)  # inches: what is lower and longer is a dashed ruling, no line of text
SUBSTANCE = 0.12  # share of a word's box that is ink at least; strewn specks have less


def words_of(picture: Picture, dpi: float) -> list[Box]:
    """Boxes of words, and of dashes, on an upright grey page with even light, in its pixels."""
    ink = cv2.threshold(picture, INK, 255, cv2.THRESH_BINARY_INV)[1]
    for kernel in ((1, round(LYING * dpi)), (round(STANDING * dpi), 1)):
        rulings = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(kernel, np.uint8))
        ink = cv2.bitwise_and(ink, cv2.bitwise_not(cv2.dilate(rulings, np.ones((3, 3), np.uint8))))
    smeared = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, round(LETTER_GAP * dpi) | 1), np.uint8))
    smeared = cv2.morphologyEx(smeared, cv2.MORPH_CLOSE, np.ones((HEAL, 1), np.uint8))
    labels, stats = components(np.asarray(smeared, np.uint8))
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    inked = np.bincount(labels.ravel()[np.flatnonzero(ink.view(bool))], minlength=len(stats))
    dashes = (tall >= FLATTEST * dpi) & (wide >= DASH[0] * dpi) & (wide <= DASH[1] * dpi) & (wide > 2 * tall)
    kept = ((tall >= LOWEST * dpi) & (tall <= HIGHEST * dpi) & (wide >= THINNEST * dpi)) | dashes
    kept &= inked >= SUBSTANCE * wide * tall
    kept &= (tall < BLOT * dpi) | (inked < FILLED * wide * tall)
    kept &= (tall > THIN_LINE[0] * dpi) | (wide < THIN_LINE[1] * dpi)
    kept[0] = False
    flat = (tall < FLAT * dpi) & (wide > LONG * tall) & ~dashes
    return [
        Box(float(x), float(y), float(x + w), float(y + h))
        for (x, y, w, h), maybe_ruling in zip(stats[kept][:, :4], flat[kept], strict=True)
        if not (maybe_ruling and _is_solid(np.asarray(ink[y : y + h, x : x + w], np.uint8)))
    ]


def crossings_of(picture: Picture, dpi: float) -> list[Box]:
    """Dots that lie in lines in both directions: all that is left where rulings cross once the rulings are lost."""
    ink = cv2.threshold(picture, INK, 255, cv2.THRESH_BINARY_INV)[1]
    _, stats = components(np.asarray(ink, np.uint8))
    low, high = DOT
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    dots = (sides.min(axis=1) >= low * dpi) & (sides.max(axis=1) <= high * dpi)
    dots[0] = False
    found = stats[dots][:, :4]
    if len(found) > MOST_DOTS:  # dotted rulings, or a page full of dirt: no crossings
        return []
    for _ in range(2):  # a dot whose neighbours are none falls with them
        if len(found) < IN_LINE:
            return []
        middle = found[:, :2] + found[:, 2:] / 2
        near = np.abs(middle[:, None] - middle[None]) <= max(ASTRAY * dpi, 1.0)
        found = found[(near.sum(axis=1) >= IN_LINE).all(axis=1)]
    return [Box(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h in found]


def _is_solid(piece: Picture) -> bool:
    """Whether neighbouring rows of a low piece are dark nearly all along, as a ruling's are."""
    both = piece[:-1] | piece[1:]
    return bool(both.size) and float((both > 0).mean(axis=1).max()) >= SOLID
