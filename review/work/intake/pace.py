"""How fast papers are being read, and when those of a batch will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from review.answers import aware, now
from review.work.schema import Paper

LATELY = timedelta(minutes=5)  # papers that were done within tell how fast it goes
LEAST_SECONDS = 2.0  # times are kept to the second: a shorter while says nothing


@dataclass(frozen=True, slots=True)
class Pace:
    """Papers and pages a minute, and how long the rest takes; None where nothing was read lately."""

    papers: float
    pages: float
    minutes_left: float


def pace(session: Session, unread: int) -> Pace | None:
    """The pace of late, whatever batch it was, and the time for so many papers more."""
    lately = now() - LATELY
    wanted = select(func.count(), func.coalesce(func.sum(Paper.pages), 0), func.min(Paper.begun))
    papers, pages, begun = session.execute(wanted.where(Paper.ended > lately, Paper.begun.is_not(None))).one()
    if not papers or begun is None:
        return None
    seconds = max(LEAST_SECONDS, (now() - max(aware(begun), lately)).total_seconds())
    a_minute = papers * 60 / seconds
    return Pace(a_minute, int(pages) * 60 / seconds, unread / a_minute)
