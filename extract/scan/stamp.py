"""A stamp's ink in the picture of a single cell, where too little of the stamp is seen to know its rings."""

from __future__ import annotations

import cv2
import numpy as np

from extract.ink.components import components
from extract.records import Picture
from extract.scan.flatten import picture_of
from extract.scan.seal import FAINT_BLACK, OTHER_HUE, PALE, TRACE, amounts_of, density_of

BLACK = 0.7  # density from which ink without colour is print or a dark pen
REACHING = 0.5  # share of the coloured ink in pieces that run out of the picture: a stamp does, figures seldom
BESIDE_COLOUR = 0.15  # black ink to coloured ink, from which there is something under a stamp to be read
STRAIGHT = 0.5  # of the picture's width or height; longer black runs are rulings, not figures


def lift_stamp(picture: Picture) -> tuple[Picture, bool]:
    """The picture in grey without the ink of a coloured stamp over black figures, and whether there was any.

    Coloured ink alone is what somebody wrote; only where it runs out of the picture and black figures stand beside it
    is it a stamp's.
    """
    if picture.ndim == 2:
        return picture, False
    grey = picture_of(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    paper = np.percentile(picture.reshape(-1, 3), 85, axis=0).astype(np.float32)
    density = density_of(picture, paper)
    coloured = density.max(axis=2) - density.min(axis=2) > PALE
    if not _runs_out(coloured):
        return grey, False
    tint = np.median(density[coloured], axis=0)
    amounts, away = amounts_of(density, tint)
    stamp, black = amounts[..., 0], amounts[..., 1]
    if np.count_nonzero(_without_lines(black > BLACK)) < BESIDE_COLOUR * np.count_nonzero(coloured):
        return grey, False
    other = (away > OTHER_HUE * (np.abs(stamp) + np.abs(black))) & (away > PALE)
    lifted = (cv2.dilate((stamp > TRACE).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~other
    left = np.where(black < FAINT_BLACK, 0.0, black)
    cleared = np.where(lifted, np.maximum(np.exp(-left) * float(paper.mean()), grey), grey)
    return cleared.clip(0, 255).astype(np.uint8), True


def _runs_out(coloured: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> bool:
    """Whether most of the coloured ink belongs to pieces that meet the picture's edge."""
    labels, stats = components(picture_of(coloured.astype(np.uint8)))
    total = int(stats[1:, 4].sum())
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    outward = int(stats[rim[rim > 0], 4].sum())
    return total > 0.005 * coloured.size and outward > REACHING * total


def _without_lines(black: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Picture:
    """Black ink without straight runs as long as rulings."""
    ink = picture_of(black.astype(np.uint8))
    height, width = ink.shape
    for shape in ((1, max(3, round(STRAIGHT * width))), (max(3, round(STRAIGHT * height)), 1)):
        straight = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = picture_of(cv2.subtract(ink, cv2.dilate(straight, np.ones((3, 3), np.uint8))))
    return ink
