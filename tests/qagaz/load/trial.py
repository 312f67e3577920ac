"""A trial: a run is dealt blows at random moments and called again until it is done; it must be as if undisturbed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from tests.qagaz.load.blows import BLOWS, DONE, OUTAGE, OUTAGES, outage, small_disk
from tests.qagaz.load.outcome import Outcome, compare, outcome_of
from tests.qagaz.load.program import LOOK_SECONDS, Program, Work, count_parts
from tests.review.load.server import Server

RUN_SECONDS = 900.0  # no run takes so long, on a busy machine either
GONE_SECONDS = 15.0  # until no process is left; an orphaned Tesseract ends with its page


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What a run comes to that nothing befalls, and when what happens in it."""

    outcome: Outcome
    code: int
    parts: int
    starting: float  # seconds to the first paper
    reading: float  # to the last one
    assembling: float  # to the end


@dataclass(frozen=True, slots=True)
class Dealt:
    """One blow that met a run."""

    kind: str
    phase: str
    code: int | None  # how the run ended; None: it went on


@dataclass(slots=True)
class Trial:
    """What came of one trial."""

    number: int
    store: str
    disk: str
    blows: list[Dealt] = field(default_factory=list)
    rounds: int = 0  # runs brought to an end and compared
    forms: int = 0  # compared
    lost: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)
    left: int = 0  # temporary files outside the result folder, of processes killed outright
    seconds: float = 0.0

    def as_json(self) -> dict[str, object]:
        """For a file of trials."""
        return asdict(self)


def undisturbed(work: Work) -> Undisturbed:
    """Run once, and look when what happens."""
    began = time.monotonic()
    program = Program(work)
    first = last = 0.0
    parts = 0
    while program.alive:
        if (now := count_parts(work.out)) > parts:
            parts, last = now, time.monotonic()
            first = first or last
        time.sleep(LOOK_SECONDS)
    code = program.wait(RUN_SECONDS)
    assert code in DONE, code
    end = time.monotonic()
    return Undisturbed(outcome_of(work.out, work.url), code, parts, first - began, last - first, end - last)


class Ring:
    """Where one trial takes place."""

    def __init__(self, papers: Path, wanted: Undisturbed, folder: Path, server: Server | None, rng: Random) -> None:
        self._papers = papers
        self._wanted = wanted
        self._folder = folder
        self._server = server
        self._rng = rng

    def trial(self, number: int, most: int) -> Trial:
        """So many blows, and a run that nothing befalls at the end."""
        began = time.monotonic()
        shutil.rmtree(self._folder, ignore_errors=True)
        with small_disk(self._folder):
            store = "postgresql" if self._server else "sqlite"
            done = Trial(number, store, "small" if self._folder.is_mount() else "limit")
            while len(done.blows) < most:
                self._round(done, most)
        shutil.rmtree(self._folder)
        done.seconds = round(time.monotonic() - began, 1)
        return done

    def _round(self, done: Trial, most: int) -> None:
        """From an empty result folder to whole tables, with what befalls the run on the way."""
        url = self._server.fresh() if self._server else ""
        work = Work(self._papers, self._folder / "out", self._folder / "tmp", self._folder.with_suffix(".log"), url)
        for left in (work.out, work.temporary):
            shutil.rmtree(left, ignore_errors=True)
        met, code = True, 0
        while met:  # until a run was let alone from its start to its end
            program = Program(work)
            met = False
            while len(done.blows) < most and self._moment(program):
                met = True
                if not self._deal(program, done):
                    break
            code = program.wait(RUN_SECONDS)
            if not program.gone(GONE_SECONDS):
                done.wrong.append(f"processes left after {done.blows[-1:]}")
        self._check(work, done, code)

    def _moment(self, program: Program) -> bool:
        """Wait for a moment that is as likely as any of an undisturbed run's; False: the run ended before it."""
        wanted = self._wanted
        at = self._rng.uniform(0, wanted.starting + wanted.reading + wanted.assembling)
        if at < wanted.starting:
            return _sleep(program, at)
        at -= wanted.starting
        if at < wanted.reading:
            missing = wanted.parts - program.parts_before
            enough = max(1, round(at / wanted.reading * missing))
            return _wait(program, lambda: program.new_parts() >= enough) and _sleep(program, self._rng.uniform(0, 0.3))
        return _wait(program, lambda: program.assembling) and _sleep(program, at - wanted.reading)

    def _deal(self, program: Program, done: Trial) -> bool:
        """One blow; whether the run goes on."""
        kinds = {kind: weight for kind, (weight, _blow) in BLOWS.items()} | ({OUTAGE: OUTAGES} if self._server else {})
        (kind,) = self._rng.choices(list(kinds), list(kinds.values()))
        blow = outage(self._server) if self._server and kind == OUTAGE else BLOWS[kind][1]
        phase = program.phase
        ends = blow(program, self._rng)
        code = program.wait(RUN_SECONDS) if ends else None
        done.blows.append(Dealt(kind, phase, code))
        if code is not None and code not in ends:
            done.wrong.append(f"exit status {code} after {kind} while {phase}")
        return code is None

    def _check(self, work: Work, done: Trial, code: int) -> None:
        found = compare(outcome_of(work.out, work.url), self._wanted.outcome)
        done.rounds += 1
        done.forms += self._wanted.outcome.forms.total()
        done.lost += found.lost
        done.doubled += found.doubled
        done.wrong += found.wrong
        if code != self._wanted.code:
            done.wrong.append(f"exit status {code} in place of {self._wanted.code}")
        done.left += sum(1 for path in work.temporary.rglob("*") if path.is_file())


def _sleep(program: Program, seconds: float) -> bool:
    until = time.monotonic() + seconds
    return _wait(program, lambda: time.monotonic() >= until)


def _wait(program: Program, ready: Callable[[], bool]) -> bool:
    """True once it is ready; False where the run ended first."""
    while program.alive:
        if ready():
            return True
        time.sleep(LOOK_SECONDS)
    return False
