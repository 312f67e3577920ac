"""How the ink of a cell looks, in a few numbers: by them a page is told that is unlike all that were calibrated on."""

from __future__ import annotations

import math

import cv2
import numpy as np

from extract.records import Crop

FEATURES = ("size", "stroke", "contrast", "softness", "grain", "fill")
DARK = 0.5  # of the way from paper to ink: ink
FAINT = 0.2  # likewise: no longer paper
WHITE = 250  # grey level from which the clean crop is paper
DARKEST = 2.0  # per cent of the pixels that count as full ink


def look_of(crop: Crop) -> tuple[float, ...]:
    """The features of one crop, in the order of FEATURES.

    Logarithms of the ink's height and of the strokes' thickness in pixels; contrast 0 … 1; share of ink that is neither
    dark nor paper (blur); deviation of the bare paper in grey levels, logarithmic; inked share of the ink's box.
    """
    depth = 255.0 - crop.clean.astype(np.float32)
    full = max(float(np.percentile(depth, 100.0 - DARKEST)), 1.0)
    dark = (depth > DARK * full).astype(np.uint8)
    faint = int(np.count_nonzero(depth > FAINT * full))
    _, _, width, height = cv2.boundingRect(dark)
    area = int(np.count_nonzero(dark))
    inside = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    thick = 4.0 * float(inside[dark > 0].mean()) - 1.0 if area else 1.0
    paper = crop.raw[crop.clean >= WHITE]
    grain = float(paper.std()) if paper.size > 8 else 0.0
    return (
        math.log(max(height, 1)),
        math.log(max(thick, 0.5)),
        full / 255.0,
        1.0 - area / max(faint, 1),
        math.log1p(grain),
        area / max(width * height, 1),
    )
