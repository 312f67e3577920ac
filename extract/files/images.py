"""Picture files → stored pages: JPEG and PNG, multi-page TIFF, folders of page pictures."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from extract.files.counted import MOST_PIXEL_BYTES, check_pages, inflated, tiff_pages
from extract.records import Picture, Source, StoredPage
from layouts.errors import Rejected

MOST_SIDE = 32_000  # pixels; OpenCV moves pictures about with 16-bit places
MOST_PIXELS = 200_000_000  # an A0 sheet at 300 dpi has 140 million; more is a mistake or an attack
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP")
SQUARE = 1.1  # a fax at 204 × 196 dpi counts as square; at 204 × 98 it does not
MIRRORED = frozenset({2, 4, 5, 7})  # EXIF orientations that no turning makes right
WHITE = 255
PNG_MARK = b"\x89PNG\r\n\x1a\n"
PNG_ROW = 64  # bytes a row may have beside its pixels
BAD_PICTURE = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, MemoryError, OverflowError)
Image.MAX_IMAGE_PIXELS = None  # the limit is checked here, from the header, for each picture


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key under which numbers in names count as numbers.

    >>> sorted(["page-10.jpg", "page-2.jpg", "Page-1.jpg"], key=natural_key)
    ['Page-1.jpg', 'page-2.jpg', 'page-10.jpg']
    """
    parts = re.split(r"([0-9]+)", name.casefold())
    keyed = tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)
    return (*keyed, (2, 0, name))  # names that differ in case alone keep one order


def image_pages(source: Source, first: int = 1) -> Iterator[StoredPage]:
    """The page or pages of one picture file, as stored: no turning by EXIF. Rejected if it is broken or too large."""
    if _format_of(source, source.path) == "TIFF":
        yield from _tiff_pages(source, first)
    elif first == 1:
        yield _single_page(source, source.path, 1)


def folder_pages(source: Source, files: Sequence[Path], first: int = 1) -> Iterator[StoredPage]:
    """One page for each file, in the order given. Rejected if there is none or one cannot be read."""
    check_pages(source, len(files))
    if not files:
        next(iter(source.path.iterdir()), None)  # an unreadable folder says so here
        raise Rejected("error.no-pages", file=source.file)
    for number, file in enumerate(files[first - 1 :], first):
        yield _single_page(source, file, number)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a picture file says of one of its pictures, true or not."""

    dpi: float = 0.0  # pixels per inch across; 0 where it says none
    turn: int = 0  # degrees clockwise that make it upright: 0, 90, 180, 270


def claims_of(path: Path) -> list[Claim]:
    """What each picture in a file claims; none where the file is broken. OSError if it cannot be opened."""
    with path.open("rb") as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(file, formats=FORMATS) as image:
                    frames = range(getattr(image, "n_frames", 1)) if image.format == "TIFF" else (0,)
                    return [_claim(image, frame) for frame in frames]
        except (UnidentifiedImageError, Image.DecompressionBombError, *BAD_PICTURE):
            return []


def _claim(image: Image.Image, frame: int) -> Claim:
    image.seek(frame)
    across = float(image.info.get("dpi", (0, 0))[0])
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    turn = {3: 180, 6: 90, 8: 270}.get(orientation, 0)
    return Claim(across if math.isfinite(across) else 0.0, turn)


def check_size(source: Source, width: float, height: float) -> None:
    """Rejected if a picture of this many pixels is too large to decode."""
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise Rejected("error.image-too-large", file=source.file, width=round(width), height=round(height))


def _format_of(source: Source, path: Path) -> str:
    """Pillow's name of a picture's format, its header read and its size found bearable."""
    with _opened(source, path, 1) as image:
        return str(image.format)


@contextmanager
def _opened(source: Source, path: Path, number: int) -> Iterator[Image.Image]:
    """The picture with only its header read, its size checked."""
    # Pillow maps a file it knows by name into memory, and then gets turned TIFF frames wrong.
    with path.open("rb") as file:
        if not file.read(1):
            raise Rejected("error.empty-file", file=source.file, page=number)
        file.seek(0)
        with _page_at_stake(source, number):
            image = Image.open(file, formats=FORMATS)
        with image:
            check_size(source, *image.size)
            if _decoded_bytes(image, file) > MOST_PIXEL_BYTES:
                raise Rejected("error.image-too-large", file=source.file, width=image.width, height=image.height)
            yield image


def _decoded_bytes(image: Image.Image, file: BinaryIO) -> int:
    """What a picture comes to in memory as it is stored; Pillow's mode hides that a PNG has 16 bits a channel."""
    deep = image.format == "PNG" and _png_depth(file) == 16
    return image.width * image.height * len(image.getbands()) * (2 if deep or ";16" in image.mode else 1)


def _png_depth(file: BinaryIO) -> int:
    """Bits a channel; the file is left where it was, for Pillow reads on from there."""
    at = file.tell()
    file.seek(24)
    depth = file.read(1)
    file.seek(at)
    return depth[0] if depth else 8


