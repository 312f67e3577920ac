"""Forms and notices that came in, and whose they are as things stand: by the machine's word, or by people's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session

from review.answers import FORM, Act, Answer
from review.schema import Event, Form
from review.told import answers_in
from review.work.schema import Paper, Reply, Task
from review.work.staff.people import Worker, visible
from validate.records import Status

FIELDS = ("bin", "iin", "year", "kato", "region")  # what tells whose a form is
WHOLE = 0  # the number of a file as a whole: a notice is one


@dataclass(frozen=True, slots=True)
class Handed:
    """A form or notice that came in."""

    source: str
    form: int
    file: str
    number: str  # BIN or IIN; "" where none can be told
    year: str
    kato: str
    region: str
    received: date | None
    figures: str  # hash of its figures

    @property
    def notice(self) -> bool:
        """Whether it says that there was no activity."""
        return self.form == WHOLE


def handed_in(session: Session, worker: Worker, year: str) -> Iterator[Handed]:
    """The forms of a year, those whose year nobody knows, and notices, as far as the worker sees them.

    Forms that a person left out of the count are left out here.
    """
    about = or_(Event.place.in_([*FIELDS, FORM]), Event.place.contains("@"))  # whose it is, and whether it counts
    said = answers_in(session, about)
    corrected = [key for key, told in said.items() if "year" in told]
    of_year = or_(Form.year.in_([year, ""]), tuple_(Form.source, Form.form).in_(corrected))
    for form, received in _came(session, worker, Form.form > WHOLE, of_year):
        told = said.get((form.source, form.form), {})
        handed = _handed(form, received, told)
        if handed.year in {year, ""} and not any(answer.act is Act.EXCLUDE for answer in told.values()):
            yield handed
    replies = {(reply.source, reply.form): reply for reply in session.scalars(select(Reply))}
    for form, received in _came(session, worker, Form.form == WHOLE, Form.status == Status.NOTICE.value):
        reply = replies.get((form.source, form.form))
        if reply is None or reply.year == year:
            number, of = (reply.number, reply.year) if reply else ("", "")
            yield Handed(form.source, form.form, form.file, number, of, "", "", received, "")


def years_of(session: Session, worker: Worker) -> list[str]:
    """The years that forms are of, the latest first."""
    wanted = select(Form.year).join(Task, (Task.source == Form.source) & (Task.form == Form.form))
    found = session.scalars(wanted.where(visible(worker, Task.department), Form.year != "").distinct())
    return sorted(found, reverse=True)


def _came(session: Session, worker: Worker, *wanted: ColumnElement[bool]) -> list[tuple[Form, date | None]]:
    rows = session.execute(
        select(Form, Paper.received)
        .join(Task, (Task.source == Form.source) & (Task.form == Form.form))
        .outerjoin(Paper, Paper.source == Form.source)
        .where(visible(worker, Task.department), *wanted)
        .order_by(Paper.received, Form.file, Form.form)
    )
    return [(form, received) for form, received in rows]


def _handed(form: Form, received: date | None, told: Mapping[str, Answer]) -> Handed:
    now = {field: getattr(form, field) for field in FIELDS}
    now |= {field: told[field].value for field in FIELDS if field in told and told[field].act is Act.ANSWER}
    number = now["bin"] or now["iin"]
    return Handed(
        form.source, form.form, form.file, number, now["year"], now["kato"], now["region"], received, form.figures
    )
