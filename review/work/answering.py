"""Answers of a person who holds a form: kept once, never over another's, and what they settle is settled at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import SILENT, Act, now
from review.case import Case, Key, Layouts, open_case
from review.history import Word, words_of
from review.schema import Event
from review.store import Given, add_answer, add_event
from review.work.claims import check_claim, claim, release, seen_task
from review.work.people import Role, Worker
from review.work.schema import Delivery, Task
from review.work.tasks import WAITING, Share, refresh


class AnotherSaidError(QagazError):
    """Another person answered this already; only a supervisor may answer anew."""


class NothingSaidError(QagazError):
    """There is no answer of this person's to take back."""


def answer(
    session: Session, layouts: Layouts, worker: Worker, key: Key, given: Sequence[Given], token: str, share: Share
) -> Task:
    """Keep answers about one form, all or none, and bring its task up to date; a form with nothing open is let go.

    `token` names this set of answers: sent again, it is not kept again. ClaimError if the form is not the worker's,
    AnswerError if nothing like this may stand there, AnotherSaidError where another person has answered. What arrived
    before is no error, also where its form was let go by it.
    """
    if session.get(Delivery, token) is not None:
        return seen_task(session, worker, key)
    task = check_claim(session, worker, key)
    if arrived(session, token):
        return task
    case = open_case(session, layouts, key)
    for each in given:
        _may_say(case, worker, each)
        add_answer(session, layouts, key, each)
    return _moved_on(session, layouts, worker, key, share)


def note(session: Session, layouts: Layouts, worker: Worker, key: Key, given: Given, act: Act, share: Share) -> Task:
    """Keep words about a form that answer nothing: a note, or that its respondent is to be asked.

    A form whose respondent is to be asked leaves the hands of whoever says so. ClaimError if it is not in them.
    """
    check_claim(session, worker, key)
    add_event(session, key, given, act, "")
    task = _moved_on(session, layouts, worker, key, share)
    if act is Act.ASK:
        release(session, worker, key)
        session.refresh(task)
    return task


def take_back(session: Session, layouts: Layouts, worker: Worker, key: Key, token: str, share: Share) -> str:
    """Take back the worker's last answer about a form that still stands; the place it was about.

    Answers given together as one (a list accepted as read) are taken back one by one. A form that was let go meanwhile
    is claimed anew. ClaimError if another works on it, NothingSaidError if no answer of theirs is left.
    """
    if arrived(session, token):
        return ""
    if seen_task(session, worker, key).holder != worker.id:
        claim(session, worker, key)
    check_claim(session, worker, key)
    last = last_said(session, worker, key)
    if last is None:
        raise NothingSaidError("error.nothing-said")
    given = Given(key[0], key[1], last.place, "", "", worker.login, last.origin, undo=True)
    add_answer(session, layouts, key, given)
    _moved_on(session, layouts, worker, key, share)
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


def arrived(session: Session, token: str) -> bool:
    """Whether a set of answers is here already; if not, it is from now on."""
    if session.get(Delivery, token) is not None:
        return True
    session.add(Delivery(token=token, at=now()))
    session.flush()
    return False


def _moved_on(session: Session, layouts: Layouts, worker: Worker, key: Key, share: Share) -> Task:
    task = refresh(session, layouts, key, share, who=worker.login)
    if task.state not in WAITING:
        release(session, worker, key)
        session.refresh(task)
    return task


def _may_say(case: Case, worker: Worker, given: Given) -> None:
    """AnotherSaidError if the word that counts is another person's."""
    standing = case.answers.get(given.place)
    if standing is None or standing.who == worker.login or worker.role is Role.SUPERVISOR:
        return
    if given.undo or standing.origin is given.origin:
        raise AnotherSaidError("error.another-said", who=standing.who, place=given.place)
