"""One form: its page beside what is asked about it. Whoever holds it answers; others look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from secrets import token_urlsafe
from urllib.parse import quote

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from layouts.errors import QagazError
from review.answers import aware, now
from review.case import Case, open_case
from review.history import Word, words_of
from review.proposals import KATO
from review.schema import Event
from review.station.ask import Ask
from review.station.pages.asked import View, view_of
from review.station.pages.beside import handed, with_planted
from review.station.pages.key_map import KEY_MAP
from review.station.pages.looks import looks_of
from review.station.pages.named import name_of
from review.station.pages.places import near, offers
from review.station.pages.steps import NOUGHTS, Step, steps_of
from review.station.pages.whole import fields_of, tables_of
from review.station.shown import show
from review.told import Key
from review.work.claims import check_claim, claim, hand_over, looks_done, release, seen_task
from review.work.collages.noughts import Handed
from review.work.colleagues import colleagues
from review.work.schema import Person, Task
from review.work.staff.people import Role
from review.work.taking_back import last_said
from review.work.tasks import State

BLIND = (State.SECOND.value, State.DISPUTE.value)  # keyed by several people who must not see each other's words
ADDRESS = re.compile(r"/forms/[0-9A-Za-z]+/[0-9]+")
CODED = ("field", "finding")  # steps at which a code may be asked
TOKEN_BYTES = 18  # of the name of a set of answers: nobody guesses another's


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something was not kept; `sure` is the value that is taken if it is sent once more."""

    message: str
    told: dict[str, object]
    sure: str = ""


def key_of(ask: Ask) -> Key:
    """The form an address names."""
    return ask.path["source"], ask.path["form"]


def address_of(key: Key, at: str = "") -> str:
    """The address of a form, or of one step of it."""
    return f"/forms/{key[0]}/{key[1]}" + (f"?at={quote(at, safe='')}" if at else "")


def address_done(ask: Ask) -> str:
    """The address of the form that was settled just before, as the page's own address tells it; "" if none is told."""
    told = ask.query.get("done", "")
    return told if ADDRESS.fullmatch(told) else ""


def show_form(ask: Ask) -> Response:
    """The form with what is open; whoever holds it may answer."""
    with ask.desk.store.database.reading() as session:
        return shown(ask, session, key_of(ask), ask.query.get("at", ""), done=address_done(ask))


def shown(
    ask: Ask,
    session: Session,
    key: Key,
    at: str,
    *,
    trouble: Trouble | None = None,
    done: str = "",
    missed: Handed | None = None,
) -> Response:
    """A form at one of its steps; only the panel where the page is open already. ClaimError if it is not theirs to see.

    `done`: the address of the form that was settled just before, for whoever wants to go back. `missed`: a look at
    noughts whose planted card was left as it was.
    """
    task = seen_task(session, ask.person, key)
    if _is_blind(ask, session, task):
        return show(ask, "form-blind.html", status=403, task=task)
    case = open_case(session, ask.desk.store.layouts, key)
    steps = steps_of(session, case)
    view = view_of(case, steps, task.asked, at, ask.language)
    look = handed(ask, session, case, view) if view.kind == NOUGHTS and task.holder == ask.person.id else None
    if look is not None and look.apart:
        steps, at, look = steps_of(session, case, look.own), look.own[0], None
        view = view_of(case, steps, task.asked, at, ask.language)
    view = with_planted(case, view, look, ask.language)
    template = "form-panel.html" if ask.fragment else "form.html"
    response = show(
        ask, template, status=422 if trouble else 200, trouble=trouble, done=done,
        typed=ask.text("value") if trouble else "", look=look.id if look else "", missed=missed,
        **_told(ask, session, case, task, view, steps),
    )  # fmt: skip
    response.headers["x-address"] = address_of(key, view.at)
    return response


def _is_blind(ask: Ask, session: Session, task: Task) -> bool:
    """Whether this person might yet key the form, or could tell that another keys it."""
    blind = task.state in BLIND and ask.person.role is Role.OPERATOR
    return blind and not looks_done(session, ask.person, task)


