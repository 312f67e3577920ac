"""Crops of figures drawn with Pillow's own font or one of the system, for tests of the readers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extract.records import Crop, Picture

FACES = ("DejaVuSans.ttf", "LiberationSerif-Regular.ttf", "NotoSans-Regular.ttf", "Carlito-Regular.ttf")


@cache
def font(size: int, name: str = FACES[0]) -> ImageFont.FreeTypeFont:
    found = next(Path("/usr/share/fonts").rglob(name), None)
    if found is None:
        pytest.skip(f"font {name} is not installed")
    return ImageFont.truetype(str(found), size)


def picture(text: str, size: int = 34, name: str = FACES[0], margin: int = 6) -> Picture:
    """Black text on white, cut around its ink."""
    left, top, right, bottom = font(size, name).getbbox(text)
    image = Image.new("L", (int(right - left) + 2 * margin, int(bottom - top) + 2 * margin), 255)
    ImageDraw.Draw(image).text((margin - left, margin - top), text, fill=0, font=font(size, name))
    return np.asarray(image)


def crop(text: str, size: int = 34, name: str = FACES[0]) -> Crop:
    drawn = picture(text, size, name)
    return Crop(drawn, drawn)


def paper(height: int = 40, width: int = 120) -> Crop:
    """Bare paper with a little noise."""
    noise = np.random.default_rng(3).normal(250, 2, (height, width))
    bare = np.clip(noise, 0, 255).astype(np.uint8)
    return Crop(bare, bare)


def turned_over(this: Crop) -> Crop:
    over = np.ascontiguousarray(cv2.rotate(this.raw, cv2.ROTATE_180))
    return Crop(over, over)
