"""Reads printed Kazakh and Russian with the Tesseract program: many pictures in one process, or a page with boxes."""

from __future__ import annotations

import math
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from extract.readers.calibration import Calibration, calibration_of
from extract.records import Alternative, Box, Crop, Picture, TextLine
from layouts.errors import QagazError

# Models, best first: `Cyrillic` reads single labels a little better, but of lines filled in on forms it read 40 of 108
# exactly where `kaz+rus` read 49. `rus` alone reads no Kazakh letter.
PREFERRED = ("kaz+rus", "Cyrillic", "script/Cyrillic")
BLOCK = 6  # page segmentation: one block of text
PAGE = 3  # page segmentation: a whole page
ROOM = 12  # pixels of white around each picture: Tesseract loses letters that touch the border
LEAST_HEIGHT = 30  # pixels; lower pictures are enlarged, Tesseract wants letters about 30 pixels high
LINE = 7  # page segmentation: one line
FIGURE_SIGNS = "0123456789,.-()%"
FIGURE_HEIGHT = 44  # pixels; figures are read better a little larger than text
PROBE = 1 << 16  # bytes: more than what Tesseract says of a batch
PATIENCE = 300  # seconds a batch may take before it counts as hung
LEAST_CONFIDENCE = 0.0  # Tesseract's own; words below it are layout boxes without text


WIDE_GAP = 3.0  # heights of the words; what stands farther apart is not one line


_Words = dict[tuple[int, int, int], list[tuple[str, Box]]]  # words by block, paragraph and line


class TesseractText:
    """Tesseract with its Cyrillic model; text is left as read, look-alikes are not folded."""

    @cached_property
    def name(self) -> str:
        """Program version and model."""
        return f"tesseract/{_program().get_tesseract_version()}/{_model()}"

    def read(self, pictures: Sequence[Picture]) -> list[str]:
        """The text of each picture, lines parted by newlines; all pictures go through one process."""
        if not pictures:
            return []
        with _listed(pictures) as listed:
            read = _program().image_to_string(str(listed), lang=_model(), config=f"--psm {BLOCK}", timeout=PATIENCE)
            if str(read).count("\f") < len(pictures):
                _need_room(listed.parent)
        texts = str(read).split("\f")[: len(pictures)]
        texts += [""] * (len(pictures) - len(texts))
        return ["\n".join(line.strip() for line in text.splitlines() if line.strip()) for text in texts]

    def read_lines(self, pictures: Sequence[Picture]) -> list[list[TextLine]]:
        """The lines of each picture, a whole page or part of one, with boxes in its pixels; all in one process."""
        if not pictures:
            return []
        with _listed(pictures, framed=False) as listed:
            found = _program().image_to_data(
                str(listed),
                lang=_model(),
                config=f"--psm {PAGE}",
                output_type=_program().Output.DICT,
                timeout=PATIENCE,
            )
            if max(map(int, found["page_num"]), default=0) < len(pictures):
                _need_room(listed.parent)
        pages: list[_Words] = [{} for _ in pictures]
        for i, text in enumerate(found["text"]):
            if text.strip() and float(found["conf"][i]) >= LEAST_CONFIDENCE:
                x, y, width, height = (int(found[key][i]) for key in ("left", "top", "width", "height"))
                key = (int(found["block_num"][i]), int(found["par_num"][i]), int(found["line_num"][i]))
                lines = pages[int(found["page_num"][i]) - 1]
                lines.setdefault(key, []).append((text.strip(), Box(x, y, x + width, y + height)))
        return [_text_lines(lines) for lines in pages]


def _text_lines(lines: _Words) -> list[TextLine]:
    """The words of a page as lines, in reading order."""
    return [
        TextLine(
            " ".join(text for text, _ in words), Box.around(box for _, box in words), tuple(box for _, box in words)
        )
        for _, line in sorted(lines.items())
        for words in _parted(line)
    ]


def _parted(words: Sequence[tuple[str, Box]]) -> list[list[tuple[str, Box]]]:
    """A line parted where a gap is too wide for a space: columns side by side, options in a row."""
    parts: list[list[tuple[str, Box]]] = []
    for text, box in words:
        before = parts[-1][-1][1] if parts else None
        if before is None or box.x0 - before.x1 > WIDE_GAP * max(box.height, before.height):
            parts.append([])
        parts[-1].append((text, box))
    return parts


@cache
def _program() -> Any:
    """The library that runs Tesseract, loaded at the first picture: it brings pandas, which text forms need not."""
    import pytesseract  # noqa: PLC0415 - a third of a second

    return pytesseract


