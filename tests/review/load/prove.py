"""Long evidence about the station, in steps that are kept: `python -m tests.review.load.prove FOLDER REPORT`."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from tests.review.load.crowd import Plan, run
from tests.review.load.server import Server, outage_of
from tests.review.load.speed import long_queue, measure, told

FORMS = int(os.environ.get("STATION_FORMS", "10000"))  # of the long queue
REQUESTS = int(os.environ.get("STATION_REQUESTS", "200"))  # of each kind
ROUNDS = int(os.environ.get("STATION_ROUNDS", "5"))  # of twenty people
KILLS = int(os.environ.get("STATION_KILLS", "10"))  # of stations a round
CLIENTS = (1, 10)
ENGINES = ("sqlite", "postgresql")


def prove(folder: Path, report: Path) -> int:
    """Take every step that was not taken yet, and write down what came of all; 1 where anything was wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(_empty(folder / "server"))
    try:
        for number in range(1, ROUNDS + 1):
            twenty = Plan(20, 100, stations=2, kills=KILLS, outages=2, hold=6.0, seed=number, seconds=600)
            _step(folder, f"crowd-{number}", lambda at, p=twenty: asdict(run(server.fresh(), at, p, outage_of(server))))
        two = Plan(2, 30, kills=5, hold=6.0, seed=1, seconds=600)
        _step(folder, "two-sqlite", lambda at: asdict(run(f"sqlite:///{at / 'qagaz.db'}", at, two)))
        for engine in ENGINES:
            _step(folder, f"speed-{engine}", lambda at, e=engine: _speed(_address(e, at, server), at))
    finally:
        server.close()
    steps = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    report.write_text("\n".join(_written(steps)) + "\n", encoding="utf-8")
    return int(any(step.get("wrong") for step in steps.values()))


def _step(folder: Path, name: str, take: Callable[[Path], object]) -> None:
    """Taken once; begun anew where it was broken off."""
    kept = folder / f"{name}.json"
    if kept.exists():
        return
    print(name, flush=True)
    work = _empty(folder / name)
    came = take(work)
    kept.with_suffix(".tmp").write_text(json.dumps(came, ensure_ascii=False, indent=1), encoding="utf-8")
    kept.with_suffix(".tmp").replace(kept)
    shutil.rmtree(work)


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _address(engine: str, folder: Path, server: Server) -> str:
    return f"sqlite:///{folder / 'qagaz.db'}" if engine == "sqlite" else server.fresh()


def _speed(url: str, folder: Path) -> object:
    with long_queue(url, folder, FORMS, max(CLIENTS)) as (station, jobs):
        load = os.getloadavg()[0]
        seen = {str(clients): told(measure(station, jobs, folder, clients, REQUESTS)) for clients in CLIENTS}
        return {"forms": FORMS, "load": [round(load, 1), round(os.getloadavg()[0], 1)], "times": seen}


HEAD = f"""# The station under load

Made by `scripts/prove_station.sh`, part of `make prove`; {os.cpu_count()} cores, {platform.machine()}.

## Many people, killed stations, a database that goes away

People log in, take the next form, answer, hand over, let go, hang up before they are answered, send the same twice at
once, and vanish with a form in hand; one more answers forms that are not theirs. Stations are killed (`kill -9`) and
started again, PostgreSQL is stopped or crashed in turn. Afterwards every answer that somebody was told is kept must be
there, none twice, every claim must have been of a free form by the record, the record's chain must hold, and every form
must be settled; what is not so counts as wrong.

| trial | people | forms | stations | kills | outages | seconds | answers | claims | of them after a time-out | requests sent again | pages that said 503 | answers refused | wrong |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"""  # noqa: E501
PAGES = """
## Pages on a long queue

Milliseconds from the request to the first byte and to the whole answer, as a client on the same machine sees them."""
TIMES = """
{engine}, {forms} forms; load of the machine before and after: {load}

| clients | what | requests | first byte, median | whole, median | whole, 95 % |
|---|---|---|---|---|---|"""
COLUMNS = ("kills", "outages", "seconds", "kept", "claims", "timed_out", "tries", "away", "refused")


def _written(steps: dict[str, dict[str, object]]) -> Iterator[str]:
    yield HEAD
    for name, step in steps.items():
        plan, wrong = step.get("plan"), step.get("wrong")
        if isinstance(plan, dict) and isinstance(wrong, list):
            row = (name, plan["people"], plan["forms"], plan["stations"], *(step[key] for key in COLUMNS), len(wrong))
            yield f"| {' | '.join(str(each) for each in row)} |"
    yield PAGES
    for name, step in steps.items():
        times = step.get("times")
        if isinstance(times, dict):
            yield TIMES.format(engine=name.removeprefix("speed-"), forms=step["forms"], load=step["load"])
            rows = ((clients, kind, seen) for clients, kinds in times.items() for kind, seen in kinds.items())
            for clients, kind, seen in rows:
                yield f"| {clients} | {kind} | {seen['n']} | {seen['first']} | {seen['median']} | {seen['p95']} |"


if __name__ == "__main__":
    sys.exit(prove(Path(sys.argv[1]).absolute(), Path(sys.argv[2])))
