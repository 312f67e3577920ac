"""A paper's part → the store, form by form, each held against what the store has already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from extract.records import Source
from qagaz.parts import Parts
from qagaz.submissions import judge
from review.keep import Filed
from review.rows import FormRow, FormRows
from review.schema import Finding, Form
from review.store import WHOLE, Store, forget_form, put_form
from review.work.intake.papers import READ, REJECTED, was_read
from review.work.schema import Head, Paper, Task
from validate.records import Status
from validate.submissions import Likeness

LIKENESS = [f"finding.{likeness}" for likeness in Likeness]  # messages that name another paper


def file_paper(store: Store, parts: Parts, source: Source, versions: str, pages: int) -> None:
    """Put every form of a paper that was read into the store; people may work on one while the next comes.

    `pages` is how many the paper has; 0 where that is not known. Once more does no harm.
    """
    filed = Filed(source.sha256, source.file, versions)
    statuses = {}
    for rows in parts.forms(source):
        with store.database.writing() as session:
            put_form(session, store.layouts, filed, _judged(session, source, rows))
        statuses[rows.form.form] = rows.form.status
    rejected = statuses.get(WHOLE) == Status.REJECTED.value
    with store.database.writing() as session:
        if WHOLE not in statuses:  # it was rejected once
            forget_form(session, (source.sha256, WHOLE))
        was_read(session, source.sha256, REJECTED if rejected else READ, pages or parts.pages(source))


def _judged(session: Session, source: Source, rows: FormRows) -> FormRows:
    """The form with what others of its department say about it: a copy or a revision of one of them."""
    own = rows.form
    if not own.form or not own.year or not (own.bin or own.iin):
        return rows
    session.get(Head, 1, with_for_update=True)  # one form at a time, whoever reads: of two alike one comes first
    others = [(Source(form.source, form.file, Path()), _row(form)) for form in _alike(session, source, own)]
    return judge([*others, (source, own)]).applied(source, rows)


def _alike(session: Session, source: Source, own: FormRow) -> Iterator[Form]:
    """Forms of the same respondent and year that came before; those that are told to be like this one did not."""
    number = own.bin or own.iin
    paper = session.get(Paper, source.sha256)
    department = paper.department if paper else None
    wanted = (
        select(Form)
        .join(Task, (Task.source == Form.source) & (Task.form == Form.form))
        .where(
            Form.form > WHOLE,
            Form.year == own.year,
            or_(Form.bin == number, Form.iin == number),
            or_(Task.department.is_(None), Task.department == department),
            or_(Form.source != source.sha256, Form.form < own.form),
        )
        .order_by(Task.since, Form.file, Form.form)
    )
    for form in session.scalars(wanted).all():
        if form.source == source.sha256 or not _names(session, form, source.sha256):
            yield form


def _names(session: Session, form: Form, other: str) -> bool:
    """Whether it is on record as a copy or revision of that paper."""
    of_form = (Finding.source == form.source, Finding.form == form.form, Finding.message.in_(LIKENESS))
    told = session.scalars(select(Finding.parameters).where(*of_form))
    return any(json.loads(parameters).get("source") == other for parameters in told)


def _row(form: Form) -> FormRow:
    return FormRow(*(getattr(form, name) for name in FormRow._fields))
