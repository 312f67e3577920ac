"""A run: what is written, what is read again, what one bad file costs."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from layouts.errors import OutputError
from qagaz.assemble import Receipt
from qagaz.cli import main
from qagaz.limits import Limits
from qagaz.pool import CannotStartError, Pool
from qagaz.run import Request, read
from qagaz.tables import TABLES
from review.store import Store
from review.work.schema import Batch, Paper, Task
from tests.qagaz import fakes
from tests.qagaz.conftest import table

CELL_COLUMNS = (
    b"source,file,form,section,line,column,written,value,confidence,status,reason,reader,ink,page,x0,y0,x1,y1,unit"
)


def test_a_form_becomes_rows_in_every_table(papers, run, tmp_path):
    """A row for each figure cell, bare or not, with plain decimals, line codes as text and rounded boxes."""
    counts = run(papers(a="form"))
    rows = table(tmp_path / "out", "cells")
    assert (tmp_path / "out" / "cells.csv").read_bytes().startswith(CELL_COLUMNS + b"\n")
    assert [(row["line"], row["column"], row["value"]) for row in rows] == [
        ("1", "1", "12.5"), ("1", "2", "10"), ("1.1", "1", ""),
        ("1.1", "2", "1000000"), ("1.10", "1", "0"), ("1.10", "2", ""),
    ]  # fmt: skip
    assert (rows[0]["confidence"], rows[0]["x0"], rows[0]["reader"], rows[0]["file"]) == (
        "0.9877",
        "10.12",
        "fake 1",
        "a.pdf",
    )
    form = table(tmp_path / "out", "forms")[0]
    assert (len(form["bin"]), form["year"], form["status"], form["pages"]) == (12, "2025", "accepted", "1")
    assert counts.statuses == {"accepted": 1}


def test_csv_and_parquet_hold_the_same(papers, run, tmp_path):
    """Both formats of each table have the same rows; readings are in Parquet alone."""
    run(papers(a="form doubt", b="mistake", c="reject"))
    for each in TABLES:
        if each.formats != ("csv", "parquet"):
            continue
        parquet = pq.read_table(tmp_path / "out" / f"{each.name}.parquet").to_pylist()
        shown = table(tmp_path / "out", each.name)
        assert len(parquet) == len(shown) > 0
        for left, right in zip(parquet, shown, strict=True):
            assert {name: _same(value) for name, value in left.items()} == {name: _same(v) for name, v in right.items()}
    assert pq.read_table(tmp_path / "out" / "readings.parquet").num_rows == 3 * (4 * 2 + 2)


def _same(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return value or ""


def test_rows_come_in_order_of_file_and_form_whatever_the_workers_do(papers, run, tmp_path):
    """Two workers finish in any order; the tables do not show it."""
    run(papers(a="slow slow", b="form", c="form"), jobs=2)
    assert [(row["file"], row["form"]) for row in table(tmp_path / "out", "forms")] == [
        ("a.pdf", "1"), ("a.pdf", "2"), ("b.pdf", "1"), ("c.pdf", "1"),
    ]  # fmt: skip


def test_same_input_gives_the_same_bytes(papers, run, tmp_path):
    """Two runs into two folders differ in no byte of any table."""
    folder = papers(a="form", b="doubt mistake", c="reject", d="notice")
    run(folder, out="one")
    run(folder, out="two", jobs=2)
    names = [f"{each.name}.{ending}" for each in TABLES for ending in each.formats]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_a_second_run_reads_only_what_is_new(papers, run, tmp_path):
    """Parts of the same versions stand; a further file is added to the tables."""
    run(papers(a="form", b="doubt"))
    run(papers(c="form"))
    assert run.seen == ["c.pdf"]
    assert [row["file"] for row in table(tmp_path / "out", "forms")] == ["a.pdf", "b.pdf", "c.pdf"]


def test_a_damaged_part_is_made_anew(papers, run, tmp_path):
    """A part cut short by a failing disk counts as not there."""
    folder = papers(a="form")
    run(folder)
    part = next((tmp_path / "out" / "parts").rglob("*.gz"))
    part.write_bytes(part.read_bytes()[:100])
    run(folder)
    assert run.seen == ["a.pdf"]
    assert len(table(tmp_path / "out", "cells")) == 6


def test_a_copy_has_a_row_that_says_so_and_no_figures_of_its_own(papers, run, tmp_path):
    """Equal bytes under two names: both in `forms`, the figures once."""
    run(papers(same1="form", same2="form"))
    rows = table(tmp_path / "out", "forms")
    assert [(row["file"], row["duplicate_of"]) for row in rows] == [("same1.pdf", ""), ("same2.pdf", "same1.pdf")]
    assert len(table(tmp_path / "out", "cells")) == 6


def test_the_same_submission_twice_is_a_question(papers, run, tmp_path):
    """Another file with the same respondent, year and figures: the later one goes to review and names the first."""
    run(papers(twin1="form", twin2="form"))
    rows = table(tmp_path / "out", "forms")
    assert [(row["status"], row["reasons"], row["duplicate_of"]) for row in rows] == [
        ("accepted", "", ""), ("review", "duplicate", "twin1.pdf"),
    ]  # fmt: skip
    finding = table(tmp_path / "out", "findings")[0]
    assert (finding["file"], finding["rule"], finding["set"]) == ("twin2.pdf", "check.duplicate", "check")
    assert "twin1.pdf" in finding["message"]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("reject", "not-this-form"),
        ("bug", "internal"),
        ("crash", "crash"),
        ("hang", "timeout"),
        ("eat", "memory"),
        ("hoard", "memory"),
    ],
)
def test_a_bad_file_costs_its_own_row(papers, run, tmp_path, word, code):
    """It is rejected with the reason, and its neighbours are read."""
    limits = Limits(megabytes=700, base_seconds=4.0 if word == "hang" else 60.0, page_seconds=0.0)
    counts = run(papers(a="form", b=word, c="form"), limits=limits)
    rows = table(tmp_path / "out", "forms")
    assert [(row["file"], row["status"], row["reasons"]) for row in rows] == [
        ("a.pdf", "accepted", ""), ("b.pdf", "rejected", code), ("c.pdf", "accepted", ""),
    ]  # fmt: skip
    assert counts.statuses == {"accepted": 2, "rejected": 1}


def test_a_crash_is_tried_again_and_a_plain_rejection_is_not(papers, run):
    """What may have been the machine's fault is read again by the next run."""
    folder = papers(a="crash", b="reject")
    run(folder)
    run(folder)
    assert run.seen == ["a.pdf"]


