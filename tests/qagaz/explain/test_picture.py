"""The picture of one value: cut out of the paper that was read, wherever that lies now."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from extract.intake import open_pages
from extract.records import Source
from qagaz.crop import cut_out, find_paper
from qagaz.explain import ExplainError
from tests.qagaz import fakes


@pytest.fixture
def paper(tmp_path):
    """A page with a black square where the fake form's cells stand, in a folder, and the source of its bytes."""
    page = np.full((600, 400), 255, np.uint8)
    page[24:36, 14:26] = 0
    path = tmp_path / "in" / "moved" / "other-name.png"
    path.parent.mkdir(parents=True)
    Image.fromarray(page).save(path)
    Image.new("L", (9, 9)).save(path.with_name("not a page.png"))
    return Source(hashlib.sha256(path.read_bytes()).hexdigest(), "a.png", path)


def test_the_crop_is_cut_out_of_the_stored_page_in_a_frame(kept, explained, paper, tmp_path):
    """The ink in the middle as it is on the page, what is around it, and a red frame outside the box."""
    kept(fakes.make_form(paper), file="a.png")
    found = explained(file="a.png")
    picture = cut_out(found, find_paper(found, tmp_path / "out", tmp_path / "in"), 0, open_pages)
    assert picture.size == (30 + 24, round(40.5 + 30.75))  # cut off at the page's left and upper edge
    assert picture.getpixel((20, 30)) == (0, 0, 0)
    assert picture.getpixel((31, 30))[0] > picture.getpixel((31, 30))[1] + 100
    assert cut_out(found, paper, 90, open_pages).size == picture.size[::-1]


def test_a_paper_is_known_by_its_bytes_not_by_its_name(kept, explained, paper, tmp_path):
    """Another file of the same name is not taken for it."""
    kept(fakes.make_form(paper), file="a.png")
    found = explained(file="a.png")
    folder = tmp_path / "else"
    folder.mkdir()
    Image.new("L", (400, 600)).save(folder / "a.png")
    with pytest.raises(ExplainError, match=r"explain-no-paper.*else"):
        find_paper(found, tmp_path / "out", folder)
    assert find_paper(found, tmp_path / "out", paper.path).path == paper.path


def test_a_place_that_stands_nowhere_has_no_picture(kept, explained, paper):
    """Its page is missing."""
    form = fakes.make_form(paper)
    first = form.cells[0]
    lost = replace(first, figure=replace(first.figure, reading=replace(first.figure.reading, page=0, box=None)))
    kept(replace(form, cells=(lost, *form.cells[1:])), file="a.png")
    with pytest.raises(ExplainError, match="explain-no-box"):
        cut_out(explained(file="a.png"), paper, 0, open_pages)


def test_the_command_writes_the_picture(command, paper, tmp_path):
    """Beside the history, which comes all the same where the paper is gone."""
    go = command("form")
    target = tmp_path / "cell.png"
    status, out, err = go("explain", "a.pdf", "1", "s2/1/1", "--picture", str(target), "--input", str(paper.path))
    assert (status, target.exists()) == (2, False)
    assert "12.5" in out
    assert "--input" in err
