"""Two processes beside one, whole runs in turn: `python -m tests.qagaz.load.throughput FOLDER REPORT`.

Each pair of runs is kept: stopped and called again, it goes on. It wants the machine to itself; what else ran is told
by the load.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.qagaz.load.blows import DONE
from tests.qagaz.load.kills import code_hash
from tests.qagaz.load.program import LOOK_SECONDS, Program, Work, count_parts
from tests.qagaz.load.soak import LIBRARY, make_forms

FORMS = int(os.environ.get("THROUGHPUT_FORMS", "200"))
PAIRS = 5
RUN_SECONDS = 3600.0
WANTED = 1.8


def prove(folder: Path, report: Path) -> int:
    """Make the pairs that are missing, write down what came of all; 1 where the middle one is not fast enough."""
    folder.mkdir(parents=True, exist_ok=True)
    papers = make_forms(folder / "papers", FORMS)
    kept = folder / f"pairs-{FORMS}-{code_hash()[:12]}.jsonl"
    pairs = [json.loads(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []
    while len(pairs) < PAIRS:
        turn = (1, 2) if len(pairs) % 2 == 0 else (2, 1)
        pairs.append({str(jobs): _run(papers, folder / "run", jobs) for jobs in turn})
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(pairs[-1]) + "\n")
        print(f"pair {len(pairs)}: {_ratio(pairs[-1]):.2f}", flush=True)
    report.write_text("\n".join(written(pairs, sum(1 for _ in papers.glob("*/*")))) + "\n", encoding="utf-8")
    return int(median(map(_ratio, pairs)) < WANTED)


def _run(papers: Path, folder: Path, jobs: int) -> dict[str, float]:
    """Seconds of one whole run, and of its parts: to the first paper, to the last, to the end."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    work = Work(papers, folder / "out", folder / "tmp", folder / "log.txt", jobs=jobs)
    load, before = os.getloadavg()[0], os.times()
    began = time.monotonic()
    program = Program(work, LIBRARY)
    first = last = 0.0
    parts = 0
    while program.alive:
        if (now := count_parts(work.out)) > parts:
            parts, last = now, time.monotonic() - began
            first = first or last
        time.sleep(5 * LOOK_SECONDS)
    end, after = time.monotonic() - began, os.times()
    code = program.wait(RUN_SECONDS)
    assert code in DONE, code
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    shutil.rmtree(folder)
    return {"first": first, "last": last, "end": end, "processor": spent, "load": load}


def _ratio(pair: dict[str, dict[str, float]]) -> float:
    return pair["1"]["end"] / pair["2"]["end"]


def written(pairs: Sequence[dict], papers: int) -> Iterator[str]:
    """The page's lines."""
    ratios = sorted(map(_ratio, pairs))
    yield "# Two processes beside one\n\nMade by `scripts/prove_runs.sh`, part of `make prove`; "
    yield f"{os.cpu_count()} cores, {platform.machine()}.\n"
    certain = 100 * (1 - 0.5 ** (len(ratios) - 1))
    yield f"{papers} papers, four in a hundred of them scans: whole runs of `qagaz read --jobs 1` and `--jobs 2` into "
    yield f"new folders, in turn. Ratio of their times: median **{median(ratios):.2f}**, between {ratios[0]:.2f} and "
    yield f"{ratios[-1]:.2f}: the lowest and highest of {len(ratios)} pairs hold the true median with {certain:.0f} % "
    yield f"certainty. At least {WANTED} is wanted.\n"
    yield "| pair | processes | to the first paper, s | to the last, s | tables and questions, s | in all, s | processor, s | load before |"  # noqa: E501
    yield "|---|---|---|---|---|---|---|---|"
    for number, pair in enumerate(pairs, start=1):
        for jobs, run in sorted(pair.items()):
            yield (
                f"| {number} | {jobs} | {run['first']:.1f} | {run['last']:.1f} | {run['end'] - run['last']:.1f} "
                f"| {run['end']:.1f} | {run['processor']:.1f} | {run['load']:.1f} |"
            )


if __name__ == "__main__":
    sys.exit(prove(Path(sys.argv[1]).absolute(), Path(sys.argv[2])))