def test_what_was_read_before_a_file_broke_off_stays(papers, run, tmp_path):
    """Form 1 is kept, and the file has a row 0 that says it was not read to its end."""
    run(papers(a="form reject"))
    rows = table(tmp_path / "out", "forms")
    assert [(row["form"], row["status"]) for row in rows] == [("0", "rejected"), ("1", "accepted")]


def test_a_notice_is_a_response(papers, run, tmp_path):
    """A notice has a row of its own status, and no cells."""
    run(papers(a="notice"))
    row = table(tmp_path / "out", "forms")[0]
    assert (row["status"], row["layout"]) == ("no-activity-notice", "no-activity")
    assert table(tmp_path / "out", "cells") == []


def test_what_is_passed_over_is_listed(papers, run, tmp_path):
    """Files that are neither PDF nor picture are in `skipped`."""
    folder = papers(a="form")
    (folder / "notes.txt").write_text("x")
    run(folder)
    assert [row["file"] for row in table(tmp_path / "out", "skipped")] == ["notes.txt"]


@pytest.mark.parametrize(("files", "workers"), [(["a"], 1), (["a", "b"], 2), (["a", "b", "c", "d"], 3)])
def test_no_more_workers_are_started_than_there_are_papers(papers, run, monkeypatch, files, workers):
    """A start costs as much as several forms with a text layer."""
    started, start = [], Pool._start
    monkeypatch.setattr(Pool, "_start", lambda pool: started.append(1) or start(pool))
    assert run(papers(**dict.fromkeys(files, "form")), jobs=3).files == len(files)
    assert 1 <= len(started) <= workers


def test_readers_that_cannot_be_made_end_the_run(papers, run):
    """Nothing is rejected for what is not the files' fault."""
    with pytest.raises(CannotStartError, match="no-tesseract"):
        run(papers(a="form"), equip=fakes.equip_failing)


def test_a_folder_in_use_is_left_alone(papers, run, tmp_path):
    """A second run into the same folder says so instead of mixing its tables in."""
    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="output-busy"):
            run(papers(a="form"))


def test_a_full_disk_ends_the_run_and_leaves_the_old_tables(papers, run, tmp_path, monkeypatch):
    """Exit status 5; no temporary file stays, and what was there before is untouched."""
    run(papers(a="form"))
    before = (tmp_path / "out" / "cells.csv").read_bytes()
    monkeypatch.setattr("qagaz.tables.TableWriter.finish", _full)
    with pytest.raises(OutputError) as caught:
        run(papers(b="form"))
    assert caught.value.exit_code == 5
    assert (tmp_path / "out" / "cells.csv").read_bytes() == before
    assert not list((tmp_path / "out").glob(".*.tmp"))


def _full(_self):
    raise OSError(28, "No space left on device")


