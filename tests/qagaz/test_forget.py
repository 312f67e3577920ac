"""What is forgotten is nowhere any more: not in a table, not in the store, not in a picture, not in a deleted page."""

from __future__ import annotations

import gzip
import io
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extract.records import Source
from layouts.errors import OutputError
from qagaz import forget as forgetting
from qagaz.cli import main
from qagaz.forget import forget_papers
from qagaz.run import only_writer
from review.answers import now
from review.schema import Event
from review.store import Store
from review.work.audit import verify
from review.work.forgetting import Wanted, choose
from review.work.saying import Given
from review.work.schema import Paper, Setting, Task
from review.work.tasks import SHARE, State
from tests.qagaz import fakes
from tests.qagaz.conftest import table

PHONE = "+7 701 555 31 41"
FIGURE = "98765432"
NAME = "Айгерим Сәдуақасова.pdf"


@pytest.fixture
def house(papers, run, tmp_path):
    """Two papers read; of one somebody spoke: a figure, and a telephone number in a note."""
    folder = papers(keep="doubt")
    (folder / NAME).write_text("%PDF-secret doubt", encoding="utf-8")
    run(folder)
    out = tmp_path / "out"
    with Store.beside(out) as store:
        keyed_again(store, 0.0)
        store.settle([Given(NAME, 1, "s2/1/1", FIGURE, f"asked at {PHONE}", "asel")])
        store.settle([Given(NAME, 1, "form", "confirm", PHONE, "asel")])
    return out


def keyed_again(store, share):
    """So many of the forms settled from now on are drawn for second keying; by a secret, unless it is all or none."""
    with store.database.writing() as session:
        session.merge(Setting(name=SHARE, value=str(share), who="dana", at=now()))


def source_of(out, name=NAME):
    return next(row["source"] for row in table(out, "forms") if row["file"] == name)


def everything(folder: Path) -> bytes:
    """Every byte below a folder, packed ones unpacked, and every name."""
    told = io.BytesIO()
    for path in sorted(folder.rglob("*")):
        told.write(path.name.encode() + b"\0")
        if path.is_file():
            data = path.read_bytes()
            told.write(gzip.decompress(data) if path.suffix == ".gz" else data)
            if path.suffix == ".parquet":
                told.write(str(pq.read_table(path).to_pylist()).encode())
    return told.getvalue()


def traces(out, name=NAME):
    """What must not be found: number, telephone, figure, name, hash of the paper's parts."""
    source = source_of(out, name)
    return [bin_of(source).encode(), PHONE.encode(), FIGURE.encode(), name.encode(), b"Sadu", name[:7].encode()]


def bin_of(source):
    return fakes.bin_of(Source(source, NAME, Path()))


def test_nothing_of_a_forgotten_form_is_left_in_any_byte(house, papers, run, tmp_path, capsys):
    """Its number, a telephone number in a note, a figure, its name: in no file and no deleted page of the database."""
    source = source_of(house)
    (house / "exports" / "x").mkdir(parents=True)
    (house / "exports" / "x" / "qagaz.csv.zip").write_text(FIGURE)
    (house / "uploads" / "1").mkdir(parents=True)
    (house / "uploads" / "1" / f"{source}.pdf").write_text(PHONE)
    (house / "pictures" / source[:2] / source).mkdir(parents=True)
    (house / "pictures" / source[:2] / source / "1.jpg").write_text(PHONE)
    wanted = [trace for trace in traces(house) if trace != b"Sadu"]
    assert all(trace in everything(house) for trace in wanted)
    assert main(["forget", "--out", str(house), "--form", bin_of(source), "--yes", "--who", "bolat"]) == 0
    left = everything(house)
    assert [trace for trace in traces_of(source) if trace in left] == []
    assert [row["file"] for row in table(house, "forms")] == ["keep.pdf"]
    with Store.beside(house) as store, store.database.reading() as session:
        assert list(verify(session)) == []
        told = session.query(Event).filter(Event.act == "forgot").one()
        assert (told.source, told.who) == (source, "bolat")
    assert main(["audit", "verify", str(house)]) == 0


def traces_of(source):
    return [bin_of(source).encode(), PHONE.encode(), FIGURE.encode(), NAME.encode(), NAME[:7].encode()]


