"""One form: its page beside what is asked about it."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from review.answers import Origin
from review.case import open_case
from review.station.ask import Ask
from review.station.shown import show
from review.store import Given
from review.work.answering import answer
from review.work.claims import claim, release, seen_task


def show_form(ask: Ask) -> Response:
    """The form with what is open; whoever holds it may answer."""
    key = (ask.path["source"], ask.path["form"])
    with ask.desk.store.database.reading() as session:
        task = seen_task(session, ask.person, key)
        case = open_case(session, ask.desk.store.layouts, key)
        return show(ask, "form.html", task=task, case=case, mine=task.holder == ask.person.id)


def take(ask: Ask) -> Response:
    """Claim this form."""
    key = (ask.path["source"], ask.path["form"])
    with ask.desk.store.database.writing() as session:
        claim(session, ask.person, key)
    return RedirectResponse(f"/forms/{key[0]}/{key[1]}", 303)


def answer_now(ask: Ask) -> Response:
    """Keep one answer."""
    key = (ask.path["source"], ask.path["form"])
    origin = Origin.RESPONDENT if ask.text("origin") == Origin.RESPONDENT else Origin.OPERATOR
    given = Given(
        key[0], key[1], ask.text("place"), ask.text("value"), ask.text("note"), ask.person.login, origin,
        bool(ask.text("undo")),
    )  # fmt: skip
    with ask.desk.store.database.writing() as session:
        answer(session, ask.desk.store.layouts, ask.person, key, [given], ask.text("token"), ask.desk.share)
    return RedirectResponse(f"/forms/{key[0]}/{key[1]}", 303)


def let_go(ask: Ask) -> Response:
    """Give the form back to the queue."""
    with ask.desk.store.database.writing() as session:
        release(session, ask.person, (ask.path["source"], ask.path["form"]))
    return RedirectResponse("/", 303)
