"""The queue: what waits, what one works on, and the next form."""

from __future__ import annotations

from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from review.station.ask import Ask
from review.station.shown import show
from review.work.claims import claim_next, held
from review.work.schema import Person, Task
from review.work.staff.people import visible
from review.work.tasks import ORDER, State

LINES = 50  # forms a page
STATES = tuple(state.value for state in State if state is not State.CLEAR)


def show_queue(ask: Ask) -> Response:
    """Forms that wait, in the order they are worked on, fifty at a time."""
    state = ask.query.get("state", State.OPEN.value)
    state = state if state in STATES else State.OPEN.value
    start = LINES * max(0, ask.number("page", 1) - 1)
    with ask.desk.store.database.reading() as session:
        mine = visible(ask.person, Task.department)
        counts = select(Task.state, func.count()).where(mine).group_by(Task.state)
        wanted = select(Task, Person.name).outerjoin(Person, Person.id == Task.holder).where(mine, Task.state == state)
        tasks = session.execute(wanted.order_by(*ORDER).offset(start).limit(LINES)).all()
        return show(
            ask,
            "queue.html",
            tasks=tasks,
            state=state,
            states=STATES,
            counts={str(name): int(count) for name, count in session.execute(counts)},
            held=held(session, ask.person),
            start=start,
            lines=LINES,
        )


def take_next(ask: Ask) -> Response:
    """Claim the next form and go there; back to the queue when there is none."""
    with ask.desk.store.database.writing() as session:
        key = claim_next(session, ask.person)
    return RedirectResponse(f"/forms/{key[0]}/{key[1]}" if key else "/?none=1", 303)
