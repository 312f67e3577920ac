"""A watcher that is killed outright before any one of its steps: nothing is lost, doubled, or put away too early.

A child process is killed by SIGKILL, without warning, right before the n-th call that changes anything on disk.
"""

from __future__ import annotations

import errno
import hashlib
import os
import random
import signal
import sys

import pytest

from extract.intake import sha256_of
from qagaz.hot import away
from qagaz.hot.journal import Journal
from tests.qagaz.hot.conftest import House
from tests.qagaz.hot.test_whole import picture

STEPS = {
    "link",
    "unlink",
    "rename",
    "replace",
    "mkdir",
    "rmdir",
    "fsync",
    "execute",
    "executemany",
    "executescript",
    "commit",
}
KILLS = int(os.environ.get("QAGAZ_KILLS", "3"))  # for each way; `make prove` asks for more


def drop(house: House) -> None:
    """A name that came before, forms, a page folder, a copy, and what will be rejected."""
    house.drop("a.pdf", "doubt form")
    house.drop("day/b.pdf", "form")
    (house.inbox / "copy.pdf").write_bytes((house.inbox / "day" / "b.pdf").read_bytes())
    house.drop("c.pdf", "reject")
    (house.inbox / "pages").mkdir()
    for number in range(2):
        (house.inbox / "pages" / f"p-{number}.png").write_bytes(picture("PNG", seed=number))


def killed_before(house: House, step: int, *, copies: bool) -> bool:
    """Watch in a child that is killed before that step; False if it came to its end before."""
    child = os.fork()
    if child == 0:
        try:
            if copies:
                away.os.link = _elsewhere
            left = [step]

            def count(_frame, event, called):
                if event == "c_call" and called.__name__ in STEPS:
                    left[0] -= 1
                    if left[0] == 0:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.setprofile(count)
            watch(house)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def watch(house: House) -> None:
    house.watch(failed=house.done.parent / "failed")


def _elsewhere(source, target):
    """As between two file systems; a copy beside the target is given its name as ever."""
    if away.ASIDE in str(source):
        source.rename(target)
    else:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


def check_nothing_is_lost(house: House, dropped: dict[str, bytes]) -> None:
    """Every file is somewhere, whole; what is not where it was dropped is in the tables and in the journal."""
    here = house.files(house.inbox)
    put_away = house.files(house.done) | house.files(house.done.parent / "failed")
    kept = {data for name, data in put_away.items() if not name.endswith(away.ASIDE)}
    assert set(dropped.values()) <= set(here.values()) | kept
    gone = {name for name in dropped if name not in here}
    if gone:
        tabled = {row["source"] for row in house.table()}
        with Journal(house.out) as journal:
            noted = {entry.sha256 for entry in journal.entries()}
        for name in gone - {name for name in gone if name.startswith("pages/")}:
            assert hashlib.sha256(dropped[name]).hexdigest() in tabled & noted, name


@pytest.mark.parametrize("copies", [False, True], ids=["same-disk", "other-disk"])
def test_killed_before_any_step_nothing_is_lost_or_doubled(tmp_path, copies):
    """The next watcher goes on, and in the end all is as if nothing had happened."""
    chance = random.Random(7 + copies)
    (tmp_path / "whole").mkdir()
    end, dropped, _ = undisturbed(House(tmp_path / "whole"))
    steps = count_steps(tmp_path, copies=copies)
    assert steps > 100
    for trial in range(KILLS):
        (tmp_path / str(trial)).mkdir()
        house = prepared(House(tmp_path / str(trial)))
        while killed_before(house, chance.randint(1, steps), copies=copies):  # and killed again on its way back
            check_nothing_is_lost(house, dropped)
            if chance.random() < 0.5:
                break
        watch(house)
        assert state(house) == end, trial


def prepared(house: House) -> House:
    """One paper was read and put away before."""
    (house.done.parent / "failed").mkdir()
    house.drop("a.pdf")
    watch(house)
    drop(house)
    return house


def undisturbed(house: House):
    dropped = house.files(prepared(house).inbox)
    pages = sha256_of(house.inbox / "pages")
    watch(house)
    return state(house), dropped, pages


def state(house: House):
    """All that is there in the end; papers of a broken-off batch may have come in another order."""
    rows = sorted(tuple(row.values()) for row in house.table())
    cells = sorted(tuple(row.values()) for row in house.table("cells"))
    with Journal(house.out) as journal:
        entries = sorted(
            (entry.file, entry.sha256, entry.copy_of, entry.state, entry.moves) for entry in journal.entries()
        )
    left = [path for path in house.done.parent.rglob(".*") if path.name != ".lock"]
    assert left == []
    return (
        rows,
        cells,
        entries,
        house.files(house.done),
        house.files(house.done.parent / "failed"),
        house.files(house.inbox),
    )


def count_steps(tmp_path, *, copies: bool) -> int:
    """How many steps a watcher takes in all."""
    (tmp_path / "count").mkdir()
    house = prepared(House(tmp_path / "count"))
    low, high = 100, 5000
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if copies:
                away.os.link = _elsewhere
            steps = [0]

            def count(_frame, event, called):
                steps[0] += event == "c_call" and called.__name__ in STEPS

            sys.setprofile(count)
            watch(house)
            sys.setprofile(None)
            os.write(write, str(steps[0]).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    steps = int(os.read(read, 100))
    os.close(read)
    os.close(write)
    assert low < steps < high
    return steps
