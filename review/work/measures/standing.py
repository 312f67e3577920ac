"""How the work stands: the queue, its age, the pace, what never had to be asked, and why the rest was.

All of it comes from the tasks alone, in one pass over those that the scope takes in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, cast, extract, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from review.portions import Portion, Spread, spread
from review.work.measures.scope import EVER, Scope
from review.work.schema import Task
from review.work.tasks import WAITING, State

HOUR, DAY = 3600, 24 * 3600  # seconds
HERE = timezone(timedelta(hours=5))  # all of Kazakhstan, since 2024
OFFSET = 5 * HOUR
AGES = (HOUR, 4 * HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY)  # seconds: where one class of ages ends and the next begins
POINTS = 60  # of a line over time: more are not told apart on a screen
SHORT = 3 * DAY  # periods up to here are told by the hour

Named = tuple[tuple[str, int], ...]  # code → how often, most first


class Line(NamedTuple):
    """What numbers need of one task; times in seconds since 1970."""

    form: int
    state: str
    batch: int | None
    since: int
    settled: int | None
    first: str
    seconds: int
    asked: int
    inked: int
    sure: int
    causes: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits now, and how it came to that. `line` is (when, how many waited), evenly spaced."""

    age: Spread  # seconds
    ages: tuple[int, ...]  # how many are of each class: one more than there are limits in AGES
    line: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """What people settled in the period."""

    forms: int
    worked: int  # seconds people spent on them
    each: Spread  # seconds a form
    hours: tuple[int, ...]  # by hour of the day in Kazakhstan, 24 of them
    days: tuple[tuple[datetime, int], ...]  # every day from the first to the last on which something was settled

    @property
    def hourly(self) -> float | None:
        """Forms settled in an hour of one person's work; None where too few were."""
        return self.forms * HOUR / self.worked if self.each.median is not None and self.worked else None


