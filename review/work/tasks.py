"""What is to be done about each form, kept up to date; the queue is read from these rows alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from review.answers import FORM, Act, now
from review.case import Case, Layouts, open_case
from review.schema import Event
from review.told import Key
from review.work.audit import secret
from review.work.doubts import keep_doubts
from review.work.schema import Paper, Setting, Task
from validate.records import Status

SHARE = "second-share"  # the name under which a supervisor's choice is kept
SECOND_SHARE = 0.05  # of settled forms that another person keys once more, unless told


class State(StrEnum):
    """How far a form is."""

    OPEN = "open"
    ASKING = "asking"  # the respondent is being asked
    SECOND = "second"  # another person keys it once more, blind
    DISPUTE = "dispute"  # two people differ
    DONE = "done"
    CLEAR = "clear"  # nothing was ever asked


WAITING = (State.OPEN.value, State.ASKING.value)  # states that follow from the questions
OVER = "over"  # value of a word that the respondent is not asked any more
BY_COLLAGE = "collage"  # note of an answer given over crops side by side: it says nothing of what is being asked


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the settled forms are keyed once more, and by what they are drawn."""

    share: float = SECOND_SHARE
    seed: str = ""

    def draws(self, key: Key) -> bool:
        """Whether a form is drawn: nobody who works on it can tell before, and the same forms are drawn again.

        >>> sum(Share(0.2, "s").draws((str(n), 1)) for n in range(1000)) in range(160, 240)
        True
        """
        hashed = hashlib.sha256(f"{self.seed}/{key[0]}/{key[1]}".encode()).digest()
        return int.from_bytes(hashed[:8], "big") < self.share * 2**64


def share_now(session: Session, share: Share) -> Share:
    """The share that a supervisor set; the given one where nobody did."""
    chosen = session.get(Setting, SHARE)
    return share if chosen is None else replace(share, share=float(chosen.value))


class Renewed(NamedTuple):
    """A form's task brought up to date, and the form as it was read for that."""

    task: Task
    case: Case


def refresh(
    session: Session, layouts: Layouts, key: Key, share: Share, *, who: str = "", case: Case | None = None
) -> Task:
    """Bring a form's task up to date with what is known and said of it; `who` is whose answer that was.

    `case` spares reading a form that was just written and that nobody can have spoken of.
    """
    return renew(session, layouts, key, share, who=who, case=case).task


def renew(
    session: Session, layouts: Layouts, key: Key, share: Share, *, who: str = "", case: Case | None = None
) -> Renewed:
    """As `refresh`, for whoever goes on with the form: it need not be read once more."""
    session.flush()
    if who and not share.seed:  # else whoever knows the program could tell which forms are drawn
        share = replace(share, seed=secret(session).hex())
    task = None
    if case is None:  # what others say meanwhile waits
        task = session.get(Task, key, with_for_update=True, populate_existing=True)
    case = case or open_case(session, layouts, key)
    task = task or _new(session, case)
    questions = case.questions
    task.file = case.form.file
    task.later = not any(question.early for question in questions)
    task.open, task.needed = len(questions), sum(question.needed for question in questions)
    task.asked = max(task.asked, task.open)
    task.causes = _joined(finding.cause for finding in case.findings)
    task.reasons = _joined(reason for question in questions for reason in question.reasons)
    inked = [cell.status for cell in case.cells if cell.figure and cell.written]
    task.inked, task.sure = len(inked), inked.count(Status.ACCEPTED.value)
    _move(session, case, task, share, who)
    keep_doubts(session, case, waiting=task.state in WAITING)
    session.flush()
    return Renewed(task, case)


def in_order(session: Session) -> Iterator[Key]:
    """Forms with open questions, in the order they are worked on."""
    wanted = select(Task.source, Task.form).where(Task.state.in_(WAITING)).order_by(*ORDER)
    yield from [(source, form) for source, form in session.execute(wanted)]


ORDER = (Task.later, Task.open, Task.file, Task.form)


def _new(session: Session, case: Case) -> Task:
    paper = session.get(Paper, case.form.source)
    task = Task(
        source=case.form.source, form=case.form.form, state=State.CLEAR.value, asked=0, since=now(), seconds=0,
        first="", second="", again=False,
        department=paper.department if paper else None, batch=paper.batch if paper else None,
    )  # fmt: skip
    session.add(task)
    if case.answers:  # of a store of an earlier version: people have settled some of it already
        known = replace(case, answers={}, changed={})
        words = case.answers.values()
        task.asked, task.first = len(known.questions), max(words, key=lambda word: word.number).who
        task.since = min(word.at for word in words)
    return task


def _move(session: Session, case: Case, task: Task, share: Share, who: str) -> None:
    """Into the state that follows from its questions; second keying and disputes end by themselves, not by this."""
    if case.form.status != Status.REVIEW.value:  # read anew, it may be so after people have settled it
        task.state = State.DONE.value if task.settled else State.CLEAR.value
    elif task.open:
        asking = task not in session.new and _is_asking(session, case)
        task.state = State.ASKING.value if asking else State.OPEN.value
        task.settled = None
    elif task.asked and task.state in (*WAITING, State.CLEAR.value):
        task.first, task.settled = who or task.first, now()
        fit = bool(task.asked) and bool(who) and not case.left_out and not task.second
        task.again = fit and share_now(session, share).draws((task.source, task.form))
        task.state = State.SECOND.value if task.again else State.DONE.value


def _is_asking(session: Session, case: Case) -> bool:
    """Whether the last word about the form, notes aside, was that its respondent is asked."""
    of_form = (Event.source == case.form.source, Event.form == case.form.form, Event.act.not_in(_ASIDE))
    said = select(Event.act, Event.place, Event.value).where(*of_form, Event.note != BY_COLLAGE)
    last = session.execute(said.order_by(Event.id.desc()).limit(1)).first()
    return last is not None and last.act == Act.ASK.value and last.place == FORM and last.value != OVER


_ASIDE = (Act.READ.value, Act.NOTE.value, Act.SECOND.value)  # what neither begins nor ends the asking


def _joined(words: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(word for word in words if word))