def test_what_stays_is_as_if_the_other_had_never_been(house, papers, run, tmp_path):
    """Byte for byte the tables of a run that never saw the forgotten paper."""
    main(["forget", "--out", str(house), "--file", NAME, "--yes"])
    (tmp_path / "in" / NAME).unlink()
    run(tmp_path / "in", out="other")
    for name in ("cells", "forms", "fields", "findings"):
        assert (house / f"{name}.csv").read_bytes() == (tmp_path / "other" / f"{name}.csv").read_bytes(), name
        assert (house / f"{name}.parquet").read_bytes() == (tmp_path / "other" / f"{name}.parquet").read_bytes(), name


def test_a_forgotten_paper_that_comes_again_is_new(house, papers, run, tmp_path):
    """It is read, and nothing that was said before counts; what is said now is on record, and stays there."""
    source = source_of(house)
    main(["forget", "--out", str(house), "--source", source[:12], "--yes"])
    run(tmp_path / "in")
    assert run.seen == [NAME]
    with Store.beside(house) as store:
        assert [q.place for q in store.questions() if q.file == NAME] == ["s2/1/1"]
        store.settle([Given(NAME, 1, "s2/1/1", "7", "", "asel")])
        with store.database.reading() as session:
            assert list(verify(session)) == []
        with pytest.raises(Exception, match="only ever added"), store.database.writing() as session:
            session.query(Event).filter(Event.source == source, Event.act == "answer").delete()
    assert main(["forget", "--out", str(house), "--source", source[:12], "--yes"]) == 0
    assert [trace for trace in traces_of(source) if trace in everything(house)] == []
    assert main(["audit", "verify", str(house)]) == 0


