"""Intake in the browser: files are handed in, watched while they are read, and the batch is reconciled."""

from __future__ import annotations

import errno
import io
import json
import re
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from extract.intake import open_pages
from layouts.words import LANGUAGES, say
from qagaz.intake import ReadingRoom, Setting
from qagaz.limits import Limits
from review.pictures import Album
from review.station.desk import Desk
from review.work.schema import Arrival, Paper
from tests.qagaz import fakes

FRAGMENT = {"x-requested-with": "qagaz"}


@pytest.fixture
def desk(store, tmp_path):
    """A desk with a reading room, whose fake pipeline makes of a file what its words order."""
    pace = {"look_seconds": 0.05, "idle_seconds": 5.0, "trouble_seconds": 0.05}
    setting = Setting(fakes.equip, lambda: "versions", Limits(base_seconds=2.0, page_seconds=0.0), 1, **pace)
    with ReadingRoom(store, tmp_path, setting) as room:
        album = Album(tmp_path / "pictures", open_pages)
        yield Desk(store, tmp_path, album, lambda _path, figures: len(list(figures)), room, largest=1 << 20)


def paper(words, name="x"):
    return f"%PDF-{name} {words}".encode()


def batch_of(person, *, name="12 марта", office="Алматы", papers="", pages=""):
    """Open a batch; its address."""
    told = person.say(
        "/intake", name=name, department=office, received="2026-03-12", papers=papers, pages=pages, note=""
    )
    assert told.status_code == 200, told.text
    return told.url.path


def send(person, batch, *files, fragment=True, **fields):
    """Send files as the page does."""
    sent = [("papers", (name, io.BytesIO(data), "application/octet-stream")) for name, data in files]
    headers = FRAGMENT if fragment else {}
    return person.post(f"{batch}/papers", data={"form_key": person.key, **fields}, files=sent, headers=headers)


def told(answer):
    return [(each["file"], each["what"]) for each in answer.json()["files"]]


