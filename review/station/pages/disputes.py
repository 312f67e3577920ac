"""Disputes: where two people read a cell differently, a third one decides."""

from __future__ import annotations

from functools import partial

from starlette.responses import RedirectResponse, Response

from review.answers import AnswerError
from review.case import open_case
from review.station.ask import Ask
from review.station.pages.second import counts, in_hand, whole
from review.station.placed import placed, printed
from review.station.shown import show
from review.work.claims import claim_next, release
from review.work.second.disputes import decide, disputes
from review.work.tasks import State

TYPED = "typed"  # choice of a third value


def show_dispute(ask: Ask, trouble: AnswerError | None = None) -> Response:
    """Every cell in dispute of the form in hand: the crop, both words, the controls through the cell."""
    store = ask.desk.store
    with store.database.reading() as session:
        task, waiting = in_hand(session, ask, State.DISPUTE), counts(session, ask)
        if task is None:
            return show(ask, "disputes.html", task=None, waiting=waiting)
        case = open_case(session, store.layouts, (task.source, task.form))
        cells = [
            (placed(case.layout, each.place, ask.language), each)
            for each in disputes(session, case, task, ask.desk.share.seed)
        ]
        status = 200 if trouble is None else 409
        words = partial(printed, language=ask.language)
        return show(
            ask, "disputes.html", status=status, task=task, waiting=waiting, cells=cells, trouble=trouble, words=words
        )


def take_dispute(ask: Ask) -> Response:
    """Claim the next form in dispute that this person had no part in."""
    with ask.desk.store.database.writing() as session:
        key = claim_next(session, ask.person, states=(State.DISPUTE,))
    return RedirectResponse("/second/disputes" if key else "/second/disputes?none=1", 303)


def decide_now(ask: Ask) -> Response:
    """Keep what was decided about all cells, or show the page again where one is left out."""
    key = (ask.text("source"), whole(ask.text("form")))
    store = ask.desk.store
    decided = {place: _decided(ask, place) for place in ask.texts("place")}
    try:
        with store.database.writing() as session:
            decide(session, store.layouts, ask.person, key, decided, ask.desk.share)
    except AnswerError as error:
        return show_dispute(ask, error)
    return RedirectResponse("/second/disputes?done=1", 303)


def leave_dispute(ask: Ask) -> Response:
    """Let go of the form."""
    with ask.desk.store.database.writing() as session:
        release(session, ask.person, (ask.text("source"), whole(ask.text("form"))))
    return RedirectResponse("/second/disputes", 303)


def _decided(ask: Ask, place: str) -> str:
    chosen = ask.text(f"choice {place}")
    return ask.text(f"typed {place}") if chosen == TYPED else chosen
