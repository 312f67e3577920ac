"""Batches: whose they are, what is counted against what was read, and who may close them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from extract.records import Source
from review.flatten import flatten, rejected_rows
from review.keep import Filed
from review.store import Store
from review.work.intake.arrivals import HandedIn, came, give_unassigned, hand_in
from review.work.intake.batches import (
    BatchError,
    NewBatch,
    batches,
    close,
    count_again,
    open_again,
    open_batch,
    seen_batch,
)
from review.work.intake.papers import READ, REJECTED, was_read
from review.work.intake.reckoning import reckon
from review.work.schema import Paper, Task
from review.work.staff.people import PeopleError, Role, add_person, worker_of
from tests.qagaz.fakes import make_form

PASSWORD = "қағаз 2026 ok"
DAY = date(2026, 3, 12)


class House:
    """A store with three people."""

    def __init__(self, store):
        self.store = store
        with store.database.writing() as session:
            people = [
                add_person(session, "saule", "Сәуле", PASSWORD, Role.SUPERVISOR, everywhere=True),
                add_person(session, "asel", "Асель", PASSWORD, Role.OPERATOR, departments=["Алматы"]),
                add_person(session, "bolat", "Болат", PASSWORD, Role.OPERATOR, departments=["Астана"]),
            ]
            self.saule, self.asel, self.bolat = (worker_of(session, person) for person in people)

    def do(self, act, *told, **more):
        """One act in a transaction; a batch's number of what comes of it."""
        with self.store.database.writing() as session:
            return getattr(act(session, *told, **more), "id", None)

    def open(self, worker=None, office="Алматы", **counted):
        return self.do(open_batch, worker or self.asel, NewBatch(office, "12 марта", DAY, **counted))

    def hand_in(self, batch, name, worker=None):
        source = Source(name.encode().hex().ljust(64, "0"), name, Path(name))
        self.do(hand_in, worker or self.asel, batch, HandedIn(name, 10, source, new=True))
        return source

    def read(self, source, pages=6, rejected=False):
        rows = rejected_rows("timeout", "error.timeout", ()) if rejected else flatten(make_form(source))
        self.store.put(Filed(source.sha256, source.file, "v"), [rows])
        self.do(was_read, source.sha256, REJECTED if rejected else READ, pages)

    def told(self, batch):
        with self.store.database.reading() as session:
            return reckon(session, seen_batch(session, self.saule, batch))


@pytest.fixture
def house(url):
    with Store(url) as store:
        yield House(store)


def test_a_batch_that_agrees_is_closed_by_whoever_took_it_in(house):
    """Once all is read."""
    batch = house.open(papers=1, pages=6)
    source = house.hand_in(batch, "a.pdf")
    with pytest.raises(BatchError, match="batch-unread"):
        house.do(close, house.asel, batch)
    house.read(source)
    assert house.told(batch).agrees
    house.do(close, house.asel, batch)
    with pytest.raises(BatchError, match="batch-closed"):
        house.hand_in(batch, "b.pdf")
    with pytest.raises(BatchError, match="batch-supervisor"):
        house.do(open_again, house.asel, batch)
    house.do(open_again, house.saule, batch)
    house.hand_in(batch, "b.pdf")


def test_differences_are_named_and_closed_by_a_supervisor_with_a_note(house):
    """What is lacking, what was rejected, what was a copy."""
    batch = house.open(papers=3, pages=20)
    house.read(house.hand_in(batch, "a.pdf"))
    house.read(house.hand_in(batch, "b.pdf"), rejected=True)
    house.hand_in(batch, "a.pdf")
    told = house.told(batch)
    assert (told.papers_off, told.pages_off, told.rejected) == (-2, -14, 1)
    assert [(named.kind, named.files) for named in told.named] == [("rejected", ("b.pdf",)), ("copy", ("a.pdf",))]
    for worker, note, why in [(house.asel, "x", "batch-differs"), (house.saule, " ", "batch-why")]:
        with pytest.raises(BatchError, match=why):
            house.do(close, worker, batch, note)
    house.do(close, house.saule, batch, "Два бланка возвращены")
    house.do(open_again, house.saule, batch)
    house.do(count_again, house.asel, batch, 1, 6, "")
    assert not house.told(batch).agrees


def test_nothing_of_another_department_is_seen(house):
    """Its batches answer like those that do not exist; none can be opened for it."""
    batch = house.open()
    with house.store.database.reading() as session:
        assert batches(session, house.bolat, 0, 10) == []
    for number in (batch, 999, 0, -1):
        with pytest.raises(BatchError, match="batch-unknown"):
            house.hand_in(number, "a.pdf", house.bolat)
    with pytest.raises(PeopleError):
        house.open(house.bolat)
    with pytest.raises(BatchError, match="batch-count"):
        house.open(papers=-1)


def test_papers_of_nobody_are_given_to_a_batch_with_their_forms(house):
    """By the beginning of their names, where % is no wildcard; only who sees everything does that."""
    for name in ("day-1/a.pdf", "day-1/b.pdf", "day-2/c.pdf"):
        source = Source(name.encode().hex().ljust(64, "0"), name, Path(name))
        house.store.came_in([source], {source.sha256: 6})
        house.store.put(Filed(source.sha256, name, "v"), [flatten(make_form(source, doubt=True))])
    batch = house.open(papers=2, pages=12)
    for worker, beginning in [(house.asel, "day-1/"), (house.saule, "%"), (house.saule, "day-9")]:
        with pytest.raises(BatchError):
            house.do(give_unassigned, worker, batch, beginning)
    house.do(give_unassigned, house.saule, batch, "day-1/")
    with house.store.database.reading() as session:
        assert session.query(Task).filter(Task.batch == batch).count() == 2
        assert [each.file for each in came(session, seen_batch(session, house.asel, batch), 0, 9)] == [
            "day-1/b.pdf", "day-1/a.pdf",
        ]  # fmt: skip
    assert house.told(batch).agrees


def test_bytes_that_nobody_owns_are_taken_in_and_anothers_are_not(house):
    """A paper of another department stays its own."""
    first, second = house.open(), house.open(house.bolat, "Астана")
    house.hand_in(first, "a.pdf")
    house.hand_in(second, "a.pdf", house.bolat)
    loose = Source(b"b.pdf".hex().ljust(64, "0"), "b.pdf", Path("b.pdf"))
    house.store.came_in([loose])
    house.hand_in(second, "b.pdf", house.bolat)
    with house.store.database.reading() as session:
        batch_of = {paper.file: paper.batch for paper in session.query(Paper)}
    assert batch_of == {"a.pdf": first, "b.pdf": second}


def test_papers_read_at_the_command_line_go_into_a_batch(house):
    """The open one of that name; read again, they are there once."""
    source = Source("c" * 64, "c.pdf", Path("c.pdf"))
    for _ in range(2):
        house.store.came_in([source], {source.sha256: 6}, "Алматы", "архив")
    with house.store.database.reading() as session:
        ((batch, office),) = batches(session, house.asel, 0, 10)
        assert (batch.name, office) == ("архив", "Алматы")
        assert [each.file for each in came(session, batch, 0, 9)] == ["c.pdf"]
