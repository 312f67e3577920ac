"""Thousands of forms in one run, watched from outside: `python -m tests.qagaz.load.soak FOLDER REPORT PICTURE`.

Forms are made in portions that are kept, and the run is made once: called again after a break it makes what is missing
and begins the run anew. Rates are told by the clock and by processor time, which other programs of the machine change
less.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, median

from corpus.make import make
from tests.qagaz.load.looks import Look, look_at
from tests.qagaz.load.program import Program, Work, count_parts

FORMS = int(os.environ.get("SOAK_FORMS", "2000"))
PORTION = 50  # files made at once: four in a hundred are scans
SEED = 820001
DIGITAL = ("digital", "docx", "labels", "units", "mistakes")
SCANS = ("scan200", "fax")
LOOK_SECONDS = 2.0
WARM = 0.2  # of the run, until models, fonts and caches are loaded and allocators have what they want
PARTS_OF_RUN = 10
SWAY = 0.5  # open files on average, from one third of the run to the next: one that is left open counts one
FLAT = 0.10  # how far the memory of a tenth may be from that of the first one after warming up
LIBRARY = "qagaz.cli"


def soak(folder: Path, report: Path, picture: Path) -> int:
    """Make forms, run, write down; 1 where something is not as it should be."""
    folder.mkdir(parents=True, exist_ok=True)
    papers = make_forms(folder / "papers", FORMS)
    kept = folder / f"soak-{FORMS}.json"
    if not kept.exists():
        told = _run(papers, folder / "run")
        kept.with_suffix(".tmp").write_text(json.dumps(told), encoding="utf-8")
        kept.with_suffix(".tmp").replace(kept)
        shutil.rmtree(folder / "run")
    told = json.loads(kept.read_text("utf-8"))
    looks = [Look(**look) for look in told["looks"]]
    wrong = list(judged(looks, told))
    report.write_text("\n".join(written(looks, told, wrong, picture)) + "\n", encoding="utf-8")
    draw(looks, picture)
    print("\n".join(wrong))
    return int(bool(wrong))


def make_forms(folder: Path, forms: int) -> Path:
    """Files named so that kinds come in turn; portions that are there are not made again."""
    made = 0
    while made < forms:
        wanted = min(PORTION, forms - made)
        into = folder / f"{made:05}-{wanted}"
        if not into.exists():
            making = folder.with_name("making")
            shutil.rmtree(making, ignore_errors=True)
            scans = max(1, wanted // 25)
            make(making / "a", SEED + made, wanted - scans, list(DIGITAL))
            make(making / "b", SEED + 50_000 + made, scans, list(SCANS[:scans]))
            (making / "all").mkdir()
            for number, path in enumerate(_in_turn(*(_papers(making / name) for name in "ab"))):
                path.rename(making / "all" / f"{number:03}-{path.name}")
            folder.mkdir(exist_ok=True)
            (making / "all").rename(into)
            shutil.rmtree(making)
        made += wanted
    return folder


def _papers(folder: Path) -> list[Path]:
    """By number, so that kinds come in turn."""
    return sorted((path for path in folder.iterdir() if path.name != "truth.json"), key=lambda path: path.stem[::-1])


def _in_turn(many: Sequence[Path], few: Sequence[Path]) -> Iterator[Path]:
    """The few at even distances among the many."""
    step = len(many) / len(few)
    for number, path in enumerate(few):
        yield path
        yield from many[round(number * step) : round((number + 1) * step)]


def _run(papers: Path, folder: Path) -> dict:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    work = Work(papers, folder / "out", folder / "tmp", folder / "log.txt")
    load = os.getloadavg()[0]
    program = Program(work, LIBRARY)
    began = time.monotonic()
    looks = []
    while program.alive:
        looks.append(look_at(program, time.monotonic() - began))
        time.sleep(LOOK_SECONDS)
    code = program.wait(60)
    left = [path.name for path in work.temporary.rglob("*") if path.is_file()]
    half = [path.name for path in work.out.rglob("*.tmp")]
    papers_read = count_parts(work.out)
    return {
        "forms": sum(1 for _ in papers.glob("*/*")), "parts": papers_read, "code": code, "left": left, "half": half,
        "processes": not program.gone(5.0), "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "looks": [asdict(look) for look in looks],
    }  # fmt: skip


def tenths(looks: Sequence[Look]) -> list[tuple[float, float]]:
    """Of each tenth of the papers read: papers a second by the clock, and processor seconds a paper."""
    reading = [look for look in looks if not look.assembling]
    last = reading[-1].parts
    found = []
    for number in range(PARTS_OF_RUN):
        begin, end = (_at(reading, last * share / PARTS_OF_RUN) for share in (number, number + 1))
        papers = last / PARTS_OF_RUN
        found.append((papers / (end[0] - begin[0]), (end[1] - begin[1]) / papers))
    return found


def _at(looks: Sequence[Look], papers: float) -> tuple[float, float]:
    """Seconds by the clock and of the processor when so many papers were read, between two looks."""
    if papers <= 0:
        first = next(n for n, look in enumerate(looks) if look.parts) - 1  # the start of the program is no reading
        return looks[max(first, 0)].seconds, looks[max(first, 0)].processor
    after = next(n for n, look in enumerate(looks) if look.parts >= papers)
    one, two = looks[max(after - 1, 0)], looks[after]
    share = (papers - one.parts) / (two.parts - one.parts) if two.parts > one.parts else 1.0
    return (
        one.seconds + share * (two.seconds - one.seconds),
        one.processor + share * (two.processor - one.processor),
    )


def memory(looks: Sequence[Look]) -> list[tuple[float, float]]:
    """Of each tenth of the time of reading: parent and workers, in the middle."""
    reading = [look for look in looks if not look.assembling and look.parts]
    size = len(reading) / PARTS_OF_RUN
    pieces = [reading[int(n * size) : int((n + 1) * size)] for n in range(PARTS_OF_RUN)]
    return [(median(look.parent for look in piece), median(look.workers for look in piece)) for piece in pieces]


def judged(looks: Sequence[Look], told: dict) -> Iterator[str]:
    """What is not as it should be."""
    curve = memory(looks)
    warm = int(WARM * PARTS_OF_RUN)
    for place, name in enumerate(("first process", "workers")):
        level = curve[warm][place]
        far = max(curve[warm:], key=lambda point: abs(point[place] - level))[place]
        if abs(far - level) > FLAT * level:
            yield f"memory of the {name} goes from {level:.0f} to {far:.0f} MB"
    middle, end = open_files(looks)
    if end > middle + SWAY:
        yield f"open files: {middle:.2f} in the middle third, {end:.2f} in the last"
    for name, kind in (("left", "temporary files left"), ("half", "half written files left")):
        if told[name]:
            yield f"{len(told[name])} {kind}, as {told[name][0]}"
    if told["processes"]:
        yield "processes left"
    if told["parts"] != told["forms"] or told["code"] not in {0, 3}:
        yield f"{told['parts']} of {told['forms']} papers read, exit status {told['code']}"


def open_files(looks: Sequence[Look]) -> tuple[float, float]:
    """Open files on average, in the middle and in the last third of the reading."""
    handles = [look.handles for look in looks if look.parts and not look.assembling]
    third = len(handles) // 3
    return fmean(handles[third : 2 * third]), fmean(handles[-third:])


def written(looks: Sequence[Look], told: dict, wrong: Sequence[str], picture: Path) -> Iterator[str]:
    """The page's lines."""
    rates, curve = tenths(looks), memory(looks)
    end = looks[-1]
    assembling = [look for look in looks if look.assembling]
    yield "# A long run\n\nMade by `scripts/prove_runs.sh`, part of `make prove`; "
    yield f"{os.cpu_count()} cores, {platform.machine()}; load before: {told['load'][0]}, after: {told['load'][1]}.\n"
    yield (
        f"{told['forms']} papers, four in a hundred of them scans, the others with a text layer, kinds in turn: one "
        f"run of `qagaz read` with two workers, {end.seconds:.0f} s, {end.processor:.0f} s of the processor. A look "
        f"every {LOOK_SECONDS:.0f} s.\n\n![memory and papers read]({picture.name})\n"
    )
    yield "| tenth of the papers | papers a second | processor seconds a paper | first process, MB | both workers, MB |"
    yield "|---|---|---|---|---|"
    for number, ((rate, spent), (parent, workers)) in enumerate(zip(rates, curve, strict=True), start=1):
        yield f"| {number} | {rate:.2f} | {spent:.2f} | {parent:.0f} | {workers:.0f} |"
    tail = [f"{look.parent:.0f}" for look in (assembling[:1] + assembling[-1:])]
    yield "\nMemory is that of the tenth of the time. Writing tables: " + (
        f"{end.seconds - assembling[0].seconds:.0f} s, first process from {tail[0]} to {tail[-1]} MB, at most "
        f"{max(look.parent for look in assembling):.0f} MB."
        if assembling
        else "too short to be seen."
    )
    middle, late = open_files(looks)
    yield f"Open files of the three processes: {middle:.2f} in the middle third, {late:.2f} in the last, on average. "
    yield f"Temporary files left: {len(told['left'])}."
    yield "\nAs it should be: memory flat within a tenth after the first fifth, no more open files late than in the "
    yield "middle, nothing left, every paper read: " + ("**yes**." if not wrong else f"**no**: {'; '.join(wrong)}.")


