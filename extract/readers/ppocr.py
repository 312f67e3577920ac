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

from extract.readers.calibration import calibration_of
from extract.readers.ctc import Frames, best_texts, tidy
from extract.readers.session import open_session
from extract.records import Alternative, Crop, Picture
from layouts.errors import QagazError

MODEL = "PP-OCRv6_rec_small.onnx"
HEIGHT = 48  # pixels; what the model was trained on
LEAST_WIDTH = 160  # pixels; narrower pictures are padded: the model reads lone digits badly without room beside them
WIDTH_STEP = 32  # pixels; pictures are padded to a multiple of it, so that like ones share a batch
WIDEST = 960  # pixels; wider pictures are squeezed
BATCH = 16  # pictures; more gains nothing on one thread
MARGIN = 0.12  # of the height, white, on every side: crops are tighter than the lines the model knows
DARK = 0.5  # of the way from paper to the darkest pixel
FLAT = 1.8  # widths a height, from which ink that fills its box is a dash
FILLED = 0.45  # share of its box that a dash fills; figures fill less
DASH_ROOM = 0.9  # of a dash's width, above and below it
KEPT = 5  # readings a crop
FIGURES = "0123456789 ,.-–—'’()%×XxХ"
CODES = "0123456789.,- ABАВ"


class PpOcr:
    """PP-OCRv6 limited to an alphabet: digits and their signs, or codes. It reads the raw crop."""

    def __init__(self, alphabet: str = FIGURES, *, kind: str = "figures") -> None:
        self.alphabet = alphabet
        self.kind = kind

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
        calibration = calibration_of(f"ppocr-{self.kind}")
        alternatives = []
        for frames in self.frames([_with_room(crop) for crop in crops]):
            texts = calibration.apply(tidy(best_texts(frames, self._classes[1], KEPT)))
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


def _with_room(crop: Crop) -> Picture:
    """The raw crop; around a lone flat stroke so much room that it looks like the dash it is, not like a bar."""
    paper = int(np.percentile(crop.clean, 90))
    dark = (crop.clean < paper - DARK * (paper - float(crop.clean.min()))).astype(np.uint8)
    _, _, width, height = cv2.boundingRect(dark)
    if width < FLAT * height or height < 1 or np.count_nonzero(dark) < FILLED * width * height:
        return crop.raw
    room = max(0, round(DASH_ROOM * width) - crop.raw.shape[0] // 2)
    around = int(np.median(crop.raw[[0, -1], :]))
    return np.asarray(
        cv2.copyMakeBorder(crop.raw, room, room, room // 2, room // 2, cv2.BORDER_CONSTANT, value=around), dtype=np.uint8
    )


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