def _told(ask: Ask, session: Session, case: Case, task: Task, view: View, steps: tuple[Step, ...]) -> dict[str, object]:
    key = (task.source, task.form)
    address = address_of(key)
    mine = task.holder == ask.person.id
    ahead = [step for step in steps if step.at == view.after]
    asked = view.places[0].name.place if view.kind in CODED and view.places else ""
    phones = [case.cell(name) for name in ("executor_phone", "mobile", "phone")]
    return {
        "task": task,
        "case": case,
        "view": view,
        "address": address,
        "mine": mine,
        "may": ask.person.role is not Role.AUDITOR,
        "holder": _holder(session, task),
        "proposed": offers(ask.desk.classifier, case, asked),
        "searched": ask.desk.classifier is not None and asked == KATO,
        "near": near(case),
        "looks": looks_of(case, address, view.looked_at, ahead),
        "people": colleagues(session, ask.person, task) if mine or ask.person.role is Role.SUPERVISOR else [],
        "undoable": last_said(session, ask.person, key) is not None,
        "said": said_of(session, key, view.at),
        "today": now().date().isoformat(),
        "phone": next((cell.value for cell in phones if cell and cell.value), ""),
        "named": lambda place: name_of(case.layout, place, ask.language),
        "token": token_urlsafe(TOKEN_BYTES),
        "key_map": KEY_MAP,
    }


def show_whole(ask: Ask) -> Response:
    """Every figure of the form as it stands now."""
    key = key_of(ask)
    with ask.desk.store.database.reading() as session:
        task = seen_task(session, ask.person, key)
        if _is_blind(ask, session, task):
            return show(ask, "form-blind.html", status=403, task=task)
        case = open_case(session, ask.desk.store.layouts, key)
        return show(
            ask, "form-figures.html" if ask.fragment else "form-whole.html",
            task=task, address=address_of(key), at=ask.query.get("at", ""),
            tables=list(tables_of(case, ask.language)), fields=list(fields_of(case, ask.language)),
        )  # fmt: skip


def take(ask: Ask) -> Response:
    """Claim this form."""
    key = key_of(ask)
    try:
        with ask.desk.store.database.writing() as session:
            claim(session, ask.person, key)
    except QagazError as error:
        if not ask.fragment:
            raise
        return told_off(ask, error)
    return back(ask, key, ask.text("at"))


def stay(ask: Ask) -> Response:
    """The page is open and in use: the claim lasts on. Says so with 204, and with words where it is lost."""
    try:
        with ask.desk.store.database.writing() as session:
            check_claim(session, ask.person, key_of(ask))
    except QagazError as error:
        return told_off(ask, error)
    return Response(status_code=204)


def let_go(ask: Ask) -> Response:
    """Give the form back to the queue."""
    with ask.desk.store.database.writing() as session:
        release(session, ask.person, key_of(ask))
    return away(ask, "/")


def give(ask: Ask) -> Response:
    """Hand the form to another person."""
    with ask.desk.store.database.writing() as session:
        seen_task(session, ask.person, key_of(ask))
        hand_over(session, ask.person, key_of(ask), ask.text("to"))
    return away(ask, "/")


def back(ask: Ask, key: Key, at: str = "", *, done: str = "") -> Response:
    """The form as it is now: at once for a script, by its address for a browser without."""
    if not ask.fragment:
        return RedirectResponse(address_of(key, at), 303)
    with ask.desk.store.database.reading() as session:
        return shown(ask, session, key, at, done=done)


def away(ask: Ask, address: str) -> Response:
    """On to another page."""
    if ask.fragment:
        return Response(status_code=204, headers={"x-leave": address})
    return RedirectResponse(address, 303)


def told_off(ask: Ask, error: QagazError) -> Response:
    """Why something was not kept, in a few words to be shown beside what was typed."""
    lost = error.message_id in {"error.claim-lost", "error.claim-held"}
    return refused(ask, Trouble(error.message_id, dict(error.parameters)), lost=lost)


def refused(ask: Ask, trouble: Trouble, *, lost: bool = False) -> Response:
    """The trouble alone, for a script: a page that works is no error to the browser, the head says it was not kept."""
    status = 200 if ask.fragment else 409
    answer = show(ask, "form-trouble.html", status=status, trouble=trouble, lost=lost, address=address_of(key_of(ask)))
    answer.headers["x-refused"] = "lost" if lost else "not kept"
    return answer


def said_of(session: Session, key: Key, at: str) -> tuple[Word, ...]:
    """All that was said about a place, oldest first."""
    if not at:
        return ()
    about = or_(Event.place == at, Event.place.endswith(f"@{at}", autoescape=True), Event.place == "form")
    wanted = select(Event).where(Event.source == key[0], Event.form == key[1], about).order_by(Event.id)
    return words_of(session.scalars(wanted))


def _holder(session: Session, task: Task) -> str:
    """Who works on it now; "" where nobody does."""
    if task.holder is None or task.held_until is None or aware(task.held_until) <= now():
        return ""
    person = session.get(Person, task.holder)
    return person.name if person else ""
