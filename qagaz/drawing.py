"""Boxes, codes and values over a page, with a legend: made to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

FONT_FILES = (  # with every Kazakh letter; the first that is there is taken
    "DejaVuSans.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
)
LABEL_SIZE = 17  # pixels
TITLE_SIZE = 24
DARK = 140  # grey level below which a pixel is writing
HEADER = 64  # height of the strip on top, pixels
PAD = 3
INK = (28, 32, 36)
PAPER = (255, 255, 255, 225)
CODE = (46, 64, 87, 235)
CULPRIT = (200, 30, 30, 255)

Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]
Grey = npt.NDArray[np.uint8]


class Shade(Enum):
    """How a box is filled: by what became of its reading."""

    ACCEPTED = (44, 160, 90)
    REVIEW = (236, 112, 20)
    BLANK = (120, 150, 190)


FILL = {Shade.ACCEPTED: 46, Shade.REVIEW: 92, Shade.BLANK: 20}  # opacity of 255: doubts first meet the eye


@dataclass(frozen=True, slots=True)
class Mark:
    """One box with what was read in it; `code` is written before it, on a dark ground."""

    box: Box
    text: str
    shade: Shade
    code: str = ""
    culprit: bool = False  # a failed rule points at it
    field: bool = False

    def scaled(self, x: float, y: float) -> Mark:
        """The same in other units."""
        x0, y0, x1, y1 = self.box
        return replace(self, box=(x0 * x, y0 * y, x1 * x, y1 * y))

    def turned(self, degrees: int, size: tuple[int, int]) -> Mark:
        """The same on a page of `size` that was turned clockwise.

        >>> Mark((0, 0, 10, 5), "", Shade.BLANK).turned(90, (100, 200)).box
        (195, 0, 200, 10)
        """
        x0, y0, x1, y1 = self.box
        width, height = size
        boxes = {
            0: (x0, y0, x1, y1),
            90: (height - y1, x0, height - y0, x1),
            180: (width - x1, height - y1, width - x0, height - y0),
            270: (y0, width - x1, y1, width - x0),
        }
        return replace(self, box=boxes[degrees])


def draw_page(
    page: Image.Image, marks: Iterable[Mark], title: str, legend: Sequence[tuple[Shade | None, str]]
) -> Image.Image:
    """The page, its marks over it, and a strip on top that says what is what; without a shade, the culprits' edge."""
    every = list(marks)
    layer = Image.new("RGBA", page.size, (0, 0, 0, 0))
    brush = ImageDraw.Draw(layer)
    for mark in every:
        _fill(brush, mark)
    grey = np.asarray(page.convert("L"))
    for mark in every:
        _letter(brush, mark, grey)
    drawn = Image.new("RGB", (page.width, page.height + HEADER), "white")
    drawn.paste(Image.alpha_composite(page.convert("RGBA"), layer).convert("RGB"), (0, HEADER))
    _head(ImageDraw.Draw(drawn), page.width, title, legend)
    return drawn


def _fill(brush: ImageDraw.ImageDraw, mark: Mark) -> None:
    edge = CULPRIT if mark.culprit else (*mark.shade.value, 235)
    inner = (mark.box[0] + 1, mark.box[1] + 1, mark.box[2] - 1, mark.box[3] - 1)
    if inner[0] < inner[2] and inner[1] < inner[3]:
        fill = (*mark.shade.value, FILL[mark.shade])
        brush.rectangle(inner, fill=fill, outline=edge, width=4 if mark.culprit else 2)


