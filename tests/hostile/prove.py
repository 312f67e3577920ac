"""Reads the whole hostile corpus as a user would and holds the run against what is promised.

`python -m tests.hostile.prove FOLDER EVIDENCE.md [--seed N] [--fuzz N] [--others DIR]…`; more by --help.
Stopped and called again, it goes on. Ends with 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import csv
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.hostile.make import make_fuzz, make_hostile
from layouts.words import codes
from qagaz.limits import Limits
from qagaz.speech import plain
from tests.hostile.measured import PARSING

NOT_OURS = frozenset({"internal"})  # a fault of the program: every one is to be mended
CARRIERS = ("pikepdf", "pypdf", "pdfminer.six", "pillow", "imagecodecs", "tifffile")  # their source carries test files
ENDINGS = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".fuzz"})
MOST_CARRIED = 4 << 20  # bytes of a carried file: more is a manual
LATE = 1.5  # how much later than its limit a file may be given up on a machine that is busy
NOTICED = 64  # megabytes a process may grow between two looks
ROOM = Path(__file__).parents[2]


@dataclass(slots=True)
class Run:
    """One reading: what was promised about it and did not hold, and its measures."""

    name: str
    papers: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    slowest: list[tuple[float, str, str]] = field(default_factory=list)
    largest: list[tuple[int, str, str]] = field(default_factory=list)


PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where everything holds."""
    parsed = _parser().parse_args(arguments)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what a run leaves behind becomes this one's child
    folder: Path = parsed.folder
    made = make_hostile(folder / "made", parsed.seed)
    make_fuzz(folder / "fuzz", parsed.seed, parsed.fuzz)
    inputs = {"made": [folder / "made"], "fuzz": [folder / "fuzz"]}
    others = [*parsed.others, *_carried(folder / "carried", parsed.carried)]
    if others:
        inputs["others"] = others
    runs = [_read(name, given, folder, parsed) for name, given in inputs.items()]
    parsed.evidence.write_text(_report(runs, made, parsed), encoding="utf-8")
    for run in runs:
        print("\n".join([f"{run.name}: {run.papers} papers", *run.broken]))
    return int(any(run.broken for run in runs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.prove")
    parser.add_argument("folder", type=Path)
    parser.add_argument("evidence", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fuzz", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=int(Limits().base_seconds))
    parser.add_argument("--memory", type=int, default=Limits().megabytes)
    parser.add_argument("--others", type=Path, action="append", default=[])
    parser.add_argument("--carried", action="store_true", help="also what packages on PyPI carry for their own tests")
    return parser


def _read(name: str, inputs: Sequence[Path], folder: Path, parsed: argparse.Namespace) -> Run:
    out, measures = folder / f"read-{name}", folder / f"measures-{name}.jsonl"
    before = {path: _state(path, but=(out, measures)) for path in inputs}
    command = [sys.executable, "-m", "tests.hostile.measured", measures, "read", *inputs, "--out", out]
    command[4:4] = [PARSING] if name == "fuzz" else []
    command += ["--jobs", parsed.jobs, "--timeout", parsed.timeout, "--memory", parsed.memory, "--language", "en"]
    own = _children()  # a helper that Python started while papers were made
    told = subprocess.run([str(word) for word in command], cwd=ROOM, capture_output=True, check=False)
    run = Run(name)
    _hold(run, told.returncode in {0, 3, 4}, f"the run ended with {told.returncode}")
    _hold(run, b"Traceback" not in told.stderr, "the run printed a traceback")
    _hold(run, b"\x1b" not in told.stderr + told.stdout, "the run printed an escape sequence")
    for path in inputs:
        _hold(run, _state(path, but=(out, measures)) == before[path], f"something below {path.name} changed")
    left = _children().items() - own.items()
    _hold(run, not left, f"processes are left: {', '.join(sorted(name for _pid, name in left))}")
    _look_at_tables(run, out)
    _look_at_measures(run, measures, Limits(parsed.memory, float(parsed.timeout)))
    return run


def _hold(run: Run, holds: bool, otherwise: str) -> None:
    if not holds:
        run.broken.append(otherwise)


def _look_at_tables(run: Run, out: Path) -> None:
    """Every paper has its outcome: forms or exactly one rejection, with a reason of the catalogue."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in _table(out / "forms.csv"):
        rows.setdefault(row["file"], []).append(row)
    run.papers = len(rows)
    run.skipped = Counter(row["reason"] for row in _table(out / "skipped.csv"))
    known = set(codes("error")) | set(codes("reason"))
    for file, forms in rows.items():
        rejected = [row for row in forms if row["status"] == "rejected"]
        _hold(run, len(rejected) <= 1, f"{plain(file)}: rejected {len(rejected)} times")
        for row in rejected:
            reason = row["reasons"].split(";")[0]
            _hold(run, reason in known and reason not in NOT_OURS, f"{plain(file)}: {row['reasons']}")
        outcome = rejected[0]["reasons"].split(";")[0] if rejected else forms[0]["status"]
        run.outcomes[outcome if not any(row["duplicate_of"] for row in forms) else "duplicate"] += 1


def _look_at_measures(run: Run, measures: Path, limits: Limits) -> None:
    """The last time each file was read."""
    seen = {row[0]: row for row in map(json.loads, measures.read_text(encoding="utf-8").splitlines())}
    for file, _, seconds, megabytes, pages, _ in seen.values():
        most = limits.seconds(1) + limits.seconds(pages)  # to open it, and to read it
        _hold(run, seconds <= LATE * most, f"{plain(file)}: {seconds} s, at most {most} allowed")
        _hold(run, megabytes <= 2 * limits.megabytes + NOTICED, f"{plain(file)}: {megabytes} MB")
    run.slowest = sorted(((row[2], plain(row[0]), row[5]) for row in seen.values()), reverse=True)[:12]
    run.largest = sorted(((row[3], plain(row[0]), row[5]) for row in seen.values()), reverse=True)[:8]


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _state(folder: Path, *, but: Sequence[Path] = ()) -> str:
    """What lies below a folder and beside it, `but` its results: names, kinds, sizes, times of change."""
    beside = sorted(os.fsencode(path.name) for path in folder.parent.iterdir() if path not in but)
    digest = hashlib.sha256(repr(beside).encode())
    for root, folders, files in os.walk(os.fsencode(folder)):
        folders.sort()
        for name in sorted((*folders, *files)):
            facts = os.lstat(root + b"/" + name)
            digest.update(name + f"{facts.st_mode} {facts.st_size} {facts.st_mtime_ns}".encode())
    return digest.hexdigest()


def _children() -> dict[int, str]:
    """What this process or its children started and left behind, of whatever kind: number and command line."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    found = (line.split(maxsplit=2) for line in listed.stdout.splitlines())
    return {int(pid): name for pid, stat, name in found if not name.startswith("ps ") and not stat.startswith("Z")}


def _carried(folder: Path, wanted: bool) -> list[Path]:
    """The test files in the source archives of some packages."""
    if not wanted:
        return []
    packed, papers = folder / "packed", folder / "papers"
    if not papers.exists():
        fetch = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--no-build-isolation",
        ]
        for name in CARRIERS:
            subprocess.run([*fetch, "-d", str(packed / name), name], check=False, capture_output=True)
        for archive in packed.glob("*/*.tar.gz"):
            shutil.unpack_archive(archive, packed / archive.stem, filter="data")
        papers.mkdir(parents=True)
        for path in sorted(packed.rglob("*")):
            if path.is_file() and path.suffix.lower() in ENDINGS and path.stat().st_size <= MOST_CARRIED:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
                shutil.copyfile(path, papers / f"{digest}-{path.name}")
    return [papers]


def _report(runs: Sequence[Run], made: int, parsed: argparse.Namespace) -> str:
    lines = [
        "# Hostile input",
        "",
        f"`scripts/prove_hostile.sh`: {made} files made from seed {parsed.seed} (mutations of own forms, hand-made",
        f"bombs, odd names, links and devices), {parsed.fuzz} mutated pages, and public test files; each set read by",
        f"one `qagaz read --jobs {parsed.jobs} --timeout {parsed.timeout} --memory {parsed.memory}`.",
        "",
        "Held against: the run ends by itself with status 3 or 4; every paper has forms or exactly one rejection with",
        "a reason of the catalogue; no fault of the program; no file beyond its time or twice the memory it may take;",
        "nothing changed among the papers; no process left; nothing a terminal would obey printed.",
    ]
    for run in runs:
        lines += ["", f"## {run.name}: {run.papers} papers, {sum(run.skipped.values())} passed over", ""]
        lines += [*(f"- broken: {told}" for told in run.broken)] or ["Everything held."]
        lines += ["", "| outcome | papers |", "|---|---:|"]
        lines += [f"| `{outcome}` | {count} |" for outcome, count in run.outcomes.most_common()]
        lines += ["", "| slowest: seconds | paper | outcome |", "|---:|---|---|"]
        lines += [f"| {seconds:.1f} | `{file}` | {why or 'read'} |" for seconds, file, why in run.slowest]
        lines += ["", "| largest: MB | paper | outcome |", "|---:|---|---|"]
        lines += [f"| {size} | `{file}` | {why or 'read'} |" for size, file, why in run.largest]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
