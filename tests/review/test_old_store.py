"""A store of an earlier version, of forms, cells, links, findings and events only, grows and keeps what people said."""

from __future__ import annotations

import re
import threading

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.schema import CreateIndex, CreateTable

from extract.records import Source
from review.flatten import flatten
from review.keep import Filed
from review.schema import Base, Event
from review.store import Store
from review.work.audit import verify
from review.work.saying import Given
from review.work.schema import Task
from tests.qagaz.fakes import make_form

FORMER = ("forms", "cells", "links", "findings", "events")
BROUGHT = {"findings_form", "cells_known", "events_act"}  # indices that came later


def former(url, folder):
    """A store as it was: made now, its five tables copied without what came later."""
    with Store(f"sqlite:///{folder / 'now.db'}") as now:
        for name, how in (("a.pdf", {"doubt": True}), ("b.pdf", {"doubt": True}), ("c.pdf", {})):
            source = Source(name.encode().hex().ljust(64, "0"), name, None)
            now.put(Filed(source.sha256, name, "versions"), [flatten(make_form(source, **how))])
        now.settle(
            [Given("a.pdf", 1, "s2/1/1", "99", who="Асель"), Given("a.pdf", 1, "s2/1.1/2", "confirm", who="Асель")]
        )
        with now.database.engine.connect() as connection:
            rows = {name: connection.execute(select(Base.metadata.tables[name])).mappings().all() for name in FORMER}
    engine = create_engine(url)
    with engine.begin() as connection:
        for name in FORMER:
            table = Base.metadata.tables[name]
            words = str(CreateTable(table).compile(dialect=engine.dialect))
            connection.execute(text(re.sub(r"\n\tfigures [^\n]*\n", "\n", words)))
            for index in table.indexes:
                if index.name not in BROUGHT:
                    connection.execute(CreateIndex(index))
            kept = [dict(row) for row in rows[name]]
            for row in kept:
                row.pop("figures", None) if name == "forms" else None
            columns = [column for column in table.columns if not (name == "forms" and column.name == "figures")]
            names = ", ".join(f'"{column.name}"' for column in columns)
            marks = ", ".join(f":{column.name}" for column in columns)
            if kept:
                connection.execute(text(f"INSERT INTO {name} ({names}) VALUES ({marks})"), _plain(kept))
        if engine.dialect.name == "postgresql":
            for name in ("findings", "events"):
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1000)"))
    engine.dispose()


def _plain(rows):
    return [{name: str(value) if name == "at" else value for name, value in row.items()} for row in rows]


@pytest.fixture
def old(url, tmp_path):
    former(url, tmp_path)
    return url


def test_a_former_store_grows_on_opening(old):
    """Tables, columns and indices; opened again, nothing is left to do."""
    with Store(old) as store:
        known = inspect(store.database.engine)
        assert set(Base.metadata.tables) <= set(known.get_table_names())
        assert "figures" in {column["name"] for column in known.get_columns("forms")}
        assert "findings_form" in {index["name"] for index in known.get_indexes("findings")}
    with Store(old) as store:
        assert store.counts() == {"accepted": 1, "review": 2}


def test_what_people_said_counts_as_before(old):
    """Answered forms are done by who answered them, others wait; the answers leave with the figures."""
    with Store(old) as store:
        with store.database.reading() as session:
            tasks = {task.file: task for task in session.scalars(select(Task))}
            assert {name: task.state for name, task in tasks.items()} == {
                "a.pdf": "done", "b.pdf": "open", "c.pdf": "clear",
            }  # fmt: skip
            assert (tasks["a.pdf"].first, tasks["a.pdf"].asked, tasks["a.pdf"].settled is None) == ("Асель", 1, False)
        figures = {(f.file, f.line, f.column): f.final_value for f in store.figures()}
        assert (figures["a.pdf", "1", 1], figures["a.pdf", "1.1", 2]) == ("99", "1000000")
        store.settle([Given("b.pdf", 1, "s2/1/1", "confirm", who="Болат")])
        assert {f.file for f in store.figures()} == {"a.pdf", "b.pdf", "c.pdf"}


def test_answers_given_before_there_was_a_record_are_told_apart(old):
    """They are not on record; those given since are, and the chain holds."""
    with Store(old) as store:
        store.settle([Given("b.pdf", 1, "s2/1/1", "confirm", who="Болат")])
        with store.database.reading() as session:
            before = session.scalars(select(Event.id).where(Event.who == "Асель")).all()
        with store.database.reading() as session:
            assert {(broken.what, broken.number) for broken in verify(session)} <= {
                ("audit.unrecorded", number) for number in before
            }


def test_many_programs_may_open_a_former_store_at_once(old):
    """One of them makes what is missing, the others find it made."""
    errors = []

    def open_it():
        try:
            Store(old).database.close()
        except Exception as error:  # noqa: BLE001  # whatever it is, it must not be
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
