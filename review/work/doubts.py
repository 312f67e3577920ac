"""Figures of a waiting form whose reading alone is in doubt: kept beside its task, found by what they were read as."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from postprocess import amounts, marks, normalise
from review.case import Case
from review.questions import Question
from review.units import covers, is_unit
from review.work.schema import Doubt
from validate import reasons

DASH = "-"  # how a dash is told from a nought: both count zero, and look nothing alike
DASHES = frozenset("-–—−")

# Doubts that a look at the cell settles: what the ink says, not whose cell it is or in which unit it stands.
OF_READING = frozenset(
    {
        "ink-over-edge", "ink-without-text", "seal", "several-lines",
        amounts.LOOK_ALIKE, marks.STRAY_MARK, normalise.BLANK_DOUBTFUL,
        reasons.CONTROLS_UNDECIDED, reasons.HAND_UNCONFIRMED, reasons.LONE_READER, reasons.LOW_CONFIDENCE,
        reasons.READERS_DISAGREE, reasons.UNLIKE_CALIBRATED, reasons.UNPROVEN,
    }
)  # fmt: skip
BESIDE = reasons.INFORMATIONAL | {reasons.CONTROL_FAILS}  # what may be said of such a cell besides


def keep_doubts(session: Session, case: Case, *, waiting: bool) -> None:
    """Bring a form's doubts up to date; one that was struck out stays so while it is read the same."""
    form = case.form
    known = select(Doubt).where(Doubt.source == form.source, Doubt.form == form.form)
    kept = {doubt.place: doubt for doubt in session.scalars(known)}
    now = dict(_of_reading(case)) if waiting else {}
    for place, doubt in kept.items():
        if now.get(place) != doubt.proposed:
            session.delete(doubt)
    session.flush()
    for place, proposed in now.items():
        if place not in kept or kept[place].proposed != proposed:
            session.add(Doubt(source=form.source, form=form.form, place=place, proposed=proposed, struck=False))


def read_as(written: str, value: str) -> str:
    """What crops that look alike have in common: the value, but a dash and a nought apart.

    >>> read_as("12 345,6", "12345.6"), read_as("—", "0"), read_as("0", "0"), read_as("", "")
    ('12345.6', '-', '0', '')
    """
    return DASH if written.strip() in DASHES else value


def _of_reading(case: Case) -> Iterator[tuple[str, str]]:
    """Places with what they were read as."""
    units = [finding for finding in case.findings if is_unit(finding)]
    for question in case.questions:
        if _is_of_reading(question) and not any(covers(finding, question.place) for finding in units):
            yield question.place, read_as(question.written, question.value)


def _is_of_reading(question: Question) -> bool:
    why = set(question.reasons)
    shown = question.kind == "figure" and question.page is not None and question.box is not None
    return shown and bool(why & OF_READING) and why <= OF_READING | BESIDE
