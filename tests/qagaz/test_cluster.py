"""Papers read on a Dask cluster: the same bytes as on one machine, whoever dies."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from extract.intake import sha256_of
from extract.records import Source
from qagaz.cluster import crowd as crowds
from qagaz.cluster.crowd import AHEAD, Cluster
from qagaz.cluster.link import ClusterError, Link
from qagaz.cluster.orders import sees
from qagaz.crowd import Job
from qagaz.limits import Limits
from qagaz.run import PARTS, Request, read
from tests.qagaz import fakes
from tests.qagaz.conftest import table
from tests.qagaz.machines import ROOT, Machines, is_alive, wait_for
from tests.qagaz.outcomes import results

EQUIPMENT = fakes.Equipment()
proof = pytest.mark.skipif("QAGAZ_CLUSTER" not in os.environ, reason="`make prove` sets QAGAZ_CLUSTER")
WORDS = ("form", "slow", "doubt mistake", "slow", "notice", "slow form", "reject", "form reject")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Two workers that no test kills."""
    with Machines(tmp_path_factory.mktemp("two")) as machines:
        machines.add(2)
        yield machines


@pytest.fixture
def machines(tmp_path):
    """A scheduler without workers."""
    with Machines(tmp_path / "machines") as each:
        yield each


@pytest.fixture
def on(tmp_path):
    """Reads a folder on a cluster into `out`; `.heard` holds what the run was told, `.seen` the files read anew."""

    def go(link, *folders, out="out", jobs=0, limits=None, watch=lambda _seen: None, database=""):
        go.heard, go.seen = [], []

        def see(progress):
            if progress.result is not None:
                go.seen.append(progress.file)
                watch(go.seen)

        request = Request(folders, tmp_path / out, "en", database, limits=limits or Limits())
        link = link if isinstance(link, Link) else Link(link)
        make = partial(Cluster, link, jobs, ("en", lambda where, what: go.heard.append((where, what.message_id))))
        return read(request, EQUIPMENT, EQUIPMENT.versions(), see, make)

    return go


def many(papers, count: int = 24) -> Path:
    return papers(
        **{f"p{number:02}": WORDS[number % len(WORDS)] for number in range(count)}, same1="form", same2="form"
    )


@pytest.mark.parametrize("count", [2, pytest.param(4, marks=proof)])
def test_a_worker_killed_in_the_middle_changes_no_byte(papers, run, on, machines, tmp_path, count):
    """The papers it had are read by the others; its reading process goes with it."""
    folder = many(papers)
    run(folder, out="alone", equip=EQUIPMENT)
    machines.add(count)
    orphans: list[int] = []

    def kill(seen):
        if len(seen) == 6:
            orphans.extend(machines.children(1))
            machines.kill(1)

    on(machines.address, folder, watch=kill)
    assert len(on.seen) == len(set(on.seen)) == 25  # copies are read once
    assert results(tmp_path / "out") == results(tmp_path / "alone")
    assert orphans
    wait_for(lambda: not any(map(is_alive, orphans)))


def test_workers_that_come_and_go_lose_nothing(papers, run, on, machines, tmp_path):
    """A run waits for its first worker; one that leaves in the middle hands its papers to one that joined meanwhile."""
    folder = papers(**{f"p{number}": "slow" for number in range(8)})
    machines.add(wait=False)

    def change(seen):
        if len(seen) == 1:
            machines.add()
        if len(seen) == 2:
            machines.kill(0, signal.SIGTERM)

    counts = on(machines.address, folder, watch=change)
    assert counts.statuses == {"accepted": 8}
    assert len(on.seen) == len(set(on.seen)) == 8
    assert machines.workers[0].returncode == 0
    assert machines.workers[1].poll() is None


def test_a_bad_file_costs_its_own_row_and_no_worker(papers, run, on, two, tmp_path):
    """A crash, a hang and a hoard happen in a process of their own, with the limits of one machine."""
    folder = papers(a="form", b="crash", c="hang", d="hoard", e="form", f="bug")
    limits = Limits(megabytes=700, base_seconds=4.0, page_seconds=0.0)
    on(two.address, folder, limits=limits)
    rows = table(tmp_path / "out", "forms")
    assert [(row["file"], row["reasons"]) for row in rows] == [
        ("a.pdf", ""), ("b.pdf", "crash"), ("c.pdf", "timeout"), ("d.pdf", "memory"),
        ("e.pdf", ""), ("f.pdf", "internal"),
    ]  # fmt: skip
    assert all(worker.poll() is None for worker in two.workers)
    assert all(not two.children(number) for number in range(2))  # the run is over: its reading processes are, too
    on(two.address, folder, limits=limits)
    assert sorted(on.seen) == ["b.pdf", "c.pdf", "d.pdf"]  # as on one machine: each resume tries them again


