"""Other people's readers, as their packages ship them. None is a dependency: one that is not installed is left out."""

from __future__ import annotations

import importlib
import logging
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from extract.readers.session import keep_silent
from extract.records import Crop, Picture
from training.peers.readers import Answer, Peer

SIGNS = "0123456789,.-()%"
LANGUAGES = ("eng", "Cyrillic")  # of Tesseract; `eng` knows figures best, `Cyrillic` is the best for the form's labels
PATIENCE = 600  # seconds a batch of Tesseract's may take
BORDER = 12  # pixels of white around a crop: Tesseract loses what touches the border
ROOM = 0.3  # of a crop's height, around it, where a reader is offered some
DRESSES = ("raw", "raw with room", "clean", "clean with room")


class NotInstalled(Exception):
    """A package, a program or its data is not there; says which."""


def engine_peers() -> list[Callable[[], Peer]]:
    """Every other reader, each made when its turn comes; NotInstalled where it is not there."""
    return [Tesseract, RapidOcr, RapidOcrV4, Ddddocr]


class Tesseract:
    """Tesseract on the clean crop, all crops in one process."""

    def __init__(self) -> None:
        self._program = _module("pytesseract")
        try:
            installed = set(self._program.get_languages(config=""))
            release = str(self._program.get_tesseract_version()).split()[0]
        except (OSError, self._program.TesseractNotFoundError) as cause:
            raise NotInstalled("tesseract") from cause
        self.name = self.identity = f"Tesseract {release}"
        languages = [language for language in LANGUAGES if language in installed]
        if not languages:
            raise NotInstalled("tesseract: none of " + ", ".join(LANGUAGES))
        combined = product(languages, ("7", "8", "13"), ("40", "60"), ("figures", "all signs"))
        self.settings = tuple(f"{la} psm {psm}, {high} px, {signs}" for la, psm, high, signs in combined)

    def read(self, crops: Sequence[Crop], setting: str) -> list[Answer]:
        """Words joined by spaces; the confidence is that of the least sure word."""
        how, high, signs = setting.split(", ")
        language, _, mode = how.split(" ")
        config = f"--psm {mode}" + (f" -c tessedit_char_whitelist={SIGNS}" if signs == "figures" else "")
        with tempfile.TemporaryDirectory() as folder:
            listed = _listed([crop.clean for crop in crops], int(high.split()[0]), Path(folder))
            found = self._program.image_to_data(
                str(listed), lang=language, config=config, output_type=self._program.Output.DICT, timeout=PATIENCE
            )
        words: list[list[tuple[str, float]]] = [[] for _ in crops]
        for page, text, sure in zip(found["page_num"], found["text"], found["conf"], strict=True):
            if text.strip():
                words[int(page) - 1].append((text.strip(), float(sure) / 100))
        return [Answer(" ".join(w for w, _ in each), min((s for _, s in each), default=0.0)) for each in words]


class RapidOcr:
    """RapidOCR as it ships: PP-OCRv6 small with its whole alphabet, and its own confidence."""

    settings = DRESSES

    def __init__(self) -> None:
        package = _module("rapidocr")
        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        threads = {f"EngineConfig.onnxruntime.{scope}_op_num_threads": 1 for scope in ("intra", "inter")}
        self._read = package.RapidOCR(params={"Global.log_level": "error"} | threads)
        self.name = self.identity = f"RapidOCR {version('rapidocr')} (PP-OCRv6 small), all signs"

    def read(self, crops: Sequence[Crop], setting: str) -> list[Answer]:
        """Detection and turning left out: a crop is one upright line."""
        answers = []
        for crop in crops:
            found = self._read(_dressed(crop, setting), use_det=False, use_cls=False, use_rec=True)
            texts, scores = found.txts or ("",), found.scores or (0.0,)
            answers.append(Answer(str(texts[0]), float(scores[0]) if texts[0] else 0.0))
        return answers


class RapidOcrV4:
    """The older package with PP-OCRv4."""

    settings = DRESSES

    def __init__(self) -> None:
        package = _module("rapidocr_onnxruntime")
        self._read = package.RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
        self.name = self.identity = f"rapidocr-onnxruntime {version('rapidocr-onnxruntime')} (PP-OCRv4)"

    def read(self, crops: Sequence[Crop], setting: str) -> list[Answer]:
        """Detection and turning left out."""
        answers = []
        for crop in crops:
            found = self._read(_dressed(crop, setting), use_det=False, use_cls=False, use_rec=True)[0]
            text, score = found[0] if found else ("", 0.0)
            answers.append(Answer(str(text), float(score) if text else 0.0))
        return answers


class Ddddocr:
    """ddddocr's reader of picture puzzles, limited to figures.

    Its session is run directly: asked for a confidence, the package turns thousands of classes a frame into lists.
    """

    settings = DRESSES

    def __init__(self) -> None:
        self._owner = _module("ddddocr").DdddOcr(show_ad=False)  # closes its session when it goes
        engine = self._owner.ocr_engine
        self._session = engine.session
        known = engine.get_charset()
        self._classes = [0, *(i for i, sign in enumerate(known) if sign and sign in SIGNS)]
        self._signs = ["", *(known[i] for i in self._classes[1:])]
        self.name = self.identity = f"ddddocr {version('ddddocr')}, limited to figures"

    def read(self, crops: Sequence[Crop], setting: str) -> list[Answer]:
        """Prepared as the package does; the confidence is the mean of the frames' best, as it has it."""
        return [self._answer(_dressed(crop, setting)) for crop in crops]

    def _answer(self, picture: Picture) -> Answer:
        height, width = picture.shape[:2]
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(grey, (max(8, width * 64 // height), 64), interpolation=cv2.INTER_AREA)
        tensor = small.astype(np.float32)[None, None] / 255.0
        frames = self._session.run(None, {self._session.get_inputs()[0].name: tensor})[0]
        chosen = frames.reshape(-1, frames.shape[-1])[:, self._classes]
        odds = np.exp(chosen - chosen.max(axis=1, keepdims=True))
        shares = odds / odds.sum(axis=1, keepdims=True)
        best = shares.argmax(axis=1)
        kept = [int(now) for before, now in zip([-1, *best], best, strict=False) if now != before and now]
        return Answer("".join(self._signs[i] for i in kept), float(shares.max(axis=1).mean()) if kept else 0.0)


def _module(name: str) -> Any:
    keep_silent()  # most of them run on onnxruntime
    try:
        return importlib.import_module(name)
    except ImportError as cause:
        raise NotInstalled(name) from cause


def _dressed(crop: Crop, setting: str) -> Picture:
    """A crop as a reader is offered it, three channels."""
    grey = crop.raw if setting.startswith("raw") else crop.clean
    if setting.endswith("room"):
        room = round(ROOM * grey.shape[0])
        paper = int(np.percentile(grey, 90))
        grey = np.asarray(cv2.copyMakeBorder(grey, room, room, room, room, cv2.BORDER_CONSTANT, value=paper), np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def _listed(pictures: Sequence[Picture], height: int, folder: Path) -> Path:
    """A file that lists the pictures, scaled and with white around them, for one process to read them all."""
    files = [folder / f"{i}.bmp" for i in range(len(pictures))]
    for picture, file in zip(pictures, files, strict=True):
        scale = height / picture.shape[0]
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        scaled = cv2.resize(picture, (max(4, round(picture.shape[1] * scale)), height), interpolation=how)
        framed = cv2.copyMakeBorder(scaled, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_CONSTANT, value=255)
        cv2.imwrite(str(file), framed)
    listed = folder / "list.txt"
    listed.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
    return listed
