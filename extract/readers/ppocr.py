"""Reads figures and codes with the PP-OCRv6 recognition model that the rapidocr package carries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extract.percentiles import percentiles
from extract.readers.calibration import Calibration, calibration_of
from extract.readers.ctc import Frames, best_texts, tidy
from extract.readers.session import open_session
from extract.records import Alternative, Crop, Picture
from layouts.errors import QagazError

MODEL = "PP-OCRv6_rec_small.onnx"
HEIGHT = 48  # pixels; what the model was trained on
LEAST_WIDTH = 160  # pixels; narrower pictures are padded: the model reads lone digits badly without room beside them
WIDTH_STEP = 32  # pixels; pictures are padded to a multiple of it, so that like ones share a batch
WIDEST = 960  # pixels; wider pictures are squeezed
BATCH = 8  # pictures; more gains nothing on one thread, and the model answers 18,710 classes a frame
MARGIN = 0.12  # of the height, white, on every side: crops are tighter than the lines the model knows
DARK = 0.5  # of the way from paper to the darkest pixel
FLAT = 2.2  # lengths a breadth from which a solid stroke is a dash
FILLED = 0.7  # share of an even bar's area that it has at least; figures grown together have less
STEEPEST = 0.55  # sine of a dash's steepest angle
STRAY = 1.12  # a dash is all the ink but for specks of this share
DASH_ROOM = 1.5  # of a dash crop's width, on every side
KEPT = 10  # readings a crop: another reader must find its own among them
FIGURES = "0123456789 ,.-–—'’()%×XxХ"
CODES = "0123456789.,- ABАВ"


class PpOcr:
    """PP-OCRv6 limited to an alphabet: digits and their signs, or codes. It reads the raw crop."""

    def __init__(
        self, alphabet: str = FIGURES, *, kind: str = "figures", calibration: Calibration | None = None
    ) -> None:
        """`kind` names the fitted calibration; `calibration` takes its place."""
        self.alphabet = alphabet
        self._calibration = calibration or calibration_of(f"ppocr-{kind}")

    @cached_property
    def name(self) -> str:
        """Model and the package it came in."""
        return f"ppocr-v6-small/{version('rapidocr')}"

    @cached_property
    def _session(self) -> Any:
        return open_session(_model_file())

    @cached_property
    def _classes(self) -> tuple[npt.NDArray[np.intp], str]:
        """Numbers of the classes of our alphabet, the blank first, and their characters."""
        known = characters_of(self._session)
        kept = [(number, sign) for number, sign in enumerate(known, start=1) if sign in self.alphabet]
        return np.array([0, *(number for number, _ in kept)]), "".join(sign for _, sign in kept)

    def read(self, crops: Sequence[Crop]) -> list[tuple[Alternative, ...]]:
        """For each crop the best readings with calibrated log-probabilities; an empty tuple where it sees nothing."""
        alternatives = []
        for frames in self.frames([_with_room(crop) for crop in crops]):
            texts = self._calibration.apply(tidy(best_texts(frames, self._classes[1], KEPT)))
            seen = texts and texts[0][0]
            alternatives.append(tuple(Alternative(t, logp, self.name) for t, logp in texts if t) if seen else ())
        return alternatives

    def frames(self, pictures: Sequence[Picture]) -> list[Frames]:
        """For each grey picture the log-probabilities of the alphabet in every frame."""
        scaled = [_scaled(picture) for picture in pictures]
        order = sorted(range(len(scaled)), key=lambda i: scaled[i].shape[1])
        found: dict[int, Frames] = {}
        for start in range(0, len(order), BATCH):
            for group in _equal_widths(order[start : start + BATCH], scaled):
                found |= dict(zip(group, self._run([scaled[i] for i in group]), strict=True))
        return [found[i] for i in range(len(pictures))]

    def _run(self, batch: Sequence[Picture]) -> list[Frames]:
        width = _padded(max(picture.shape[1] for picture in batch))
        tensor = np.zeros((len(batch), 3, HEIGHT, width), dtype=np.float32)
        for place, picture in enumerate(batch):
            tensor[place, :, :, : picture.shape[1]] = picture.astype(np.float32) / 127.5 - 1.0
        probabilities = self._session.run(None, {self._session.get_inputs()[0].name: tensor})[0]
        chosen = probabilities[:, :, self._classes[0]]
        chosen /= np.maximum(chosen.sum(axis=2, keepdims=True), 1e-12)
        return list(np.log(np.maximum(chosen, 1e-12)).astype(np.float32))


def characters_of(session: Any) -> list[str]:
    """The characters of the model's classes 1, 2, …: those it lists, then the space."""
    return [*session.get_modelmeta().custom_metadata_map["character"].split("\n"), " "]


def _model_file() -> Path:
    """Where the installed package keeps the model; rapidocr itself is not imported, it loads much that is not used."""
    spec = find_spec("rapidocr")
    file = Path(spec.origin).parent / "models" / MODEL if spec and spec.origin else Path(MODEL)
    if not file.is_file():
        raise QagazError("error.reader-missing", reader=MODEL, remedy="make setup")
    return file


def is_dash(clean: Picture) -> bool:
    """Whether a crop's ink is one solid, nearly level stroke: a lone dash, however thick it looks cut so tight."""
    (paper,) = percentiles(clean, 90)
    dark = (clean < paper - DARK * (paper - float(clean.min()))).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark)
    if count < 2:
        return False
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    area = float(stats[largest, cv2.CC_STAT_AREA])
    if np.count_nonzero(dark) > STRAY * area:
        return False
    rows, columns = np.nonzero(labels == largest)
    spread = np.cov(np.stack([columns, rows]), bias=True) + np.eye(2) / 12  # a pixel has some width
    values, axes = np.linalg.eigh(spread)
    level = abs(float(axes[1, 1])) < STEEPEST
    solid = area > FILLED * 12 * float(np.sqrt(values[0] * values[1]))
    return bool(level and solid and values[1] > FLAT**2 * values[0])


def _with_room(crop: Crop) -> Picture:
    """The raw crop; around a lone dash so much room that it looks like one and not like a bar."""
    if not is_dash(crop.clean):
        return crop.raw
    room = round(DASH_ROOM * crop.raw.shape[1])
    around = int(np.median(crop.raw[[0, -1], :]))
    framed = cv2.copyMakeBorder(crop.raw, room, room, room, room, cv2.BORDER_CONSTANT, value=around)
    return np.asarray(framed, dtype=np.uint8)


def _scaled(picture: Picture) -> Picture:
    """A grey picture with white room around it, 48 pixels high."""
    margin = max(2, round(MARGIN * picture.shape[0]))
    framed = cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    width = min(max(round(framed.shape[1] * HEIGHT / framed.shape[0]), 8), WIDEST)
    how = cv2.INTER_AREA if framed.shape[0] > HEIGHT else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(framed, (width, HEIGHT), interpolation=how), dtype=np.uint8)


def _padded(width: int) -> int:
    return max(LEAST_WIDTH, -(-width // WIDTH_STEP) * WIDTH_STEP)


def _equal_widths(order: Sequence[int], scaled: Sequence[Picture]) -> list[list[int]]:
    """The pictures parted by the width they are padded to: a wide one must not make narrow ones dear."""
    groups: dict[int, list[int]] = {}
    for i in order:
        groups.setdefault(_padded(scaled[i].shape[1]), []).append(i)
    return list(groups.values())
