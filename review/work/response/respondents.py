"""Response control: who owes a form for a year, what came, and what is neither."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlalchemy import ColumnElement, delete, insert, select, true
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from postprocess.identifiers import LENGTHS, has_check_digit
from review.answers import now
from review.flatten import clean
from review.work.audit import record
from review.work.claims import seen_task
from review.work.intake.batches import offices
from review.work.response.responses import WHOLE, Handed, handed_in, years_of
from review.work.schema import Department, Reply, Respondent
from review.work.staff.people import Role, Worker, department
from validate.submissions import Likeness, Submission, judge_submissions, same_place

DEADLINE = (3, 30)  # month and day of the year after the reporting year; who hands in on that day is in time
TEXT_LENGTH = 300  # characters of a name or a phone
YEARS = range(2000, 2100)  # that a list may be for


class RespondentError(QagazError):
    """A list or reply that cannot be kept so."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One row of a respondents' list as it is given; `department` "": the one that the list is loaded for."""

    number: str  # BIN or IIN
    name: str
    kato: str = ""
    phone: str = ""
    department: str = ""


Roster = Callable[[Path], Iterable[Owed]]  # reads a table that people give; QagazError where it is none


class Standing(StrEnum):
    """How a respondent stands."""

    MISSING = "missing"
    LATE = "late"
    CAME = "came"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Line:
    """One form that is owed, and what came of it."""

    number: str
    name: str
    kato: str
    phone: str
    office: str
    standing: Standing
    came: tuple[Handed, ...] = ()  # in the order received
    twice: str = ""  # duplicate or revision: more came than is owed

    @property
    def received(self) -> date | None:
        """When the first of it came."""
        return min((each.received for each in self.came if each.received), default=None)


@dataclass(frozen=True, slots=True)
class Control:
    """A year's response: the list line by line, what came beside it, and of what nobody can tell whose it is."""

    lines: tuple[Line, ...]
    strangers: tuple[Handed, ...]  # forms and notices whose respondent, or place, is not on the list
    unclear: tuple[Handed, ...]  # forms without a number or a year, notices that nobody told whose they are


def control(session: Session, worker: Worker, year: str) -> Control:
    """The response of a year as far as the worker sees list and forms."""
    came: dict[str, list[Handed]] = defaultdict(list)
    unclear = []
    for handed in handed_in(session, worker, year):
        if handed.number and handed.year:
            came[handed.number].append(handed)
        else:
            unclear.append(handed)
    owed: dict[str, list[tuple[Respondent, str]]] = defaultdict(list)
    for respondent, office in _listed(session, worker, year):
        owed[respondent.number].append((respondent, office))
    lines, strangers = [], []
    for number, rows in owed.items():
        got, left = _matched([row for row, _ in rows], came.pop(number, []))
        lines += [_line(row, office, got[row.id]) for row, office in rows]
        strangers += left
    strangers += [each for handed in came.values() for each in handed]
    lines.sort(key=lambda line: (line.name.casefold(), line.number, line.kato))
    return Control(tuple(lines), tuple(strangers), tuple(unclear))


def years(session: Session, worker: Worker) -> list[str]:
    """The years there is a list of, or a form, the latest first."""
    listed = session.scalars(select(Respondent.year).where(_own(worker)).distinct())
    return sorted({*listed, *years_of(session, worker)}, reverse=True)


def load(session: Session, worker: Worker, year: str, office: str, rows: Iterable[Owed]) -> int:
    """Take a list for a year in place of the one before; how many lines.

    The lists of the departments that occur in it are replaced, others stay. `office` is whose the rows are that name
    none. RespondentError if the year is none, a number is wrong, or a department is not the worker's.
    """
    if not (year.isdecimal() and int(year) in YEARS):
        raise RespondentError("error.roster-year", year=year)
    known = {each.name: each.id for each in offices(session, worker)}
    values = [_values(session, worker, year, office, known, row) for row in rows]
    if not values:
        raise RespondentError("error.roster-empty")
    touched = {value["department"] for value in values}
    session.execute(delete(Respondent).where(Respondent.year == year, Respondent.department.in_(touched)))
    session.execute(insert(Respondent), values)
    record(session, worker.login, "roster-loaded", f"year {year}", {"lines": len(values)})
    return len(values)


