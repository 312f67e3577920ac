"""What is no form, is broken or too much: a row with a reason for each file, and the others unharmed.

Whole runs of the program, as a user starts them, over files of every bad kind with good ones among them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qagaz.tables import TABLES
from tests.extract.test_intake import encrypted, pageless
from tests.qagaz import foreign
from tests.qagaz.conftest import table

ROOT = Path(__file__).parents[2]
HOSTILE = os.environ.get("QAGAZ_HOSTILE")
PR_CAPBSET_DROP = 24  # linux/prctl.h
OVERRIDES = (1, 2)  # capabilities that let the system's administrator read what is closed to everybody
REASONS = {
    "blank.pdf": "blank-paper",
    "closed": "unreadable",
    "cut.pdf": "truncated-pdf",
    "empty.pdf": "empty-file",
    "huge.png": "image-too-large",
    "locked.pdf": "encrypted-pdf",
    "no-pages.pdf": "no-pages",
    "other-scan.pdf": "not-this-form",
    "other.pdf": "not-this-form",
    "photo.jpg": "not-this-form",
    "text.pdf": "not-a-document",
}


def start(*arguments: object, limit: int | None = None) -> subprocess.Popen[str]:
    """`qagaz read` in a process of its own that cannot read what is closed to it."""

    def prepare() -> None:
        with contextlib.suppress(OSError):
            for capability in OVERRIDES:
                ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "qagaz.cli", "read", *map(str, arguments), "--jobs", "1", "--language", "en"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=prepare,  # noqa: PLW1509 - the tests have no threads of their own
    )


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """A folder of bad files with two good ones, read once: the folder of results, exit status, messages."""
    folder = tmp_path_factory.mktemp("day")
    good = foreign.own_form(folder, "digital", "a-good")
    foreign.blank_scan(folder / "blank.pdf")
    (folder / "closed").mkdir(mode=0)
    (folder / "cut.pdf").write_bytes(good.read_bytes()[: good.stat().st_size * 2 // 3])
    (folder / "empty.pdf").touch()
    foreign.huge_png(folder / "huge.png")
    encrypted(folder / "locked.pdf")
    pageless(folder / "no-pages.pdf")
    (folder / "notes.txt").write_text("notes")
    foreign.own_form(folder, "digital", "other", layout=foreign.other_layout())
    foreign.own_form(folder, "scan200", "other-scan", layout=foreign.other_layout())
    foreign.landscape(folder / "photo.jpg")
    (folder / "text.pdf").write_text("Not a PDF at all\n")
    foreign.letters(folder / "thick.pdf", 150, foreign.own_form(folder, "digital", "z-good"), 70)
    out = folder.parent / "results"
    process = start(folder, "--out", out)
    told = process.communicate(timeout=300)
    (folder / "closed").chmod(0o700)
    return out, process.returncode, told


def test_every_bad_file_is_rejected_with_its_reason(bad):
    """One row each, in the tables and at the terminal; the run goes to its end and says that something was rejected."""
    out, status, (_, messages) = bad
    rejected = {row["file"]: row["reasons"] for row in table(out, "forms") if row["status"] == "rejected"}
    assert rejected == REASONS
    assert status == 4
    findings = {row["file"]: row["message"] for row in table(out, "findings") if row["form"] == "0"}
    assert findings.keys() == REASONS.keys()
    for file, sentence in findings.items():
        assert sentence.startswith(f"{file}: ")
        assert f"Rejected: {sentence}\n" in messages
    assert "Traceback" not in messages
    assert [row["file"] for row in table(out, "skipped")] == ["notes.txt"]


def test_good_files_among_bad_ones_are_read(bad):
    """Each of their cells is accepted; nothing of the bad ones is among the cells."""
    out, _, _ = bad
    forms = {row["file"]: row for row in table(out, "forms") if row["status"] != "rejected"}
    assert list(forms) == ["a-good.pdf", "thick.pdf", "z-good.pdf"]
    assert [row["duplicate_of"] for row in forms.values()] == ["", "", "thick.pdf"]
    cells = table(out, "cells")
    assert len(cells) == 3 * 154
    assert {row["status"] for row in cells} == {"accepted"}


def test_a_form_among_letters_is_found_and_the_letters_are_named(bad):
    """150 letters around one form: its pages are its own, and a finding says which pages belong to no form."""
    out, _, _ = bad
    row = next(row for row in table(out, "forms") if row["file"] == "thick.pdf")
    last = 70 + len(row["pages"].split(";"))
    assert row["pages"] == ";".join(str(n) for n in range(71, last + 1))
    finding = next(row for row in table(out, "findings") if row["rule"] == "check.pages-left-out")
    assert finding["message"].endswith(f": 1-70, {last + 1}-{last + 150 - 70}")


def test_a_full_disk_ends_the_run_with_words(tmp_path):
    """Exit status 5; neither tables nor half a part stay behind. The next run, with room, is complete."""
    folder = tmp_path / "day"
    folder.mkdir()
    foreign.own_form(folder, "digital", "good")
    process = start(folder, "--out", tmp_path / "out", "--db", "sqlite://", limit=4096)
    _, messages = process.communicate(timeout=120)
    assert process.returncode == 5
    assert "cannot be written" in messages
    assert "Traceback" not in messages
    assert not list((tmp_path / "out").glob("*.csv"))
    assert not [path for path in (tmp_path / "out").rglob("*") if path.suffix in {".gz", ".tmp"}]


def test_ctrl_c_stops_and_the_next_run_goes_on(tmp_path):
    """Exit status 130 and a sentence; what was read before is not read again."""
    folder = tmp_path / "day"
    folder.mkdir()
    (folder / "a.pdf").touch()
    scan = foreign.own_form(folder, "scan200", "b").read_bytes()
    for number in range(4):
        (folder / f"b{number}.pdf").write_bytes(scan + b"%%%d\n" % number)  # other bytes, the same paper
    process = start(folder, "--out", tmp_path / "out")
    _wait_for_a_part(tmp_path / "out", process)
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped" in messages
    parts = set((tmp_path / "out" / "parts").rglob("*.gz"))
    assert 1 <= len(parts) < 6
    assert not list((tmp_path / "out").rglob("*.tmp"))
    assert not (tmp_path / "out" / "cells.csv").exists()


def _wait_for_a_part(out: Path, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        if list(out.rglob("*.jsonl.gz")) or process.poll() is not None:
            return
        time.sleep(0.1)


THICK = int(os.environ.get("QAGAZ_THICK", "0"))  # pages; the long proof sets it
FLAT = 512  # megabytes a worker may take, whatever the number of pages; models alone take a fifth of that


@pytest.mark.skipif(not THICK, reason="QAGAZ_THICK names no number of pages; `make prove` does")
def test_a_thick_file_is_read_in_flat_memory(tmp_path):
    """One form in the middle of thousands of letters is found within a small limit of memory."""
    folder = tmp_path / "day"
    folder.mkdir()
    form = foreign.own_form(folder, "digital", "good")
    foreign.letters(folder / "thick.pdf", THICK, form, THICK // 2)
    form.unlink()
    process = start(folder, "--out", tmp_path / "out", "--memory", FLAT)
    process.communicate(timeout=600)
    assert process.returncode in {0, 3}
    (row,) = table(tmp_path / "out", "forms")
    assert row["pages"].startswith(f"{THICK // 2 + 1};")
    assert {cell["status"] for cell in table(tmp_path / "out", "cells")} == {"accepted"}


HOSTILE_FEW = ("qpdf_fuzz", "pdfjs/poppler-395-0-fuzzed.pdf", "pdfjs/operator_list_cycle.pdf", "pikepdf/cyclic-toc.pdf")


@pytest.mark.hostile
@pytest.mark.skipif(not HOSTILE, reason="QAGAZ_HOSTILE names no folder of hostile files")
def test_hostile_files_cost_their_own_rows(tmp_path):
    """Files made to break readers: each is a row, none breaks the run, tables are whole."""
    for name in HOSTILE_FEW:
        path = Path(str(HOSTILE)) / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, tmp_path / path.name)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    process = start(*files, "--out", tmp_path / "out")
    _, messages = process.communicate(timeout=300)
    assert process.returncode == 4
    assert "Traceback" not in messages
    rows = table(tmp_path / "out", "forms")
    assert len(rows) == len(files)
    assert {row["status"] for row in rows} == {"rejected"}
    assert not {"internal", "crash"} & {row["reasons"] for row in rows}
    assert all((tmp_path / "out" / f"{each.name}.csv").exists() for each in TABLES if "csv" in each.formats)
