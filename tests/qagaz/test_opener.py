"""Papers opened in a closed process: the same pages, the same refusals, and nothing believed that makes no sense."""

from __future__ import annotations

import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from extract.intake import open_pages, sha256_of
from extract.records import Source
from layouts.errors import Rejected
from qagaz import confine
from qagaz.confine import NETWORK
from qagaz.limits import Limits
from qagaz.opener import Opener, _page_of
from qagaz.scratch import PREFIX
from tests.qagaz.machines import wait_for

HELD = confine.offered()
NOWHERE = Source("0" * 64, "a.pdf", Path("a.pdf"))
PAGE = {
    "kind": "scan", "unit": "px", "width": 3.0, "height": 2.0, "scale": 1.0, "stretch": 1.0, "shape": [2, 3],
    "words": [], "segments": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def opener():
    with Opener() as opener:
        yield opener


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """One of each kind, of three pages."""
    folder = tmp_path_factory.mktemp("papers")
    shades = [np.full((60 + number, 40), 80 * number, np.uint8) for number in range(3)]
    pictures = [Image.fromarray(shade) for shade in shades]
    pictures[0].save(folder / "a.tif", save_all=True, append_images=pictures[1:], dpi=(204, 98))
    (folder / "paper").mkdir()
    for number, shade in enumerate(shades, 1):
        cv2.imwrite(str(folder / "paper" / f"page-{number}.png"), cv2.cvtColor(shade, cv2.COLOR_GRAY2BGR))
    drawing = canvas.Canvas(str(folder / "a.pdf"))
    for number in range(3):
        for row in range(12):
            drawing.drawString(72, 700 - 20 * row, f"page {number} row {row} «Х» 1 250,5")
            drawing.line(70, 696 - 20 * row, 400, 696 - 20 * row)
        drawing.showPage()
    drawing.save()
    return {name: Source(sha256_of(folder / name), name, folder / name) for name in ("a.tif", "paper", "a.pdf")}


def same(page, other):
    names = [name for name in page.__slots__ if name != "picture"]
    assert [getattr(page, name) for name in names] == [getattr(other, name) for name in names]
    assert np.array_equal(page.picture, other.picture)


@pytest.mark.parametrize("name", ["a.tif", "paper", "a.pdf"])
def test_pages_are_those_that_a_reader_is_given(opener, papers, name):
    """With words and strokes, from any page on, and none after the last."""
    wanted = list(open_pages(papers[name]))
    found = list(opener.pages(papers[name]))
    assert len(found) == len(wanted) == 3
    for page, other in zip(found, wanted, strict=True):
        same(page, other)
    assert bool(found[0].words) == (name == "a.pdf")
    same(next(opener.pages(papers[name], 3)), wanted[2])
    same(next(opener.pages(papers[name], 2)), wanted[1])
    assert list(opener.pages(papers[name], 4)) == []


def test_what_does_not_open_is_refused_as_ever(opener, papers, tmp_path):
    """And what comes after it opens."""
    whole = papers["a.pdf"].path.read_bytes()
    (tmp_path / "b.pdf").write_bytes(whole[: len(whole) // 2])
    broken = Source("1" * 64, "in/b.pdf", tmp_path / "b.pdf")
    with pytest.raises(Rejected) as refused:
        next(opener.pages(broken))
    assert (refused.value.message_id, refused.value.parameters["file"]) == ("error.truncated-pdf", "in/b.pdf")
    with pytest.raises(Rejected) as refused:
        next(opener.pages(Source("2" * 64, "gone.pdf", tmp_path / "gone.pdf")))
    assert refused.value.message_id == "error.unreadable"
    assert len(list(opener.pages(papers["a.tif"]))) == 3


def test_a_process_that_was_ended_meanwhile_is_replaced(opener, papers):
    pages = opener.pages(papers["a.tif"])
    next(pages)
    opener._reader._process.kill()
    opener._reader._process.join()
    assert next(pages).number == 2


def test_a_paper_that_takes_too_long_ends_the_process(papers):
    with Opener(Limits(base_seconds=0.0, page_seconds=0.0)) as opener, pytest.raises(Rejected) as refused:
        next(opener.pages(papers["a.pdf"]))
    assert refused.value.message_id == "error.timeout"


def test_a_paper_that_ends_its_process_is_told_so(papers):
    with Opener() as opener:
        next(opener.pages(papers["a.tif"]))
        process = opener._reader._process
        opener._reader._connection.send("this is no order")  # stands for a library that breaks down
        wait_for(lambda: not process.is_alive())
        opener._reader._process = _Undead(process)
        with pytest.raises(Rejected) as refused:
            next(opener.pages(papers["a.pdf"]))
    assert refused.value.message_id == "error.crash"


class _Undead:
    """A process whose end has not been noticed yet."""

    def __init__(self, process):
        self._process = process

    def is_alive(self):
        return True

    def __getattr__(self, name):
        return getattr(self._process, name)


@pytest.mark.skipif(NETWORK not in HELD, reason="libseccomp is not installed")
def test_the_process_is_shut_in(opener, papers):
    """What that keeps it from is tested with the workers (test_confine.py)."""
    next(opener.pages(papers["a.tif"]))
    told = Path(f"/proc/{opener._reader._process.pid}/status").read_text(encoding="ascii")
    assert "NoNewPrivs:\t1\n" in told
    assert "Seccomp:\t2\n" in told


def test_nothing_of_a_paper_is_left(papers):
    def left():
        return set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*/paper"))

    before = left()
    with Opener() as opener:
        next(opener.pages(papers["a.tif"]))
        process = opener._reader._process
        assert left() - before
    assert process.exitcode == 0
    assert not left() - before


@pytest.mark.parametrize(
    "lie",
    [
        {"shape": [2, 2]}, {"shape": [0, 3]}, {"shape": [-2, -3]}, {"shape": [2, 3, 1]}, {"shape": ["a", 3]},
        {"kind": "x"},
        {"unit": "m"}, {"width": 0.0}, {"height": float("nan")}, {"scale": "1"}, {"stretch": None},
        {"words": [["a", 45, 0, 0, 1, 1]]}, {"words": [[1, 0, 0, 0, 1, 1]]}, {"words": [["a", 0, 0, 0, 1]]},
        {"segments": [[0, 0, 1, float("inf")]]}, {"segments": [[0, 0, 1]]}, {"segments": "ab"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_believed(lie):
    assert _page_of(NOWHERE, 1, PAGE, bytes(6)).picture.shape == (2, 3)
    with pytest.raises((ValueError, TypeError, KeyError)):
        _page_of(NOWHERE, 1, PAGE | lie, bytes(6))
