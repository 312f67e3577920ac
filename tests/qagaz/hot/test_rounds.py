"""What is dropped is read once, kept, and put away; nothing is lost on the way, whatever happens."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from extract.records import Source
from layouts.errors import OutputError
from qagaz.assemble import Receipt
from qagaz.cli import main
from qagaz.crowd import Job
from qagaz.hot import away
from qagaz.hot.glance import Pace
from qagaz.hot.journal import Journal
from qagaz.parts import PartWriter
from qagaz.results import Told
from qagaz.wire import Stuck
from qagaz.worker import read_one, save_rejected
from review.store import Store
from review.work.schema import Batch, Paper
from tests.qagaz.hot.conftest import AT_ONCE
from tests.qagaz.hot.test_whole import picture


def rows(house):
    return [(row["file"], row["status"], row["duplicate_of"]) for row in house.table()]


def test_papers_are_read_kept_and_put_away(house):
    """Tables and queue have them; their files lie in the other folder, what was rejected stays."""
    house.drop("a.pdf")
    house.drop("day/b.pdf", "doubt")
    house.drop("c.pdf", "reject")
    told = house.watch()
    assert rows(house) == [("a.pdf", "accepted", ""), ("c.pdf", "rejected", ""), ("day/b.pdf", "review", "")]
    assert sorted(house.files(house.done)) == ["a.pdf", "day/b.pdf"]
    assert sorted(house.files(house.inbox)) == ["c.pdf"]
    assert [batch.statuses for batch in told.batches] == [{"accepted": 1, "review": 1, "rejected": 1}]
    with Store.beside(house.out) as store:
        assert {question.file for question in store.questions()} == {"day/b.pdf"}
        with store.database.reading() as session:
            papers = {paper.file: (paper.path, paper.state) for paper in session.query(Paper)}
    assert papers == {
        "a.pdf": (str(house.done / "a.pdf"), "read"),
        "day/b.pdf": (str(house.done / "day" / "b.pdf"), "read"),
        "c.pdf": (str(house.inbox / "c.pdf"), "rejected"),
    }


def test_without_a_folder_for_it_files_stay_and_are_not_read_again(house):
    """Not by the same watcher, and not by the next one."""
    house.drop("a.pdf")
    house.drop("b.pdf", "reject")
    house.watch(done=None)
    house.watch(done=None)
    assert sorted(house.files(house.inbox)) == ["a.pdf", "b.pdf"]
    assert list(house.read.values()) == [1, 1]
    house.watch()
    assert sorted(house.files(house.done)) == ["a.pdf"]  # asked for later, it is done later
    assert list(house.read.values()) == [1, 1]


def test_rejected_files_go_where_they_are_wanted(house):
    """Those alone."""
    house.drop("a.pdf", "form reject")
    house.drop("b.pdf")
    (house.done.parent / "failed").mkdir()
    house.watch(done=None, failed=house.done.parent / "failed")
    assert sorted(house.files(house.done.parent / "failed")) == ["a.pdf"]
    assert sorted(house.files(house.inbox)) == ["b.pdf"]


def test_a_name_that_comes_again_with_other_bytes_is_numbered(house):
    """In the tables and in the folder: nothing is written over."""
    for words in ("form", "doubt", "mistake"):
        house.drop("scan.pdf", words)
        house.watch()
    assert [row["file"] for row in house.table()] == ["scan (2).pdf", "scan (3).pdf", "scan.pdf"]
    assert b"doubt" in house.files(house.done)["scan (2).pdf"]
    assert len(house.files(house.done)) == 3


def test_somebody_elses_file_in_the_folder_stays(house):
    """A name that is taken there is numbered, too."""
    (house.done / "a.pdf").write_text("not ours")
    house.drop("a.pdf")
    house.watch()
    assert sorted(house.files(house.done)) == ["a (2).pdf", "a.pdf"]
    assert house.files(house.done)["a.pdf"] == b"not ours"


def test_the_same_file_again_is_told_and_not_kept_twice(house):
    """The same name and bytes: one row, one file. Another name: its own row, which says whose copy it is."""
    whole = house.drop("a.pdf").read_bytes()
    house.watch()
    house.drop("a.pdf")
    (house.inbox / "b.pdf").write_bytes(whole)
    told = house.watch()
    assert rows(house) == [("a.pdf", "accepted", ""), ("b.pdf", "accepted", "a.pdf")]
    assert (sorted(house.files(house.done)), house.files(house.inbox)) == (["a.pdf", "b.pdf"], {})
    assert (list(house.read.values()), told.batches[-1].again) == ([1], 2)


def test_a_folder_of_pages_goes_page_by_page_and_leaves_what_came_late(house):
    """A page that was not read is not put away with the others; it is another paper."""
    for number in range(3):
        (house.inbox / "form").mkdir(exist_ok=True)
        (house.inbox / "form" / f"p-{number}.png").write_bytes(picture("PNG", seed=number))
    with house.watcher() as watcher:
        put_away = watcher._shelf.put_away

        def late():
            if (house.out / "forms.csv").exists() and not (house.done / "form").exists():
                (house.inbox / "form" / "p-9.png").write_bytes(picture("PNG", seed=9))
                watcher._shelf.put_away = put_away
            put_away()

        watcher._shelf.put_away = late
        watcher.run()
    assert "p-9.png" in {Path(name).name for name in house.files(house.done.parent)}
    papers = [row["file"] for row in house.table()]
    assert papers[0] == "form"
    assert len(papers) == 2  # as it is now, with the late page, it is another paper
    everything = house.files(house.done) | house.files(house.inbox)
    assert len(set(everything.values())) == 4


def test_a_file_that_is_written_on_while_it_is_read_is_read_again(house):
    """What was read of it does not count."""
    path = house.drop("a.pdf", "form")
    with house.watcher() as watcher:
        read = watcher._desk._results

        def meanwhile(sources):
            yield from read(sources)
            if len(house.read) == 1:
                path.write_bytes(b"%PDF-a form doubt %%EOF")

        watcher._desk._results = meanwhile
        watcher.run()
    assert [(row["form"], row["status"]) for row in house.table()] == [("1", "accepted"), ("2", "review")]
    assert len(house.read) == 2
    assert len(list((house.out / "parts").rglob("*.gz"))) == 1
    assert b"doubt" in house.files(house.done)["a.pdf"]


def test_to_another_file_system_it_is_copied_and_read_back(house, monkeypatch):
    """A copy that is not whole is no copy: the file stays."""
    monkeypatch.setattr(os, "link", _no_link(os.link, house.inbox))
    house.drop("a.pdf")
    house.watch()
    assert (sorted(house.files(house.done)), house.files(house.inbox)) == (["a.pdf"], {})
    house.drop("b.pdf")
    monkeypatch.setattr(away.shutil, "copyfileobj", lambda _source, file: file.write(b"%PDF-b"))
    house.watch()
    assert sorted(house.files(house.done)) == ["a.pdf"]
    assert sorted(house.files(house.inbox)) == ["b.pdf"]


def _no_link(link, below):
    def refuse(source, target):
        if Path(source).is_relative_to(below):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        link(source, target)

    return refuse


def test_a_full_folder_for_what_is_done_stops_nothing_else(house, monkeypatch):
    """Reading goes on, the trouble is told once, and files go when there is room."""
    full = [True] * 2
    link = os.link

    def fills(source, target):
        if full and full.pop():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        link(source, target)

    monkeypatch.setattr(os, "link", fills)
    house.drop("a.pdf")
    told = house.watch()
    assert told.troubles[:1] == ["error.cannot-put-away"]
    house.watch()
    assert sorted(house.files(house.done)) == ["a.pdf"]
    assert len(house.table()) == 1


def test_a_full_disk_is_waited_for(house, monkeypatch):
    """Nothing is moved and nothing lost; what was read before is not read again."""
    left = [2]
    commit = PartWriter.commit

    def fills(part):
        left[0] -= 1
        if left[0] in {0, -1}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        commit(part)

    monkeypatch.setattr(PartWriter, "commit", fills)
    monkeypatch.setattr("tests.qagaz.hot.conftest.read_one", _raising)
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        house.drop(name)
    told = house.watch()
    assert told.troubles == ["error.cannot-write", "well"]
    assert len(house.table()) == len(house.files(house.done)) == 3
    assert sum(house.read.values()) <= 6


def _raising(job, digitise):
    """Like the pool: where results cannot be written, the run cannot go on."""
    outcome = read_one(job, digitise)
    if isinstance(outcome, Stuck):
        raise OutputError(outcome.told.message_id, **dict(outcome.told.parameters))
    return outcome


def test_a_drop_folder_that_is_away_is_waited_for(house):
    """A network share that is gone for a while; it is said once, and once when it is back."""
    house.drop("a.pdf")
    shutil.move(house.inbox, house.inbox.with_name("away"))
    waits = []
    with house.watcher(pace=Pace(0, 0, 0, 0.001)) as watcher:
        wait = watcher._over.wait

        def back(seconds):
            waits.append(seconds)
            if len(waits) == 3:
                shutil.move(house.inbox.with_name("away"), house.inbox)
            return wait(0)

        watcher._over.wait = back
        watcher.run()
    assert house.told.troubles == ["away", "well"]
    assert sorted(house.files(house.done)) == ["a.pdf"]


def test_a_folder_for_what_is_done_that_is_away_is_not_made_anew(house):
    """A share that is not mounted: files must not go to the empty place where it belongs."""
    house.drop("a.pdf")
    house.done.rmdir()
    told = house.watch()
    assert told.troubles == ["error.cannot-put-away"]
    assert (house.done.exists(), sorted(house.files(house.inbox))) == (False, ["a.pdf"])
    house.done.mkdir()
    house.watch()
    assert sorted(house.files(house.done)) == ["a.pdf"]


def test_a_stop_lets_the_paper_at_hand_be_kept(house):
    """The others wait for the next time."""
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        house.drop(name)
    with house.watcher(once=False) as watcher:
        make = watcher._desk._make_pool

        def stops():
            pool = make()
            run = pool.run

            def one(jobs):
                for result in run(jobs):
                    yield result
                    watcher.stop()

            pool.run = one
            return pool

        watcher._desk._make_pool = stops
        watcher.run()
    assert rows(house) == [("a.pdf", "accepted", "")]
    assert sorted(house.files(house.inbox)) == ["b.pdf", "c.pdf"]
    house.watch()
    assert len(house.table()) == len(house.files(house.done)) == 3


def test_what_was_rejected_only_for_now_is_tried_once_more(house):
    """By the next watcher: a crash may have been the machine's."""
    house.drop("a.pdf")
    house.watch(done=None)
    with Journal(house.out) as journal:
        entry = next(journal.entries())
        source = Source(entry.sha256, entry.file, entry.path)
        save_rejected(Job(source, house.out / "parts", "x"), Told("error.crash", (("file", "a.pdf"),)))
        journal.change(replace(entry, rejected=True))
    house.watch(done=None)
    assert rows(house) == [("a.pdf", "accepted", "")]
    assert list(house.read.values()) == [2]


