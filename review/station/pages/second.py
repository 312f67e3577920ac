"""Second keying: cell by cell, with nothing on the page that tells what was read or answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from review.answers import AnswerError
from review.case import Case, open_case
from review.station.ask import Ask
from review.station.placed import placed
from review.station.shown import show
from review.told import Key
from review.work.claims import check_claim, claim_next, held, is_impartial, release, takeable
from review.work.schema import Task
from review.work.second.keying import finish, key_cell, keyed, places_to_key
from review.work.tasks import State


def show_second(ask: Ask) -> Response:
    """The next cell of the form in hand; the one named by `place` to type it anew."""
    with ask.desk.store.database.reading() as session:
        return _page(session, ask)


def take_second(ask: Ask) -> Response:
    """Claim the next form that waits to be keyed once more."""
    store = ask.desk.store
    with store.database.writing() as session:
        key = claim_next(session, ask.person, states=(State.SECOND,))
        if key is not None:
            case = open_case(session, store.layouts, key)
            wanted = places_to_key(case, ask.desk.share)
            if set(wanted) <= keyed(session, key, ask.person.login).keys():  # nothing of it can be shown
                finish(session, case, check_claim(session, ask.person, key), ask.person, wanted)
    return RedirectResponse("/second" if key else "/second?none=1", 303)


def key_now(ask: Ask) -> Response:
    """Keep one word and go on; what was typed stays where it can be nothing that stands there."""
    key = (ask.text("source"), whole(ask.text("form")))
    store, place = ask.desk.store, ask.text("place")
    given = "blank" if ask.text("blank") else ask.text("value")
    try:
        with store.database.writing() as session:
            last = key_cell(session, store.layouts, ask.person, key, place, given, ask.desk.share)
    except AnswerError as error:
        with store.database.reading() as session:
            return _page(session, ask, place, given, error)
    return RedirectResponse("/second?done=1" if last else "/second", 303)


def leave_second(ask: Ask) -> Response:
    """Let go of the form; what was keyed of it is kept for whoever keyed it."""
    with ask.desk.store.database.writing() as session:
        release(session, ask.person, (ask.text("source"), whole(ask.text("form"))))
    return RedirectResponse("/second", 303)


def in_hand(session: Session, ask: Ask, state: State) -> Task | None:
    """The form in this state that the person works on and has not spoken on."""
    mine = (task for task in held(session, ask.person) if task.state == state.value)
    return next((task for task in mine if is_impartial(session, ask.person.login, (task.source, task.form))), None)


def counts(session: Session, ask: Ask) -> dict[str, int]:
    """How many forms this person could key once more, or decide about."""
    return {state.value: takeable(session, ask.person, state) for state in (State.SECOND, State.DISPUTE)}


def whole(text: str) -> int:
    """A number of a form sent; 0 where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _page(session: Session, ask: Ask, place: str = "", given: str = "", trouble: AnswerError | None = None) -> Response:
    task = in_hand(session, ask, State.SECOND)
    if task is None:
        return show(ask, "second.html", task=None, waiting=counts(session, ask))
    key: Key = (task.source, task.form)
    case = open_case(session, ask.desk.store.layouts, key)
    wanted = places_to_key(case, ask.desk.share)
    said = keyed(session, key, ask.person.login)
    at = _at(wanted, said.keys(), place or ask.query.get("place", ""))
    status = 200 if trouble is None else 409
    cell = placed(case.layout, wanted[at], ask.language)
    return show(
        ask, "second.html", status=status, task=task, waiting=counts(session, ask), cell=cell,
        page=_page_of(case, wanted[at]), number_of=at + 1, total=len(wanted), given=given, trouble=trouble,
        before=wanted[at - 1] if at else "",
    )  # fmt: skip


def _at(wanted: Sequence[str], said: Collection[str], place: str) -> int:
    """Which cell is typed: the one asked for, else the first that was not typed yet."""
    if place in wanted:
        return wanted.index(place)
    return next((at for at, each in enumerate(wanted) if each not in said), 0)


def _page_of(case: Case, place: str) -> int:
    cell = case.cell(place)
    return cell.page or 1 if cell is not None else 1