def test_the_database_refuses_whatever_is_not_forgotten_this_way(house):
    """Events go only with a later one that says so; that one stays, and none is ever changed."""
    source = source_of(house)
    database = sqlite3.connect(house / "qagaz.db", isolation_level=None)
    for refused in (
        "DELETE FROM events",
        "UPDATE events SET note = ''",
        f"DELETE FROM events WHERE source = '{source}'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            database.execute(refused)
    main(["forget", "--out", str(house), "--file", NAME, "--yes"])
    for refused in (
        f"DELETE FROM events WHERE source = '{source}'",
        "UPDATE events SET note = ''",
        "DELETE FROM events",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
            database.execute(refused)
    database.close()


def test_a_false_word_that_something_was_forgotten_is_found(house):
    """Whoever takes answers out by hand must put the word on record, and cannot."""
    source = source_of(house)
    columns = "id, source, form, place, act, origin, value, note, who, versions, at"
    values = f"999, '{source}', 0, '', 'forgot', 'operator', '', '', '', '', '2026-01-01 00:00:00'"
    database = sqlite3.connect(house / "qagaz.db", isolation_level=None)
    database.execute(f"INSERT INTO events ({columns}) VALUES ({values})")
    database.execute(f"DELETE FROM events WHERE source = '{source}' AND id < 999")
    database.close()
    assert main(["audit", "verify", str(house)]) == 3


def test_a_store_of_an_earlier_version_learns_to_forget(house):
    """Its triggers refused every removal."""
    database = sqlite3.connect(house / "qagaz.db", isolation_level=None)
    database.execute("DROP TRIGGER events_no_delete")
    database.execute(
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events"
        " BEGIN SELECT RAISE(ABORT, 'events are only ever added to'); END"
    )
    database.close()
    assert main(["forget", "--out", str(house), "--file", NAME, "--yes"]) == 0
    assert main(["audit", "verify", str(house)]) == 0


def test_by_age_only_what_is_settled_goes(house, capsys):
    """Settled before that day, or come in before it if nothing was asked; what waits stays, however old."""
    today = datetime.now(tz=UTC)
    day = timedelta(days=1)
    with Store.beside(house) as store, store.database.writing() as session:
        for paper in session.query(Paper):
            paper.at = today - 100 * day
        for task in session.query(Task):
            task.since = today - 100 * day
            task.settled = today - 10 * day if task.settled else None
    assert fitting(house, today - 20 * day) == []
    assert fitting(house, today - 5 * day) == [NAME]
    assert main(["forget", "--out", str(house), "--before", f"{today - 5 * day:%Y-%m-%d}", "--dry-run"]) == 0
    assert NAME in capsys.readouterr().out
    assert NAME.encode() in everything(house)


def test_a_form_drawn_for_second_keying_waits(papers, run, tmp_path):
    """Settled once, it is not over."""
    run(papers(a="doubt"))
    later = datetime.now(tz=UTC) + timedelta(days=1)
    with Store.beside(tmp_path / "out") as store:
        keyed_again(store, 1.0)
        store.settle(
            [Given("a.pdf", 1, "s2/1/1", FIGURE, "", "asel"), Given("a.pdf", 1, "form", "confirm", "", "asel")]
        )
        with store.database.reading() as session:
            assert session.query(Task).one().state == State.SECOND.value
    assert fitting(tmp_path / "out", later) == []


def fitting(out, before):
    with Store.beside(out) as store, store.database.reading() as session:
        return [each.file for each in choose(session, Wanted(before))]


def test_a_paper_with_forms_of_others_is_left_unless_it_is_named(papers, run, tmp_path, capsys):
    """Forgetting one respondent must not take another's figures."""
    run(papers(two="form form", one="form"))
    out = tmp_path / "out"
    number = bin_of(source_of(out, "two.pdf"))
    assert main(["forget", "--out", str(out), "--form", number, "--yes"]) == 3
    assert "two.pdf" in capsys.readouterr().err
    assert len(table(out, "forms")) == 3
    assert main(["forget", "--out", str(out), "--file", "two.pdf", "--yes"]) == 0
    assert [row["file"] for row in table(out, "forms")] == ["one.pdf"]


def test_a_copy_of_what_is_forgotten_no_longer_names_it(papers, run, tmp_path):
    """Twins: the second asks whether it is a copy, until the first is forgotten."""
    run(papers(twin1="form", twin2="form"))
    out = tmp_path / "out"
    assert [row["status"] for row in table(out, "forms")] == ["accepted", "review"]
    assert main(["forget", "--out", str(out), "--file", "twin1.pdf", "--yes"]) == 0
    assert [(row["file"], row["status"]) for row in table(out, "forms")] == [("twin2.pdf", "accepted")]
    assert b"twin1" not in everything(out)


def test_byte_identical_copies_go_together(papers, run, tmp_path):
    """Whichever of their names is told."""
    run(papers(same1="form", same2="form", other="form"))
    assert main(["forget", "--out", str(tmp_path / "out"), "--file", "same2.pdf", "--yes"]) == 0
    assert [row["file"] for row in table(tmp_path / "out", "forms")] == ["other.pdf"]


@pytest.mark.parametrize("step", ["_out_of_store", "_out_of_files", "_out_of_tables"])
def test_what_was_stopped_on_its_way_is_finished(house, monkeypatch, step):
    """By the next call, whatever that one is asked to forget."""
    source = source_of(house)

    def stops(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, step, stops)
        assert main(["forget", "--out", str(house), "--file", NAME, "--yes"]) == 130
    assert main(["forget", "--out", str(house), "--yes"]) == 0
    assert [trace for trace in traces_of(source) if trace in everything(house)] == []
    assert main(["audit", "verify", str(house)]) == 0


def test_nobody_is_forgotten_while_a_run_writes(house):
    """Nor a run begun while something is being forgotten."""
    with only_writer(house), Store.beside(house) as store, pytest.raises(OutputError, match="output-busy"):
        forget_papers(house, store, [], "", "en")


@pytest.mark.parametrize("given", [[], ["--before", "soon", "--yes"], ["--source", "ab", "--yes"], ["--file", NAME]])
def test_what_is_not_said_clearly_is_not_done(house, given):
    """No condition, no date, a hash too short, nobody who could say yes."""
    before = everything(house)
    assert main(["forget", "--out", str(house), *given]) == 2
    assert NAME.encode() in everything(house)
    assert len(before) > 0


def test_files_of_somebody_else_in_the_folder_are_named(house, capsys):
    """An export that was put there may hold the figures."""
    (house / "figures.xlsx").write_text("x")
    main(["forget", "--out", str(house), "--file", NAME, "--yes"])
    told = capsys.readouterr().err
    assert "figures.xlsx" in told
    assert "cells.csv" not in told
