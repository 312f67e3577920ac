"""When a paper has arrived: its file, or all pages of a folder, quiet and whole."""

from __future__ import annotations

import os

import pytest

from qagaz.hot.glance import Glance, Pace
from tests.qagaz.hot.test_whole import picture

PAGE = picture("JPEG")
PDF = b"%PDF-1.7 %%EOF"


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def glance(tmp_path, clock):
    return Glance(tmp_path, [tmp_path / "done"], Pace(settle=10, patience=60), clock)


def names(glance):
    return [ready.found.file for ready in glance.ready()]


def after(clock, seconds, glance):
    clock.now += seconds
    return names(glance)


def test_a_file_is_ready_when_it_did_not_change_for_a_while(tmp_path, glance, clock):
    """And once more as long as nobody says that it is known."""
    (tmp_path / "a.pdf").write_bytes(PDF)
    assert names(glance) == []
    assert after(clock, 9, glance) == []
    assert after(clock, 1, glance) == ["a.pdf"]
    ready = glance.ready()[0]
    glance.know(ready.found.path, ready.mark)
    assert after(clock, 100, glance) == []
    assert glance.arriving == 0


def test_a_file_that_grows_is_waited_for(tmp_path, glance, clock):
    """Every change begins the wait anew; so does a change that leaves the size."""
    for length in range(3):
        (tmp_path / "a.pdf").write_bytes(PDF + bytes(length))
        assert after(clock, 9, glance) == []
    os.utime(tmp_path / "a.pdf", ns=(1, 1))
    assert after(clock, 9, glance) == []
    assert after(clock, 9, glance) == []
    assert after(clock, 9, glance) == ["a.pdf"]


def test_a_file_without_its_end_is_waited_for_up_to_a_limit(tmp_path, glance, clock):
    """Then it is read as it is: whoever reads it says what is wrong."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 half")
    (tmp_path / "b.pdf").write_bytes(b"")
    assert after(clock, 0, glance) == []
    assert after(clock, 59, glance) == []
    assert glance.arriving == 2
    assert after(clock, 1, glance) == ["a.pdf", "b.pdf"]


def test_a_file_that_is_open_to_write_is_waited_for(tmp_path, glance, clock):
    """However whole it looks."""
    with (tmp_path / "a.pdf").open("wb") as file:
        file.write(PDF)
        file.flush()
        names(glance)
        assert after(clock, 30, glance) == []
    assert after(clock, 1, glance) == ["a.pdf"]


def test_what_will_be_renamed_is_not_looked_at(tmp_path, glance, clock):
    """Until it has its name."""
    (tmp_path / "a.pdf.part").write_bytes(PDF)
    (tmp_path / ".b.pdf").write_bytes(PDF)
    names(glance)
    assert after(clock, 1000, glance) == []
    (tmp_path / "a.pdf.part").rename(tmp_path / "a.pdf")
    names(glance)
    assert after(clock, 10, glance) == ["a.pdf"]


def test_a_folder_of_pages_is_one_paper_when_the_last_page_is_there(tmp_path, glance, clock):
    """Pages come one after the other; each begins the wait anew."""
    (tmp_path / "form").mkdir()
    for number in range(3):
        (tmp_path / "form" / f"page-{number}.jpg").write_bytes(PAGE)
        assert after(clock, 9, glance) == []
    assert after(clock, 9, glance) == []
    assert after(clock, 1, glance) == ["form"]
    (tmp_path / "form" / "page-3.jpg.part").write_bytes(PAGE)
    names(glance)
    assert after(clock, 11, glance) == []
    (tmp_path / "form" / "page-3.jpg.part").rename(tmp_path / "form" / "page-3.jpg")
    names(glance)
    assert after(clock, 10, glance) == ["form"]


def test_pictures_at_the_top_are_papers_of_their_own(tmp_path, glance, clock):
    """A drop folder that holds nothing but numbered pictures is no page folder."""
    for number in range(2):
        (tmp_path / f"scan{number}.jpg").write_bytes(PAGE)
    names(glance)
    assert after(clock, 10, glance) == ["scan0.jpg", "scan1.jpg"]


def test_what_is_no_paper_is_passed_over_once(tmp_path, glance, clock):
    """A scanner's own notes, links, what is put away; they keep nobody waiting."""
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "old.pdf").write_bytes(PDF)
    (tmp_path / "note.txt").write_text("3 pages")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "done" / "old.pdf")
    names(glance)
    assert after(clock, 10, glance) == []
    assert [each.file for each in glance.skipped] == ["link.pdf", "note.txt"]
    assert after(clock, 10, glance) == []
    assert glance.arriving == 0


def test_a_folder_that_is_not_there_is_an_error(tmp_path, clock):
    """The watcher waits for it."""
    with pytest.raises(FileNotFoundError):
        Glance(tmp_path / "none", [], Pace(), clock).ready()
