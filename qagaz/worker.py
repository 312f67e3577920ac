"""A process that digitises one file after another, within limits, and saves each as one part."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import cv2

from extract.intake import sha256_of
from extract.records import Source
from layouts.errors import QagazError, Rejected
from layouts.model import Notice
from qagaz.confine import confine
from qagaz.crowd import Job
from qagaz.heap import Heap
from qagaz.limits import FULL, Limits, pages_claimed
from qagaz.parts import Parts, PartWriter
from qagaz.private import only_mine
from qagaz.remote import UnreachableError, bring
from qagaz.results import Digitise, Equip, FileResult, Told
from qagaz.scratch import own_scratch
from qagaz.wire import Begun, Ready, Stuck, say
from review.flatten import flatten, notice_rows, rejected_rows
from validate.records import CheckedForm, Status

ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_LOG_LEVEL": "ERROR"}
DEBUG = "QAGAZ_DEBUG"  # set: what libraries print is seen
PR_SET_PDEATHSIG = 1  # linux/prctl.h
SPOOL = ".spool"  # in the result folder: where objects of a store lie while they are read
ONLY_FOR_NOW = "-"  # versions no run has: such a part is made anew next time


def serve(connection: Connection, equip: Equip, limits: Limits) -> None:
    """Do jobs until the other end closes, shut in on its ground; without one it may do what the program may."""
    settle_in(limits)
    heap = Heap()
    with own_scratch() as scratch:
        try:
            if limits.ground is not None:
                confine(limits.ground, scratch)  # before libraries start threads, which would stay outside
            digitise = equip()
            gc.freeze()  # what is loaded stays: looking through it for garbage takes a fiftieth of the time
        except QagazError as error:
            say(connection, Stuck(Told.of(error)))
            return
        say(connection, Ready())
        _work(connection, digitise, heap)


def _work(connection: Connection, digitise: Digitise, heap: Heap) -> None:
    try:
        while True:
            job: Job = connection.recv()
            say(connection, read_one(job, digitise, lambda pages: say(connection, Begun(pages))))
            heap.settle()
    except (EOFError, BrokenPipeError):
        return  # the run is over


def settle_threads() -> None:
    """One thread a library: many files at once use the cores better, and Tesseract alone is faster so."""
    one_thread()
    cv2.setNumThreads(1)


def one_thread() -> None:
    """The same for processes still to be started: some libraries start their threads as they are loaded."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)


def save_rejected(job: Job, told: Told, pages: int = 0) -> FileResult:
    """The part of a file its worker could not finish; the next run tries the file again. `pages`: 0 if not known."""
    with Parts(job.parts).writer(job.source, ONLY_FOR_NOW, pages) as part:
        part.add(rejected_rows(told.code, told.message_id, told.parameters))
        part.commit()
    return FileResult(job.source, (Status.REJECTED,), told)


def settle_in(limits: Limits) -> None:
    """A process that opens papers: it ends with its parent, says nothing on the screen, and has its limits."""
    _end_with_parent()
    only_mine()
    os.setsid()  # Ctrl-C goes to the run, which ends its workers and whatever they started
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settle_threads()
    limits.hold()
    if not os.environ.get(DEBUG):
        logging.disable(logging.ERROR)
        warnings.simplefilter("ignore")
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno() if sys.stdout else 1)
        os.dup2(nothing, sys.stderr.fileno() if sys.stderr else 2)


def _end_with_parent() -> None:
    """A run that is killed outright takes its workers with it, hanging ones too (Linux only)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def read_one(job: Job, digitise: Digitise, begun: Callable[[int], None] = lambda _pages: None) -> FileResult | Stuck:
    """The file's result, whatever happens inside; Stuck where results cannot be written.

    `begun` is told how many pages the file has as soon as it is at hand.
    """
    pages = 0
    try:
        with _at_hand(job) as near:
            if near.address and not near.again and Parts(near.parts).is_current(near.source, near.versions):
                return FileResult(near.source, (), anew=False)
            pages = pages_claimed(near.source.path)
            begun(pages)
            return replace(_save(near, digitise, pages), pages=pages)
    except MemoryError:
        return replace(save_rejected(job, Told("error.memory", (("file", job.source.file),)), pages), pages=pages)
    except (UnreachableError, Rejected) as error:  # the object did not come: whatever was read of it before stays
        told = Told.of(error)
        own = replace(told, parameters=tuple(sorted({**dict(told.parameters), "file": job.source.file}.items())))
        return save_rejected(replace(job, source=replace(job.source, sha256="")), own)
    except OSError as error:
        if error.errno not in FULL:
            raise
        where = (("detail", error.strerror or ""), ("file", job.parts.parent.name))
        return Stuck(Told("error.cannot-write", where, 5))


@contextmanager
def _at_hand(job: Job) -> Iterator[Job]:
    """The job with its paper on this machine: an object is brought into a folder of its own and taken away again."""
    if not job.address:
        yield job
        return
    spool = job.parts.parent / SPOOL
    spool.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=spool) as folder:
        paper = bring(job.address, Path(folder))
        yield replace(job, source=Source(sha256_of(paper), job.source.file, paper))


def _save(job: Job, digitise: Digitise, pages: int) -> FileResult:
    with Parts(job.parts).writer(job.source, job.versions, pages) as part:
        statuses: list[Status] = []
        told = None
        try:
            for result in digitise(job.source):
                statuses.append(_add(part, result))  # noqa: PERF401 - what came before an error counts
        except Rejected as error:
            told = Told.of(error)
        except MemoryError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise
            told = Told("error.internal", (("detail", _where_it_broke(error)), ("file", job.source.file)))
        if told is not None:
            part.add(rejected_rows(told.code, told.message_id, told.parameters))
            statuses.append(Status.REJECTED)
        part.commit()
    return FileResult(job.source, tuple(statuses), told)


def _add(part: PartWriter, result: CheckedForm | Notice) -> Status:
    if isinstance(result, Notice):
        part.add(notice_rows(result))
        return Status.NOTICE
    part.add(flatten(result))
    return result.status


def _where_it_broke(error: Exception) -> str:
    """Kind and place of an unforeseen error, for a bug report: `ValueError in extract/grid.py:120`."""
    frames = list(_own_frames(error)) or ["?"]
    return f"{type(error).__name__} in {frames[-1]}"


def _own_frames(error: Exception) -> Iterator[str]:
    root = Path(__file__).parent.parent
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(root) and "site-packages" not in path.parts:
            yield f"{path.relative_to(root).as_posix()}:{frame.lineno}"
