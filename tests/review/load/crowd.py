"""Many people at one queue, stations that are killed under their hands, and what must be true afterwards."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from review.answers import Act, aware
from review.case import open_case
from review.schema import Event
from review.store import Store
from review.work.audit import verify
from review.work.claims import HELD_FOR, ClaimError, hand_over
from review.work.schema import Person as Account
from review.work.schema import Record, Task
from review.work.staff.people import worker_of
from tests.review.load.made import Job, hire, make_queue
from tests.review.load.person import Diary, Habits, Intruder, Key, Person
from tests.review.load.serve import StationProcess
from tests.review.station.forms import LAYOUTS


@dataclass
class Plan:
    """One trial."""

    people: int
    forms: int
    stations: int = 1
    kills: int = 0  # of stations
    outages: int = 0  # of the database's server
    hold: float = 3.0  # seconds a form is held
    every: tuple[float, float] = (0.5, 2.5)  # seconds between two kills
    seed: int = 1
    seconds: float = 240.0  # after which the trial counts as stuck
    habits: Habits = field(default_factory=Habits)


@dataclass
class Outcome:
    """What came of it. `wrong` must be empty."""

    plan: dict[str, object]
    seconds: float = 0.0
    kills: int = 0
    outages: int = 0
    settled: int = 0
    kept: int = 0  # answers a person was told are kept
    unknown: int = 0  # answers sent whose fate nobody was told, and that are there
    claims: int = 0
    timed_out: int = 0  # claims of forms whose holder had not been heard of for so long
    refused: int = 0
    tries: int = 0
    away: int = 0
    wrong: list[str] = field(default_factory=list)


Outage = Callable[[float], None]  # the database's server is gone for so many seconds


def run(url: str, folder: Path, plan: Plan, outage: Outage | None = None) -> Outcome:
    """A queue is filled, worked at by everybody at once, and looked over when it is empty."""
    outcome = Outcome(asdict(plan))
    with Store(url, LAYOUTS) as store:
        store.database.told[HELD_FOR] = timedelta(seconds=plan.hold)
        jobs = make_queue(store, folder, plan.forms)
        logins = hire(store, 2 * plan.people + 1)
        with ExitStack() as open_now:
            stations = [StationProcess(url, folder, plan.hold) for _ in range(plan.stations)]
            for station in stations:
                open_now.callback(station.close)
                station.start()
            for station in stations:
                station.wait()
            began = time.monotonic()
            diaries = _work(store, plan, jobs, logins, stations, outage, outcome)
            outcome.seconds = round(time.monotonic() - began, 1)
        _look_over(store, plan, jobs, diaries, outcome)
    return outcome


def _work(
    store: Store,
    plan: Plan,
    jobs: Sequence[Job],
    logins: Sequence[str],
    stations: Sequence[StationProcess],
    outage: Outage | None,
    outcome: Outcome,
) -> list[Diary]:
    stop = threading.Event()
    answers = {job.source: job.answers for job in jobs}
    pairs = [logins[2 * n : 2 * n + 2] for n in range(plan.people)]
    told = ([station.address for station in stations], lambda key: answers[key[0]], stop)
    hander = _Hander(store, logins[:-1], plan.seed)
    how = {"habits": plan.habits, "hand_over": hander.give}
    people: list[Person] = [Person(pair, *told, **how) for pair in pairs]
    people.append(Intruder(logins[-1:], *told, **how).knows([(job.source, job.forms) for job in jobs]))
    for person in people:
        person.start()
    _trouble(store, plan, stations, outage, outcome)
    stop.set()
    for person in people:
        person.join(60)
        if person.is_alive():
            outcome.wrong.append(f"{person.name} never stopped")
    return [person.diary for person in people]


class _Hander:
    """Hands forms over, as a program beside the stations does."""

    def __init__(self, store: Store, logins: Sequence[str], seed: int) -> None:
        self._store, self._logins, self._rng = store, logins, random.Random(seed)

    def give(self, login: str, key: Key) -> bool:
        """Whether the form went to somebody else."""
        try:
            with self._store.database.writing() as session:
                giver = session.scalars(select(Account).where(Account.login == login)).one()
                hand_over(session, worker_of(session, giver), key, self._rng.choice(self._logins))
        except Exception as error:  # noqa: BLE001  # the database may be gone: then nothing was handed over
            return isinstance(error, ClaimError)
        return True


def _trouble(
    store: Store, plan: Plan, stations: Sequence[StationProcess], outage: Outage | None, outcome: Outcome
) -> None:
    """Kill what is to be killed while people work; back when nothing is open any more, or the time is over."""
    rng = random.Random(plan.seed)
    until = time.monotonic() + plan.seconds
    left = ["station"] * plan.kills + ["database"] * (plan.outages if outage else 0)
    rng.shuffle(left)
    while time.monotonic() < until:
        if left:
            time.sleep(rng.uniform(*plan.every))
            if left.pop() == "station":
                station = rng.choice(stations)
                station.kill()
                station.wait()
                outcome.kills += 1
            elif outage is not None:
                outage(rng.uniform(0.2, 1.0))
                outcome.outages += 1
        elif _is_empty(store):
            return
        else:
            time.sleep(0.2)
    outcome.wrong.append(f"not done within {plan.seconds} s")


def _is_empty(store: Store) -> bool:
    with store.database.reading() as session:
        return not session.scalar(select(func.count()).select_from(Task).where(Task.state == "open"))


def _look_over(store: Store, plan: Plan, jobs: Sequence[Job], diaries: Sequence[Diary], outcome: Outcome) -> None:
    sent = {token: what for diary in diaries for token, what in diary.sent.items()}
    kept = {token for diary in diaries for token in diary.kept}
    for diary in diaries:
        outcome.refused += diary.refused
        outcome.tries += diary.tries
        outcome.away += diary.away
        outcome.wrong += diary.odd + [f"{diary.intruded} intrusions"] * bool(diary.intruded)
    outcome.kept = len(kept)
    with store.database.reading() as session:
        outcome.wrong += [f"record: {broken}" for broken in verify(session)]
    with store.database.reading() as session:
        events = session.scalars(select(Event).where(Event.act != Act.READ.value).order_by(Event.id)).all()
        outcome.wrong += _answers_wrong(events, sent, kept, jobs)
        outcome.unknown = len({event.note for event in events} - kept)
        tasks = session.scalars(select(Task)).all()
        outcome.settled = sum(task.state == "done" and bool(task.first) for task in tasks)
        if outcome.settled != plan.forms:
            outcome.wrong.append(f"{outcome.settled} of {plan.forms} forms settled")
        for task in tasks[:: max(1, len(tasks) // 50)]:
            if task.open or not open_case(session, LAYOUTS, (task.source, task.form)).settled:
                outcome.wrong.append(f"{task.file} {task.form} is not settled")
        entries = session.scalars(select(Record).order_by(Record.id)).all()
        outcome.wrong += _claims_wrong(entries, timedelta(seconds=plan.hold), outcome)


def _answers_wrong(
    events: Sequence[Event], sent: dict[str, tuple[str, Key, str, str]], kept: set[str], jobs: Sequence[Job]
) -> Iterator[str]:
    """Answers lost, doubled or made up."""
    there = Counter(event.note for event in events)
    yield from (f"lost: {sent[token]}" for token in kept - set(there))
    yield from (f"{times} times: {token}" for token, times in there.items() if times > 1)
    for event in events:
        told = sent.get(event.note)
        if told is None or (event.who, (event.source, event.form), event.place) != told[:3]:
            yield f"nobody sent event {event.id}"
    wanted = {
        (job.source, form, place) for job in jobs for form in range(1, job.forms + 1) for place, _value in job.answers
    }
    said = Counter((event.source, event.form, event.place) for event in events)
    yield from (f"never answered: {key}" for key in wanted - set(said))
    yield from (f"answered {times} times: {key}" for key, times in said.items() if times > 1)


def _claims_wrong(entries: Sequence[Record], hold: timedelta, outcome: Outcome) -> Iterator[str]:
    """Forms that two people held at one moment, by the record of who claimed what and was last heard of when."""
    holders: dict[str, tuple[str | None, datetime]] = {}  # form → who ("?": whoever it was handed to), last heard of
    for entry in entries:
        words = entry.subject.split()
        form = words[2] if words[0] == "event" else words[0]
        if "/" not in form:
            continue
        holder, heard = holders.get(form, (None, entry.at))
        at = aware(entry.at)
        if entry.act == "claimed":
            outcome.claims += 1
            over = holder is None or at - aware(heard) >= hold - timedelta(seconds=1)  # times are kept to the second
            outcome.timed_out += holder is not None and over
            if not over:
                yield f"{form} claimed by {entry.who} while {holder} held it"
        elif holder not in (entry.who, "?"):
            yield f"{entry.act} of {form} by {entry.who}, held by {holder}"
        handed = entry.act == "handed-over"
        holders[form] = (None if entry.act == "let-go" else "?" if handed else entry.who, entry.at)
