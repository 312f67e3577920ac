"""Processor time a form takes, stage by stage, in one process on one core and one thread."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from extract.records import Source
from layouts.errors import Rejected
from qagaz import pipeline
from qagaz.benching.records import STAGES, Tally
from qagaz.results import Digitise
from qagaz.worker import ONE_THREAD

KILOBYTE_A_MEGABYTE = 1024


def processor_seconds() -> float:
    """Spent so far, Tesseract and other programs started here included; other programs of the machine do not count."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def peak_megabytes() -> float:
    """The most memory this process had so far, resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTE_A_MEGABYTE


def read_in_stages(digitise: Digitise, source: Source, tally: Tally) -> None:
    """Read a file with a watch on each verb of the pipeline."""
    with _watched(tally.stages):
        began = processor_seconds()
        tally.forms += read_all(digitise, source)
        tally.total += processor_seconds() - began
    tally.papers += 1


def read_all(digitise: Callable[[Source], Iterable[object]], source: Source) -> int:
    """How many forms and notices a file holds; 0 where it is rejected."""
    try:
        return sum(1 for _form in digitise(source))
    except Rejected:
        return 0


def whole_program(source: Source) -> float:
    """Processor seconds of a whole run of the program on one file."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "qagaz.cli", "read", str(source.path), "--out", folder, "--jobs", "1"]
        began = processor_seconds()
        subprocess.run(command, check=False, capture_output=True, env=os.environ | ONE_THREAD)  # noqa: S603 - our own words
        return processor_seconds() - began


@contextmanager
def one_core() -> Iterator[None]:
    """For a while, where the system lets a process choose."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)


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
        began = processor_seconds()
        try:
            return verb(*given, **named)
        finally:
            spent[name] += processor_seconds() - began

    return run
