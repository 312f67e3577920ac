"""Places a form may be about: those proposed for its KATO code, and those found by their names."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from postprocess.regions import REGION_CODES, region_code
from review.case import Case
from review.proposals import KATO, Proposed, place_proposed
from review.station.ask import Ask
from review.station.shown import show
from validate.outside.classifier import Classifier

MOST_TYPED = 60  # letters of a name that are searched by


def offers(classifier: Classifier | None, case: Case, place: str) -> tuple[Proposed, ...]:
    """What is proposed for a field: as kept with the form, and by the words of its region as they are now."""
    found = {each.value: each for each in case.proposals if each.place == place}
    if classifier is not None and place == KATO and (region := _region(case)):
        for code in classifier.candidates(region):
            found.setdefault(code, place_proposed(region, code, classifier.names[code]))
    return tuple(found.values())


def near(case: Case) -> str:
    """The head of the codes of the region that the form names; "" where it names none."""
    return region_code(_region(case))


def find_place(ask: Ask) -> Response:
    """Places whose names are like what was typed, those of the region `near` first; 404 without a classifier."""
    classifier = ask.desk.classifier
    if classifier is None:
        raise HTTPException(404)
    head = ask.query.get("near", "")
    codes = classifier.search(ask.query.get("q", "")[:MOST_TYPED], head if head in REGION_CODES else "")
    return show(ask, "form-places-found.html", found=[(code, classifier.names[code]) for code in codes])


def _region(case: Case) -> str:
    """The region as the form names it, by people's word where they spoke."""
    told = case.answers.get("region")
    return told.value if told and told.value else case.form.region
