"""What is measured, of each kind of file."""

from __future__ import annotations

from dataclasses import dataclass, field

from layouts.words import Language
from qagaz.speech import worded

STAGES = ("find_cells", "tell_form", "place_on_layout", "read_cells", "normalise", "decide")  # verbs of the pipeline
REST = "rest"  # of a form's time: opening pages, and what is between the stages
FLOOR = "decoding"  # the pages as pictures, and nothing else
TESSERACT, PPOCR, PDFPLUMBER = "tesseract", "pp-ocr", "pdfplumber"
PEERS = (TESSERACT, PPOCR, PDFPLUMBER)


def in_words(name: str, language: Language) -> str:
    """What a stage, the floor or a peer is called."""
    return worded(f"bench.{name.replace('_', '-')}", {}, language)


@dataclass(frozen=True, slots=True)
class Flow:
    """Papers of one kind through several processes at once, these warm."""

    papers: int = 0
    forms: int = 0
    pages: int = 0
    seconds: float = 0.0  # by the clock
    parent_megabytes: float = 0.0  # at its highest, resident
    worker_megabytes: float = 0.0  # of all workers together, what they started included

    @property
    def forms_a_second(self) -> float:
        """0 where nothing was read."""
        return self.forms / self.seconds if self.seconds else 0.0

    @property
    def pages_a_second(self) -> float:
        """0 where nothing was read."""
        return self.pages / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class Tally:
    """Processor seconds and counts of one kind of file, on one core and one thread."""

    papers: int = 0
    forms: int = 0
    pages: int = 0
    total: float = 0.0
    stages: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    beside: dict[str, float] = field(default_factory=dict)  # the floor, and each peer that was there
    flow: Flow = field(default_factory=Flow)

    def a_form(self, seconds: float) -> float:
        """The share of one form."""
        return seconds / max(self.forms, 1)

    @property
    def shares(self) -> dict[str, float]:
        """Seconds a form by stage, the rest among them."""
        parts = self.stages | {REST: max(0.0, self.total - sum(self.stages.values()))}
        return {name: self.a_form(seconds) for name, seconds in parts.items()}


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured."""

    processor: str
    cores: int
    load: float  # processes that wanted a core in the minute before, others' programs included


@dataclass(frozen=True, slots=True)
class Bench:
    """All of it."""

    machine: Machine
    processes: int
    kinds: dict[str, Tally]
    first: float  # processor seconds from program start to the tables of the first file, imports and models included
    first_file: str
    peak_megabytes: float  # of one process that reads everything in turn
