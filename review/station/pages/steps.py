"""The way through one form: what is asked one after the other, and what is asked together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from review.case import Case
from review.panels import panels
from review.proposals import KATO
from review.questions import Question
from review.work.collages.noughts import apart

REST = "rest"  # the step at which everything is looked over that no figure waits for: names, addresses, signatures
NOUGHTS = "noughts"  # cells in which nothing is written, side by side
MISSING = "missing"  # cells of a page that is not there
TOGETHER = (NOUGHTS, MISSING, REST)  # steps that hold several questions


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to settle, or several at one look; `at` is what the address names it by."""

    at: str
    questions: tuple[Question, ...]


def steps_of(session: Session, case: Case, alone: Iterable[str] = ()) -> tuple[Step, ...]:
    """What is open, first things first. What has to be chosen is asked by itself, not looked over.

    Noughts that somebody accepted without a look are asked one by one, and those that `alone` names.
    """
    shown = [panel for panel in panels(case, apart(session, case.key).union(alone)) if panel.first.needed]
    steps = [Step(p.first.place if p.kind == "one" else p.kind, p.questions) for p in shown]
    others = [question for question in case.questions if not question.needed]
    steps += [Step(question.place, (question,)) for question in others if _is_chosen(question)]
    rest = tuple(question for question in others if not _is_chosen(question))
    return (*steps, Step(REST, rest)) if rest else tuple(steps)


def _is_chosen(question: Question) -> bool:
    """Whether something is proposed for it, or it is a code of which several readings compete.

    One digit makes it another place, which an eye that only looks over it does not see.
    """
    return question.proposed or (question.place == KATO and bool(question.alternatives))


def step_of(steps: tuple[Step, ...], place: str) -> str:
    """The step a place is asked about at; the place itself where it is not asked about."""
    return next((step.at for step in steps if any(q.place == place for q in step.questions)), place)


def next_after(before: tuple[Step, ...], at: str, steps: tuple[Step, ...]) -> str:
    """The step that follows `at` in the order it was shown in and is still open, else the first one; "" if none is."""
    still = {step.at for step in steps}
    names = [step.at for step in before]
    behind = names[names.index(at) + 1 :] if at in names else []
    return next((name for name in behind if name in still), steps[0].at if steps else "")


def around(steps: tuple[Step, ...], at: str) -> tuple[str, str]:
    """The steps before and after one, round and round; "" where there is no other."""
    names = [step.at for step in steps]
    if at not in names:
        return ("", names[0]) if names else ("", "")
    if len(names) == 1:
        return "", ""
    place = names.index(at)
    return names[place - 1], names[(place + 1) % len(names)]
