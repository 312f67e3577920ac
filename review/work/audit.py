"""The record of everything that is done: each entry is chained to the one before by its hash.

An entry tells who did what to which form, account or batch, and holds a salted digest of what was said: it proves what
the other tables hold without telling it. Whoever changes or removes an entry, or an answer, breaks the chain; whoever
cuts off its end is found out by an earlier end (`qagaz audit verify --head`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import event as happening
from sqlalchemy import select
from sqlalchemy.orm import Session

from review.answers import Act, now, stamp
from review.schema import Event
from review.work.schema import BEGIN, Head, Record, first_head

NOTED = "audit"  # under which a session keeps what is to be recorded
EVENT = "event"  # how the subject of an answer's entry begins; the number of the event follows


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


def verify(session: Session, head: str = "") -> Iterator[Broken]:
    """Everything that does not fit: entries changed, missing, or cut off; answers changed, missing, or not on record.

    `head` is a link noted earlier: it must still be in the chain.
    """
    end = session.get(Head, 1)
    salt = end.salt if end else b""
    last, number, seen = BEGIN, 0, not head
    proved: dict[int, str] = {}
    for entry in session.scalars(select(Record).order_by(Record.id)):
        number += 1
        told = (number, entry.at, entry.who, entry.act, entry.subject, entry.digest)
        if entry.id != number or entry.link != _link(last, *told):
            yield Broken("audit.entry", entry.id)
            number = entry.id
        last = entry.link
        seen = seen or last == head
        if entry.subject.startswith(f"{EVENT} "):
            proved[int(entry.subject.split()[1])] = entry.digest
    if end and (end.count, end.link) != (number, last):
        yield Broken("audit.end", end.count)
    if not seen:
        yield Broken("audit.head", number)
    yield from _unproved(session, salt, proved)


def _unproved(session: Session, salt: bytes, proved: dict[int, str]) -> Iterator[Broken]:
    for event in session.scalars(select(Event).where(Event.act != Act.READ.value).order_by(Event.id)):
        digest = proved.pop(event.id, None)
        if digest is None:
            yield Broken("audit.unrecorded", event.id)
        elif digest != _digest(salt, _told(event)):
            yield Broken("audit.answer", event.id)
    yield from (Broken("audit.missing", number) for number in proved)


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
    return f"{EVENT} {event.id} {event.source[:12]}/{event.form} {event.place}"


def _told(event: Event) -> dict[str, object]:
    told = {name: getattr(event, name) for name in ("source", "form", "place", "act", "origin", "value", "note", "who")}
    return told | {"at": stamp(event.at)}


def _digest(salt: bytes, told: Mapping[str, object]) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return hmac.new(salt, text.encode("utf-8", "backslashreplace"), hashlib.sha256).hexdigest()


def _link(last: str, number: int, at: datetime, *told: str) -> str:
    text = json.dumps([last, number, stamp(at), *told], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
