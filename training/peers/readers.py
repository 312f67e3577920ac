"""Readers as they stand side by side: crops in, a text and a confidence out."""

from __future__ import annotations

import hashlib
import math
import os
import resource
from collections.abc import Callable, Sequence
from importlib import resources
from typing import NamedTuple, Protocol

from extract.readers.calibration import FILE, Calibration
from extract.readers.combine import read_figures
from extract.readers.default import default_readers
from extract.readers.figurenet import FigureNet
from extract.readers.ppocr import PpOcr
from extract.records import Alternative, Crop, FigureReader

ONLY_WAY = "as shipped"  # the setting of a reader that has no others


class Answer(NamedTuple):
    """What a reader says of one crop; confidence 0 … 1 as the reader means it, 0 where it sees nothing."""

    text: str
    confidence: float


class Peer(Protocol):
    """A reader under comparison."""

    @property
    def name(self) -> str:
        """As the table calls it."""
        ...

    @property
    def identity(self) -> str:
        """What its answers depend on beside the crops: changed, they are asked for again."""
        ...

    @property
    def settings(self) -> tuple[str, ...]:
        """Ways to ask it, among which the best for each kind of crop is chosen."""
        ...

    def read(self, crops: Sequence[Crop], setting: str) -> list[Answer]:
        """The best reading of each crop."""
        ...


class Own:
    """The product's own readers together, as a form's cells are read."""

    name = "qagaz"
    settings = (ONLY_WAY,)

    @property
    def identity(self) -> str:
        """The readers' versions and what they are calibrated by."""
        return "+".join([reader.name for reader in default_readers().figures] + [_calibrated()])

    def read(self, crops: Sequence[Crop], setting: str) -> list[Answer]:  # noqa: ARG002
        """Merged and calibrated."""
        return [_best(reading.alternatives) for reading in read_figures(default_readers(), crops)]


class Single:
    """One figure reader alone."""

    settings = (ONLY_WAY,)

    def __init__(self, name: str, reader: FigureReader) -> None:
        self.name = name
        self.identity = f"{reader.name}+{_calibrated()}"
        self._reader = reader

    def read(self, crops: Sequence[Crop], setting: str) -> list[Answer]:  # noqa: ARG002
        """Its best reading."""
        return [_best(alternatives) for alternatives in self._reader.read(crops)]


def own_peers() -> list[Callable[[], Peer]]:
    """What ships with the product: both readers together, and each alone."""
    return [
        Own,
        lambda: Single("qagaz, figure net alone", FigureNet()),
        lambda: Single("RapidOCR's PP-OCRv6 small, limited to figures", PpOcr(calibration=Calibration())),
    ]


def processor_seconds() -> float:
    """Spent so far by this process and by programs it ran; what else the machine does takes no part."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def one_core() -> None:
    """From now on this process and its programs run on one core, each on one thread."""
    os.environ.update({"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _calibrated() -> str:
    """The shipped calibration by the beginning of its SHA-256."""
    return hashlib.sha256((resources.files("extract.readers") / FILE).read_bytes()).hexdigest()[:12]


def _best(alternatives: Sequence[Alternative]) -> Answer:
    if not alternatives:
        return Answer("", 0.0)
    return Answer(alternatives[0].text, math.exp(min(alternatives[0].logp, 0.0)))
