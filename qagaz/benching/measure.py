"""One measurement: papers through several processes, then stage by stage, then the floor and the peers."""

from __future__ import annotations

import os
import platform
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from extract.intake import find_sources
from extract.records import Source
from qagaz.benching.flow import flow_of
from qagaz.benching.peers import known_peers, set_beside
from qagaz.benching.records import Bench, Machine, Tally
from qagaz.benching.stages import one_core, peak_megabytes, read_all, read_in_stages, whole_program
from qagaz.equipment import Equipment
from qagaz.heap import Heap
from qagaz.worker import settle_threads

CPU_INFO = Path("/proc/cpuinfo")


def measure(inputs: Sequence[Path], processes: int, *, with_peers: bool, watch: Callable[[str], None]) -> Bench:
    """Everything about these files; `watch` hears what is being done. Files that cannot be read count no form."""
    settle_threads()
    heap = Heap()
    machine = _machine()
    kinds: dict[str, list[Source]] = defaultdict(list)
    for source in find_sources(inputs).sources:
        kinds[kind_of(source.file)].append(source)
    if not kinds:
        return Bench(machine, processes, {}, 0.0, "", 0.0)
    tallies = {kind: Tally() for kind in sorted(kinds)}
    for kind, tally in tallies.items():  # first: this process holds no models yet, as in a run
        watch(kind)
        tally.flow = flow_of(kinds[kind], Equipment(), processes)
    first_file = kinds[min(kinds)][0]
    with one_core():
        first = whole_program(first_file)
        digitise = Equipment()()
        read_all(digitise, first_file)
        for kind, tally in tallies.items():
            watch(kind)
            for source in kinds[kind]:
                read_in_stages(digitise, source, tally)
                heap.settle()  # as a run's readers do
        peak = peak_megabytes()
        _set_beside(kinds, tallies, with_peers=with_peers, watch=watch)
    return Bench(machine, processes, tallies, first, first_file.file, peak)


def kind_of(file: str) -> str:
    """Files that differ in nothing but a number are of one kind.

    >>> kind_of("scan300-01.pdf"), kind_of("photo-00")
    ('scan300', 'photo')
    """
    return re.sub(r"[-_ ]*\d+$", "", Path(file).stem) or file


def _set_beside(
    kinds: dict[str, list[Source]], tallies: dict[str, Tally], *, with_peers: bool, watch: Callable[[str], None]
) -> None:
    peers = known_peers() if with_peers else {}
    for kind, tally in tallies.items():
        watch(kind)
        for source in kinds[kind]:
            set_beside(source, tally, peers)


def _machine() -> Machine:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Machine(_processor(), cores, os.getloadavg()[0])


def _processor() -> str:
    """What the processor calls itself, or its architecture where the system does not tell."""
    told = CPU_INFO.read_text(encoding="utf-8", errors="replace") if CPU_INFO.exists() else ""
    named = re.search(r"^model name\s*:\s*(.+)$", told, re.MULTILINE)
    return named[1].strip() if named else platform.machine()