def test_a_full_disk_in_a_worker_ends_the_run(papers, run, tmp_path):
    """The worker's file size limit stands for a full disk: the run ends with 5 and leaves no half part."""
    with pytest.raises(OutputError) as caught:
        run(papers(a="form"), equip=fakes.equip_cramped)
    assert caught.value.exit_code == 5
    assert not list((tmp_path / "out").rglob("*.gz"))
    assert not list((tmp_path / "out").rglob("*.tmp"))


def test_a_full_disk_at_the_start_ends_the_run(papers, tmp_path):
    """Exit status 5, nothing half written."""
    told = _script(papers(a="form"), tmp_path / "out", "resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))")
    told.communicate(timeout=60)
    assert told.returncode == 5
    assert not [path for path in (tmp_path / "out").rglob("*") if path.suffix in {".gz", ".tmp"}]


def _script(folder: Path, out: Path, before: str = "") -> subprocess.Popen[str]:
    """A run with the fake pipeline in a process of its own."""
    code = f"""
import resource, sys
from pathlib import Path
from qagaz import cli
from qagaz.run import Request, read
from tests.qagaz import fakes
if __name__ == "__main__":
    Path({str(out)!r}).mkdir(exist_ok=True)
    {before}
    def run(given, language):
        request = Request((Path({str(folder)!r}),), Path({str(out)!r}), jobs=1, database="sqlite://")
        read(request, fakes.equip, fakes.VERSIONS, lambda p: print(p.file, flush=True))
        return 0
    cli._run = run
    sys.exit(cli.main([]))
"""
    script = out.with_suffix(".py")
    script.write_text(code)
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.Popen(
        [sys.executable, str(script)],
        cwd=root,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("signal", [2, 15])
def test_ctrl_c_ends_the_run_at_once_and_leaves_whole_parts(papers, run, tmp_path, signal):
    """Exit status 130, nothing half written; the next run goes on where it was."""
    folder = papers(a="form", b="hang", c="form")
    process = _script(folder, tmp_path / "out")
    assert process.stdout.readline() == "a.pdf\n"
    time.sleep(0.3)
    process.send_signal(signal)
    began = time.monotonic()
    assert process.wait(20) == 130
    assert time.monotonic() - began < 10
    process.communicate()
    assert not (tmp_path / "out" / "cells.csv").exists()
    assert not list((tmp_path / "out").rglob("*.tmp"))
    (folder / "b.pdf").write_text("%PDF-b form")
    run(folder)
    assert run.seen == ["b.pdf", "c.pdf"]
    assert len(table(tmp_path / "out", "cells")) == 18


def test_a_killed_run_leaves_nothing_that_counts(papers, run, tmp_path):
    """Killed outright, temporary files may stay; the next run sweeps them away and its tables are complete."""
    folder = papers(a="form", b="hang")
    process = _script(folder, tmp_path / "out")
    assert process.stdout.readline() == "a.pdf\n"
    process.kill()
    process.communicate()
    (folder / "b.pdf").write_text("%PDF-b form")
    run(folder)
    assert len(table(tmp_path / "out", "cells")) == 12
    assert not list((tmp_path / "out").rglob("*.tmp"))


def test_tables_name_no_path_of_this_machine(papers, run, tmp_path):
    """Sources are hashes of the bytes, files are relative to the input."""
    folder = papers(a="form")
    run(folder)
    row = table(tmp_path / "out", "cells")[0]
    assert row["source"] == hashlib.sha256((folder / "a.pdf").read_bytes()).hexdigest()
    for path in (tmp_path / "out").glob("*.csv"):
        assert str(tmp_path) not in path.read_text(encoding="utf-8")


def test_papers_of_a_run_belong_to_the_batch_it_names(papers, tmp_path):
    """With their pages; their forms are seen by that department."""
    folder = papers(a="form doubt", b="notice")
    request = Request((folder,), tmp_path / "out", jobs=1, receipt=Receipt("Алматы", "12 марта"))
    read(request, fakes.equip, fakes.VERSIONS, lambda _progress: None)
    with Store.beside(tmp_path / "out") as store, store.database.reading() as session:
        (batch,) = session.query(Batch)
        assert batch.name == "12 марта"
        assert [(paper.batch, paper.pages) for paper in session.query(Paper)] == [(batch.id, 1)] * 2
        assert {task.department for task in session.query(Task)} == {batch.department}


def test_a_department_without_a_batch_is_a_mistake(papers, tmp_path):
    """And the other way round."""
    folder = papers(a="form")
    for option in ("--department", "--batch"):
        assert main(["read", str(folder), "--out", str(tmp_path / "out"), option, "x"]) == 2
