"""A batch's reckoning: what was counted by hand against what was read, each difference by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from review.schema import Cell, Form
from review.work.intake.papers import READ, READING, REJECTED, WAITING
from review.work.schema import Arrival, Batch, Paper, Task
from validate.records import Status

PAPER, COPY, REFUSED = "paper", "copy", "refused"  # what became of a file that was handed in
PAGE_MISSING = "page-missing"  # reason of a cell whose page is not there
BESIDE = {COPY, REFUSED}  # the same paper once more, or no paper: nothing is lacking if the numbers agree
NAMED = 20  # files that a difference lists by name


@dataclass(frozen=True, slots=True)
class Named:
    """One reason why counted and read may differ: how often, and where."""

    kind: str  # missing-page, rejected, refused, copy
    count: int
    files: tuple[str, ...]  # the first of them


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Counted and read. `read` are forms and notices: what lay on the table one by one, however it was scanned."""

    papers: int  # counted by hand; 0: not counted
    pages: int
    files: int  # papers taken in
    forms: int
    notices: int
    read_pages: int  # of papers that were read
    waiting: int
    reading: int
    rejected: int
    named: tuple[Named, ...]

    @property
    def read(self) -> int:
        """Forms and notices."""
        return self.forms + self.notices

    @property
    def unread(self) -> int:
        """Papers whose reading is not over."""
        return self.waiting + self.reading

    @property
    def done(self) -> int:
        """Papers whose reading is over."""
        return self.files - self.unread

    @property
    def papers_off(self) -> int:
        """Read without counted: below 0, papers are lacking."""
        return self.read - self.papers

    @property
    def pages_off(self) -> int:
        """The same of pages."""
        return self.read_pages - self.pages

    @property
    def agrees(self) -> bool:
        """Whether all that was counted was read, whole, and nothing else."""
        lacking = {named.kind for named in self.named} - BESIDE
        return bool(self.papers) and not (self.unread or self.papers_off or self.pages_off or lacking)


def reckon(session: Session, batch: Batch) -> Reckoning:
    """The reckoning of a batch as it stands."""
    own = Paper.batch == batch.id
    by_state = select(Paper.state, func.count()).where(own).group_by(Paper.state)
    by_status = select(Form.status, func.count()).join(Paper, Paper.source == Form.source).where(own)
    states = {state: int(count) for state, count in session.execute(by_state)}
    statuses = {status: int(count) for status, count in session.execute(by_status.group_by(Form.status))}
    pages = select(func.coalesce(func.sum(Paper.pages), 0)).where(Paper.batch == batch.id, Paper.state == READ)
    return Reckoning(
        papers=batch.papers,
        pages=batch.pages,
        files=sum(states.values()),
        forms=sum(statuses.get(status.value, 0) for status in (Status.ACCEPTED, Status.REVIEW)),
        notices=statuses.get(Status.NOTICE.value, 0),
        read_pages=int(session.scalar(pages) or 0),
        waiting=states.get(WAITING, 0),
        reading=states.get(READING, 0),
        rejected=states.get(REJECTED, 0),
        named=tuple(named for named in _named(session, batch) if named.count),
    )


def _named(session: Session, batch: Batch) -> list[Named]:
    lost = (
        select(Task.file)
        .join(Cell, (Cell.source == Task.source) & (Cell.form == Task.form))
        .where(Task.batch == batch.id, Cell.reason.contains(PAGE_MISSING))
        .group_by(Task.source, Task.form, Task.file)
    )
    return [
        _files("missing-page", session.scalars(lost.order_by(Task.file)).all()),
        _of_papers(session, REJECTED, Paper.batch == batch.id, Paper.state == REJECTED),
        _of_arrivals(session, REFUSED, batch),
        _of_arrivals(session, COPY, batch),
    ]


def _of_papers(session: Session, kind: str, *wanted: ColumnElement[bool]) -> Named:
    return _files(kind, session.scalars(select(Paper.file).where(*wanted).order_by(Paper.file)).all())


def _of_arrivals(session: Session, kind: str, batch: Batch) -> Named:
    wanted = select(Arrival.file).where(Arrival.batch == batch.id, Arrival.what == kind)
    return _files(kind, session.scalars(wanted.order_by(Arrival.id)).all())


def _files(kind: str, files: Sequence[str]) -> Named:
    return Named(kind, len(files), tuple(files[:NAMED]))
