"""The record of everything that is done: whoever changes it, or what it proves, is found out."""

from __future__ import annotations

import threading
import tracemalloc

import pytest
from sqlalchemy import create_engine, text

from review.answers import Act
from review.store import Store
from review.work import audit
from review.work.audit import BEGIN, end_of, event_number, record, verify
from review.work.saying import Given, add_event
from review.work.schema import Record

KEY = ("a" * 64, 1)
AT_ONCE = {"sqlite": 4, "postgresql": 20}
EACH = 5


@pytest.fixture
def store(url):
    with Store(url, {}) as made:
        yield made


@pytest.fixture
def written(store):
    """A store with five entries, three of which are about answers."""
    with store.database.writing() as session:
        record(session, "asel", "login", "asel")
        for value in ("1", "2", "3"):
            say(session, value)
        record(session, "asel", "logout", "asel")
    assert broken(store) == []
    return store


def say(session, value):
    return add_event(session, KEY, Given("", 1, "s2/1/1", value, who="asel"), Act.ANSWER, value)


def broken(store, head=""):
    with store.database.reading() as session:
        return [(each.what, each.number) for each in verify(session, head)]


def end(store):
    with store.database.reading() as session:
        return end_of(session)


def behind_the_back(store, *commands):
    """What somebody does who may do anything with the database."""
    engine = create_engine(store.database.engine.url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for table in ("audit", "events"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for table in ("audit", "events"):
                for act in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER {table}_no_{act}"))
        for command in commands:
            connection.execute(text(command))
    engine.dispose()


def test_entries_cannot_be_changed_or_removed(written):
    """The database itself refuses."""
    engine = create_engine(written.database.engine.url)
    attempts = ["UPDATE audit SET who = 'bolat'", "DELETE FROM audit"]
    for attempt in [*attempts, "TRUNCATE audit"] if engine.dialect.name == "postgresql" else attempts:
        with engine.connect() as connection, pytest.raises(Exception, match="only ever added"):
            connection.execute(text(attempt))
    engine.dispose()
    assert broken(written) == []


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("UPDATE audit SET who = 'bolat' WHERE id = 2", [("audit.entry", 2)]),
        ("UPDATE audit SET at = '2020-01-01 00:00:00' WHERE id = 3", [("audit.entry", 3)]),
        ("UPDATE audit SET subject = 'bolat' WHERE id = 5", [("audit.entry", 5)]),
        ("DELETE FROM audit WHERE id = 5", [("audit.end", 5)]),
        ("DELETE FROM audit WHERE id > 0", [("audit.end", 5), *[("audit.unrecorded", n) for n in (1, 2, 3)]]),
        ("DELETE FROM audit_head", [("audit.no-end", 5), *[("audit.answer", n) for n in (1, 2, 3)]]),
        ("UPDATE events SET value = '9' WHERE id = 2", [("audit.answer", 2)]),
        ("UPDATE events SET note = 'by telephone' WHERE id = 2", [("audit.answer", 2)]),
        ("UPDATE events SET act = 'read' WHERE id = 2", [("audit.answer", 2)]),
        ("DELETE FROM events WHERE id = 1", [("audit.missing", 1)]),
    ],
)
def test_what_is_changed_is_found(written, command, found):
    """An entry, the end, an answer: named by its number."""
    behind_the_back(written, command)
    assert sorted(broken(written)) == sorted(found)


def test_an_entry_removed_from_the_middle_is_found(written):
    """The next one does not fit, and the answer it proved is not on record."""
    behind_the_back(written, "DELETE FROM audit WHERE id = 3")
    assert broken(written) == [("audit.entry", 4), ("audit.unrecorded", 2)]


def test_an_entry_put_in_is_found(written):
    """Wherever it is put: before the first, after the last."""
    columns = "at, who, act, subject, digest, link"
    for number in (-7, 6):
        behind_the_back_again(written, f"INSERT INTO audit SELECT {number}, {columns} FROM audit WHERE id = 5")
    assert {number for _, number in broken(written)} >= {-7, 6}


