"""Answers taken back, the last one first, as often as one likes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import SILENT, Act, Origin
from review.case import Layouts
from review.history import Word, words_of
from review.schema import Event
from review.told import Key
from review.work.answering import answer, arrived
from review.work.claims import claim, seen_task
from review.work.saying import Given
from review.work.staff.people import Worker
from review.work.tasks import Share

SIDE_BY_SIDE = "side by side"  # note of answers given at one look


class NothingSaidError(QagazError):
    """There is no answer of this person's to take back."""


def take_back(session: Session, layouts: Layouts, worker: Worker, key: Key, token: str, share: Share) -> str:
    """Take back the worker's last answer about a form that still stands; the place it was about.

    Answers given together, at one look, are taken back together. A form that was let go meanwhile is claimed anew.
    What comes in under a `token` that was used takes nothing more back: then the place is "".
    ClaimError if another works on it, NothingSaidError if no answer of theirs is left.
    """
    held = seen_task(session, worker, key).holder == worker.id
    if token and arrived(session, f"back {worker.login} {token}"):
        return ""
    if not held:
        claim(session, worker, key)
    last = last_said(session, worker, key)
    if last is None:
        raise NothingSaidError("error.nothing-said")
    given = [
        Given(key[0], key[1], word.place, "", "", worker.login, word.origin, undo=True)
        for word in said_with(session, worker, key, last)
    ]
    answer(session, layouts, worker, key, given, "", share)
    return last.place


def last_said(session: Session, worker: Worker, key: Key) -> Word | None:
    """The worker's last answer about a form that still stands and that nobody spoke after; None if there is none."""
    of_form = (Event.source == key[0], Event.form == key[1], Event.act != Act.READ.value)
    tops: dict[str, Word] = {}
    for word in words_of(session.scalars(select(Event).where(*of_form).order_by(Event.id))):
        if word.act is not Act.UNDO and word.act not in SILENT and not word.undone_by:
            tops[word.place] = word
    mine = (word for word in tops.values() if word.who == worker.login)
    return max(mine, key=lambda word: word.number, default=None)


def said_with(session: Session, worker: Worker, key: Key, last: Word) -> list[Word]:
    """The answers that were given together with the last one, the last first."""
    together = [last]
    if last.note != SIDE_BY_SIDE and last.origin is not Origin.RESPONDENT:
        return together
    of_form = (Event.source == key[0], Event.form == key[1], Event.id <= last.number)
    for word in reversed(words_of(session.scalars(select(Event).where(*of_form).order_by(Event.id)))[:-1]):
        alike = (word.who, word.note, word.at, word.undone_by) == (worker.login, last.note, last.at, 0)
        if not alike:
            break
        together.append(word)
    return together
