"""Two hundred random kills over a running batch: `python -m tests.qagaz.load.kills FOLDER REPORT`.

Trials are kept one by one: stopped and called again, it goes on where it was. Those of another version of the program
are thrown away.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from tests.qagaz.load.batch import make_batch
from tests.qagaz.load.program import ROOT, Work
from tests.qagaz.load.trial import Ring, Undisturbed, undisturbed
from tests.review.load.server import Server

KILLS = int(os.environ.get("KILLS", "200"))
A_TRIAL = 10
DIGITAL = int(os.environ.get("KILLS_FORMS", "40"))  # forms with a text layer in the batch, besides copies and bad files
SCANS = 1
EVERY_POSTGRES = 3  # every third trial has its store on PostgreSQL
PHASES = ("starting", "reading", "assembling")
CODE = ("layouts", "extract", "postprocess", "validate", "review", "qagaz")


def prove(folder: Path, report: Path) -> int:
    """Make the trials that are missing and write down what came of all; 1 where anything is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    papers = make_batch(folder / "papers", DIGITAL, SCANS)
    kept = folder / f"kills-{code_hash()[:12]}.jsonl"
    trials = _kept(kept)
    while sum(len(trial["blows"]) for trial in trials) < KILLS:
        trials.append(_trial(folder, papers, len(trials) + 1))
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(trials[-1], ensure_ascii=False) + "\n")
        print(f"trial {len(trials)}: {len(trials[-1]['blows'])} blows, wrong {trials[-1]['wrong']}", flush=True)
        report.write_text("\n".join(written(trials, len(list(papers.rglob("*.*"))))) + "\n", encoding="utf-8")
    report.write_text("\n".join(written(trials, len(list(papers.rglob("*.*"))))) + "\n", encoding="utf-8")
    return int(any(trial["wrong"] for trial in trials))


def _trial(folder: Path, papers: Path, number: int) -> dict:
    rng = Random(number)
    (folder / "server").mkdir(exist_ok=True)
    server = Server(folder / "server") if number % EVERY_POSTGRES == 0 else None
    try:
        wanted = reference(folder / "undisturbed", papers, server)
        return Ring(papers, wanted, folder / "trial", server, rng).trial(number, A_TRIAL).as_json()
    finally:
        if server is not None:
            server.close()


def reference(folder: Path, papers: Path, server: Server | None = None) -> Undisturbed:
    """A run that nothing befalls, made for each trial: the machine is as busy then as in the trial."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    url = server.fresh() if server else ""
    return undisturbed(Work(papers, folder / "out", folder / "tmp", folder / "log.txt", url))


def code_hash() -> str:
    """Of everything a run runs."""
    digest = hashlib.sha256()
    for path in sorted(path for name in CODE for path in (ROOT / name).rglob("*.*") if "__pycache__" not in path.parts):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _kept(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


HEAD = """# Runs that are killed

Made by `scripts/prove_runs.sh`, part of `make prove`; {cores} cores, {machine}.

A batch of {papers} papers (forms with a text layer, a scan, copies, revisions, damaged files, one that kills its reader)
is read with two workers. Blows fall at moments that are as likely as any of an undisturbed run; after each that ends
the run the same command is given again. A run that then ends untouched is held against an undisturbed one: every file
of the result folder byte by byte, saved parts included, and every row of the store but for moments of time. Whatever
differs, is half written, or is left of processes counts as wrong.

| trials | blows | runs compared | forms compared | lost | doubled | wrong | temporary files left outside the result folder | minutes |
|---|---|---|---|---|---|---|---|---|
| {trials} | {blows} | {rounds} | {forms} | {lost} | {doubled} | {wrong} | {left} | {minutes:.0f} |

| blow | {phases} | in all | of them the run went on | ended as |
|---|{rule}---|---|---|"""  # noqa: E501


def written(trials: Sequence[dict], papers: int) -> Iterator[str]:
    """The page's lines."""
    summed = {name: sum(trial[name] for trial in trials) for name in ("rounds", "forms", "lost", "doubled", "left")}
    blows = [blow for trial in trials for blow in trial["blows"]]
    yield HEAD.format(
        cores=os.cpu_count(), machine=platform.machine(), papers=papers, trials=len(trials), blows=len(blows),
        wrong=sum(len(trial["wrong"]) for trial in trials), minutes=sum(trial["seconds"] for trial in trials) / 60,
        phases=" | ".join(PHASES), rule="---|" * len(PHASES), **summed,
    )  # fmt: skip
    for kind in sorted({blow["kind"] for blow in blows}):
        of_kind = [blow for blow in blows if blow["kind"] == kind]
        phases = Counter(blow["phase"] for blow in of_kind)
        codes = Counter(blow["code"] for blow in of_kind if blow["code"] is not None)
        ended = ", ".join(f"{code} ({count})" for code, count in sorted(codes.items()))
        went_on = sum(blow["code"] is None for blow in of_kind)
        counts = " | ".join(str(phases[phase]) for phase in PHASES)
        yield f"| {kind} | {counts} | {len(of_kind)} | {went_on} | {ended or '–'} |"
    stores = Counter(trial["store"] for trial in trials)
    disks = Counter(trial["disk"] for trial in trials)
    yield ""
    yield "Trials by store: " + ", ".join(f"{name} {count}" for name, count in sorted(stores.items())) + "."
    if disks["limit"]:
        yield f"In {disks['limit']} trials a full disk is a limit on the size of files: no disk could be mounted."
    wrong = [f"- trial {trial['number']}: {each}" for trial in trials for each in trial["wrong"]]
    if wrong:
        yield "\n".join(["", "What was wrong:", *wrong])


if __name__ == "__main__":
    sys.exit(prove(Path(sys.argv[1]).absolute(), Path(sys.argv[2])))
