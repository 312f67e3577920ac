"""Batches as they were counted at intake, against what is known of their papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from review.work.intake.papers import READING, REJECTED, WAITING
from review.work.schema import Batch, Department, Paper


@dataclass(frozen=True, slots=True)
class Tally:
    """One batch: papers and pages counted by hand, and those that came in."""

    batch: Batch
    department: str
    came: int  # papers that came in
    pages: int  # of them, as far as they are read
    unread: int  # papers that wait or are being read
    rejected: int

    @property
    def agrees(self) -> bool:
        """Whether everything is read and both counts are the same."""
        return not self.unread and (self.came, self.pages) == (self.batch.papers, self.batch.pages)


def tallies(session: Session, batches: Sequence[Batch]) -> list[Tally]:
    """The batches with what became of their papers, in the same order."""
    wanted = (
        select(Paper.batch, Paper.state, func.count(), func.sum(Paper.pages))
        .where(Paper.batch.in_([batch.id for batch in batches]))
        .group_by(Paper.batch, Paper.state)
    )
    counts: dict[int, dict[str, tuple[int, int]]] = {}
    for batch, state, papers, pages in session.execute(wanted):
        counts.setdefault(batch or 0, {})[state] = (int(papers), int(pages or 0))
    names = dict(session.execute(select(Department.id, Department.name)).all())
    return [_tally(batch, names[batch.department], counts.get(batch.id, {})) for batch in batches]


def _tally(batch: Batch, department: str, counts: dict[str, tuple[int, int]]) -> Tally:
    papers = {state: count for state, (count, _) in counts.items()}
    return Tally(
        batch,
        department,
        sum(papers.values()),
        sum(pages for _, pages in counts.values()),
        papers.get(WAITING, 0) + papers.get(READING, 0),
        papers.get(REJECTED, 0),
    )