def test_papers_of_a_department_come_in_one_batch_a_day(house):
    """Unless the batch is named."""
    house.drop("a.pdf")
    house.watch(receipt=Receipt("Almaty"))
    house.drop("b.pdf")
    house.watch(receipt=Receipt("Almaty", "box 7"))
    with Store.beside(house.out) as store, store.database.reading() as session:
        batches = {batch.id: batch.name for batch in session.query(Batch)}
        named = {paper.file: batches[paper.batch] for paper in session.query(Paper)}
    assert named["b.pdf"] == "box 7"
    assert len(named["a.pdf"]) == len("2026-01-01")


def test_it_goes_on_until_it_is_stopped(house):
    """Files that come later are read as well, by the same watcher."""
    house.drop("a.pdf")
    with house.watcher(once=False, pace=Pace(0, 0, 0.01, 0)) as watcher:
        read = house.told.read

        def then(batch, arriving):
            read(batch, arriving)
            if len(house.told.batches) == 1:
                house.drop("b.pdf")
            else:
                watcher.stop()

        house.told.read = then
        watcher.run()
    assert sorted(house.files(house.done)) == ["a.pdf", "b.pdf"]


def test_a_forgotten_paper_that_is_dropped_again_is_read_as_new(house):
    """The journal has forgotten it, too: it is no copy of anything, and has its own name."""
    house.drop("a.pdf")
    house.drop("b.pdf")
    house.watch()
    assert main(["forget", "--out", str(house.out), "--file", "a.pdf", "--yes"]) == 0
    assert b"a.pdf" not in b"".join(house.files(house.out).values())
    (house.done / "a.pdf").unlink()
    house.drop("a.pdf")
    house.watch()
    assert rows(house) == [("a.pdf", "accepted", ""), ("b.pdf", "accepted", "")]
    assert sorted(house.read.values()) == [1, 2]


@pytest.mark.parametrize("name", ["x\ny.pdf", "имя Асель.pdf", "a..pdf", "a" * 200 + ".pdf"])
def test_odd_names_go_the_same_way(house, name):
    """They are kept as they are."""
    house.drop(name)
    house.watch()
    assert list(house.files(house.done)) == [name]


def test_nothing_is_put_away_through_a_link(house, tmp_path):
    """A link in the folder of what is done must not lead elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    (house.done / "day").symlink_to(tmp_path / "elsewhere")
    house.drop("day/a.pdf")
    told = house.watch(pace=AT_ONCE)
    assert told.troubles == ["error.cannot-put-away"]
    assert sorted(house.files(house.inbox)) == ["day/a.pdf"]
    assert not list((tmp_path / "elsewhere").iterdir())