def kept(desk):
    """What lies in the folder of uploads."""
    return sorted(path.relative_to(desk.folder / "uploads") for path in (desk.folder / "uploads").rglob("*"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_handed_in_read_and_reconciled(browse, desk, tmp_path, shot, language):
    """From a new batch to a closed one; what came is seen while it is read, and what differs is named."""
    scans = tmp_path / "scans"
    scans.mkdir()
    for name, words in {"a": "form doubt", "b": "notice", "c": "slow"}.items():
        (scans / f"{name}.pdf").write_bytes(paper(words, name))
    (scans / "copy of a.pdf").write_bytes(paper("form doubt", "a"))
    (scans / "letter.pdf").write_bytes(b"PK\x03\x04 a zip by another name")
    page = browse("saule", language=language)
    page.goto("/intake")
    page.fill("[name=name]", "Почта 12 марта")
    page.fill("[name=department]", "Алматы")
    page.fill("[name=papers]", "5")
    page.fill("[name=pages]", "3")
    page.click("[action='/intake'] button.main")
    page.wait_for_url("**/intake/1")
    files = sorted(scans.iterdir())
    page.set_input_files("[name=papers][type=file]", files)
    chosen = page.locator("label:has([type=file][name=papers]) output")
    expect(chosen).to_have_text(say("station.chosen-many", {"n": len(files)}, language))
    page.click("#upload button.main")
    page.wait_for_selector("#came .differences")
    shown = page.inner_text("#came")
    assert say("station.intake-papers-lacking", {"count": 1}, language) in shown
    for kind, name in (("refused", "letter.pdf"), ("copy", "copy of a.pdf")):
        assert f"{say(f'station.intake-named-{kind}', {'count': 1}, language)} {name}" in shown
    spoken = say("station.intake-spoken", {"done": 3, "all": 3, "rejected": 0}, language)
    expect(page.locator("#spoken")).to_have_text(spoken)
    expect(chosen).to_have_text(say("station.chosen-none", {}, language))
    expect(page.locator("#stop")).to_be_hidden()
    shot(page, f"intake-{language}")
    page.fill("[name=why]", "Один бланк оказался письмом")
    page.click("form.closing button")
    page.wait_for_selector(".closed")
    assert "Один бланк оказался письмом" in page.inner_text(".closed")
    assert page.wrong == []


def test_a_file_that_hangs_is_rejected_and_the_rest_is_read(person, desk):
    """With the reason in words; who hands in without a script sees the same."""
    asel = person("asel")
    batch = batch_of(asel)
    send(asel, batch, ("hang.pdf", paper("hang")), ("good.pdf", paper("form")), fragment=False)
    shown = wait_for(asel, batch, lambda text: 'data-unread="0"' in text)
    assert "hang.pdf: истекло время" in shown
    assert "прочитан</span>" in shown


def wait_for(someone, batch, fits):
    """The changing part of a batch's page, once it is so."""
    for _ in range(400):
        text = someone.get(f"{batch}/papers", headers=FRAGMENT, params={}).text
        if fits(text):
            return text
        time.sleep(0.05)
    raise AssertionError(text)


@pytest.mark.parametrize(
    ("sent", "called"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ("a\nb\r\x00c.pdf", "a%0Ab%0Dc.pdf"),
        ("\u202efdp.exe\u200b.pdf", "fdp.exe.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("ә" * 300 + ".pdf", "ә" * 115 + "….pdf"),
        ("..", "?"),
        ("CON.pdf", "CON.pdf"),
    ],
)
def test_whatever_a_file_is_called_it_lies_under_its_hash(person, desk, sent, called):
    """The name is text that is shown, harmless and escaped; it is never part of a path."""
    asel = person("asel")
    batch = batch_of(asel)
    answer = raw(asel, batch, sent, paper("form"))
    assert told(answer) == [(called, "paper")]
    (folder, file) = kept(desk)
    assert re.fullmatch(r"1/[0-9a-f]{64}\.pdf", str(file))
    assert (desk.folder / "uploads" / file).stat().st_mode & 0o777 == 0o600
    assert (desk.folder / "uploads" / folder).stat().st_mode & 0o777 == 0o700
    assert "<img src=x" not in asel.get(batch).text


def raw(person, batch, name, data):
    """A request whose file name is sent as it is, whatever is in it."""
    quoted = name.replace('"', "%22").encode()
    body = b'--x\r\nContent-Disposition: form-data; name="form_key"\r\n\r\n' + person.key.encode() + b"\r\n"
    escaped = quoted.replace(b"\r", b"%0D").replace(b"\n", b"%0A")
    body += b'--x\r\nContent-Disposition: form-data; name="papers"; filename="' + escaped + b'"\r\n\r\n' + data
    body += b"\r\n--x--\r\n"
    headers = FRAGMENT | {"content-type": "multipart/form-data; boundary=x"}
    return person.post(f"{batch}/papers", content=body, headers=headers)


def test_only_papers_are_taken(person, desk):
    """By content, not by ending; nothing of the others stays on the disk."""
    asel = person("asel")
    batch = batch_of(asel)
    files = [
        ("zip.pdf", b"PK\x03\x04" + b"0" * 100),
        ("empty.pdf", b""),
        ("page.html", b"<script>alert(1)</script>"),
        ("big.pdf", paper("form") + b"0" * (desk.largest // 2)),
        ("photo.gif", b"GIF89a" + b"0" * 50),
    ]
    answer = send(asel, batch, *files)
    assert told(answer) == [(name, "paper" if name == "big.pdf" else "refused") for name, _ in files]
    assert len(kept(desk)) == 2
    assert send(asel, batch, ("huge.pdf", paper("form") + b"0" * desk.largest)).status_code == 413
    shown = asel.get(batch).text
    assert "Файл пуст." in shown
    assert "Это не PDF" in shown


def test_a_picture_that_claims_to_be_huge_is_only_kept(person, desk):
    """It is opened by a process of its own alone, within limits."""
    asel = person("asel")
    batch = batch_of(asel)
    header = struct.pack(">IIBBBBB", 1 << 30, 1 << 30, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    assert told(send(asel, batch, ("bomb.png", b"\x89PNG\r\n\x1a\n" + chunk))) == [("bomb.png", "paper")]
    assert "отклонён" in wait_for(asel, batch, lambda text: 'data-unread="0"' in text)


def test_the_same_bytes_are_told_and_not_kept_twice(person, desk):
    """Within a batch and in another one; what another department handed in is not named."""
    asel, bolat = person("asel"), person("bolat")
    first, second = batch_of(asel, office="Астана"), batch_of(bolat)
    assert told(send(asel, first, ("a.pdf", paper("form")), ("b.pdf", paper("form")))) == [
        ("a.pdf", "paper"), ("b.pdf", "copy"),
    ]  # fmt: skip
    answer = send(bolat, second, ("c.pdf", paper("form")))
    assert told(answer) == [("c.pdf", "copy")]
    assert "a.pdf" not in answer.text
    assert [path.suffix for path in kept(desk) if path.suffix] == [".pdf"]
    assert (desk.folder / "uploads" / kept(desk)[1]).exists()


def test_pictures_are_the_pages_of_one_paper(person, desk):
    """In the natural order of their names, named after their folder."""
    asel = person("asel")
    batch = batch_of(asel)
    pages = [(f"folder/form 7/page-{number}.png", picture(number)) for number in (10, 2, 1)]
    assert told(send(asel, batch, *pages, pages="1")) == [("form 7", "paper")]
    with desk.store.database.reading() as session:
        (paper_,) = session.scalars(select(Paper))
        folder = Path(paper_.path)
    assert [width(each) for each in sorted(folder.iterdir())] == [11, 12, 20]
    answer = send(asel, batch, ("a.png", picture(1)), ("b.pdf", paper("form")), pages="1")
    assert told(answer) == [("a.png: b.pdf", "refused")]
    assert len(list((desk.folder / "uploads" / "1").iterdir())) == 1


def width(path):
    with Image.open(path) as page:
        return page.width


def picture(number):
    file = io.BytesIO()
    Image.new("L", (10 + number, 10), 255).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG])
def test_a_full_disk_is_told_and_leaves_nothing(person, desk, monkeypatch, number):
    """Neither a file nor a row."""
    asel = person("asel")
    batch = batch_of(asel)

    def full(_descriptor):
        raise OSError(number, "full")

    with monkeypatch.context() as patched:
        patched.setattr("review.station.uploads.os.fsync", full)
        answer = send(asel, batch, ("a.pdf", paper("form")))
    assert answer.status_code == 409
    assert "На диске нет места" in answer.json()["trouble"]
    assert list((desk.folder / "uploads" / "1").iterdir()) == []
    with desk.store.database.reading() as session:
        assert session.scalars(select(Arrival)).all() == []
    assert told(send(asel, batch, ("a.pdf", paper("form")))) == [("a.pdf", "paper")]


def test_a_batch_is_for_those_who_may_see_it(person, desk):
    """Another department's answers like one that does not exist; an auditor looks and changes nothing."""
    asel, bolat, anna = person("asel"), person("bolat"), person("anna")
    batch = batch_of(asel, office="Астана")
    for path in ("", "/papers"):
        theirs, nobodys = bolat.get(f"{batch}{path}"), bolat.get(f"/intake/999{path}")
        assert theirs.status_code == nobodys.status_code == 409
        assert theirs.text.replace(batch, "") == nobodys.text.replace("/intake/999", "")
    assert send(bolat, batch, ("a.pdf", paper("form"))).json() == {"trouble": "Такой пачки нет."}
    assert batch not in bolat.get("/intake").text
    assert "Алматы" in bolat.get("/intake").text
    assert bolat.say("/intake", name="x", department="Астана", received="2026-03-12").status_code == 409
    assert anna.get(batch).status_code == 200
    assert send(anna, batch, ("a.pdf", paper("form"))).status_code == 403
    assert asel.post(f"{batch}/papers", files={"papers": ("a.pdf", b"%PDF-")}).status_code == 403
    assert not (desk.folder / "uploads").exists()


def test_a_batch_holds_so_many_files_and_no_more(person, desk):
    """The rest is told."""
    asel = person("asel")
    batch = batch_of(asel)
    object.__setattr__(desk, "most_files", 1)
    answer = send(asel, batch, ("a.pdf", paper("form", "a")), ("b.pdf", paper("form", "b")))
    assert "не больше 1 файлов" in json.loads(answer.text)["trouble"]


def test_a_link_is_not_followed_when_files_are_kept(person, desk, tmp_path):
    """Somebody who may write beside the uploads gains nothing by it."""
    asel = person("asel")
    batch = batch_of(asel)
    outside = tmp_path / "outside"
    outside.mkdir()
    (desk.folder / "uploads").mkdir()
    (desk.folder / "uploads" / "1").symlink_to(outside)
    answer = send(asel, batch, ("a.pdf", paper("form")))
    assert answer.status_code == 409
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_dropped_on_the_page(browse, desk, person, language):
    """What is dropped is handed in as what is chosen; what is no paper is told, and the page says where to drop."""
    batch = batch_of(person("asel"))
    page = browse("asel", language=language)
    page.goto(batch)
    expect(page.locator("#upload .scripted.soft")).to_have_text(say("station.intake-or-drop", {}, language))
    dropped = page.evaluate_handle(
        """files => {
          const dropped = new DataTransfer();
          for (const [name, words] of files) dropped.items.add(new File([words], name));
          return dropped;
        }""",
        [["a.pdf", paper("form").decode()], ["b.pdf", paper("notice").decode()], ["letter.txt", "Құрметті"]],
    )
    page.dispatch_event("#upload", "dragenter", {"dataTransfer": dropped})
    assert "over" in page.get_attribute("#upload", "class")
    page.dispatch_event("#upload", "drop", {"dataTransfer": dropped})
    expect(page.locator("#sending-word")).to_have_text(say("station.intake-sent", {}, language))
    assert "over" not in page.get_attribute("#upload", "class")
    expect(page.locator("#came .progress")).to_have_attribute("data-unread", "0")
    expect(page.locator("#came")).to_contain_text("letter.txt")
    with desk.store.database.reading() as session:
        assert sorted(session.scalars(select(Paper.file))) == ["a.pdf", "b.pdf"]
    assert page.wrong == []
