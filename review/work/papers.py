"""Papers that came in: where they lie, and whose they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from extract.records import Source
from review.answers import now
from review.pictures import NoPictureError
from review.work.schema import Batch, Paper

WAITING, READING, READ, REJECTED = "waiting", "reading", "read", "rejected"


def came_in(session: Session, source: Source, *, batch: Batch | None = None, state: str = READ, who: str = "") -> Paper:
    """Note a paper, or where one that is known lies now. Whose it is stays as it was unless a batch says so."""
    paper = session.get(Paper, source.sha256)
    if paper is None:
        at: datetime = now()
        paper = Paper(
            source=source.sha256, department=None, batch=None, pages=0, who=who, at=at, received=at.date(), state=state
        )
        session.add(paper)
    paper.file, paper.path = source.file, str(source.path.absolute())
    paper.state = state
    if batch is not None:
        paper.department, paper.batch, paper.received = batch.department, batch.id, batch.received
    session.flush()
    return paper


def source_of(session: Session, source: str) -> Source:
    """A paper by its hash, with the place it lies in; NoPictureError if nobody noted where."""
    paper = session.get(Paper, source)
    if paper is None:
        raise NoPictureError("error.picture-no-paper", file=source[:12])
    return Source(source, paper.file, Path(paper.path))
