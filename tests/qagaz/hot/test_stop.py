"""The command as a process: asked to end, it finishes what is at hand; killed, it takes its workers along."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.qagaz.hot.conftest import House

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from qagaz.commands import watch
from qagaz.cli import main
from tests.qagaz import fakes
watch.equipment_of = fakes.Equipped
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def command(house, tmp_path):
    """Starts `qagaz watch` on the house's folders, with readers that read nothing."""
    (tmp_path / "program.py").write_text(PROGRAM)

    def start() -> subprocess.Popen[str]:
        given = [str(house.inbox), "--out", str(house.out), "--done", str(house.done), "--settle", "0", "--jobs", "1"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "QAGAZ_LANGUAGE": "en"}
        words = [sys.executable, str(tmp_path / "program.py"), "watch", *given]
        return subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment)

    return start


def until(told, seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < end
        time.sleep(0.05)


def parts(house: House) -> list[Path]:
    return list((house.out / "parts").rglob("*.gz"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_finishes_the_paper_at_hand(house, command, number):
    """What was read is in the tables and put away; what was not begun lies where it was dropped. It ends with 0."""
    for each in range(6):
        house.drop(f"{each}.pdf", "slow slow")
    process = command()
    until(lambda: parts(house))
    process.send_signal(number)
    told = process.communicate(timeout=120)[1]
    assert process.returncode == 0, told
    done = sorted(house.files(house.done))
    assert 1 <= len(done) <= 3
    assert [row["file"] for row in house.table() if row["form"] == "1"] == done
    assert sorted([*house.files(house.inbox), *done]) == [f"{each}.pdf" for each in range(6)]
    assert "Traceback" not in told


def test_killed_outright_it_leaves_no_worker_and_goes_on_later(house, command):
    """Workers end with it; the next one reads what is left and puts all of it away."""
    for each in range(3):
        house.drop(f"{each}.pdf", "slow slow slow slow" if each else "form")
    process = command()
    until(lambda: parts(house))
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.communicate()
    until(lambda: not any(is_running(worker) for worker in workers))
    house.watch()
    assert sorted(house.files(house.done)) == ["0.pdf", "1.pdf", "2.pdf"]
    assert len({row["file"] for row in house.table()}) == 3
    assert not house.files(house.inbox)


def is_running(number: str) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return False
