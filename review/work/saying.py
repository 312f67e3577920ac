"""What a person says, as it comes in and as it is kept: an event of the form, put on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from review.answers import Act, Origin, now, parse_answer
from review.case import Layouts, cell_at, words_about
from review.flatten import clean
from review.schema import Cell, Event
from review.told import Key
from review.work.audit import record_event


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it comes in: the form by its hash or file name, the place, what was typed, and whose word it is."""

    file: str
    form: int
    place: str
    value: str
    note: str = ""
    who: str = ""
    origin: Origin = Origin.OPERATOR
    undo: bool = False
    sure: bool = False  # it was warned of, and is meant so


def add_answer(session: Session, layouts: Layouts, key: Key, given: Given, at: datetime | None = None) -> Event:
    """Keep one answer of a person, and put it on record. AnswerError if nothing like this may stand there.

    `at`: when it was said, now unless told: what is said at one look is said at one time.
    """
    cell = cell_at(session, layouts, key, given.place)
    if given.undo:
        return add_event(session, key, given, Act.UNDO, "", at)
    act, value = parse_answer(given.place, given.value, figure=cell is not None and cell.figure, sure=given.sure)
    if act is Act.CONFIRM and cell is not None:
        act, value = _confirmed(session, key, cell, given.origin)
    return add_event(session, key, given, act, value, at)


def _confirmed(session: Session, key: Key, cell: Cell, origin: Origin) -> tuple[Act, str]:
    """A yes to what stands in a cell, with what that is: read anew, the paper must not put other words in its place.

    A respondent says yes to what stands on the paper, as people read it if they did.
    """
    read = [word.reading for word in words_about(session, key, cell.place) if word.origin is Origin.OPERATOR]
    known = read[-1] if read and origin is Origin.RESPONDENT else None
    value = cell.value if known is None else known
    return (Act.CONFIRM, value) if value else (Act.ANSWER, "")


def add_event(session: Session, key: Key, given: Given, act: Act, value: str, at: datetime | None = None) -> Event:
    """Keep one thing that a person said, and put it on record."""
    event = Event(
        source=key[0], form=key[1], place=given.place, act=act.value, origin=given.origin.value, value=value,
        note=clean(given.note), who=clean(given.who), versions="", at=at or now(),
    )  # fmt: skip
    session.add(event)
    session.flush()
    record_event(session, event)
    return event
