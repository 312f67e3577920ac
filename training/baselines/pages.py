"""Pages of any file as grey pictures at one resolution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageSequence

Grey = npt.NDArray[np.uint8]
DPI = 200
POINTS = 72  # per inch
LONG_SIDE = 2400  # pixels; of photographs


def pages(file: Path) -> Iterator[Grey]:
    """A PDF drawn, the frames of a TIFF with square pixels, or the pictures of a folder by their numbers."""
    if file.is_dir():
        for picture in sorted(file.iterdir(), key=lambda path: [int(n) for n in re.findall(r"\d+", path.stem)]):
            with Image.open(picture) as image:
                image.thumbnail((LONG_SIDE, LONG_SIDE))
                yield np.asarray(image.convert("L"), np.uint8)
    elif file.suffix == ".pdf":
        document = pypdfium2.PdfDocument(file)
        for page in document:
            yield np.array(page.render(scale=DPI / POINTS, grayscale=True).to_numpy(), np.uint8).squeeze()
        document.close()
    else:
        with Image.open(file) as image:
            for frame in ImageSequence.Iterator(image):
                across, down = (float(each) for each in frame.info.get("dpi", (DPI, DPI)))
                grey = np.asarray(frame.convert("L"), np.uint8)
                size = (round(grey.shape[1] * DPI / across), round(grey.shape[0] * DPI / down))
                yield np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