def _letter(brush: ImageDraw.ImageDraw, mark: Mark, grey: Grey) -> None:
    """The value in the corner of its box where the least is written; the code before the box.

    A field's value stands above its box: there is room, and what is written stays in sight.
    """
    x0, y0, x1, y1 = mark.box
    if mark.field and mark.text:
        text = _short(brush, mark.text, max(x1 - x0, 300.0))
        _plate(brush, (x0, y0 - LABEL_SIZE - PAD - 2), text, PAPER, (*_dark(mark.shade.value), 255))
    elif mark.text:
        text = _short(brush, mark.text, max(x1 - x0 - 2 * PAD, 80.0))
        width = brush.textlength(text, font=font_of(LABEL_SIZE)) + 2 * PAD
        corners = [(x, y) for y in (y1 - LABEL_SIZE - 2 * PAD, y0 + 2) for x in (x1 - width - 2, x0 + 2)]
        corner = min(corners, key=lambda at: _darkness(grey, (*at, at[0] + width, at[1] + LABEL_SIZE + PAD)))
        _plate(brush, corner, text, PAPER, (*_dark(mark.shade.value), 255))
    if mark.code:
        width = brush.textlength(mark.code, font=font_of(LABEL_SIZE))
        _plate(brush, (x0 - width - 3 * PAD, y0 + 2), mark.code, CODE, (255, 255, 255, 255))


def _darkness(grey: Grey, box: Box) -> float:
    """How much is written in a part of the page, rounded so that a speck decides nothing."""
    x0, y0, x1, y1 = (max(0, round(v)) for v in box)
    part = grey[y0:y1, x0:x1]
    return round(float((part < DARK).mean()), 2) if part.size else 1.0


def _plate(
    brush: ImageDraw.ImageDraw, at: tuple[float, float], text: str, ground: tuple[int, ...], ink: tuple[int, ...]
) -> None:
    font = font_of(LABEL_SIZE)
    x, y = at
    width = brush.textlength(text, font=font)
    brush.rounded_rectangle((x, y, x + width + 2 * PAD, y + LABEL_SIZE + PAD), radius=4, fill=ground)
    brush.text((x + PAD, y), text, font=font, fill=ink)


def _short(brush: ImageDraw.ImageDraw, text: str, room: float) -> str:
    """As much of a text as there is room for."""
    font = font_of(LABEL_SIZE)
    while len(text) > 1 and brush.textlength(text, font=font) > room:
        text = text[:-2].rstrip() + "…"
    return text


def _dark(colour: Colour) -> Colour:
    """The same colour, dark enough to be read as letters."""
    return colour[0] * 6 // 10, colour[1] * 6 // 10, colour[2] * 6 // 10


def _head(brush: ImageDraw.ImageDraw, width: int, title: str, legend: Sequence[tuple[Shade | None, str]]) -> None:
    """Title on the left, the colours with their meaning on the right."""
    brush.rectangle((0, 0, width, HEADER), fill=(245, 246, 248))
    brush.line((0, HEADER - 1, width, HEADER - 1), fill=(190, 196, 204), width=2)
    font = font_of(LABEL_SIZE)
    x = width - 24.0
    for shade, words in reversed(legend):
        x -= brush.textlength(words, font=font)
        brush.text((x, 22), words, font=font, fill=INK)
        x -= 34
        if shade is None:
            brush.rectangle((x, 22, x + 24, 42), outline=CULPRIT, width=3)
        else:
            brush.rectangle((x, 22, x + 24, 42), fill=_tint(shade), outline=shade.value, width=2)
        x -= 28
    brush.text((24, 18), _fitting(brush, title, x - 24), font=font_of(TITLE_SIZE), fill=INK)


def _fitting(brush: ImageDraw.ImageDraw, title: str, room: float) -> str:
    while len(title) > 1 and brush.textlength(title, font=font_of(TITLE_SIZE)) > room:
        title = title[:-2] + "…"
    return title


def _tint(shade: Shade) -> Colour:
    """What the translucent fill looks like on white."""
    share = FILL[shade] / 255
    red, green, blue = (round(255 - (255 - part) * share) for part in shade.value)
    return red, green, blue


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Letters of so many pixels, Kazakh ones among them where the machine has any such."""
    own = Path(__file__).parent.parent / "corpus" / "fonts" / "pt-sans-400.ttf"
    for name in (*FONT_FILES, str(own)):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