def behind_the_back_again(store, command):
    engine = create_engine(store.database.engine.url)
    with engine.begin() as connection:
        connection.execute(text(command))
    engine.dispose()


def test_an_answer_put_in_without_a_record_is_found(written):
    """Nobody said it through the station."""
    columns = "source, form, place, act, origin, value, note, who, versions, at"
    behind_the_back_again(written, f"INSERT INTO events (id, {columns}) SELECT 90, {columns} FROM events WHERE id = 1")
    assert broken(written) == [("audit.unrecorded", 90)]


def test_a_tail_cut_off_with_the_end_written_anew_is_found_by_an_end_noted_before(written):
    """The chain alone fits; the noted end is gone."""
    noted = end(written)
    assert broken(written, noted.link) == []
    behind_the_back(
        written,
        "DELETE FROM audit WHERE id = 5",
        "UPDATE audit_head SET count = 4, link = (SELECT link FROM audit WHERE id = 4)",
    )
    assert broken(written) == []
    assert broken(written, noted.link) == [("audit.head", 4)]


def test_a_noted_end_stays_in_the_chain_as_it_grows(written):
    """Also the very first, of a log with nothing in it."""
    noted = end(written)
    with written.database.writing() as session:
        record(session, "asel", "login", "asel")
    assert end(written).count == noted.count + 1
    assert broken(written, noted.link) == []
    assert broken(written, BEGIN) == []
    assert broken(written, "f" * 64) == [("audit.head", 6)]


def test_what_a_transaction_takes_back_leaves_no_gap(written):
    """The entry is kept with the change or not at all."""
    with written.database.writing() as session:
        record(session, "asel", "login", "asel")
        session.rollback()
    with written.database.writing() as session:
        record(session, "asel", "logout", "asel")
    assert end(written).count == 6
    assert broken(written) == []


def test_many_at_once_write_one_chain_without_gaps(store):
    """From the first entry on, which all of them try to write."""
    many = AT_ONCE[store.database.engine.dialect.name]
    together = threading.Barrier(many)
    failed = []

    def write(number):
        try:
            together.wait()
            for _ in range(EACH):
                with store.database.writing() as session:
                    record(session, f"p{number}", "login", "x")
                    say(session, str(number))
        except Exception as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert end(store).count == 2 * many * EACH
    assert broken(store) == []


def test_checking_while_others_write_raises_no_false_alarm(written):
    """What is checked is the log as it was at one moment."""
    with written.database.reading() as session:
        found = verify(session)
        first = next(found, None)
        with written.database.writing() as other:
            say(other, "4")
        assert [each for each in (first, *found) if each] == []


def test_memory_does_not_grow_with_the_log(tmp_path, monkeypatch):
    """Ten times as many entries take no more of it."""
    monkeypatch.setattr(audit, "PAGE", 50)
    peaks = []
    for many in (200, 2_000):
        with Store(f"sqlite:///{tmp_path / f'{many}.db'}", {}) as store:
            with store.database.writing() as session:
                for number in range(many):
                    record(session, "asel", "login", str(number))
            broken(store)
            tracemalloc.start()
            assert broken(store) == []
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]  # what is left of other tests comes and goes by tens of kilobytes


def test_the_record_tells_nothing_of_what_was_said(written):
    """Neither figure nor note stands in it."""
    with written.database.writing() as session:
        add_event(session, KEY, Given("", 1, "s2/1/1", "", note="тел. 87017654321", who="asel"), Act.NOTE, "98765")
    with written.database.reading() as session:
        told = " ".join(f"{entry.who} {entry.act} {entry.subject}" for entry in session.query(Record))
    assert "98765" not in told
    assert "87017654321" not in told


def test_subjects_name_answers_by_number():
    """And nothing else is taken for one."""
    assert [event_number(s) for s in ("event 3 x/1 s2/1/1", "event", "event -1", "event 9" + "9" * 40)] == [3, 0, 0, 0]
