"""Answers of a person who holds a form: kept once, never over another's, and what they settle is settled at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import Act, now
from review.case import Layouts, open_case, words_about
from review.told import Key
from review.work.claims import check_claim, locked_task, release
from review.work.saying import Given, add_answer, add_event
from review.work.schema import Delivery, Task
from review.work.staff.people import Role, Worker
from review.work.tasks import WAITING, Renewed, Share, renew


class AnotherSaidError(QagazError):
    """Another person answered this already; only a supervisor may answer anew."""


def answer(
    session: Session, layouts: Layouts, worker: Worker, key: Key, given: Sequence[Given], token: str, share: Share
) -> Renewed:
    """Keep answers about one form, all or none, and bring its task up to date; a form with nothing open is let go.

    `token` names this set of answers: the same sent again is not kept again, also where the form was settled by it and
    let go. Other answers under a token that was used, as a page gone back to sends them, are other answers. ClaimError
    if the form is not the worker's, AnswerError if nothing like this may stand there, AnotherSaidError where another
    person has answered.
    """
    task = locked_task(session, worker, key)  # first: the same sent twice at once comes one after the other
    if token and arrived(session, _named(worker, key, given, token)):
        return Renewed(task, open_case(session, layouts, key))
    check_claim(session, worker, key)
    at = now()
    for each in given:
        own = replace(each, file=key[0], form=key[1], who=worker.login)
        _may_say(session, worker, key, own)
        add_answer(session, layouts, key, own, at)
    return _moved_on(session, layouts, worker, key, share)


def note(
    session: Session, layouts: Layouts, worker: Worker, key: Key, given: Given, act: Act, share: Share, token: str = ""
) -> Task:
    """Keep words about a form that answer nothing: a note, or that its respondent is to be asked.

    A form whose respondent is to be asked leaves the hands of whoever says so. ClaimError if it is not in them.
    """
    task = locked_task(session, worker, key)
    if token and arrived(session, _named(worker, key, [given], f"{act} {token}")):
        return task
    check_claim(session, worker, key)
    add_event(session, key, replace(given, who=worker.login), act, "")
    task = _moved_on(session, layouts, worker, key, share).task
    if act is Act.ASK:
        release(session, worker, key)
    return task


def is_kept(session: Session, worker: Worker, key: Key, given: Sequence[Given], token: str) -> bool:
    """Whether just these answers were sent before under this token, and kept."""
    return bool(token) and session.get(Delivery, _named(worker, key, given, token)) is not None


def arrived(session: Session, token: str) -> bool:
    """Whether a set of answers is here already; if not, it is from now on."""
    if session.get(Delivery, token) is not None:
        return True
    session.add(Delivery(token=token, at=now()))
    session.flush()
    return False


def _moved_on(session: Session, layouts: Layouts, worker: Worker, key: Key, share: Share) -> Renewed:
    renewed = renew(session, layouts, key, share, who=worker.login)
    if renewed.task.state not in WAITING:
        release(session, worker, key)
    return renewed


def _named(worker: Worker, key: Key, given: Sequence[Given], token: str) -> str:
    """One person's token for these answers about this form: nobody can use up another's."""
    return hashlib.sha256(repr((worker.login, key, token, list(given))).encode("utf-8", "backslashreplace")).hexdigest()


def _may_say(session: Session, worker: Worker, key: Key, given: Given) -> None:
    """AnotherSaidError if the word that would be taken back, or that this would replace, is another person's.

    What the paper says and what its respondent says are told apart: who wrote down the one may be another than who
    wrote down the other.
    """
    words = words_about(session, key, given.place)
    touched = words[-1:] if given.undo else [word for word in words if word.origin is given.origin][-1:]
    for word in touched:
        if word.who != worker.login and worker.role is not Role.SUPERVISOR:
            raise AnotherSaidError("error.another-said", who=word.who, place=given.place)