def test_papers_that_workers_cannot_see_are_sent_along(papers, run, on, tmp_path, monkeypatch):
    """Files and folders of pages; what is too large is read by the machine of the run."""
    folder = papers(a="form", b="doubt", c="reject")
    pages = folder / "pages"
    pages.mkdir()
    for number in (1, 2, 10):
        (pages / f"page-{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"form" * number)
    (tmp_path / "in" / "large.pdf").write_bytes(b"%PDF- form " + b" " * (2 << 20))
    run(folder, out="alone", equip=EQUIPMENT)
    monkeypatch.setattr(crowds, "SEND_MEGABYTES", 1)
    with Machines(tmp_path / "machines") as machines:
        machines.add(2, PYTHONPATH=os.pathsep.join(map(str, (Path(__file__).parent / "blind", ROOT))))
        on(machines.address, folder)
        assert results(tmp_path / "out") == results(tmp_path / "alone")
        assert not list((machines.folder / "scratch").rglob("paper-*"))


def test_a_file_that_is_another_where_the_worker_is_is_not_seen(papers):
    """The same path with other bytes is another paper."""
    path = papers(a="form") / "a.pdf"
    source = Source(sha256_of(path), "a.pdf", path)
    assert sees(source)
    path.write_text("%PDF-a reject")
    assert not sees(source)
    path.unlink()
    assert not sees(source)


def test_a_paper_that_cannot_be_opened_is_told_as_on_one_machine(papers, run, on, two, tmp_path):
    """Whoever cannot open it says why: the machine of the run, not a worker."""
    inputs = (papers(a="form"), tmp_path / "nowhere.pdf")
    read(Request(inputs, tmp_path / "alone"), EQUIPMENT, EQUIPMENT.versions(), lambda _: None)
    on(two.address, *inputs)
    assert [row["status"] for row in table(tmp_path / "out", "forms")] == ["accepted", "rejected"]
    assert results(tmp_path / "out") == results(tmp_path / "alone")


def test_few_papers_are_under_way_at_once(papers, two, tmp_path):
    """Whatever the number of papers, the scheduler holds a few for each thread, and so does the run."""
    folder = papers(**{f"p{number:03}": "form" for number in range(60)})
    taken: list[str] = []
    made = jobs_of(folder, tmp_path / "out", taken)
    with Cluster(Link(two.address), 0, ("en", print), EQUIPMENT, 1, Limits()) as cluster:
        done = 0
        for done, _result in enumerate(cluster.run(made), start=1):
            assert len(cluster._flying) <= 2 * AHEAD
            assert len(taken) - done <= 2 * 2 * AHEAD
    assert done == 60


def test_a_run_that_is_stopped_frees_its_workers(papers, two, tmp_path):
    """What they are reading is thrown away; the next run does not wait for it."""
    folder = papers(a="hang", b="hang")
    with Cluster(Link(two.address), 0, ("en", print), EQUIPMENT, 1, Limits()) as cluster:
        later = threading.Timer(3.0, cluster.stop)
        later.start()
        assert list(cluster.run(jobs_of(folder, tmp_path / "out", []))) == []
        later.join()
    wait_for(lambda: not any(two.children(number) for number in range(2)), 10)


def jobs_of(folder: Path, out: Path, taken: list[str]) -> Iterator[Job]:
    for path in sorted(folder.iterdir()):
        taken.append(path.name)
        yield Job(Source(sha256_of(path), path.name, path), out / PARTS, EQUIPMENT.versions().digest)


def test_a_worker_with_other_versions_is_refused_and_told(papers, on, machines, tmp_path):
    """The others read; where there are no others, the run ends at once. What differs is named."""
    folder = papers(a="form", b="form")
    machines.add(QAGAZ_FAKE_TESSERACT="tesseract 5.0")
    with pytest.raises(ClusterError, match=r"error\.cluster-refused"):
        on(machines.address, folder)
    assert [message for _, message in on.heard] == ["error.worker-versions"]
    assert "tesseract → tesseract 5.0" in machines.said(0)
    machines.add()
    assert on(machines.address, folder).statuses == {"accepted": 2}
    assert [message for _, message in on.heard] == ["error.worker-versions"]


def test_a_paper_over_which_workers_die_is_given_up_alone(papers, on, tmp_path):
    """What was under way beside it is read; it is rejected, and the next run tries it once more."""
    folder = papers(a="form", b="fell", c="form", d="form")
    with Machines(tmp_path / "machines", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as machines:
        machines.add(3, QAGAZ_UNCONFINED="1")  # a paper that was shut in could kill nobody
        on(machines.address, folder)
        assert [worker.poll() is None for worker in machines.workers].count(True) == 1
        rows = table(tmp_path / "out", "forms")
        assert [row["reasons"] for row in rows] == ["", "worker-lost", "", ""]
        machines.add(2, QAGAZ_UNCONFINED="1")
        on(machines.address, folder)
        assert on.seen == ["b.pdf"]


@proof
def test_a_scheduler_that_dies_is_waited_for(papers, run, on, machines, tmp_path, monkeypatch):
    """Started again it goes on; where it does not come back the run ends, and the next one reads the rest."""
    folder = papers(**{f"p{number}": "slow" for number in range(8)})
    run(folder, out="alone", equip=EQUIPMENT)
    machines.add()

    def restart(seen):
        if len(seen) in {2, 5}:
            machines.kill_scheduler()
        if len(seen) == 2:
            machines.start_scheduler()

    monkeypatch.setattr(crowds, "LOST_SECONDS", 1.0)
    with pytest.raises(ClusterError, match=r"error\.cluster-lost"):
        on(machines.address, folder, watch=restart)
    machines.kill(0, signal.SIGTERM)
    assert machines.workers[0].returncode == 0  # told to leave while it looks for its scheduler
    before = set(on.seen)
    assert len(before) >= 5
    run(folder, equip=EQUIPMENT)
    assert not before & set(run.seen)
    assert results(tmp_path / "out") == results(tmp_path / "alone")
