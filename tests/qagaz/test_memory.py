"""Memory stays flat however many forms one worker reads."""

import os
import subprocess
import sys

import pytest

from tests.qagaz import foreign

MANY = int(os.environ.get("QAGAZ_MANY", "0"))  # forms of each kind; the long proof sets it
SETTLED = 3  # forms after which models, fonts and caches are loaded
GROWTH = {"digital": 24, "scan200": 96}  # megabytes between then and the end: what an allocator leaves in pieces
PEAK = 1024  # megabytes, a worker with what it started

PROGRAM = """
import os, sys
from pathlib import Path
from extract.records import Source
from qagaz.equipment import Equipment
from qagaz.limits import resident_megabytes
from qagaz.worker import settle_threads

settle_threads()
digitise = Equipment()()
for _ in range(int(sys.argv[2])):
    for form in digitise(Source("0" * 64, "form", Path(sys.argv[1]))):
        pass
    print(resident_megabytes(os.getpid()))
"""


@pytest.mark.parametrize(
    ("kind", "times"), [("digital", MANY or 12), pytest.param("scan200", MANY // 6, marks=pytest.mark.tesseract)]
)
def test_memory_does_not_grow_with_the_number_of_forms(tmp_path, kind, times):
    if not times:
        pytest.skip("QAGAZ_MANY names no number of forms; `make prove` does")
    form = foreign.own_form(tmp_path, kind, "form")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(form), str(times)], capture_output=True, text=True, check=True
    )
    megabytes = [float(line) for line in done.stdout.split()]
    assert len(megabytes) == times
    settled = max(megabytes[: max(SETTLED, times // 3)])
    assert max(megabytes) - settled < GROWTH[kind], megabytes
    assert max(megabytes) < PEAK


HELD = """
import os
import numpy as np
from qagaz.heap import Heap
from qagaz.limits import resident_megabytes

heap = Heap()
for megabytes in (64, 512):
    used = [np.ones(1 << 16, np.uint8) for _ in range(megabytes * 16)]
    nail = np.ones(1 << 10, np.uint8)  # lies above: the heap's end stays where it is
    del used
    before = resident_megabytes(os.getpid())
    heap.settle()
    print(before, resident_megabytes(os.getpid()))
"""


def test_what_a_large_paper_took_is_given_back():
    """A little is kept for the next one; what is far more is not."""
    done = subprocess.run([sys.executable, "-c", HELD], capture_output=True, text=True, check=True)
    (little, kept), (much, left) = (map(float, line.split()) for line in done.stdout.splitlines())
    assert kept > little - 8
    assert left < much - 384
