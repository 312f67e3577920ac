"""The record of everything that is done: each entry is chained to the one before by its hash.

An entry tells who did what to which form, account or batch, and holds a salted digest of what was said: it proves what
the other tables hold without telling it. Whoever changes or removes an entry, or an answer, breaks the chain; whoever
cuts off its end is found out by an earlier end (`qagaz audit verify --head`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import event as happening
from sqlalchemy.orm import Session

from review.answers import Act, now, stamp
from review.schema import Event
from review.work.schema import BEGIN, Head, Record, first_head

NOTED = "audit"  # under which a session keeps what is to be recorded
PAGE = 1000  # entries checked at a time
BLOCK = 4096  # events whose proofs are kept in one number
FIRST = -(1 << 31)  # whoever puts entries in may number them as they like
MOST_DIGITS = 18  # of an event's number: it fits the databases' integers
SHORT = 12  # digits of a paper's hash in the record
EVENT = "event"  # how the subject of an answer's entry begins; the number of the event follows


@dataclass(frozen=True, slots=True)
class End:
    """Where the log ends: whoever notes it down can prove later that nothing before it was changed."""

    count: int
    link: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Something the chain does not fit: `what` is an id of the catalogue."""

    what: str
    number: int  # of the entry, or of the event


@dataclass(frozen=True, slots=True)
class Noted:
    """What an entry is to say."""

    who: str
    act: str
    subject: str
    told: Mapping[str, object]
    at: datetime  # when it was done; it is kept a little later


def record(session: Session, who: str, act: str, subject: str, told: Mapping[str, object] | None = None) -> None:
    """Add one entry when the transaction is kept; with it, or not at all.

    Entries are chained last of all. So nobody waits for the end of the chain but while another commits, and whoever
    has it holds everything else already: two that wait for each other cannot come about by it.
    """
    session.info.setdefault(NOTED, []).append(Noted(who, act, subject, dict(told or {}), now()))


def record_event(session: Session, event: Event) -> None:
    """The entry of something said about a form; it must have its number already."""
    record(session, event.who, event.act, _subject(event), _told(event))


def secret(session: Session) -> bytes:
    """What nobody outside the database knows and never changes."""
    head = session.get(Head, 1)
    return head.salt if head else b""


def in_turn(session: Session) -> None:
    """Wait until nobody else changes anything that goes on record; others wait until this transaction is over."""
    _locked(session)


def end_of(session: Session) -> End:
    """The end of the log as it is now."""
    head = session.get(Head, 1)
    return End(head.count, head.link) if head else End(0, BEGIN)


def verify(session: Session, head: str = "") -> Iterator[Broken]:
    """Everything that does not fit: entries changed, missing, or cut off; answers changed, missing, or not on record.

    `head` is a link noted earlier: it must still be in the chain. The session is one that reads, and so sees the log as
    it is at one moment. It may be long: a thousand entries at a time, and one bit an answer, are kept of it.
    """
    end = session.get(Head, 1)
    salt = end.salt if end else b""
    walk, forgotten = _Walk(head), _forgotten(session)
    for entries in _pages(session, Record):
        yield from walk.over(entries)
        yield from _disproved(session, salt, walk, entries, forgotten)
    if (end.count, end.link) != (walk.number, walk.last) if end else walk.number:
        yield Broken("audit.end", end.count) if end else Broken("audit.no-end", walk.number)
    if not walk.seen:
        yield Broken("audit.head", walk.number)
    yield from _unrecorded(session, walk)


class _Walk:
    """How far a check of the chain is."""

    def __init__(self, head: str) -> None:
        self.last, self.number = BEGIN, 0
        self.seen = head in {"", BEGIN}
        self._head = head
        self._proved: dict[int, int] = {}  # block of numbers to a bit for each event in it

    def over(self, entries: Sequence[Record]) -> Iterator[Broken]:
        for entry in entries:
            self.number += 1
            told = (self.number, entry.at, entry.who, entry.act, entry.subject, entry.digest)
            if entry.id != self.number or entry.link != _link(self.last, *told):
                yield Broken("audit.entry", entry.id)
                self.number = entry.id
            self.last = entry.link
            self.seen = self.seen or self.last == self._head

    def prove(self, number: int) -> None:
        block, bit = divmod(number, BLOCK)
        self._proved[block] = self._proved.get(block, 0) | 1 << bit

    def has_proof(self, number: int) -> bool:
        block, bit = divmod(number, BLOCK)
        return bool(self._proved.get(block, 0) >> bit & 1)