def tell_whose(session: Session, worker: Worker, source: str, year: str, number: str) -> Reply:
    """A notice is this respondent's, for this year. What another person said of it only a supervisor changes."""
    seen_task(session, worker, (source, WHOLE))
    number = _digits(number)
    if not (year.isdecimal() and int(year) in YEARS):
        raise RespondentError("error.roster-year", year=year)
    reply = session.get(Reply, (source, WHOLE), with_for_update=True)
    if reply is not None and reply.who != worker.login and worker.role is not Role.SUPERVISOR:
        raise RespondentError("error.another-said", who=reply.who, place="")
    if reply is None:
        reply = Reply(source=source, form=WHOLE, year=year, number=number, who=worker.login, at=now())
        session.add(reply)
    reply.year, reply.number, reply.who, reply.at = year, number, worker.login, now()
    session.flush()
    told = {"year": year, "number": number}
    record(session, worker.login, "notice-told", f"{source[:12]}/{WHOLE}", told)
    return reply


def deadline(year: str) -> date:
    """The last day on which a year's form is in time.

    >>> deadline("2025")
    datetime.date(2026, 3, 30)
    """
    return date(int(year) + 1, *DEADLINE)


def _listed(session: Session, worker: Worker, year: str) -> Iterator[tuple[Respondent, str]]:
    wanted = select(Respondent, Department.name).join(Department, Department.id == Respondent.department)
    rows = session.execute(wanted.where(Respondent.year == year, _own(worker)).order_by(Respondent.id))
    yield from ((respondent, name) for respondent, name in rows)


def _own(worker: Worker) -> ColumnElement[bool]:
    return true() if worker.everywhere else Respondent.department.in_(worker.departments)


def _matched(rows: Sequence[Respondent], came: Sequence[Handed]) -> tuple[dict[int, list[Handed]], list[Handed]]:
    """Which form answers which line of one respondent, by its place; and those that answer none.

    A line without a place takes whatever no other line does. A form that names no place goes to the first line that
    nothing came for yet, and so does a notice.
    """
    got: dict[int, list[Handed]] = {row.id: [] for row in rows}
    left = []
    ordered = sorted(rows, key=lambda row: not row.kato)
    for handed in sorted(came, key=lambda each: not each.kato):
        fitting = [row for row in ordered if not row.kato or same_place(handed, _Place(row.kato))]
        if fitting:
            named = bool(handed.kato)
            best = fitting[0] if named else min(fitting, key=lambda row: bool(got[row.id]))
            got[best.id].append(handed)
        else:
            left.append(handed)
    return got, left


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a line, as places are compared."""

    kato: str
    region: str = ""


def _line(row: Respondent, office: str, came: Sequence[Handed]) -> Line:
    ordered = tuple(sorted(came, key=lambda each: (each.received or date.max, each.file, each.form)))
    forms = [each for each in ordered if not each.notice]
    first = min((each.received for each in ordered if each.received), default=None)
    standing = Standing.CAME
    if not ordered:
        standing = Standing.MISSING
    elif first is not None and first > deadline(row.year):
        standing = Standing.LATE
    elif not forms:
        standing = Standing.NOTICE
    return Line(row.number, row.name, row.kato, row.phone, office, standing, ordered, _twice(forms))


def _twice(forms: Sequence[Handed]) -> str:
    """Whether forms of one place came more than once: with other figures, or with the same."""
    told = judge_submissions(
        Submission(each.source, each.file, each.form, each.number, "", each.year, each.kato, each.region, each.figures)
        for each in forms
    )
    found = {each.likeness for each in told}
    return next((str(likeness) for likeness in (Likeness.REVISION, Likeness.DUPLICATE) if likeness in found), "")


def _values(
    session: Session, worker: Worker, year: str, office: str, known: dict[str, int], row: Owed
) -> dict[str, object]:
    name = " ".join(clean(row.department or office).split())
    if name not in known and worker.everywhere:
        known[name] = department(session, name).id
    if name not in known:
        raise RespondentError("error.roster-department", department=name, name=row.name)
    return {
        "year": year, "number": _digits(row.number), "name": _text(row.name), "kato": row.kato,
        "phone": _text(row.phone), "department": known[name],
    }  # fmt: skip


def _digits(text: str) -> str:
    """A BIN or IIN; RespondentError if it is none."""
    number = "".join(text.split())
    if len(number) != LENGTHS["bin"] or not (number.isascii() and number.isdigit() and has_check_digit(number)):
        raise RespondentError("error.roster-number", number=clean(text)[:TEXT_LENGTH])
    return number


def _text(text: str) -> str:
    return " ".join(clean(text).split())[:TEXT_LENGTH]