@dataclass(frozen=True, slots=True)
class Through:
    """Forms that nobody was ever asked about, of those read that came in in the period."""

    all: Portion
    batches: tuple[tuple[int, Portion], ...]  # by batch, earliest first; 0: in none
    days: tuple[tuple[datetime, Portion], ...]  # by the day they came in


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures with ink of those forms, and how many of them were accepted as read."""

    forms: int
    inked: int
    sure: int
    asked: Spread  # questions a form


@dataclass(frozen=True, slots=True)
class Standing:
    """All numbers of a scope. `causes` and `reasons` count forms."""

    states: Mapping[str, int]
    refused: int  # files that are no form: rejected, or notices
    queue: Queue
    pace: Pace
    through: Through
    figures: Figures
    causes: Named
    batch_causes: tuple[tuple[int, Named], ...]
    reasons: Named


def standing(session: Session, scope: Scope, at: datetime) -> Standing:
    """The numbers as they stand at a moment."""
    lines = list(_lines(session, scope))
    forms = [line for line in lines if line.form]
    now, since, until = (int(moment.timestamp()) for moment in (at, scope.since, scope.until))
    came = [line for line in forms if since <= line.since < until]
    done = [line for line in forms if line.first and line.settled is not None and since <= line.settled < until]
    return Standing(
        states=Counter(line.state for line in forms),
        refused=len(lines) - len(forms),
        queue=_queue(forms, now, since, min(until, now)),
        pace=_pace(done),
        through=_through(came),
        figures=_figures(came),
        causes=_counted(line.causes for line in came),
        batch_causes=tuple((batch, _counted(line.causes for line in of)) for batch, of in _by_batch(came)),
        reasons=_counted(line.reasons for line in forms if line.state in WAITING),
    )


def here(seconds: int) -> datetime:
    """A time in Kazakhstan."""
    return datetime.fromtimestamp(seconds, tz=HERE)


def _lines(session: Session, scope: Scope) -> Iterator[Line]:
    wanted = select(
        Task.form, Task.state, Task.batch, _epoch(Task.since), _epoch(Task.settled), Task.first, Task.seconds,
        Task.asked, Task.inked, Task.sure, Task.causes, Task.reasons,
    ).where(*scope.forms)  # fmt: skip
    return map(Line._make, session.execute(wanted))


def _epoch(column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]) -> ColumnElement[int]:
    """The time in seconds: read much faster than as a time."""
    return cast(extract("epoch", column), BigInteger)


def _queue(forms: Sequence[Line], now: int, since: int, until: int) -> Queue:
    waits = [now - line.since for line in forms if line.state in WAITING]
    classes = Counter(sum(age >= limit for limit in AGES) for age in waits)
    return Queue(
        spread(waits), tuple(classes[each] for each in range(len(AGES) + 1)), tuple(_line(forms, since, until))
    )


def _line(forms: Sequence[Line], since: int, until: int) -> Iterator[tuple[datetime, int]]:
    """How many waited, at evenly spaced times from the beginning of the period, or from the first form on."""
    asked = [line for line in forms if line.asked and line.since <= until]
    if not asked:
        return
    begin = max(since, min(line.since for line in asked))
    change: Counter[int] = Counter()
    step = _step(until - begin)
    slots = max(1, -(-(until - begin) // step))
    for line in asked:
        change[_slot(line.since, begin, step)] += 1
        over = line.settled if line.settled is not None and line.state not in WAITING else None
        if over is None and line.state == State.CLEAR.value:
            over = line.since  # read anew, it asks nothing any more
        if over is not None:
            change[_slot(over, begin, step)] -= 1
    waiting = 0
    for slot in range(slots + 1):
        waiting += change[slot]
        yield here(min(begin + slot * step, until)), waiting


def _slot(when: int, begin: int, step: int) -> int:
    """The first time of the line at which it has happened."""
    return max(0, -(-(when - begin) // step))


def _step(length: int) -> int:
    """Seconds between the times of a line: whole hours, and whole days for more than three."""
    unit = HOUR if length <= SHORT else DAY
    return unit * max(1, -(-length // (unit * POINTS)))


def _pace(done: Sequence[Line]) -> Pace:
    hours = Counter((line.settled or 0) + OFFSET for line in done)
    by_hour, by_day = Counter[int](), Counter[int]()
    for local, count in hours.items():
        by_hour[local % DAY // HOUR] += count
        by_day[local // DAY] += count
    days = range(min(by_day), max(by_day) + 1) if by_day else ()
    return Pace(
        forms=len(done),
        worked=sum(line.seconds for line in done),
        each=spread([line.seconds for line in done]),
        hours=tuple(by_hour[hour] for hour in range(24)),
        days=tuple((here(day * DAY - OFFSET), by_day[day]) for day in days),
    )


def _through(came: Sequence[Line]) -> Through:
    days: dict[int, list[Line]] = {}
    for line in came:
        days.setdefault((line.since + OFFSET) // DAY, []).append(line)
    return Through(
        _share(came),
        tuple((batch, _share(lines)) for batch, lines in _by_batch(came)),
        tuple((here(day * DAY - OFFSET), _share(days[day])) for day in sorted(days)),
    )


def _share(lines: Sequence[Line]) -> Portion:
    return Portion(sum(not line.asked for line in lines), len(lines))


def _figures(came: Sequence[Line]) -> Figures:
    return Figures(
        len(came),
        sum(line.inked for line in came),
        sum(line.sure for line in came),
        spread([line.asked for line in came]),
    )


def _by_batch(lines: Iterable[Line]) -> list[tuple[int, list[Line]]]:
    """Lines of each batch; those of none come first."""
    found: dict[int, list[Line]] = {}
    for line in lines:
        found.setdefault(line.batch or 0, []).append(line)
    return sorted(found.items())


def _counted(joined: Iterable[str]) -> Named:
    """How many forms have each code, most first."""
    whole = Counter(joined)  # few kinds of them
    codes: Counter[str] = Counter()
    for each, count in whole.items():
        for code in filter(None, each.split(";")):
            codes[code] += count
    return tuple(sorted(codes.items(), key=lambda told: (-told[1], told[0])))


def period(days: int, at: datetime) -> tuple[datetime, datetime]:
    """The last so many days of Kazakhstan, today among them; 0: ever."""
    if not days:
        return EVER, at + timedelta(seconds=1)
    today = at.astimezone(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=days - 1)).astimezone(UTC), at + timedelta(seconds=1)
