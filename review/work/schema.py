"""Tables of the work: people, what came in, who works on what, and the record of it all.

Times are UTC. Personal names and numbers stand in no table of the record (`audit`): it names people by their log-in and
forms by the hash of their paper.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    event,
    false,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column

from review.schema import Base, only_added

BEGIN = "0" * 64  # what the first entry of the record is chained to
SALT_BYTES = 32


class Department(Base):
    """A department that receives forms."""

    __tablename__ = "departments"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)


class Person(Base):
    """An account. `everywhere`: sees what all departments received, and what none did."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(Text, unique=True)  # lower case
    name: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)  # argon2id, with its parameters and salt
    role: Mapped[str] = mapped_column(Text)  # operator, supervisor, auditor
    everywhere: Mapped[bool]
    language: Mapped[str] = mapped_column(Text)  # kk, ru, en
    active: Mapped[bool]
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Membership(Base):
    """A person works for a department."""

    __tablename__ = "memberships"

    person: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    department: Mapped[int] = mapped_column(ForeignKey("departments.id"), primary_key=True)


class Visit(Base):
    """A log-in that lasts. The browser holds the key; here is only its hash."""

    __tablename__ = "visits"

    key: Mapped[str] = mapped_column(Text, primary_key=True)  # SHA-256 of the cookie's value
    person: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    form_key: Mapped[str] = mapped_column(Text)  # what every form sent must carry (CSRF)
    begun: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Attempt(Base):
    """A log-in that failed; too many of them make the next ones wait."""

    __tablename__ = "attempts"
    __table_args__ = (Index("attempts_login", "login", "at"), Index("attempts_address", "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    refused: Mapped[bool] = mapped_column(server_default=false())  # not tried at all: it counts for nothing


class Batch(Base):
    """Papers that came in together, counted by whoever took them in: forms and pages as they lie on the table."""

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    department: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    received: Mapped[date] = mapped_column(Date)
    papers: Mapped[int]  # files or paper forms counted at intake
    pages: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed: Mapped[bool]  # reconciled: counted and read agree, or a supervisor said why not
    closed_by: Mapped[str] = mapped_column(Text, server_default="")
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_note: Mapped[str] = mapped_column(Text, server_default="")  # why it was closed although they differ


class Arrival(Base):
    """A file that was handed in with a batch, whatever became of it."""

    __tablename__ = "arrivals"
    __table_args__ = (Index("arrivals_batch", "batch", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    file: Mapped[str] = mapped_column(Text)  # its name, made harmless
    source: Mapped[str] = mapped_column(Text, index=True)  # SHA-256; "" where it was refused
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    what: Mapped[str] = mapped_column(Text)  # paper, copy (of bytes that are here already), refused
    why: Mapped[str] = mapped_column(Text)  # id of the catalogue; "" where it was taken in
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Paper(Base):
    """A file that came in: where it lies, whose it is, how far its reading is."""

    __tablename__ = "papers"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)  # where it was last seen; it may have been moved
    department: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    batch: Mapped[int | None] = mapped_column(ForeignKey("batches.id"), index=True)
    state: Mapped[str] = mapped_column(Text, index=True)  # waiting, reading, read, rejected
    pages: Mapped[int]  # 0: not known yet
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received: Mapped[date] = mapped_column(Date)
    reader: Mapped[str] = mapped_column(Text, server_default="")  # the station that reads it
    reader_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # if it is not heard of before
    begun: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # its reading
    ended: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Task(Base):
    """What is to be done about a form, kept up to date with every answer: the queue is read from here alone.

    `state`: open (questions wait) | asking (the respondent is being asked) | second (another person keys it once more,
    blind) | dispute (two people differ) | done (settled) | clear (nothing was ever asked).
    """

    __tablename__ = "tasks"
    __table_args__ = (Index("tasks_order", "state", "later", "open", "file", "form"),)

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    form: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    department: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    batch: Mapped[int | None] = mapped_column(ForeignKey("batches.id"), index=True)
    state: Mapped[str] = mapped_column(Text)
    later: Mapped[bool]  # no question that comes before others' (unit, outside knowledge)
    open: Mapped[int]  # questions
    needed: Mapped[int]  # of them, those its figures wait for
    asked: Mapped[int]  # questions when it came in: what was settled is asked − open
    causes: Mapped[str] = mapped_column(Text)  # of its findings that ask, joined by ";"
    reasons: Mapped[str] = mapped_column(Text)  # why cells are asked about, joined by ";"
    inked: Mapped[int] = mapped_column(server_default="0")  # figure cells in which something is written
    sure: Mapped[int] = mapped_column(server_default="0")  # of them, those accepted as read
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))  # it came in
    holder: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # who works on it
    held_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    held_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seconds: Mapped[int]  # people spent on it, breaks left out
    first: Mapped[str] = mapped_column(Text)  # log-in of who settled it
    settled: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    again: Mapped[bool]  # drawn for second keying
    second: Mapped[str] = mapped_column(Text)  # log-in of who keyed it once more


class Doubt(Base):
    """A figure of a waiting form whose reading alone is in doubt.

    Kept with the form's task, so that figures read alike are found without opening forms.
    """

    __tablename__ = "task_doubts"
    # All that groups are counted by: the rows themselves need not be read.
    __table_args__ = (
        Index("task_doubts_alike", "proposed", "source", "form", "place", "struck", "shown_to", "shown_until"),
    )

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    form: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    proposed: Mapped[str] = mapped_column(Text)  # plain decimal, "" blank, "-" a dash
    struck: Mapped[bool]  # somebody saw that something else stands there: it is asked on its form's page alone
    shown_to: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # in a collage handed out
    shown_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Setting(Base):
    """What a supervisor set for the house."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Delivery(Base):
    """A set of answers that arrived: sent again, it is not kept twice."""

    __tablename__ = "deliveries"

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Watched(Base):
    """A crop whose figure is known, shown among others, in a collage or among noughts: was it seen not to belong?"""

    __tablename__ = "watched"

    id: Mapped[int] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(Text, index=True)
    source: Mapped[str] = mapped_column(Text)
    form: Mapped[int]
    place: Mapped[str] = mapped_column(Text)
    belongs: Mapped[bool]  # it is what the collage says
    struck: Mapped[bool]  # the person struck it out, or typed something else
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Collage(Base):
    """A collage handed out: what was shown is what an answer to it is about."""

    __tablename__ = "collages"

    id: Mapped[str] = mapped_column(Text, primary_key=True)  # unguessable
    person: Mapped[int] = mapped_column(ForeignKey("people.id"))
    value: Mapped[str] = mapped_column(Text)  # what all of them were read as
    crops: Mapped[str] = mapped_column(Text)  # JSON: [source, form, place, hash of its reading, known value or null]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Look(Base):
    """Noughts of a form handed out to be accepted side by side, and the card that is planted among them."""

    __tablename__ = "looks"
    __table_args__ = (Index("looks_form", "source", "form"), Index("looks_person", "person", "state"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)  # unguessable
    person: Mapped[int] = mapped_column(ForeignKey("people.id"))
    source: Mapped[str] = mapped_column(Text)
    form: Mapped[int]
    places: Mapped[str] = mapped_column(Text)  # JSON: of its cards in order, the planted one's among them
    planted: Mapped[str] = mapped_column(Text)  # JSON object; "" where none is
    state: Mapped[str] = mapped_column(Text)  # open, seen (answered), missed (planted one left), apart (asked singly)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Respondent(Base):
    """A respondent that owes a form, by the list a department was given."""

    __tablename__ = "respondents"
    __table_args__ = (Index("respondents_number", "year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[str] = mapped_column(Text)  # reporting year
    number: Mapped[str] = mapped_column(Text)  # BIN or IIN
    name: Mapped[str] = mapped_column(Text)
    kato: Mapped[str] = mapped_column(Text)  # "" where one form for all places is owed
    phone: Mapped[str] = mapped_column(Text)
    department: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)


class Reply(Base):
    """A paper that names no respondent, a notice of no activity, is told by a person to be this one's."""

    __tablename__ = "replies"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    form: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Record(Base):
    """One thing done, chained to the one before: changed or removed, the chain no longer fits."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)  # 1, 2, … without gaps
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    who: Mapped[str] = mapped_column(Text)  # log-in; "" for the program
    act: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)  # form, account, batch
    digest: Mapped[str] = mapped_column(Text)  # SHA-256 of what was said, salted: it proves and does not tell
    link: Mapped[str] = mapped_column(Text)  # SHA-256 over this record and the link before


class Head(Base):
    """The end of the chain; locked while something is added."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    count: Mapped[int]
    link: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary)


def first_head() -> dict[str, object]:
    """The end of a chain that nothing is on yet."""
    return {"id": 1, "count": 0, "link": BEGIN, "salt": secrets.token_bytes(SALT_BYTES)}


@event.listens_for(Head.__table__, "after_create")
def _begin_chain(table: Table, connection: Connection, **_how: object) -> None:
    """There from the start: two that add the first entry at once would each make an end of their own."""
    connection.execute(table.insert().values(**first_head()))


only_added(Record, "audit", "the audit log is only ever added to")
