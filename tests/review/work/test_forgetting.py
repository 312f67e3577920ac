"""A paper is taken out of the store, on either engine; the record still fits, and nothing else can be taken out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from review.answers import Act, now
from review.schema import Base, Event
from review.store import Store
from review.work.audit import verify
from review.work.forgetting import Wanted, choose, forget
from review.work.saying import Given, add_event
from review.work.schema import Arrival, Batch, Collage, Department, Paper, Record, Reply

SOURCE, OTHER = "a" * 64, "b" * 64
NUMBER = "020960639692"


@pytest.fixture
def store(url):
    with Store(url, {}) as made:
        yield made


@pytest.fixture
def spoken(store):
    """Two papers of a batch, words about both, a collage and a reply."""
    with store.database.writing() as session:
        house = Department(name="Almaty")
        session.add(house)
        session.flush()
        batch = Batch(
            department=house.id,
            name="box",
            received=now().date(),
            papers=2,
            pages=2,
            note="",
            who="asel",
            at=now(),
            closed=False,
        )
        session.add(batch)
        session.flush()
        for source, file in ((SOURCE, "secret.pdf"), (OTHER, "other.pdf")):
            session.add(
                Paper(
                    source=source,
                    file=file,
                    path=f"/x/{file}",
                    batch=batch.id,
                    department=house.id,
                    state="read",
                    pages=1,
                    who="",
                    at=now(),
                    received=now().date(),
                )
            )
            session.add(
                Arrival(batch=batch.id, file=file, source=source, size=1, what="paper", why="", who="asel", at=now())
            )
            add_event(session, (source, 1), Given("", 1, "s2/1/1", "4711", "called", who="asel"), Act.ANSWER, "4711")
        session.add(Reply(source=SOURCE, form=1, year="2025", number=NUMBER, who="asel", at=now()))
    return store


def broken(store):
    with store.database.reading() as session:
        return [(each.what, each.number) for each in verify(session)]


def test_all_that_is_known_of_a_paper_goes_and_the_record_fits(spoken):
    """The other paper's words stay; one more event says who forgot how much."""
    with spoken.database.writing() as session:
        assert forget(session, "bolat", SOURCE) == 2
    assert broken(spoken) == []
    with spoken.database.reading() as session:
        events = [(event.source, event.act, event.who) for event in session.query(Event).order_by(Event.id)]
        assert events == [(OTHER, "answer", "asel"), (SOURCE, "forgot", "bolat")]
        assert [paper.source for paper in session.query(Paper)] == [OTHER]
        assert sorted(arrival.file for arrival in session.query(Arrival)) == ["a" * 12, "other.pdf"]
        assert session.query(Reply).all() == []
        entry = session.query(Record).order_by(Record.id.desc()).first()
        assert (entry.who, entry.act, entry.subject.split()[2]) == ("bolat", "forgot", f"{'a' * 12}/0")


def test_once_more_there_is_nothing_to_forget(spoken):
    """And nothing is noted; what never was is not forgotten either."""
    with spoken.database.writing() as session:
        forget(session, "bolat", SOURCE)
    with spoken.database.writing() as session:
        count = session.query(Record).count()
        assert forget(session, "bolat", "c" * 64) == 0
    with spoken.database.reading() as session:
        assert session.query(Record).count() == count


def test_numbers_of_events_are_not_given_twice(spoken):
    """Else a new answer would stand where the record proves an old one."""
    with spoken.database.writing() as session:
        forget(session, "bolat", OTHER)
    with spoken.database.writing() as session:
        forget(session, "bolat", SOURCE)
    with spoken.database.writing() as session:
        told = add_event(session, (SOURCE, 1), Given("", 1, "s2/1/1", "1", "", who="asel"), Act.ANSWER, "1")
        assert told.id == 5
    assert broken(spoken) == []


def test_nothing_else_can_be_taken_out(spoken):
    """Not all at once, not the word that something was forgotten, not what came after it."""
    with spoken.database.writing() as session:
        forget(session, "bolat", SOURCE)
    with spoken.database.writing() as session:
        add_event(session, (SOURCE, 1), Given("", 1, "s2/1/1", "1", "", who="asel"), Act.ANSWER, "1")
    engine = create_engine(spoken.database.engine.url)
    attempts = [f"DELETE FROM events WHERE id = {number}" for number in (2, 3, 4)] + ["UPDATE events SET note = 'x'"]
    for attempt in [*attempts, "TRUNCATE events"] if engine.dialect.name == "postgresql" else attempts:
        with engine.connect() as connection, pytest.raises(Exception, match="only ever added"):
            connection.execute(text(attempt))
    engine.dispose()
    assert broken(spoken) == []


def test_no_table_that_names_papers_is_left_out(spoken):
    """A table added later that knows papers must be forgotten from as well, or be named here with its reason."""
    kept = {
        "events": "the word that it was forgotten",
        "arrivals": "counts of batches",
        "watched": "tells of whoever looked",
    }
    with spoken.database.writing() as session:
        crops = f'[["{SOURCE}", 1, "s2/1/1", "x", null]]'
        person = text("INSERT INTO people (login, name, secret, role, everywhere, language, active, since)"
                      " VALUES ('p', 'P', '', 'operator', true, 'kk', true, '2026-01-01')")  # fmt: skip
        session.execute(person)
        session.add(Collage(id="x", person=1, value="4711", crops=crops, at=now()))
    with spoken.database.writing() as session:
        forget(session, "bolat", SOURCE)
    with spoken.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in kept:
                told = repr(session.execute(table.select()).all())
                assert SOURCE not in told, table.name
                assert table.name == "collages" or "secret.pdf" not in told, table.name
        assert session.query(Collage).count() == 0


def test_papers_are_found_by_name_hash_number_and_age(spoken):
    """By whatever fits."""
    tomorrow = datetime.now(tz=UTC) + timedelta(days=1)
    for wanted, files in (
        (Wanted(files=("secret.pdf",)), ["secret.pdf"]),
        (Wanted(hashes=("bbbbbbbb",)), ["other.pdf"]),
        (Wanted(numbers=(NUMBER,)), ["secret.pdf"]),
        (Wanted(before=tomorrow), ["other.pdf", "secret.pdf"]),
        (Wanted(before=tomorrow - timedelta(days=2)), []),
        (Wanted(), []),
    ):
        with spoken.database.reading() as session:
            assert [each.file for each in choose(session, wanted)] == files, wanted
