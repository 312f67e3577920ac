"""Which files and folders are papers, what they are called, and what is said of those that are none."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from extract.intake import find_sources, open_pages
from layouts.errors import Rejected
from tests.extract.papers import make_pdf, noise, pages_of, table


def names(*inputs: Path, **options) -> list[str]:
    return [found.file for found in find_sources(list(inputs), **options).found]


def skipped(*inputs: Path) -> list[tuple[str, str]]:
    return [(item.file, item.reason) for item in find_sources(list(inputs)).skipped]


def refusal(path: Path) -> Rejected:
    with pytest.raises(Rejected) as caught:
        pages_of(path)
    return caught.value


def test_folders_are_walked_and_names_are_relative_to_the_input(tmp_path):
    (tmp_path / "day" / "sub").mkdir(parents=True)
    make_pdf(tmp_path / "day" / "sub" / "b.pdf", table)
    make_pdf(tmp_path / "day" / "a.pdf", table)
    assert names(tmp_path / "day") == ["a.pdf", "sub/b.pdf"]
    assert names(tmp_path / "day" / "sub" / "b.pdf") == ["b.pdf"]


def test_hidden_and_foreign_files_are_listed_as_skipped(tmp_path):
    (tmp_path / ".hidden.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "notes.txt").write_text("no paper")
    make_pdf(tmp_path / "a.pdf", table)
    assert names(tmp_path) == ["a.pdf"]
    assert skipped(tmp_path) == [(".hidden.pdf", "skipped.hidden"), ("notes.txt", "skipped.not-a-document")]


def test_a_file_that_was_named_is_never_skipped(tmp_path):
    (tmp_path / "notes.txt").write_text("no paper")
    assert names(tmp_path / "notes.txt") == ["notes.txt"]
    assert refusal(tmp_path / "notes.txt").message_id == "error.not-a-document"


def test_content_decides_not_the_ending(tmp_path):
    make_pdf(tmp_path / "scan.dat", table)
    noise(tmp_path / "picture.pdf", 50, 40, format="PNG")
    assert names(tmp_path) == ["picture.pdf", "scan.dat"]
    assert pages_of(tmp_path / "scan.dat")[0].kind == "text"
    assert pages_of(tmp_path / "picture.pdf")[0].unit == "px"


def test_text_called_pdf_in_a_folder_is_a_paper_that_is_rejected(tmp_path):
    (tmp_path / "fake.pdf").write_text("just words")
    (source,) = find_sources([tmp_path]).sources
    with pytest.raises(Rejected, match=r"error\.not-a-document"):
        list(open_pages(source))


def test_a_folder_of_numbered_pictures_is_one_paper_in_natural_order(tmp_path):
    folder = tmp_path / "day" / "photo"
    folder.mkdir(parents=True)
    for number in (10, 2, 1):
        noise(folder / f"page-{number}.jpg", 30 + number, 40)
    (folder / "Thumbs.db").write_bytes(b"x")
    (source,) = find_sources([tmp_path / "day"]).sources
    assert source.file == "photo"
    assert [page.width for page in open_pages(source)] == [31, 32, 40]
    hashes = [hashlib.sha256((folder / f"page-{n}.jpg").read_bytes()).hexdigest() for n in (1, 2, 10)]
    assert source.sha256 == hashlib.sha256("".join(hashes).encode()).hexdigest()


def test_unrelated_pictures_below_an_input_are_papers_of_their_own(tmp_path):
    folder = tmp_path / "day" / "drop"
    folder.mkdir(parents=True)
    noise(folder / "camomile.jpg", 30, 40)
    noise(folder / "tulip.png", 30, 40)
    assert names(tmp_path / "day") == ["drop/camomile.jpg", "drop/tulip.png"]
    assert names(folder) == ["drop"]


@pytest.mark.parametrize("other", ["form.pdf", "fax.tif", "sub"])
def test_a_folder_that_holds_other_papers_too_is_no_page_folder(tmp_path, other):
    noise(tmp_path / "page-1.jpg", 30, 40)
    noise(tmp_path / "page-2.jpg", 30, 40)
    if other == "sub":
        (tmp_path / "sub").mkdir()
    elif other.endswith("pdf"):
        make_pdf(tmp_path / other, table)
    else:
        noise(tmp_path / other, 30, 40)
    assert names(tmp_path)[-2:] == ["page-1.jpg", "page-2.jpg"]


def test_equal_names_get_as_much_of_their_roots_in_front_as_tells_them_apart(tmp_path):
    for root in ("x/day", "y/day", "z"):
        (tmp_path / root).mkdir(parents=True)
        make_pdf(tmp_path / root / "a.pdf", table)
    make_pdf(tmp_path / "z" / "b.pdf", table)
    roots = [tmp_path / root for root in ("x/day", "y/day", "z")]
    assert names(*roots) == ["b.pdf", "x/day/a.pdf", "y/day/a.pdf", "z/a.pdf"]
    assert names(roots[0], roots[2]) == ["b.pdf", "day/a.pdf", "z/a.pdf"]


def test_overlapping_inputs_count_once(tmp_path):
    (tmp_path / "sub").mkdir()
    make_pdf(tmp_path / "sub" / "a.pdf", table)
    assert names(tmp_path, tmp_path / "sub", tmp_path / "sub" / "a.pdf") == ["sub/a.pdf"]


def test_excluded_folders_are_left_out(tmp_path):
    (tmp_path / "out").mkdir()
    noise(tmp_path / "out" / "drawn.png", 30, 40)
    make_pdf(tmp_path / "a.pdf", table)
    assert names(tmp_path, exclude=[tmp_path / "out"]) == ["a.pdf"]


def test_links_and_pipes_in_folders_are_not_followed(tmp_path):
    outside = make_pdf(tmp_path / "outside.pdf", table)
    day = tmp_path / "day"
    day.mkdir()
    (day / "link.pdf").symlink_to(outside)
    (day / "loop").symlink_to(day)
    os.mkfifo(day / "pipe.pdf")
    assert names(day) == []
    assert skipped(day) == [
        ("link.pdf", "skipped.link"),
        ("loop", "skipped.link"),
        ("pipe.pdf", "skipped.special"),
    ]
    assert refusal(day / "pipe.pdf").message_id == "error.not-a-document"
    assert names(day / "link.pdf") == ["link.pdf"]


def test_odd_names_survive(tmp_path):
    make_pdf(tmp_path / "two\nlines, «қағаз».pdf", table)
    (tmp_path / os.fsdecode(b"bytes-\xff.pdf")).touch()
    assert names(tmp_path) == ["bytes-\\xff.pdf", "two\nlines, «қағаз».pdf"]
    assert all(name.encode() for name in names(tmp_path))


def test_the_source_is_the_hash_of_the_bytes(tmp_path):
    path = make_pdf(tmp_path / "a.pdf", table)
    (source,) = find_sources([path]).sources
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_input_that_is_not_there_is_rejected(tmp_path):
    assert refusal(tmp_path / "absent.pdf").message_id == "error.unreadable"


def test_an_unreadable_folder_is_rejected_and_the_rest_is_read(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir()
    make_pdf(tmp_path / "a.pdf", table)
    scandir, iterdir = os.scandir, Path.iterdir

    def refuse(path="."):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(Path, "iterdir", lambda path: refuse(path) if path.name == "locked" else iterdir(path))
    readable, locked = find_sources([tmp_path]).sources
    assert (readable.file, locked.file, locked.sha256) == ("a.pdf", "locked", "")
    with pytest.raises(Rejected, match=r"error\.unreadable"):
        list(open_pages(locked))


def test_an_empty_folder_holds_nothing(tmp_path):
    assert names(tmp_path) == []


def huge_png(path: Path) -> Path:
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def encrypted(path: Path) -> Path:
    canvas = Canvas(str(path), encrypt=pdfencrypt.StandardEncryption("secret", "owner"))
    canvas.drawString(50, 50, "hidden")
    canvas.save()
    return path


def truncated(path: Path) -> Path:
    whole = make_pdf(path, table, table).read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    return path


def pageless(path: Path) -> Path:
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"), 1):
        offsets.append(len(data))
        data += b"%d 0 obj%sendobj\n" % (number, body)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 3\n0000000000 65535 f \n" + entries + b"trailer<</Root 1 0 R/Size 3>>\n"
    path.write_bytes(data + table + b"startxref\n%d\n%%%%EOF\n" % len(data))
    return path


def cut_jpeg(path: Path) -> Path:
    whole = noise(path, 200, 300).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def empty(path: Path) -> Path:
    path.touch()
    return path


def oversized_page(path: Path) -> Path:
    return make_pdf(path, table, size=(14_400, 14_400))


@pytest.mark.parametrize(
    ("make", "name", "problem"),
    [
        (empty, "e.pdf", "error.empty-file"),
        (truncated, "t.pdf", "error.truncated-pdf"),
        (encrypted, "c.pdf", "error.encrypted-pdf"),
        (pageless, "n.pdf", "error.no-pages"),
        (huge_png, "h.png", "error.image-too-large"),
        (cut_jpeg, "j.jpg", "error.broken-page"),
        (oversized_page, "o.pdf", "error.image-too-large"),
    ],
)
def test_bad_files_are_rejected_with_a_reason(tmp_path, make, name, problem):
    error = refusal(make(tmp_path / name))
    assert error.message_id == problem
    assert error.exit_code == 4
    assert error.parameters["file"] == name


def test_one_bad_page_rejects_its_page_folder_by_number(tmp_path):
    noise(tmp_path / "p1.png", 30, 40)
    (tmp_path / "p2.png").touch()
    error = refusal(tmp_path)
    assert (error.message_id, error.parameters["page"]) == ("error.empty-file", "2")


def test_a_tiff_of_several_kinds_of_pages_is_read_page_by_page(tmp_path):
    first, second = Image.new("1", (300, 200), 1), Image.new("RGB", (100, 50), (255, 0, 0))
    first.encoderinfo = {"compression": "group4"}
    first.save(tmp_path / "fax.tif", save_all=True, append_images=[second])
    assert [page.picture.shape for page in pages_of(tmp_path / "fax.tif")] == [(200, 300), (50, 100, 3)]
