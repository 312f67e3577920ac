"""The store's tables. What the machine says may be read anew; what people say is only ever added to.

A figure is known by (source, form, place) everywhere. Amounts are plain decimals as text: "" is blank.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DDL, DateTime, ForeignKeyConstraint, Index, Text, event, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

KNOWN = "status = 'accepted' AND value <> ''"  # cells that nobody doubts, blank ones aside


class Base(DeclarativeBase):
    """All tables of the store."""


class Form(Base):
    """One form, or a whole file where `form` is 0."""

    __tablename__ = "forms"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    form: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    layout: Mapped[str] = mapped_column(Text)
    year: Mapped[str] = mapped_column(Text)
    bin: Mapped[str] = mapped_column(Text)
    iin: Mapped[str] = mapped_column(Text)
    region: Mapped[str] = mapped_column(Text)
    kato: Mapped[str] = mapped_column(Text)
    hours: Mapped[str] = mapped_column(Text)
    pages: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, index=True)
    reasons: Mapped[str] = mapped_column(Text)
    duplicate_of: Mapped[str] = mapped_column(Text)
    versions: Mapped[str] = mapped_column(Text)  # hash of layout, code, model and settings it was read with
    content: Mapped[str] = mapped_column(Text)  # hash of all its rows: equal means there is nothing to store anew
    figures: Mapped[str] = mapped_column(Text, server_default="")  # hash of its figures: what copies are told apart by


class Cell(Base):
    """A figure cell, country cell or field, as the machine reads it."""

    __tablename__ = "cells"
    __table_args__ = (
        ForeignKeyConstraint(["source", "form"], ["forms.source", "forms.form"]),
        Index("cells_status", "status"),
        Index("cells_known", "value", "source", sqlite_where=text(KNOWN), postgresql_where=text(KNOWN)),
    )

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    form: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Text, primary_key=True)  # s2/1.7/1, bin, countries/1.5
    position: Mapped[int]  # order within the form
    figure: Mapped[bool]  # a figure cell, not a field
    written: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]
    status: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    page: Mapped[int | None]
    x0: Mapped[float | None]
    y0: Mapped[float | None]
    x1: Mapped[float | None]
    y1: Mapped[float | None]
    unit: Mapped[str] = mapped_column(Text)
    alternatives: Mapped[str] = mapped_column(Text)  # values a person may choose from, best first, joined by ";"


class Link(Base):
    """Two cells of a form that are decided together: once one is known, the sums tell the other."""

    __tablename__ = "links"
    __table_args__ = (ForeignKeyConstraint(["source", "form"], ["forms.source", "forms.form"]),)

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    form: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    other: Mapped[str] = mapped_column(Text, primary_key=True)


class Finding(Base):
    """A rule or check that failed or could not be told, and is reason for a question."""

    __tablename__ = "findings"
    __table_args__ = (
        ForeignKeyConstraint(["source", "form"], ["forms.source", "forms.form"]),
        Index("findings_form", "source", "form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    form: Mapped[int]
    key: Mapped[str] = mapped_column(Text)  # what a person answers it by: rule@place
    places: Mapped[str] = mapped_column(Text)
    difference: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)  # id of the catalogue
    parameters: Mapped[str] = mapped_column(Text)  # JSON object


class Proposal(Base):
    """A value that what is known from elsewhere proposes for a field; it asks nothing by itself."""

    __tablename__ = "proposals"
    __table_args__ = (
        ForeignKeyConstraint(["source", "form"], ["forms.source", "forms.form"]),
        Index("proposals_form", "source", "form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    form: Mapped[int]
    place: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)  # what the value is called
    message: Mapped[str] = mapped_column(Text)  # why: id of the catalogue
    parameters: Mapped[str] = mapped_column(Text)  # JSON object


class Event(Base):
    """One thing said about one place: by the reader, by the controls or by a person. Never changed.

    Removed only where a later event says that all of its paper was forgotten.
    """

    __tablename__ = "events"
    __table_args__ = (Index("events_key", "source", "form", "place"), Index("events_act", "act", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    form: Mapped[int]
    place: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)  # review.answers.Act
    origin: Mapped[str] = mapped_column(Text)  # machine, operator, respondent
    value: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    versions: Mapped[str] = mapped_column(Text)  # of the machine's word; "" for people
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def only_added(table: type[Base], name: str, words: str, *, unless: str = "") -> None:
    """Let the database refuse whatever changes or removes a row of this table; `words` is what it says then.

    `unless`: a condition on the row OLD under which it may be removed, row by row and never all at once.
    """
    for dialect in ("sqlite", "postgresql"):
        for command in guards(name, words, dialect, unless=unless):
            ddl = DDL(command)  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it without types
            event.listen(table.__table__, "after_create", ddl.execute_if(dialect=dialect))


def guards(name: str, words: str, dialect: str, *, unless: str = "") -> list[str]:
    """The commands that make a table such; given again, they replace what an earlier version made."""
    if dialect == "sqlite":
        commands = []
        for act, when in (("update", ""), ("delete", f"WHEN NOT ({unless})" if unless else "")):
            refuse = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            commands += [
                f"DROP TRIGGER IF EXISTS {name}_no_{act}",
                f"CREATE TRIGGER {name}_no_{act} BEFORE {act.upper()} ON {name} {when} {refuse}",
            ]
        return commands
    refused = "UPDATE OR TRUNCATE" if unless else "UPDATE OR DELETE OR TRUNCATE"
    commands = [
        f"""CREATE OR REPLACE FUNCTION {name}_only_added() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION ''{words}''; END'""",
        f"DROP TRIGGER IF EXISTS {name}_only_added ON {name}",
        f"""CREATE TRIGGER {name}_only_added BEFORE {refused} ON {name}
        FOR EACH STATEMENT EXECUTE FUNCTION {name}_only_added()""",
    ]
    if not unless:
        return commands
    condition = unless.replace("'", "''")
    return [
        *commands,
        f"""CREATE OR REPLACE FUNCTION {name}_stays() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF {condition} THEN RETURN OLD; END IF; RAISE EXCEPTION ''{words}''; END'""",
        f"DROP TRIGGER IF EXISTS {name}_stays ON {name}",
        f"CREATE TRIGGER {name}_stays BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {name}_stays()",
    ]


EVENTS_STAY = "events are only ever added to"
FORGOTTEN = (  # an event goes only with a later one, of the same paper, that says so and never goes itself
    "OLD.act <> 'forgot' AND EXISTS (SELECT 1 FROM events AS told"
    " WHERE told.source = OLD.source AND told.act = 'forgot' AND told.id > OLD.id)"
)
only_added(Event, "events", EVENTS_STAY, unless=FORGOTTEN)