def _installed() -> set[str]:
    """The models Tesseract lists. pytesseract's own list leaves out names with capitals, Cyrillic among them."""
    command = [_program().pytesseract.tesseract_cmd, "--list-langs"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, fixed words
    return {line.strip() for line in (listed.stdout + listed.stderr).splitlines()}


@cache
def _model() -> str:
    """The best model installed; QagazError if there is none for Kazakh, or no Tesseract."""
    try:
        installed = _installed()
    except OSError as cause:
        raise QagazError("error.reader-missing", reader="tesseract", remedy="make setup") from cause
    for model in PREFERRED:
        if set(model.split("+")) <= installed:
            return model
    raise QagazError("error.reader-missing", reader="tesseract Cyrillic", remedy="make setup")


class TesseractFigures:
    """Tesseract limited to figures: a witness of print, of little use for handwriting. It reads the clean crop."""

    def __init__(self, calibration: Calibration | None = None) -> None:
        self._calibration = calibration or calibration_of("tesseract-figures")

    @cached_property
    def name(self) -> str:
        """Program version and what it is limited to."""
        return f"tesseract/{_program().get_tesseract_version()}/figures"

    def read(self, crops: Sequence[Crop]) -> list[tuple[Alternative, ...]]:
        """For each crop one reading, its probability that of the least sure word; all in one process."""
        if not crops:
            return []
        with _listed([crop.clean for crop in crops], FIGURE_HEIGHT) as listed:
            found = _program().image_to_data(
                str(listed),
                lang=_model(),
                config=f"--psm {LINE} -c tessedit_char_whitelist={FIGURE_SIGNS}",
                output_type=_program().Output.DICT,
                timeout=PATIENCE,
            )
            if max(map(int, found["page_num"]), default=0) < len(crops):
                _need_room(listed.parent)
        words: dict[int, list[tuple[str, float]]] = {}
        for page, text, sure in zip(found["page_num"], found["text"], found["conf"], strict=True):
            if text.strip():
                words.setdefault(int(page) - 1, []).append((text.strip(), float(sure) / 100))
        return [self._reading(words.get(i, [])) for i in range(len(crops))]

    def _reading(self, words: Sequence[tuple[str, float]]) -> tuple[Alternative, ...]:
        if not words:
            return ()
        text, least = " ".join(word for word, _ in words), min(sure for _, sure in words)
        applied = self._calibration.apply([(text, math.log(min(max(least, 1e-3), 1.0)))])
        return tuple(Alternative(text, logp, self.name) for text, logp in applied)


@contextmanager
def _listed(pictures: Sequence[Picture], height: int = LEAST_HEIGHT, *, framed: bool = True) -> Iterator[Path]:
    """A file that lists the pictures' files, for Tesseract to read them one after another.

    They are enlarged and `framed` if asked for, and stored unpacked: packing takes as long as reading. Leptonica takes
    a BMP in one piece; a PNM it takes pixel by pixel, which is a sixth of the whole reading.
    """
    with tempfile.TemporaryDirectory(prefix="qagaz-") as folder, _one_thread():
        listed = Path(folder) / "list.txt"
        files = [Path(folder) / f"{i}.bmp" for i in range(len(pictures))]
        for picture, file in zip(pictures, files, strict=True):
            _, stored = cv2.imencode(".bmp", _framed(picture, height) if framed else picture)
            file.write_bytes(stored.tobytes())  # OpenCV's own writing does not say that the disk is full
        listed.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
        try:
            yield listed
        except Exception:
            _need_room(Path(folder))
            raise


def _need_room(folder: Path) -> None:
    """OSError where the disk takes no more: Tesseract keeps silent about it, and its words are cut off or missing."""
    probe = folder / "probe"
    probe.write_bytes(bytes(PROBE))
    probe.unlink()


def _framed(picture: Picture, height: int) -> Picture:
    """The picture enlarged if it is low, with white around it."""
    scale = max(1.0, height / max(picture.shape[0], 1))
    grown = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC) if scale > 1.0 else picture
    framed = cv2.copyMakeBorder(grown, ROOM, ROOM, ROOM, ROOM, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    return np.asarray(framed, dtype=np.uint8)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Tesseract on one thread: its own threads mostly wait for each other."""
    before = os.environ.get("OMP_THREAD_LIMIT")
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_THREAD_LIMIT"]
        else:
            os.environ["OMP_THREAD_LIMIT"] = before
