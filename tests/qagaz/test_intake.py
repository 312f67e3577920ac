"""The reading room: papers put on the desk are read, whatever happens to reader or station."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import date

import pytest

from extract.intake import sha256_of
from extract.records import Source
from qagaz.intake import ReadingRoom, Setting
from qagaz.limits import Limits
from review.schema import Finding, Form
from review.store import Store
from review.work.intake.arrivals import HandedIn, hand_in, try_again
from review.work.intake.batches import NewBatch, open_batch
from review.work.intake.papers import READ, READING, REJECTED, WAITING, take_to_read
from review.work.schema import Paper, Task
from review.work.staff.people import Role, add_person, worker_of
from tests.qagaz import fakes
from tests.review.conftest import postgres, url  # noqa: F401 - both engines

PASSWORD = "қағаз 2026 ok"


@pytest.fixture
def store(url):  # noqa: F811 - the fixture
    with Store(url) as made:
        yield made


class House:
    """A store, a folder, a person with a batch, and papers to hand in."""

    def __init__(self, store, folder):
        self.store, self.folder = store, folder
        with store.database.writing() as session:
            person = add_person(session, "asel", "Асель", PASSWORD, Role.OPERATOR, departments=["Алматы"])
            self.worker = worker_of(session, person)
            self.batch = open_batch(session, self.worker, NewBatch("Алматы", "12 марта", date(2026, 3, 12))).id

    def hand_in(self, name, words):
        path = self.folder / "uploads" / f"{name}.pdf"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"%PDF-{name} {words}", encoding="utf-8")
        source = Source(sha256_of(path), f"{name}.pdf", path)
        with self.store.database.writing() as session:
            hand_in(session, self.worker, self.batch, HandedIn(source.file, 10, source))
        return source

    def state(self, source):
        with self.store.database.reading() as session:
            return session.get_one(Paper, source.sha256).state

    def forms(self):
        with self.store.database.reading() as session:
            return sorted((form.file, form.form, form.status) for form in session.query(Form))


@pytest.fixture
def house(store, tmp_path):
    return House(store, tmp_path)


@contextmanager
def room(house, *, limits=None, equip=fakes.equip, jobs=2, **how):
    pace = {"look_seconds": 0.05, "idle_seconds": 0.3, "trouble_seconds": 0.05} | how
    setting = Setting(equip, lambda: "versions", limits or Limits(), jobs, **pace)
    with ReadingRoom(house.store, house.folder, setting) as made:
        yield made


def until(told, seconds=30.0):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_paper_is_read_and_its_forms_are_in_the_queue_of_its_department(house):
    """Also one that comes while another is being read."""
    first = house.hand_in("a", "form doubt")
    with room(house) as reading:
        until(lambda: house.state(first) == READ)
        second = house.hand_in("b", "notice")
        reading.arrived()
        until(lambda: house.state(second) == READ)
    assert house.forms() == [("a.pdf", 1, "accepted"), ("a.pdf", 2, "review"), ("b.pdf", 0, "no-activity-notice")]
    with house.store.database.reading() as session:
        task = session.get_one(Task, (first.sha256, 2))
        assert (task.batch, house.worker.sees(task.department), task.state) == (house.batch, True, "open")


def test_what_hangs_crashes_or_is_no_form_is_rejected_and_the_rest_goes_on(house):
    """Each with its reason; once more, it is tried again."""
    bad = [house.hand_in(name, name) for name in ("hang", "crash", "reject")]
    good = house.hand_in("z", "form")
    with room(house, limits=Limits(base_seconds=1.0, page_seconds=0.0)):
        until(lambda: [house.state(each) for each in (*bad, good)] == [REJECTED] * 3 + [READ])
    with house.store.database.reading() as session:
        told = {finding.source: finding.message for finding in session.query(Finding)}
    assert [told[each.sha256] for each in bad] == ["error.timeout", "error.crash", "error.not-this-form"]
    with house.store.database.writing() as session:
        assert try_again(session, house.worker, house.batch) == 3
    assert house.state(bad[0]) == WAITING


def test_a_station_that_was_killed_reads_on(house):
    """What it had taken is its own again at once; what another station took is left to it while it is heard of."""
    own, others = house.hand_in("a", "form"), house.hand_in("b", "form")
    with room(house) as reading:
        until(lambda: house.state(own) == READ)
        me = reading._me
    with house.store.database.writing() as session:
        session.get_one(Paper, own.sha256).state = WAITING
        session.get_one(Paper, others.sha256).state = WAITING
    with house.store.database.writing() as session:
        assert take_to_read(session, own.sha256, me)
        assert take_to_read(session, others.sha256, "another station")
        assert not take_to_read(session, others.sha256, me)
    with room(house):
        until(lambda: house.state(own) == READ)
        assert house.state(others) == READING


def test_two_stations_share_the_papers(house, tmp_path):
    """Each is read once."""
    papers = [house.hand_in(f"p{number}", "slow") for number in range(4)]
    with room(house, jobs=1), room(house, jobs=1):
        until(lambda: all(house.state(each) == READ for each in papers))
    with house.store.database.reading() as session:
        assert session.query(Form).count() == 4
    made = list((tmp_path / "parts").rglob("*.gz"))
    assert len(made) == 4


def test_a_copy_or_revision_of_what_is_in_the_store_is_told(house):
    """The later one gets the finding, and once more it is still the later one."""
    first = house.hand_in("twin-1", "form")
    with room(house) as reading:
        until(lambda: house.state(first) == READ)
        second = house.hand_in("twin-2", "form")
        reading.arrived()
        until(lambda: house.state(second) == READ)
        for again in (first, second):
            with house.store.database.writing() as session:
                session.get_one(Paper, again.sha256).state = WAITING
            reading.arrived()
            until(lambda paper=again: house.state(paper) == READ)
    with house.store.database.reading() as session:
        told = [(finding.source, finding.message) for finding in session.query(Finding)]
    assert told == [(second.sha256, "finding.duplicate")]


def test_readers_that_cannot_be_made_are_trouble_that_is_told(house):
    """And papers wait."""
    paper = house.hand_in("a", "form")
    with room(house, equip=fakes.equip_failing) as reading:
        until(lambda: reading.trouble is not None)
        assert reading.trouble.message_id == "error.no-tesseract"
    assert house.state(paper) == WAITING


def test_no_process_runs_while_there_is_nothing_to_read(house):
    """Workers start with the first paper, and end when nothing comes for a while."""
    with room(house, idle_seconds=0.2) as reading:
        assert reading._pool is None
        paper = house.hand_in("a", "form")
        reading.arrived()
        until(lambda: house.state(paper) == READ)
        until(lambda: not reading._pool._workers)


def test_a_station_stops_at_once(house):
    """Whatever is being read waits for the next one."""
    paper = house.hand_in("hang", "hang")
    with room(house):
        until(lambda: house.state(paper) == READING)
        begun = time.monotonic()
    assert time.monotonic() - begun < 10
    assert house.state(paper) == WAITING
