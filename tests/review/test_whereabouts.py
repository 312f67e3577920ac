"""Papers that were moved are found again by their bytes."""

from __future__ import annotations

import shutil

import pytest

import review.whereabouts
from extract.intake import sha256_of
from extract.records import Source
from review.whereabouts import Whereabouts


@pytest.fixture
def hashed(monkeypatch):
    """What was hashed, in order."""
    seen = []

    def watched(path):
        seen.append(path.name)
        return sha256_of(path)

    monkeypatch.setattr(review.whereabouts, "sha256_of", watched)
    return seen


def make(path, data=b"%PDF-1"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Source(sha256_of(path), path.name, path)


def test_a_paper_that_was_moved_and_renamed_is_found(tmp_path, hashed):
    """Below any of the folders; what was hashed once is not hashed again."""
    paper = make(tmp_path / "in" / "a.pdf")
    make(tmp_path / "archive" / "b.pdf", b"%PDF-2")
    moved = tmp_path / "archive" / "deep" / "renamed.pdf"
    moved.parent.mkdir()
    shutil.move(paper.path, moved)
    where = Whereabouts([tmp_path / "archive"])
    assert where.find(paper) == moved
    assert where.find(paper) == moved
    assert hashed.count("renamed.pdf") == 1


def test_a_folder_of_pages_is_found_too(tmp_path):
    """By the hash of its pages."""
    pages = tmp_path / "in" / "form"
    for number in (1, 2):
        make(pages / f"p{number}.png", b"\x89PNG\r\n\x1a\n" + bytes([number]))
    paper = Source(sha256_of(pages), "form", pages)
    shutil.move(pages, tmp_path / "archive")
    assert Whereabouts([tmp_path / "archive"]).find(paper) == tmp_path / "archive"


def test_another_file_in_the_paper_s_place_is_not_the_paper(tmp_path, hashed):
    """It is looked for elsewhere, in vain only once in a while."""
    paper = make(tmp_path / "in" / "a.pdf")
    paper.path.write_bytes(b"%PDF-other")
    make(tmp_path / "archive" / "b.pdf", b"%PDF-2")
    where = Whereabouts([tmp_path / "archive"])
    assert where.find(paper) is None
    seen = len(hashed)
    assert where.find(paper) is None
    assert len(hashed) == seen
