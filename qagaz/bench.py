"""Processor time a form takes, stage by stage, beside the floor (decoding its pages) and a plain Tesseract pass."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from extract.intake import find_sources, open_pages
from extract.records import Source
from layouts.errors import Rejected
from qagaz import pipeline
from qagaz.equipment import Equipment
from qagaz.worker import ONE_THREAD, settle_threads

STAGES = ("find_cells", "tell_form", "place_on_layout", "read_cells", "normalise", "decide")  # verbs of the pipeline
TESSERACT = ("tesseract", "{page}", "-", "-l", "Cyrillic", "--psm", "6")
KILOBYTE_A_MEGABYTE = 1024


@dataclass(slots=True)
class Tally:
    """Seconds and counts of one kind of file."""

    files: int = 0
    forms: int = 0
    pages: int = 0
    total: float = 0.0
    decoding: float = 0.0
    tesseract: float = 0.0
    stages: dict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured."""

    kinds: dict[str, Tally]
    first: float  # processor seconds from program start to the tables of the first file, imports and models included
    first_file: str
    peak_megabytes: float


def measure(inputs: Sequence[Path], *, with_tesseract: bool) -> Bench:
    """Read every file once on one core, after one to warm up, and the parts of the work apart."""
    settle_threads()
    _one_core()
    sources = list(find_sources(inputs).sources)
    if not sources:
        return Bench({}, 0.0, "", 0.0)
    first = _first(sources[0])
    digitise = Equipment()()
    _read(digitise, sources[0])
    kinds: dict[str, Tally] = defaultdict(Tally)
    for source in sources:
        tally = kinds[kind_of(source.file)]
        with _watched(tally.stages):
            began = _processor_seconds()
            forms = _read(digitise, source)
            tally.total += _processor_seconds() - began
        tally.files += 1
        tally.forms += forms
        _floor(source, tally)
        if with_tesseract:
            tally.tesseract += _plain_tesseract(source)
    return Bench(dict(kinds), first, sources[0].file, _peak())


def kind_of(file: str) -> str:
    """Files that differ in nothing but a number are of one kind.

    >>> kind_of("scan300-01.pdf"), kind_of("photo-00")
    ('scan300', 'photo')
    """
    return re.sub(r"[-_ ]*\d+$", "", Path(file).stem) or file


def table_of(bench: Bench) -> str:
    """The figures as text, processor seconds a form."""
    heads = ("kind", "forms", "pages", "a form", *STAGES, "rest", "decoding", "tesseract")
    rows = [heads, *(_row(kind, tally) for kind, tally in sorted(bench.kinds.items()))]
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.append("")
    lines.append(f"first file, program start and models included: {bench.first:.2f} s ({bench.first_file})")
    lines.append(f"peak memory: {bench.peak_megabytes:.0f} MB; one core, one thread; processor seconds a form")
    return "\n".join(lines)


def _row(kind: str, tally: Tally) -> tuple[str, ...]:
    forms = max(tally.forms, 1)
    spent = [tally.stages[stage] for stage in STAGES]
    seconds = [tally.total, *spent, tally.total - sum(spent), tally.decoding, tally.tesseract]
    return kind, str(tally.forms), str(tally.pages), *(f"{each / forms:.2f}" for each in seconds)


def _read(digitise: Callable[[Source], Iterable[object]], source: Source) -> int:
    try:
        return sum(1 for _form in digitise(source))
    except Rejected:
        return 0


def _first(source: Source) -> float:
    """A whole run of the program on one file."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "qagaz.cli", "read", str(source.path), "--out", folder, "--jobs", "1"]
        began = _processor_seconds()
        subprocess.run(command, check=False, capture_output=True, env=os.environ | ONE_THREAD)  # noqa: S603 - our own words
        return _processor_seconds() - began


def _floor(source: Source, tally: Tally) -> None:
    began = _processor_seconds()
    try:
        tally.pages += sum(1 for _page in open_pages(source))
    except Rejected:
        return
    tally.decoding += _processor_seconds() - began


def _plain_tesseract(source: Source) -> float:
    """One pass over the same pages, the program started once a page; without writing the pictures."""
    spent = 0.0
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "page.png"
        for page in open_pages(source):
            Image.fromarray(page.picture).save(picture, compress_level=1)
            command = [word.format(page=picture) for word in TESSERACT]
            began = _processor_seconds()
            subprocess.run(command, check=False, capture_output=True, env=os.environ | ONE_THREAD)  # noqa: S603 - our own words
            spent += _processor_seconds() - began
    return spent


@contextmanager
def _watched(spent: dict[str, float]) -> Iterator[None]:
    """Put a watch on each verb of the pipeline for a while."""
    plain: dict[str, Any] = {name: getattr(pipeline, name) for name in STAGES}
    for name, verb in plain.items():
        setattr(pipeline, name, _timed(verb, name, spent))
    try:
        yield
    finally:
        for name, verb in plain.items():
            setattr(pipeline, name, verb)


def _timed(verb: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def run(*given: Any, **named: Any) -> Any:
        began = _processor_seconds()
        try:
            return verb(*given, **named)
        finally:
            spent[name] += _processor_seconds() - began

    return run


def _processor_seconds() -> float:
    """Spent so far, Tesseract and other programs started here included; other programs of the machine do not count."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTE_A_MEGABYTE
