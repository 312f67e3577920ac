"""The station stands: log-in, queue, a form."""

from __future__ import annotations


def test_a_form_is_taken_and_looked_at(filled, browse):
    """From the log-in to a form with one press of Enter."""
    form = filled("a.png", doubts=["s2/1/1"])
    page = browse("asel")
    assert "a.png" in page.content()
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
