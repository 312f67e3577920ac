"""A file whose end is missing, at whatever byte it was cut, is told from a whole one."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from qagaz.hot.whole import is_unfinished, is_whole, written_now


def picture(form: str, pages: int = 1, seed: int = 0, **how) -> bytes:
    """A small picture file."""
    noise = Image.frombytes("L", (40, 30), random.Random(seed).randbytes(1200))
    told = io.BytesIO()
    more = {"save_all": True, "append_images": [noise] * (pages - 1)} if pages > 1 else {}
    noise.save(told, form, **more, **how)
    return told.getvalue()


KINDS = {
    "tiff": picture("TIFF", compression="tiff_lzw"),
    "tiff-pages": picture("TIFF", 3, compression="tiff_deflate"),
    "tiff-plain": picture("TIFF", 2),
    "tiff-big": picture("TIFF", big_tiff=True),
    "jpeg": picture("JPEG"),
    "png": picture("PNG"),
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_is_whole(tmp_path, kind):
    """As its writer leaves it, and with a little behind its end."""
    (tmp_path / "a").write_bytes(KINDS[kind])
    (tmp_path / "b").write_bytes(KINDS[kind] + bytes(20))
    assert is_whole(tmp_path / "a")
    assert is_whole(tmp_path / "b")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_cut_anywhere_is_not(tmp_path, kind):
    """Up to the last bytes, which may be padding or a line's end."""
    whole, path = KINDS[kind], tmp_path / f"a.{kind.partition('-')[0]}"
    for length in {*range(0, len(whole) - 14, 17), *range(min(20, len(whole) - 14)), len(whole) - 15}:
        path.write_bytes(whole[:length])
        assert not is_whole(path), length


def test_a_directory_that_leads_back_to_itself_ends(tmp_path):
    """A TIFF made by hand to be followed for ever."""
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0\x08\0\0\0" + b"\0\0" + b"\x08\0\0\0")
    assert is_whole(path)


def test_names_of_what_is_not_finished():
    """Programs rename when they are done."""
    assert all(map(is_unfinished, ["a.pdf.part", "a.PDF.TMP", "a.filepart", "~$a.pdf", "a.pdf~", "a.crdownload"]))
    assert not any(map(is_unfinished, ["a.pdf", "party.pdf", "tmp.tif", "a~b.pdf"]))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="Linux only")
def test_a_file_that_is_open_to_write_shows(tmp_path):
    """And one that is only read does not."""
    read, written = tmp_path / "read", tmp_path / "written"
    read.touch()
    with written.open("w"), read.open():
        assert {str(written)} == written_now() & {str(read), str(written)}
    assert str(written) not in written_now()
