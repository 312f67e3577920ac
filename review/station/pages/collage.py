"""The collage: crops that were read alike, side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from review.station.ask import Ask
from review.station.shown import show
from review.work.collages.collage import Group, Handed, Outcome, answer, groups, hand_out, in_hand

BLANK = "blank"  # how a group of blank cells is called in an address
TOLD = ("kept", "struck", "passed")  # what an address tells of the collage before


def show_collage(ask: Ask) -> Response:
    """The collage in hand, or one of the group asked for, or of the largest there is."""
    with ask.desk.store.database.writing() as session:
        wanted = ask.query.get("group")
        value = None if wanted is None else ("" if wanted == BLANK else wanted)
        handed, every = _handed(session, ask, value)
    told = {name: ask.number(name) for name in TOLD} if "kept" in ask.query else None
    return show(
        ask, "collage.html", handed=handed, groups=every, told=told, again=bool(ask.query.get("again")), blank=BLANK
    )


def keep_collage(ask: Ask) -> Response:
    """Keep what was not struck out, or tell what was overlooked."""
    struck = {int(at) for at in ask.texts("struck") if at.isascii() and at.isdecimal() and len(at) < 4}
    store = ask.desk.store
    with store.database.writing() as session:
        outcome = answer(session, store.layouts, ask.person, ask.text("collage"), struck, ask.desk.share)
    if outcome.missed:
        return show(ask, "collage_missed.html", missed=outcome.missed, value=ask.text("value"), blank=BLANK)
    return RedirectResponse(f"/collage?{urlencode(_told(outcome))}", 303)


def _handed(session: Session, ask: Ask, value: str | None) -> tuple[Handed | None, list[Group]]:
    handed = in_hand(session, ask.person)
    every = groups(session, ask.person)
    if handed is not None and value in (None, handed.value):
        return handed, every
    for wanted in [value] if value is not None else [group.value for group in every]:
        handed = hand_out(session, ask.person, wanted)
        if handed is not None:
            return handed, every
    return None, every


def _told(outcome: Outcome) -> dict[str, int]:
    if outcome.again:
        return {"again": 1}
    return {"kept": outcome.kept, "struck": outcome.struck, "passed": len(outcome.passed)}
