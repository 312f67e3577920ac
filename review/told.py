"""What people said of forms, as the store keeps it: read in one way, for one form, for many, or for all of them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from review.answers import SILENT, Act, Answer, Origin, said, standing
from review.schema import Event

Key = tuple[str, int]  # source and form
Words = dict[str, list[tuple[Act, Answer]]]  # place → what people did about it, in order


def words_in(session: Session, *conditions: ColumnElement[bool]) -> dict[Key, Words]:
    """Form → what people did about its places, of the events that the conditions let through.

    Acts that answer nothing are left out; what was taken back is not.
    """
    columns = (Event.source, Event.form, Event.place, Event.act, Event.origin, Event.value, Event.note, Event.who)
    silent = [act.value for act in SILENT]
    wanted = select(*columns, Event.at, Event.id).where(*conditions, Event.act.not_in(silent)).order_by(Event.id)
    found: dict[Key, Words] = {}
    for row in session.execute(wanted):
        act = Act(row.act)
        answer = Answer(act, Origin(row.origin), row.value, row.note, row.who, row.at, row.id)
        found.setdefault((row.source, row.form), {}).setdefault(row.place, []).append((act, answer))
    return found


def that_count(words: Words) -> dict[str, Answer]:
    """Place → the answer that counts; places where all was taken back are left out."""
    counting = {place: standing(said(events)) for place, events in words.items()}
    return {place: answer for place, answer in counting.items() if answer is not None}


def answers_in(session: Session, *conditions: ColumnElement[bool]) -> dict[Key, dict[str, Answer]]:
    """Form → place → the answer that counts, of the events that the conditions let through."""
    return {key: that_count(words) for key, words in words_in(session, *conditions).items()}
