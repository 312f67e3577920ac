"""What is said while a run goes on: a bar at a terminal, a line now and then in a log."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from extract.records import Source
from qagaz.desk import Progress
from qagaz.progress import LINE_SECONDS, Meter
from qagaz.results import FileResult, Told
from validate.records import Status


class Clock:
    """Time that goes on when it is told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock():
    return Clock()


def read(file: str, forms: int = 1, *, told: Told | None = None, anew: bool = True) -> FileResult:
    status = Status.REJECTED if told else Status.ACCEPTED
    return FileResult(Source("0" * 64, file, Path(file)), (status,) * forms, told, anew=anew)


def test_a_log_gets_a_line_now_and_then_with_rate_and_time_left(clock, capsys):
    """Files that needed no reading count as done, not as read: they would promise too much."""
    with Meter("en", clock) as meter:
        meter.watch(Progress(1000, "", None, 400))
        for number in range(120):
            clock.now += 0.5
            meter.watch(Progress(1000, f"{number}.pdf", read(f"{number}.pdf", 2)))
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "Files: 460 of 1000; 240 forms a minute; about 0:04:30 left",
        "Files: 520 of 1000; 240 forms a minute; about 0:04:00 left",
    ]
    assert LINE_SECONDS == 30.0


def test_a_terminal_gets_a_bar(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Meter("en", clock) as meter:
        for number in range(10):
            clock.now += 6.0
            meter.watch(Progress(20, f"{number}.pdf", read(f"{number}.pdf")))
        meter._bar.refresh()
    shown = sys.stderr.getvalue()
    assert "10/20 files" in shown
    assert "10 forms/min, 0:01:00" in shown
    assert "\n" not in shown.rstrip("\n")


@pytest.mark.parametrize("anew", [True, False])
def test_each_rejected_file_is_said_with_its_reason(clock, capsys, anew):
    """Also a line of a list, which was never read."""
    with Meter("en", clock) as meter:
        meter.watch(Progress(2, "a.pdf", read("a.pdf", told=Told("error.empty-file"), anew=anew)))
    told = capsys.readouterr()
    assert told.err.startswith("Rejected: a.pdf: the file is empty")
    assert told.out == ""
