"""Memory between papers: kept for the next page's pictures, and given back where it has grown too far."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from qagaz.limits import resident_megabytes

KEEPS = ((-1, 1 << 29), (-3, 1 << 25))  # malloc.h: bytes kept at the heap's end; from where memory is mapped
GROWTH_MEGABYTES = 128  # over what was left when memory was last given back


class Heap:
    """What a process that reads papers holds. Where the C library has no such settings, nothing happens.

    What a page's pictures took is kept for the next page's: giving it back and asking anew costs a twentieth of the
    time. Kept without end, the process is as large as its largest paper made it, and grows with the holes in it.
    """

    def __init__(self) -> None:
        self._floor = resident_megabytes(os.getpid(), helpers=False)
        with suppress(AttributeError, OSError):
            self._library = ctypes.CDLL(None)
            for what, most in KEEPS:
                self._library.mallopt(what, most)

    def settle(self) -> None:
        """Between two papers: give back what nobody uses, if much has come to be held."""
        if resident_megabytes(os.getpid(), helpers=False) <= self._floor + GROWTH_MEGABYTES:
            return
        with suppress(AttributeError):  # no such function, or no library
            self._library.malloc_trim(0)
        self._floor = resident_megabytes(os.getpid(), helpers=False)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for cycles: where millions of objects are made that stay and hold none, a fifth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
