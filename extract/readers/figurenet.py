"""Reads figures with the project's own small net, trained by `training`; see docs/models/figurenet.md."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from extract.percentiles import percentiles
from extract.readers.calibration import Calibration, calibration_of
from extract.readers.ctc import Frames, best_texts, score_texts, tidy
from extract.readers.session import open_session
from extract.records import Alternative, Crop, Picture

MODEL = "figurenet.onnx"
ALPHABET = "0123456789 ,.-'()%ХАБВтыгсячмңелнрдоик₸"  # class 1 is its first character; class 0 the blank
HEIGHT = 32  # pixels of the net's input
WIDTHS = (64, 96, 128, 192, 256, 352)  # pixels; pictures are padded to the next of these, wider ones are squeezed
BATCH = 32  # pictures
KEPT = 16  # readings a crop: another reader must find its own among them
SURE = 0.98  # claimed probability from which one look is enough
STRETCHES = (1.15, 0.87)  # of the width, for further looks: what holds at every width is no accident of one
FOLLOWED = 4  # further readings that a further look may bring in
DARKEST = 2.0  # per cent of the pixels that count as full ink when contrast is stretched
LEAST_CONTRAST = 40.0  # grey values between paper and ink; fainter pictures are not stretched further


class FigureNet:
    """The own net. It reads the clean crop."""

    def __init__(self, model: Path | None = None, calibration: Calibration | None = None) -> None:
        """Another model or calibration than the shipped one is for training and measuring."""
        self._model = model or model_file()
        self._calibration = calibration or calibration_of("figurenet")

    @cached_property
    def name(self) -> str:
        """Name and the beginning of the model file's SHA-256."""
        return f"figurenet/{hashlib.sha256(self._model.read_bytes()).hexdigest()[:12]}"

    @cached_property
    def _session(self) -> Any:
        return open_session(self._model)

    def read(self, crops: Sequence[Crop]) -> list[tuple[Alternative, ...]]:
        """For each crop the best readings with calibrated log-probabilities; an empty tuple where it sees nothing."""
        first = self.frames([crop.clean for crop in crops])
        found = [best_texts(frames, ALPHABET, KEPT) for frames in first]
        unsure = [i for i, texts in enumerate(found) if texts[0][0] and math.exp(texts[0][1]) < SURE]
        pictures = [crops[i].clean for i in unsure]
        more = [self.frames(pictures, stretch) for stretch in STRETCHES] if unsure else []
        for place, i in enumerate(unsure):
            found[i] = _looked_again([first[i], *(frames[place] for frames in more)], found[i])
        alternatives = []
        for each in found:
            texts = self._calibration.apply(tidy(each))
            seen = texts and texts[0][0]
            alternatives.append(tuple(Alternative(t, logp, self.name) for t, logp in texts if t) if seen else ())
        return alternatives

    def frames(self, pictures: Sequence[Picture], stretch: float = 1.0) -> list[Frames]:
        """For each grey picture, drawn so much wider, the log-probabilities of the alphabet in every frame."""
        inputs = [prepared(picture, stretch) for picture in pictures]
        groups: dict[int, list[int]] = {}
        for i, each in enumerate(inputs):
            groups.setdefault(each.shape[1], []).append(i)
        found: dict[int, Frames] = {}
        for group in groups.values():
            for start in range(0, len(group), BATCH):
                part = group[start : start + BATCH]
                tensor = np.stack([inputs[i] for i in part])[:, None].astype(np.float32) / 255.0
                found |= dict(zip(part, self._session.run(None, {"picture": tensor})[0], strict=True))
        return [found[i] for i in range(len(pictures))]


def model_file() -> Path:
    """Where the model lies in the installed package."""
    return Path(str(resources.files("extract.readers") / MODEL))


def _looked_again(looks: Sequence[Frames], first: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The readings of a picture seen several times, each with the geometric mean of its probabilities."""
    texts = [text for text, _ in first]
    for frames in looks[1:]:
        texts += [text for text, _ in best_texts(frames, ALPHABET, FOLLOWED)]
    texts = list(dict.fromkeys(texts))
    scores = np.mean([score_texts(frames, ALPHABET, texts) for frames in looks], axis=0)
    return sorted(zip(texts, scores.tolist(), strict=True), key=lambda pair: -pair[1])[:KEPT]


def prepared(picture: Picture, stretch: float = 1.0) -> Picture:
    """A grey picture as the net takes it: ink 255 on 0, 32 pixels high, padded to one of a few widths."""
    scale = HEIGHT / picture.shape[0]
    width = min(max(round(picture.shape[1] * scale * stretch), 4), WIDTHS[-1])
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
    small = cv2.resize(picture, (width, HEIGHT), interpolation=how)
    paper, ink = percentiles(np.asarray(small, np.uint8), 90, DARKEST)
    stretched = (paper - small.astype(np.float32)) * (255.0 / max(paper - ink, LEAST_CONTRAST))
    padded = np.zeros((HEIGHT, next(w for w in WIDTHS if w >= width)), dtype=np.uint8)
    padded[:, :width] = np.clip(stretched, 0.0, 255.0).astype(np.uint8)
    return padded
