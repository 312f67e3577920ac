"""Numbers of the work: they are what the tables say, of what a person may see, and silent where there is too little."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from layouts.load import shipped_layouts
from review.portions import Portion, spread
from review.store import Store
from review.work.measures.scope import Scope, batches, departments
from review.work.measures.standing import AGES, HERE, period, standing
from review.work.measures.tallies import tallies
from review.work.schema import Batch, Department, Task
from review.work.staff.people import Role, Worker, add_person, worker_of
from tests.review.pile import END, pile

CELLS = ("s2/1/1", "s2/1/2", "s2/1.1/1", "s2/1.1/2", "s2/1.10/1", "s2/1.10/2")
ALL = Worker(1, "saule", "Сәуле", Role.SUPERVISOR, True, frozenset(), "ru")


@pytest.fixture
def store(url):
    """Four hundred forms of two departments in two batches each."""
    with Store(url, shipped_layouts()) as made:
        pile(made, 800, cells=CELLS, days=4)
        yield made


def of(store, scope, at=END):
    with store.database.reading() as session:
        return standing(session, scope, at)


def tasks(store):
    with store.database.reading() as session:
        return list(session.scalars(select(Task)).all())


def test_numbers_are_those_of_the_tables(store):
    """Every number of the whole house, counted once more by hand."""
    told, rows = of(store, Scope(ALL)), tasks(store)
    assert told.states == Counter(task.state for task in rows)
    waits = [task for task in rows if task.state in {"open", "asking"}]
    assert told.queue.age.count == sum(told.queue.ages) == len(waits) > 50
    assert told.queue.line[-1][1] == len(waits)
    assert told.pace.forms == sum(told.pace.hours) == sum(n for _, n in told.pace.days)
    assert told.pace.forms == sum(task.first != "" for task in rows) > 50
    assert told.pace.worked == sum(task.seconds for task in rows)
    assert told.through.all == Portion(sum(not task.asked for task in rows), 800)
    for parts in (told.through.batches, told.through.days):
        assert sum(share.total for _, share in parts) == 800
        assert sum(share.hits for _, share in parts) == told.through.all.hits
    assert dict(told.causes) == Counter(task.causes for task in rows if task.causes)
    assert [n for _, n in told.causes] == sorted((n for _, n in told.causes), reverse=True)
    assert sum(n for _, counts in told.batch_causes for _, n in counts) == sum(n for _, n in told.causes)
    assert dict(told.reasons) == Counter(code for task in waits for code in task.reasons.split(";"))
    assert told.figures.sure == sum(task.sure for task in rows)


def test_the_line_over_time_is_what_waited_then(store):
    """At each of its times: came in before, and not settled yet."""
    told, rows = of(store, Scope(ALL)), tasks(store)
    aware = [(t.since.replace(tzinfo=END.tzinfo) if not t.since.tzinfo else t.since, t) for t in rows if t.asked]
    for at, waiting in told.queue.line:
        there = [task for since, task in aware if since <= at]
        gone = [
            t
            for t in there
            if t.settled and (t.settled if t.settled.tzinfo else t.settled.replace(tzinfo=END.tzinfo)) <= at
        ]
        assert waiting == len(there) - len(gone)


def test_a_person_sees_numbers_of_their_departments_only(store):
    """A department's supervisor: its forms, its batches, itself; another's number answers nothing."""
    with store.database.writing() as session:
        worker = worker_of(
            session,
            add_person(session, "erlan", "Ерлан", "қағаз 2026 ok", Role.SUPERVISOR, departments=["Алматы"]),
        )
    with store.database.reading() as session:
        offices = {each.name: each.id for each in session.scalars(select(Department))}
        own = [each.name for each in departments(session, worker)]
        listed = batches(session, Scope(worker))
        everywhere = batches(session, Scope(ALL))
    assert own == ["Алматы"]
    assert {batch.department for batch in listed} == {offices["Алматы"]}
    assert len(everywhere) == 2 * len(listed) == 4
    mine = of(store, Scope(worker))
    assert mine.through.all.total == 400
    assert mine.states == of(store, Scope(ALL, offices["Алматы"])).states
    other = next(batch for batch in everywhere if batch.department != offices["Алматы"])
    for foreign in (Scope(worker, offices["Астана"]), Scope(worker, 0, other.id)):
        assert of(store, foreign).through.all.total == 0
    one = of(store, Scope(worker, 0, listed[0].id))
    assert (one.through.all.total, len(one.through.batches)) == (200, 1)


def test_a_period_counts_what_happened_in_it(store):
    """Forms by the day they came in or were settled in Kazakhstan, the queue whatever its age."""
    since, until = period(1, END)
    assert since.astimezone(HERE).strftime("%d %H:%M") == "27 00:00"
    today, ever = of(store, Scope(ALL, 0, 0, since, until)), of(store, Scope(ALL, 0, 0, *period(0, END)))
    assert [day.strftime("%d") for day, _ in today.through.days] == ["27"]
    assert 0 < today.pace.forms < ever.pace.forms
    assert today.queue.age == ever.queue.age
    assert len(today.queue.line) <= 26


def test_nothing_is_told_of_too_little():
    """No median of four, no tail of nineteen, no share of nine; of nothing, nothing."""
    assert spread([1, 2, 3, 4]).median is None
    assert spread(range(19)).tail is None
    assert spread(range(20)).tail == 17
    assert not Portion(9, 9).tells
    assert Portion(10, 10).tells
    assert 0.7 < Portion(10, 10).low < 0.75
    assert (Portion(0, 0).part, Portion(0, 0).low, Portion(0, 0).high) == (0, 0, 1)


def test_an_empty_house_has_numbers_too(url):
    """Nothing waits, nothing was settled: no division by nothing."""
    with Store(url) as store:
        told = of(store, Scope(ALL))
    assert (told.queue.line, told.pace.days, told.causes, told.pace.hourly) == ((), (), (), None)
    assert told.queue.ages == (0,) * (len(AGES) + 1)


def test_batches_are_held_against_their_papers(store):
    """Pages counted by hand that were not read make a batch differ; a paper that waits makes it unread."""
    with store.database.writing() as session:
        listed = list(session.scalars(select(Batch).order_by(Batch.id)))
        listed[1].pages += 1
        told = tallies(session, listed)
        assert [(t.came, t.agrees) for t in told] == [(200, t.batch.pages == 1200) for t in told]
        assert not told[1].agrees
        assert told[2].agrees
        assert told[0].department == "Астана"


def test_ages_fall_into_classes(store):
    """A limit belongs to the class that begins with it."""
    rows = [task for task in tasks(store) if task.state == "open"]
    ages = of(store, Scope(ALL)).queue.ages
    since = [(task.since if task.since.tzinfo else task.since.replace(tzinfo=END.tzinfo)) for task in rows]
    for slot, limit in enumerate(AGES):
        assert sum(ages[slot + 1 :]) == sum(END - at >= timedelta(seconds=limit) for at in since)
