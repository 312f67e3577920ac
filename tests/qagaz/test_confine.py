"""Workers are shut in: they read what they were given, write where they should, and reach nothing else."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from extract.records import Source
from layouts.model import Notice
from qagaz import confine, scratch
from qagaz.confine import FILES, NETWORK, PROGRAMS, SIGNALS, Ground
from qagaz.crowd import Job
from qagaz.limits import Limits
from qagaz.pool import Pool
from tests.qagaz import fakes

HELD = confine.offered()
LOADER = str(confine.landlock.loader_of(Path("/bin/true").resolve()))
OUTSIDE = "QAGAZ_TEST_OUTSIDE"  # a folder the worker is not to touch


def equip():
    """A pipeline that tries to get out and notes how that went where it may write."""
    threads = len(list(Path("/proc/self/task").iterdir()))
    return partial(_try, threads)


def _try(threads: int, source: Source) -> Iterator[Notice]:
    outside = Path(os.environ[OUTSIDE])
    tried = {
        "read": lambda: (outside / "secret").read_text(encoding="ascii"),
        "list": lambda: list(outside.iterdir()),
        "write": lambda: (outside / "made").write_text("x"),
        "change": lambda: (outside / "secret").open("a").close(),
        "remove": (outside / "secret").unlink,
        "link": lambda: (outside / "link").symlink_to("secret"),
        "climb": lambda: (source.path.parent / ".." / "outside" / "made").write_text("x"),
        "change-input": lambda: source.path.write_text("x"),
        "connect": lambda: socket.create_connection(("127.0.0.1", 9), 1),
        "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "local": lambda: socket.socket(socket.AF_UNIX),
        "shell": lambda: subprocess.run(["/bin/sh", "-c", "true"], check=True),
        "python": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "loader": _by_loader,
        "signal": lambda: os.kill(os.getppid(), 0),
        "environment": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "input": source.path.read_bytes,
        "temporary": lambda: Path(tempfile.mkdtemp()).rmdir(),
        "tesseract": lambda: subprocess.run(["tesseract", "--version"], check=True, capture_output=True),
    }
    told = {name: _outcome(do) for name, do in tried.items()}
    told["threads"] = threads
    told["temporary folder"] = tempfile.gettempdir()
    (Path(os.environ[OUTSIDE]).parent / "parts" / "told.json").write_text(json.dumps(told))
    yield from fakes.digitise(source)


def _by_loader() -> None:
    """Programs may be loaded without being started."""
    subprocess.run([LOADER, "/bin/true"], check=True)


def _outcome(do) -> str:
    try:
        do()
    except PermissionError:
        return "refused"
    except (OSError, subprocess.CalledProcessError) as error:
        return type(error).__name__
    return "done"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What a worker could do, by name."""
    folder = tmp_path_factory.mktemp("confined")
    (folder / "in").mkdir()
    (folder / "outside").mkdir()
    (folder / "outside" / "secret").write_text("s")
    paper = folder / "in" / "a.pdf"
    paper.write_text("%PDF form")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OUTSIDE, str(folder / "outside"))
        with Pool(equip, 1, Limits(ground=Ground((folder / "in",), (folder / "parts",)))) as pool:
            (result,) = pool.run(iter([Job(Source("1" * 64, "a.pdf", paper), folder / "parts", "v")]))
    assert result.rejected is None
    assert sorted(path.name for path in (folder / "outside").iterdir()) == ["secret"]
    return json.loads((folder / "parts" / "told.json").read_text())


@pytest.mark.skipif(FILES not in HELD, reason="this kernel has no Landlock")
@pytest.mark.parametrize("name", ["read", "list", "write", "change", "remove", "link", "climb", "change-input"])
def test_a_worker_reaches_no_file_but_its_own(told, name):
    """Neither by name nor by way of its own folders; what it reads it cannot change."""
    assert told[name] == "refused"


@pytest.mark.skipif(NETWORK not in HELD, reason="libseccomp is not installed")
@pytest.mark.parametrize("name", ["connect", "datagram", "local"])
def test_a_worker_opens_no_socket(told, name):
    """Of whatever kind."""
    assert told[name] == "refused"


@pytest.mark.skipif(PROGRAMS not in HELD, reason="this kernel has no Landlock, or Tesseract is a script")
@pytest.mark.parametrize("name", ["shell", "python", "loader"])
def test_a_worker_starts_no_program(told, name):
    """But Tesseract; the loader that Tesseract needs finds no other program to load."""
    assert told[name] in {"refused", "CalledProcessError"}


@pytest.mark.skipif(SIGNALS not in HELD, reason="this kernel's Landlock knows no scopes")
def test_a_worker_sends_no_signal_to_others(told):
    """Nor looks into them."""
    assert told["signal"] == "refused"
    assert told["environment"] == "refused"


@pytest.mark.skipif(FILES not in HELD, reason="this kernel has no Landlock")
def test_no_thread_is_left_outside(told):
    """Landlock holds the thread that asks and those it starts: there is no other one yet."""
    assert told["threads"] == 1


@pytest.mark.tesseract
def test_a_worker_does_its_work(told):
    """It reads its paper, has a temporary folder of its own, starts Tesseract; the folder is gone afterwards."""
    assert (told["input"], told["temporary"], told["tesseract"]) == ("done", "done", "done")
    assert Path(told["temporary folder"]).name.startswith(scratch.PREFIX)
    assert not Path(told["temporary folder"]).exists()


def test_it_can_be_left_out(monkeypatch):
    """By a variable of the environment, or where the kernel has nothing to offer."""
    monkeypatch.setenv(confine.OFF, "1")
    assert confine.offered() == frozenset()


def test_without_a_kernel_that_helps_nothing_is_claimed(monkeypatch):
    """An old kernel and no libseccomp: nothing is held, and reading goes on."""
    monkeypatch.setattr(confine.landlock, "version", lambda: 0)
    monkeypatch.setattr(confine, "LIBSECCOMP", "libnothing.so.0")
    assert confine.offered() == frozenset()
    assert confine.confine(Ground(), Path()) == frozenset()


def test_leftovers_of_killed_workers_are_swept_and_living_ones_are_not(monkeypatch, tmp_path):
    """A folder whose lock is held stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    left = tmp_path / f"{scratch.PREFIX}left"
    (left / "deeper").mkdir(parents=True)
    with scratch.own_scratch() as mine:
        tempfile.tempdir = str(tmp_path)
        scratch.sweep()
        assert not left.exists()
        assert mine.exists()
    assert not mine.exists()
