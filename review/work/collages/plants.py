"""Crops whose figure is known from elsewhere, planted in a collage to see whether they are looked at."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, literal_column, select
from sqlalchemy.orm import Session

from review.answers import Act, Origin
from review.case import answers_of
from review.schema import Cell, Event, Form
from review.work.doubts import DASH, read_as
from review.work.schema import Task
from review.work.staff.people import Worker, visible
from review.work.tasks import BY_COLLAGE, State

ONE_IN = 10  # crops to a planted one
ODD = 0.6  # share of plants that do not belong: nobody can tell how many to look for
LOOKED_AT = 20  # candidates of a kind among which one is drawn


@dataclass(frozen=True, slots=True)
class Known:
    """A crop with what is known to stand there."""

    source: str
    form: int
    place: str
    read: str  # hash of the form's reading
    value: str  # as `read_as` tells it


def plants(session: Session, worker: Worker, value: str, crops: int, rng: random.Random) -> list[Known]:
    """About one for ten crops that were read as `value`, at least one; none only where nothing at all is known.

    Some of them show `value`, some another figure that looks like it: as many digits and one of them another, where
    there is such a figure among the forms the worker may see.
    """
    wanted = max(1, round(crops / ONE_IN))
    kinds = [rng.random() < ODD for _ in range(wanted)]
    found: list[Known] = []
    for odd in kinds:
        known = [k for k in _candidates(session, worker, value, rng, odd=odd) if k not in found]
        known = known or [k for k in _candidates(session, worker, value, rng, odd=True) if k not in found]
        if known:
            found.append(_drawn(known, value, rng))
    return found


def likeness(value: str, other: str) -> int:
    """How unlike two figures look: digits that differ; many more where there are not as many.

    >>> likeness("125", "126"), likeness("125", "12.5"), likeness("125", "12"), likeness("", "1")
    (1, 1, 100, 100)
    """
    digits, others = value.replace(".", ""), other.replace(".", "")
    if len(digits) != len(others):
        return 100 * abs(len(digits) - len(others))
    marks = value.find(".") != other.find(".")
    return sum(one != two for one, two in zip(digits, others, strict=True)) + marks


def neighbours(value: str) -> list[str]:
    """Every figure with as many digits of which one is another; of a blank or a dash those of one digit.

    >>> len(neighbours("12")), neighbours("12")[:3], len(neighbours(""))
    (17, ['22', '32', '42'], 10)
    """
    if value in {"", DASH}:
        return list("0123456789")
    made = []
    for at, digit in enumerate(value):
        for other in "0123456789" if digit.isdigit() else "":
            fits = other != digit and not (at == 0 and other == "0" and len(value) > 1)
            made += [value[:at] + other + value[at + 1 :]] if fits else []
    return [each for each in made if not ("." in each and each.endswith("0"))]


def _drawn(known: Sequence[Known], value: str, rng: random.Random) -> Known:
    """One of those that look most like it."""
    nearest = min(likeness(value, each.value) for each in known)
    return rng.choice([each for each in known if likeness(value, each.value) == nearest])


def _candidates(session: Session, worker: Worker, value: str, rng: random.Random, *, odd: bool) -> list[Known]:
    """Crops known to show `value`, or where odd something else: by the machine's certain word, else by people's."""
    number = "0" if value == DASH else value
    near = neighbours(value)
    rng.shuffle(near)
    tries = [near[: len(near) // 3 + 1], near] if odd else [[number]]
    for values in tries:
        found = [k for k in certain(session, worker, rng, values) if (k.value != value) is odd]
        if found:
            return found
    settled = [k for k in _settled(session, worker) if (k.value != value) is odd]
    if settled or not odd:
        return settled
    anything = certain(session, worker, rng, None) or certain(session, worker, rng, [""])
    return [known for known in anything if known.value != value]


def certain(
    session: Session, worker: Worker, rng: random.Random, values: Sequence[str] | None, *more: ColumnElement[bool]
) -> list[Known]:
    """Cells the machine is sure of and nobody spoke on, of these values or any but blank, from a random paper on.

    Of forms the worker may see; a few of them, such as further conditions let through.
    """
    spoken = exists().where(Event.source == Cell.source, Event.form == Cell.form, Event.place == Cell.place)
    # Said literally, or the index over certain cells is of no use.
    inked = Cell.value.in_(values or ()) if values else Cell.value != literal_column("''")
    conditions = [
        Cell.status == literal_column("'accepted'"),
        Cell.figure,
        Cell.page.is_not(None),
        Cell.x0.is_not(None),
    ]
    wanted = (
        select(Cell.source, Cell.form, Cell.place, Form.content, Cell.written, Cell.value)
        .join(Form, (Form.source == Cell.source) & (Form.form == Cell.form))
        .join(Task, (Task.source == Cell.source) & (Task.form == Cell.form))
        .where(*conditions, *more, inked, visible(worker, Task.department), ~spoken.where(Event.act != Act.READ.value))
        .limit(LOOKED_AT)
    )
    if values != [""]:
        wanted = wanted.where(Cell.value != literal_column("''"))
    start = f"{rng.randrange(16**4):04x}"
    for half in (Cell.source >= start, Cell.source < start):
        if rows := session.execute(wanted.where(half)).all():
            return [Known(r.source, r.form, r.place, r.content, read_as(r.written, r.value)) for r in rows]
    return []


def _settled(session: Session, worker: Worker) -> list[Known]:
    """Cells that other people read on the paper, of forms that are done: the latest ones."""
    wanted = (
        select(Event, Form.content)
        .join(Form, (Form.source == Event.source) & (Form.form == Event.form))
        .join(Task, (Task.source == Event.source) & (Task.form == Event.form))
        .where(Task.state == State.DONE.value, visible(worker, Task.department))
        .where(Event.act == Act.ANSWER.value, Event.origin == Origin.OPERATOR.value, Event.place.like("s%/%"))
        .where(Event.who != worker.login, Event.note != BY_COLLAGE)
        .order_by(Event.id.desc())
        .limit(LOOKED_AT)
    )
    found = []
    for event, read in session.execute(wanted).all():
        answer = answers_of(session, (event.source, event.form)).get(event.place)
        cell = session.get(Cell, (event.source, event.form, event.place))
        if answer is not None and answer.number == event.id and cell is not None and cell.x0 is not None:
            found.append(Known(cell.source, cell.form, cell.place, read, event.value))
    return found