def draw(looks: Sequence[Look], file: Path) -> None:
    """Memory above, papers read below, over the same seconds."""
    if find_spec("matplotlib") is None:
        print("no picture: matplotlib, of the extra `evidence`, is not installed", file=sys.stderr)
        return
    import matplotlib as mpl  # noqa: PLC0415 - only where the picture is drawn

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, (upper, lower) = plt.subplots(2, 1, figsize=(9, 5.2), sharex=True, layout="constrained")
    seconds = [look.seconds for look in looks]
    upper.plot(seconds, [look.workers for look in looks], color="#1b4965", label="both workers")
    upper.plot(seconds, [look.parent for look in looks], color="#e87722", label="first process")
    upper.plot(seconds, [look.helpers for look in looks], color="#bbbbbb", linewidth=0.7, label="Tesseract and others")
    upper.set(ylabel="resident memory, MB", ylim=(0, None))
    upper.legend(fontsize=8, loc="center right")
    lower.plot(seconds, [look.parts for look in looks], color="#1b4965", label="papers read")
    lower.plot(seconds, [look.processor for look in looks], color="#bbbbbb", label="processor seconds spent")
    lower.set(xlabel="seconds", ylim=(0, None))
    lower.legend(fontsize=8, loc="lower right")
    figure.savefig(file, dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(soak(Path(sys.argv[1]).absolute(), Path(sys.argv[2]), Path(sys.argv[3])))
