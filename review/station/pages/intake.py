"""Intake: batches are opened and counted, files handed in and watched while they are read, and all is reconciled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from layouts.errors import QagazError
from layouts.words import Language
from review.schema import Finding
from review.station.ask import Ask
from review.station.shown import show
from review.station.uploads import Sent, Uploads
from review.station.words import HERE, worded
from review.work.intake.arrivals import HandedIn, came, give_unassigned, hand_in, held_by, try_again, unassigned
from review.work.intake.batches import (
    MOST_COUNTED,
    BatchError,
    NewBatch,
    batches,
    close,
    count_again,
    offices,
    open_again,
    open_batch,
    open_one,
    seen_batch,
)
from review.work.intake.pace import pace
from review.work.intake.reckoning import reckon
from review.work.schema import Arrival, Batch, Department, Paper
from review.work.staff.people import Role

LINES = 50  # batches a page
FILES = 100  # files of a batch a page
FOLDER = "uploads"  # of the results


def show_batches(ask: Ask) -> Response:
    """The batches a person sees, and the form that opens a new one."""
    start = LINES * max(0, ask.number("page", 1) - 1)
    with ask.desk.store.database.reading() as session:
        found = batches(session, ask.person, start, LINES)
        told = [(batch, office, reckon(session, batch)) for batch, office in found]
        mine = [office.name for office in offices(session, ask.person)]
        lost = unassigned(session) if ask.person.everywhere else 0
        return show(
            ask, "intake.html", batches=told, offices=mine, unassigned=lost, start=start, lines=LINES, today=_today()
        )


def open_now(ask: Ask) -> Response:
    """Open a batch and go there."""
    papers, pages = _count(ask, "papers"), _count(ask, "pages")
    wanted = NewBatch(
        ask.text("department"), ask.text("name"), _day(ask.text("received")), papers, pages, ask.text("note")
    )
    with ask.desk.store.database.writing() as session:
        number = open_batch(session, ask.person, wanted).id
    return _to(number)


def show_batch(ask: Ask) -> Response:
    """One batch: what is handed in, how far it is, and whether it agrees."""
    with ask.desk.store.database.reading() as session:
        batch = seen_batch(session, ask.person, ask.path["batch"])
        office = session.get_one(Department, batch.department).name
        may_assign = ask.person.everywhere and ask.person.role is Role.SUPERVISOR
        lost = unassigned(session) if may_assign else 0
        now = _state(ask, session, batch)
        return show(ask, "batch.html", batch=batch, office=office, unassigned=lost, limit=ask.desk.largest, **now)


def show_papers(ask: Ask) -> Response:
    """The part of it that changes while papers are read."""
    with ask.desk.store.database.reading() as session:
        batch = seen_batch(session, ask.person, ask.path["batch"])
        return show(ask, "batch_papers.html", batch=batch, **_state(ask, session, batch))


def take_in(ask: Ask) -> Response:
    """Keep the files sent; what became of each is told."""
    number = ask.path["batch"]
    try:
        arrivals = list(_taken(ask, number))
    except QagazError as error:
        if not ask.fragment:
            raise
        return JSONResponse({"trouble": worded(error.message_id, ask.language, **error.parameters)}, 409)
    finally:
        ask.desk.intake.arrived()
    if not ask.fragment:
        return _to(number)
    told = [
        {"file": arrival.file, "what": arrival.what, "why": worded(arrival.why, ask.language) if arrival.why else ""}
        for arrival in arrivals
    ]
    return JSONResponse({"files": told})


def count_now(ask: Ask) -> Response:
    """Other counts."""
    number = ask.path["batch"]
    with ask.desk.store.database.writing() as session:
        count_again(session, ask.person, number, _count(ask, "papers"), _count(ask, "pages"), ask.text("note"))
    return _to(number)


def close_now(ask: Ask) -> Response:
    """Counted and read agree, or a supervisor says why not."""
    with ask.desk.store.database.writing() as session:
        close(session, ask.person, ask.path["batch"], ask.text("why"))
    return _to(ask.path["batch"])


def open_again_now(ask: Ask) -> Response:
    """A closed batch is open once more."""
    with ask.desk.store.database.writing() as session:
        open_again(session, ask.person, ask.path["batch"])
    return _to(ask.path["batch"])


def read_again_now(ask: Ask) -> Response:
    """Rejected papers are tried again."""
    with ask.desk.store.database.writing() as session:
        try_again(session, ask.person, ask.path["batch"])
    ask.desk.intake.arrived()
    return _to(ask.path["batch"])


def assign_now(ask: Ask) -> Response:
    """Papers that no department has are this batch's."""
    with ask.desk.store.database.writing() as session:
        give_unassigned(session, ask.person, ask.path["batch"], ask.text("beginning"))
    return _to(ask.path["batch"])


