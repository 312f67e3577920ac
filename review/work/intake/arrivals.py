"""Files as they are handed in with a batch: taken in, told to be copies, or refused; all of them are remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from extract.intake import spelled
from extract.records import Source
from review.answers import now
from review.schema import Finding, Form
from review.work.audit import record
from review.work.intake.batches import BatchError, open_one, subject
from review.work.intake.papers import READING, REJECTED, WAITING, came_in, give, read_again
from review.work.intake.reckoning import COPY, PAPER, REFUSED
from review.work.schema import Arrival, Batch, Paper
from review.work.staff.people import Role, Worker
from validate.records import Status

COPY_HERE = "station.intake-copy"  # ids of the catalogue: why a copy is none of the papers
COPY_ELSEWHERE = "station.intake-copy-elsewhere"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as it was kept, or why it was not (`why`, an id of the catalogue)."""

    file: str
    size: int  # bytes
    source: Source | None = None
    why: str = ""
    new: bool = False  # nothing of these bytes was kept before


@dataclass(frozen=True, slots=True)
class Held:
    """What a batch holds already: files and bytes."""

    files: int
    size: int


@dataclass(frozen=True, slots=True)
class Came:
    """A file of a batch and how far it is."""

    file: str
    source: str
    size: int
    what: str  # paper, copy, refused
    why: str
    who: str
    at: datetime
    state: str  # of its reading; "" where it is no paper
    pages: int
    forms: int
    notice: bool
    findings: tuple[Finding, ...] = ()  # why it was rejected


def held_by(session: Session, batch: Batch) -> Held:
    """How much a batch holds; refused files take no room."""
    wanted = select(func.count(), func.coalesce(func.sum(Arrival.size), 0))
    files, size = session.execute(wanted.where(Arrival.batch == batch.id, Arrival.what == PAPER)).one()
    return Held(int(files), int(size))


def hand_in(session: Session, worker: Worker, number: int, given: HandedIn) -> Arrival:
    """Note a file that came with a batch: a new paper to read, bytes that are here already, or none that is taken."""
    batch = open_one(session, worker, number)
    source = given.source
    arrival = _arrival(batch, given.file, source.sha256 if source else "", given.size, worker.login)
    arrival.what, arrival.why = (PAPER, "") if source else (REFUSED, given.why)
    if source is not None:
        paper = session.get(Paper, source.sha256, with_for_update=True)
        if paper is None:
            came_in(session, source, batch=batch, state=WAITING, who=worker.login)
        else:
            _met_again(session, batch, paper, source, arrival)
    session.add(arrival)
    session.flush()
    record(session, worker.login, "paper-handed-in", subject(batch), {"source": arrival.source, "what": arrival.what})
    return arrival


def try_again(session: Session, worker: Worker, number: int) -> int:
    """Rejected papers of a batch are read once more; how many."""
    batch = open_one(session, worker, number)
    count = read_again(session, batch)
    record(session, worker.login, "papers-again", subject(batch), {"papers": count})
    return count


def give_unassigned(session: Session, worker: Worker, number: int, beginning: str) -> int:
    """Papers that no department has and whose names begin so are this batch's from now on; how many.

    Only a supervisor who sees everything may do that: BatchError otherwise, or if there is no such paper.
    """
    batch = open_one(session, worker, number)
    if not (worker.everywhere and worker.role is Role.SUPERVISOR):
        raise BatchError("error.batch-supervisor")
    wanted = select(Paper).where(Paper.department.is_(None), Paper.file.startswith(beginning, autoescape=True))
    papers = session.scalars(wanted.order_by(Paper.file)).all()
    if not papers:
        raise BatchError("error.batch-no-papers", beginning=beginning)
    for paper in papers:
        give(session, paper, batch)
        came_with(session, batch, paper, worker.login)
    record(session, worker.login, "papers-assigned", subject(batch), {"beginning": beginning, "papers": len(papers)})
    return len(papers)


def unassigned(session: Session) -> int:
    """How many papers no department has."""
    return int(session.scalar(select(func.count()).select_from(Paper).where(Paper.department.is_(None))) or 0)


def came_with(session: Session, batch: Batch, paper: Paper, who: str = "") -> None:
    """Note once that a paper which was read elsewhere came with a batch."""
    known = select(Arrival.id).where(Arrival.batch == batch.id, Arrival.source == paper.source).limit(1)
    if session.scalar(known) is None:
        session.add(_arrival(batch, paper.file, paper.source, 0, who))
        session.flush()


def came(session: Session, batch: Batch, start: int, most: int) -> list[Came]:
    """The files of a batch: what went wrong first, then what is being read, then the rest, the latest first."""
    urgency = case(
        (Arrival.what == REFUSED, 0), (Paper.state == REJECTED, 0), (Arrival.what == COPY, 1),
        (Paper.state == READING, 2), (Paper.state == WAITING, 3), else_=4,
    )  # fmt: skip
    wanted = select(Arrival, Paper).outerjoin(Paper, (Paper.source == Arrival.source) & (Arrival.what == PAPER))
    rows = session.execute(
        wanted.where(Arrival.batch == batch.id).order_by(urgency, Arrival.id.desc()).offset(start).limit(most)
    ).all()
    sources = [paper.source for _, paper in rows if paper is not None]
    forms = _forms(session, sources)
    why = _why(session, sources)
    return [_came(arrival, paper, forms, why) for arrival, paper in rows]


def _came(arrival: Arrival, paper: Paper | None, forms: dict[str, list[str]], why: dict[str, list[Finding]]) -> Came:
    statuses = forms.get(arrival.source, []) if paper else []
    return Came(
        arrival.file, arrival.source, arrival.size, arrival.what, arrival.why, arrival.who, arrival.at,
        state=paper.state if paper else "",
        pages=paper.pages if paper else 0,
        forms=sum(status in {Status.ACCEPTED.value, Status.REVIEW.value} for status in statuses),
        notice=Status.NOTICE.value in statuses,
        findings=tuple(why.get(arrival.source, ())) if paper else (),
    )  # fmt: skip


def _forms(session: Session, sources: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, status in session.execute(select(Form.source, Form.status).where(Form.source.in_(sources))):
        found.setdefault(source, []).append(status)
    return found


def _why(session: Session, sources: list[str]) -> dict[str, list[Finding]]:
    """Why papers were rejected: the findings of form 0."""
    found: dict[str, list[Finding]] = {}
    for finding in session.scalars(select(Finding).where(Finding.form == 0, Finding.source.in_(sources))):
        found.setdefault(finding.source, []).append(finding)
    return found


def _met_again(session: Session, batch: Batch, paper: Paper, source: Source, arrival: Arrival) -> None:
    """Bytes that are known: a paper no department has is taken in, one whose file is lost lies here now."""
    if paper.department is None:
        give(session, paper, batch)
    else:
        arrival.what = COPY
        arrival.why = COPY_HERE if paper.department == batch.department else COPY_ELSEWHERE
    if not Path(paper.path).exists():
        paper.path = spelled(str(source.path.absolute()))


def _arrival(batch: Batch, file: str, source: str, size: int, who: str) -> Arrival:
    return Arrival(batch=batch.id, file=file, source=source, size=size, what=PAPER, why="", who=who, at=now())
