"""The queue: what waits, what one works on, and the next form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import token_urlsafe

from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from review.station.ask import Ask
from review.station.pages.form import TOKEN_BYTES, address_done
from review.station.shown import show
from review.work.claims import claim_next, held
from review.work.schema import Person, Task
from review.work.staff.people import Role, visible
from review.work.tasks import ORDER, State

LINES = 50  # forms a page
ALL_TABS = {state.value: (state.value,) for state in State if state is not State.CLEAR}
# Those who settle forms cannot tell here which of them are keyed once more.
TABS = {
    State.OPEN.value: (State.OPEN.value,),
    State.ASKING.value: (State.ASKING.value,),
    State.DONE.value: (State.DONE.value, State.SECOND.value, State.DISPUTE.value),
}


def show_queue(ask: Ask) -> Response:
    """Forms that wait, in the order they are worked on, fifty at a time."""
    tabs: Mapping[str, Sequence[str]] = TABS if ask.person.role is Role.OPERATOR else ALL_TABS
    state = ask.query.get("state", State.OPEN.value)
    state = state if state in tabs else State.OPEN.value
    start = LINES * max(0, ask.number("page", 1) - 1)
    with ask.desk.store.database.reading() as session:
        mine = visible(ask.person, Task.department)
        counted = select(Task.state, func.count()).where(mine).group_by(Task.state)
        counts = {str(name): int(count) for name, count in session.execute(counted)}
        wanted = select(Task, Person.name).outerjoin(Person, Person.id == Task.holder)
        wanted = wanted.where(mine, Task.state.in_(tabs[state])).order_by(*ORDER)
        return show(
            ask,
            "queue.html",
            tasks=session.execute(wanted.offset(start).limit(LINES)).all(),
            state=state,
            counts={tab: sum(counts.get(each, 0) for each in states) for tab, states in tabs.items()},
            held=held(session, ask.person),
            start=start,
            lines=LINES,
            done=address_done(ask),
            token=token_urlsafe(TOKEN_BYTES),
        )


def take_next(ask: Ask) -> Response:
    """Claim the next form and go there; back to the queue when there is none."""
    with ask.desk.store.database.writing() as session:
        key = claim_next(session, ask.person)
    return RedirectResponse(f"/forms/{key[0]}/{key[1]}" if key else "/?none=1", 303)