def _taken(ask: Ask, number: int) -> Iterator[Arrival]:
    """Each file kept first, then noted in a moment: nobody waits for the database meanwhile."""
    with ask.desk.store.database.reading() as session:
        batch = open_one(session, ask.person, number)
        held = held_by(session, batch)
    uploads = Uploads(ask.desk.folder / FOLDER, number, ask.desk.largest)
    sent = [Sent(file.filename or "", file.file) for file in ask.files("papers") if file.filename]
    if not sent:
        raise BatchError("error.upload-nothing")
    papers = [sent] if ask.text("pages") else [[each] for each in sent]
    files, size = held.files, held.size
    for paper in papers:
        files += 1
        if files > ask.desk.most_files or size > ask.desk.most_bytes:
            raise BatchError("error.upload-batch-full", files=ask.desk.most_files)
        kept = uploads.keep_pages(paper) if ask.text("pages") else uploads.keep(paper[0])
        size += kept.size
        yield _noted(ask, number, uploads, kept)


def _noted(ask: Ask, number: int, uploads: Uploads, kept: HandedIn) -> Arrival:
    """Note a file that was kept; nothing of it stays on the disk if it is no new paper, or could not be noted."""
    source, needed = kept.source, False
    try:
        with ask.desk.store.database.writing() as session:
            arrival = hand_in(session, ask.person, number, kept)
            paper = session.get(Paper, arrival.source)
            needed = source is not None and paper is not None and paper.path == str(source.path.absolute())
            session.expunge(arrival)
            return arrival
    except QagazError:
        needed = False
        raise
    finally:
        if kept.new and not needed and source is not None:
            uploads.drop(source)


def _state(ask: Ask, session: Session, batch: Batch) -> dict[str, Any]:
    """What of a batch changes from one moment to the next."""
    start = FILES * max(0, ask.number("page", 1) - 1)
    reckoned = reckon(session, batch)
    files = came(session, batch, start, FILES)
    return {
        "told": reckoned,
        "pace": pace(session, reckoned.unread) if reckoned.unread else None,
        "files": files,
        "reasons": {file.source: [_reason(finding, ask.language) for finding in file.findings] for file in files},
        "start": start,
        "lines": FILES,
        "trouble": ask.desk.intake.trouble,
    }


def _reason(finding: Finding, language: Language) -> str:
    """Why a paper was rejected, in words."""
    return worded(finding.message, language, **json.loads(finding.parameters))


def _to(number: int) -> Response:
    return RedirectResponse(f"/intake/{number}", 303)


def _today() -> date:
    return datetime.now(tz=HERE).date()


def _count(ask: Ask, name: str) -> int:
    """A number counted by hand; "" is 0: not counted."""
    text = "".join(ask.text(name).split())
    if text and not (text.isascii() and text.isdecimal() and len(text) < len(str(MOST_COUNTED)) + 1):
        raise BatchError("error.batch-count", most=MOST_COUNTED)
    return int(text or 0)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BatchError("error.batch-day") from error