Row = TypeVar("Row", Record, Event)


def _pages(session: Session, table: type[Row], *conditions: ColumnElement[bool]) -> Iterator[Sequence[Row]]:
    """All rows in order, a thousand at a time; those before are forgotten."""
    last = FIRST
    while rows := session.scalars(
        select(table).where(table.id >= last, *conditions).order_by(table.id).limit(PAGE)
    ).all():
        yield rows
        last = rows[-1].id + 1
        session.expunge_all()


def _disproved(
    session: Session, salt: bytes, walk: _Walk, entries: Sequence[Record], forgotten: Mapping[str, int]
) -> Iterator[Broken]:
    """Answers that these entries tell of and that are no longer, or not as they were.

    `forgotten`: how the hash of a paper begins → the number of the event that says that all before it was taken out.
    """
    papers = {event_number(entry.subject): entry.subject.split(" ")[2:3] for entry in entries}
    digests = {number: entry.digest for entry in entries if (number := event_number(entry.subject))}
    events = {event.id: event for event in session.scalars(select(Event).where(Event.id.in_(digests)))}
    for number, digest in digests.items():
        if number not in events:
            paper = "".join(papers[number]).partition("/")[0]
            if number >= forgotten.get(paper, 0):
                yield Broken("audit.missing", number)
            continue
        walk.prove(number)
        if digest != _digest(salt, _told(events[number])):
            yield Broken("audit.answer", number)


def _forgotten(session: Session) -> dict[str, int]:
    """That such an event is on record itself is checked like that of any other."""
    told = select(Event.source, func.max(Event.id)).where(Event.act == Act.FORGOT.value).group_by(Event.source)
    return {source[:SHORT]: int(number) for source, number in session.execute(told)}


def _unrecorded(session: Session, walk: _Walk) -> Iterator[Broken]:
    for events in _pages(session, Event, Event.act != Act.READ.value):
        yield from (Broken("audit.unrecorded", event.id) for event in events if not walk.has_proof(event.id))


def event_number(subject: str) -> int:
    """The number of the answer that an entry's subject names; 0 if it names none.

    >>> event_number("event 12 0123456789ab/1 s2/1/1"), event_number("asel"), event_number("event twelve")
    (12, 0, 0)
    """
    kind, _, rest = subject.partition(" ")
    number = rest.partition(" ")[0]
    return int(number) if kind == EVENT and number.isdecimal() and len(number) < MOST_DIGITS else 0


@happening.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    """Entries of the transaction, one after the other, behind the end of the chain."""
    if not session.info.get(NOTED) or session.in_nested_transaction():
        return
    session.flush()  # whatever may have to wait for others does so before the end of the chain is taken
    head = _locked(session)
    for noted in session.info.pop(NOTED):
        at, number = noted.at, head.count + 1
        told = (noted.who, noted.act, noted.subject, _digest(head.salt, noted.told))
        link = _link(head.link, number, at, *told)
        who, act, subject, digest = told
        session.add(Record(id=number, at=at, who=who, act=act, subject=subject, digest=digest, link=link))
        head.count, head.link = number, link


@happening.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(NOTED, None)


def _locked(session: Session) -> Head:
    """The end of the chain; whoever else adds waits until this transaction is over."""
    head = session.get(Head, 1, with_for_update=True, populate_existing=True)
    if head is None:
        head = Head(**first_head())
        session.add(head)
        session.flush()
    return head


def _subject(event: Event) -> str:
    return f"{EVENT} {event.id} {event.source[:SHORT]}/{event.form} {event.place}"


def _told(event: Event) -> dict[str, object]:
    told = {name: getattr(event, name) for name in ("source", "form", "place", "act", "origin", "value", "note", "who")}
    return told | {"at": stamp(event.at)}


def _digest(salt: bytes, told: Mapping[str, object]) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return hmac.new(salt, text.encode("utf-8", "backslashreplace"), hashlib.sha256).hexdigest()


def _link(last: str, number: int, at: datetime, *told: str) -> str:
    text = json.dumps([last, number, stamp(at), *told], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
