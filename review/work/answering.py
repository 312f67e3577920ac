"""Answers of a person who holds a form: kept once, never over another's, and what they settle is settled at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import Act, now
from review.case import Case, Key, Layouts, open_case
from review.store import Given, add_answer, add_event
from review.work.claims import check_claim, release
from review.work.people import Role, Worker
from review.work.schema import Delivery, Task
from review.work.tasks import WAITING, Share, refresh


class AnotherSaidError(QagazError):
    """Another person answered this already; only a supervisor may answer anew."""


def answer(
    session: Session, layouts: Layouts, worker: Worker, key: Key, given: Sequence[Given], token: str, share: Share
) -> Task:
    """Keep answers about one form, all or none, and bring its task up to date; a form with nothing open is let go.

    `token` names this set of answers: sent again, it is not kept again. ClaimError if the form is not the worker's,
    AnswerError if nothing like this may stand there, AnotherSaidError where another person has answered.
    """
    task = check_claim(session, worker, key)
    if arrived(session, token):
        return task
    case = open_case(session, layouts, key)
    for each in given:
        _may_say(case, worker, each)
        add_answer(session, layouts, key, each)
    return _moved_on(session, layouts, worker, key, share)


def note(session: Session, layouts: Layouts, worker: Worker, key: Key, given: Given, act: Act, share: Share) -> Task:
    """Keep words about a form that answer nothing: a note, or that its respondent is to be asked."""
    check_claim(session, worker, key)
    add_event(session, key, given, act, "")
    return _moved_on(session, layouts, worker, key, share)


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