@contextmanager
def _page_at_stake(source: Source, number: int) -> Iterator[None]:
    """Rejected for this page where the picture library finds it broken; its warnings concern nobody."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (UnidentifiedImageError, Image.DecompressionBombError, *BAD_PICTURE) as error:
        raise Rejected("error.broken-page", file=source.file, page=number) from error


def _single_page(source: Source, path: Path, number: int) -> StoredPage:
    with _opened(source, path, number) as image, _page_at_stake(source, number):
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        stretch = _stretch(image)
        drawn_by_opencv = image.format in {"JPEG", "MPO", "PNG"}
        picture = decode(path.read_bytes()) if drawn_by_opencv else _from_pillow(image)
    if picture is None:
        raise Rejected("error.broken-page", file=source.file, page=number)
    return _page(source, number, _unmirrored(picture, orientation), stretch)


def decode(data: bytes) -> Picture | None:
    """The pixels of a whole JPEG or PNG as stored, grey or BGR, on white; None if it is cut off or broken."""
    if not (_has_end(data) or _has_all_rows(data)) or (data.startswith(PNG_MARK) and png_overflows(data)):
        return None
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        return None
    if picture is None or picture.size == 0:
        return None
    if picture.dtype == np.uint16:
        picture = (picture // 256).astype(np.uint8)
    return on_white(np.asarray(picture, np.uint8))


def on_white(picture: Picture) -> Picture:
    """Without its transparency: what shows through is white paper. BGRA → BGR, one channel → grey."""
    if picture.ndim == 2 or picture.shape[2] == 3:
        return picture
    if picture.shape[2] == 1:
        return picture[:, :, 0]
    colour, alpha = picture[:, :, :-1].astype(np.uint16), picture[:, :, -1:].astype(np.uint16)
    blended = ((colour * alpha + WHITE * (WHITE - alpha) + WHITE // 2) // WHITE).astype(np.uint8)
    return blended[:, :, 0] if blended.shape[2] == 1 else blended


def png_overflows(data: bytes) -> bool:
    """Whether a PNG holds more rows than it says: what is too much is unpacked and thrown away, however much it is."""
    at, pieces, rows = len(PNG_MARK), [], 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        if kind == b"IHDR" and len(body) >= 9:
            width, height, depth = (int.from_bytes(body[i:j], "big") for i, j in ((0, 4), (4, 8), (8, 9)))
            rows = height * (width * max(depth, 1) // 2 + PNG_ROW)  # four channels, and more for what is interlaced
        elif kind == b"IDAT":
            pieces.append(body)
        at += 12 + size
    total = 0
    for piece in inflated(iter(pieces)):
        total += len(piece)
        if total > rows:
            return True
    return False


def _has_all_rows(data: bytes) -> bool:
    """Whether a picture without end mark is complete all the same; slow, and needed for few."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            image.load()
    except (Image.DecompressionBombError, *BAD_PICTURE):
        return False
    return True


def _has_end(data: bytes) -> bool:
    """Whether a JPEG or PNG reaches its end mark; decoders fill what is missing with grey and keep silent."""
    if data.startswith(PNG_MARK):
        return data.rfind(b"IEND") > 0
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xDA:  # the scan begins; within it FF D9 can only be the end
            return data.find(b"\xff\xd9", at) > 0
        at += 1 if data[at + 1] == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _tiff_pages(source: Source, first: int) -> Iterator[StoredPage]:
    with source.path.open("rb") as file:
        check_pages(source, tiff_pages(file))
    with _opened(source, source.path, 1) as image:
        number = first - 1
        while _seek(source, image, number):
            number += 1
            check_size(source, *image.size)
            with _page_at_stake(source, number):
                orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
                stretch = _stretch(image)
                picture = _as_stored(_from_pillow(image), orientation)
            yield _page(source, number, picture, stretch)


def _seek(source: Source, image: Image.Image, frame: int) -> bool:
    """Whether there is a further frame; Rejected if the chain of frames is broken."""
    with _page_at_stake(source, frame + 1):
        try:
            image.seek(frame)
        except EOFError:
            return False
    return True


def _from_pillow(image: Image.Image) -> Picture:
    """Grey or BGR pixels of a Pillow picture."""
    if image.mode in {"1", "L"}:
        return np.array(image.convert("L"))
    if image.mode.startswith("I"):
        values = np.array(image, np.int64)
        return (values // 256 if values.max(initial=0) > WHITE else values).astype(np.uint8)
    if "A" in image.mode or "transparency" in image.info:
        return on_white(np.array(image.convert("RGBA"))[:, :, [2, 1, 0, 3]])
    return np.ascontiguousarray(np.array(image.convert("RGB"))[:, :, ::-1])


def _as_stored(picture: Picture, orientation: int) -> Picture:
    """Takes back the turning that Pillow gives TIFF frames by their orientation; mirrored ones stay unmirrored."""
    turns = {3: 2, 6: 1, 8: 3}.get(orientation, 0)  # quarter turns counter-clockwise
    return np.ascontiguousarray(np.rot90(picture, turns))


def _unmirrored(picture: Picture, orientation: int) -> Picture:
    """A picture stored in mirror writing made readable, as every viewer shows it; others as they are."""
    return np.ascontiguousarray(picture[:, ::-1]) if orientation in MIRRORED else picture


def _stretch(image: Image.Image) -> float:
    """How much higher than wide a stored pixel is: 2 for a standard fax; 1 where nothing sure is said."""
    across, down = image.info.get("dpi", (1, 1))[:2]
    if across <= 0 or down <= 0:
        return 1.0
    ratio = float(across) / float(down)
    return ratio if SQUARE < ratio <= 3 else 1.0


def _page(source: Source, number: int, picture: Picture, stretch: float) -> StoredPage:
    """A scan page in pixels; where pixels are no squares, `picture` is stretched to show the paper's shape."""
    height, width = picture.shape[:2]
    if stretch != 1.0:
        size = (width, round(height * stretch))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    return StoredPage(source, number, "scan", "px", width, height, picture, 1.0, stretch=stretch)
