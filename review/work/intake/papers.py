"""Papers that came in: where they lie, whose they are, and who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from extract.intake import spelled
from extract.records import Source
from review.answers import now
from review.pictures import NoPictureError
from review.work.schema import Batch, Paper, Task

WAITING, READING, READ, REJECTED = "waiting", "reading", "read", "rejected"
LEASE = timedelta(seconds=60)  # a paper whose reader was not heard of for so long is read by another


def came_in(
    session: Session, source: Source, *, batch: Batch | None = None, state: str = READ, who: str = "", pages: int = 0
) -> Paper:
    """Note a paper, or where one that is known lies now. Whose it is stays as it was unless a batch says so.

    `pages` is how many it has; 0 where nobody counted them anew.
    """
    paper = session.get(Paper, source.sha256)
    if paper is None:
        at: datetime = now()
        paper = Paper(
            source=source.sha256, department=None, batch=None, pages=0, who=who, at=at, received=at.date(), state=state
        )
        session.add(paper)
    paper.file, paper.path = source.file, spelled(str(source.path.absolute()))
    paper.state = state
    paper.pages = pages or paper.pages
    if batch is not None:
        give(session, paper, batch)
    session.flush()
    return paper


def give(session: Session, paper: Paper, batch: Batch) -> None:
    """From now on the paper, with its forms, belongs to a batch and to the department that received it."""
    paper.department, paper.batch, paper.received = batch.department, batch.id, batch.received
    session.flush()
    own = update(Task).where(Task.source == paper.source)
    session.execute(own.values(department=batch.department, batch=batch.id))


def source_of(session: Session, source: str) -> Source:
    """A paper by its hash, with the place it lies in; NoPictureError if nobody noted where."""
    paper = session.get(Paper, source)
    if paper is None:
        raise NoPictureError("error.picture-no-paper", file=source[:12])
    return Source(source, paper.file, Path(paper.path))


def to_read(session: Session, most: int, passed_over: Sequence[str] = ()) -> list[Source]:
    """Papers that wait to be read, or whose reader is not heard of any more, in the order they came."""
    wanted = select(Paper.source, Paper.file, Paper.path).where(_unread(), Paper.source.not_in(passed_over))
    rows = session.execute(wanted.order_by(Paper.at, Paper.file, Paper.source).limit(most))
    return [Source(source, file, Path(path)) for source, file, path in rows]


def take_to_read(session: Session, source: str, reader: str) -> bool:
    """Begin to read a paper: of two readers who try at once, one succeeds."""
    values = {"state": READING, "reader": reader, "reader_until": now() + LEASE, "begun": now(), "ended": None}
    wanted = update(Paper).where(and_(Paper.source == source, _unread())).values(**values)
    done = session.execute(wanted.execution_options(synchronize_session=False))
    return isinstance(done, CursorResult) and done.rowcount == 1


def still_reading(session: Session, reader: str) -> None:
    """The reader is at work: nobody else takes what it reads."""
    mine = update(Paper).where(Paper.state == READING, Paper.reader == reader)
    session.execute(mine.values(reader_until=now() + LEASE))


def put_back(session: Session, reader: str) -> None:
    """What this reader had begun waits again."""
    mine = update(Paper).where(Paper.state == READING, Paper.reader == reader)
    session.execute(mine.values(state=WAITING, reader="", reader_until=None, begun=None))


def was_read(session: Session, source: str, state: str, pages: int) -> None:
    """The paper is read, or rejected; `pages` is 0 where that is not known."""
    paper = session.get(Paper, source)
    if paper is not None:
        paper.state, paper.ended, paper.reader, paper.reader_until = state, now(), "", None
        paper.pages = pages or paper.pages


def were_rejected(session: Session, sources: Sequence[str]) -> None:
    """These papers are rejected, whatever was noted when they were seen again."""
    for source in sources:
        session.execute(update(Paper).where(Paper.source == source, Paper.state == READ).values(state=REJECTED))


def lies_at(session: Session, source: str, path: Path) -> None:
    """The paper was moved."""
    session.execute(update(Paper).where(Paper.source == source).values(path=str(path.absolute())))


def read_again(session: Session, batch: Batch) -> int:
    """Papers of a batch that were rejected wait to be read once more; how many."""
    wanted = update(Paper).where(Paper.batch == batch.id, Paper.state == REJECTED)
    done = session.execute(wanted.values(state=WAITING, begun=None, ended=None))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _unread() -> ColumnElement[bool]:
    lost = and_(Paper.state == READING, or_(Paper.reader_until.is_(None), Paper.reader_until <= now()))
    return or_(Paper.state == WAITING, lost)
