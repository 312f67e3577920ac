"""A run goes on where it was: what is looked at again, what is not, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extract.intake import sha256_of
from layouts.errors import OutputError
from qagaz import ledger
from qagaz.limits import Limits
from qagaz.manifest import OtherVersionsError
from qagaz.run import QUEUE
from qagaz.tables import TABLES
from review.store import FILE
from tests.qagaz import fakes
from tests.qagaz.conftest import table

NAMES = [f"{each.name}.{ending}" for each in TABLES for ending in each.formats]
LATER = replace(fakes.VERSIONS, settings="Settings(max_error=0.01)", qagaz="1")


@pytest.fixture
def go(run):
    """Reads with a crowd that needs no processes."""

    def read(*given, **more):
        try:
            return run(*given, **({"crowd": fakes.Alone} | more))
        finally:
            read.seen = run.seen

    return read


def outputs(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in (*NAMES, "manifest.json")}


def settled(folder: Path) -> None:
    """Files of yesterday: their marks can be believed."""
    for path in folder.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


@pytest.fixture
def believed(monkeypatch):
    """Change times, which nobody can set, count as of yesterday too."""
    monkeypatch.setattr(ledger, "RACY_NS", 0)


def test_workers_and_interruptions_change_no_byte(papers, run, go, tmp_path):
    """One process, two processes, stopped and gone on: tables and manifest are the same."""
    folder = papers(a="form", b="doubt mistake", c="reject", d="notice", e="form", same1="form", same2="form")
    run(folder, out="one", jobs=1)
    run(folder, out="two", jobs=2)
    with pytest.raises(KeyboardInterrupt):
        go(folder, out="three", crowd=fakes.Reluctant)
    assert not (tmp_path / "three" / "manifest.json").exists()
    go(folder, out="three")
    assert len(go.seen) == 4
    one = outputs(tmp_path / "one")
    assert one == outputs(tmp_path / "two")
    assert one == outputs(tmp_path / "three")


def test_a_run_with_nothing_to_do_opens_no_file_and_leaves_the_tables(papers, go, tmp_path, monkeypatch, believed):
    """It says how the tables came out; no input is opened, no part, no store."""
    folder = papers(a="form", b="doubt", c="reject")
    first = go(folder)
    before = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in NAMES}
    monkeypatch.setattr("qagaz.ledger.sha256_of", None)
    monkeypatch.setattr("qagaz.ledger.kind_of", None)
    monkeypatch.setattr("qagaz.parts.gzip.open", None)
    monkeypatch.setattr("review.store.Store", None)
    again = go(folder)
    assert (first.unchanged, again.unchanged, again.read) == (False, True, 0)
    assert replace(again, unchanged=False) == replace(first, read=0)
    assert before == {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in NAMES}


def test_a_changed_file_is_noticed_though_size_and_time_are_the_same(papers, go, believed):
    """Touched back to its old time, its change time tells."""
    folder = papers(a="form", b="doubt")
    settled(folder)
    go(folder)
    (folder / "a.pdf").write_text("%PDF-x form")
    settled(folder)
    go(folder)
    assert go.seen == ["a.pdf"]


def test_a_file_touched_just_now_is_hashed_again(papers, go, monkeypatch):
    """Its mark says nothing yet: it could be changed once more in the same tick of the clock."""
    folder = papers(a="form")
    hashed, plain = [], ledger.sha256_of
    monkeypatch.setattr(ledger, "sha256_of", lambda path: hashed.append(path.name) or plain(path))
    go(folder)
    go(folder)
    assert hashed == ["a.pdf", "a.pdf"]
    assert go.seen == []


@pytest.mark.parametrize("harm", ["gone", "damaged", "other format"])
def test_without_its_ledger_a_run_finds_everything_out_again(papers, go, tmp_path, harm):
    """Nothing is read again, and no byte is another."""
    folder = papers(a="form", b="doubt")
    go(folder)
    before = outputs(tmp_path / "out")
    path = tmp_path / "out" / ledger.FILE
    if harm == "gone":
        path.unlink()
    elif harm == "damaged":
        path.write_bytes(b"x" * 5000)
    else:
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA user_version = 99")
        database.close()
    go(folder)
    assert go.seen == []
    assert outputs(tmp_path / "out") == before


@pytest.mark.parametrize("harmed", ["cells.csv", "findings.parquet", "manifest.json"])
def test_tables_that_somebody_touched_are_written_anew(papers, go, tmp_path, harmed):
    """Without reading a paper again."""
    folder = papers(a="form", b="doubt")
    go(folder)
    before = outputs(tmp_path / "out")
    (tmp_path / "out" / harmed).write_text("x")
    assert not go(folder).unchanged
    assert go.seen == []
    assert outputs(tmp_path / "out") == before


def test_a_file_that_went_leaves_the_tables(papers, go, tmp_path):
    """Tables describe the inputs of the run they come from."""
    folder = papers(a="form", b="doubt")
    go(folder)
    (folder / "a.pdf").unlink()
    assert not go(folder).unchanged
    assert [row["file"] for row in table(tmp_path / "out", "forms")] == ["b.pdf"]


def test_a_renamed_file_is_not_read_again_and_has_its_new_name_in_every_sentence(papers, go, tmp_path):
    folder = papers(a="reject")
    go(folder)
    (folder / "a.pdf").rename(folder / "b.pdf")
    go(folder)
    assert go.seen == []
    assert table(tmp_path / "out", "findings")[0]["message"].startswith("b.pdf: ")


def test_a_part_found_damaged_while_tables_are_written_is_made_anew(papers, go, tmp_path, monkeypatch):
    """Its size and times are as they were: only reading it tells."""
    folder = papers(a="form", b="doubt")
    go(folder)
    before = outputs(tmp_path / "out")
    part = next((tmp_path / "out" / "parts").rglob("*.gz"))
    spoilt = bytearray(part.read_bytes())
    spoilt[len(spoilt) // 2] ^= 0xFF
    part.write_bytes(spoilt)
    monkeypatch.setattr(ledger, "mark_of", lambda path: path.name)
    with sqlite3.connect(tmp_path / "out" / ledger.FILE) as database:
        database.execute("UPDATE parts SET mark = name")
    database.close()
    (tmp_path / "out" / "cells.csv").unlink()
    go(folder)
    assert len(go.seen) == 1
    assert outputs(tmp_path / "out") == before


def test_other_versions_are_refused_unless_all_is_read_again(papers, go, tmp_path):
    """The error names what differs; with `again` everything is read, and gone on with without it."""
    folder = papers(a="form", b="doubt", c="form")
    go(folder)
    before = outputs(tmp_path / "out")
    with pytest.raises(OtherVersionsError) as caught:
        go(folder, versions=LATER)
    assert caught.value.exit_code == 2
    assert "0 → 1" in caught.value.parameters["differ"]
    assert "settings (max_error – → 0.01)" in caught.value.parameters["differ"]
    assert outputs(tmp_path / "out") == before
    with pytest.raises(KeyboardInterrupt):
        go(folder, versions=LATER, again=True, crowd=fakes.Reluctant)
    go(folder, versions=LATER)
    assert go.seen == ["c.pdf"]
    told = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert told["versions"]["digest"] == LATER.digest
    with pytest.raises(OtherVersionsError):
        go(folder)


def test_again_reads_everything_also_with_the_same_versions(papers, go, tmp_path):
    """Stopped, the rest of it is read by a run without it."""
    folder = papers(a="form", b="doubt", c="form")
    go(folder)
    before = outputs(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        go(folder, again=True, crowd=fakes.Reluctant)
    go(folder)
    assert go.seen == ["c.pdf"]
    assert outputs(tmp_path / "out") == before


def test_what_went_beyond_its_limits_is_tried_once_by_each_run(papers, run):
    """A run that has only such files left ends; what is plainly no form is not tried again."""
    folder = papers(a="hang", b="reject")
    for _ in range(2):
        counts = run(folder, limits=Limits(base_seconds=1.0, page_seconds=0.0))
        tried = list(run.seen)
    assert (tried, counts.unchanged, counts.read) == (["a.pdf"], True, 1)
    assert counts.statuses == {"rejected": 2}


def test_the_manifest_names_what_was_used_and_every_table(papers, go, tmp_path):
    """By hash, without time, place or machine; limits, settings and counts with it."""
    versions = replace(fakes.VERSIONS, files=(("layouts/tiny.toml", "ab"), ("knowledge/kato", "cd")))
    go(papers(a="form", b="reject"), versions=versions, partitions=1)
    text = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    told = json.loads(text)
    assert str(tmp_path) not in text
    assert told["versions"]["files"] == {"layouts/tiny.toml": "ab", "knowledge/kato": "cd"}
    assert told["limits"]["megabytes"] == Limits().megabytes
    assert (told["papers"], told["forms"]["accepted"], told["forms"]["rejected"]) == (2, 1, 1)
    assert told["rows"]["cells"] == 6
    found = {path for path in (tmp_path / "out").rglob("*.*") if path.suffix in {".csv", ".parquet"} and path.is_file()}
    assert {path.relative_to(tmp_path / "out").as_posix(): sha256_of(path) for path in found} == told["sha256"]


def test_partitions_are_folders_of_files_in_order(papers, go, tmp_path):
    """Together they hold what one file holds; going back to one file leaves no folder."""
    folder = papers(a="form", b="doubt", c="reject", d="form", e="mistake")
    go(folder, out="whole")
    go(folder, out="parted", partitions=2)
    for each in TABLES:
        if "parquet" not in each.formats:
            continue
        parts = sorted((tmp_path / "parted" / f"{each.name}.parquet").iterdir())
        assert [path.name for path in parts] == [f"part-{number:05}.parquet" for number in range(3)]
        rows = [row for path in parts for row in pq.read_table(path).to_pylist()]
        assert rows == pq.read_table(tmp_path / "whole" / f"{each.name}.parquet").to_pylist()
    assert pq.read_table(tmp_path / "parted" / "forms.parquet" / "part-00001.parquet")["file"].to_pylist() == [
        "c.pdf",
        "d.pdf",
    ]
    go(folder, out="parted")
    assert (tmp_path / "parted" / "cells.parquet").is_file()
    assert (tmp_path / "parted" / "cells.csv").read_bytes() == (tmp_path / "whole" / "cells.csv").read_bytes()
    assert not list((tmp_path / "parted").glob(".*.tmp"))


def test_what_a_run_writes_is_for_its_owner_alone(papers, run, tmp_path):
    """Whatever the umask, and also in a folder that was there before."""
    (tmp_path / "out").mkdir(mode=0o755)
    before = os.umask(0)
    try:
        run(papers(a="form", b="doubt"), partitions=1)
    finally:
        assert os.umask(before) == 0
    for path in (tmp_path / "out", *(tmp_path / "out").rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_database_that_went_is_filled_again(papers, go, tmp_path):
    """Tables that stand are no reason to leave the queue empty."""
    folder = papers(a="doubt")
    go(folder)
    for path in (tmp_path / "out").glob("qagaz.db*"):
        path.unlink()
    assert not go(folder).unchanged
    assert (tmp_path / "out" / FILE).exists()
    assert FILE == QUEUE


def test_copied_results_are_gone_on_with(papers, go, tmp_path):
    """Times and numbers of files are others there: parts are looked at once, papers are not read."""
    folder = papers(a="form", b="doubt")
    go(folder)
    shutil.copytree(tmp_path / "out", tmp_path / "copy")
    go(folder, out="copy")
    assert go.seen == []


def test_a_part_that_is_damaged_time_and_again_ends_the_run(papers, go, monkeypatch):
    """A disk that spoils what it keeps is told of, not tried for ever."""
    monkeypatch.setattr("qagaz.parts.Parts.forms", _spoilt)
    with pytest.raises(OutputError, match="part-damaged"):
        go(papers(a="form"))


def _spoilt(_parts, _source):
    yield from ()
    raise EOFError


def test_forms_that_share_a_respondent_are_held_against_each_other_across_runs(papers, go, tmp_path):
    """What stands on top of parts of earlier runs is in the ledger."""
    go(papers(twin1="form", a="form"))
    go(papers(twin2="form"))
    assert go.seen == ["twin2.pdf"]
    told = {row["file"]: row["duplicate_of"] for row in table(tmp_path / "out", "forms")}
    assert told == {"a.pdf": "", "twin1.pdf": "", "twin2.pdf": "twin1.pdf"}
