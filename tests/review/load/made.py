"""A long queue at once: rows over a few distinct papers, and people who work at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, literal, select, true
from sqlalchemy.orm import Session

from review.schema import Base
from review.store import Store
from review.work.schema import Person
from review.work.staff.people import Role, add_person
from tests.review.station.forms import fill

PASSWORD = "қағаз 2026 ok"
PAPERS = 8  # distinct ones
FAULTY = 4  # of so many papers one has a respondent's mistake instead of doubtful readings


@dataclass(frozen=True)
class Job:
    """What a form of one paper asks, and what is said to it: each place with the figure that stands there."""

    source: str
    forms: int
    answers: tuple[tuple[str, str], ...]


def make_queue(store: Store, folder: Path, count: int, papers: int = PAPERS) -> tuple[Job, ...]:
    """So many forms with one to three questions each, made of a few papers; the rows of one are copied."""
    papers = min(papers, count)
    return tuple(_make(store, folder, number, len(range(number, count, papers))) for number in range(papers))


def hire(store: Store, count: int, *, everywhere: bool = True) -> tuple[str, ...]:
    """So many operators, all with one password, hashed once."""
    logins = tuple(f"w{number:02}" for number in range(1, count + 1))
    with store.database.writing() as session:
        first = add_person(session, logins[0], logins[0], PASSWORD, Role.OPERATOR, everywhere=everywhere)
        for login in logins[1:]:
            session.add(
                Person(
                    login=login, name=login, secret=first.secret, role=first.role, everywhere=everywhere,
                    language="ru", active=True, since=first.since,
                )
            )  # fmt: skip
    return logins


def _make(store: Store, folder: Path, number: int, forms: int) -> Job:
    name = f"paper-{number}.png"
    mistake = number % FAULTY == FAULTY - 1
    form = fill(store, folder, name, seed=number, mistake=True) if mistake else None
    answers = [("s2.columns@s2/1/1", "confirm")]
    if form is None:
        truth = _truth(number)
        doubts = [place for place in truth if truth[place]][1 : 2 + number % 3]
        form = fill(store, folder, name, seed=number, doubts=doubts)
        answers = [(place, form.truth[place]) for place in doubts]
    with store.database.writing() as session:
        copy(session, form.source, forms)
    return Job(form.source, forms, tuple(answers))


def _truth(seed: int) -> dict[str, str]:
    from tests.review.station.forms import _values  # noqa: PLC0415  # what `fill` will draw

    return _values(seed)


def copy(session: Session, source: str, forms: int) -> None:
    """Every row that is about form 1 of a paper, for forms 2 and on."""
    numbers = select(literal(2).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < forms))
    if forms < 2:
        return
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if column.name != "id"]
        if {"source", "form"} <= {column.name for column in columns}:
            picked = [numbers.c.number if column.name == "form" else column for column in columns]
            rows = select(*picked).select_from(numbers.join(table, true()))
            rows = rows.where(table.c.source == source, table.c.form == 1)
            session.execute(insert(table).from_select([column.name for column in columns], rows))
