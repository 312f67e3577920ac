"""The supervisor's page: how the work stands, who is at it, and what to do about it."""

from __future__ import annotations

from functools import partial

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from layouts.errors import QagazError
from review.answers import now
from review.station.ask import Ask
from review.station.drawn import Drawn
from review.station.shown import show
from review.work.measures.board import Board, board
from review.work.measures.crew import at_work, choose_share, free, hand, receivers
from review.work.measures.scope import Scope, batches, departments
from review.work.measures.standing import period
from review.work.measures.tallies import tallies
from review.work.tasks import share_now
from validate.trust import proven, shipped_trust

PERIODS = (1, 7, 30, 90, 0)  # days up to today; 0: ever
PERIOD = 30  # unless told
LATEST = 12  # batches listed
MOST_PERCENT = 100


class ShareError(QagazError):
    """Not a share between nothing and all."""


def show_standing(ask: Ask) -> Response:
    """The numbers of a department, a batch and a period; people at work; the latest batches."""
    days = ask.number("days", PERIOD)
    days = days if days in PERIODS else PERIOD
    at = now()
    scope = Scope(ask.person, ask.number("department"), ask.number("batch"), *period(days, at))
    told, since = _board(ask, scope, days)
    trust = shipped_trust()
    with ask.desk.store.database.reading() as session:
        listed = batches(session, scope)
        return show(
            ask,
            "supervisor.html",
            board=told,
            drawn=Drawn(told, ask.language, {batch.id: batch.name for batch in listed}),
            at=since,
            days=days,
            periods=PERIODS,
            scope=scope,
            departments=departments(session, ask.person),
            batches=listed,
            tallies=tallies(session, [b for b in listed if scope.batch in (0, b.id)][:LATEST]),
            hands=at_work(session, ask.person),
            receivers=receivers(session, ask.person),
            share=share_now(session, ask.desk.share).share,
            proven=proven(trust, ask.desk.max_error),
            max_error=ask.desk.max_error,
        )


def hand_form(ask: Ask) -> Response:
    """Give a form that somebody holds to somebody else."""
    with ask.desk.store.database.writing() as session:
        hand(session, ask.person, _key(ask), ask.text("to"))
    return RedirectResponse("/supervisor#people", 303)


def free_form(ask: Ask) -> Response:
    """Put a form that somebody holds back into the queue."""
    with ask.desk.store.database.writing() as session:
        free(session, ask.person, _key(ask))
    return RedirectResponse("/supervisor#people", 303)


def set_share(ask: Ask) -> Response:
    """How many forms are keyed once more from now on."""
    percent = ask.text("percent").strip().replace(",", ".")
    if not percent.replace(".", "", 1).isdecimal() or not percent.isascii() or float(percent) > MOST_PERCENT:
        raise ShareError("error.second-share", given=percent[:20])
    with ask.desk.store.database.writing() as session:
        choose_share(session, ask.person, float(percent) / MOST_PERCENT)
    return RedirectResponse("/supervisor#second", 303)


def _board(ask: Ask, scope: Scope, days: int) -> tuple[Board, object]:
    """The numbers, worked out not long ago or now."""
    worker = ask.person
    about = (worker.everywhere, worker.departments, scope.department, scope.batch, days)
    return ask.desk.boards.get(about, partial(_made, ask, scope), anew="anew" in ask.query)


def _made(ask: Ask, scope: Scope) -> Board:
    session: Session
    with ask.desk.store.database.reading() as session:
        return board(session, scope, now())


def _key(ask: Ask) -> tuple[str, int]:
    form = ask.text("form")
    return ask.text("source"), int(form) if form.isascii() and form.isdecimal() and len(form) < 7 else -1
