"""What stands beside a question, attacked: planted cards, looks of others, answers in bulk, places and their names."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from review.case import open_case
from tests.review.station.forms import inked
from tests.review.test_proposals import EMPTY, PROPOSED
from validate.outside.classifier import Classifier

HOSTILE = "<img src=x onerror=alert(1)>"
CODE = "551610000"
SAID = {"token": "t", "do": "rest", "list": "1"}


@pytest.fixture
def desk(desk):
    """A station that plants a card in every look and whose classifier somebody tampered with."""
    return replace(desk, watched=1.0, classifier=Classifier({CODE: f"г.Экибастуз {HOSTILE}", "551640000": "'; --"}))


def answers(store, form):
    with store.database.reading() as session:
        return open_case(session, store.layouts, form.key).answers


def bare(truth, count=3):
    return [place for place, value in truth.items() if not value and place.startswith("s2/1.1")][:count]


def taken(person, form, login="asel"):
    """Somebody who took the form, and the look they were handed."""
    someone = person(login)
    told = someone.say(f"{form.address}/claim").text
    found = re.search(r'name="look" value="([^"]+)"', told)
    return someone, found[1] if found else ""


@pytest.fixture
def noughts(filled):
    """A form with noughts, and what a planted card is taken from."""
    filled("known.png", seed=2)
    places = bare(filled("sample.png").truth)
    return filled("a.png", blanks=places), places


def test_a_look_is_of_one_person_at_one_form(noughts, filled, person):
    """Under another form's address, from another person, with a made-up name or number there is no such card."""
    form, places = noughts
    other = filled("b.png", seed=3, blanks=places)
    asel, look = taken(person, form)
    cards = f"{form.address}/looks/{look}"
    assert asel.get(f"{cards}/0.jpg").status_code == 200
    saule, bolat = person("saule"), person("bolat")
    tried = [
        asel.get(f"{other.address}/looks/{look}/0.jpg"),
        saule.get(f"{cards}/0.jpg"),
        bolat.get(f"{cards}/0.jpg"),
        asel.get(f"{cards}/4.jpg"),
        asel.get(f"{cards}/2147483648.jpg"),
        asel.get(f"{form.address}/looks/{look[:-1]}/0.jpg"),
        asel.get(f"{form.address}/looks/..%2F..%2F{look}/0.jpg"),
    ]
    assert {each.status_code for each in tried} == {404}
    assert asel.get(f"{form.address}/looks/%00/0.jpg").status_code == 400
    assert person("anna").get(f"{cards}/0.jpg").status_code == 403


def test_another_person_s_look_answers_nothing(noughts, store, person):
    """After a hand-over the look of whoever held the form is nobody's; nothing is kept with it."""
    form, places = noughts
    asel, look = taken(person, form)
    asel.say(f"{form.address}/hand-over", to="saule")
    sent = {"at": "noughts", "place": places, "value": [""] * len(places), "look": look, **SAID}
    assert person("saule").say(f"{form.address}/answer", **sent).status_code == 422
    assert asel.say(f"{form.address}/answer", **sent).status_code in (409, 422)
    assert answers(store, form) == {}


@pytest.mark.parametrize(
    "step", [{"at": "missing", "do": "others-blank"}, {"at": "rest", "do": "rest"}, {"do": "confirm"}]
)
def test_figures_are_not_settled_in_bulk_under_another_step(filled, store, person, step):
    """What is on a page is neither blank unseen nor right unseen, whatever step a request claims to answer."""
    truth = filled("sample.png").truth
    places = inked(truth)[:2]
    wrong = dict.fromkeys(places, "1")
    form = filled("a.png", wrong=wrong)
    asel, _ = taken(person, form)
    keys = {"key": places} if step["do"] == "confirm" else {}
    asel.say(f"{form.address}/answer", place=places, value=["", ""], **(SAID | step | keys))
    assert answers(store, form) == {}


def test_controls_that_are_not_asked_together_now_are_not_answered_together(filled, store, person):
    """A page that shows them off by as much is out of date once one of their figures was corrected elsewhere."""
    truth = filled("sample.png").truth
    line = next(p for p in inked(truth) if p.startswith("s2/1.") and p.endswith("/2")).split("/")[1]
    form = filled("a.png", doubts=[f"s2/{line}/2"], offers={f"s2/{line}/2": []})
    asel, _ = taken(person, form)
    both = [f"s2.columns@s2/{line}/1", "s2.total@s2/1/2"]

    def types(place, value):
        told = {"at": place, "place": place, "value": value, "do": "answer", "sure": f"{place}={value}"}
        asel.say(f"{form.address}/answer", **(SAID | told | {"token": place}))

    types(f"s2/{line}/2", "5")
    types("s2/1/2", "900")
    asel.say(f"{form.address}/answer", **(SAID | {"at": both[0], "key": both, "do": "confirm", "list": "1"}))
    assert not set(both) & answers(store, form).keys()
    typed = {"at": both[0], "key": both, "do": "answer", "place": "s2/1/2", "value": truth["s2/1/2"], "token": "typed"}
    asel.say(f"{form.address}/answer", **(SAID | typed))  # what is typed there is taken all the same
    assert answers(store, form)["s2/1/2"].value == truth["s2/1/2"]
    confirmed = SAID | {"at": both[0], "key": both, "do": "confirm", "token": "confirmed"}
    for _ in range(2):  # the answer to the first one is lost
        assert asel.say(f"{form.address}/answer", **confirmed).status_code == 200
    assert set(both) <= answers(store, form).keys()


def test_markup_in_names_of_places_stays_text(filled, person):
    """On the form page and among what is found; quotes and NUL are letters like others."""
    region = EMPTY._replace(field="region2", written=HOSTILE, value=HOSTILE)
    told = tuple(
        (name, f"{value}{HOSTILE}" if name in ("region", "name") else value) for name, value in PROPOSED.parameters
    )
    form = filled("a.png", blanks=["s3/1.1/1"], fields=[EMPTY, region], findings=[PROPOSED._replace(parameters=told)])
    asel, _ = taken(person, form)
    page = asel.get(f"{form.address}?at=kato").text
    assert CODE in page
    assert HOSTILE not in page
    assert "&lt;img src=x" in page
    for typed in ("экибаст", "'; --", "%", "_" * 10_000, "𝒆" * 60, "(" * 60, "\\"):
        found = asel.get("/kato", params={"q": typed, "near": HOSTILE})
        assert found.status_code == 200
        assert HOSTILE not in found.text
    assert "&lt;img src=x" in asel.get("/kato", params={"q": "экибаст"}).text
    assert asel.get("/kato", params={"q": "\0"}).status_code == 400
    assert person("anna").get("/kato", params={"q": "экибаст"}).status_code == 200


def test_places_are_for_who_is_logged_in(station, person):
    """Nobody else is told what a department's classifier holds."""
    asel = person("asel")
    asel.say("/logout")
    assert "Экибастуз" not in asel.get("/kato", params={"q": "экибаст"}).text
