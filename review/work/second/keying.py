"""Second keying: another person types once more, blind, what stands in cells that people answered, and in a few others.

What is typed counts for nothing but comparison. Where all of it is what stands already, the form is done; where any
cell differs, a third person decides.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from layouts.errors import QagazError
from review.answers import Act, Answer, AnswerError, Origin, parse_answer
from review.case import Case, Layouts, open_case
from review.schema import Cell, Event
from review.told import Key
from review.work.audit import record
from review.work.claims import check_claim, is_impartial, release
from review.work.doubts import DASHES
from review.work.saying import Given, add_event
from review.work.schema import Task
from review.work.staff.people import Worker
from review.work.tasks import Share, State
from validate.records import Status

ACCEPTED_SHARE = 0.1  # of a form's accepted inked cells that are keyed too: they tell what the machine lets through
ACCEPTED_LEAST = 2  # cells, so that a form whose every doubtful cell is obvious still has others


class KeyingError(QagazError):
    """The form is not keyed once more just now, or not that cell."""


def places_to_key(case: Case, share: Share) -> tuple[str, ...]:
    """The cells of a form that are keyed once more, in the order of the form.

    All figure cells that people were asked about or answered and that can be shown, and of the accepted inked ones a
    tenth, two at least, drawn by a hash of the house's seed, the form and the cell: nobody can tell which before, and
    the same ones are drawn again.
    """
    shown = [cell for cell in case.cells if cell.figure and cell.page is not None and cell.x0 is not None]
    asked = {cell.place for cell in shown if cell.status == Status.REVIEW.value or cell.place in case.answers}
    inked = [cell for cell in shown if cell.place not in asked and (cell.value or cell.written)]
    inked.sort(key=lambda cell: _draw(share.seed, cell))
    drawn = {cell.place for cell in inked[: max(ACCEPTED_LEAST, math.ceil(ACCEPTED_SHARE * len(inked)))]}
    return tuple(cell.place for cell in shown if cell.place in asked | drawn)


def keyed(session: Session, key: Key, login: str) -> dict[str, str]:
    """Place → what this person keyed there, blind; the last word counts."""
    wanted = select(Event.place, Event.value).where(
        Event.source == key[0], Event.form == key[1], Event.act == Act.SECOND.value, Event.who == login
    )
    return {str(place): str(value) for place, value in session.execute(wanted.order_by(Event.id))}


def key_cell(
    session: Session, layouts: Layouts, worker: Worker, key: Key, place: str, given: str, share: Share
) -> bool:
    """Keep what was typed for one cell; whether it was the last one, and the form moved on.

    ClaimError if the form is not the worker's, KeyingError if it or the cell is not keyed once more, AnswerError if
    nothing like this may stand there.
    """
    task = check_claim(session, worker, key)
    case = open_case(session, layouts, key)
    wanted = places_to_key(case, share)
    if task.state != State.SECOND.value or place not in wanted or not is_impartial(session, worker.login, key):
        raise KeyingError("error.second-over")
    value = word_of(place, given)
    add_event(session, key, Given(*key, place, value, who=worker.login), Act.SECOND, value)
    if set(wanted) <= keyed(session, key, worker.login).keys():
        finish(session, case, task, worker, wanted)
        return True
    return False


def finish(session: Session, case: Case, task: Task, worker: Worker, wanted: Sequence[str]) -> None:
    """All is keyed: the form is done, or what differs is for a third person."""
    task.second = worker.login
    differing = sorted(p for p, value in differences(session, case, task).items() if p in wanted)
    task.state = State.DISPUTE.value if differing else State.DONE.value
    session.flush()
    record(session, worker.login, "second-keyed", _subject(task), {"differing": differing})
    release(session, worker, (task.source, task.form))


def differences(session: Session, case: Case, task: Task) -> dict[str, str]:
    """Place → what the second person keyed, of the cells where something else stands now."""
    by_place = {cell.place: cell for cell in case.cells}
    said = keyed(session, (task.source, task.form), task.second)
    return {
        place: value
        for place, value in said.items()
        if place in by_place and value != on_paper(by_place[place].value, case.answers.get(place))
    }


def word_of(place: str, given: str) -> str:
    """What was typed as a value; a dash counts zero, and nothing typed is no word: a blank cell is said to be blank.

    >>> word_of("s2/1/1", "1 234,50"), word_of("s2/1/1", "-"), word_of("s2/1/1", "пусто")
    ('1234.5', '0', '')
    """
    said = given.strip()
    if not said:
        raise AnswerError("error.second-nothing")
    if said in DASHES:
        return "0"
    act, value = parse_answer(place, said, figure=True)
    if act is not Act.ANSWER:
        raise AnswerError("error.answer-figure", place=place, given=given)
    return value


def on_paper(read: str, answer: Answer | None) -> str:
    """What the paper says, as the machine read it and people answered: under a respondent's word what it covers."""
    if answer is None:
        return read
    known = answer.paper if answer.origin is Origin.RESPONDENT else answer.reading
    return read if known is None else known


def _draw(seed: str, cell: Cell) -> bytes:
    return hashlib.sha256(f"{seed}/{cell.source}/{cell.form}/{cell.place}".encode()).digest()


def _subject(task: Task) -> str:
    return f"{task.source[:12]}/{task.form}"
