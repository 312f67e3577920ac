"""What is written is for its owner alone, and what is said to logs tells nothing of anybody."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest
from PIL import Image

from extract.intake import find_sources
from extract.records import Source
from qagaz.cli import main
from qagaz.intake import ReadingRoom, Setting
from qagaz.private import Found, make_private
from review.answers import now
from review.station.pages.export import _own_folder
from review.station.uploads import Sent, Uploads
from review.store import Store
from review.work.intake.papers import READ, REJECTED, came_in
from review.work.schema import Paper
from tests.qagaz import fakes

NAME = "Айгерим Сәдуақасова"
PHONE = "+77015553141"
FIGURE = "1000000"  # of every fake form


@pytest.fixture(autouse=True)
def open_habit():
    """A machine whose habit is to let everybody read and write everything."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def inbox(tmp_path):
    """Papers full of personal data: in their names, in their text, in what goes wrong with them."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number, words in enumerate(("form", "doubt mistake", "reject", f"tell:{PHONE}", "crash")):
        (folder / f"{NAME} {number}.pdf").write_text(f"%PDF-{PHONE} {words} %%EOF", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def fake_readers(monkeypatch):
    monkeypatch.setattr("qagaz.commands.read.equipment_of", fakes.Equipped)
    monkeypatch.setattr("qagaz.commands.review.Equipment", fakes.Equipped)
    monkeypatch.setattr("qagaz.commands.watch.equipment_of", fakes.Equipped)


def open_to_others(folder: Path) -> list[str]:
    """What others may read, write or look into."""
    everything = [folder, *folder.rglob("*")]
    assert len(everything) > 5
    modes = {path: path.lstat().st_mode for path in everything}
    return [f"{path.relative_to(folder)} {stat.filemode(mode)}" for path, mode in modes.items() if mode & 0o077]


@pytest.mark.parametrize("there", [False, True], ids=["new", "open-before"])
@pytest.mark.parametrize("command", ["read", "watch"])
def test_all_results_are_their_owners_alone(inbox, tmp_path, command, there, capsys):
    """Tables, parts, store, journal, ledger, manifest; in a folder that others could look into before, too."""
    out, done = tmp_path / "out", tmp_path / "done"
    if there:
        out.mkdir()
        assert out.stat().st_mode & 0o077
    more = ["--done", str(done), "--once", "--settle", "0", "--patience", "0"] if command == "watch" else []
    main([command, str(inbox), "--out", str(out), "--jobs", "1", *more])
    assert open_to_others(out) == []
    assert {"qagaz.db", "cells.csv", "cells.parquet", "parts", "manifest.json"} <= {p.name for p in out.iterdir()}
    assert ("only its owner" in capsys.readouterr().err) == there


def test_what_an_earlier_version_left_open_is_closed(inbox, tmp_path):
    """The folder and what lies in it; what others may look into no more is no trouble below."""
    out = tmp_path / "out"
    main(["read", str(inbox), "--out", str(out), "--jobs", "1"])
    for path in (out, *out.iterdir()):
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert make_private(out) is Found.OPEN
    assert open_to_others(out) == []
    assert make_private(out) is Found.CLOSED


def test_a_folder_with_other_things_in_it_is_left_as_it_is(inbox, tmp_path, capsys):
    """It may be shared on purpose; the results in it are closed all the same."""
    out = tmp_path / "shared"
    out.mkdir()
    (out / "notes.txt").write_text("for everybody")
    main(["read", str(inbox), "--out", str(out), "--jobs", "1"])
    assert out.stat().st_mode & 0o077
    assert (out / "notes.txt").stat().st_mode & 0o044
    own = {p.name: p.stat().st_mode & 0o077 for p in out.iterdir() if p.name != "notes.txt"}
    assert set(own.values()) == {0}, own
    assert "other things" in capsys.readouterr().err


def test_links_are_not_followed(tmp_path):
    """A link in a result folder must not close something elsewhere."""
    (tmp_path / "out" / "parts").mkdir(parents=True)
    (tmp_path / "elsewhere").write_text("x")
    (tmp_path / "out" / "link").symlink_to(tmp_path / "elsewhere")
    make_private(tmp_path / "out")
    assert (tmp_path / "elsewhere").stat().st_mode & 0o066 == 0o066


def test_what_the_station_keeps_is_its_owners_alone(inbox, tmp_path, monkeypatch):
    """Database with its log and index, uploads, pictures, crops, exports, while it runs."""
    out = tmp_path / "out"
    page = tmp_path / "page.png"
    Image.new("L", (200, 100), 255).save(page)

    def serve(desk, **_):
        with desk.store.database.writing() as session:
            came_in(session, Source("f" * 64, "a.pdf", page))
        with page.open("rb") as sent:
            Uploads(desk.folder / "uploads", 1, 1 << 20).keep(Sent("a.png", sent))
        paper = Source("e" * 64, "page.png", page)
        monkeypatch.setattr(desk.album._whereabouts, "find", lambda _paper: page)
        desk.album.crop(paper, 1, (10.0, 10.0, 60.0, 30.0), 0)
        with desk.store.leaving() as leaving:
            desk.deliver(_own_folder(desk.folder / "exports") / "qagaz.csv.zip", leaving)
        names = {path.name for path in out.rglob("*")}
        assert {"qagaz.db", "qagaz.db-wal", "qagaz.db-shm", "1.jpg", "qagaz.csv.zip"} <= names
        assert open_to_others(out) == []

    monkeypatch.setattr("uvicorn.run", serve)
    monkeypatch.setattr("review.station.app.build", lambda desk: desk)
    assert main(["review", str(out)]) == 0


def test_every_command_writes_for_its_owner(tmp_path):
    """Whatever it writes, and wherever: what is exported, drawn or typed as well."""
    main(["--version"])
    assert os.umask(0) == 0o077


@pytest.mark.parametrize("command", ["read", "watch"])
def test_nothing_personal_is_said(inbox, tmp_path, command, capfd, caplog):
    """No number, telephone or figure. `read` names the files it rejects to whoever started it; `watch` does not."""
    caplog.set_level(logging.INFO)
    more = ["--once", "--settle", "0", "--patience", "0"] if command == "watch" else []
    main([command, str(inbox), "--out", str(tmp_path / "out"), "--jobs", "1", "--language", "ru", *more])
    said = "".join((*capfd.readouterr(), caplog.text))
    numbers = [fakes.bin_of(source) for source in _sources(inbox)]
    assert len(numbers) == 5
    assert [word for word in (PHONE, FIGURE, *numbers) if word in said] == []
    lines = [line for line in said.splitlines() if NAME in line]
    assert len(lines) == (3 if command == "read" else 0)
    assert all("Отклонено" in line for line in lines)
    assert "{" not in said


def _sources(inbox):
    return list(find_sources([inbox]).sources)


def test_a_station_that_stumbles_over_a_paper_says_nothing_of_it(inbox, tmp_path, capfd, caplog, monkeypatch):
    """What is unforeseen is told by its kind and place; the error's words may be somebody's."""
    caplog.set_level(logging.INFO)

    def stumbles(*_):
        raise ValueError(f"{NAME} {PHONE}")

    monkeypatch.setattr("qagaz.filing.put_form", stumbles)
    out = tmp_path / "out"
    out.mkdir()
    sources = _sources(inbox)[:1]
    with Store.beside(out) as store:
        with store.database.writing() as session:
            for source in sources:
                came_in(session, source, state="waiting")
        with ReadingRoom(
            store, out, Setting(fakes.equip, lambda: "v", jobs=1, look_seconds=0.05, trouble_seconds=0.05)
        ):
            end = now().timestamp() + 60
            while "ValueError" not in caplog.text and now().timestamp() < end:
                with store.database.reading() as session:
                    assert session.get_one(Paper, sources[0].sha256).state not in {READ, REJECTED}
    said = "".join((*capfd.readouterr(), caplog.text))
    assert "ValueError" in said
    assert NAME not in said
    assert PHONE not in said
