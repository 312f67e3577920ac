"""Noughts side by side as they are shown: a look handed out to whoever holds the form, with what is planted in it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

from sqlalchemy.orm import Session

from layouts.words import Language
from review.case import Case
from review.database import writes
from review.station.ask import Ask
from review.station.pages.asked import View, place_of
from review.work.collages.noughts import Handed, hand_out, in_hand


def handed(ask: Ask, session: Session, case: Case, view: View) -> Handed:
    """The look in hand, or a new one: the same for as long as it is not answered, however often the page is loaded."""
    found = in_hand(session, ask.person, case.key, view.looked_at, ask.desk.watched)
    if found is not None:
        return found
    with nullcontext(session) if writes(session) else ask.desk.store.database.writing() as keeping:
        return hand_out(keeping, ask.person, case, view.looked_at, ask.desk.watched)


def with_planted(case: Case, view: View, look: Handed | None, language: Language) -> View:
    """The view with the planted card in its place, made up like the others."""
    if look is None or look.planted is None:
        return view
    planted = look.planted
    card = replace(place_of(case, planted.at, language), read=planted.shown, now=planted.shown, pictured=True)
    places = {place.name.place: place for place in (*view.places, card)}
    return replace(view, places=tuple(places[place] for place in look.places))
