"""Files made to break readers: each has its reason, by counting where counting can tell, and none breaks the run.

A few of each kind, opened in worker processes as a run opens them; `scripts/prove_hostile.sh` reads all of them.
"""

from __future__ import annotations

import csv
import fcntl
import os
import random
import subprocess
import sys
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from corpus.hostile.active import active
from corpus.hostile.bombs import MEGABYTE, bombs, zeros
from corpus.hostile.make import ROOMS, STRENGTHS, Base, make_fuzz, make_hostile
from corpus.hostile.mutations import MUTATIONS, mutated
from corpus.hostile.names import NAMES, archives, write_named, write_special
from corpus.hostile.pdf import one_page
from corpus.hostile.pictures import pictures
from corpus.hostile.trees import trees
from extract.records import Box
from extract.scan.frames import outline_shares
from layouts.words import say
from qagaz.speech import OBEYED
from tests.hostile.measured import PARSING

ROOT = Path(__file__).parents[2]
MAKERS = {**trees(), **bombs(), **active(), **{f"p-{name}": maker for name, maker in pictures().items()}, **archives()}
REASONS = {
    "annotations-many.pdf": "page-too-complex",
    "archive-called.pdf": "archive",
    "arrays-deep.pdf": "not-this-form",
    "attached-program.pdf": "not-this-form",
    "blending-many.pdf": "page-too-complex",
    "box-crop-outside.pdf": "broken-page",
    "box-flat.pdf": "broken-page",
    "box-huge.pdf": "image-too-large",
    "box-unit-huge.pdf": "not-this-form",
    "flate-contents-digits.pdf": "unpacks-too-large",
    "flate-image.pdf": "image-too-large",
    "flate-thrice.pdf": "unpacks-too-large",
    "image-many.pdf": "page-too-complex",
    "length-itself.pdf": "not-this-form",
    "locked-by-owner.pdf": "not-this-form",
    "locked.pdf": "encrypted-pdf",
    "nothing.pdf": "empty-file",
    "only-mark.pdf": "truncated-pdf",
    "open-launch.pdf": "not-this-form",
    "open-script.pdf": "not-this-form",
    "p-column.png": "image-too-large",
    "p-deep-colour.png": "image-too-large",
    "p-directories-many.tif": "too-many-pages",
    "p-directories-ring.tif": "not-this-form",
    "p-huge-bilevel.png": "image-too-large",
    "p-huge-lying.tif": "image-too-large",
    "p-too-much-data.png": "broken-page",
    "p-zero-sides.png": "broken-page",
    "pages-own-parent.pdf": "broken-page",
    "pages-same-many-times.pdf": "too-many-pages",
    "press-launch.pdf": "not-this-form",
    "program-called.pdf": "not-a-document",
    "xfa-dynamic.pdf": "xfa-form",
    "xref-ring.pdf": "not-this-form",
    "zeros.pdf": "not-a-document",
}
SKIPPED = {
    "archive.zip": "skipped.archive",
    "archive.7z": "skipped.archive",
    "archive.rar": "skipped.archive",
    "archive.tar.gz": "skipped.archive",
    "letter.docx": "skipped.office",
    "letter.eml": "skipped.letter",
    "letter.msg": "skipped.letter",
    "old.doc": "skipped.office",
    "page.html": "skipped.not-a-document",
    "table.xlsx": "skipped.office",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A folder of hostile files, names and things, opened: results, exit status, what was said."""
    folder = tmp_path_factory.mktemp("hostile")
    papers = folder / "papers"
    papers.mkdir()
    for name in (*REASONS, *SKIPPED):
        (papers / name).write_bytes(MAKERS[name]())
    named = write_named(papers / "names")
    write_special(papers / "special")
    before = sorted(path.name for path in folder.iterdir())
    command = [sys.executable, "-m", "tests.hostile.measured", folder / "measures.jsonl", PARSING]
    command += ["read", papers, "--out", folder / "out", "--jobs", "2", "--language", "en", "--db", "sqlite://"]
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, timeout=300, check=False)
    after = sorted(path.name for path in folder.iterdir())
    assert after == sorted([*before, "measures.jsonl", "out"])
    return folder / "out", done, named


def _rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(None not in row and None not in row.values() for row in rows)  # no row torn by what stands in it
    return rows


def test_the_run_goes_to_its_end(run):
    """It says that something was rejected and leaves no traceback."""
    _, done, _ = run
    assert done.returncode == 4
    assert b"Traceback" not in done.stderr


def test_each_file_has_its_reason(run):
    """A limit that is counted, damage, a lock: not the clock."""
    out, _, _ = run
    found = {row["file"]: row["reasons"] for row in _rows(out, "forms")}
    assert {name: found[name] for name in REASONS} == REASONS


def test_what_is_no_paper_is_passed_over_with_what_to_do(run):
    """Archives, office documents and letters have reasons of their own; links, pipes and sockets are not followed."""
    out, _, _ = run
    skipped = {row["file"]: row["reason"] for row in _rows(out, "skipped")}
    assert {name: skipped[name] for name in SKIPPED} == {name: say(why, {}, "en") for name, why in SKIPPED.items()}
    special = {name.partition("/")[2] for name in skipped if name.startswith("special/")}
    assert {"outside.pdf", "zero.pdf", "upwards", "itself.pdf", "proc.pdf", "pipe.pdf"} <= special


def test_odd_names_are_rows_of_their_own(run):
    """Each paper under such a name is there once; tables stay whole; nothing a terminal obeys is said."""
    out, done, named = run
    hidden = sum(name.startswith(b".") for name in NAMES)
    assert sum(row["file"].startswith("names/") for row in _rows(out, "forms")) == named - hidden
    for said in (done.stdout, done.stderr):
        assert not OBEYED.search(said.decode())
    assert b"names/line\\x0abreak.pdf" in done.stderr
    assert not [path for path in ROOT.rglob("marker") if path.is_file()]


def test_no_worker_leaves_its_folder(run):
    """Temporary folders are gone."""
    temporary = Path(os.environ.get("TMPDIR", "/tmp"))
    mine = [path for path in temporary.glob("qagaz-worker-*") if path.stat().st_mtime > run[0].stat().st_ctime]
    assert not [path for path in mine if not _held(path)]


def _held(folder: Path) -> bool:
    """Whether another test's worker still works there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def test_the_corpus_has_its_number():
    """At least three hundred files, each name once."""
    handmade = sum(len(makers()) for makers in ROOMS.values())
    bases = 6
    assert handmade >= 150
    assert handmade + bases * len(MUTATIONS) * len(STRENGTHS) + len(NAMES) >= 300


def test_mutations_follow_their_seed():
    """The same seed gives the same bytes, another one others."""
    whole = one_page(b"BT /F1 9 Tf 9 9 Td (12345) Tj ET " * 2000)
    for kind in MUTATIONS:
        made = [mutated(whole, kind, 4, random.Random(seed)) for seed in (1, 1, 2, 3, 4)]
        assert made[0] == made[1]
        assert len({whole, *made}) > 2


def test_what_is_made_is_not_made_again(tmp_path, monkeypatch):
    """A corpus that is there stays; mutated pages go on where they were."""
    (tmp_path / "made.txt").write_text("17")
    assert make_hostile(tmp_path, 1) == 17
    monkeypatch.setattr("corpus.hostile.make.bases", lambda *_: (Base("a", ".pdf", one_page()),))
    make_fuzz(tmp_path / "fuzz", 1, 3)
    first = sorted((path.name, path.read_bytes()) for path in (tmp_path / "fuzz").iterdir())
    make_fuzz(tmp_path / "fuzz", 1, 5)
    assert first == sorted((path.name, path.read_bytes()) for path in (tmp_path / "fuzz").iterdir())[:3]


def test_packed_bytes_are_sound():
    """What is put together from pieces unpacks, check sum included."""
    for byte in (b"\0", b"7"):
        assert zlib.decompress(zeros(3 * MEGABYTE, byte)) == byte * (3 * MEGABYTE)


def test_a_box_beyond_the_picture_is_not_drawn():
    """Ink at a picture's edge once made boxes go on for ever."""
    dark = SimpleNamespace(dark=np.full((40, 40), 255, np.uint8))
    page = SimpleNamespace(lying=dark, standing=dark)
    assert outline_shares(page, [Box(5, 5, 15, 15), Box(60, 5, 70, 15), Box(5, -30, 15, -20)]) == [1.0, 0.0, 0.0]
