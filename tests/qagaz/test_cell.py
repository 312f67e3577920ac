"""`qagaz cell`: pictures in, readings out, and a clear word on what cannot be read."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from qagaz import cli
from tests.extract.drawn import type_text

DPI = 200


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("QAGAZ_LANGUAGE", "en")


def drawn(text: str, width: int = 200) -> Image.Image:
    """A ruled cell with typed figures at 200 dpi."""
    page = np.full((64, width), 235, np.uint8)
    if text:
        type_text(page, text, 40, 18, 25)
    page[2:4] = page[-4:-2] = 60
    page[:, 2:4] = page[:, -4:-2] = 60
    return Image.fromarray(page)


def told(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_figures_their_amount_and_their_readers_are_told(tmp_path, capsys):
    """One block a picture, best reading first."""
    drawn("7 104,5").save(tmp_path / "a.png", dpi=(DPI, DPI))
    assert cli.main(["cell", str(tmp_path / "a.png"), "--top", "1"]) == 0
    head, reading = capsys.readouterr().out.splitlines()
    assert head.endswith("a.png: typed, ink >99.9 %, 200 dpi (told by the file)")
    assert "7 104,5" in reading
    assert "7104.5 thousand tenge" in reading
    assert "figurenet/" in reading
    assert "ppocr-" in reading


def test_an_ambiguous_mark_means_two_amounts(tmp_path, capsys):
    """12.345 may be either, and a person would look."""
    drawn("12.345").save(tmp_path / "a.png", dpi=(DPI, DPI))
    assert cli.main(["cell", str(tmp_path / "a.png"), "--json"]) == 0
    (line,) = told(capsys)
    amounts = [amount["thousand_tenge"] for amount in line["readings"][0]["amounts"]]
    assert sorted(amounts) == ["12.345", "12345"]
    assert "ambiguous-mark" in line["reasons"]


def test_folders_are_read_in_natural_order_and_tiffs_page_by_page(tmp_path, capsys):
    """What is no picture is passed over; each page of a TIFF is a cell."""
    folder = tmp_path / "crops"
    (folder / "more").mkdir(parents=True)
    drawn("10").save(folder / "c-10.png")
    drawn("2").save(folder / "c-2.jpg", quality=95)
    drawn("31").save(folder / "more" / "z.tif", save_all=True, append_images=[drawn("")], dpi=(DPI, DPI))
    (folder / "notes.txt").write_text("12", encoding="utf-8")
    (folder / ".hidden.png").write_bytes(b"")
    assert cli.main(["cell", str(folder), "--json", "--dpi", str(DPI)]) == 0
    lines = told(capsys)
    names = [(line["file"].rpartition("/")[2], line["page"]) for line in lines]
    assert names == [("c-2.jpg", 1), ("c-10.png", 1), ("z.tif", 1), ("z.tif", 2)]
    best = [line["readings"][0]["text"] if line["readings"] else "" for line in lines]
    assert best == ["2", "10", "31", ""]
    assert [line["kind"] for line in lines] == ["typed", "typed", "typed", "blank"]
    assert {line["dpi_from"] for line in lines} == {"given"}


@pytest.mark.parametrize(
    ("name", "content", "error", "remedy"),
    [
        ("a.png", b"", "empty-file", "Save or copy it again"),
        ("b.png", b"\x89PNG\r\n\x1a\nnothing", "broken-page", "Scan it again"),
        ("c.txt", b"12 345", "no-cell-picture", "PNG, JPEG or TIFF"),
        ("d.pdf", b"%PDF-1.7\n", "no-cell-picture", "qagaz read"),
    ],
)
def test_a_bad_file_is_named_with_its_remedy_and_stops_nothing(tmp_path, capsys, name, content, error, remedy):
    """Exit status 4; the good pictures before and after it are read."""
    good = tmp_path / "good.png"
    drawn("58").save(good, dpi=(DPI, DPI))
    (tmp_path / name).write_bytes(content)
    assert cli.main(["cell", str(good), str(tmp_path / name), str(good), "--json"]) == 4
    out, err = capsys.readouterr()
    first, bad, last = (json.loads(line) for line in out.splitlines())
    assert first == last
    assert (bad["file"], bad["error"]) == (str(tmp_path / name), error)
    assert name in err
    assert remedy in err


def test_a_missing_file_and_an_empty_folder_end_with_4(tmp_path, capsys):
    """Nothing is read, and both are named."""
    assert cli.main(["cell", str(tmp_path / "none.png"), str(tmp_path)]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert "none.png: cannot be read" in err
    assert "holds no picture" in err


def test_a_photo_turned_by_its_header_is_read_upright(tmp_path, capsys):
    """As a phone stores it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn("2 047").rotate(90, expand=True).save(tmp_path / "a.jpg", exif=exif, quality=95)
    assert cli.main(["cell", str(tmp_path / "a.jpg"), "--json", "--dpi", str(DPI)]) == 0
    (line,) = told(capsys)
    assert line["readings"][0]["text"].replace(" ", "") == "2047"


def test_no_picture_named_is_a_usage_error():
    """As with every command."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["cell"])
    assert caught.value.code == 2
