"""The station stands: log-in, queue, a form."""

from __future__ import annotations

import hashlib

from extract.records import Source
from review.flatten import rejected_rows
from review.keep import Filed
from tests.review.station.forms import fill


def test_a_form_is_taken_and_looked_at(filled, browse):
    """From the log-in to a form with one press of Enter."""
    form = filled("a.png", doubts=["s2/1/1"])
    page = browse("asel")
    assert "a.png" in page.content()
    page.wait_for_selector("button.main:focus")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{form.address}")
    assert page.wrong == []


def test_pictures_are_for_those_who_may_see_the_form(filled, person):
    """A page and a crop; another department's person gets neither."""
    form = filled("a.png", doubts=["s2/1/1"], office="Астана")
    asel, bolat = person("asel"), person("bolat")
    for path in ("pages/1.jpg", "crops/s2/1/1.jpg"):
        assert asel.get(f"{form.address}/{path}").headers["content-type"] == "image/jpeg"
        assert bolat.get(f"{form.address}/{path}").status_code == 404
    assert bolat.get(form.address).status_code != 200


def test_pages_that_no_form_was_read_from_stay_closed(store, tmp_path, person):
    """A paper that was rejected, perhaps for hanging its reader, is not opened again to be shown."""
    path = tmp_path / "hostile.pdf"
    path.write_bytes(b"%PDF-1.7 whatever")
    source = hashlib.sha256(path.read_bytes()).hexdigest()
    store.came_in([Source(source, path.name, path)])
    store.put(Filed(source, path.name, "versions"), [rejected_rows("timeout", "error.timeout", (("file", path.name),))])
    form = fill(store, tmp_path, "a.png", doubts=["s2/1/1"])
    asel = person("asel")
    assert asel.get(f"/forms/{source}/0/pages/1.jpg").status_code == 404
    assert asel.get(f"{form.address}/pages/2.jpg").status_code == 404
    assert asel.get(f"{form.address}/pages/1.jpg").status_code == 200
    assert not (tmp_path / "pictures" / source[:2] / source).exists()
